"""Cinterion, Thales, Telit Cinterion: ^SCFG band masks and ^SMONI (reference at-dialects.md section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, Source, SupportedBands
from harness.patterns import late
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.facts import cell, enabled, enabled_by_mask, plmn, supported, supported_by_mask
from harness.probes.at.language.values import decimal_number, hexadecimal, integer, plain
from harness.radio.bandwidths import LTE_WIDTHS_KHZ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord, Modem
    from harness.probes.at.locking import Locking

_COMBINED_UMTS = {4: 1, 5: 2, 6: 5, 7: 8, 8: 6, 9: 4, 10: 19, 12: 3}
_COMBINED_LTE = {13: 1, 14: 2, 15: 3, 16: 4, 17: 5, 18: 7, 19: 8, 20: 17, 21: 20, 22: 13, 24: 19}
_COMBINED_GSM = {0: 900, 1: 1800, 2: 850, 3: 1900}
_IMT_GSM = {2: 900, 4: 1800, 5: 1900, 6: 850}
"""Bits of the 2G band of the IMT family; the others count as in the combined number."""
_COMBINED_BITS = (1 << 26) - 1
_RATS: dict[str, Rat] = {"RADIO/BAND/4G": "lte", "RADIO/BAND/3G": "umts"}


def _read_scfg(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^SCFG: "Radio/Band/4G","<low hex>"[,"<high hex>"]`: low from B1, high from B33; older models have one number."""
    for record in answer.named("^SCFG"):
        name, *values = record.fields
        values = [_plain(value) for value in values]
        rat = _RATS.get(name.upper())
        if rat is not None and values:
            mask = _two_words(values)
            if mask is None:
                yield f"line {record.line}: {values} is no band mask"
            else:
                yield from enabled_by_mask(rat, mask, record.line)
        elif name.upper() == "RADIO/BAND/2G" and values:
            yield from _gsm(hexadecimal(values[0]), record, supports=False)
        elif name.upper() == "RADIO/BAND" and values:
            yield from _combined(integer(values[0]), record, supports=False)


_DIGITS = 8
"""Of a word; in UCS2 it has four times as many."""


def _plain(value: str) -> str:
    """A number as it is meant: a word of eight digits is one, though 00200041 looks like two signs of UCS2, ` A`."""
    meant = plain(value) if len(value) > _DIGITS else value
    return value if hexadecimal(meant) is None else meant


def _two_words(values: list[str]) -> int | None:
    low = hexadecimal(values[0])
    if low is None or low >> 32:
        return None
    if len(values) < 2 or len(values[1]) < 2:
        # one word, or the set form's "at once" flag behind it
        return low
    high = hexadecimal(values[1])
    return None if high is None else low | high << 32


_RANGE = late(r"(?<![0-9A-Fa-fx])(?:0x)?([0-9A-Fa-f]{1,64})\"?\s*-\s*\"?(?:0x)?([0-9A-Fa-f]{1,64})(?![0-9A-Fa-fx])")


