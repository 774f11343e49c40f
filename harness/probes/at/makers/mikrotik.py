"""MikroTik R11e: *BANDIND? of its ASR platform, #RFSTS in Telit's form (reference at-dialects.md section 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell
from harness.probes.at.language.values import hexadecimal, integer
from harness.radio.plmn import parse_plmn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation
    from harness.probes.at.language.answer import AtAnswer, Modem


def _read_bandind(answer: AtAnswer) -> Iterator[Observation | str]:
    """`*BANDIND: <n>,<band>,<AcT>`; the last is the access technology (7 LTE), no second band."""
    for record in answer.named("*BANDIND"):
        fields = record.fields
        if len(fields) < 3 or fields[2] != "7":
            yield f"line {record.line}: *BANDIND without LTE (access technology {','.join(fields[2:3]) or 'missing'})"
            continue
        yield from cell("lte", None, integer(fields[1]), line=record.line)


def _read_rfsts(answer: AtAnswer) -> Iterator[Observation | str]:
    """LTE: `#RFSTS: "<mcc mnc>",EARFCN,RSRP,RSSI,RSRQ,TAC,..`. GSM and UTRA lack the three levels."""
    for record in answer.named("#RFSTS"):
        fields = record.fields
        levels = fields[2:5]
        if len(fields) < 6 or not all(text.startswith("-") for text in levels):
            yield f"line {record.line}: #RFSTS is not in the LTE layout"
            continue
        who = parse_plmn(fields[0])
        tac = hexadecimal(fields[5])
        yield from cell("lte", integer(fields[1]), None, line=record.line, plmn=str(who) if who else None, tac=tac)


def _claims(modem: Modem) -> bool:
    return "mikrotik" in (modem.manufacturer or "").lower() or modem.is_model(r"\bR11e")


DIALECT = Dialect(
    "mikrotik",
    _claims,
    (
        Reader(r"AT\*BANDIND\?", _read_bandind, tells=()),
        Reader(r"AT#RFSTS\??", _read_rfsts, tells=("serving",)),
    ),
    lambda _modem: ("AT*BANDIND?", "AT#RFSTS"),
    (r"AT#RFSTS",),
    no_lock="no public text tells how an R11e is set to bands",
    kinds=(ModemKind("R11e", "R11e-LTE6"),),
)
