"""Unisoc's list of supported NR bands: a set form that only reads, so that very text is allowed and no other of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Observation, Source, SupportedBands
from harness.probes.at.language.values import integer
from harness.radio.masks import unknown_bands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer

REQUEST = 'AT+SP5GCMDS="get nr support_band"'
FORM = r'(?i:AT\+SP5GCMDS="get nr support_band")'
"""This text and no other: the gate compares in capitals."""
_WORD = "get nr support_band"


def read_supported_nr(answer: AtAnswer) -> Iterator[Observation | str]:
    """`+SP5GCMDS: get nr support_band,<count>,<band>,…`: the count must be that of the bands behind it."""
    for record in answer.named("+SP5GCMDS"):
        word, *numbers = (one.strip() for one in record.fields)
        if word.strip('"').lower() != _WORD:
            continue
        told = [integer(one) for one in numbers]
        bands = tuple(sorted(band for band in told[1:] if band is not None))
        if not told or told[0] != len(told) - 1 or len(set(bands)) != len(told) - 1:
            yield f"line {record.line}: not a count and as many NR bands: {record.raw[:80]!r}"
        elif not bands:
            yield f"line {record.line}: names no NR band: not told"
        elif strangers := unknown_bands("nr", bands):
            yield f"line {record.line}: names {list(strangers)}, which are no NR bands: unreadable"
        else:
            yield SupportedBands(rat="nr", bands=bands, source=Source(line=record.line))
