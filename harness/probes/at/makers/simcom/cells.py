"""SIMCom's +CPSI and +CMGRMI: the serving cells in all known forms (reference at-dialects.md sections 6 and 15.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import NrState, Rat, Registration, Service, ServingCell, Signal, Source
from harness.probes.at.language.facts import cell
from harness.probes.at.language.values import hexadecimal, integer
from harness.radio.bandwidths import lte_khz_of_index, nr_khz_of_index
from harness.radio.plmn import parse_plmn, plmn_of_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, AtRecord

_LTE_WORDS: dict[str, Rat] = {"LTE": "lte", "LTE CAT-M1": "lte_m", "LTE M1": "lte_m", "LTE NB-IOT": "nb_iot"}


def read_cells(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CPSI?`: one line a cell; `NO SERVICE` and the EN-DC notice are answers without a cell."""
    for record in answer.named("+CPSI"):
        parts = record.fields
        word = " ".join(parts[0].upper().split())
        if word == "NO SERVICE":
            yield Service(name="radio", state="no_service", source=Source(line=record.line))
            yield Registration(state="not_registered", source=Source(line=record.line))
        elif word in _LTE_WORDS:
            yield from _lte(record, _LTE_WORDS[word])
        elif word in {"NR5G", "NR5G_NSA", "NR5G_SA"}:
            yield from _nr(record, word)
        elif word in {"WCDMA", "UMTS"}:
            yield from _umts(record)
        elif word == "GSM":
            yield from _gsm(record)
        elif "EN-DC" not in word:
            yield f"+CPSI: no known form begins with {parts[0][:40]!r}"


def _at(parts: Sequence[str], index: int) -> str:
    return parts[index] if index < len(parts) else ""


def _band(text: str) -> int | None:
    match = re.fullmatch(r"(?:EUTRAN-BAND|NR5G_BAND|NR5G-BAND)\s*(\d{1,3})", text.strip(), re.IGNORECASE)
    return int(match[1]) if match else None


def _plmn(text: str) -> str | None:
    plmn = parse_plmn(text)
    return str(plmn) if plmn else None


def _online(parts: Sequence[str]) -> bool | None:
    """Whether the modem serves by its system state: in Low Power Mode or Offline the cell is its last one."""
    return None if _at(parts, 1).upper() in {"ONLINE", ""} else False


def _levels(rat: Rat, rsrp: int | None, rsrq: int | None, line: int) -> Iterator[Signal]:
    """The scale shows in the RSRP alone: whole dBm, tenths, or (positive) the index of TS 36.133 9.1.4."""
    if rsrp is None:
        return
    if -140 <= rsrp <= -44:
        scaled, quality = float(rsrp), None if rsrq is None else float(rsrq)
    elif -1400 <= rsrp < -440:
        scaled, quality = rsrp / 10, None if rsrq is None else rsrq / 10
    elif 0 < rsrp <= 97 and not rat.startswith("nr"):
        scaled, quality = float(rsrp - 141), None if rsrq is None else rsrq / 2 - 20
    else:
        return
    if quality is not None and not -45 <= quality <= 20:
        quality = None
    yield Signal(rat=rat, rsrp_dbm=scaled, rsrq_db=quality, source=Source(line=line))


def _lte(record: AtRecord, rat: Rat) -> Iterator[Observation | str]:
    parts = record.fields
    if len(parts) < 8:
        yield f"+CPSI: {len(parts)} fields are too few for LTE"
        return
    width = integer(_at(parts, 8))
    # NB-IoT has one physical resource block; its bandwidth field is a filler.
    khz = lte_khz_of_index(width) if width is not None and rat != "nb_iot" else None
    yield from cell(
        rat,
        arfcn=integer(parts[7]),
        band=_band(parts[6]),
        pci=integer(parts[5]),
        tac=hexadecimal(parts[3]) if parts[3].lower().startswith("0x") else None,
        plmn=_plmn(parts[2]),
        khz=khz,
        registered=_online(parts),
        line=record.line,
    )
    yield from _levels(rat, integer(_at(parts, 11)), integer(_at(parts, 10)), record.line)


