"""Serving cells of Quectel modems: +QNWINFO, +QENG="servingcell", +QCAINFO.

Grammar: Quectel LTE and 5G AT manuals as gathered in at-dialects.md sections 2 and 15.2. None of these answers proves
registration: they may print the last cell of a modem without a SIM (section 15.1). Only LIMSRV denies it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Network, NrState, Observation, Registration, ServingCell, Signal, Sim, Source
from harness.probes.at.language.values import hexadecimal, integer, pci, tac, within
from harness.radio.bandwidths import (
    NR_KHZ_BY_INDEX,
    NR_WIDTHS_KHZ,
    lte_khz_of_index,
    nr_khz_of_index,
)
from harness.radio.channels import BandReading, read_lte_band, read_nr_band, read_umts_band
from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .bands_5g import UNISOC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat, Role
    from harness.probes.at.language.answer import AtAnswer, AtRecord

_LTE_LIKE: dict[str, Rat] = {
    "LTE": "lte",
    "EMTC": "lte_m",
    "CATM": "lte_m",
    "CATM1": "lte_m",
    "LTEM": "lte_m",
    "NBIOT": "nb_iot",
    "CATNB": "nb_iot",
    "CATNB1": "nb_iot",
    "CATNB2": "nb_iot",
}
_UMTS_CLASSES = {2100: 1, 1900: 2, 850: 5, 900: 8}
_GSM_CLASSES = {850, 900, 1800, 1900}
_TOP_CHANNEL: dict[str, int] = {"umts": 16383, "gsm": 1023, "nr": 3279165}
_LTE_TOP_CHANNEL = 262143
_EARFCN_UNSET = 65535
_TOP_SCS = 240
"""kHz; the field holds an index or kHz."""
_SERVING_STATES = {"NOCONN": None, "CONNECT": None, "LIMSRV": False}
"""The states of +QENG in which a cell is told, and whether the modem is registered on it: idle tells it not."""


def at(fields: Sequence[str], index: int) -> str:
    """The field, or "" where the line is shorter."""
    return fields[index] if index < len(fields) else ""


def rat_of(words: str) -> Rat | None:
    """The radio technology of an AcT as Quectel writes it: "FDD LTE", "TDD NR5G", "eMTC", "HSPA+", "EDGE"."""
    word = re.sub(r"[\s_-]", "", words.upper())
    word = re.sub(r"^[FT]DD", "", word)
    if word in _LTE_LIKE:
        return _LTE_LIKE[word]
    if word.startswith(("NR5G", "NR")):
        return "nr"
    if word.startswith(("WCDMA", "HSDPA", "HSUPA", "HSPA", "UMTS")):
        return "umts"
    if word in {"GSM", "GPRS", "EDGE", "EGPRS"}:
        return "gsm"
    return None


def plmn_of(mcc: str, mnc: str) -> str | None:
    """The PLMN of two printed fields; an MNC of one digit lost its leading zeros."""
    if re.fullmatch(r"\d{3}", mcc) and re.fullmatch(r"\d{2,3}", mnc):
        found = parse_plmn(mcc + mnc)
    elif re.fullmatch(r"\d{1,3}", mcc) and re.fullmatch(r"\d", mnc):
        found = plmn_of_numbers(int(mcc), int(mnc))
    else:
        found = None
    return str(found) if found else None


def channel(rat: Rat, text: str) -> int | None:
    """A channel number in the range of the RAT; 0 (but on LTE and GSM) and the unset values are None."""
    if rat in {"lte", "lte_m", "nb_iot"}:
        value = within(integer(text), 0, _LTE_TOP_CHANNEL)
        return None if value == _EARFCN_UNSET else value
    return within(integer(text), 0 if rat == "gsm" else 1, _TOP_CHANNEL["nr" if rat.startswith("nr") else rat])


def band_named(rat: Rat, text: str) -> int | None:
    """The number in "LTE BAND 3" or "NR5G BAND 78"; for UMTS and GSM the number of the frequency class."""
    number = re.search(r"(\d{1,4})\s*$", text)
    if number is None:
        return None
    value = int(number[1])
    if rat == "umts":
        return value if "BAND" in text.upper() else _UMTS_CLASSES.get(value)
    if rat == "gsm":
        return value if value in _GSM_CLASSES else None
    return value


def read_band(rat: Rat, arfcn: int | None, reported: int | None) -> BandReading:
    """Channel and named band reconciled by the rule of the RAT."""
    if rat.startswith("nr"):
        return read_nr_band(arfcn, reported)
    if rat == "umts":
        return read_umts_band(arfcn, reported)
    if rat == "gsm":
        return BandReading(reported, (), reported, "reported" if reported else None)
    return read_lte_band(arfcn, reported)


def cell(
    record: AtRecord,
    rat: Rat,
    arfcn: int | None,
    reported: int | None,
    *,
    role: Role = "pcell",
    active: bool | None = None,
    registered: bool | None = None,
    plmn: str | None = None,
    physical: int | None = None,
    area: int | None = None,
    width: int | None = None,
) -> Iterator[Observation | str]:
    """One serving cell, with a warning where channel and band contradict each other; none for a line without facts."""
    band = read_band(rat, arfcn, reported)
    if band.conflict:
        wrap = ", the channel is stored in 16 bits" if band.wrapped else ""
        yield f"line {record.line}: channel {arfcn} and band {band.reported} contradict each other{wrap}"
    if arfcn is None and band.band is None and physical is None:
        return
    yield ServingCell(
        source=Source(line=record.line),
        role=role,
        active=active,
        rat=rat,
        registered=registered,
        plmn=plmn,
        arfcn=arfcn,
        band=band.band,
        band_candidates=band.candidates if len(band.candidates) > 1 else None,
        band_reported=band.reported,
        pci=physical,
        tac=area,
        bandwidth_khz=width,
        band_source=band.source,
    )


def read_qnwinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QNWINFO: "<AcT>","<plmn>","<band>",<channel>`; two lines in EN-DC, LTE first."""
    told = _nsa_channels(answer)
    anchored = any(rat_of(at(record.fields, 0)) == "lte" for record in answer.named("+QNWINFO"))
    for record in answer.named("+QNWINFO"):
        fields = record.fields
        rat = rat_of(at(fields, 0))
        if rat is None:
            if re.search(r"NO\s*SERVICE", record.text, re.IGNORECASE):
                yield Registration(source=Source(line=record.line), state="not_registered")
            else:
                yield f"line {record.line}: no known access technology in {record.raw[:80]!r}"
            continue
        leg = rat == "nr" and (anchored or "NSA" in at(fields, 0).upper())
        arfcn, band = channel(rat, at(fields, 3)), band_named(rat, at(fields, 2))
        if (leg and arfcn in told) or (arfcn is None and band is None):
            # Told more fully by +QENG, or the placeholder of a leg that is not there.
            continue
        plmn = parse_plmn(at(fields, 1))
        yield from cell(
            record,
            rat,
            arfcn,
            band,
            role="pscell" if leg else "pcell",
            plmn=str(plmn) if plmn else None,
        )
        if rat == "nr":
            yield NrState(source=Source(line=record.line), mode="nsa_connected" if leg else "sa")


