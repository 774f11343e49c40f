"""Which carriers a device serves: one or many devices against one or many editions. Pure, and made for many.

Every outcome is `judge`'s own. What `judge` makes of a band rule depends only on the rule's shape, on what is known of the
bands that it names, on whether the network is on by the day asked about, and on whether that day has come; so it is
asked once for each of these and remembered, and devices that are alike share the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.carriers.band_faults import is_low_band
from harness.carriers.confidence import edition_sureness
from harness.carriers.gid1 import sim_plmns
from harness.observations import Grade
from harness.radio.tables import band_label
from harness.requirements.band import BandRule, only_recommended
from harness.verdicts.fit.asked_band import AskedBandRule, gap_of, looker, serves, weight_of
from harness.verdicts.judge import GRADES, judge
from harness.verdicts.verdict import Outcome, Policy, Verdict, worst
from harness.verdicts.ways_out import LEADS, SECOND_LIST, with_ways_out

from .buyer import SCALE, gaps_in_words, scale_of
from .fit_band import FitBand
from .gaps import SEVERITY, Gap, gap_of_role
from .known import KnownDevice, Place
from .one_list import one_list_answer
from .usable import in_one, newer, older, volte_need

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.carriers.confidence import Sureness
    from harness.carriers.kinds import Requirement
    from harness.carriers.store import Selected
    from harness.requirements.bands.layers import BandState

    from .buyer import Scale
    from .one_list import OneListAnswer
    from .usable import Need

__all__ = ["Fit", "FitAnswer", "FitBand", "Gap", "KnownDevice", "Offer", "Offers", "gap_of_role", "ranked"]

_TOLD = frozenset({Outcome.PASS_NOTE, Outcome.INCONC, Outcome.FAIL})
_Seen = dict[tuple[Any, ...], dict[Any, Outcome]]


@dataclass(frozen=True, slots=True)
class FitAnswer:
    """What one state of the bands means at one edition; shared by all devices that are in it."""

    bands: tuple[FitBand, ...]
    """Those that the edition lists; an informative one decides nothing."""
    band_fit: Outcome
    worst: FitBand | None
    """The band that weighs most among those missing, else among those that are open or noted."""
    gap: Gap
    coverage_open: bool
    """No band below 1 GHz is confirmed, so the outcome can be no PASS."""
    listed: tuple[FitBand, ...]
    """The bands that are mandatory or recommended."""
    grade: Grade | None
    """The weakest grade among the listed bands that are known; None where none is."""
    rank: tuple[float, ...]
    """Sorts the best first."""
    confidence: Sureness
    """How sure it is what the carrier asks."""
    one_list: OneListAnswer | None
    """What one list says, where that is all there is."""
    newer: tuple[str, ...]
    """What works of NR and LTE, in words."""
    scale: Scale = "not known"
    """The answer on a buyer's scale."""

    @property
    def have(self) -> tuple[str, ...]:
        """Labels of listed bands that are there."""
        return tuple(band.label for band in self.listed if band.has)

    @property
    def stood_in(self) -> tuple[str, ...]:
        """Labels of listed bands that another band stands in for."""
        return tuple(band.label for band in self.listed if band.stood_in)

    @property
    def missing(self) -> tuple[str, ...]:
        """Labels of listed bands that are missing."""
        return tuple(band.label for band in self.listed if band.missing)

    @property
    def open(self) -> tuple[str, ...]:
        """Labels of listed bands of which nothing is known."""
        return tuple(band.label for band in self.listed if band.has is None and not band.stood_in)


