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


def lte_khz_of_index(index: int) -> int | None:
    """kHz of the index 0..5, else None."""
    return LTE_KHZ_BY_INDEX[index] if 0 <= index < len(LTE_KHZ_BY_INDEX) else None


def lte_khz_of_resource_blocks(blocks: int) -> int | None:
    """kHz of 6, 15, 25, 50, 75 or 100 resource blocks, else None."""
    return LTE_KHZ_BY_RESOURCE_BLOCKS.get(blocks)


def nr_khz_of_index(index: int) -> int | None:
    """kHz of the NR index 0..16, else None."""
    return NR_KHZ_BY_INDEX[index] if 0 <= index < len(NR_KHZ_BY_INDEX) else None
