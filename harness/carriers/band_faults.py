"""Bands that a profile or a sheet cannot name: those that do not exist, cannot serve, or are cut wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.radio import tables
from harness.yamlfiles.problem import Path, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

UNUSED_LTE = {
    6: "obsolete, UMTS only (3GPP TS 36.101 5.5)",
    9: "Japan-only number nested in B3 with no deployed LTE network; lists take it over from UMTS 9",
}
"""Band numbers that 3GPP defines for LTE but no network ever used: in a list they are a fault of the list."""
NEVER_PRIMARY_LTE = {46: "unlicensed (LAA)"}
"""LTE bands, beside the downlink-only ones, that can only be secondary cells (TS 36.101 5.5 note)."""


def band_fault(rat: str, number: int) -> str | None:
    """Why no device or profile can name this band, or None where it can."""
    label = f"{rat.upper()} band {number}"
    if rat == "lte" and number in UNUSED_LTE:
        return f"{label}: {UNUSED_LTE[number]}"
    if tables.is_band(rat, number):
        return None
    known = sorted(tables.bands_of(rat))
    if rat == "gsm":
        return f"{label}: no such band; GSM bands are named by their MHz class {', '.join(map(str, known))}"
    return f"{label}: no such band in 3GPP; {rat.upper()} numbers run from {known[0]} to {known[-1]}, with gaps"


def primary_fault(rat: str, number: int) -> str | None:
    """Why a device can never be attached (PCell) on this band, or None where it can."""
    fault = band_fault(rat, number)
    if fault:
        return fault
    band = tables.bands_of(rat)[number]
    if band.dl_mhz is None or band.ul_mhz is None:
        way = "downlink" if band.ul_mhz is None else "uplink"
        return f"{band.label} is {way} only: it can never be the serving primary cell"
    if rat == "lte" and number in NEVER_PRIMARY_LTE:
        return f"{band.label} is {NEVER_PRIMARY_LTE[number]}: it can never be the serving primary cell"
    return None


def is_low_band(rat: str, number: int) -> bool:
    """Whether a band's downlink lies below 1 GHz: the layer that reaches far and indoors."""
    band = tables.bands_of(rat).get(number)
    return band is not None and band.dl_mhz is not None and band.dl_mhz[1] < 1000


def part_faults(rat: str, number: int, part: tuple[float, float], path: Path) -> Iterator[Problem]:
    """Why these MHz are no part of the band's uplink."""
    band = tables.bands_of(rat)[number]
    whole = band.ul_mhz
    if whole is None:
        yield Problem((*path, "ul_mhz"), f"{band.label} has no uplink")
    elif not whole[0] <= part[0] < part[1] <= whole[1]:
        yield Problem(
            (*path, "ul_mhz"),
            f"{part[0]:g} to {part[1]:g} MHz is no part of the uplink of {band.label}, "
            f"{whole[0]:g} to {whole[1]:g} MHz",
        )


def list_faults(
    rat: str, numbers: tuple[int, ...], path: Path, *, primary: bool = False, low: bool = False
) -> Iterator[Problem]:
    """What is wrong in a list of bands; `primary`: they must be able to serve alone, `low`: lie below 1 GHz."""
    seen: set[int] = set()
    for index, number in enumerate(numbers):
        fault = primary_fault(rat, number) if primary else band_fault(rat, number)
        if fault:
            yield Problem((*path, index), fault)
        elif low and not is_low_band(rat, number):
            yield Problem((*path, index), f"{rat.upper()} band {number} lies above 1 GHz: it gives no coverage indoors")
        if number in seen:
            yield Problem((*path, index), f"{rat.upper()} band {number} stands here twice")
        seen.add(number)
