"""ASR and Marvell modems (reference at-dialects.md sections 12 and 15.6)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Source
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem, split_fields
from harness.probes.at.language.facts import cell, plmn
from harness.probes.at.language.values import integer, pci, tac, within
from harness.radio.bandwidths import lte_khz_of_index, lte_khz_of_resource_blocks
from harness.radio.channels import read_lte_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import parse_plmn
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.locking import Locking

_WORD = (1 << 32) - 1
_LTE_ACT = 7


def read_enabled(answer: AtAnswer) -> Iterator[Observation | str]:
    """`*BAND:<mode>,<gsm>,<umts>,<lte 33-64>,<lte 1-32>,..`: decimal, the high LTE word first."""
    for record in answer.named("*BAND"):
        words = [within(integer(field), 0, _WORD) for field in record.fields[2:5]]
        umts, high, low = [*words, None, None, None][:3]
        if umts is None or high is None or low is None:
            yield f"line {record.line}: not mode, GSM, UMTS and two LTE words: {record.raw[:80]!r}"
            continue
        yield from _bands(record, "umts", umts)
        yield from _bands(record, "lte", high << 32 | low)


def _bands(record: AtRecord, rat: Rat, mask: int) -> Iterator[Observation | str]:
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


def read_band_indicator(answer: AtAnswer) -> Iterator[Observation | str]:
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


def read_engineering(answer: AtAnswer) -> Iterator[Observation | str]:
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


def _cell(record: AtRecord, values: list[int | None]) -> Iterator[Observation | str]:
    mcc, digits, mnc, area, physical, earfcn, _, band, width = values
    who = _plmn(mcc, digits, mnc)
    earfcn = within(earfcn, 0, 262143)
    earfcn = None if earfcn == 0 and not band else earfcn
    reading = read_lte_band(earfcn, band)
    if who is None and reading.source != "both":
        yield f"line {record.line}: no serving cell: {record.raw[:80]!r}"
        return
    if reading.conflict:
        yield f"line {record.line}: EARFCN {earfcn} does not lie in band {band}"
    yield ServingCell(
        rat="lte",
        plmn=who,
        arfcn=earfcn,
        band=reading.band,
        band_candidates=reading.candidates or None,
        band_reported=reading.reported,
        band_source=reading.source,
        pci=pci(physical, rat="lte"),
        tac=tac(area, rat="lte"),
        bandwidth_khz=None if width is None else lte_khz_of_index(width),
        source=Source(line=record.line),
    )


def read_cced(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+CCED:LTE current cell:` MCC, MNC, IMSI, roaming, band, bandwidth, EARFCN, cell id, RSRP, RSRQ, TAC, Srxlev, PCI.

    All decimal (OpenLuat); the bandwidth is an index, or `n` and the resource blocks. Neighbours have another label.
    """
    for record in answer.named("+CCED"):
        label, _, text = record.text.partition(":")
        if " ".join(label.lower().split()) != "lte current cell":
            continue
        fields = split_fields(text)
        if len(fields) < 13:
            yield f"line {record.line}: +CCED with {len(fields)} fields is no LTE cell"
            continue
        yield from cell(
            "lte",
            integer(fields[6]),
            integer(fields[4]),
            line=record.line,
            plmn=plmn(fields[0], fields[1]),
            pci=integer(fields[12]),
            tac=integer(fields[10]),
            khz=_width(fields[5]),
        )


def _width(text: str) -> int | None:
    blocks = text[:1].lower() == "n"
    value = integer(text[1:] if blocks else text)
    if value is None:
        return None
    return lte_khz_of_resource_blocks(value) if blocks else lte_khz_of_index(value)


def _claims(modem: Modem) -> bool:
    return re.search(r"\basr\b|marvell", modem.manufacturer or "", re.IGNORECASE) is not None or modem.is_model(
        r"\bASR\d{4}", r"_ASR\d{4}", r"\bAir7[28]\d"
    )


def _plan(modem: Modem) -> tuple[str, ...]:
    serving = "AT+CCED=0,1" if modem.is_model(_OPENLUAT) else "AT+EEMGINFO?"
    return ("AT*BAND?", serving, "AT*BANDIND?")


_OPENLUAT = r"\bAir7[28]\d"


def _locking(modem: Modem) -> Locking | None:
    from .asr_locks import locking

    return locking(modem)


DIALECT = Dialect(
    name="asr",
    claims=_claims,
    readers=(
        Reader(r"AT\*BAND\?", read_enabled, tells=("enabled",)),
        Reader(r"AT\+CCED=0,1", read_cced, tells=("serving",)),
        Reader(r"AT\*BANDIND\?", read_band_indicator, tells=()),
        Reader(r"AT\+EEMGINFO\?", read_engineering, ("+EEMLTESVC",), tells=("serving",)),
    ),
    plan=_plan,
    read_forms=(r"AT\+CCED=0,[12]",),
    locking=_locking,
    kinds=(ModemKind("ASR and Marvell", "ASR1802"), ModemKind("OpenLuat Air72x, Air78x", "Air780E")),
)
