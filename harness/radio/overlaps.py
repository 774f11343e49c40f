"""Bands that share spectrum: subsets, MFBI pairs and the EARFCN twins of one carrier.

Computed from the LTE table: a band lies in another where duplex mode and (FDD) duplex distance agree and both
directions are inside, so that one carrier can be announced under both numbers (TS 36.331, multiBandInfoList).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .channels import lte_band_of


@dataclass(frozen=True, slots=True)
class Overlap:
    """`band` against `other`: relation `subset`, `identical`, `partial-overlap`, ...; EARFCN in other = own + delta."""

    band: int
    other: int
    relation: str
    overlap_mhz: float
    dl_earfcn_delta: int
    deployed_mfbi: bool


@cache
def lte_overlaps() -> tuple[Overlap, ...]:
    """All pairs of LTE bands that overlap."""
    text = (Path(__file__).with_name("data") / "lte_overlaps.csv").read_text(encoding="utf-8")
    return tuple(
        Overlap(
            int(row["band"]),
            int(row["superset_or_other_band"]),
            row["relation"],
            float(row["overlap_mhz"]),
            int(row["dl_earfcn_delta"]),
            row["deployed_mfbi"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    )


def supersets(band: int) -> tuple[int, ...]:
    """LTE bands that hold the whole of this one (12 and 85 for 17; 66 and 10 for 4)."""
    found = {o.other for o in lte_overlaps() if o.band == band and o.relation in {"subset", "identical"}}
    found |= {o.band for o in lte_overlaps() if o.other == band and o.relation == "identical"}
    return tuple(sorted(found))


def subsets(band: int) -> tuple[int, ...]:
    """LTE bands that lie wholly in this one (4 and 10 for 66)."""
    found = {o.band for o in lte_overlaps() if o.other == band and o.relation in {"subset", "identical"}}
    found |= {o.other for o in lte_overlaps() if o.band == band and o.relation == "identical"}
    return tuple(sorted(found))


@cache
def _twin_deltas() -> dict[tuple[int, int], int]:
    """What is added to an EARFCN of the first band for the same carrier in the second, both ways."""
    alike = [pair for pair in lte_overlaps() if pair.relation != "overlap-different-duplex-spacing"]
    there = {(pair.band, pair.other): pair.dl_earfcn_delta for pair in alike}
    return there | {(pair.other, pair.band): -pair.dl_earfcn_delta for pair in alike}


def earfcn_twin(earfcn: int, other_band: int) -> int | None:
    """The EARFCN of the same carrier in another band (5780 in B17 is 5110 in B12), or None where it has none."""
    band = lte_band_of(earfcn)
    delta = None if band is None else _twin_deltas().get((band, other_band))
    if delta is None:
        return None
    return earfcn + delta if lte_band_of(earfcn + delta) == other_band else None
