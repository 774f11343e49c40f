"""Carrier combinations as the HTML report shows them: what a carrier misses first, then by type and by band, as text.

A browser's own search finds any of them: every combination stands in the page as 3GPP writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.capability_facts import BandCombinations, CarrierComponent, MfbiSupport, PowerClass, UeCategory
from harness.radio.tables import band_label
from harness.requirements.capability import combination_name
from harness.verdicts.result import READING_ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .entries import VerdictEntry
    from .told_facts import ToldFacts

TYPES = {
    "lte_ca": "LTE carrier aggregation",
    "en_dc": "EN-DC (LTE with NR)",
    "nr_ca": "NR carrier aggregation",
    "nr_dc": "NR dual connectivity",
}
ONCE = "*"
"""Marks a combination that is told once only."""
_KINDS = {"combination", "ue_category", "mfbi"}


@dataclass(frozen=True, slots=True)
class CombinationFold:
    """The combinations that begin with one band, as 3GPP writes them."""

    band: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CombinationList:
    """One list that a device tells. `once` and `uplinks_once` count what decides nothing."""

    type: str
    title: str
    count: int
    once: int
    uplinks_once: int
    grade: str
    source: str | None
    scope: str
    folds: tuple[CombinationFold, ...]


@dataclass(frozen=True, slots=True)
class CombinationsView:
    """What is asked of a device, what it lists, and what else its capability says."""

    asked: tuple[VerdictEntry, ...]
    lists: tuple[CombinationList, ...]
    facts: tuple[tuple[str, str], ...]


def combinations_view(
    facts: ToldFacts, verdicts: Iterable[VerdictEntry], kinds: Mapping[tuple[str, str, str], str]
) -> CombinationsView | None:
    """What `combinations.j2` shows of one device; None where nothing is told and nothing asked.

    `kinds` is the kind of each requirement, by carrier, edition and id.
    """
    asked = [one for one in verdicts if kinds.get((*one.ref, one.requirement)) in _KINDS]
    asked.sort(key=lambda one: READING_ORDER.index(one.verdict))
    lists = sorted(map(_list, facts.of(BandCombinations)), key=lambda one: list(TYPES).index(one.type))
    told = (*_categories(facts), *_mfbi(facts), *_power(facts))
    return CombinationsView(tuple(asked), tuple(lists), told) if asked or lists or told else None


def _list(fact: BandCombinations) -> CombinationList:
    once = set(fact.told_once)
    unsure = once | set(fact.uplink_once)
    uplinks: dict[str, dict[str, bool]] = {}
    for place, parts in enumerate(fact.combinations):
        told = uplinks.setdefault(combination_name(parts), {})
        name = uplink_of(parts)
        told[name] = told.get(name, True) and place in (unsure if name else once)
    folds: dict[str, list[str]] = {}
    for name in sorted(uplinks, key=order_of):
        folds.setdefault(_first_band(name), []).append(_written(name, uplinks[name]))
    return CombinationList(
        type=fact.type,
        title=TYPES[fact.type],
        count=len(fact.combinations),
        once=len(once),
        uplinks_once=len(unsure - once),
        grade=fact.grade.word,
        source=fact.source.request if fact.source else None,
        scope=_scope(fact),
        folds=tuple(CombinationFold(band, tuple(names)) for band, names in folds.items()),
    )


def uplink_of(parts: tuple[CarrierComponent, ...]) -> str:
    """The carriers that have an uplink, `2A`; empty where the list tells none."""
    up = tuple(CarrierComponent(p.rat, p.band, p.ul_class) for p in parts if p.ul_class)
    return combination_name(up).partition("_")[2] if up else ""


def _written(name: str, uplinks: Mapping[str, bool]) -> str:
    """`CA_2A-12A (UL 2A, 12A*)`."""
    told = [f"{up}{ONCE if once else ''}" for up, once in sorted(uplinks.items()) if up]
    mark = ONCE if not told and any(uplinks.values()) else ""
    return f"{name}{mark} (UL {', '.join(told)})" if told else f"{name}{mark}"


def _parts(name: str) -> list[str]:
    return name.partition("_")[2].replace("_", "-").split("-")


def order_of(name: str) -> list[tuple[bool, int, str]]:
    """A key to sort the names of combinations: LTE first, by band."""
    return [(part[:1] == "n", int("".join(sign for sign in part if sign.isdigit())), part) for part in _parts(name)]


def _first_band(name: str) -> str:
    nr, number, _ = order_of(name)[0]
    return band_label("nr" if nr else "lte", number)


def _scope(fact: BandCombinations) -> str:
    if fact.complete:
        return "the network asked for all"
    if fact.filtered_by is None:
        return "what the network asked for is not known: what is absent is not observed"
    return f"the network asked for {' '.join(fact.filtered_by) or 'no band'} only: the rest is not observed"


def _categories(facts: ToldFacts) -> list[tuple[str, str]]:
    out = []
    for fact in facts.of(UeCategory):
        numbers = [f"{word} {number}" for word, number in (("DL", fact.dl), ("UL", fact.ul)) if number is not None]
        named = [fact.name] if fact.name else []
        older = [f"release 8: {fact.legacy}"] if fact.legacy is not None else []
        out.append(("UE category", ", ".join([*named, *numbers, *older]) + _mark(fact.told_once)))
    return out


def _mfbi(facts: ToldFacts) -> list[tuple[str, str]]:
    told = facts.of(MfbiSupport)
    return [("MFBI", ("followed" if one.supported else "not followed") + _mark(one.told_once)) for one in told]


def _power(facts: ToldFacts) -> list[tuple[str, str]]:
    words = [
        f"{band_label(one.rat, one.band) if one.band is not None else one.rat.upper()}"
        f" class {one.power_class:g}{_mark(one.told_once)}"
        for one in facts.of(PowerClass)
    ]
    return [("Power class", ", ".join(words))] if words else []


def _mark(told_once: bool) -> str:
    return ONCE if told_once else ""
