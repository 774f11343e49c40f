"""When each band was first seen on air: dated snapshots of an encyclopedia, launch reports, filings, licences.

A first listing is an upper bound of the first use, since lists lag networks. A licence or a spectrum block tells when
a band could be on air; it counts only where something saw it there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.carriers import dates
from harness.carriers.publishers import identify
from harness.radio import tables

from .tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SEEN = frozenset({"launch", "first_listed", "listed_by", "in_use", "mfbi_on_air"})
"""Events that have the band on air."""
_RIGHTS = frozenset({"spectrum", "licence_refarm"})


@dataclass(frozen=True, slots=True)
class DatedEvent:
    """One row: what happened to a band (None = to the whole network) of a RAT on a day."""

    carrier: str
    rat: str
    band: int | None
    event: str
    date: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """A band on air by dated evidence."""

    rat: str
    band: int
    since: str
    """The earliest day on which something has it on air."""
    source: str
    """Who says so."""
    publishers: tuple[str, ...]
    until: str | None = None
    """The last list that had it, where later ones do not."""


def events(path: Path) -> dict[str, list[DatedEvent]]:
    """The rows by carrier id. Raises FileError."""
    found: dict[str, list[DatedEvent]] = {}
    for row in read_rows(path, "event"):
        number = row["band"].removeprefix("n")
        band = int(number) if number.isdigit() and tables.is_band(row["rat"], int(number)) else None
        if not row["rat"] and band is None and row["event"] not in {"merged", "ended"}:
            continue
        day = row["date"]
        if not dates.is_date(day):
            continue
        one = DatedEvent(row["carrier_id"], row["rat"], band, row["event"], day, row["source"], row["note"])
        found.setdefault(row["carrier_id"], []).append(one)
    return found


def listings(rows: Iterable[DatedEvent]) -> list[FirstSeen]:
    """Each band that something saw on air, in the order of RAT and number."""
    rows = list(rows)
    bands: dict[tuple[str, int], list[DatedEvent]] = {}
    for row in rows:
        if row.band is not None:
            bands.setdefault((row.rat, row.band), []).append(row)
    found = [_listing(rat, band, own, rows) for (rat, band), own in sorted(bands.items())]
    return [one for one in found if one is not None]


def _listing(rat: str, band: int, own: list[DatedEvent], rows: list[DatedEvent]) -> FirstSeen | None:
    seen = [row for row in own if row.event in SEEN]
    if not seen:
        return None
    first = min([*seen, *_opened(rat, band, own, rows)], key=lambda row: dates.first_day(row.date))
    last = max((row.date for row in own if row.event == "last_listed"), default=None)
    gone = last is not None and all(dates.first_day(row.date) <= dates.last_day(last) for row in seen)
    names = [identify(row.source).name for row in seen]
    return FirstSeen(rat, band, first.date, first.source, tuple(dict.fromkeys(names)), last if gone else None)


def _opened(rat: str, band: int, own: list[DatedEvent], rows: list[DatedEvent]) -> list[DatedEvent]:
    """The opening of the network on spectrum that it was given: the later of the two days."""
    duplex = "tdd" if tables.bands_of(rat)[band].duplex == "TDD" else "fdd"
    rights = [row for row in own if row.event in _RIGHTS]
    opened = [row for row in rows if row.rat == rat and row.event in {f"licence_{duplex}", "licence"}]
    if not rights or not opened:
        return []
    return [max([min(rights, key=_day), min(opened, key=_day)], key=_day)]


def _day(row: DatedEvent) -> str:
    return dates.first_day(row.date).isoformat()
