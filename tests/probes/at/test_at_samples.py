"""Every grammar of the readers by at least one answer of our own, so that a clone alone proves the same as the captures.

The same answers are put through what happens to text on its way: prefixes of logs, cuts, session transcripts.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from at_transcripts import Transcript, fact, transcripts

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.observations import Observation
from harness.probes.at import read, read_parts, with_line_end
from harness.probes.at.language.answer import Modem
from harness.probes.at.language.pasted import without_prefixes
from harness.probes.at.pasted_session import read_session
from harness.probes.at.registry import dialect, our_dialects
from harness.probes.at.standard.readers import READERS

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).with_name("samples.yaml")


@dataclass(frozen=True)
class Sample:
    dialect: str | None
    model: str | None
    command: str
    lines: tuple[str, ...]
    told: tuple[str, ...]

    @property
    def text(self) -> str:
        return "".join(f"{line}\r\n" for line in self.lines)


@cache
def samples() -> tuple[Sample, ...]:
    items = yaml.load(FILE.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple(
        Sample(one["dialect"], one["model"], one["command"], tuple(one["lines"]), tuple(one["told"])) for one in items
    )


def short(item: Observation) -> str:
    """A fact on one line: its kind and what it tells."""
    told = item.as_json()
    kind = told.pop("kind")
    for name in ("source", "grade"):
        told.pop(name, None)
    words = [
        f"{name}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in told.items()
        if value is True or (value is not None and value is not False)
    ]
    return f"{kind} {' '.join(words)}"


def facts_of(sample: Sample, text: str) -> list[str]:
    try:
        family = dialect(sample.dialect) if sample.dialect else None
        return [short(one) for one in read_parts(text, sample.command, family, Modem(model=sample.model)).told]
    except ParseError:
        return []


@pytest.mark.parametrize("sample", samples(), ids=lambda one: f"{one.dialect}-{one.command}")
def test_every_sample_tells_what_is_known_of_it(sample: Sample) -> None:
    assert facts_of(sample, sample.text) == list(sample.told)


SILENT = {"AT(?:E[01]|V[01]|Q[01])?", r"AT\+COPS=3,\d", r"AT\+(?:CREG|CGREG|CEREG|C5GREG|CIREG|CMEE|CFUN)=\d.*"}
"""Set forms, which answer nothing but OK."""


def _grammars() -> set[tuple[str | None, str]]:
    ours = {(family.name, reader.command) for family in our_dialects() for reader in family.readers}
    return ours | {(None, reader.command) for reader in READERS if reader.command not in SILENT}


def _sampled(pairs: set[tuple[str | None, str]]) -> set[tuple[str | None, str]]:
    """The grammars that requests of these families are read by."""
    found = set()
    for name, request in pairs:
        own = dialect(name).readers if name else ()
        for part in split_joined(request):
            found |= {(name, reader.command) for reader in own if reader.reads(part)}
            found |= {(None, reader.command) for reader in READERS if reader.reads(part)}
    return found


def test_no_grammar_is_without_a_sample() -> None:
    """Of samples here, recordings that are shipped, and forms that are written and read back."""
    from at_transcripts import shipped
    from test_round_trips import FORMS

    root = Path(__file__).parents[3] / "fixtures"
    pairs: set[tuple[str | None, str]] = {(one.dialect, one.command) for one in samples()}
    pairs |= {(one.family.name, one.request) for one in shipped(root)}
    pairs |= {(form.dialect, form.request) for form in FORMS}
    missing = _grammars() - _sampled(pairs)
    unsolicited = {(None, rf"AT\{name}") for name in ("+CREG", "+CGREG", "+CEREG", "+C5GREG")}
    assert (
        missing - unsolicited - {("simcom", r'AT\+CSYSSEL="[A-Za-z0-9_]+"'), ("cinterion", r'AT\^SCFG="[^"]*"')}
        == set()
    )
    told = {(one.dialect, one.command) for one in samples() if one.told}
    assert len(told) > 90


STAMP = "04-21_17:35:15:4"
PREFIXES: dict[str, Callable[[int, str], str]] = {
    "quectel-CM": lambda n, line: f"[{STAMP}{n % 100:02d}] AT< {line}",
    "Android log": lambda n, line: f"07-10 14:50:59.{n % 1000:03d}  2173  2375 D ATC     : AT< {line}",
    "Arduino": lambda n, line: f"20:40:{n % 60:02d}.504 -> {line}",
    "arrow": lambda _, line: f"-> {line}",
    "quote": lambda _, line: f"> {line}",
    "trace": lambda n, line: f"{n:010d} [ncp.at] TRACE: < {line}",
    "syslog": lambda n, line: f"Nov 21 10:00:{n % 60:02d} router modem[123]: {line}",
    "kernel": lambda n, line: f"[ {n:5d}.123456] RX: {line}",
    "numbered": lambda n, line: f"{n + 1}:{line}",
    "colour": lambda _, line: f"\x1b[32m{line}\x1b[0m",
}


def prefixed(kind: str, text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    return "\r\n".join([PREFIXES[kind](n, line) for n, line in enumerate(lines[:-1])] + [""])


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_prefix_changes_nothing_or_costs_the_reading(kind: str) -> None:
    same = 0
    for sample in samples():
        found = facts_of(sample, prefixed(kind, f"{sample.command}\r\n{sample.text}"))
        assert found in ([], list(sample.told)) or set(found) <= set(sample.told), (sample.command, found)
        same += found == list(sample.told)
    assert same >= 0.97 * len(samples()), kind


@pytest.mark.parametrize("kind", PREFIXES)
def test_a_prefix_of_the_captures_changes_nothing_or_costs_the_reading(kind: str, captures_dir: Path) -> None:
    every: list[Transcript] = [*transcripts(captures_dir / "at"), *transcripts(captures_dir / "at-3")]
    same = told = 0
    for item in every:
        whole = _facts(item, item.text)
        found = _facts(item, prefixed(kind, f"{item.request}\r\n{item.text}"))
        assert found <= whole, (item.name, item.request, found - whole)
        told += bool(whole)
        same += bool(whole) and found == whole
    assert told > 250
    assert same >= 0.97 * told


def _facts(item: Transcript, text: str) -> frozenset[tuple[object, ...]]:
    try:
        return frozenset(fact(one) for one in read_parts(text, item.request, item.family, item.modem).told)
    except ParseError:
        return frozenset()


def test_json_and_routeros_hold_the_answer_too() -> None:
    answer = '+CEREG: 2,1,"1A2B","00ABC123",7'
    whole = read(f"{answer}\r\nOK\r\n", "AT+CEREG?").told
    as_json = json.dumps({"command": "AT+CEREG?", "response": f"AT+CEREG?\r\n{answer}\r\n\r\nOK\r\n"})
    for text in (as_json, json.dumps([{"response": f"{answer}\nOK\n"}]), f"  output: {answer}\r\nOK\r\n"):
        assert [fact(one) for one in read(text, "AT+CEREG?").told] == [fact(one) for one in whole]


def test_what_bears_no_prefix_is_left_as_it_is() -> None:
    for sample in samples():
        assert without_prefixes(sample.text) == sample.text, sample.command


def test_a_last_line_without_its_end_is_used_with_a_warning() -> None:
    text, warning = with_line_end('+CEREG: 2,1,"1A2B","00ABC123",7')
    assert warning is not None
    assert "no line end" in warning
    assert read(text, "AT+CEREG?").told
    assert with_line_end("+CEREG: 0,1\r\n\r\nOK") == ("+CEREG: 0,1\r\n\r\nOK\r\n", None)
    assert with_line_end("") == ("", None)
    assert read_parts('+CEREG: 2,1,"1A2B","00ABC123",7', "AT+CEREG?", None, Modem()).told == ()


ATI = "ATI\r\nQuectel\r\nEC25\r\nRevision: EC25EFAR06A06M4G\r\n\r\nOK\r\n"
CELL = '+QNWINFO: "FDD LTE","00101","LTE BAND 3",{}\r\n\r\nOK\r\n'


def test_a_session_is_read_by_its_echoes_and_the_newest_answer_counts() -> None:
    text = (
        f"{ATI}AT+CEREG?\r\n+CEREG: 0,2\r\n\r\nOK\r\nAT+QNWINFO\r\n{CELL.format(1300)}"
        f'+QIND: "csq",20,99\r\nAT+QNWINFO\r\n{CELL.format(1500)}AT+CEREG?\r\n+CEREG: 0,1\r\n\r\nOK\r\nAT+CEREG?\r\n'
    )
    for form in (text, *(prefixed(kind, text) for kind in PREFIXES)):
        told = {one.kind: one for one in read_session(form).observations}
        assert told["serving_cell"].as_json()["arfcn"] == 1500
        assert told["registration"].as_json()["state"] == "home"
        assert told["identity"].as_json()["model"] == "EC25"
    source = told["serving_cell"].source
    assert source is not None
    assert source.line is not None
    assert "1500" in text.splitlines()[source.line - 1]


def test_a_session_names_a_lock_that_the_cell_contradicts() -> None:
    lock = 'AT+QNWLOCK="common/lte"\r\n+QNWLOCK: "common/lte",1,6300,0\r\n\r\nOK\r\n'
    found = read_session(f"{ATI}AT+QNWINFO\r\n{CELL.format(1300)}{lock}").warnings
    assert "locked to B20 (EARFCN 6300) but served on B3 (EARFCN 1300): the lock is not in force" in found
    assert not read_session(f"{ATI}AT+QNWINFO\r\n{CELL.format(1300)}{lock.replace('6300', '1300')}").warnings


def test_a_session_without_an_echo_asks_for_the_command() -> None:
    with pytest.raises(ParseError, match="--command"):
        read_session("+CEREG: 0,1\r\nOK\r\n")


def test_a_long_session_costs_little() -> None:
    rng = random.Random(7)
    parts = [ATI]
    while len(parts) < 2_500:
        parts.append(f"AT+QNWINFO\r\n{CELL.format(rng.randrange(1200, 1900))}")
    text = prefixed("Arduino", "".join(parts))
    assert text.count("\n") > 10_000
    start = time.process_time()
    assert read_session(text).observations
    assert time.process_time() - start < 2


def test_every_reader_is_linear_in_what_a_hostile_modem_sends() -> None:
    """Behind the head of its own line, eight times as much of a delimiter costs no twenty times as much."""
    slow = []
    for sample in samples():
        family = dialect(sample.dialect) if sample.dialect else None
        first = sample.lines[0]
        heads = dict.fromkeys((first[: first.find(":") + 1], first[: len(first) // 2]))
        for piece in (" ", ","):
            for head in heads:
                small, large = (f"{head}{piece * size}x\r\nOK\r\n" for size in (1_000, 8_000))
                times = _seconds(small, sample, family), _seconds(large, sample, family)
                if times[1] > 0.05 and times[1] > 20 * times[0]:
                    slow.append((sample.dialect, sample.command, piece, *times))
    assert slow == []


@pytest.mark.parametrize("sign", [" ", "\t", ",", "0", "A", '"', "(", "\n", "\r", "+", "<", "\x1b", "\0"])
def test_a_megabyte_of_one_sign_costs_ten_times_a_tenth_of_it(sign: str) -> None:
    sample = next(one for one in samples() if one.dialect == "qualcomm")
    times = [_seconds(f"Model:{sign * size}x\r\nOK\r\n", sample, dialect("askey")) for size in (100_000, 1_000_000)]
    assert times[1] < 0.1 or times[1] < 30 * times[0]


def _seconds(text: str, sample: Sample, family: object) -> float:
    start = time.process_time()
    with suppress(ParseError):
        read_parts(text, sample.command, family, Modem(model=sample.model))  # type: ignore[arg-type]
    return time.process_time() - start
