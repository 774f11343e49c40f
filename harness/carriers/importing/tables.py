"""The tables that profiles are made from, as values.

Columns of the first list: carrier, brand, country, profile_status, plmns, lte_bands, nr_bands, band_roles,
volte_required, as_of, source, derivation, uncertain_bands, raw_bands, second_source_lte, second_source_nr,
android_carrier_id, notes. Of the second list: carrier (`name [brand]`), country, lte_bands_2, nr_bands_2, as_of_2,
source_2, recommended_mandatory (any-of groups as `4|66`), lte_recommended, nr_two_source, third_evidence.
Of the shutdowns: country, carrier, rat, date, status, source, note. Several files of one kind are read as one; two
rows of a second list for one carrier are merged.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import FileError

if TYPE_CHECKING:
    from pathlib import Path

Row = dict[str, str]
_BANDS = re.compile(r"\d+")
_NR_BANDS = re.compile(r"n(\d+)")
_CUT = re.compile(r"\(\+(\d+) more\)")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(?![\d-])")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the first list, a carrier as one publisher saw it."""

    country: str
    carrier: str
    brand: str
    status: str
    plmns: tuple[str, ...]
    plmns_cut: int
    """How many more PLMNs the source names than it writes out."""
    lte: tuple[int, ...]
    nr: tuple[int, ...]
    roles: dict[int, str]
    """Roles of LTE bands."""
    volte: str
    as_of: str
    sources: tuple[str, ...]
    derivation: str
    uncertain: str
    networks: dict[str, tuple[int, ...]]
    """MHz classes by circuit-switched RAT: gsm, umts, cdma (which has none)."""
    cross_lte: tuple[int, ...]
    """LTE bands of the cross-check list, empty where it has no row."""
    cross_nr: tuple[int, ...]
    android_carrier_id: int | None
    note: str
    inferred_7: bool = False
    """B7 stands for the class "LTE 2600" of the list, which is another band where 2.6 GHz is unpaired."""


