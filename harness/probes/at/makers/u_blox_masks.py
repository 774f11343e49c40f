"""How a line of +UBANDMASK is cut into technologies and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = {0, 1, 2}
"""LTE-M, NB-IoT, GPRS."""


def rat_masks(values: Sequence[int], words: tuple[int, ...] = (1, 2)) -> list[tuple[tuple[int, int], ...]]:
    """All readings of `RAT,mask[,mask2],RAT,..` as (RAT, mask) pairs; a 1 can be a RAT or a mask of B65.

    Every RAT (0, 1, 2) occurs once and has as many words as its fellows; GPRS (2) has one.
    """
    found = []
    for width in words:
        reading = _cut(values, width)
        if reading and reading not in found:
            found.append(reading)
    return found


def _cut(values: Sequence[int], width: int) -> tuple[tuple[int, int], ...] | None:
    pairs: dict[int, int] = {}
    position = 0
    while position < len(values):
        rat = values[position]
        size = 1 if rat == 2 and width == 2 and len(values) - position == 2 else width
        masks = values[position + 1 : position + 1 + size]
        if rat not in _NUMBERS or rat in pairs or len(masks) < size:
            return None
        pairs[rat] = masks[0] | (masks[1] << 64 if size == 2 else 0)
        position += 1 + size
    return tuple(pairs.items()) or None
