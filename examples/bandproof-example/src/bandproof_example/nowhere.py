"""Modems of Nowhere Wireless (made up): AT+NWBAND for bands, AT+NWCELL for the serving cell.

LTE bands are a hexadecimal mask in which bit n-1 is band n, NR bands are numbers between colons; ALL is no restriction.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.extending import Dialect, Reader, facts, hexadecimal, integer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.extending import AtAnswer, AtRecord, Modem, Observation, Rat

_RATS: dict[str, Rat] = {"LTE": "lte", "NR": "nr"}


def read_bands(answer: AtAnswer, *, supports: bool) -> Iterator[Observation | str]:
    """`+NWBAND: LTE,<mask>` and `+NWBAND: NR,<n>:<n>`; of `=?` the bands of the hardware, of `?` those configured."""
    for record in answer.named("+NWBAND"):
        fields = record.fields
        if len(fields) != 2 or fields[0].upper() not in _RATS:
            yield f"line {record.line}: no band list: {record.raw[:80]!r}"
        elif fields[1].upper() == "ALL" and not supports:
            yield facts.enabled(_RATS[fields[0].upper()], None, record.line)
        elif fields[0].upper() == "LTE":
            yield from _lte(record, fields[1], supports=supports)
        else:
            yield from _nr(record, fields[1], supports=supports)


def _lte(record: AtRecord, text: str, *, supports: bool) -> Iterator[Observation | str]:
    mask = hexadecimal(text)
    if mask is None:
        yield f"line {record.line}: no mask: {record.raw[:80]!r}"
    elif supports:
        yield from facts.supported_by_mask("lte", mask, record.line)
    else:
        yield from facts.enabled_by_mask("lte", mask, record.line)


def _nr(record: AtRecord, text: str, *, supports: bool) -> Iterator[Observation | str]:
    bands = [integer(part) for part in text.split(":")]
    if None in bands:
        yield f"line {record.line}: no NR bands: {record.raw[:80]!r}"
    else:
        yield from facts.of_list("nr", [band for band in bands if band is not None], record.line, supports=supports)


def read_cell(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+NWCELL: LTE,<mcc>,<mnc>,<EARFCN>,<band>,<PCI>,<TAC hex>,<REG|CAMP>`; `+NWCELL: NONE` while it searches.

    REG says nothing that +CEREG does not say better; CAMP is a cell without service.
    """
    for record in answer.named("+NWCELL"):
        fields = record.fields
        if fields[0].upper() == "NONE":
            continue
        if len(fields) != 8 or fields[0].upper() != "LTE" or fields[7].upper() not in {"REG", "CAMP"}:
            yield f"line {record.line}: no serving cell: {record.raw[:80]!r}"
            continue
        yield from facts.cell(
            "lte",
            integer(fields[3]),
            integer(fields[4]),
            line=record.line,
            plmn=facts.plmn(fields[1], fields[2]),
            pci=integer(fields[5]),
            tac=hexadecimal(fields[6]),
            registered=False if fields[7].upper() == "CAMP" else None,
        )


def _claims(modem: Modem) -> bool:
    return "nowhere wireless" in (modem.manufacturer or "").lower() or modem.is_model(r"\bNW\d{3}\b")


DIALECT = Dialect(
    name="nowhere",
    claims=_claims,
    readers=(
        Reader(r"AT\+NWBAND=\?", partial(read_bands, supports=True), tells=("supported",)),
        Reader(r"AT\+NWBAND\?", partial(read_bands, supports=False), tells=("enabled",)),
        Reader(r"AT\+NWCELL", read_cell, tells=("serving",)),
    ),
    plan=lambda _modem: ("AT+NWBAND=?", "AT+NWBAND?", "AT+NWCELL"),
    read_forms=(r"AT\+NWCELL",),
    aliases=("nowhere-wireless",),
    unsolicited=("+NWIND", "NWREADY"),
    personal={"+NWBOARD": "serial"},
    cell_records={"+NWCELL": (None, 6)},
)
