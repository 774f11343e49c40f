"""MediaTek's newer band answer, +EPBSEH: one quoted hexadecimal mask a RAT, NR among them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, Source, SupportedBands
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Rat
    from harness.probes.at.language.answer import AtAnswer, AtRecord

_WORD = 8
"""Digits of one word, 32 bands; the first word holds bands 1 to 32, unlike in one big number."""
_MASK = re.compile(r"(?:[0-9A-Fa-f]{8})+")
_RATS: tuple[Rat | None, ...] = (None, "umts", "lte", "nr")
"""GSM comes first, in bits whose order is not known."""


def read_supported_masks(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+EPBSEH: "<gsm>","<umts>","<lte>","<nr>"` behind the test form: what the modem supports."""
    yield from _masks(answer, supported=True)


def read_enabled_masks(answer: AtAnswer) -> Iterator[Observation | str]:
    """The same behind the read form: what is configured."""
    yield from _masks(answer, supported=False)


def _masks(answer: AtAnswer, *, supported: bool) -> Iterator[Observation | str]:
    for record in answer.named("+EPBSEH"):
        masks = record.fields
        if len(masks) != len(_RATS) or not all(_MASK.fullmatch(one) for one in masks):
            yield f"line {record.line}: not the four quoted masks of +EPBSEH: {record.raw[:80]!r}"
            continue
        for rat, text in zip(_RATS, masks, strict=True):
            if rat is not None:
                yield from _bands(record, rat, text, supported=supported)


def mask_of(text: str) -> int:
    """The mask of a text of words, the first of which holds bands 1 to 32."""
    words = [int(text[place : place + _WORD], 16) for place in range(0, len(text), _WORD)]
    return sum(word << 32 * place for place, word in enumerate(words))


def _bands(record: AtRecord, rat: Rat, text: str, *, supported: bool) -> Iterator[Observation | str]:
    where, mask = Source(line=record.line), mask_of(text)
    bands = bands_of_mask(mask)
    if not bands:
        # As with +EPBSE: real modems answer 0 for a RAT that they do have.
        yield f"line {record.line}: the {rat} mask is 0: not told"
    elif means_unlimited(mask, rat):
        yield f"line {record.line}: the {rat} mask has every bit: no list"
    elif strangers := unknown_bands(rat, bands):
        yield f"line {record.line}: the {rat} mask names {strangers}, which are no bands: unreadable"
    elif supported:
        yield SupportedBands(rat=rat, bands=bands, layer="hardware", source=where)
    else:
        yield EnabledBands(rat=rat, bands=bands, source=where)
