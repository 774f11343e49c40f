"""CA bandwidth classes and their numbers of carriers: TS 36.101 table 5.6A-1, TS 38.101-1 5.3A.5-1, TS 38.101-2 5.3A.4-1."""

from __future__ import annotations

from typing import Literal

from .tables import bands_of

ClassRange = Literal["lte", "fr1", "fr2"]

CARRIERS: dict[ClassRange, dict[str, int]] = {
    "lte": {"A": 1, "B": 2, "C": 2, "D": 3, "E": 4, "F": 5, "I": 8},
    "fr1": dict(zip("ABCDEGHIJKLMNO", (1, 2, 2, 3, 4, 3, 4, 5, 6, 7, 8, 3, 4, 5), strict=True)),
    "fr2": dict(zip("ABCDEFGHIJKLMOPQ", (1, 2, 3, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 2, 3, 4), strict=True)),
}
"""Carriers of a class; of a class that does not stand here (R to U of release 17 among them) they are not known."""


def class_range(rat: str, band: int) -> ClassRange:
    """Which of the tables holds the classes of a band: `lte`, or FR1 or FR2 of NR."""
    if rat == "lte":
        return "lte"
    row = bands_of("nr").get(band)
    return "fr2" if row is not None and row.dl_mhz is not None and row.dl_mhz[0] > 24000 else "fr1"


def carriers_of(where: ClassRange, letter: str) -> int | None:
    """How many carriers a block of this class has; None where that is not known."""
    return CARRIERS[where].get(letter)
