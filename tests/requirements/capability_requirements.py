"""Every requirement that a UE capability passes: bands, combinations with and without uplinks, categories, MFBI."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations as choices
from itertools import product
from typing import TYPE_CHECKING

from verdict_cases import OWN, fact, handset, registered, selected, sim, verdict

from harness.capability_facts import BandCombinations, MfbiSupport, UeCategory
from harness.carriers.configurations import DL_CATEGORIES, ConfigurationPart, at_least
from harness.observations import Grade, SupportedBands
from harness.requirements.capability import Combination, WantedCarrier, serves
from harness.requirements.combination import CombinationRule
from harness.requirements.mfbi import MfbiRule
from harness.requirements.ue_category import UeCategoryRule

if TYPE_CHECKING:
    from harness.observations import Observation

Wanted = tuple[WantedCarrier, ...]


@cache
def wanted_by(combination: Combination) -> frozenset[Wanted]:
    """All that a requirement can ask and this combination serves: any of its carriers, smaller classes, uplinks."""
    out = set()
    for size in range(1, len(combination) + 1):
        for parts in choices(combination, size):
            asked = [
                [
                    WantedCarrier(ConfigurationPart("nr" if p.rat == "nr" else "lte", p.band, down), up)
                    for down in _classes(p.rat, p.band, p.dl_class)
                    for up in (None, *_classes(p.rat, p.band, p.ul_class))
                ]
                for p in parts
            ]
            for one in product(*asked):
                wanted = tuple(sorted(one, key=lambda a: (a.part.rat, a.part.band, a.part.letter, a.ul or "")))
                uplinks = {a.part.rat for a in wanted if a.ul}
                if uplinks and uplinks != {a.part.rat for a in wanted}:
                    continue
                if sum(a.part.carriers for a in wanted) > 1 and serves(combination, wanted):
                    out.add(wanted)
    return frozenset(out)


def _classes(rat: str, band: int, has: str | None) -> list[str]:
    return [letter for letter in "ABCDEFGHIJKLMOPQ" if at_least(rat, band, has, letter)]


def rule_of(wanted: Wanted) -> CombinationRule:
    """The requirement as a profile writes it."""
    blocks: dict[str, dict[int, list[str]]] = {"lte": {}, "nr": {}}
    for one in wanted:
        blocks[one.part.rat].setdefault(one.part.band, []).append(one.part.letter)
    written = {
        rat: "-".join(
            f"{'n' if rat == 'nr' else ''}{band}{found[0] if len(found) == 1 else '(' + '-'.join(found) + ')'}"
            for band, found in bands.items()
        )
        for rat, bands in blocks.items()
    }
    prefix = "DC" if all(written.values()) else "CA"
    uplinks = {
        rat: "-".join(
            f"{'n' if rat == 'nr' else ''}{one.part.band}{one.ul}" for one in wanted if one.ul and one.part.rat == rat
        )
        for rat in blocks
    }
    joined = ["_".join(filter(None, texts.values())) for texts in (written, uplinks)]
    return CombinationRule(id="C", level="mandatory", configuration=f"{prefix}_{joined[0]}", uplink=joined[1] or None)


def passed(observations: tuple[Observation, ...], known: frozenset[object] = frozenset()) -> frozenset[object]:
    """All that passes and is not among `known`: (RAT, band), wanted combinations, (field, category), `mfbi`."""
    survey = handset(*observations, sim(OWN), registered())
    named = {
        ("lte" if item.rat == "lte" else "nr", band)
        for item in observations
        if isinstance(item, SupportedBands)
        for band in item.bands or ()
    }
    asked = {(rat, band) for word, band in named for rat in (("lte",) if word == "lte" else ("nr", "nr_sa", "nr_nsa"))}
    bands = {one for one in asked - known if fact(survey, None, *one).has}
    combos = {wanted for wanted in _candidates(observations) - known if _passes(survey, rule_of(wanted))}
    return frozenset(bands | combos | _flags(tuple(o for o in observations if isinstance(o, UeCategory | MfbiSupport))))


def told_by(observations: tuple[Observation, ...]) -> frozenset[Wanted]:
    """Every combination that is told, if only once."""
    lists = [item for item in observations if isinstance(item, BandCombinations)]
    return frozenset(wanted for item in lists for one in item.combinations for wanted in wanted_by(one))


def _candidates(observations: tuple[Observation, ...]) -> set[Wanted]:
    """What may pass: told by two combinations of a measured list, or by one that is not told once."""
    out: set[Wanted] = set()
    for item in observations:
        if isinstance(item, BandCombinations) and item.grade >= Grade.MEASURED:
            count: Counter[Wanted] = Counter()
            for place, combination in enumerate(item.combinations):
                count.update(wanted_by(combination))
                if place not in item.told_once:
                    out |= wanted_by(combination)
            out |= {wanted for wanted, number in count.items() if number > 1}
    return out


def _passes(survey, rule) -> bool:
    return verdict(survey, rule, selected(rule)).outcome.name.startswith("PASS")


@cache
def _flags(told: tuple[Observation, ...]) -> frozenset[object]:
    survey = handset(*told, sim(OWN), registered())
    categories = {
        (key, number)
        for key in ("dl", "ul")
        for number in DL_CATEGORIES
        if _passes(survey, UeCategoryRule(id="U", level="mandatory", **{key: number}))
    }
    mfbi = {"mfbi"} if _passes(survey, MfbiRule(id="M", level="mandatory")) else set()
    return frozenset(categories | mfbi)
