"""Which bands a profile asks for, at which level, and on whose word.

mandatory: two independent publishers name it, and it is a main coverage or capacity band of the carrier.
recommended: two publishers name it. informative: one publisher, or another name of a band that is asked for.
NR decides only where the carrier has nothing else. A licence is no sighting: it counts where a list has the band in use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.carriers import dates
from harness.carriers.band_faults import is_low_band
from harness.carriers.publishers import independent
from harness.radio import overlaps, tables

from .attribution import publishers
from .decisions import TDD_2600, WRONG_BANDS

if TYPE_CHECKING:
    from .tables import Confirmed, Listed

CROSS = "IRLtools/IRLbox"
THIRD = "RFingAdam/mcp-emc-regulations"
_EVIDENCE = {THIRD: THIRD, CROSS: CROSS, "pedroc.co.uk": "pedroc.co.uk", "ekspresa.com": "ekspresa.com"}
"""Publishers of the third evidence, by words that are in it."""

_ROLES = {
    "legacy-alias-of-12": "legacy-alias",
    "coverage-primary(MFBI)": "coverage-primary",
    "public-safety-coverage-primary": "public-safety-coverage",
}
_EXTENDED_LTE = {42: "extended", 43: "extended", 46: "extended-laa", 48: "extended-cbrs"}
_ALIASES = {17: 12}
"""Bands that are only an older name of another."""


@dataclass(frozen=True, slots=True)
class WantedBand:
    """One band of a profile to be."""

    rat: str
    band: int
    role: str
    level: str
    publishers: tuple[str, ...]
    as_of: str
    any_of: tuple[tuple[int, str], ...] = ()
    note: str = ""
    nr_mode: str = ""
    ul_mhz: tuple[float, float] | None = None
    contradicted_by: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    listed_since: str | None = None
    listed_source: str = ""

    @property
    def authority(self) -> str:
        """`two_sources` or `one_source`."""
        return "two_sources" if independent(self.publishers) > 1 else "one_source"


@dataclass(frozen=True, slots=True)
class ListedBands:
    """All bands of a profile to be. `low_open`: the bands below 1 GHz of one publisher, None where one is confirmed."""

    asked: tuple[WantedBand, ...]
    low_open: tuple[WantedBand, ...] | None = field(default=None)


def bands_of(listed: Listed, confirmed: Confirmed | None, nr_required: tuple[int, ...] = ()) -> ListedBands:
    """The bands of one carrier, LTE before NR, each in the order of its level and number."""
    lte = _lte(listed, confirmed)
    nr = _nr(listed, confirmed, nr_required)
    asked = tuple(sorted(lte, key=_order)) + tuple(sorted(nr, key=_order))
    low = [one for one in asked if is_low_band(one.rat, one.band) and (one.rat == "lte" or nr_required)]
    sure = any(one.level != "informative" for one in low)
    return ListedBands(asked, None if sure else tuple(low))


def _order(one: WantedBand) -> tuple[int, int]:
    return ["mandatory", "recommended", "informative"].index(one.level), one.band


def first_publisher(listed: Listed) -> str:
    """The short name of who published the first list."""
    if listed.country == "CN":
        return "table of 2024 (csdn.net) or Wikipedia"
    source = listed.sources[0].removeprefix("https://").removeprefix("http://").removeprefix("www.")
    if source.startswith("Wikipedia") or listed.derivation == "mixed":
        return "Wikipedia"
    return source.split("/")[0]


def _lte(listed: Listed, confirmed: Confirmed | None) -> list[WantedBand]:
    second = confirmed.lte if confirmed else ()
    numbers = sorted({*_first_lte(listed, confirmed), *second, *listed.cross_lte})
    found = {number: _plain(listed, confirmed, "lte", number) for number in numbers}
    for number in (number for number in (confirmed.recommended if confirmed else ()) if number in found):
        found[number] = _leveled(found[number], "recommended")
    for group in confirmed.groups if confirmed else ():
        _ask_group(found, group, listed, confirmed)
    return [_corrected(listed, one) for one in found.values()]


def _first_lte(listed: Listed, confirmed: Confirmed | None) -> tuple[int, ...]:
    """The bands of the first list. Where 2.6 GHz is unpaired its class 2600 means B41 or B38, never B7."""
    if not (listed.inferred_7 and 7 in listed.lte and listed.country in TDD_2600):
        return listed.lte
    told = {38, 41} & {*listed.lte, *(confirmed.lte if confirmed else ())}
    return tuple(sorted({*listed.lte, *(told or {41})} - {7}))


def _corrected(listed: Listed, one: WantedBand) -> WantedBand:
    wrong = WRONG_BANDS.get((listed.country, listed.brand, one.rat, one.band))
    if wrong is None:
        return one
    return replace(one, level="informative", any_of=(), contradicted_by=wrong[0], note=wrong[1])


def _ask_group(
    found: dict[int, WantedBand], group: tuple[int, ...], listed: Listed, confirmed: Confirmed | None
) -> None:
    """Make the best known band of an any-of group mandatory, the others its alternatives."""
    known = [number for number in group if number in found]
    if not known:
        return
    best = max(known, key=lambda number: (independent(found[number].publishers), _wider(number, known)))
    others = tuple((number, _relation(best, number)) for number in known if number != best)
    names = found[best].publishers
    if independent(names) < 2:
        # The count is the group's: one list may name one of its bands, another list the other.
        names = tuple(dict.fromkeys(name for number in known for name in found[number].publishers))
    if independent(names) < 2:
        names = publishers(_first_hand(listed, confirmed, "lte", best), confirmed, "lte", best, counted=True)
    found[best] = replace(_leveled(replace(found[best], publishers=names), "mandatory"), any_of=others)
    for number, _ in others:
        found[number] = _beside(found[number], best)


def _wider(number: int, known: list[int]) -> bool:
    return len(known) > 1 and number != 66 and any(other in overlaps.subsets(number) for other in known)


def _relation(band: int, other: int) -> str:
    if other in overlaps.supersets(band):
        return "superset"
    return "subset" if other in overlaps.subsets(band) else "alternative"


def _beside(one: WantedBand, best: int) -> WantedBand:
    """A band of a group beside the mandatory one: recommended on two publishers, an older name never."""
    if one.band in _ALIASES:
        note = f"Older name of a part of B{_ALIASES[one.band]}, which is asked."
        return replace(one, level="informative", role="legacy-alias", note=note)
    level = "recommended" if independent(one.publishers) > 1 else "informative"
    relation = _relation(one.band, best)
    return replace(one, level=level, any_of=((best, relation),), note=f"The pair is asked under B{best}.")


def _leveled(one: WantedBand, level: str) -> WantedBand:
    """The band at the level that the second list proposes, if two independent publishers do name it."""
    return replace(one, level=level, note="") if independent(one.publishers) > 1 else one


def _plain(listed: Listed, confirmed: Confirmed | None, rat: str, number: int) -> WantedBand:
    """A band with whoever names it, deciding nothing yet."""
    names = _first_hand(listed, confirmed, rat, number)
    counted = _is_counted(confirmed, rat, number)
    found = publishers(names, confirmed, rat, number, counted=counted)
    in_second = confirmed is not None and number in (confirmed.lte if rat == "lte" else confirmed.nr)
    second = confirmed.as_of if confirmed and in_second else None
    first = listed.as_of if names or second is None else second
    as_of = max(first, second or first, key=dates.last_day)
    role = role_of(rat, number, listed.roles.get(number) if rat == "lte" else None)
    note = ""
    if rat == "lte" and number in {38, 41} and listed.inferred_7 and listed.country in TDD_2600:
        note = "The list names the class 2600 MHz, which is unpaired here: B41 or B38."
    return WantedBand(rat, number, role, "informative", found, as_of, note=note)


def _first_hand(listed: Listed, confirmed: Confirmed | None, rat: str, number: int) -> list[str]:
    """Publishers that name it beside the second list."""
    first, cross = (_first_lte(listed, confirmed), listed.cross_lte) if rat == "lte" else (listed.nr, listed.cross_nr)
    names = [first_publisher(listed)] if number in first else []
    names += [CROSS] if number in cross else []
    if confirmed and rat == "lte":
        names += [name for name in _third_lte(confirmed).get(number, ()) if name not in names]
    if not names and rat == "lte" and _names_class_only(listed, number):
        names = [first_publisher(listed)]
    return names


def _names_class_only(listed: Listed, number: int) -> bool:
    """Whether the first list has the frequencies and leaves the number open: `LTE 700 MHz: B12 or B13 not told`."""
    return (
        f"B{number} " in listed.uncertain.replace(",", " ").replace(".", " ") + " " and "not told" in listed.uncertain
    )


def _is_counted(confirmed: Confirmed | None, rat: str, number: int) -> bool:
    """Whether the second list's author counts two publishers for it."""
    if confirmed is None:
        return False
    if rat == "nr":
        return number in confirmed.nr_confirmed
    return number in confirmed.recommended or (number,) in confirmed.groups


