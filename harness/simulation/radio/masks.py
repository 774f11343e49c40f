"""Masks of bands as simulated modems keep them."""

from __future__ import annotations

LTE = (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 18, 19, 20, 25, 26, 28, 38, 39, 40, 41, 66)
"""What most simulated modems have enabled."""


def mask_of(bands: tuple[int, ...]) -> int:
    """The lowest bit is band 1."""
    return sum(1 << (band - 1) for band in bands)


def bands_of(mask: int) -> set[int]:
    """The other way."""
    return {bit + 1 for bit in range(mask.bit_length()) if mask >> bit & 1}


def one_more(mask: int) -> int:
    """A mask with the lowest band that it lacks: what a modem that knows better makes of it."""
    return mask | mask + 1


def one_less(mask: int) -> int:
    """A mask without its lowest band; a single one stays."""
    return mask & mask - 1 or mask
