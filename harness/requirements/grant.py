"""`grant`: no band is enabled whose uplink lies in no line of the regulator's grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord

from .answers import Answer
from .outcomes import Outcome

if TYPE_CHECKING:
    from .bound import CarrierBound
    from .proforma.granting import HeldGrant

_NOT_GIVEN = "no grant of this device was given (--declared fcc=FILE)"


class GrantRule(Rule, frozen=True, kw_only=True, tag="grant"):
    """Every enabled band that the rules of the United States know lies in a line of the FCC grant."""

    kind: ClassVar[str] = "grant"
    needed: GradeWord = "observed"

    def asks(self) -> str:
        """In words."""
        return "every enabled band of the US rules lies in a line of the FCC grant"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the lines of all grants together. That a band lies in one proves no support of it."""
        held = bound.device.held_grant
        return Answer(Outcome.INCONC, _NOT_GIVEN) if held is None else answer_of(held)


def answer_of(held: HeldGrant) -> Answer:
    """What the grants come to: a finding is a FAIL, what nobody can compare is INCONC."""
    if held.refused:
        return Answer(Outcome.INCONC, held.sentence)
    deciding = held.of("finding") or held.of("open") or held.bands
    evidence = tuple(dict.fromkeys(source for one in deciding for source in one.evidence))
    grade = min(one.grade for one in deciding)
    if held.of("finding"):
        return Answer(Outcome.FAIL, held.sentence, grade, evidence)
    if held.of("open"):
        return Answer(Outcome.INCONC, f"{'; '.join(one.reason for one in held.of('open'))}", None, evidence)
    notes = [*held.remarks, *(one.reason for one in held.bands if one.like)]
    if notes:
        return Answer(Outcome.PASS_NOTE, "; ".join([held.sentence, *notes]), grade, evidence)
    return Answer(Outcome.PASS, held.sentence, grade, evidence)
