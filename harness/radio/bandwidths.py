"""Bandwidth codings, all to kHz."""

from __future__ import annotations

from types import MappingProxyType

from .tables import nr_bands

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

_NR_FR2_LOWEST_BAND, _NR_60_GHZ = 257, 263
_NR_FR2_KHZ = (50_000, 100_000, 200_000, 400_000)
_NR_60_GHZ_KHZ = (100_000, 400_000, 800_000, 1_600_000, 2_000_000)
_NR_FR1_HIGHEST_KHZ, _NR_FDD_HIGHEST_KHZ = 100_000, 50_000
_NR_LOWEST_KHZ = {
    **dict.fromkeys((46, 47, 77, 78, 79, 96), 10_000),
    **dict.fromkeys((102, 104), 20_000),
}
"""NR bands without a narrower channel in any release (TS 38.101-1 table 5.3.5-1)."""
_NR_HIGHEST_KHZ = {2: 40_000, 12: 15_000, 20: 20_000, 25: 45_000, 38: 40_000, 66: 45_000}
"""Bands whose widest channel is narrower than the band, in every release that tells (TS 38.101-1 table 5.3.5-1)."""


def band_has_width(rat: str, band: int, khz: int) -> bool:
    """False where a band has no such channel bandwidth in any release; True where that is not certain."""
    if rat == "lte":
        return khz in _LTE_KHZ.get(band, (khz,))
    return _nr_has_width(band, khz) if rat.startswith("nr") else True


def _nr_has_width(band: int, khz: int) -> bool:
    """No channel is wider than its band; one with a paired uplink has 50 MHz at most, any of FR1 100 MHz."""
    if band >= _NR_FR2_LOWEST_BAND:
        return khz in (_NR_60_GHZ_KHZ if band == _NR_60_GHZ else _NR_FR2_KHZ)
    row = nr_bands().get(band)
    limits = [_NR_FR1_HIGHEST_KHZ, _NR_HIGHEST_KHZ.get(band, khz)]
    if row is not None and row.dl_mhz is not None:
        limits.append(round((row.dl_mhz[1] - row.dl_mhz[0]) * 1000))
        limits += [_NR_FDD_HIGHEST_KHZ] if row.duplex == "FDD" else []
    return _NR_LOWEST_KHZ.get(band, 0) <= khz <= min(limits)


def lte_khz_of_index(index: int) -> int | None:
    """kHz of the index 0..5, else None."""
    return LTE_KHZ_BY_INDEX[index] if 0 <= index < len(LTE_KHZ_BY_INDEX) else None


def lte_khz_of_resource_blocks(blocks: int) -> int | None:
    """kHz of 6, 15, 25, 50, 75 or 100 resource blocks, else None."""
    return LTE_KHZ_BY_RESOURCE_BLOCKS.get(blocks)


def nr_khz_of_index(index: int) -> int | None:
    """kHz of the NR index 0..16, else None."""
    return NR_KHZ_BY_INDEX[index] if 0 <= index < len(NR_KHZ_BY_INDEX) else None
