"""Whose SIM a GID1 value tells on a PLMN that several brands use: resellers and their hosts.

The table is AOSP's carrier list (2024-02) and the list of Pixel phones (2024-12) for the countries that they know
best. A match is by prefix and case does not count; the longest wins.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .edition import Carrier

TABLE = Path(__file__).with_name("tables") / "gid1.csv"


@dataclass(frozen=True, slots=True)
class SimBrand:
    """One brand on a PLMN. `carrier` is its profile, empty for a brand that has none."""

    gid1: str
    brand: str
    carrier: str
    certain: bool
    """Whether the GID1 alone tells it: some need the SIM's name or its IMSI beside it."""


@cache
def _table() -> dict[str, tuple[SimBrand, ...]]:
    found: dict[str, list[SimBrand]] = {}
    for row in _rows():
        one = SimBrand(row["gid1"].casefold(), row["brand"], row["carrier"], not row["extra_match"])
        found.setdefault(row["plmn"], []).append(one)
    return {plmn: tuple(rows) for plmn, rows in found.items()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def resellers() -> dict[int, str]:
    """Brands without a profile by their id in AOSP's carrier list."""
    return {
        int(row["android_carrier_id"]): row["brand"]
        for row in _rows()
        if not row["carrier"] and row["android_carrier_id"].isdigit()
    }


@cache
def guests() -> dict[int, tuple[str, str]]:
    """Brands that have a profile by their id in AOSP's carrier list: profile and brand."""
    rows = (row for row in _rows() if row["carrier"] and row["android_carrier_id"].isdigit())
    return {int(row["android_carrier_id"]): (row["carrier"], row["brand"]) for row in rows}


@cache
def guest_plmns() -> dict[str, frozenset[str]]:
    """By carrier the PLMNs on which a GID1 tells its SIMs: its own, and those of its hosts."""
    found: dict[str, set[str]] = {}
    for row in _rows():
        if row["carrier"]:
            found.setdefault(row["carrier"], set()).add(row["plmn"])
    return {carrier: frozenset(plmns) for carrier, plmns in found.items()}


def brand_of(plmn: str | None, gid1: str | None) -> SimBrand | None:
    """The brand of a SIM by its GID1; None where the table does not have it, or the GID1 was not read."""
    if not plmn or not gid1:
        return None
    value = gid1.casefold()
    fits = [one for one in _table().get(plmn, ()) if value.startswith(one.gid1)]
    return max(fits, key=lambda one: (len(one.gid1), not one.certain, bool(one.carrier)), default=None)


def sim_belongs(carrier: Carrier, plmn: str | None, gid1: str | None, android_id: int | None = None) -> bool:
    """Whether a SIM is the carrier's: its own PLMN and no other brand's GID1 or Android id, or a GID1 of its own.

    A GID1 that was not read rules nobody out.
    """
    if android_id is not None and android_id in carrier.android_carrier_ids:
        return True
    if gid1 and plmn in carrier.plmns and carrier.has_gid1(gid1):
        return True
    if android_id is not None and (
        android_id in resellers() or guests().get(android_id, (carrier.id, ""))[0] != carrier.id
    ):
        return False
    brand = brand_of(plmn, gid1)
    if brand is not None:
        return bool(brand.carrier) and brand.carrier == carrier.id and brand.certain
    return plmn in carrier.plmns and not (gid1 and carrier.gid1)


def sim_plmns(carrier: Carrier) -> frozenset[str]:
    """All PLMNs that a SIM of the carrier can have, those of its hosts included."""
    return guest_plmns().get(carrier.id, frozenset()).union(carrier.plmns)


def brand_words(plmn: str | None, gid1: str | None, android_id: int | None = None) -> str:
    """Whose SIM it is where it is not the PLMN's own, for people; else empty."""
    brand = brand_of(plmn, gid1)
    by_id = resellers().get(android_id or -1) or guests().get(android_id or -1, ("", ""))[1]
    name = brand.brand if brand else by_id
    return f"{plmn}, as {name} uses it" if name else ""
