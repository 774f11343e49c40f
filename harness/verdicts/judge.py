"""One requirement of one edition against one device. Pure: the same values in, the same verdict out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.binding.day import announced, ended
from harness.carriers.kinds import asked_under, guarded
from harness.observations import Grade
from harness.requirements.answers import Answer
from harness.requirements.band import BandRule, lacks_every_lte_band

from .linked import held_to_links
from .verdict import Outcome, Policy, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.carriers.kinds import Requirement
    from harness.carriers.store import Selected
    from harness.requirements.bound import Bound, CarrierBound

GRADES = {grade.word: grade for grade in Grade}
_DECIDED = frozenset({Outcome.PASS, Outcome.PASS_NOTE, Outcome.FAIL})


def judge(
    bound: Bound,
    selected: Selected,
    rule: Requirement,
    *,
    policy: Policy = "strict",
    require_grade: Grade = Grade.DECLARED,
) -> Verdict:
    """The verdict on one requirement. What was not observed is INCONC with its reason, never PASS."""
    survey = bound.survey
    found = Verdict(
        device=survey.device,
        carrier=selected.carrier.id,
        edition=selected.edition.as_of,
        requirement=rule.id,
        outcome=Outcome.ERROR,
        reason=survey.trouble or "",
        level=rule.level,
        text=asked_under(rule, policy, selected.edition),
    )
    if why := ended(selected):
        return replace(found, outcome=Outcome.NA, reason=why)
    if survey.trouble and not survey.observations:
        return found
    answer = held_to_links(bound, lambda known: _answer(rule, known.at(selected, policy)))
    found = replace(found, outcome=answer.outcome, reason=answer.reason, grade=answer.grade, evidence=answer.evidence)
    found = _graded(found, max(GRADES[rule.needed], require_grade))
    found = _leveled(found, policy, lambda: _serves_no_lte(rule, bound.at(selected, policy)))
    found = _foretold(found, announced(selected, bound.today))
    if survey.trouble and found.outcome is Outcome.INCONC:
        found = replace(found, reason=f"{found.reason} (the device was lost: {survey.trouble})")
    return found


def _answer(rule: Requirement, bound: CarrierBound) -> Answer:
    """What the kind makes of it; one of another package whose code fails decides nothing."""
    found = guarded(rule, lambda: rule.judge(bound), lambda why: Answer(Outcome.ERROR, why))
    if isinstance(found, Answer):
        return found
    return Answer(Outcome.ERROR, f"requirement kind {rule.kind} gave no Answer")


def _graded(found: Verdict, needed: Grade) -> Verdict:
    """A verdict on weaker evidence than asked decides nothing, and neither does one of which no grade is known."""
    if found.outcome not in _DECIDED:
        return found
    if found.grade is None:
        return replace(found, outcome=Outcome.INCONC, reason=f"{found.reason}; how it is known was not told")
    if found.grade >= needed:
        return found
    return replace(
        found, outcome=Outcome.INCONC, reason=f"{found.reason}; only {found.grade.word}, {needed.word} is required"
    )


def _foretold(found: Verdict, why: str) -> Verdict:
    """What is only announced never passes without a note; `why` is empty where the day has come."""
    if not why or found.outcome not in _DECIDED:
        return found
    outcome = Outcome.PASS_NOTE if found.outcome is Outcome.PASS else found.outcome
    return replace(found, outcome=outcome, reason=f"{found.reason}; {why}")


def _serves_no_lte(rule: Requirement, bound: CarrierBound) -> bool:
    return isinstance(rule, BandRule) and rule.is_listed_lte and lacks_every_lte_band(bound)


def _leveled(found: Verdict, policy: Policy, serves_none: Callable[[], bool]) -> Verdict:
    """Which levels decide: informative never; a recommended one is only noted under `service`.

    A device that has none of the carrier's LTE bands (`serves_none`) is not served by it, whatever their level.
    """
    if found.level == "informative" and found.outcome in {Outcome.FAIL, Outcome.INCONC}:
        return replace(found, outcome=Outcome.NA, reason=f"informative, decides nothing: {found.reason}")
    if found.level == "recommended" and policy == "service" and found.outcome is Outcome.FAIL:
        if serves_none():
            return replace(found, reason=f"{found.reason}; the device has none of the carrier's LTE bands")
        return replace(found, outcome=Outcome.PASS_NOTE, reason=f"recommended only: {found.reason}")
    return found