def _nsa_channels(answer: AtAnswer) -> set[int | None]:
    """Channels of NR legs that +QENG tells more fully in the same joined answer."""
    legs = (record.fields for record in answer.named("+QENG"))
    return {channel("nr", at(fields, 7)) for fields in legs if at(fields, 0).upper() == "NR5G-NSA"} - {None}


def read_qspn(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+QSPN: "<FNN>","<SNN>","<SPN>",<alphabet>,"<RPLMN>"`: names of the network and of the SIM."""
    for record in answer.named("+QSPN"):
        fields = record.fields
        where = Source(line=record.line)
        plmn = parse_plmn(at(fields, 4))
        plain = at(fields, 3) in {"0", ""}  # 1: the names are UCS2 in hexadecimal
        long_name, short_name, provider = (at(fields, i) or None if plain else None for i in range(3))
        if plmn:
            yield Network(source=where, plmn=str(plmn), status="current", long_name=long_name, short_name=short_name)
        if provider:
            yield Sim(source=where, operator=provider)


def read_qeng(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+QENG="servingcell"`: one line, or three in EN-DC (state, LTE anchor, NR leg).

    A cell is told only under a state that is known: a modem that camps without service (LIMSRV) prints the same lines
    as one that is attached.
    """
    state: str | None = None
    for record in answer.named("+QENG"):
        fields = record.fields
        word = at(fields, 0).lower()
        if word == "servingcell":
            state = at(fields, 1).upper()
            if state == "SEARCH":
                yield Registration(source=Source(line=record.line), state="searching")
                continue
            fields = fields[2:]
            if not fields:
                continue
        elif word.startswith("neighbourcell"):
            continue
        if state in _SERVING_STATES:
            yield from _qeng_cell(record, fields, _SERVING_STATES[state], unisoc=answer.modem.is_model(*UNISOC))
        else:
            what = "without the line that tells its state" if state is None else f"in the state {state[:20]!r}"
            yield f"line {record.line}: a cell {what}: whether it serves is open"


def _qeng_cell(
    record: AtRecord, fields: Sequence[str], registered: bool | None, *, unisoc: bool
) -> Iterator[Observation | str]:
    word = at(fields, 0).upper()
    rat = rat_of(word)
    if word == "NR5G-NSA":
        yield from _qeng_nsa(record, fields, unisoc=unisoc)
    elif rat == "nr":
        yield from _qeng_sa(record, fields, registered, unisoc=unisoc)
    elif rat in {"lte", "lte_m", "nb_iot"}:
        yield from _qeng_lte(record, rat, fields, registered)
    elif rat == "umts":
        plmn = plmn_of(at(fields, 1), at(fields, 2))
        yield from cell(record, rat, channel(rat, at(fields, 5)), None, registered=registered, plmn=plmn)
    elif rat == "gsm":
        plmn = plmn_of(at(fields, 1), at(fields, 2))
        arfcn = channel(rat, at(fields, 6))
        yield from cell(record, rat, arfcn, _gsm_class(arfcn, at(fields, 7)), registered=registered, plmn=plmn)
    else:
        yield f"line {record.line}: no serving cell of a known technology in {record.raw[:80]!r}"


def _qeng_lte(
    record: AtRecord, rat: Rat, fields: Sequence[str], registered: bool | None
) -> Iterator[Observation | str]:
    index = integer(at(fields, 9))
    # An NB-IoT carrier has 200 kHz whatever index is printed.
    width = lte_khz_of_index(index) if index is not None and rat != "nb_iot" else None
    yield from cell(
        record,
        rat,
        channel(rat, at(fields, 6)),
        integer(at(fields, 7)),
        registered=registered,
        plmn=plmn_of(at(fields, 2), at(fields, 3)),
        physical=pci(integer(at(fields, 5)), rat="lte"),
        area=tac(hexadecimal(at(fields, 10)), rat="lte"),
        width=width,
    )
    # SINR is raw on some modules and dB on others: not read.
    yield from _signal(record, rat, at(fields, 11), at(fields, 12), rssi=at(fields, 13))


def _qeng_sa(
    record: AtRecord, fields: Sequence[str], registered: bool | None, *, unisoc: bool
) -> Iterator[Observation | str]:
    yield from cell(
        record,
        "nr",
        channel("nr", at(fields, 7)),
        integer(at(fields, 8)),
        registered=registered,
        plmn=plmn_of(at(fields, 2), at(fields, 3)),
        physical=pci(integer(at(fields, 5)), rat="nr"),
        area=tac(hexadecimal(at(fields, 6)), rat="nr"),
        width=_nr_width(at(fields, 9), unisoc=unisoc),
    )
    yield NrState(source=Source(line=record.line), mode="sa")
    yield from _signal(record, "nr", at(fields, 10), at(fields, 11), sinr=at(fields, 12))


def _nr_width(text: str, *, unisoc: bool) -> int | None:
    """An index on Qualcomm's modules; Unisoc's, and whatever is beyond the indices, are MHz."""
    value = integer(text)
    if value is None:
        return None
    if unisoc or value >= len(NR_KHZ_BY_INDEX):
        return value * 1000 if value * 1000 in NR_WIDTHS_KHZ else None
    return nr_khz_of_index(value)


def _qeng_nsa(record: AtRecord, fields: Sequence[str], *, unisoc: bool) -> Iterator[Observation | str]:
    """The NR leg. A placeholder (PCI 65535, -32768, nothing at all) means that there is none.

    On Unisoc's modules the field of the bandwidth is a filler, and the anchor's TAC in decimal follows it.
    """
    physical = pci(integer(at(fields, 3)), rat="nr")
    arfcn = channel("nr", at(fields, 7))
    where = Source(line=record.line)
    if physical is None and arfcn is None:
        yield NrState(source=where, mode="none")
        return
    scs = integer(at(fields, 10))
    filler = unisoc or (scs is not None and scs > _TOP_SCS)
    yield from cell(
        record,
        "nr",
        arfcn,
        integer(at(fields, 8)),
        role="pscell",
        plmn=plmn_of(at(fields, 1), at(fields, 2)),
        physical=physical,
        width=None if filler else _nr_width(at(fields, 9), unisoc=False),
    )
    yield NrState(source=where, mode="nsa_connected")
    yield from _signal(record, "nr", at(fields, 4), at(fields, 6), sinr=at(fields, 5))


def _signal(
    record: AtRecord, rat: Rat, rsrp: str, rsrq: str, *, rssi: str = "", sinr: str = ""
) -> Iterator[Observation | str]:
    """Levels in dBm and dB; -140 and -32768 are placeholders."""
    power = within(integer(rsrp), -139, -20)
    quality = within(integer(rsrq), -43, 20)
    total = within(integer(rssi), -120, -10)
    ratio = within(integer(sinr), -23, 40)
    if power is None:
        return
    yield Signal(
        source=Source(line=record.line), rat=rat, rsrp_dbm=power, rsrq_db=quality, rssi_dbm=total, sinr_db=ratio
    )


def _gsm_class(arfcn: int | None, indicator: str) -> int | None:
    """MHz class of an ARFCN (TS 45.005 clause 2); 512..810 is DCS 1800 or PCS 1900 by the band indicator 0 or 1."""
    if arfcn is None:
        return None
    ranges = ((0, 124, 900), (975, 1023, 900), (128, 251, 850), (811, 885, 1800))
    for low, high, mhz in ranges:
        if low <= arfcn <= high:
            return mhz
    if 512 <= arfcn <= 810:
        return {"0": 1800, "1": 1900}.get(indicator)
    return None
