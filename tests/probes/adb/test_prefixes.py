"""What quotes, greps, loggers, terminals and JSON put around a text changes no fact of it; at worst it hides one."""

import html
import json
import re

import adb_samples as samples
import pytest
from adb_grammars import GRAMMARS

from harness.errors import ParseError
from harness.probes.adb import read
from harness.probes.adb.language.prefixes import unprefixed

PREFIXES = {
    "mail": lambda n, line: f"> {line}",
    "mail, twice": lambda n, line: f">> {line}",
    "mail, bare": lambda n, line: f">{line}  ",
    "grep -n": lambda n, line: f"{n}:{line}",
    "grep -nH": lambda n, line: f"dump/registry.txt:{n}:{line}",
    "cat -n": lambda n, line: f"{n:6}\t{line}",
    "gutter": lambda n, line: f"{n:4} | {line}",
    "colours": lambda n, line: f"\x1b[32m{line}\x1b[0m",
    "grep --color": lambda n, line: line.replace("mServiceState", "\x1b[01;31m\x1b[KmServiceState\x1b[m\x1b[K"),
    "CI log": lambda n, line: f"2026-05-07T20:11:51.{n:07}Z {line}",
    "logger": lambda n, line: f"2026-05-07 20:11:51,{n % 1000:03} - INFO - {line}",
    "clock": lambda n, line: f"[20:11:51.{n % 1000:03}] {line}",
    "diff": lambda n, line: f"+ {line}",
    "comment": lambda n, line: f"// {line}",
    "brief logcat": lambda n, line: f"I/dumpsys ( 4321): {line}",
    "syslog": lambda n, line: f"May  7 20:11:51 bench adb[77]: {line}",
    "table": lambda n, line: f"| {line} |",
    "arrow": lambda n, line: f"<- {line}",
}
WHOLE = {
    "JSON document": lambda text: json.dumps({"device": "x", "stdout": text}),
    "JSON string": json.dumps,
    "JSON lines": lambda text: "\n".join(json.dumps({"n": 1, "line": line}) for line in text.split("\n")) + "\n",
    "Gson": lambda text: json.dumps({"stdout": text}).replace("=", "\\u003d").replace("<", "\\u003c"),
    "a piece of JSON": lambda text: json.dumps(text)[1:-1] + "\n",
    "HTML": lambda text: html.escape("".join(f"> {line}\n" for line in text.splitlines())),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
}
TEXTS = {one.name: one.sample for one in GRAMMARS} | {
    "isub 11": samples.ISUB_11, "connectivity": samples.CONNECTIVITY_8, "registry 12": samples.A12
}  # fmt: skip
SURE = {
    *("braces, 8.1", "registration infos, 10", "channel list, 12", "NR identity", "networkRegistrationState, 14"),
    *("Samsung's keys", "an index behind the key", "a registration without its list's key", "getprop", "isub, 11"),
    *("a file of properties", "packages", "cells of an app", "RILJ, AIDL", "poll of the service state"),
}
"""Grammars whose every prefix must be taken off; of the others a fact may be hidden, never changed."""


def facts(text):
    """What is told of bands, networks and states, without lines; of several tellings each once."""
    try:
        found = read(text).observations
    except ParseError:
        return set()
    out = set()
    for one in found:
        fact = one.as_json()
        fact.pop("source", None)
        out.add(json.dumps(fact, sort_keys=True))
    return out


def told(text):
    """The facts by kind, slot and role, as values that may be lost but not changed."""
    values = {}
    for item in map(json.loads, facts(text)):
        who = (
            item["kind"],
            item.get("slot"),
            item.get("role"),
            item.get("domain"),
            item.get("name"),
            item.get("arfcn"),
        )
        values.setdefault(who, []).append({k: v for k, v in item.items() if v is not None})
    return values


def assert_same_or_unknown(text, changed, where):
    whole, found = told(text), told(changed)
    bands = {(f.get("rat"), f.get("band")) for one in whole.values() for f in one if f.get("band")}
    for who, items in found.items():
        for item in items:
            if item.get("band"):
                assert (item.get("rat"), item["band"]) in bands, (where, item)
            if item["kind"] == "registration":
                states = {f["state"] for one in whole.values() for f in one if f["kind"] == "registration"}
                assert item["state"] in states | {"unknown"}, (where, item)
            for key in ("plmn", "rom_region", "codename", "operator"):
                known = {f.get(key) for one in whole.values() for f in one}
                assert item.get(key) is None or item[key] in known, (where, who, item)


def prefixed(text, prefix):
    lines = text.split("\n")
    last = lines.pop() if lines[-1] == "" else None
    out = "\n".join(prefix(number, line) for number, line in enumerate(lines, 1))
    return out if last is None else out + "\n"


@pytest.mark.parametrize("kind", [*PREFIXES, *WHOLE])
@pytest.mark.parametrize("name", TEXTS)
def test_a_prefix_changes_no_fact(name, kind):
    text = TEXTS[name]
    changed = WHOLE[kind](text) if kind in WHOLE else prefixed(text, PREFIXES[kind])
    if name in SURE:
        assert facts(changed) == facts(text), (kind, unprefixed(changed)[:200])
    else:
        assert_same_or_unknown(text, changed, (name, kind))


@pytest.mark.parametrize("kind", PREFIXES)
def test_two_quoted_states_are_two_sims(kind):
    text = next(one.sample for one in GRAMMARS if one.name.startswith("grepped"))
    text = re.sub(r"^\d+:", "", text, flags=re.M)
    found = [
        (c["slot"], c["arfcn"])
        for c in map(json.loads, facts(prefixed(text, PREFIXES[kind])))
        if c["kind"] == "serving_cell"
    ]
    assert found == [(0, 5330)]


@pytest.mark.parametrize("label", ["SIM{n}: ", "slot {n}: ", "phone[{n}]: ", "Karte #{n}: "])
def test_a_label_hides_no_slot(label):
    text = re.sub(r"^\d+:", "", next(one.sample for one in GRAMMARS if one.name.startswith("grepped")), flags=re.M)
    lines = [label.format(n=n) + line.strip() for n, line in enumerate(text.splitlines(), 1)]
    found = read("\n".join(lines) + "\n").observations
    assert [(c.slot, c.band) for c in found if c.kind == "serving_cell"] == [(0, 14)]
    assert {r.slot for r in found if r.kind == "registration"} == {0, 1}


def test_a_text_without_a_prefix_stays_the_same_object_for_word():
    for name, text in TEXTS.items():
        if "mail" not in name and "line numbers" not in name:
            assert unprefixed(text) == text, name


def test_stamps_of_an_app_that_logged_several_states_are_kept():
    states = [samples.service(n, [samples.nri("PS", cell=samples.lte(n, "[]"))]) for n in (1300, 3100)]
    text = "".join(f"2026-05-07 20:1{n}:00.000 state: {one}\n" for n, one in enumerate(states))
    found = [c.arfcn for c in read(text).observations if c.kind == "serving_cell"]
    assert found in ([3100], [1300, 3100])


@pytest.mark.parametrize("kind", [*list(PREFIXES)[:14:2], "JSON document"])
def test_captures_read_the_same_behind_a_prefix(kind, captures_dir):
    texts = [*(captures_dir / "adb").glob("*/*.txt"), *(captures_dir / "adb-3").glob("*/*.txt")]
    for path in texts:
        text = path.read_text(encoding="utf-8", errors="replace")
        if len(text) < 200_000:
            changed = WHOLE[kind](text) if kind in WHOLE else prefixed(text, PREFIXES[kind])
            assert_same_or_unknown(text, changed, (path.parent.name, kind))