@dataclass(frozen=True, slots=True)
class Fit:
    """One device at one carrier."""

    device: KnownDevice
    offer: Offer
    answer: FitAnswer
    other_outcomes: tuple[Outcome, ...]
    """Of what else the edition asks, in the order of `others`."""

    @property
    def selected(self) -> Selected:
        """The carrier and its edition."""
        return self.offer.selected

    @property
    def band_fit(self) -> Outcome:
        """The heaviest verdict on bands: the answer to whether the device's radio serves this carrier."""
        return self.answer.band_fit

    @property
    def others(self) -> tuple[Verdict, ...]:
        """What else the edition asks, and where the device stands: registration, VoLTE, software."""
        return tuple(self.offer.verdict(self.device, rule) for rule in self.offer.other_rules(self.device))

    @property
    def failing(self) -> tuple[Verdict, ...]:
        """Requirements beside the bands that the device is known not to meet."""
        if Outcome.FAIL not in self.other_outcomes:
            return ()
        return tuple(verdict for verdict in self.others if verdict.outcome is Outcome.FAIL)

    @property
    def best_rat(self) -> str:
        """What works that day, the best first."""
        if self.selected.ended():
            return f"none: the network ended {self.selected.carrier.ended}"
        return in_one((*self.answer.newer, *self.offer.older(self.device)[0]))

    @property
    def volte(self) -> Need:
        """Whether calls need VoLTE with this device."""
        return self.offer.older(self.device)[1]

    @property
    def reason(self) -> str:
        """Why it is no plain PASS: the worst missing role and its effect, or what is open or noted; else empty."""
        if self.selected.ended():
            return f"the network ended {self.selected.carrier.ended}"
        if self.device.unread:
            return self.device.unread
        told = [self.answer.one_list.sentence] if self.answer.one_list and self.band_fit is Outcome.INCONC else []
        missing = [band for band in self.answer.listed if band.missing]
        told += (
            [gaps_in_words(missing)] if missing else [self._sentence(self.answer.worst)] if self.answer.worst else []
        )
        if self.answer.coverage_open and (self.band_fit is Outcome.INCONC or not told):
            told.append(
                "no band below 1 GHz of this carrier has two publishers, so coverage indoors and far out is not known"
            )
        if not told and self.band_fit is Outcome.INCONC:
            told.append("the edition lists no band that decides")
        if self.band_fit is Outcome.INCONC and not any(LEADS in one for one in told):
            told[-1] += f"{LEADS}{SECOND_LIST}"
        return "; ".join(told)

    def _sentence(self, band: FitBand) -> str:
        return self.offer.told(self.device, band.rule).reason

    @property
    def rank(self) -> tuple[Any, ...]:
        """Sorts the best fit first."""
        return (*self.answer.rank, self.selected.carrier.id)


