"""What time has overtaken: editions that nobody checked for a year, planned ends that have passed, networks that ended.

Importance is the population of the country: the lists tell no subscribers by carrier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from . import dates
from .countries import population_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from .edition import Carrier
    from .store import Profiles

Overtaken = Literal["stale", "passed", "ended"]


@dataclass(frozen=True, slots=True)
class Aged:
    """One thing to look at again."""

    kind: Overtaken
    carrier: str
    words: str
    population: int
    """Of the carrier's country; 0 where it is not known."""


def aged(profiles: Profiles, on: date) -> list[Aged]:
    """All that time has overtaken by that day: by kind, the largest country first. Raises FileError."""
    carriers = {carrier.id: carrier for carrier in profiles.carriers(profiles.ids())}
    order: tuple[Overtaken, ...] = ("stale", "passed", "ended")
    found = [one for carrier in carriers.values() for one in _of(carrier, carriers, on)]
    return sorted(found, key=lambda one: (order.index(one.kind), -one.population, one.carrier))


def _of(carrier: Carrier, known: dict[str, Carrier], on: date) -> Iterator[Aged]:
    people = population_of(carrier.country)
    if carrier.ended is not None:
        if carrier.ended_by(on):
            yield Aged("ended", carrier.id, _ended(carrier, known, on), people)
        return
    begun = [edition for edition in carrier.editions if edition.first_day <= on]
    if begun and begun[-1].stale(on):
        day = begun[-1].checked or begun[-1].as_of
        yield Aged("stale", carrier.id, f"the edition of {begun[-1].as_of} was last checked {day}", people)
    for network in carrier.networks:
        if network.status == "planned" and network.until and dates.last_day(network.until) < on:
            words = f"the end of {network.rat.upper()} was planned for {network.until}: is it off?"
            yield Aged("passed", carrier.id, words, people)
    host = known.get(carrier.host or "")
    if host is not None and host.ended_by(on):
        yield Aged("ended", carrier.id, f"its host {host.id} ended {host.ended}", people)


def _ended(carrier: Carrier, known: dict[str, Carrier], on: date) -> str:
    words = f"ended {carrier.ended}"
    if carrier.successor is None:
        return f"{words}, without a successor that is known"
    heir = known.get(carrier.successor)
    if heir is None:
        return f"{words}; its successor {carrier.successor} has no profile"
    return f"{words}; its successor {heir.id} {f'ended {heir.ended}' if heir.ended_by(on) else 'goes on'}"


def people(count: int) -> str:
    """`1.4 billion people`, `84 million people`, `120 thousand people`."""
    for size, word in ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")):
        if count >= size:
            return f"{count / size:.2g} {word} people" if count < 10 * size else f"{count / size:.0f} {word} people"
    return f"{count} people" if count else "people not counted"


def age_lines(found: Iterable[Aged]) -> Iterator[str]:
    """The list for a terminal."""
    heads = {
        "stale": "Not checked for twelve months, the largest country first",
        "passed": "Planned ends whose day has passed",
        "ended": "Networks that ended, and who goes on",
    }
    rows = list(found)
    for kind, head in heads.items():
        here = [one for one in rows if one.kind == kind]
        yield f"{head}: {len(here)}"
        yield from (f"  {one.carrier:<28} {one.words} ({people(one.population)})" for one in here)
