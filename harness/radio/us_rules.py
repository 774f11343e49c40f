"""Which bands transmit in which part of the United States' radio rules (47 CFR parts 22, 24, 25, 27, 30, 90, 96).

Bands of which only a part lies in such a range (B8, B40, B42, n78, n257) are left out: of them a grant's silence tells
nothing. Ranges: 47 CFR 22.905, 24.229, 27.5, 30.4, 90.616, 90.617, 96.11.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .tables import bands_of

MHz = tuple[float, float]


@dataclass(frozen=True, slots=True)
class RulePart:
    """A range of transmitters under one part of the rules, in MHz, and the bands (RAT, number) whose uplink uses it."""

    part: str
    ul_mhz: MHz
    bands: tuple[tuple[str, int], ...]


@cache
def rule_parts() -> tuple[RulePart, ...]:
    """All ranges, by part and frequency."""
    text = (Path(__file__).with_name("data") / "us_rule_parts.csv").read_text(encoding="utf-8")
    return tuple(
        RulePart(
            row["part"],
            (float(row["ul_low_mhz"]), float(row["ul_high_mhz"])),
            tuple((rat, int(number)) for rat, _, number in (one.partition(":") for one in row["bands"].split())),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def us_bands() -> dict[tuple[str, int], tuple[RulePart, ...]]:
    """The bands (RAT, number) of the rules with their ranges; two where a band needs two parts (B26)."""
    found: dict[tuple[str, int], tuple[RulePart, ...]] = {}
    for row in rule_parts():
        for band in row.bands:
            found[band] = (*found.get(band, ()), row)
    return found


@cache
def uplink_pieces(rat: str, band: int) -> tuple[MHz, ...]:
    """The parts of a band's uplink that lie in the rules, in MHz, joined where they touch; empty for other bands."""
    row = bands_of(rat).get(band)
    if row is None or row.ul_mhz is None:
        return ()
    low, high = row.ul_mhz
    cuts = [(max(low, part.ul_mhz[0]), min(high, part.ul_mhz[1])) for part in us_bands().get((rat, band), ())]
    return joined([one for one in cuts if one[0] < one[1]])


def joined(ranges: list[MHz]) -> tuple[MHz, ...]:
    """Ranges in order, those that touch or overlap as one."""
    out: list[MHz] = []
    for low, high in sorted(ranges):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return tuple(out)


def block_edges() -> frozenset[float]:
    """Where ranges of the rules and uplinks of their bands begin and end."""
    ends = {edge for part in rule_parts() for edge in part.ul_mhz}
    for rat, band in us_bands():
        ends |= set(bands_of(rat)[band].ul_mhz or ())
    return frozenset(ends)
