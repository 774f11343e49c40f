"""Whatever happens to an answer on its way, the reading is the same or knows less: never different, never more.

Every transcript of every capture, every line position, every byte. Facts are compared without their places.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from at_transcripts import Transcript, covered, facts, of_samples, shipped, transcripts, wire

from harness.errors import ParseError
from harness.probes.at import read_parts
from harness.probes.at.language.answer import is_unsolicited, read_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]

UNSOLICITED = (
    "+CREG: 1",
    '+CREG: 5,"1A2D","01B2C3D4",7',
    "+CEREG: 5",
    '+CEREG: 5,"1A2D","01B2C3D4",7',
    '+CEREG: 1,"00C1","0A0B0C01",7,,,"00000110","00000110"',
    '+CGREG: 1,"1A2D","01B2C3D4",7,"01"',
    '+C5GREG: 1,"00001A","000000001",11,1,"01"',
    '+CMTI: "SM",3',
    "RING",
    "+CRING: VOICE",
    '+CLIP: "+15550100",145',
    "NO CARRIER",
    '+CTZV: +04,0,"26/11/21,08:00:00"',
    "+CGEV: NW PDN DEACT 1",
    "+CIEV: 2,4",
    "+CPIN: READY",
    "+CFUN: 1",
    "+CSCON: 1",
    "+CSQ: 31,99",
    "+CESQ: 99,99,255,255,30,90",
    "^RSSI: 20",
    '^HCSQ: "LTE",50,60,100,20',
    "^MODE: 5,4",
    "^SRVST: 2",
    "^DSFLOWRPT: 00000015,00000000,00000000,0000000000000028,0000000000000000,00000000,00000000",
    "^CONNST: 1",
    '+QIND: "csq",31,99',
    '+QIND: "act","LTE"',
    "+QUSIM: 1",
    "RDY",
    "POWERED DOWN",
    "+CNSMOD: 8",
    "PB DONE",
    "SMS DONE",
    "*ATREADY: 1",
    "#QSS: 1",
    "#PSNT: 4",
    "*CNTI: 2,LTE",
    "!SCACT: 1,1",
    "+UUSORD: 0,16",
    "+UUPSDD: 0",
    "^SYSSTART",
    "^SBC: Undervoltage",
    "%XMODEMSLEEP: 1,5000",
    "%CESQ: 60,3,20,3",
    "%MDMEV: PRACH CE-LEVEL 1",
    "+SYSSTART",
    '+ZPASR: "LTE"',
    "+ZUSIMR: 2",
    '+ZDONR: "Operator",311,480,"CS_PS","ROAM_OFF"',
    "+XCIEV: 4,0",
    "+EREG: 1",
    '*PSUTTZ: 2026,11,21,08,00,00,"+04",0',
    "+NITZ: 26/11/21,08:00:00+04,0",
    "^LWURC: 1",
    "$QCFOO: 1",
)
"""Of the standard and of the vendors; the last is of nobody that we know."""


@pytest.fixture(scope="module")
def recorded() -> tuple[Transcript, ...]:
    """The captures beside this checkout, where they are, the recordings that ship with it, and our own samples."""
    place = Path(os.environ.get("BANDPROOF_CAPTURES", ROOT.parent / "shared" / "captures"))
    captures = (item for name in ("at", "at-3") if (place / name).is_dir() for item in transcripts(place / name))
    return (*captures, *shipped(ROOT / "fixtures"), *of_samples(Path(__file__).with_name("samples.yaml")))


def fail_on(broken: list[str]) -> None:
    """One line a transcript is enough to see what is wrong."""
    first = {line.split(" [")[0]: line for line in reversed(broken)}
    if first:
        pytest.fail(f"{len(broken)} readings differ:\n" + "\n".join(list(first.values())[:40]), pytrace=False)


def judge(text: str, item: Transcript, truth: frozenset[tuple[object, ...]], how: str) -> Iterator[str]:
    for one in covered(facts(text, item), truth):
        yield f"{item.name} {item.request} [{how}]: {one}"


def with_line(item: Transcript, place: int, line: str, *, echo: bool) -> str:
    lines = [*([item.request] if echo else []), *item.lines, item.final]
    return wire([*lines[:place], line, *lines[place:]])


def test_every_transcript_is_there(recorded: tuple[Transcript, ...]) -> None:
    assert sum(bool(facts(item.text, item)) for item in recorded) > 0.6 * len(recorded) > 3


def test_every_capture_is_there(captures_dir: Path) -> None:
    assert len(transcripts(captures_dir / "at")) > 300


def test_the_echo_changes_nothing(recorded: tuple[Transcript, ...]) -> None:
    broken = []
    for item in recorded:
        truth = facts(item.text, item)
        for echo in (item.request, item.request.lower(), f" {item.request} "):
            if facts(wire([echo, *item.lines, item.final]), item) != truth:
                broken.append(f"{item.name} {item.request} [echo {echo!r}]")
        glued = item.request + "\r" + wire(["", *item.lines, item.final])
        if facts(glued, item) != truth:
            broken.append(f"{item.name} {item.request} [echo before CR]")
    fail_on(broken)


@pytest.mark.parametrize("end", ["\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r", "\r\r\r\n", " \r\n", "\r\n\n"])
def test_line_ends_change_nothing(recorded: tuple[Transcript, ...], end: str) -> None:
    broken = []
    for item in recorded:
        lines = [*item.lines, item.final]
        if facts(wire(lines, end), item) != facts(item.text, item):
            broken.append(f"{item.name} {item.request} [{end!r}]")
        elif facts(end + wire([item.request, *lines], end), item) != facts(item.text, item):
            broken.append(f"{item.name} {item.request} [echo, {end!r}]")
    fail_on(broken)


def test_an_unsolicited_code_at_any_line_adds_and_changes_nothing(recorded: tuple[Transcript, ...]) -> None:
    """And where the code cannot be the answer itself, the reading stays whole."""
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        own = "\n".join((item.request, *item.lines)).upper()
        strange = {line for line in UNSOLICITED if line.split(":")[0] not in own}
        for echo in (True, False):
            for place in range(len(item.lines) + 2 + echo):
                for line in UNSOLICITED:
                    found = facts(with_line(item, place, line, echo=echo), item)
                    if found == truth:
                        continue
                    where = f"{item.name} {item.request} [{line} at {place}]"
                    broken += [f"{where}: {one}" for one in covered(found, truth)]
                    if not echo and line in strange:
                        broken.append(f"{where}: not all of it")
    fail_on(broken)


def test_several_unsolicited_codes_at_once(recorded: tuple[Transcript, ...]) -> None:
    chance = random.Random(3)
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        for _ in range(20):
            lines = [item.request, *item.lines, item.final]
            for line in chance.sample(UNSOLICITED, 4):
                lines.insert(chance.randint(0, len(lines)), line)
            broken += judge(wire(lines, chance.choice(("\r\n", "\n", "\r\r\n"))), item, truth, "several")
    fail_on(broken)


def test_a_lost_final_code_adds_nothing(recorded: tuple[Transcript, ...]) -> None:
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        broken += judge(wire(item.lines), item, truth, "no final code")
        broken += judge(wire([item.request, *item.lines]), item, truth, "echo, no final code")
    fail_on(broken)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_truncated_at_every_byte(recorded: tuple[Transcript, ...], end: str) -> None:
    """A text that is cut into the same Answer reads the same, so facts are read once for each."""
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        for text in (wire([*item.lines, item.final], end), wire([item.request, *item.lines, item.final], end)):
            seen: object = None
            for length in range(len(text)):
                cut = text[:length]
                try:
                    answer: object = read_answer(cut, item.request)
                except ParseError:
                    continue
                if answer != seen:
                    broken += judge(cut, item, truth, f"cut at {length} of {len(text)}, {cut[-12:]!r}")
                seen = answer
    fail_on(broken)


def test_the_late_answer_of_the_command_before(recorded: tuple[Transcript, ...]) -> None:
    broken: list[str] = []
    for before, item in zip(recorded, recorded[1:], strict=False):
        truth = facts(item.text, item)
        broken += judge(before.text + item.text, item, truth, f"behind {before.request}")
        echoed = wire([item.request, *item.lines, item.final])
        broken += judge(before.text + echoed, item, truth, f"behind {before.request}, with echo")
        if facts(before.text + echoed, item) != truth and item.request.upper() != before.request.upper():
            broken.append(f"{item.name} {item.request}: lost behind {before.request} though echoed")
    fail_on(broken)


def test_the_late_answer_of_any_command(recorded: tuple[Transcript, ...]) -> None:
    chance = random.Random(7)
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        kin = [other for other in recorded if other.family is item.family and other is not item]
        for before in [*chance.sample(recorded, min(20, len(recorded))), *chance.sample(kin, min(20, len(kin)))]:
            broken += judge(before.text + item.text, item, truth, f"behind {before.name} {before.request}")
            echoed = wire([item.request, *before.lines, before.final, *item.lines, item.final])
            broken += judge(echoed, item, truth, f"echo, then {before.name} {before.request}")
    fail_on(broken)


def test_a_refusal_behind_the_lines_adds_nothing(recorded: tuple[Transcript, ...]) -> None:
    broken: list[str] = []
    for item in recorded:
        truth = facts(item.text, item)
        for final in ("ERROR", "+CME ERROR: 3", "+CME ERROR: operation not allowed"):
            broken += judge(wire([*item.lines, final]), item, truth, final)
    fail_on(broken)


def test_the_tests_own_codes_are_known_or_named() -> None:
    """A code without a name can only be told by its words."""
    for line in UNSOLICITED:
        if ":" not in line:
            assert is_unsolicited(line), line


def test_nothing_is_read_of_unsolicited_codes_alone(recorded: tuple[Transcript, ...]) -> None:
    """Save where the code has the form of the answer."""
    for item in {item.request: item for item in recorded}.values():
        lines = [line for line in UNSOLICITED if line.split(":")[0] not in item.request.upper()]
        reading = read_parts(wire([*lines, "OK"]), item.request, item.family, item.modem)
        assert reading.told == (), item.request
