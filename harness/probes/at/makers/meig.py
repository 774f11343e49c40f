"""MeiG: ^SYSCFGEX as Huawei's, ^CELLINFO=1, and +MENG, a copy of Quectel's +QENG (at-dialects.md 12, 15.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import CellLock, Observation, Signal, Source
from harness.probes.at.chips.huawei import read_syscfgex, read_syscfgex_test
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, plmn
from harness.probes.at.language.values import decimal_number, hexadecimal, integer
from harness.radio.bandwidths import NR_WIDTHS_KHZ, lte_khz_of_index
from harness.radio.tables import is_band

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem


def _read_meng(answer: AtAnswer) -> Iterator[Observation | str]:
    """`"servingcell",<state>,"LTE",<duplex>,MCC,MNC,<CI hex>,PCI,EARFCN,band,ul index,dl index,<TAC hex>,levels`."""
    for record in answer.named("+MENG"):
        fields = record.fields
        if fields[0].lower() != "servingcell":
            continue
        state = fields[1].upper() if len(fields) > 1 else ""
        if len(fields) < 13 or fields[2].upper() != "LTE":
            yield f"line {record.line}: no LTE serving cell ({', '.join(fields[1:3])})"
            continue
        index = integer(fields[11])
        yield from cell(
            "lte",
            integer(fields[8]),
            integer(fields[9]),
            line=record.line,
            plmn=plmn(fields[4], fields[5]),
            pci=integer(fields[7]),
            tac=hexadecimal(fields[12]),
            khz=lte_khz_of_index(index) if index is not None else None,
            registered=False if state in {"LIMSRV", "SEARCH"} else None,
        )
        levels = [decimal_number(text) for text in (*fields[13:17], "", "", "", "")]
        if levels[0] is not None and -156 <= levels[0] <= -31:
            yield Signal(
                source=Source(line=record.line),
                rat="lte",
                rsrp_dbm=levels[0],
                rsrq_db=levels[1],
                rssi_dbm=levels[2],
                sinr_db=levels[3],
            )


def _read_cellinfo(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^CELLINFO: "LTE"|"LTE-NR",duplex,MCC,MNC,..,PCI,..,CI,TAC,band,..`: no place of the channel is known."""
    for record in answer.named("^CELLINFO"):
        fields = record.fields
        if fields[0].upper().startswith("NR") and len(fields) >= 9:
            yield from _cellinfo_5g(record)
            continue
        if fields[0].upper() not in {"LTE", "LTE-NR"} or len(fields) < 10:
            yield f"line {record.line}: ^CELLINFO of {fields[0]!r} cannot be read"
            continue
        band = integer(fields[9].upper().removeprefix("BAND").removeprefix("B"))
        who = plmn(fields[2], fields[3])
        yield from cell("lte", None, band, line=record.line, plmn=who, pci=integer(fields[5]))
        if fields[0].upper() == "LTE-NR":
            yield f"line {record.line}: the NR part of ^CELLINFO is not documented"


def _cellinfo_5g(record: AtRecord) -> Iterator[Observation | str]:
    """`NR,<duplex>,MCC,MNC,<cell id>,PCI,TAC,<band>,<bandwidth>,<scs>,..` (SRM8xx): its channel has no known place.

    The layout is known of a script alone: what does not fit it (a band with its bandwidth, a PCI) is not read.
    """
    fields = record.fields
    band = integer(fields[7].upper().removeprefix("BAND").removeprefix("N"))
    mhz = integer(fields[8])
    if band is None or not is_band("nr", band) or plmn(fields[2], fields[3]) is None:
        yield f"line {record.line}: ^CELLINFO of {fields[0]!r} cannot be read"
        return
    khz = mhz * 1000 if mhz is not None and mhz * 1000 in NR_WIDTHS_KHZ else None
    who = plmn(fields[2], fields[3])
    yield from cell("nr", None, band, line=record.line, plmn=who, pci=integer(fields[5]), khz=khz)


def _read_lock(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^CELLLOCK: 1,"LTE",..`: a lock of the cell; 0 is none."""
    states = [record.fields[0] for record in answer.named("^CELLLOCK")]
    if "1" in states:
        yield CellLock(locked=True)
    elif "0" in states:
        yield CellLock(locked=False)


def _claims(modem: Modem) -> bool:
    return "meig" in (modem.manufacturer or "").lower() or modem.is_model(r"\b(?:SLM|SRM|SLT)\d{3}")


def _plan(modem: Modem) -> tuple[str, ...]:
    serving = 'AT+MENG="servingcell"' if modem.is_model(r"SLM7[57]0|SLM770") else "AT^CELLINFO=1"
    return ("AT^SYSCFGEX=?", "AT^SYSCFGEX?", serving, "AT^CELLLOCK?")


DIALECT = Dialect(
    "meig",
    _claims,
    (
        Reader(r'AT\+MENG=(?i:"servingcell")', _read_meng, tells=("serving",)),
        Reader(r"AT\^CELLINFO=1", _read_cellinfo, tells=("serving",)),
        Reader(r"AT\^CELLLOCK\?", _read_lock, tells=()),
        Reader(r"AT\^SYSCFGEX\?", read_syscfgex, tells=("enabled",)),
        Reader(r"AT\^SYSCFGEX=\?", read_syscfgex_test, tells=("supported",)),
    ),
    _plan,
    (r'AT\+MENG="(?:SERVINGCELL|NEIGHBOURCELL)"', r"AT\^CELLINFO=1"),
    nr_models=(r"\bSRM8",),
    kinds=(
        ModemKind("SLM7xx", "SLM770A", ()),
        ModemKind("5G (SRM8xx)", "SRM825", ()),
    ),
)
