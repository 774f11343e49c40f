"""One device as far as it is known, for one carrier or for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.observations import Identity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.requirements.bands.facts import Declared
    from harness.requirements.bands.layers import BandFact, BandState
    from harness.requirements.bound import Bound
    from harness.requirements.outcomes import Outcome
    from harness.survey.survey import Survey

Place = tuple[str, int]
"""RAT and band."""


class KnownDevice:
    """One device as `fit` takes it: bound, and what all carriers make alike of it remembered."""

    def __init__(self, bound: Bound, *, remark: str = "", without_device: bool = False) -> None:
        self.bound = bound
        self.remark = remark
        """Which sheet was taken, or why none."""
        self.without_device = without_device
        """Nobody has the device yet: only its declaration counts."""
        self.plmns = frozenset(bound.binding.sims.plmns)
        self._older: dict[tuple[tuple[Place, ...], bool], tuple[bool | None, ...]] = {}
        self.apart: dict[tuple[tuple[Any, ...], ...], tuple[Outcome, ...]] = {}
        """Outcomes of what applies to a SIM of the carrier alone, where none is in: the same for all carriers."""

    @property
    def survey(self) -> Survey:
        """What the device told."""
        return self.bound.survey

    @property
    def declared(self) -> Declared | None:
        """What its maker declares."""
        return self.bound.declared

    @property
    def name(self) -> str:
        """The device's name in the run."""
        return self.survey.device

    @property
    def label(self) -> str:
        """Maker and model, else the name."""
        return self.survey.label if self.survey.all(Identity) else self.survey.device

    @property
    def unread(self) -> str | None:
        """Why nothing is known of the device itself; None where it was read at least in part."""
        return self.survey.trouble if self.survey.trouble and not self.survey.observations else None

    def fact(self, rat: str, band: int, *, own: bool) -> BandFact:
        """What is known of one band; `own`: a SIM of the carrier that asks is in the device."""
        return self.bound.fact(rat, band, own_sim=own)

    def has_all(self, places: tuple[Place, ...], *, own: bool) -> tuple[bool | None, ...]:
        """Whether the device has each of these bands; carriers whose older networks are alike share the answer."""
        found = self._older.get((places, own))
        if found is None:
            found = tuple(self.fact(rat, band, own=own).has for rat, band in places)
            self._older[places, own] = found
        return found

    def states(self, keys: Iterable[Place], *, own: bool) -> list[BandState]:
        """All that `judge` makes a difference by, of each band: known, how well, and whether with a remark."""
        return [self.bound.state(rat, band, own_sim=own) for rat, band in keys]
