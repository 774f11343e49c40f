"""Circuit-switched networks with the days on which they were or will be shut down, and what that means for voice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from harness.carriers import dates
from harness.carriers.edition import OldNetwork
from harness.errors import FileError

from .decisions import BEGAN_WITH_LTE, MORE_SHUTDOWNS, NO_GSM, SHUTDOWN_NAMES, SHUTDOWNS_LEFT_OUT
from .tables import Shutdown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from harness.carriers.words import NetworkStatus, VoiceFallback

    from .tables import Listed

_RATS: dict[str, tuple[VoiceFallback, ...]] = {
    "2G": ("gsm",),
    "3G": ("umts",),
    "2G/3G": ("gsm", "umts"),
    "3G CDMA": ("cdma",),
    "2G/3G CDMA": ("cdma",),
}
_NONE_LISTED = "yes: no GSM/UMTS voice network listed"
_UMTS = {2100: 1, 1900: 2, 1700: 4, 850: 5, 900: 8}
"""UMTS bands by the MHz class that lists name (TS 25.101 clause 5.2); 850 in Japan is its own B6."""


def by_carrier(rows: Iterable[Shutdown], slugs: dict[str, str]) -> dict[str, list[Shutdown]]:
    """The shutdown rows of each carrier id; a row for the whole country counts where a carrier has none of its own.

    `slugs`: carrier id by `country/name in small letters`. Raises FileError for a row that means nobody.
    """
    found: dict[str, list[Shutdown]] = {id_: [] for id_ in slugs.values()}
    whole: list[Shutdown] = []
    for row in rows:
        if (row.country, row.carrier, row.rat) in SHUTDOWNS_LEFT_OUT:
            continue
        if row.carrier == "all":
            whole.append(row)
            continue
        for id_ in _meant(row, slugs):
            found.setdefault(id_, []).append(row)
    for row in whole:
        for id_, own in found.items():
            if id_.startswith(row.country.lower() + "/") and not _told(own, row):
                own.append(row)
    return found


def more_shutdowns(slugs: dict[str, str]) -> list[Shutdown]:
    """The shutdowns that stand in no table, of the carriers and countries that are being made."""
    rows = [Shutdown(*row[:3], row[3] or None, *row[4:], "") for row in MORE_SHUTDOWNS]
    return [row for row in rows if row.carrier == "all" or f"{row.country}/{row.carrier}".casefold() in slugs]


def _meant(row: Shutdown, slugs: dict[str, str]) -> tuple[str, ...]:
    named = SHUTDOWN_NAMES.get((row.country, row.carrier))
    if named is not None:
        return named
    key = f"{row.country}/{row.carrier}".casefold()
    if key not in slugs:
        raise FileError(
            f"the shutdown of {row.rat} at {row.carrier} ({row.country}) means no carrier of the first list",
            path="shutdowns",
            way_out="name it in SHUTDOWN_NAMES or SHUTDOWNS_LEFT_OUT of harness/carriers/importing/decisions.py",
        )
    return (slugs[key],)


def _told(own: list[Shutdown], row: Shutdown) -> bool:
    return any(set(_RATS[one.rat]) & set(_RATS[row.rat]) for one in own)


def networks(listed: Listed, rows: list[Shutdown]) -> tuple[OldNetwork, ...]:
    """The networks that the first list names, and those whose end was told."""
    ends: dict[VoiceFallback, list[Shutdown]] = {}
    for row in rows:
        for rat in _RATS[row.rat]:
            ends.setdefault(rat, []).append(row)
    order: tuple[VoiceFallback, ...] = ("gsm", "umts", "cdma")
    return tuple(
        _network(rat, listed, ends.get(rat, []))
        for rat in order
        if rat in listed.networks or (ends.get(rat) and not _never_listed(rat, listed, ends[rat]))
    )


def _never_listed(rat: str, listed: Listed, rows: list[Shutdown]) -> bool:
    """A plan for the whole country says nothing of a carrier that has no such network."""
    return rat not in listed.networks and all(row.carrier == "all" and row.status == "planned" for row in rows)


def _network(rat: VoiceFallback, listed: Listed, rows: list[Shutdown]) -> OldNetwork:
    bands = _bands(rat, listed)
    done = [row for row in rows if row.status == "done"]
    planned = sorted((row for row in rows if row.status == "planned"), key=lambda row: row.date or "9999")
    if done:
        row = done[0]
        return OldNetwork(rat=rat, status="closed", bands=bands, until=row.date, source=short(row.source))
    if planned:
        row = planned[0]
        status: NetworkStatus = "planned" if row.date else "unknown"
        return OldNetwork(rat=rat, status=status, bands=bands, until=row.date, source=short(row.source))
    return OldNetwork(rat=rat, status="live", bands=bands)


def _bands(rat: str, listed: Listed) -> tuple[int, ...] | None:
    classes = listed.networks.get(rat)
    if not classes or rat == "cdma":
        return None
    if rat == "gsm":
        return classes
    known = _UMTS | {850: 6} if listed.country == "JP" else _UMTS
    return tuple(sorted(known[mhz] for mhz in classes if mhz in known)) or None


def short(source: str) -> str:
    """A source without its commit and licence, cut at the first of several."""
    text = source.split("; ", maxsplit=1)[0]
    if " from " in text:
        text = text.partition(" from ")[2] + ", in band-atlas-data"
    return text.replace("github.com/365724-ctrl/", "").removesuffix(" (@027adc45)")


def need(
    listed: Listed, found: tuple[OldNetwork, ...], checked: str, rows: Sequence[Shutdown] = ()
) -> tuple[str, tuple[str, ...]]:
    """Whether calls need VoLTE by the newest fact, and the networks that carry them otherwise.

    The newest fact is that of `checked` or the last shutdown that was told. That a list of bands names no older network
    proves nothing: only a network that was on air and is off does, or one that never had any, or a report of its end
    (`rows`) that says so.
    """
    day = max([dates.last_day(checked), *(after for one in found if (after := off_since(one)) is not None)])
    states = {network.rat: network.on_air(day) for network in found}
    fallback = tuple(rat for rat, on in states.items() if on)
    if fallback:
        return "not_required", fallback
    if None in states.values():
        return "unknown", ()
    told = any(row.status == "done" and "VoLTE needed" in row.note for row in rows)
    if told or _all_told(listed, set(states)) or (listed.volte.startswith("yes") and listed.volte != _NONE_LISTED):
        return "required", ()
    if "CDMA fallback" in listed.volte:
        return "not_required", ("cdma",)
    return "unknown", ()


def _all_told(listed: Listed, off: set[VoiceFallback]) -> bool:
    """Whether the networks that are off are all that there ever were."""
    if (listed.country, listed.brand) in BEGAN_WITH_LTE:
        return True
    if not off:
        return False
    # A list that names an older network would name the other one as well.
    no_gsm = "gsm" in off or listed.country in NO_GSM or bool(listed.networks)
    return no_gsm and ("umts" in off or "cdma" in off or bool(listed.networks))


def off_since(network: OldNetwork) -> date | None:
    """The first day without a network that is closed; None where it is not, or the day was not told."""
    if network.status != "closed" or network.until is None:
        return None
    return dates.last_day(network.until) + timedelta(days=1)


def needed_since(found: Sequence[OldNetwork]) -> str | None:
    """The first day without any circuit-switched network, None where a last day is not told."""
    days = [off_since(network) for network in found]
    known = [day for day in days if day is not None]
    return max(known).isoformat() if known and len(known) == len(days) else None
