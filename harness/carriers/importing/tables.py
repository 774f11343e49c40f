"""The three tables that profiles are made from, as values.

Columns of the first list: carrier, brand, country, profile_status, plmns, lte_bands, nr_bands, band_roles,
volte_required, as_of, source, derivation, uncertain_bands, raw_bands, second_source_lte, second_source_nr,
android_carrier_id, notes. Of the second list: carrier (`name [brand]`), country, lte_bands_2, nr_bands_2, as_of_2,
source_2, recommended_mandatory (any-of groups as `4|66`), lte_recommended, nr_two_source, third_evidence.
Of the shutdowns: country, carrier, rat, date, status, source, note.
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
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?(?![\d-])")


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of the first list, a carrier as one publisher saw it."""

    country: str
    carrier: str
    brand: str
    status: str
    plmns: tuple[str, ...]
    plmns_cut: bool
    """The source names more PLMNs than it writes out."""
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


def listed(path: Path) -> list[Listed]:
    """The rows of the first list. Raises FileError."""
    return [_listed(row) for row in _rows(path, "plmns")]


def confirmed(path: Path) -> dict[tuple[str, str], Confirmed]:
    """The rows of the second list by country and `name [brand]`. Raises FileError."""
    return {(row["country"], row["carrier"]): _confirmed(row) for row in _rows(path, "recommended_mandatory")}


def shutdowns(path: Path) -> list[Shutdown]:
    """The rows of the shutdowns. Raises FileError."""
    return [
        Shutdown(
            row["country"], row["carrier"], row["rat"], _date(row["date"]), row["status"], row["source"], row["note"]
        )
        for row in _rows(path, "rat")
    ]


def _rows(path: Path, wanted: str) -> list[Row]:
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
        plmns_cut="more)" in words,
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
    )


def _confirmed(row: Row) -> Confirmed:
    groups = tuple(tuple(int(band) for band in group.split("|")) for group in row["recommended_mandatory"].split())
    return Confirmed(
        lte=_lte(row["lte_bands_2"]),
        nr=_nr(row["nr_bands_2"]),
        as_of=_date(row["as_of_2"]),
        groups=groups,
        recommended=_lte(row["lte_recommended"]),
        nr_confirmed=_nr(row["nr_two_source"]),
        source=row["source_2"],
        third=row["third_evidence"],
        found=row["agrees_lte"] != "none found",
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
        match = re.fullmatch(r"\s*(GSM|UMTS|CDMA)(?:2000)?\s*(\d+)?\s*", part)
        if match:
            classes = found.setdefault(match[1].lower(), [])
            if match[2]:
                classes.append(int(match[2]))
    return {rat: tuple(sorted(set(classes))) for rat, classes in found.items()}


def _networks_in_words(text: str) -> dict[str, tuple[int, ...]]:
    """`no: GSM/UMTS voice listed` names networks without their bands."""
    match = re.fullmatch(r"no: ([A-Z0-9/]+) voice listed", text)
    return {word.lower(): () for word in match[1].split("/") if word in {"GSM", "UMTS", "CDMA"}} if match else {}


def _date(text: str) -> str | None:
    """The date at the start of a cell such as `2022-Q4` (the year) or `2026-10-02`; None where there is none."""
    match = _DATE.match(text) or re.match(r"\d{4}", text)
    return match[0] if match else None
