"""Recordings, damaged as lines, ports and people damage them, and the verdicts on what is left.

A damaged answer may cost a verdict; it must never win one.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import yaml

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles, Selected
from harness.errors import ParseError
from harness.links.replay import ReplayAt
from harness.observations import Reading, Source
from harness.probes.adb import read_answer
from harness.probes.adb.plan import READ_COMMANDS, read_all
from harness.probes.at.registry import dialect
from harness.probes.at.session import modem_of, read_exchange, read_modem
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.recording.files import find_recordings, load_recording
from harness.requirements.bands.declared import declared_for
from harness.requirements.bound import Bound
from harness.survey.survey import Survey
from harness.verdicts.judge import judge
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.observations import Identity
    from harness.requirements.bands.facts import Declared

GOOD = {Outcome.PASS, Outcome.PASS_NOTE}
POLICIES = ("strict", "service")
_LEVELED = "recommended only: "
_COMMANDS = (
    *("getprop", "cat build.prop", "logcat -b radio", "dumpsys telephony.registry", "dumpsys connectivity"),
    *("dumpsys isub", "dumpsys carrier_config", "pm list packages"),
)


@dataclass(frozen=True)
class Tape:
    """The exchanges of one device on one link. `whole`: the read plan is asked; else every exchange is read as it is."""

    name: str
    link: str
    exchanges: tuple[Exchange, ...]
    whole: bool = True
    family: str | None = None

    def with_text(self, index: int, text: str) -> Tape:
        changed = replace(self.exchanges[index], response=text.encode("utf-8", errors="surrogateescape"))
        return replace(self, exchanges=(*self.exchanges[:index], changed, *self.exchanges[index + 1 :]))

    def spoiled(self, name: str, *changes: tuple[str, str]) -> Tape:
        """The same device with other facts; every change must find its place."""
        tape = replace(self, name=f"{self.name}: {name}")
        for old, new in changes:
            hits = [i for i, item in enumerate(tape.exchanges) if old in item.text]
            assert hits, f"{name}: {old!r} stands nowhere"
            for index in hits:
                tape = tape.with_text(index, tape.exchanges[index].text.replace(old, new))
        return tape


def survey_of(tape: Tape) -> Survey:
    """What is read of a tape. Nothing but a ParseError may be raised on the way, and that is caught here."""
    if tape.link == "at":
        return _modem(tape)
    answers: dict[str, str] = {}
    reading = Reading()
    for item in tape.exchanges:
        if tape.whole:
            answers.setdefault(item.request, item.text)
        else:
            try:
                reading += read_answer(item.text, item.request or None)
            except ParseError:
                continue
    if tape.whole:
        try:
            reading = read_all(answers)
        except ParseError:
            reading = Reading()
    return _survey(tape, "handset", reading, None)


def _modem(tape: Tape) -> Survey:
    if tape.whole:
        link = ReplayAt(Recording(RecordingInfo("t", "composed"), {"at": tape.exchanges}))
        told = read_modem(link, deadline_s=float("inf"))
        asked = tuple(item for item in tape.exchanges if item.request in told.requests)
        return _survey(replace(tape, exchanges=asked), "modem", told.reading, told.dialect)
    family = dialect(tape.family or "")
    modem = modem_of(())
    reading = Reading()
    for item in tape.exchanges:
        try:
            reading += read_exchange(item, family, modem)
        except ParseError:
            continue
        modem = modem_of(reading.observations)
    return _survey(tape, "modem", reading, family.name)


def _survey(tape: Tape, kind: str, reading: Reading, family: str | None) -> Survey:
    exchanges = tuple((tape.link, item) for item in tape.exchanges)
    facts = tuple(item if item.source else replace(item, source=Source()) for item in reading.observations)
    return Survey("d", tape.name, kind, facts, reading.warnings, exchanges=exchanges, dialect=family)  # type: ignore[arg-type]


# Verdicts


@cache
def carriers() -> tuple[Selected, ...]:
    return tuple(Profiles().select(["us"]))


@cache
def _sheets() -> Sheets:
    return Sheets()


@cache
def _declared(identity: Identity) -> tuple[Declared | None, str]:
    return declared_for(Survey("d", "a", "handset", (identity,)), _sheets())


Verdicts = dict[tuple[str, str, str], tuple[Outcome, str]]


def verdicts(survey: Survey, *, sheet: str | None = "any") -> Verdicts:
    """`sheet`: the only sheet that may declare; a lost model number can select another one by its codename."""
    declared, _ = _declared(survey.identity)
    if declared and sheet not in {"any", declared.sheet}:
        declared = None
    found: Verdicts = {}
    bound = Bound.of(survey, declared)
    for selected in carriers():
        for rule in selected.edition.requirements:
            for policy in POLICIES:
                told = judge(bound, selected, rule, policy=policy)  # type: ignore[arg-type]
                found[selected.ref, rule.id, policy] = (told.outcome, told.reason)
    return found


def sheet_of(survey: Survey) -> str | None:
    declared, _ = _declared(survey.identity)
    return declared.sheet if declared else None


def won(before: Verdicts, after: Verdicts) -> list[str]:
    """What became a pass by the damage. A recommended band that is missing passes under `service` because it is missing."""
    return [
        f"{key}: {before[key][0].name} ({before[key][1]}) became {outcome.name} ({reason})"
        for key, (outcome, reason) in after.items()
        if outcome in GOOD and before[key][0] not in GOOD and not reason.startswith(_LEVELED)
    ]


# Damage


def _drop(line: str, _: random.Random) -> str | None:
    del line
    return None


def _number(line: str, dice: random.Random) -> str:
    """One number becomes a value that stands for "not known"."""
    numbers = list(re.finditer(r"(?<![\w.])-?\d+(?![\w.])", line))
    if not numbers:
        return line
    match = dice.choice(numbers)
    return line[: match.start()] + dice.choice(("2147483647", "-1", "[]", "0", "")) + line[match.end() :]


def _mask(line: str, dice: random.Random) -> str:
    """One value behind `=`, `:`, a comma or in brackets becomes a mask."""
    values = list(re.finditer(r'(?<=[=:,\[ "])[^=:,\[\]{} "]+(?=[,\]} "]|$)', line))
    if not values:
        return line
    match = dice.choice(values)
    return line[: match.start()] + dice.choice(("****", "null", "", "unknown", "---")) + line[match.end() :]


def _entry(line: str, dice: random.Random) -> str:
    """One `key=value` of a one-line record is lost."""
    entries = list(re.finditer(r"\b\w+ ?= ?(?:\{[^{}]*\}|\[[^\[\]]*\]|[^,{}\[\] ]*)[, ]*", line))
    if not entries:
        return line
    match = dice.choice(entries)
    return line[: match.start()] + line[match.end() :]


def _cut(line: str, dice: random.Random) -> str:
    return line[: dice.randrange(len(line) + 1)]


def _twice(line: str, _: random.Random) -> str:
    return f"{line}\n{line}"


DAMAGE: tuple[Callable[[str, random.Random], str | None], ...] = (_drop, _drop, _number, _mask, _mask, _entry, _twice)
CUTS = (*DAMAGE, _cut)


def damaged(tape: Tape, dice: random.Random, *, kinds: tuple[Callable[..., str | None], ...] = DAMAGE) -> Tape:
    """One to four places of the tape damaged, in one exchange or several; sometimes all lines of a kind at once."""
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4))):
        index = dice.randrange(len(tape.exchanges))
        lines = tape.exchanges[index].text.split("\n")
        if dice.random() < 0.1:
            lines = [line for line in lines if dice.random() < 0.5]
        elif lines:
            at = dice.randrange(len(lines))
            changed = dice.choice(kinds)(lines[at], dice)
            lines[at : at + 1] = [] if changed is None else [changed]
        tape = tape.with_text(index, "\n".join(lines))
    return tape


def each_line_dropped(tape: Tape) -> Iterator[tuple[str, Tape]]:
    """The tape without each of its lines in turn, and with each answer emptied."""
    for index, item in enumerate(tape.exchanges):
        lines = item.text.split("\n")
        for at in range(len(lines)):
            yield f"{item.request} line {at + 1}", tape.with_text(index, "\n".join(lines[:at] + lines[at + 1 :]))
        yield f"{item.request} emptied", tape.with_text(index, "")


# Where the tapes come from


def fixture_tapes() -> dict[str, Tape]:
    found = {}
    for name, path in find_recordings().items():
        for link, exchanges in load_recording(path).links.items():
            if link in {"at", "adb"}:
                kept = tuple(e for e in exchanges if link == "at" or e.request in READ_COMMANDS)
                found[f"{name}/{link}"] = Tape(name, link, kept)
    return found


def capture_tapes(folder: Path) -> list[Tape]:
    """Every capture as a tape whose answers are read as they stand."""
    return [*_at_captures(folder / "at"), *_adb_captures(folder / "adb")]


def _at_captures(folder: Path) -> Iterator[Tape]:
    for path in sorted(folder.glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        exchanges = tuple(
            Exchange(str(item["request"]), "".join(f"{line}\r\n" for line in item["response"]).encode())
            for item in data["transcript"]
        )
        yield Tape(path.stem, "at", exchanges, whole=False, family=str(data["vendor"]).split()[0])


def _adb_captures(folder: Path) -> Iterator[Tape]:
    for manifest in ("manifest.yaml", "manifest-2.yaml"):
        text = (folder / manifest).read_text(encoding="utf-8")
        for capture in yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))["captures"]:
            asked = capture["command"].split("|")[0].strip()
            command = next((c for c in _COMMANDS if asked.startswith(c) and ";" not in capture["command"]), "")
            files = [(folder / capture["id"] / name).read_bytes() for name in capture["files"]]
            yield Tape(capture["id"], "adb", tuple(Exchange(command, text) for text in files), whole=False)
