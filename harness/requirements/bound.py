"""One device as far as it is known: its survey, what belongs to whom, its maker's declaration, and facts remembered.

Computed once a device and run; whoever judges, fits, verifies or reports takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.binding.binding import Binding, bind

from .bands.facts import Declared, band_fact, enabled_note
from .papers import NO_PAPERS, Papers

if TYPE_CHECKING:
    from datetime import date

    from harness.binding.sims import CarrierSim
    from harness.carriers.edition import Carrier, Edition
    from harness.carriers.store import Selected
    from harness.survey.survey import Survey

    from .bands.layers import BandFact, BandState
    from .outcomes import Policy
    from .proforma.granting import HeldGrant
    from .proforma.holding import Held


@dataclass(frozen=True, slots=True)
class Bound:
    """One device: each band is looked up once, however many requirements ask for it."""

    survey: Survey
    binding: Binding
    declared: Declared | None = None
    papers: Papers = NO_PAPERS
    """Filled proformas and grants that were declared of it."""
    today: date | None = None
    """The day of the run; None where nobody says it."""
    _facts: dict[tuple[str, int, bool], BandFact] = field(default_factory=dict, init=False, repr=False, compare=False)
    _notes: dict[tuple[str, int], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _last: list[CarrierBound] = field(default_factory=list, init=False, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        survey: Survey,
        declared: Declared | None = None,
        papers: Papers = NO_PAPERS,
        *,
        unknown_plmns: frozenset[str] = frozenset(),
        today: date | None = None,
    ) -> Bound:
        """The device of a survey, bound on the day of the run; `unknown_plmns` are PLMNs that no profile has. Pure."""
        return cls(survey, bind(survey, unknown_plmns), declared, papers, today)

    @property
    def held_ics(self) -> tuple[Held, ...]:
        """Each filled proforma held against the device; none where none was declared."""
        return self.papers.held_ics(self.survey)

    @property
    def held_grant(self) -> HeldGrant | None:
        """The grants held against the device; None where none was declared."""
        return self.papers.held_grant(self.survey)

    def fact(self, rat: str, band: int, *, own_sim: bool) -> BandFact:
        """What is known of one band; `own_sim`: a SIM of the carrier that asks is in the device."""
        key = (rat, band, own_sim)
        found = self._facts.get(key)
        if found is None:
            found = band_fact(self.survey, self.binding, self.declared, rat, band, own_sim=own_sim)
            self._facts[key] = found
        return found

    def enabled_note(self, rat: str, band: int) -> str:
        """A remark where the band is supported but not configured now, or that could not be read; else empty."""
        key = (rat, band)
        found = self._notes.get(key)
        if found is None:
            found = self._notes[key] = enabled_note(self.survey, rat, band)
        return found

    def state(self, rat: str, band: int, *, own_sim: bool) -> BandState:
        """All that an outcome can depend on of one band: two devices in one state get one outcome."""
        fact = self.fact(rat, band, own_sim=own_sim)
        return fact.state(self.enabled_note(rat, band) if fact.has else "")

    def at(self, selected: Selected, policy: Policy = "strict") -> CarrierBound:
        """The device as one carrier's edition judges it. Cases come carrier by carrier: the last one is remembered."""
        last = self._last[0] if self._last else None
        if last is not None and last.selected is selected and last.policy == policy:
            return last
        found = CarrierBound(self, selected, policy, self.binding.sims.of(selected.carrier))
        self._last[:] = [found]
        return found


@dataclass(frozen=True, slots=True)
class CarrierBound:
    """One device at one carrier's edition under one policy: what a kind judges by."""

    device: Bound
    selected: Selected
    policy: Policy
    sim: CarrierSim
    """Whether a SIM of the carrier is in, and which."""

    @property
    def survey(self) -> Survey:
        """What the device told."""
        return self.device.survey

    @property
    def binding(self) -> Binding:
        """What its facts belong to."""
        return self.device.binding

    @property
    def carrier(self) -> Carrier:
        """Who asks."""
        return self.selected.carrier

    @property
    def edition(self) -> Edition:
        """What is asked."""
        return self.selected.edition

    def fact(self, rat: str, band: int) -> BandFact:
        """What is known of one band, for this carrier."""
        return self.device.fact(rat, band, own_sim=self.sim.is_in)

    def enabled_note(self, rat: str, band: int) -> str:
        """A remark where the band is supported but not configured now, or that could not be read; else empty."""
        return self.device.enabled_note(rat, band)
