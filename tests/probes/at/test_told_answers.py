"""What each family makes of an answer, whole: every fact and every warning, in order (`answers/*.txt`).

The files are written by hand from the reference pages on AT dialects. A block is an answer:

    <family> <model or -> <command>
    < a line of the answer                       (`~` alone: the answer has no end)
    > a fact: `cell <role> <RAT> ..`, `enabled <RAT> <bands>`, `supported <RAT> <layer> <bands>`, `lock ..`, ..
    ! a part of a warning

What is not named of a fact is not told: a cell `on` a carrier is active, `off` it is not, else that is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.observations import (
    CellLock,
    EnabledBands,
    NetworkMode,
    Observation,
    ServingCell,
    Signal,
    SupportedBands,
    Unread,
)
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect

FILES = sorted(Path(__file__).with_name("answers").glob("*.txt"))


@dataclass
class Told:
    where: str
    family: str
    model: str | None
    command: str
    lines: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    ends: bool = True


def blocks(file: Path) -> list[Told]:
    found: list[Told] = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        sign, rest = line[:1], line[2:]
        if sign == "<":
            found[-1].lines.append(rest)
        elif sign == ">":
            found[-1].facts.append(rest)
        elif sign == "!":
            found[-1].warnings.append(rest)
        elif sign == "~":
            found[-1].ends = False
        elif line and sign != "#":
            family, model, command = line.split(" ", 2)
            model = None if model == "-" else model.replace("_", " ")
            found.append(Told(f"{file.stem}:{number}", family, model, command))
    return found


def words(one: Observation) -> str:
    """A fact on one line."""
    match one:
        case ServingCell():
            states = {(True, "active"): "on", (False, "active"): "off", (True, "registered"): "registered",
                      (False, "registered"): "unregistered"}  # fmt: skip
            flags = [word for (value, name), word in states.items() if getattr(one, name) is value]
            named = one.band_reported if one.band_reported != one.band else None
            others = () if one.band_candidates == (one.band,) else one.band_candidates
            told = {"plmn": one.plmn, "arfcn": one.arfcn, "band": one.band, "of": listed(others),
                    "named": named, "pci": one.pci, "tac": one.tac, "khz": one.bandwidth_khz, "by": one.band_source}  # fmt: skip
            return " ".join(["cell", one.role, one.rat, *flags, *pairs(told)])
        case EnabledBands():
            return f"enabled {one.rat} {bands(one)}"
        case SupportedBands():
            ends = "" if one.up_to is None else f" up to {one.up_to}"
            return f"supported {one.rat} {one.layer} {bands(one)}{ends}"
        case Signal():
            levels = {"rsrp": one.rsrp_dbm, "rsrq": one.rsrq_db, "rssi": one.rssi_dbm, "sinr": one.sinr_db}
            return " ".join(["signal", one.rat or "-", *pairs(levels)])
        case NetworkMode():
            return f"mode {'open' if one.rats is None else listed(one.rats)} of {one.raw}"
        case CellLock():
            cells = pairs({"arfcns": listed(one.arfcns), "pcis": listed(one.pcis)})
            held = "locked" if one.locked else "free"
            return " ".join(["lock", one.rat or "-", held, *cells, *([] if one.trusted else ["untrusted"])])
        case Unread():
            return f"unread {one.what} {one.rat or ''}".rstrip()
        case _:
            told = {name: value for name, value in one.as_json().items() if value not in (None, ())}
            kind = told.pop("kind")
            return " ".join([kind, *pairs({name: told[name] for name in told if name not in {"source", "grade"}})])


def bands(one: EnabledBands | SupportedBands) -> str:
    return "unlimited" if one.unlimited else "unknown" if one.bands is None else listed(one.bands) or "none"


def listed(values: tuple[object, ...] | None) -> str:
    return ",".join(map(str, values or ()))


def pairs(told: dict[str, object]) -> list[str]:
    told = {name: round(value, 2) if isinstance(value, float) else value for name, value in told.items()}
    return [f"{name}={value}" for name, value in told.items() if value is not None and value != ""]


@pytest.mark.parametrize("told", [one for file in FILES for one in blocks(file)], ids=lambda one: one.where)
def test_an_answer_tells_this_and_no_more(told: Told) -> None:
    text = "".join(f"{line}\r\n" for line in (*told.lines, *(["OK"] if told.ends else [])))
    reading = read_parts(text, told.command, dialect(told.family), Modem(model=told.model))
    assert [words(one) for one in reading.observations] == told.facts
    assert len(reading.warnings) == len(told.warnings), reading.warnings
    for part, warning in zip(told.warnings, reading.warnings, strict=True):
        assert part in warning


@pytest.mark.parametrize(
    ("family", "command", "lines", "line"),
    [
        ("foxconn", "AT^DEBUG?", ("RAT: LTE", "EARFCN(DL/UL): 1650/19650", "EARFCN(DL/UL): 1651/19651"), 2),
        ("altair", "AT%PCONI", ("State: on", "EARFCN: 1650", "DL EARFCN: 1651"), 2),
        ("fibocom", "AT+GTCCINFO?", ("+GTCCINFO:", "1,4,262,1,1A2B,01A2B3C4,1650,318,103,100"), 2),
        ("u-blox", "AT+UCGED?", ("+UCGED: 2", "6,4,262,01", "1650,3,50,50,1a2b,1a2b301,318,1"), 3),
        ("intel", "AT+RSRP?", ("+RSRP: 318,1650,-93", "+RSRP: 319,1651,-93"), 1),
        ("qualcomm", "AT$QCBANDPREF?", ("0: none", '1: "LTE BAND 3"', '2: "LTE BAND 1"'), 2),
        ("foxconn", "AT^BAND_PREF?", ("header", "LTE,Enable Bands :1,3,"), 2),
    ],
)
def test_a_fact_names_the_line_that_tells_it(family: str, command: str, lines: tuple[str, ...], line: int) -> None:
    told = read_parts(
        "".join(f"{one}\r\n" for one in (*lines, "OK")), command, dialect(family), Modem(model="FM350-GL")
    )
    assert told.observations[0].source is not None
    assert told.observations[0].source.line == line
