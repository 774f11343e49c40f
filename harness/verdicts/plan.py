"""What a run judges: carriers chosen for each device, and the cases that follow. Pure but for loading profiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from harness.carriers.store import Profiles
from harness.errors import UsageError
from harness.observations import Grade, Sim
from harness.requirements.bands.declared import declared_by, match_for, variants_of
from harness.requirements.bound import Bound
from harness.requirements.papers import NO_PAPERS, Papers
from harness.trial_facts import Trial

from .case import Case
from .evidence_age import in_time
from .judge import GRADES, judge
from .verdict import Outcome
from .waivers import Waiver, waived
from .ways_out import with_ways_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.binding.sims import SimsIn
    from harness.carriers.sheets import Sheets
    from harness.carriers.store import Selected
    from harness.survey.survey import Survey

    from .verdict import Policy, Verdict


@dataclass(frozen=True)
class Unjudged:
    """Why no carrier judges a device: ERROR of one that could not be read, else INCONC."""

    outcome: Outcome
    reason: str


@dataclass
class Run:
    """What was asked for, and what was read. `cases` are in the order of devices, carriers and requirements."""

    policy: Policy = "strict"
    require_grade: Grade = Grade.DECLARED
    as_of: date | None = None
    surveys: dict[str, Survey] = field(default_factory=dict)
    bound: dict[str, Bound] = field(default_factory=dict)
    """Per device: its survey with what belongs to whom and what its maker declares, computed by `plan_run`."""
    papers: dict[str, Papers] = field(default_factory=dict)
    """Per device: the filled proformas and grants that were declared of it."""
    day: date | None = None
    """The day on which the run was made; None: today. What comes after it is only announced, what was read before is old."""
    remarks: dict[str, str] = field(default_factory=dict)
    """Per device: which sheet was taken and why, or why none."""
    cases: list[Case] = field(default_factory=list)
    planned: list[tuple[str, Selected]] = field(default_factory=list)
    """Each device with each edition that it was to be judged by, whichever of its cases were then chosen."""
    unjudged: dict[str, Unjudged] = field(default_factory=dict)
    """The devices that no carrier judges: told beside the cases, so that a run is no PASS by what it left out."""
    waivers: tuple[Waiver, ...] = ()
    max_evidence_age: int | None = None
    """How many days old the evidence of a device may be."""

    def bind(self, sheets: Sheets, unknown_plmns: Mapping[str, frozenset[str]]) -> None:
        """Bind every survey to its maker's declaration. Raises UnknownName for a sheet that does not exist.

        `unknown_plmns` are, per device, home PLMNs of its SIMs that no profile has.
        """
        for name, survey in self.surveys.items():
            match = match_for(survey, sheets)
            declared, self.remarks[name] = declared_by(survey, match)
            unknown = unknown_plmns.get(name, frozenset())
            self.bound[name] = Bound.of(
                survey,
                declared,
                self.papers.get(name, NO_PAPERS),
                unknown_plmns=unknown,
                today=self.day,
                variants=variants_of(match),
            )

    def add(self, device: str, selected: Selected) -> None:
        """Judge the device by every requirement of the edition."""
        self.planned.append((device, selected))
        self.cases += [Case(device, selected, rule) for rule in selected.edition.requirements]

    def add_papers(self, device: str) -> None:
        """Hold what was declared of the device against it, as editions of their own."""
        papers = self.papers.get(device)
        if papers:
            from .declared_papers import editions_of_papers

            for selected in editions_of_papers(papers, self.day or date.today()):
                self.add(device, selected)
        self._add_sweep(device)

    def _add_sweep(self, device: str) -> None:
        """Judge the bands and technologies that the device was held to, where it was."""
        survey = self.surveys[device]
        if not any(isinstance(one, Trial) for one in survey.observations):
            return
        from .swept import edition_of_sweep

        for selected in edition_of_sweep(self.surveys[device], self.day or date.today()):
            self.add(device, selected)

    def verdict(self, case: Case) -> Verdict:
        """Judge one case."""
        verdict = judge(
            self.bound[case.device],
            case.selected,
            case.rule,
            policy=self.policy,
            require_grade=self.require_grade,
        )
        survey = self.surveys[case.device]
        if self.waivers:
            verdict = waived(verdict, case, self.waivers, survey)
        at = self.bound[case.device].at(case.selected, self.policy)
        verdict = with_ways_out(verdict, case.rule, at, max(GRADES[case.rule.needed], self.require_grade))
        if self.max_evidence_age is not None:
            verdict = in_time(verdict, survey, day=self.day or date.today(), most_days=self.max_evidence_age)
        return verdict


def plan_run(
    run: Run,
    carriers: Sequence[str],
    profiles: Profiles | None = None,
    by_device: Mapping[str, Sequence[str]] | None = None,
    sheets: Sheets | None = None,
) -> None:
    """Choose carriers for each device and lay out the cases.

    Without names those of the bench file decide (`by_device`), else the SIM: its carrier id, PLMN and GID1. Raises
    UsageError where nothing decides for any device, UnknownName for a carrier that nobody profiles.
    """
    from harness.carriers.sheets import Sheets

    profiles = profiles or Profiles()
    day = run.as_of or run.day
    chosen = profiles.select(carriers, day) if carriers else None
    run.bind(sheets or Sheets(), {name: unknown_plmns(survey, profiles) for name, survey in run.surveys.items()})
    for name, bound in run.bound.items():
        asked = chosen
        if asked is None:
            own = (by_device or {}).get(name)
            asked = profiles.select(own, day) if own else _of_sim(bound.binding.sims, profiles, day)
        for selected in asked:
            run.add(name, selected)
        run.add_papers(name)
    if not run.cases:
        raise _nothing_to_judge_by(run.bound.values(), profiles, day)
    judged = {device for device, _ in run.planned}
    run.unjudged = {name: _unjudged(bound, profiles, day) for name, bound in run.bound.items() if name not in judged}


def _unjudged(bound: Bound, profiles: Profiles, day: date | None) -> Unjudged:
    if bound.survey.trouble:
        return Unjudged(Outcome.ERROR, bound.survey.trouble)
    return Unjudged(Outcome.INCONC, str(_nothing_to_judge_by([bound], profiles, day)).replace("\n  ", "; "))


def unknown_plmns(survey: Survey, profiles: Profiles) -> frozenset[str]:
    """Home PLMNs of the SIMs that no profile has: whose those SIMs are is not known."""
    plmns = {sim.plmn for sim in survey.all(Sim) if sim.plmn}
    return frozenset(plmn for plmn in plmns if not profiles.knows_plmn(plmn))


def _nothing_to_judge_by(devices: Iterable[Bound], profiles: Profiles, day: date | None) -> UsageError:
    """Why no carrier decides; of a SIM whose carrier ended, who took it over."""
    plmns = dict.fromkeys(plmn for bound in devices for plmn in bound.binding.sims.plmns)
    for plmn in plmns:
        for carrier in profiles.ended_of_plmn(plmn, day):
            told = f"no carrier to judge by: the SIM is of {carrier.name} ({plmn}), which ended on {carrier.ended}"
            heir = profiles.carrier(carrier.successor) if carrier.successor else None
            if heir is not None:
                return UsageError(f"{told}; its successor is {heir.name}", way_out=f"name it: --carrier={heir.id}")
            return UsageError(told, way_out="name a carrier: --carrier=us/att")
    return UsageError("no carrier to judge by: no SIM tells one", way_out="name it: --carrier=us or --carrier=us/att")


def _of_sim(sims: SimsIn, profiles: Profiles, as_of: date | None) -> list[Selected]:
    """The carriers of the SIMs, wherever they are registered: abroad the home carrier is the one that asks.

    Where another SIM is in than the bench file expects, those of the expected one.
    """
    if sims.wrong:
        return profiles.select(profiles.by_sim(sims.expected, on=as_of), as_of)
    ids = [id_ for sim in sims.present for id_ in profiles.by_sim(sim.plmn, sim.gid1, sim.carrier_id, as_of)]
    return profiles.select(list(dict.fromkeys(ids)), as_of) if ids else []
