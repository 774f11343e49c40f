"""Band masks: bit n-1 stands for band n, of any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tables import bands_of, is_band

if TYPE_CHECKING:
    from collections.abc import Iterable


def bands_of_mask(mask: int, *, first_band: int = 1) -> tuple[int, ...]:
    """Bands of a mask whose bit 0 stands for `first_band`, ascending. Raises ValueError for a negative mask."""
    if mask < 0:
        raise ValueError(f"a band mask cannot be negative: {mask}")
    return tuple(first_band + bit for bit in range(mask.bit_length()) if mask >> bit & 1)


def mask_of_bands(bands: Iterable[int], *, first_band: int = 1) -> int:
    """The mask of a set of bands; the inverse of `bands_of_mask`. Raises ValueError for a band below `first_band`."""
    mask = 0
    for band in bands:
        if band < first_band:
            raise ValueError(f"band {band} lies before band {first_band}")
        mask |= 1 << (band - first_band)
    return mask


def means_unlimited(mask: int, rat: str = "lte", *, first_band: int = 1) -> bool:
    """Whether a mask means "no restriction" and not a list: every bit up to its highest is set over gaps of the table.

    `7FFFFFFFFFFFFFFF` and `FFFFFFFF...` name bands that do not exist (15, 16, 55-63 ...).
    """
    bands = bands_of_mask(mask, first_band=first_band)
    strangers = [band for band in bands if not is_band(rat, band)]
    return len(bands) >= 24 and len(strangers) >= 2 and mask & (mask + 1) == 0


def unknown_bands(rat: str, bands: Iterable[int]) -> tuple[int, ...]:
    """Those of the numbers that 3GPP does not define for the RAT: a sign of a wrong base or a damaged line."""
    known = bands_of(rat)
    return tuple(band for band in bands if band not in known)