class Offer:
    """One carrier at one edition, laid out for many devices."""

    def __init__(
        self, selected: Selected, places: dict[Place, int], seen: _Seen, policy: Policy, require_grade: Grade
    ) -> None:
        self.selected = selected
        self.policy = policy
        self.require_grade = require_grade
        self._ended = selected.ended()
        self._in_force = (self._ended, selected.asked)
        """What `judge` makes a difference by beside the rule and the device."""
        edition = selected.edition
        bands = [rule for rule in edition.requirements if isinstance(rule, BandRule)]
        self._asked = [self._laid_out(rule, places, seen) for rule in bands]
        others = [rule for rule in edition.requirements if not isinstance(rule, BandRule)]
        self._deciding = [rule for rule in others if rule.decides_fit]
        self._of_sim = tuple(rule for rule in others if rule.needs_sim and not rule.decides_fit)
        self._software = tuple(rule for rule in others if not (rule.needs_sim or rule.decides_fit))
        self._kinds = (self._in_force, *((rule.kind, rule.level, rule.needed) for rule in self._of_sim))
        self._look = looker(sorted({place for one in self._asked for place in one.places}))
        self._answers: dict[Any, FitAnswer] = {}
        self._plmns = sim_plmns(selected.carrier)
        self._coverage_open = self._is_coverage_open()
        self.stale = selected.stale()
        """Whether its edition was last checked more than twelve months before the day."""
        self._networks = tuple((n.rat, band) for n in selected.carrier.networks for band in n.bands or ())
        self._older: dict[tuple[bool | None, ...], tuple[list[str], Need]] = {}

    def _laid_out(self, rule: BandRule, places: dict[Place, int], seen: _Seen) -> AskedBandRule:
        aliases = tuple(alias.satisfied_by for alias in self.selected.edition.alias_for(rule.rat, rule.band))
        accepted = [*aliases]
        if self.policy == "service":
            accepted += [one.band for one in rule.any_of if one.relation != "alternative"]
        rat = rule.wanted_rat(self.selected.edition)
        named = [places.setdefault((rat, band), len(places)) for band in (rule.band, *aliases, *rule.numbers[1:])]
        stand_ins = tuple(places[rat, band] for band in dict.fromkeys(accepted))
        relations = tuple(one.relation for one in rule.any_of)
        shape = (self._in_force, rule.level, rule.needed, rule.ul_mhz, len(aliases), relations)
        label = band_label(rule.rat, rule.band)
        several = len(set(aliases))
        return AskedBandRule(rule, label, stand_ins, several, tuple(named), looker(named), seen.setdefault(shape, {}))

    def is_own(self, device: KnownDevice) -> bool:
        """Whether a SIM of this carrier is in the device."""
        return bool(device.plmns & self._plmns) and device.bound.binding.sims.of(self.selected.carrier).is_in

    def verdict(self, device: KnownDevice, rule: Requirement) -> Verdict:
        """The whole verdict on one requirement."""
        return judge(device.bound, self.selected, rule, policy=self.policy, require_grade=self.require_grade)

    def told(self, device: KnownDevice, rule: Requirement) -> Verdict:
        """The verdict for a person: an open one with its ways out."""
        needed = max(GRADES[rule.needed], self.require_grade)
        return with_ways_out(self.verdict(device, rule), rule, device.bound.at(self.selected, self.policy), needed)

    def fit(self, device: KnownDevice, states: list[BandState]) -> Fit:
        """The device at this carrier; `states` of all places, with the SIM that is in it."""
        key = (device.bound.today, self._look(states))
        answer = None if device.unread else self._answers.get(key)
        if answer is None:
            answer = self._answer(device, states)
            if not device.unread:
                self._answers[key] = answer
        return Fit(device, self, answer, self._others(device))

    def older(self, device: KnownDevice) -> tuple[list[str], Need]:
        """What works before LTE in words, and whether calls need VoLTE; one answer for devices that are alike."""
        key = device.has_all(self._networks, own=self.is_own(device))
        found = self._older.get(key)
        if found is None:
            known: dict[Place, bool | None] = dict(zip(self._networks, key, strict=True))

            def has(rat: str, band: int) -> bool | None:
                return known[rat, band]

            found = self._older[key] = (older(self.selected, has), volte_need(self.selected, has))
        return found

    def _answer(self, device: KnownDevice, states: list[BandState]) -> FitAnswer:
        none = self._lacks_every_lte_band(states)
        bands = tuple([self._band(device, asked, states, none=none) for asked in self._asked])
        listed = tuple([band for band in bands if band.rule.level != "informative"])
        coverage = [self.verdict(device, rule).outcome for rule in self._deciding if rule.level != "informative"]
        # What is only informative counts nowhere, as in a run's result.
        lost = [Outcome.ERROR] if device.unread else []
        fit = worst([*(band.outcome for band in listed), *coverage, *lost])
        if fit in {Outcome.NA, Outcome.PASS, Outcome.PASS_NOTE} and (self._coverage_open or not listed):
            fit = Outcome.INCONC
        if self._ended:
            fit = Outcome.NA
        missing = [band for band in listed if band.missing]
        told = missing or [band for band in listed if band.outcome is fit and fit in _TOLD]
        gap = gap_of(listed, missing)
        edition = self.selected.edition
        # A FAIL rests on a band that two publishers name, whatever else is open.
        sure = "confirmed" if fit is Outcome.FAIL else edition_sureness(edition, coverage_open=self._coverage_open)
        one = one_list_answer(edition, bands) if sure == "one_list" and not device.unread else None
        scale = scale_of(fit, listed, one)
        return FitAnswer(
            bands=bands,
            band_fit=fit,
            worst=min(told, key=weight_of, default=None),
            gap=gap,
            coverage_open=self._coverage_open,
            listed=listed,
            grade=min((band.grade for band in listed if band.grade is not None), default=None),
            rank=(SCALE.index(scale), fit.weight, SEVERITY[gap], len(missing) / (len(listed) or 1)),
            confidence=sure,
            one_list=one,
            newer=tuple(newer(bands)),
            scale=scale,
        )

    def _lacks_every_lte_band(self, states: list[BandState]) -> bool:
        """As `requirements.band.lacks_every_lte_band`, by states: `judge` makes a difference by it."""
        asked = [one for one in self._asked if one.rule.is_listed_lte]
        return only_recommended([one.rule for one in asked]) and all(
            serves(states[one.places[0]], one.rule) is False
            and not any(serves(states[place], one.rule) for place in one.stand_ins)
            for one in asked
        )

    def _band(self, device: KnownDevice, asked: AskedBandRule, states: list[BandState], *, none: bool) -> FitBand:
        if device.unread:
            return FitBand(asked.rule, asked.label, None, Outcome.NA if self._ended else Outcome.ERROR)
        key = (device.bound.today, none and asked.rule.is_listed_lte, asked.look(states))
        found = asked.bands.get(key)
        if found is None:
            outcome = asked.seen.get(key)
            if outcome is None:
                outcome = asked.seen[key] = self.verdict(device, asked.rule).outcome
            grade = states[asked.places[0]].grade
            has = serves(states[asked.places[0]], asked.rule)
            there = [bool(not has and serves(states[place], asked.rule)) for place in asked.stand_ins]
            alias = any(there[: asked.aliases])
            found = asked.bands[key] = FitBand(asked.rule, asked.label, has, outcome, grade, any(there), alias)
        return found

    def _is_coverage_open(self) -> bool:
        """No band below 1 GHz decides here, and the profile does not say that the carrier truly has none."""
        if any(rule.leaves_coverage_open and rule.level != "informative" for rule in self._deciding):
            return True
        if self.selected.edition.has_no_low_band:
            return False
        asked = [one.rule for one in self._asked if one.rule.level != "informative"]
        return not any(is_low_band(rule.rat, rule.band) for rule in asked)

    def other_rules(self, device: KnownDevice) -> tuple[Requirement, ...]:
        """What is asked beside bands; of a device that nobody has yet, nothing that needs its SIM."""
        return self._software if device.without_device else self._software + self._of_sim

    def _others(self, device: KnownDevice) -> tuple[Outcome, ...]:
        software = tuple(self.verdict(device, rule).outcome for rule in self._software)
        if device.without_device:
            return software
        if device.plmns & self._plmns:
            return software + tuple(self.verdict(device, rule).outcome for rule in self._of_sim)
        shared = device.apart.get(self._kinds)
        if shared is None:
            shared = device.apart[self._kinds] = tuple(self.verdict(device, rule).outcome for rule in self._of_sim)
        return software + shared


