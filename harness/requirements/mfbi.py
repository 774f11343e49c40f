"""`mfbi`: the device follows a multi-frequency band indicator on LTE."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.capability_facts import MfbiSupport
from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade

from .answers import Answer, sources
from .capability import NOT_TOLD, ONCE
from .outcomes import Outcome

if TYPE_CHECKING:
    from .bound import CarrierBound


class MfbiRule(Rule, frozen=True, kw_only=True, tag="mfbi"):
    """The device follows a multi-frequency band indicator on LTE (TS 36.331 annex B.1, indicator 31)."""

    kind: ClassVar[str] = "mfbi"
    needed: GradeWord = "measured"

    def asks(self) -> str:
        """In words."""
        return "multi-frequency band indicator (MFBI) followed on LTE"

    def judge(self, bound: CarrierBound) -> Answer:
        """By UE capabilities; captures that disagree, or one told once only, decide nothing."""
        told = [one for one in bound.survey.all(MfbiSupport) if one.rat == "lte"]
        evidence = sources(told)
        if not told:
            return Answer(Outcome.INCONC, f"MFBI: {bound.survey.refused or NOT_TOLD}")
        answers = {one.supported for one in told}
        if len(answers) > 1:
            return Answer(Outcome.INCONC, "MFBI: captures disagree", None, evidence)
        (supported,) = answers
        word = "supported" if supported else "not supported"
        if all(one.told_once or one.grade < Grade.MEASURED for one in told):
            return Answer(Outcome.INCONC, f"MFBI {word}: {ONCE}", None, evidence)
        outcome = Outcome.PASS if supported else Outcome.FAIL
        return Answer(outcome, f"MFBI {word} (measured)", Grade.MEASURED, evidence)
