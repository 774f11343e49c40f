"""Intel XMM modems, own or inside Fibocom's L8xx: +XACT, +XLEC, +XMCI, +XCCINFO, +RSRP (at-dialects.md 8.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import NetworkMode, Observation, ServingCell, Signal, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, enabled, grouped, plmn, supported
from harness.probes.at.language.values import decimal_number, hexadecimal, integer, within
from harness.radio.bandwidths import lte_khz_of_index
from harness.radio.channels import lte_band_of
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

MODES: dict[int, tuple[Rat, ...]] = {
    0: ("gsm",),
    1: ("umts",),
    2: ("lte",),
    3: ("gsm", "umts"),
    4: ("umts", "lte"),
    5: ("gsm", "lte"),
    6: ("gsm", "umts", "lte"),
}


def band_of_number(text: str) -> tuple[Rat, int] | None:
    """One number of an +XACT list: below 100 UTRA, 100 + n LTE, from 300 GSM MHz; None for what is no band."""
    number = integer(text)
    if number is None or number <= 0:
        return None
    rat: Rat = "umts" if number < 100 else "lte" if number < 300 else "gsm"
    band = number - 100 if rat == "lte" else number
    return (rat, band) if is_band(rat, band) else None


def read_xact(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+XACT: <mode>,<pref>,<pref>,<bands..>`; one single 0 in the place of the bands means all of the mode's RATs."""
    for record in answer.named("+XACT"):
        fields = record.fields
        mode = integer(fields[0])
        if mode not in MODES or len(fields) < 4:
            yield f"line {record.line}: +XACT without mode and bands"
            continue
        yield NetworkMode(source=Source(line=record.line), rats=MODES[mode], raw=str(mode))
        if set(fields[3:]) <= {"0", ""}:
            if "0" in fields[3:]:
                yield from (enabled(rat, None, record.line) for rat in MODES[mode])
            continue
        groups, warning = grouped(fields[3:], band_of_number, record.line)
        if warning:
            yield warning
        yield from (enabled(rat, bands, record.line) for rat, bands in groups.items())


