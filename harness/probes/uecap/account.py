"""What one container of a capability says, before accounts are merged into the reading of a device."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import attrgetter
from typing import Literal

from harness.capability_facts import CarrierComponent

Kind = Literal["eutra", "nr", "mrdc"]
CombinationType = Literal["lte_ca", "nr_ca", "nr_dc", "en_dc"]
Combination = tuple[CarrierComponent, ...]
_FIELDS = attrgetter("rat", "band", "dl_class", "ul_class")


@dataclass(frozen=True, slots=True)
class Enquiry:
    """What the network asked for. A list of None: bands of that RAT were not restricted."""

    lte: frozenset[int] | None = None
    nr: frozenset[int] | None = None
    enquired: bool = False
    """The enquiry itself was read; else this is the echo in the answer, which only tells of its own RAT."""


@dataclass(frozen=True, slots=True)
class MessagePlace:
    """One place of a container that names bands of a RAT; of a `listed` one they stand in the order of the message."""

    name: str
    bands: tuple[int, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """One container (or vendor table).

    `bands` by RAT word (`lte`, `nr`, `nr_nsa`, `nr_sa`); `seen` lists every place that vouches for bands of `lte` or
    `nr`: two places that agree make a band certain. `doubts` say why the account as a whole is weak; then it vouches
    for nothing. `asked` None: neither enquiry nor echo was found.
    """

    kind: Kind | Literal["table"]
    origin: str
    bands: dict[str, tuple[int, ...]] = field(default_factory=dict)
    combinations: dict[CombinationType, tuple[Combination, ...]] = field(default_factory=dict)
    seen: dict[str, tuple[MessagePlace, ...]] = field(default_factory=dict)
    category: tuple[int | None, int | None, int | None, str | None] | None = None
    """Downlink, uplink, release-8 field, name."""
    mfbi: bool | None = None
    power: tuple[tuple[str, int | None, float], ...] = ()
    """RAT, band (None: all), class."""
    asked: Enquiry | None = None
    doubts: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    """Why its combinations do not vouch for each other; those of other accounts may."""
    shaky: frozenset[Combination] = frozenset()
    """Combinations (in canonical order) that one wrong bit could have made of another; see `confusable`."""
    warnings: tuple[str, ...] = ()
    repeat: bool = False
    """The same message was told before: as octets and as decoded text, or in two files. One statement is told once."""
    unknown: tuple[str, ...] = ()
    """Bands that this version does not know, as labels; they stand nowhere else."""

    @property
    def counts(self) -> bool:
        """Whether the account is a statement of its own: not in doubt, and not told before."""
        return not self.doubts and not self.repeat

    @property
    def content(self) -> tuple[object, ...]:
        """The bands and combinations that are told: equal for the octets of a message and for its decoded text."""
        bands = tuple(sorted(self.bands.items()))
        combos = tuple((kind, frozenset(map(canonical, told))) for kind, told in sorted(self.combinations.items()))
        return self.kind, bands, combos


def canonical(combination: Combination) -> Combination:
    """One order for the same components: RAT, then band, then classes."""
    try:
        return tuple(sorted(combination, key=_FIELDS))  # a large message asks this some ten thousand times
    except TypeError:  # a class beside none, on one band
        return tuple(sorted(combination, key=lambda c: (c.rat, c.band, c.dl_class or "", c.ul_class or "")))


def distinct(combinations: list[Combination]) -> tuple[Combination, ...]:
    """Without repetition, in order; the order of components does not matter."""
    return tuple(dict.fromkeys(canonical(combination) for combination in combinations))
