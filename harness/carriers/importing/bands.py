"""Which bands a profile asks for, at which level, and on whose word.

mandatory: two independent publishers name it, and it is a main coverage or capacity band of the carrier.
recommended: two publishers name it. informative: one publisher, or another name of a band that is asked for.
NR decides only where the carrier has nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.carriers.band_faults import is_low_band
from harness.radio import overlaps, tables

if TYPE_CHECKING:
    from .tables import Confirmed, Listed

CROSS = "IRLtools/IRLbox"
THIRD = "RFingAdam/mcp-emc-regulations"
CITED = "another publisher cited by band-atlas-data"
"""For a band that only the second list has, and has from two publishers of its own."""

_SECOND = {
    "github.com/365724-ctrl/band-atlas-data": "band-atlas-data",
    "github.com/RFingAdam/mcp-emc-regulations": THIRD,
    "public code file": "public code file with a US carrier table",
}
_ROLES = {
    "legacy-alias-of-12": "legacy-alias",
    "coverage-primary(MFBI)": "coverage-primary",
    "public-safety-coverage-primary": "public-safety-coverage",
}
_EXTENDED_LTE = {42: "extended", 43: "extended", 46: "extended-laa", 48: "extended-cbrs"}
_ALIASES = {17: 12}
"""Bands that are only an older name of another."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One band of a profile to be."""

    rat: str
    band: int
    role: str
    level: str
    publishers: tuple[str, ...]
    as_of: str
    any_of: tuple[tuple[int, str], ...] = ()
    note: str = ""
    ul_mhz: tuple[float, float] | None = None

    @property
    def authority(self) -> str:
        """`two_sources` or `one_source`."""
        return "two_sources" if len(self.publishers) > 1 else "one_source"


@dataclass(frozen=True, slots=True)
class Bands:
    """All bands of a profile to be. `low_open`: the bands below 1 GHz of one publisher, None where one is confirmed."""

    asked: tuple[Asked, ...]
    low_open: tuple[Asked, ...] | None = field(default=None)


def bands_of(listed: Listed, confirmed: Confirmed | None, nr_required: tuple[int, ...] = ()) -> Bands:
    """The bands of one carrier, LTE before NR, each in the order of its level and number."""
    lte = _lte(listed, confirmed)
    nr = _nr(listed, confirmed, nr_required)
    asked = tuple(sorted(lte, key=_order)) + tuple(sorted(nr, key=_order))
    low = [one for one in asked if is_low_band(one.rat, one.band) and (one.rat == "lte" or nr_required)]
    sure = any(one.level != "informative" for one in low)
    return Bands(asked, None if sure else tuple(low))


def _order(one: Asked) -> tuple[int, int]:
    return ["mandatory", "recommended", "informative"].index(one.level), one.band


def first_publisher(listed: Listed) -> str:
    """The short name of who published the first list."""
    if listed.country == "CN":
        return "table of 2024 (csdn.net) or Wikipedia"
    source = listed.sources[0].removeprefix("https://").removeprefix("http://").removeprefix("www.")
    if source.startswith("Wikipedia") or listed.derivation == "mixed":
        return "Wikipedia"
    return source.split("/")[0]


def second_publisher(confirmed: Confirmed) -> str:
    """The short name of who published the second list."""
    for start, name in _SECOND.items():
        if confirmed.source.startswith(start):
            return name
    return confirmed.source.removeprefix("https://").partition("/")[0]


def _lte(listed: Listed, confirmed: Confirmed | None) -> list[Asked]:
    second = confirmed.lte if confirmed else ()
    numbers = sorted({*listed.lte, *second, *listed.cross_lte})
    found = {number: _plain(listed, confirmed, "lte", number) for number in numbers}
    if confirmed is None:
        return list(found.values())
    for number in (number for number in confirmed.recommended if number in found):
        found[number] = _confirmed_by_two(found[number], "recommended")
    for group in confirmed.groups:
        _ask_group(found, group)
    return list(found.values())


