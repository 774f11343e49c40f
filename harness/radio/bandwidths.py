"""Bandwidth codings, all to kHz."""

from __future__ import annotations

from types import MappingProxyType

LTE_KHZ_BY_INDEX = (1400, 3000, 5000, 10000, 15000, 20000)
"""Index 0..5 as modems print it (RRC dl-Bandwidth n6..n100, TS 36.331)."""

LTE_KHZ_BY_RESOURCE_BLOCKS = MappingProxyType({6: 1400, 15: 3000, 25: 5000, 50: 10000, 75: 15000, 100: 20000})
"""Resource blocks to channel bandwidth (TS 36.101 table 5.6-1)."""

NR_KHZ_BY_INDEX = tuple(mhz * 1000 for mhz in (5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 400, 35, 45))
"""Index as in the Quectel 5G manual of 2023 (reference at-dialects.md section 0.4)."""

LTE_WIDTHS_KHZ = frozenset(LTE_KHZ_BY_INDEX)
NR_WIDTHS_KHZ = frozenset({*NR_KHZ_BY_INDEX, 70000, 3000, 7000})


_ALL, _WIDE = (1400, 3000, 5000, 10000, 15000, 20000), (5000, 10000, 15000, 20000)
_LTE_KHZ = {
    **dict.fromkeys((2, 3, 4, 23, 25, 35, 36, 66, 74), _ALL),
    **dict.fromkeys((1, 7, 9, 10, 20, 22, 32, 33, 37, 38, 39, 40, 41, 42, 43, 45, 48, 52, 67, 69, 71, 75), _WIDE),
    **dict.fromkeys((5, 8, 12, 27, 53), _ALL[:4]),
    **dict.fromkeys((6, 11, 13, 14, 17, 24, 30), _WIDE[:2]),
    **dict.fromkeys((18, 19, 21, 34, 68), _WIDE[:3]),
    **dict.fromkeys((31, 72, 73, 87, 88), _ALL[:3]),
    **dict.fromkeys((28, 44, 50), _ALL[1:]),
    **dict.fromkeys((46, 47, 49), (10000, 20000)),
    26: _ALL[:5],
    29: _ALL[1:4],
}
"""Channel bandwidths of the LTE bands (TS 36.101 table 5.6.1-1), where all its releases agree."""

_NR_FR2_LOWEST_BAND = 257
_NR_FR1_HIGHEST_KHZ, _NR_FR2_LOWEST_KHZ = 100_000, 50_000
_NR_TEN_AND_MORE = frozenset({77, 78, 79})
"""NR bands without a channel below 10 MHz in any release (TS 38.101-1 table 5.3.5-1)."""


def band_has_width(rat: str, band: int, khz: int) -> bool:
    """False where a band has no such channel bandwidth in any release; True where that is not certain."""
    if rat == "lte":
        return khz in _LTE_KHZ.get(band, (khz,))
    if rat.startswith("nr"):
        if band >= _NR_FR2_LOWEST_BAND:
            return khz >= _NR_FR2_LOWEST_KHZ
        return khz <= _NR_FR1_HIGHEST_KHZ and (khz >= 10_000 or band not in _NR_TEN_AND_MORE)
    return True


def lte_khz_of_index(index: int) -> int | None:
    """kHz of the index 0..5, else None."""
    return LTE_KHZ_BY_INDEX[index] if 0 <= index < len(LTE_KHZ_BY_INDEX) else None


def lte_khz_of_resource_blocks(blocks: int) -> int | None:
    """kHz of 6, 15, 25, 50, 75 or 100 resource blocks, else None."""
    return LTE_KHZ_BY_RESOURCE_BLOCKS.get(blocks)


def nr_khz_of_index(index: int) -> int | None:
    """kHz of the NR index 0..16, else None."""
    return NR_KHZ_BY_INDEX[index] if 0 <= index < len(NR_KHZ_BY_INDEX) else None
