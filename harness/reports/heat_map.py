"""Carriers against bands: what each asks, what is there, what is missing and at which cost. A table, not a drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .band_table import band_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .band_table import Asked

_SIGNS = {"met": "✓", "noted": "≈", "missing": "✗", "open": "?", "waived": "W", "aside": "·"}
_STATES = {
    "PASS": "met",
    "PASS_NOTE": "noted",
    "FAIL": "missing",
    "INCONC": "open",
    "ERROR": "open",
    "WAIVED": "waived",
    "NA": "aside",
}
_WORDS = {
    "met": "there",
    "noted": "met with a note",
    "missing": "missing",
    "open": "cannot be told",
    "waived": "waived",
    "aside": "decides nothing",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One carrier and band: `sign` is the cell's text, `about` says it in words; empty where the band is not asked for."""

    state: str = ""
    sign: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Labels of the bands in order, and a row of cells for each carrier's edition."""

    bands: tuple[str, ...]
    rows: tuple[tuple[str, str, str, tuple[Cell, ...]], ...]
    """Carrier's name, edition, verdict, cells."""


def heat_map(document: Mapping[str, Any], device: Mapping[str, Any]) -> HeatMap | None:
    """The map of one device; None where fewer than two carriers ask for bands."""
    results = [one for one in document["results"] if one["device"] == device["device"]]
    rows = [row for row in band_rows(document, device) if row.asked]
    if len(results) < 2 or not rows:
        return None
    lines = []
    for result in results:
        asked = [
            next((a for a in row.asked if (a.carrier, a.edition) == (result["carrier"], result["edition"])), None)
            for row in rows
        ]
        cells = tuple(_cell(row.label, one) for row, one in zip(rows, asked, strict=True))
        lines.append((result["name"], result["edition"], result["verdict"], cells))
    return HeatMap(tuple(row.label for row in rows), tuple(lines))


def _cell(label: str, asked: Asked | None) -> Cell:
    if asked is None:
        return Cell()
    state = _STATES.get(asked.verdict or "", "open")
    return Cell(state, _SIGNS[state], f"{label}: {_WORDS[state]} ({asked.level}, {asked.role})")
