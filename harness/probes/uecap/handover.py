"""LTE bands in the UTRA container: what a phone that also has UMTS can measure from there (TS 25.331 clause 10.3.3.21).

The container's own decoder takes half a gigabyte and seconds. So it is not decoded: the list (CompressedModeMeasCapab-
EUTRAList, 4 bits of length, then 6 bits a band and one of compressed mode) is looked for as a whole. A list of many bands
that are just those of the LTE container does not stand there by chance.
"""

from __future__ import annotations

FEWEST = 5
"""Bands that a list must have: 39 bits, of which one run in a hundred thousand containers is such a list by chance."""
_LONGEST = 16
"""maxFreqBandsEUTRA."""
_ENTRY = 7


def names_bands(container: bytes, bands: tuple[int, ...]) -> bool:
    """Whether the container has a list of exactly these LTE bands (numbers from 1 to 63), in any order."""
    wanted = set(bands)
    if not FEWEST <= len(wanted) <= _LONGEST or len(wanted) != len(bands) or not wanted <= set(range(1, 64)):
        return False
    bits = "".join(f"{octet:08b}" for octet in container)
    length = f"{len(bands) - 1:04b}"
    place = bits.find(length)
    while 0 <= place <= len(bits) - 4 - _ENTRY * len(bands):
        starts = range(place + 4, place + 4 + _ENTRY * len(bands), _ENTRY)
        if {int(bits[start : start + 6], 2) + 1 for start in starts} == wanted:
            return True
        place = bits.find(length, place + 1)
    return False
