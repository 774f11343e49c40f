"""Whose SIM is it: PLMNs that the lists lack, carriers that share one, and GID1 values that tell resellers from hosts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.carriers import files
from harness.carriers.gid1 import TABLE
from harness.recording.writer import write_atomically

from .decisions import GID1_BRANDS, HAND_MADE
from .tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.carriers.edition import Carrier

    from .profile import Sources

_PLMNS = Path(__file__).with_name("plmns.csv")


def missing_plmns() -> dict[str, tuple[str, ...]]:
    """PLMNs that AOSP's carrier list gives to a carrier and the first list does not have, by id. Raises FileError."""
    found: dict[str, list[str]] = {}
    for row in read_rows(_PLMNS, "plmn"):
        found.setdefault(row["carrier"], []).append(row["plmn"])
    return {id_: tuple(plmns) for id_, plmns in found.items()}


def sharing(rows: Iterable[Sources], into: Path) -> list[Sources]:
    """The rows, each with the carriers that have a PLMN or an Android id in common with it. Raises FileError."""
    rows = list(rows)
    holders: dict[str | int, list[str]] = {}
    for one in rows:
        for key in _keys(one.plmns, one.android_ids):
            holders.setdefault(key, []).append(one.id)
    for carrier in _hand_made(into):
        for key in _keys(carrier.plmns, carrier.android_carrier_ids):
            holders.setdefault(key, []).append(carrier.id)
    return [replace(one, shares_with=_others(one, holders)) for one in rows]


def _others(one: Sources, holders: dict[str | int, list[str]]) -> tuple[str, ...]:
    keys = _keys(one.plmns, one.android_ids)
    return tuple(sorted({id_ for key in keys for id_ in holders[key]} - {one.id}))


def _keys(plmns: tuple[str, ...], ids: tuple[int, ...]) -> list[str | int]:
    return [*plmns, *ids]


def _hand_made(into: Path) -> list[Carrier]:
    paths = (into / "carriers" / f"{id_}.yaml" for id_ in sorted(HAND_MADE))
    return [files.load_carrier(path) for path in paths if path.is_file()]


def write_gid1(path: Path, rows: Iterable[Sources], into: Path) -> None:
    """Renew the table of GID1 values: PLMN, value, brand, the carrier whose SIM it is, what else it needs."""
    owners: dict[int, str] = {}
    for one in rows:
        owners |= dict.fromkeys(one.android_ids, one.id)
    for carrier in _hand_made(into):
        owners |= dict.fromkeys(carrier.android_carrier_ids, carrier.id)
    out: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in read_rows(path, "gid1"):
        brand = row["brand_aosp"] or row["brand_pixel"]
        ids = [int(row[key]) for key in ("android_carrier_id", "parent_carrier_id") if row[key].isdigit()]
        owner = next((owners[number] for number in ids if number in owners), "")
        owner = owner or GID1_BRANDS.get((row["country"], brand), "")
        number = row["android_carrier_id"]
        line = (row["plmn"], row["gid1"], brand, owner, row["extra_match"], number, row["as_of"])
        out.setdefault((row["plmn"], row["gid1"], row["extra_match"] + owner), line)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["plmn", "gid1", "brand", "carrier", "extra_match", "android_carrier_id", "as_of"])
    writer.writerows(sorted(out.values()))
    write_atomically(TABLE, text.getvalue().encode())
