"""What a device comes to at one carrier: the verdicts of one edition together. Terminal, reports and history ask here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.tables import band_label
from harness.requirements.band import BandRule

from .verdict import Outcome, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.carriers.edition import Edition
    from harness.carriers.kinds import Requirement
    from harness.carriers.store import Selected
    from harness.observations import Grade

    from .verdict import Verdict

MET = frozenset({Outcome.PASS, Outcome.PASS_NOTE})
READING_ORDER = (
    *(Outcome.FAIL, Outcome.INCONC, Outcome.ERROR, Outcome.WAIVED),
    *(Outcome.PASS_NOTE, Outcome.PASS, Outcome.NA),
)
"""What a reviewer must see comes first."""
_DECIDED = MET | {Outcome.FAIL, Outcome.WAIVED}
_OPEN = frozenset({Outcome.INCONC, Outcome.ERROR})


@dataclass(frozen=True, slots=True)
class MissingBand:
    """A band whose requirement failed, and what the carrier has it for."""

    label: str
    role: str


@dataclass(frozen=True, slots=True)
class Result:
    """One device and edition. The heaviest verdict is the group's (TTCN-3, ETSI ES 201 873-1 clause 24)."""

    device: str
    selected: Selected
    outcome: Outcome
    """INCONC at least where a requirement was not judged: a part of the requirements never makes a PASS."""
    met: int
    asked: int
    """How many requirements of the edition can decide, whatever the device: all that are not informative."""
    failed: int
    open: int
    """INCONC and ERROR, and what was left out of the run."""
    not_applicable: int
    grade: Grade | None
    """The weakest grade that the verdicts met or failed rest on."""
    missing: tuple[MissingBand, ...]
    """Bands that are missing, mandatory ones first."""
    told: tuple[Verdict, ...]
    """What speaks against the device or is open, the heaviest and mandatory ones first, each reason once."""
    failures: tuple[Verdict, ...]
    """What failed beside the bands, in the order of the verdicts."""
    not_run: tuple[str, ...]
    """Requirements that were left out of the run."""


def results_of(plan: Iterable[tuple[str, Selected]], verdicts: Iterable[Verdict]) -> list[Result]:
    """One result for each device and edition of the plan, each once, in the plan's order."""
    groups: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        groups.setdefault((verdict.device, verdict.carrier, verdict.edition), []).append(verdict)
    pairs = {(device, selected.ref): selected for device, selected in plan}
    return [
        result_of(device, selected, groups.get((device, selected.carrier.id, selected.edition.as_of), ()))
        for (device, _), selected in pairs.items()
    ]


def result_of(device: str, selected: Selected, verdicts: Sequence[Verdict]) -> Result:
    """What the verdicts on one device by one edition come to; those of other editions must not be among them.

    What is only informative counts nowhere: not in the outcome, not in the numbers.
    """
    rules = _rules(selected.edition)
    judged = {verdict.requirement for verdict in verdicts}
    not_run = tuple(id_ for id_, rule in rules.items() if id_ not in judged and rule.level != "informative")
    verdicts = [verdict for verdict in verdicts if verdict.level != "informative"]
    decided = [verdict for verdict in verdicts if verdict.outcome is not Outcome.NA]
    outcomes = [verdict.outcome for verdict in verdicts]
    return Result(
        device=device,
        selected=selected,
        outcome=worst([*outcomes, Outcome.INCONC] if not_run else outcomes),
        met=sum(verdict.outcome in MET for verdict in decided),
        asked=sum(rule.level != "informative" for rule in rules.values()),
        failed=outcomes.count(Outcome.FAIL),
        open=sum(one in _OPEN for one in outcomes) + len(not_run),
        not_applicable=outcomes.count(Outcome.NA),
        grade=_weakest(decided),
        missing=_missing(rules, verdicts),
        told=_told(decided),
        failures=tuple(v for v in decided if v.outcome is Outcome.FAIL and _band_of(v, rules) is None),
        not_run=not_run,
    )


def _rules(edition: Edition) -> dict[str, Requirement]:
    return {rule.id: rule for rule in edition.requirements}


def _weakest(decided: Iterable[Verdict]) -> Grade | None:
    return min((v.grade for v in decided if v.grade is not None and v.outcome in _DECIDED), default=None)


def _band_of(verdict: Verdict, rules: Mapping[str, Requirement]) -> BandRule | None:
    """The band that a verdict is about."""
    rule = rules.get(verdict.requirement)
    return rule if isinstance(rule, BandRule) else None


def _missing(rules: Mapping[str, Requirement], verdicts: Iterable[Verdict]) -> tuple[MissingBand, ...]:
    failed = [verdict for verdict in verdicts if verdict.outcome is Outcome.FAIL]
    failed.sort(key=lambda verdict: verdict.level != "mandatory")
    bands = [rule for verdict in failed if (rule := _band_of(verdict, rules)) is not None]
    roles = {band_label(rule.rat, rule.band): str(rule.role) for rule in bands}
    return tuple(MissingBand(label, role) for label, role in roles.items())


def _told(decided: Iterable[Verdict]) -> tuple[Verdict, ...]:
    told = [verdict for verdict in decided if verdict.outcome is not Outcome.PASS]
    told.sort(key=lambda verdict: (READING_ORDER.index(verdict.outcome), verdict.level != "mandatory"))
    first: dict[tuple[Outcome, str], Verdict] = {}
    for verdict in told:
        first.setdefault((verdict.outcome, verdict.reason), verdict)
    return tuple(first.values())
