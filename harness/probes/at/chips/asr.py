"""ASR and Marvell modems (reference at-dialects.md sections 12 and 15.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.answer import Answer, Modem, Record, integer, pci, tac, within
from harness.radio.bandwidths import lte_khz_of_index
from harness.radio.channels import read_lte_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import parse_plmn
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat

_WORD = (1 << 32) - 1
_LTE_ACT = 7


def read_enabled(answer: Answer) -> Iterator[Observation | str]:
    """`*BAND:<mode>,<gsm>,<umts>,<lte 33-64>,<lte 1-32>,..`: decimal, the high LTE word first."""
    for record in answer.named("*BAND"):
        words = [within(integer(field), 0, _WORD) for field in record.fields[2:5]]
        umts, high, low = [*words, None, None, None][:3]
        if umts is None or high is None or low is None:
            yield f"line {record.line}: not mode, GSM, UMTS and two LTE words: {record.raw[:80]!r}"
            continue
        yield from _bands(record, "umts", umts)
        yield from _bands(record, "lte", high << 32 | low)


def _bands(record: Record, rat: Rat, mask: int) -> Iterator[Observation | str]:
    where = Source(line=record.line)
    bands = bands_of_mask(mask)
    if means_unlimited(mask, rat):
        yield EnabledBands(rat=rat, bands=None, unlimited=True, source=where)
    elif not bands:
        yield f"line {record.line}: the {rat} words are 0: not told"
    elif strangers := unknown_bands(rat, bands):
        yield f"line {record.line}: the {rat} words name {strangers}, which are no bands: unreadable"
    else:
        yield EnabledBands(rat=rat, bands=bands, source=where)


def read_band_indicator(answer: Answer) -> Iterator[Observation | str]:
    """`*BANDIND: <report>,<band>,<AcT>`: the serving band; read only where AcT says LTE (7)."""
    for record in answer.named("*BANDIND"):
        fields = [integer(field) for field in record.fields]
        if len(fields) != 3 or fields[2] != _LTE_ACT or fields[1] is None or not is_band("lte", fields[1]):
            yield f"line {record.line}: no LTE band with its access technology: {record.raw[:80]!r}"
            continue
        band = fields[1]
        yield ServingCell(
            rat="lte", band=band, band_reported=band, band_source="reported", source=Source(line=record.line)
        )


def read_engineering(answer: Answer) -> Iterator[Observation | str]:
    """`+EEMLTESVC:<mcc>,<mnc digits>,<mnc>,<tac>,<pci>,<earfcn>,<uplink earfcn>,<band>,<bandwidth 0..5>,..`.

    MCC and MNC are decimals of hexadecimal digits (1120 = 0x460 = "460"). Behind the bandwidth two layouts exist.
    """
    for record in answer.named("+EEMLTESVC"):
        values = [integer(field) for field in record.fields[:9]]
        if len(values) < 9:
            yield f"line {record.line}: fewer than nine values: {record.raw[:80]!r}"
            continue
        yield from _cell(record, values)


def _plmn(mcc: int | None, digits: int | None, mnc: int | None) -> str | None:
    if mcc is None or mnc is None or mcc < 0 or mnc < 0 or digits not in {2, 3}:
        return None
    plmn = parse_plmn(f"{mcc:03x}-{mnc:0{digits}x}")
    return str(plmn) if plmn and len(plmn.mnc) == digits else None


def _cell(record: Record, values: list[int | None]) -> Iterator[Observation | str]:
    mcc, digits, mnc, area, cell, earfcn, _, band, width = values
    plmn = _plmn(mcc, digits, mnc)
    earfcn = within(earfcn, 0, 262143)
    earfcn = None if earfcn == 0 and not band else earfcn
    reading = read_lte_band(earfcn, band)
    if plmn is None and reading.source != "both":
        yield f"line {record.line}: no serving cell: {record.raw[:80]!r}"
        return
    if reading.conflict:
        yield f"line {record.line}: EARFCN {earfcn} does not lie in band {band}"
    yield ServingCell(
        rat="lte",
        plmn=plmn,
        arfcn=earfcn,
        band=reading.band,
        band_candidates=reading.candidates or None,
        band_reported=reading.reported,
        band_source=reading.source,
        pci=pci(cell, rat="lte"),
        tac=tac(area, rat="lte"),
        bandwidth_khz=None if width is None else lte_khz_of_index(width),
        source=Source(line=record.line),
    )


def _claims(modem: Modem) -> bool:
    return re.search(r"\basr\b|marvell", modem.manufacturer or "", re.IGNORECASE) is not None or modem.is_model(
        r"\bASR\d{4}", r"_ASR\d{4}", r"\bAir72\d"
    )


DIALECT = Dialect(
    name="asr",
    claims=_claims,
    readers=(
        Reader(r"AT\*BAND\?", read_enabled, tells=("enabled",)),
        Reader(r"AT\*BANDIND\?", read_band_indicator, tells=()),
        Reader(r"AT\+EEMGINFO\?", read_engineering, ("+EEMLTESVC",), tells=("serving",)),
    ),
    plan=lambda _modem: ("AT*BAND?", "AT+EEMGINFO?", "AT*BANDIND?"),
    kinds=(ModemKind("ASR and Marvell", "ASR1802"),),
)
