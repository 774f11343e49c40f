"""Fits summed up by country: what a buyer or a traveller asks first. One row a device and country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.carriers.age import people
from harness.carriers.countries import name_of, population_of
from harness.plain_text import one_line

from .rows import GROUPS, says_works

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.verdicts.fit.buyer import Scale
    from harness.verdicts.fit.ranking import Fit

    from .rows import FitTable

COLUMNS = (
    "device",
    "country",
    "name",
    "population",
    "carriers",
    "best",
    "works",
    "works_with_gaps",
    "does_not_work",
    "one_list_works",
    "open",
    "best_carrier",
)


@dataclass(frozen=True, slots=True)
class CountryFit:
    """One device in one country, by all carriers of it that were asked about."""

    code: str
    name: str
    population: int
    fits: tuple[Fit, ...]
    """The best first."""

    @property
    def best(self) -> Fit:
        """The carrier that the device serves best."""
        return self.fits[0]

    def count(self, word: Scale) -> int:
        """How many carriers have this answer."""
        return sum(fit.answer.scale == word for fit in self.fits)

    @property
    def not_known(self) -> int:
        """Of how many nothing is decided, whatever one list says."""
        return sum(fit.answer.scale in {*GROUPS["unknown"], *GROUPS["one-list"]} for fit in self.fits)

    @property
    def one_list(self) -> int:
        """Of how many nothing is decided, and one list says: works."""
        return sum(map(says_works, self.fits))

    @property
    def words(self) -> str:
        """The best answer on a buyer's scale."""
        if self.count("works"):
            return "works"
        if self.count("works with gaps"):
            return "works with gaps"
        if self.one_list:
            return "one list says: works"
        return "does not work" if self.count("does not work") == len(self.fits) else "not known"


def by_country(fits: Iterable[Fit], order: str = "population") -> list[CountryFit]:
    """The countries, the most populous first or by name; each with its fits, the best first."""
    found: dict[str, list[Fit]] = {}
    for fit in fits:
        if fit.selected.carrier.nature == "carrier":
            found.setdefault(fit.selected.carrier.country, []).append(fit)
    rows = [
        CountryFit(code, name_of(code), population_of(code), tuple(sorted(own, key=lambda fit: fit.rank)))
        for code, own in found.items()
    ]
    return sorted(rows, key=lambda one: (one.name,) if order == "country" else (-one.population, one.name))


def reach(rows: Sequence[CountryFit]) -> str:
    """`works in 140 of 229 countries, where 5.1 billion of 7.7 billion people live`."""
    there = [one for one in rows if one.words in {"works", "works with gaps"}]
    lives = people(sum(one.population for one in there))
    return (
        f"works with a carrier of {len(there)} of {len(rows)} countries: {lives} live there, "
        f"of {people(sum(one.population for one in rows))}"
    )


def country_rows(table: FitTable) -> Iterator[tuple[Any, ...]]:
    """One row a device and country, in the order of `COLUMNS`."""
    for device, fits in table.devices:
        for one in by_country(fits, table.by):
            yield (
                one_line(device.name),
                one.code,
                one.name,
                one.population,
                len(one.fits),
                one.words,
                one.count("works"),
                one.count("works with gaps"),
                one.count("does not work"),
                one.one_list,
                one.not_known,
                one.best.selected.carrier.id,
            )


def country_lines(table: FitTable) -> Iterator[str]:
    """The table for a terminal: one block a device."""
    for device, fits in table.devices:
        rows = by_country(fits, table.by)
        yield one_line(device.label)
        yield f"  {reach(rows)}"
        yield ""
        names = max((len(one.name) for one in rows), default=7)
        yield f"{'country':<{names}}  {'people':>13}  carriers  works  gaps  no  one list  answer"
        for one in rows:
            yield (
                f"{one.name:<{names}}  {one.population:>13,}  {len(one.fits):>8}  {one.count('works'):>5}  "
                f"{one.count('works with gaps'):>4}  {one.count('does not work'):>2}  {one.one_list:>8}  {one.words}"
            )
        yield ""
