"""What a device's capability told of one configuration: named, implied as a fallback, absent from a complete list.

A proforma's tables name the configurations whose tests are finished, so an item is filled where the capability names
that configuration itself. One that it only implies supports an answer, and writes none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers.configuration_names import Configuration, parse_name, uplink_only
from harness.carriers.configurations import ConfigurationPart, parse_parts
from harness.errors import ParseError
from harness.observations import Grade
from harness.requirements.capability import WantedCarrier, combination_name, serves

from .item_fact import ItemFact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Source

    from .known_bands import KnownBands

Combination = tuple[CarrierComponent, ...]

_LISTS = {"lte_ca": "lte_ca", "nr_ca": "nr_ca", "sul": "nr_ca", "en_dc": "en_dc", "nr_dc": "nr_dc"}
"""In which list of a capability a configuration stands; NE-DC stands in none that is read."""


@lru_cache(maxsize=4096)
def parsed_name(name: str) -> Configuration:
    """The configuration of that name, parsed once. Raises ParseError."""
    return parse_name(name)


_Key = frozenset[tuple[tuple[str, int, str | None], int]]


@dataclass(frozen=True, slots=True)
class _Row:
    """One combination of a list, ready to be compared."""

    told: BandCombinations
    place: int
    combination: Combination
    bands: frozenset[tuple[str, int]]


class CombinationIndex:
    """The combinations of one survey by their bands and classes, made once for all the configurations of a proforma."""

    def __init__(self, known: KnownBands) -> None:
        self.known = known
        self.survey = survey = known.survey
        self._rows: dict[str, list[_Row]] = {}
        self._by_key: dict[tuple[str, _Key], list[_Row]] = {}
        for told in survey.all(BandCombinations):
            for place, combination in enumerate(told.combinations):
                bands = frozenset((_rat(one), one.band) for one in combination)
                row = _Row(told, place, combination, bands)
                self._rows.setdefault(told.type, []).append(row)
                self._by_key.setdefault((told.type, _key(combination)), []).append(row)

    def lists(self, type_: str) -> list[BandCombinations]:
        """The lists of one type."""
        return [one for one in self.survey.all(BandCombinations) if one.type == type_]

    def named(self, type_: str, wanted: Configuration) -> list[_Row]:
        """The combinations that are this configuration: the same bands and classes, no more and no less."""
        return self._by_key.get((type_, _counted((p.rat, p.band, p.letter) for p in wanted.parts)), [])

    def larger(self, types: Iterable[str], wanted: Configuration) -> list[Combination]:
        """The combinations that have all bands of it."""
        bands = frozenset((part.rat, part.band) for part in wanted.parts)
        return [row.combination for type_ in types for row in self._rows.get(type_, ()) if row.bands >= bands]


def _rat(one: CarrierComponent) -> Literal["lte", "nr"]:
    return "nr" if one.rat == "nr" else "lte"


def _key(combination: Combination) -> _Key:
    parts = []
    for one in combination:
        letter = one.ul_class if uplink_only(ConfigurationPart(_rat(one), one.band, "A")) else one.dl_class
        parts.append((_rat(one), one.band, letter.upper() if letter else None))
    return _counted(parts)


def _counted(parts: Iterable[tuple[str, int, str | None]]) -> _Key:
    return frozenset(Counter(parts).items())


def configuration_fact(index: CombinationIndex, name: str) -> ItemFact:
    """What the device told of the configuration of that name."""
    try:
        wanted = parsed_name(name)
    except ParseError as error:
        return ItemFact(None, error.message)
    kind = _LISTS.get(wanted.type)
    if kind is None:
        return ItemFact(None, "NE-DC combinations are not read")
    lists = index.lists(kind)
    if not lists:
        return ItemFact(None, index.survey.refused or "no capability tells combinations of this type")
    found = index.named(kind, wanted)
    return _named(index.known, wanted, found) if found else _unnamed(index, wanted, lists)


def _named(known: KnownBands, wanted: Configuration, found: list[_Row]) -> ItemFact:
    sources = _sources(row.told for row in found)
    if wanted.contiguous:
        reason = "told with these bands and classes; whether LTE and NR lie side by side is not told"
        return ItemFact(None, reason, None, "", sources)
    lacking = _lacking(known, wanted)
    if lacking:
        return ItemFact(None, f"named by the capability, and yet {lacking}", None, "", sources)
    firm = any(row.place not in row.told.told_once and row.told.grade >= Grade.MEASURED for row in found)
    grade = max(row.told.grade for row in found)
    once = "" if firm else "; told once only, and nothing else in the capture implies it"
    return ItemFact(
        True, f"{wanted.name} named by the capability{once}", grade, "told" if firm else "told_once", sources
    )


def _unnamed(index: CombinationIndex, wanted: Configuration, lists: list[BandCombinations]) -> ItemFact:
    sources = _sources(lists)
    if wanted.contiguous or wanted.type == "sul":
        return ItemFact(None, "not named by the capability, which does not tell configurations of this kind apart")
    types = ("lte_ca", "en_dc") if wanted.type == "lte_ca" else (wanted.type,)
    larger = index.larger(types, wanted)
    asked = tuple(WantedCarrier(part) for part in wanted.parts)
    above = next((combo for combo in larger if serves(combo, asked)), None)
    if above is not None and not _lacking(index.known, wanted):
        reason = f"not named by itself; a fallback of {combination_name(above)}"
        return ItemFact(None, reason, Grade.OBSERVED, "", sources, "fallback")
    if any(serves(combo, asked, unsure=True) for combo in larger):
        return ItemFact(None, "not named by itself; perhaps a fallback of one that is", None, "", sources)
    if not any(_could_show(one, wanted) for one in lists):
        return ItemFact(None, "not named by a capability that is not known to be complete", None, "", sources)
    return ItemFact(False, f"{wanted.name} not named by an unfiltered capability", Grade.MEASURED, "told", sources)


def _could_show(told: BandCombinations, wanted: Configuration) -> bool:
    """Whether the list is complete and reaches as far: an enquiry can limit how many carriers are named."""
    if told.complete is not True or told.filtered_by is not None or told.grade < Grade.MEASURED:
        return False
    if not any(part.ul_class for combo in told.combinations for part in combo):
        return False
    return sum(part.carriers for part in wanted.parts) <= max(map(_carriers, told.combinations), default=0)


def _carriers(combination: Combination) -> int:
    return sum(
        ConfigurationPart("nr" if p.rat == "nr" else "lte", p.band, (p.dl_class or "A").upper()).carriers
        for p in combination
    )


def _lacking(known: KnownBands, wanted: Configuration) -> str:
    """Why the device cannot have the configuration: the first of its bands that it lacks; else empty."""
    for part in dict.fromkeys((one.rat, one.band) for one in wanted.parts):
        fact = known.fact(part[0], part[1])
        if fact.has is False:
            return fact.why
    return ""


def _sources(lists: Iterable[BandCombinations]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(one.source for one in lists if one.source))


def has_uplink(index: CombinationIndex, name: str, uplink: str) -> bool | None:
    """Whether a combination of that name is told with this uplink; None where the capability does not tell it."""
    try:
        wanted = parsed_name(name)
    except ParseError:
        return None
    parts = parse_parts(uplink) if uplink else None
    if uplink and parts is None:
        return None
    named = index.named(_LISTS.get(wanted.type, ""), wanted)
    return True if any(_carries(row.combination, parts) for row in named) else None


def _carries(combination: Combination, parts: tuple[ConfigurationPart, ...] | None) -> bool:
    if parts is None:
        return any(one.ul_class for one in combination)
    told = Counter((str(_rat(one)), one.band, (one.ul_class or "").upper()) for one in combination if one.ul_class)
    return not Counter((str(part.rat), part.band, part.letter) for part in parts) - told
