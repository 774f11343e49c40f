"""One band rule laid out for many devices, and what a set of its answers comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .gaps import SEVERITY, Gap, gap_of_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.requirements.band import BandRule
    from harness.requirements.bands.layers import BandState
    from harness.verdicts.verdict import Outcome

    from .fit_band import FitBand


@dataclass(slots=True)
class AskedBandRule:
    """One band rule, with the places of its bands among all that are looked up."""

    rule: BandRule
    label: str
    stand_ins: tuple[int, ...]
    """The places of those that may stand in, the declared aliases first."""
    aliases: int
    """How many of them are aliases."""
    places: tuple[int, ...]
    """The band's, then those of its declared aliases, then those of its any-of group."""
    look: Callable[[list[BandState]], Any]
    seen: dict[Any, Outcome]
    """Outcome by state; one memory for all rules that differ in their band numbers only."""
    bands: dict[Any, FitBand] = field(default_factory=dict)


def serves(state: BandState, rule: BandRule) -> bool | None:
    """Whether a band in this state serves where the rule asks for it; hardware with a part of it may not."""
    return rule.served_by_part(state.part) if state.has and state.part is not None else state.has


def looker(places: Sequence[int]) -> Callable[[list[BandState]], Any]:
    """Gets the states at these places out of all."""
    return itemgetter(*places) if places else lambda _: ()


def weight_of(band: FitBand) -> tuple[int, int]:
    """What comes first: the heavier outcome, then the gap that is felt more."""
    return (-band.outcome.weight, -SEVERITY[gap_of_role(band.rule.role)])


def gap_of(listed: Sequence[FitBand], missing: Sequence[FitBand]) -> Gap:
    """The worst gap that the missing bands leave; `open` where one is not known."""
    if missing:
        return max((gap_of_role(band.rule.role) for band in missing), key=SEVERITY.__getitem__)
    return "open" if not listed or any(band.has is None and not band.stood_in for band in listed) else "none"