def _ask_group(found: dict[int, Asked], group: tuple[int, ...]) -> None:
    """Make the best known band of an any-of group mandatory, the others its alternatives."""
    known = [number for number in group if number in found]
    best = max(known, key=lambda number: (len(found[number].publishers), _wider(number, known)))
    others = tuple((number, _relation(best, number)) for number in known if number != best)
    publishers = tuple(dict.fromkeys(name for number in known for name in found[number].publishers))
    chief = replace(found[best], publishers=publishers, any_of=others)
    found[best] = replace(_confirmed_by_two(chief, "mandatory"), any_of=others)
    for number, _ in others:
        found[number] = _beside(found[number], best)


def _wider(number: int, known: list[int]) -> bool:
    return len(known) > 1 and number != 66 and any(other in overlaps.subsets(number) for other in known)


def _relation(band: int, other: int) -> str:
    if other in overlaps.supersets(band):
        return "superset"
    return "subset" if other in overlaps.subsets(band) else "alternative"


def _beside(one: Asked, best: int) -> Asked:
    """A band of a group beside the mandatory one: recommended on two publishers, an older name never."""
    if one.band in _ALIASES:
        note = f"Older name of a part of B{_ALIASES[one.band]}, which is asked."
        return replace(one, level="informative", role="legacy-alias", note=note)
    level = "recommended" if len(one.publishers) > 1 else "informative"
    relation = _relation(one.band, best)
    return replace(one, level=level, any_of=((best, relation),), note=f"The pair is asked under B{best}.")


def _confirmed_by_two(one: Asked, level: str) -> Asked:
    """Confirmed by the second list's own count, which may rest on publishers of which it names one."""
    publishers = one.publishers if len(one.publishers) > 1 else (*one.publishers, CITED)
    return replace(one, level=level, publishers=publishers, note="")


def _plain(listed: Listed, confirmed: Confirmed | None, rat: str, number: int) -> Asked:
    """A band with whoever names it, deciding nothing yet."""
    first, second, cross = (
        (listed.lte, confirmed.lte if confirmed else (), listed.cross_lte)
        if rat == "lte"
        else (listed.nr, confirmed.nr if confirmed else (), listed.cross_nr)
    )
    names = [first_publisher(listed)] if number in first else []
    as_of = listed.as_of
    if confirmed and number in second:
        names.append(second_publisher(confirmed))
        as_of = confirmed.as_of or as_of
    if number in cross:
        names.append(CROSS)
    if confirmed and rat == "lte" and number in _third_lte(confirmed):
        names.append(THIRD)
    role = _role(rat, number, listed.roles.get(number) if rat == "lte" else None)
    return Asked(rat, number, role, "informative", tuple(names), as_of)


def _third_lte(confirmed: Confirmed) -> tuple[int, ...]:
    """The bands of the third list, where the evidence quotes it: `... lte_bands.json (2026-01): 2 4 5`."""
    if THIRD not in confirmed.third:
        return ()
    return tuple(int(word) for word in confirmed.third.rpartition(":")[2].split() if word.isdigit())


def _role(rat: str, number: int, told: str | None) -> str:
    if told:
        return _ROLES.get(told, told.lower())
    band = tables.bands_of(rat)[number]
    if band.downlink_only:
        return "supplementary-dl"
    if rat == "lte" and number in _EXTENDED_LTE:
        return _EXTENDED_LTE[number]
    if band.dl_mhz is not None and band.dl_mhz[0] > 24000:
        return "millimetre-wave"
    return "coverage" if is_low_band(rat, number) else "capacity"


def _nr(listed: Listed, confirmed: Confirmed | None, required: tuple[int, ...]) -> list[Asked]:
    second = confirmed.nr if confirmed else ()
    found = []
    for number in sorted({*listed.nr, *second, *listed.cross_nr}):
        one = _plain(listed, confirmed, "nr", number)
        if confirmed and number in confirmed.nr_confirmed:
            one = _confirmed_by_two(one, "informative")
        if number in required:
            one = replace(one, level="mandatory")
        found.append(one)
    return found
