"""Unisoc (Spreadtrum) modems: +SPLBAND (reference at-dialects.md sections 12 and 15.6, community research)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, Source
from harness.probes.at.chips import unisoc_nr
from harness.probes.at.dialect import Dialect, ModemKind, Reader
from harness.probes.at.language.values import integer, within
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer, Modem

_FIRST_BANDS = (49, 33, 17, 1, 65)
"""First band of each 16-bit word; older firmware answers the first four words only."""
_NR_FIRST_WORD = (1, 2, 3, 5, 7, 8, 20, 25, 26, 28)
_NR_THIRD_WORD = {4: 41, 8: 78}
_NR_WORDS = range(3, 6)


def _words(fields: tuple[str, ...]) -> list[int] | None:
    words = [within(integer(field), 0, 0xFFFF) for field in fields]
    known = [word for word in words if word is not None]
    return known if len(known) == len(words) else None


def read_lte(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SPLBAND: <49-64>,<33-48>,<17-32>,<1-16>[,<65-80>]`, decimal 16-bit words."""
    for record in answer.named("+SPLBAND"):
        words = _words(record.fields)
        if words is None or len(words) not in {4, 5}:
            yield f"line {record.line}: not four or five 16-bit words: {record.raw[:80]!r}"
            continue
        mask = sum(word << first - 1 for word, first in zip(words, _FIRST_BANDS, strict=False))
        bands = bands_of_mask(mask)
        where = Source(line=record.line)
        if means_unlimited(mask):
            yield EnabledBands(rat="lte", bands=None, unlimited=True, source=where)
        elif not bands or (strangers := unknown_bands("lte", bands)):
            why = f"name {strangers}, which are no bands" if bands else "name no band"
            yield f"line {record.line}: the words {why}: unreadable"
        else:
            yield EnabledBands(rat="lte", bands=bands, source=where)


def read_nr(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SPLBAND: <enumerated list>,<?>,<bit 4 n41, bit 8 n78>,..`; any other bit makes it unreadable."""
    for record in answer.named("+SPLBAND"):
        words = _words(record.fields)
        if words is None or len(words) not in _NR_WORDS:
            yield f"line {record.line}: not the 16-bit words of the NR form: {record.raw[:80]!r}"
            continue
        bits = {(index, band - 1) for index, word in enumerate(words) for band in bands_of_mask(word)}
        meaning = {(0, bit): band for bit, band in enumerate(_NR_FIRST_WORD)}
        meaning |= {(2, bit): band for bit, band in _NR_THIRD_WORD.items()}
        if not bits or not bits <= meaning.keys():
            yield f"line {record.line}: bits whose NR band is not known, or none: unreadable"
            continue
        yield EnabledBands(rat="nr", bands=tuple(sorted(meaning[bit] for bit in bits)), source=Source(line=record.line))
        yield "the NR words of +SPLBAND are read by community research, not by a manual"


def _claims(modem: Modem) -> bool:
    return re.search(r"unisoc|spreadtrum", modem.manufacturer or "", re.IGNORECASE) is not None or modem.is_model(
        r"\b(?:UIS|UMS|SC)\d{4}"
    )


DIALECT = Dialect(
    name="unisoc",
    claims=_claims,
    readers=(
        Reader(r"AT\+SPLBAND=0", read_lte, tells=("enabled",), rats=("lte",)),
        Reader(r"AT\+SPLBAND=[34]", read_nr, tells=("enabled",), rats=("nr",)),
        Reader(unisoc_nr.FORM, unisoc_nr.read_supported_nr, tells=("supported",), rats=("nr",)),
    ),
    plan=lambda _modem: ("AT+SPLBAND=0", "AT+SPLBAND=3", unisoc_nr.REQUEST),
    read_forms=(r"AT\+SPLBAND=[03]", unisoc_nr.FORM),
    nr_models=(r"\bUIS8[56]",),
    no_lock="a cell lock (SPFORCEFRQ) cannot be read on this chip, so what was there could not be put back",
    kinds=(ModemKind("with the maker's own commands", "UIS8581"),),
)
