"""One device as far as it is known: its survey, what belongs to whom, its maker's declaration, and facts remembered.

Computed once a device and run; whoever judges, fits, verifies or reports takes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from harness.binding.binding import Binding, bind, told_without
from harness.binding.links import FILES, NO_LINKS, hold_links, is_told_over
from harness.radio.rats import published
from harness.radio.tables import band_label

from .bands.facts import Declared, band_fact, enabled_note
from .papers import NO_PAPERS, Papers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from harness.binding.sims import CarrierSim
    from harness.carriers.edition import Carrier, Edition
    from harness.carriers.store import Selected
    from harness.observations import SupportedBands
    from harness.survey.survey import Survey

    from .bands.layers import BandFact, BandState
    from .outcomes import Policy
    from .proforma.granting import HeldGrant
    from .proforma.holding import Held


@dataclass(frozen=True, slots=True)
class Bound:
    """One device: each band is looked up once, however many requirements ask for it."""

    survey: Survey
    """What the device told, without the facts of links that are of another one."""
    binding: Binding
    declared: Declared | None = None
    papers: Papers = NO_PAPERS
    """Filled proformas and grants that were declared of it."""
    today: date | None = None
    """The day of the run; None where nobody says it."""
    variants: tuple[Declared, ...] = ()
    """What each variant of its maker's sheet declares that it may be."""
    whole: Bound | None = None
    """The device with the facts of its contradicted links; None where there are none."""
    _facts: dict[tuple[str, int, bool], BandFact] = field(default_factory=dict, init=False, repr=False, compare=False)
    _notes: dict[tuple[str, int], str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _apart: dict[frozenset[str], Bound] = field(default_factory=dict, init=False, repr=False, compare=False)
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
        variants: tuple[Declared, ...] = (),
    ) -> Bound:
        """The device of a survey, bound on the day of the run; `unknown_plmns` are PLMNs that no profile has. Pure."""
        links = hold_links(survey)
        whole = None
        if links.contradicted:
            whole = cls(survey, bind(survey, unknown_plmns, NO_LINKS), declared, papers, today, variants)
            survey = told_without(survey, links.contradicted)
        return cls(survey, bind(survey, unknown_plmns, links), declared, papers, today, variants, whole)

    @property
    def denied_by_sheet(self) -> str:
        """That a capability file names bands which no variant of the maker's sheet has, in words; else empty."""
        files = [one for one in self.survey.supported if is_told_over(one, frozenset({FILES})) and one.bands]
        denied = [(rat, band) for one in files for rat, band in _beyond(one, self.variants)]
        if not denied:
            return ""
        labels = " ".join(dict.fromkeys(band_label(rat, band) for rat, band in denied))
        names = " and ".join(one.sheet for one in self.variants)
        return f"it names {labels}, which {names} {'does' if len(self.variants) == 1 else 'do'} not declare"

    def without(self, links: frozenset[str]) -> Bound:
        """The device as it would be known without some of its links; computed once."""
        found = self._apart.get(links)
        if found is None:
            own = told_without(self.survey, links)
            binding = bind(own, self.binding.sims.unknown, NO_LINKS)
            found = Bound(own, binding, self.declared, self.papers, self.today, self.variants)
            self._apart[links] = found
        return found

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
        found = fact.state(self.enabled_note(rat, band) if fact.has else "")
        loose = sorted(self.binding.links.unbound)
        others = [self.without(frozenset(links)) for links in ([loose, *([link] for link in loose)] if loose else [])]
        others += [self.whole] if self.whole is not None else []
        if not others:
            return found
        apart = (one.state(rat, band, own_sim=own_sim) for one in others)
        return found._replace(apart=(*apart, bool(loose and self.denied_by_sheet)))

    def at(self, selected: Selected, policy: Policy = "strict") -> CarrierBound:
        """The device as one carrier's edition judges it. Cases come carrier by carrier: the last one is remembered."""
        last = next(iter(self._last), None)
        if last is not None and last.selected is selected and last.policy == policy:
            return last
        found = CarrierBound(self, selected, policy, self.binding.sims.of(selected.carrier))
        self._last[:] = [found]
        return found


def _beyond(told: SupportedBands, variants: Sequence[Declared]) -> Iterator[tuple[str, int]]:
    """The bands of a list that every variant denies; none where a variant publishes no list of its kind."""
    lists = [one.bands.get(published(told.rat)) for one in variants]
    for band in told.bands or ():
        if lists and all(listed is not None and band not in listed for listed in lists):
            yield told.rat, band


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