class Offers:
    """Carriers laid out for many devices, under one policy and one lowest grade."""

    def __init__(
        self,
        selected: Iterable[Selected],
        policy: Policy = "service",
        require_grade: Grade = Grade.DECLARED,
    ) -> None:
        self.policy: Policy = policy
        self.require_grade = require_grade
        self._places: dict[Place, int] = {}
        seen: _Seen = {}
        self.offers = tuple(Offer(one, self._places, seen, policy, require_grade) for one in selected)
        self._of_plmn: dict[str, set[int]] = {}
        for index, offer in enumerate(self.offers):
            for plmn in sim_plmns(offer.selected.carrier):
                self._of_plmn.setdefault(plmn, set()).add(index)

    def fits(self, device: KnownDevice) -> list[Fit]:
        """The device at every carrier, in the order of the carriers."""
        related = {index for plmn in device.plmns for index in self._of_plmn.get(plmn, ())}
        own = {index for index in related if self.offers[index].is_own(device)}
        foreign = device.states(self._places, own=False)
        at_home = device.states(self._places, own=True) if own else foreign
        return [offer.fit(device, at_home if index in own else foreign) for index, offer in enumerate(self.offers)]


def ranked(fits: Iterable[Fit]) -> list[Fit]:
    """The best fit first."""
    return sorted(fits, key=lambda fit: fit.rank)