def _third_lte(confirmed: Confirmed) -> dict[int, list[str]]:
    """Who else names a band, where the evidence quotes it: `... lte_bands.json (2026-01): 2 4 5`, `EARFCN B28 9260`."""
    found: dict[int, list[str]] = {}
    for evidence in confirmed.third.split("; "):
        name = next((name for words, name in _EVIDENCE.items() if words in evidence), None)
        if name is None:
            continue
        told = evidence.rpartition("): ")[2].partition(" (")[0].removeprefix("LTE ")
        whole = re.fullmatch(r"\d+( \d+)*", told)
        numbers = told.split() if whole else re.findall(r"\bB(\d+)\b", evidence)
        for number in map(int, numbers):
            found.setdefault(number, []).append(name)
    return found


def role_of(rat: str, number: int, told: str | None) -> str:
    """The role that the list tells, else the one that follows from the frequency."""
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


def _nr(listed: Listed, confirmed: Confirmed | None, required: tuple[int, ...]) -> list[WantedBand]:
    second = confirmed.nr if confirmed else ()
    more = confirmed.nr_confirmed if confirmed else ()
    found = []
    for number in sorted({*listed.nr, *second, *listed.cross_nr, *more}):
        one = _plain(listed, confirmed, "nr", number)
        found.append(replace(one, level="mandatory") if number in required else one)
    return [_corrected(listed, one) for one in found]