def read_xact_test(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+XACT: (modes),(preferences),<bands..>`; the 0 among them is the word for "all", no band."""
    for record in answer.named("+XACT"):
        numbers = [n.strip() for field in record.fields[2:] for n in field.strip("()").split(",")]
        groups, warning = grouped(numbers, band_of_number, record.line)
        if warning:
            yield warning
        yield from (supported(rat, bands, record.line) for rat, bands in groups.items())


def read_xlec(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+XLEC: <n>,<cells>,<width index per cell..>,BAND_LTE_<x>[,<y>..]`; often only the first band is named."""
    # Looked up once: an answer may hold thousands of lines.
    rows = [r for r in answer.named("+XMCI") if len(r.fields) > 7]
    for record in answer.named("+XLEC"):
        fields = record.fields
        count = within(integer(fields[1]) if len(fields) > 1 else None, 1, 8)
        named = next((i for i, field in enumerate(fields) if "BAND" in field.upper()), None)
        if count is None or named is None:
            yield f"line {record.line}: +XLEC names no band"
            continue
        widths = [_width(text) for text in fields[2:named]][:count]
        bands = [_band(text) for text in fields[named:]][:count]
        yield from cell("lte", None, bands[0], line=record.line, khz=widths[0] if widths else None)
        others = _aggregated(rows, count - 1)
        for index in range(1, count):
            khz = widths[index] if index < len(widths) else None
            band = bands[index] if index < len(bands) else None
            yield from _secondary(record.line, khz, band, others[index - 1] if others else None)


def _secondary(line: int, khz: int | None, band: int | None, seen: AtRecord | None) -> Iterator[Observation | str]:
    if seen is not None:
        earfcn = hexadecimal(seen.fields[6])
        yield f"secondary carrier {earfcn} inferred: the measured cell with the PCI of the serving one"
        yield from cell("lte", earfcn, band, role="scell", line=seen.line, khz=khz, pci=hexadecimal(seen.fields[5]))
    elif band is not None:
        yield from cell("lte", None, band, role="scell", line=line, khz=khz)
    else:
        yield f"line {line}: the band of a secondary carrier is not named"
        yield ServingCell(source=Source(line=line), role="scell", rat="lte", bandwidth_khz=khz)


def _aggregated(rows: list[AtRecord], count: int) -> list[AtRecord]:
    """Of the +XMCI rows those of the secondary carriers: same PCI as the serving cell, other channel."""
    if count != 1:
        return []
    serving = next((r for r in rows if r.fields[0] == "4"), None)
    if serving is None:
        return []
    found = {}
    for row in rows:
        same = row.fields[5].upper() == serving.fields[5].upper()
        earfcn = hexadecimal(row.fields[6])
        if row.fields[0] == "5" and same and earfcn != hexadecimal(serving.fields[6]) and earfcn is not None:
            found[earfcn] = row
    fits = len(found) == count and all(lte_band_of(earfcn) for earfcn in found)
    return list(found.values()) if fits else []


def _width(text: str) -> int | None:
    index = integer(text)
    return lte_khz_of_index(index) if index is not None else None


def _band(text: str) -> int | None:
    match = re.fullmatch(r"(?:BAND_LTE_)?(\d{1,3})", text.strip(), re.IGNORECASE)
    return int(match[1]) or None if match else None


def read_xmci(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+XMCI: 4,MCC,MNC,TAC,CI,PCI,EARFCN dl,ul,..,RSRP,RSRQ,..` in quoted hexadecimal; other types are neighbours."""
    for record in answer.named("+XMCI"):
        fields = record.fields
        if fields[0] != "4" or len(fields) < 7:
            continue
        who = plmn(fields[1], fields[2])
        earfcn, pci, tac = hexadecimal(fields[6]), hexadecimal(fields[5]), hexadecimal(fields[3])
        yield from cell("lte", earfcn, None, line=record.line, plmn=who, pci=pci, tac=tac)
        rsrp = within(integer(fields[9]) if len(fields) > 9 else None, 1, 97)
        rsrq = within(integer(fields[10]) if len(fields) > 10 else None, 1, 34)
        if rsrp is not None:
            yield Signal(
                source=Source(line=record.line),
                rat="lte",
                rsrp_dbm=rsrp - 141,
                rsrq_db=rsrq / 2 - 20 if rsrq is not None else None,
            )


def read_xccinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+XCCINFO: <mode>,MCC,MNC,"CI",<n>,<100+band>,..,"TAC",..`: the serving cell by its band, no channel."""
    for record in answer.named("+XCCINFO"):
        fields = record.fields
        found = band_of_number(fields[5]) if len(fields) > 5 else None
        if found is None or found[0] != "lte":
            yield f"line {record.line}: +XCCINFO names no LTE band"
            continue
        tac = hexadecimal(fields[9]) if len(fields) > 9 else None
        yield from cell("lte", None, found[1], line=record.line, plmn=plmn(fields[1], fields[2]), tac=tac)


def read_rsrp(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+RSRP: PCI,EARFCN,<dBm>` for each cell, the serving one first. A malformed level costs the level only."""
    for record in answer.named("+RSRP"):
        fields = record.fields
        if len(fields) < 3:
            continue
        yield from cell("lte", integer(fields[1]), None, line=record.line, pci=integer(fields[0]))
        level = decimal_number(fields[2])
        if level is not None and -156 <= level <= -30:
            yield Signal(source=Source(line=record.line), rat="lte", rsrp_dbm=level)


READERS = (
    Reader(r"AT\+XACT\?", read_xact, tells=("enabled",)),
    Reader(r"AT\+XACT=\?", read_xact_test, tells=("supported",)),
    Reader(r"AT\+XLEC\?", read_xlec, tells=("serving",)),
    Reader(r"AT\+XMCI(?:=1|\?)?", read_xmci, tells=("serving",)),
    Reader(r"AT\+XCCINFO\?", read_xccinfo, tells=("serving",)),
    Reader(r"AT\+RSRP\?", read_rsrp, tells=()),
)
PLAN = ("AT+XACT=?", "AT+XACT?", "AT+XLEC?;+XMCI=1", "AT+XCCINFO?")
READ_FORMS = (r"AT\+XMCI=1",)


def _claims(modem: Modem) -> bool:
    return "intel" in (modem.manufacturer or "").lower() or modem.is_model(r"\bXMM\s?\d{4}")


def locking(_: Modem) -> Locking | None:
    """How it is held to one band."""
    from .intel_locks import LOCKING

    return LOCKING


DIALECT = Dialect(
    "intel",
    _claims,
    READERS,
    lambda _modem: PLAN,
    READ_FORMS,
    locking=locking,
    kinds=(ModemKind("XMM", "XMM 7360"),),
)