def _nr(record: AtRecord, word: str) -> Iterator[Observation | str]:
    parts = record.fields
    is_leg = word == "NR5G_NSA" or (word == "NR5G" and integer(_at(parts, 1)) is not None)
    start = 1 if is_leg else 5
    named = _band(_at(parts, start + 1))
    has_name = not re.fullmatch(r"\d{1,7}", _at(parts, start + 1))
    channel = start + 2 if has_name else start + 1
    arfcn = integer(_at(parts, channel)) or None
    if arfcn is None or len(parts) <= channel:
        yield "+CPSI: the NR line has no channel"
        return
    tac = _at(parts, 3)
    width = integer(_at(parts, channel + 5))
    yield from cell(
        "nr_nsa" if is_leg else "nr_sa",
        role="pscell" if is_leg else "pcell",
        arfcn=arfcn,
        band=named,
        pci=integer(_at(parts, start)),
        tac=hexadecimal(tac) if not is_leg and tac.lower().startswith("0x") else None,
        plmn=None if is_leg else _plmn(_at(parts, 2)),
        khz=nr_khz_of_index(width) if width is not None and has_name else None,
        registered=None if is_leg else _online(parts),
        line=record.line,
    )
    yield NrState(mode="nsa_connected" if is_leg else "sa", source=Source(line=record.line))
    first, second = integer(_at(parts, channel + 1)), integer(_at(parts, channel + 2))
    old_leg = is_leg and not has_name
    rsrp, rsrq = (second, first) if old_leg else (first, second)
    yield from _levels("nr_nsa" if is_leg else "nr_sa", rsrp, rsrq, record.line)


def _umts(record: AtRecord) -> Iterator[Observation | str]:
    parts = record.fields
    yield from cell(
        "umts",
        arfcn=integer(_at(parts, 7)),
        pci=integer(_at(parts, 6)),
        plmn=_plmn(_at(parts, 2)),
        registered=_online(parts),
        line=record.line,
    )


def _gsm(record: AtRecord) -> Iterator[Observation | str]:
    """Channel and band share one field: `754 DCS 1800`."""
    parts = record.fields
    match = re.match(r"(\d{1,4})\b", _at(parts, 5))
    if match is None and not _plmn(_at(parts, 2)):
        yield "+CPSI: the GSM line names no cell"
        return
    arfcn = int(match[1]) if match else None
    yield ServingCell(rat="gsm", arfcn=arfcn, plmn=_plmn(_at(parts, 2)), source=Source(line=record.line))


def read_details(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+CMGRMI=4` on LTE: channel, PLMN, TAC and PCI of the serving cell. The SCell's layout is not known."""
    for record in answer.named("+CMGRMI"):
        name, *rest = record.fields
        if name.upper() == "SERVING_CELL" and len(rest) >= 12:
            mcc, mnc = integer(rest[1]), integer(rest[2])
            digits = len(rest[2]) if len(rest[2]) in {2, 3} else None
            plmn = plmn_of_numbers(mcc, mnc, mnc_digits=digits) if mcc is not None and mnc is not None else None
            yield from cell(
                "lte",
                arfcn=integer(rest[0]),
                pci=integer(rest[10]),
                tac=integer(rest[3]),
                plmn=str(plmn) if plmn else None,
                line=record.line,
            )
        elif name.upper().startswith("CA_SCELL") and any(integer(value) for value in rest):
            yield "+CMGRMI: the layout of CA_Scell is not known, its values are not read"


_SERVING_STATES = {"NOCONN": None, "CONNECT": None, "LIMSRV": False}


def read_serving(answer: AtAnswer) -> Iterator[Observation | str]:
    """`AT+QENG="servingcell"` of the SIM8230G: a name of Quectel's with the fields of +CPSI.

    `"servingcell",<state>,"LTE",<duplex>,MCC,MNC,<cell id>,PCI,EUTRAN-BANDn,EARFCN,ul,dl,0x<TAC>,levels in tenths`.
    """
    for record in answer.named("+QENG"):
        parts = record.fields
        state = _at(parts, 1).upper()
        if state in {"SEARCH", ""}:
            continue
        band = _band(_at(parts, 8))
        if _at(parts, 2).upper() != "LTE" or state not in _SERVING_STATES or band is None or len(parts) < 13:
            yield f"line {record.line}: no LTE serving cell of a known layout: {record.raw[:80]!r}"
            continue
        width, tac = integer(parts[11]), parts[12]
        yield from cell(
            "lte",
            arfcn=integer(parts[9]),
            band=band,
            pci=integer(parts[7]),
            tac=hexadecimal(tac) if tac.lower().startswith("0x") else None,
            plmn=_plmn(f"{parts[4]}-{parts[5]}"),
            khz=lte_khz_of_index(width) if width is not None else None,
            registered=_SERVING_STATES[state],
            line=record.line,
        )
        yield from _levels("lte", integer(_at(parts, 13)), integer(_at(parts, 14)), record.line)