def _read_scfg_test(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^SCFG: "Radio/Band/4G",("<low>-<high>"),("<low>-<high>")`: an upper bound is the mask."""
    for record in answer.named("^SCFG"):
        name = record.fields[0].upper()
        ranges = [(_plain(low), _digits(_plain(high))) for low, high in _RANGE.findall(record.text[len(name) + 2 :])]
        if name in _RATS and ranges:
            values = [upper for _, upper in ranges[:2] if len(upper) >= 2 or upper == ranges[0][1]]
            mask = _two_words(values)
            if mask is None:
                yield f"line {record.line}: {values} is no band mask"
            elif not mask:
                yield f"line {record.line}: a mask without any band says nothing of the hardware: not read"
            else:
                yield from supported_by_mask(
                    _RATS[name], mask, record.line, up_to=max(32 * len(values), mask.bit_length())
                )
        elif name == "RADIO/BAND/2G" and ranges:
            yield from _gsm(hexadecimal(ranges[0][1]), record, supports=True)
        elif name == "RADIO/BAND" and ranges:
            yield from _combined(integer(ranges[0][1]), record, supports=True)


def _digits(text: str) -> str:
    return text[2:] if text[:2].lower() == "0x" else text


def _gsm(mask: int | None, record: AtRecord, *, supports: bool) -> Iterator[Observation | str]:
    """The 2G mask, whose bits differ by family; 4 alone is EGSM 900 on one and GSM 850 on the other."""
    table = _IMT_GSM if mask is not None and mask & 0x70 else _COMBINED_GSM
    if mask is None or mask in {0, 4} or mask & ~sum(1 << bit for bit in table):
        yield f"line {record.line}: the bits of the 2G mask have no sure meaning: not read"
        return
    bands = [mhz for bit, mhz in table.items() if mask >> bit & 1]
    yield supported("gsm", bands, record.line) if supports else enabled("gsm", bands, record.line)


def _combined(mask: int | None, record: AtRecord, *, supports: bool) -> Iterator[Observation | str]:
    """The one number of older models: a decimal mask whose bits follow a table of their own."""
    if mask is None or mask > _COMBINED_BITS:
        yield f"line {record.line}: no band mask of the older form"
        return
    make = SupportedBands if supports else EnabledBands
    tables: tuple[tuple[Rat, dict[int, int]], ...] = (
        ("gsm", _COMBINED_GSM),
        ("umts", _COMBINED_UMTS),
        ("lte", _COMBINED_LTE),
    )
    for rat, table in tables:
        bands = tuple(sorted(band for bit, band in table.items() if mask >> bit & 1))
        found: Observation = make(source=Source(line=record.line), rat=rat, bands=bands)
        yield found


def _read_smoni(answer: AtAnswer) -> Iterator[Observation | str]:
    """`^SMONI: 4G,EARFCN,band,dl MHz,ul MHz,mode,MCC,MNC,TAC,CI,PCI,..`; `^SMONI: 4G,SEARCH` without a cell."""
    for record in answer.named("^SMONI"):
        fields = record.fields
        if fields[0].upper() != "4G" or len(fields) < 11:
            yield f"line {record.line}: no LTE serving cell ({', '.join(fields[:2])})"
            continue
        mhz = decimal_number(fields[3])
        khz = round(mhz * 1000) if mhz is not None else None
        yield from cell(
            "lte",
            integer(fields[1]),
            integer(fields[2]),
            line=record.line,
            plmn=plmn(fields[6], fields[7]),
            pci=integer(fields[10]),
            tac=hexadecimal(fields[8]),
            khz=khz if khz in LTE_WIDTHS_KHZ else None,
            registered=False if {"LIMSRV", "SEARCH"} & {text.upper() for text in fields[11:]} else None,
        )


def _claims(modem: Modem) -> bool:
    maker = (modem.manufacturer or "").lower()
    return any(word in maker for word in ("cinterion", "thales", "gemalto")) or modem.is_model(
        r"\b(?:ELS\d|PLS\d|EHS\d|PLAS\d|PLPS\d|EXS\d|TX62|ALAS\d|ALS\d)"
    )


_GENERATIONS: dict[int, Rat] = {2: "gsm", 3: "umts", 4: "lte"}


def _locking(modem: Modem) -> Locking | None:
    from .cinterion_locks import LOCKING

    return LOCKING


DIALECT = Dialect(
    "cinterion",
    _claims,
    (
        *(
            Reader(rf'AT\^SCFG=(?i:"Radio/Band/{generation}G")', _read_scfg, tells=("enabled",), rats=(rat,))
            for generation, rat in _GENERATIONS.items()
        ),
        Reader(r'AT\^SCFG(?:\?|=(?i:"Radio/Band"))', _read_scfg, tells=("enabled",)),
        Reader(r'AT\^SCFG="[^"]*"', _read_scfg, tells=()),
        Reader(r"AT\^SCFG=\?", _read_scfg_test, tells=("supported",)),
        Reader(r"AT\^SMONI", _read_smoni, tells=("serving",)),
    ),
    lambda _modem: ("AT^SCFG=?", 'AT^SCFG="Radio/Band/4G"', 'AT^SCFG="Radio/Band/3G"', "AT^SMONI"),
    (r'AT\^SCFG="RADIO/BAND(?:/[234]G)?"', r"AT\^SMONI"),
    locking=_locking,
    kinds=(ModemKind("ELS, PLS, EXS", "PLS62-W", ()),),
)