@dataclass(frozen=True, slots=True)
class ListPart:
    """One row of a second list: the bands that it names, and whom it cites."""

    lte: tuple[int, ...]
    nr: tuple[int, ...]
    source: str
    kind: str
    """dataset, list, news, blog, wiki, carrier, licence; `licence_lte` is a licence, not a sighting."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One row of the second list: which bands have two publishers, and which of them carry the service."""

    lte: tuple[int, ...]
    nr: tuple[int, ...]
    as_of: str | None
    groups: tuple[tuple[int, ...], ...]
    recommended: tuple[int, ...]
    nr_confirmed: tuple[int, ...]
    source: str
    third: str
    found: bool
    """Whether there is a second list at all."""
    parts: tuple[ListPart, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shutdown:
    """One row of the shutdowns: `status` is done or planned, `date` None where none was found."""

    country: str
    carrier: str
    rat: str
    date: str | None
    status: str
    source: str
    note: str


def listed(*paths: Path) -> list[Listed]:
    """The rows of the first list. Raises FileError."""
    return [_listed(row) for path in paths for row in read_rows(path, "plmns")]


def confirmed(*paths: Path) -> dict[tuple[str, str], Confirmed]:
    """The rows of the second lists by country and `name [brand]`. Raises FileError."""
    found: dict[tuple[str, str], Confirmed] = {}
    for path in paths:
        for row in read_rows(path, "recommended_mandatory"):
            key, one = (row["country"], row["carrier"]), _confirmed(row)
            found[key] = merged(found[key], one) if key in found else one
    return found


def merged(one: Confirmed, other: Confirmed) -> Confirmed:
    """Two second lists of one carrier as one: what either names, and each group once."""
    groups = tuple(dict.fromkeys((*one.groups, *other.groups)))
    asked = {band for group in groups for band in group}
    return Confirmed(
        lte=_union(one.lte, other.lte),
        nr=_union(one.nr, other.nr),
        as_of=max(filter(None, (one.as_of, other.as_of)), default=None),
        groups=groups,
        recommended=tuple(band for band in _union(one.recommended, other.recommended) if band not in asked),
        nr_confirmed=_union(one.nr_confirmed, other.nr_confirmed),
        source="; ".join(each.source for each in (one, other) if each.found),
        third="; ".join(each.third for each in (one, other) if each.third),
        found=one.found or other.found,
        parts=one.parts + other.parts,
        note=" ".join(each.note for each in (one, other) if each.note),
    )


def _union(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted({*one, *other}))


def shutdowns(path: Path) -> list[Shutdown]:
    """The rows of the shutdowns. Raises FileError."""
    return [
        Shutdown(
            row["country"], row["carrier"], row["rat"], _date(row["date"]), row["status"], row["source"], row["note"]
        )
        for row in read_rows(path, "rat")
    ]


def read_rows(path: Path, wanted: str) -> list[Row]:
    """The rows of a CSV that has the column `wanted`. Raises FileError."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileError(f"cannot be read as CSV: {error}", path=str(path)) from None
    if not rows or wanted not in rows[0]:
        raise FileError(f'has no column "{wanted}"', path=str(path), way_out="see harness/carriers/importing/tables.py")
    return rows


def _listed(row: Row) -> Listed:
    words = row["plmns"].split()
    number = row["android_carrier_id"].strip()
    crossed = "IRLbox" in row["source"]
    return Listed(
        country=row["country"],
        carrier=row["carrier"],
        brand=row["brand"],
        status=row["profile_status"],
        plmns=tuple(word for word in words if re.fullmatch(r"\d{5,6}", word)),
        plmns_cut=int(cut[1]) if (cut := _CUT.search(row["plmns"])) else 0,
        lte=_lte(row["lte_bands"]),
        nr=_nr(row["nr_bands"]),
        roles=_roles(row["band_roles"]),
        volte=row["volte_required"],
        as_of=row["as_of"],
        sources=tuple(part.strip() for part in row["source"].split(" ; ") if part.strip()),
        derivation=row["derivation"],
        uncertain=row["uncertain_bands"],
        networks=_networks(row["raw_bands"]) or _networks_in_words(row["volte_required"]),
        cross_lte=_lte(row["second_source_lte"]) if crossed else (),
        cross_nr=_nr(row["second_source_nr"]) if crossed else (),
        android_carrier_id=int(number) if number.isdigit() else None,
        note=row["notes"],
        inferred_7=row["derivation"] != "explicit" and "LTE 2600" in row["raw_bands"].replace("TD-LTE 2600", ""),
    )


def _confirmed(row: Row) -> Confirmed:
    groups = tuple(tuple(int(band) for band in group.split("|")) for group in row["recommended_mandatory"].split())
    lte, nr = _lte(row["lte_bands_2"]), _nr(row["nr_bands_2"])
    found = row["agrees_lte"] != "none found"
    return Confirmed(
        lte=lte,
        nr=nr,
        as_of=_date(row["as_of_2"]),
        groups=groups,
        recommended=_lte(row["lte_recommended"]),
        nr_confirmed=_nr(row["nr_two_source"]),
        source=row["source_2"],
        third=row["third_evidence"],
        found=found,
        parts=(ListPart(lte, nr, row["source_2"], row.get("source_kind") or "dataset"),) if found else (),
        note=row.get("note") or "",
    )


def _lte(text: str) -> tuple[int, ...]:
    return tuple(int(band) for band in _BANDS.findall(text))


def _nr(text: str) -> tuple[int, ...]:
    return tuple(int(band) for band in _NR_BANDS.findall(text))


def _roles(text: str) -> dict[int, str]:
    pairs = [part.split(":", 1) for part in text.split(";") if ":" in part]
    return {int(band): role.strip() for band, role in pairs if band.isdigit()}


def _networks(text: str) -> dict[str, tuple[int, ...]]:
    """`GSM 900 / UMTS 2100 / LTE 800` as {"gsm": (900,), "umts": (2100,)}."""
    found: dict[str, list[int]] = {}
    for part in text.split("/"):
        match = re.fullmatch(r"\s*(GSM|UMTS|UTMS|CDMA)(?:2000)?\s*(\d+)?\s*", part)
        if match:
            classes = found.setdefault(match[1].lower().replace("utms", "umts"), [])
            if match[2]:
                classes.append(int(match[2]))
    return {rat: tuple(sorted(set(classes))) for rat, classes in found.items()}


def _networks_in_words(text: str) -> dict[str, tuple[int, ...]]:
    """`no: GSM/UMTS voice listed` names networks without their bands."""
    match = re.fullmatch(r"no: ([A-Z0-9/]+) voice listed", text)
    words = match[1].replace("CDMA2000", "CDMA").split("/") if match else []
    return {word.lower(): () for word in words if word in {"GSM", "UMTS", "CDMA"}}


def _date(text: str) -> str | None:
    """The date at the start of a cell such as `2022-Q4` (the year) or `2026-10-02`; None where there is none."""
    match = _DATE.match(text) or re.match(r"\d{4}", text)
    return match[0] if match else None
