"""`ics`: the maker's filled proforma (3GPP ICS) agrees with the device in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord

from .answers import Answer, all_of
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .bound import CarrierBound
    from .proforma.holding import Held, ItemLine

_MOST_NAMED = 6
_NOT_GIVEN = "no filled proforma of this device was given (--declared ics=FILE)"


class IcsRule(Rule, frozen=True, kw_only=True, tag="ics"):
    """The maker's filled proforma agrees with what the device tells: nothing refuted, nothing undeclared."""

    kind: ClassVar[str] = "ics"
    needed: GradeWord = "observed"

    def asks(self) -> str:
        """In words."""
        return "the maker's ICS agrees with the device, item by item"

    def judge(self, bound: CarrierBound) -> Answer:
        """By every proforma that was given; the weightiest answer counts."""
        held = bound.device.held_ics
        if not held:
            return Answer(Outcome.INCONC, _NOT_GIVEN)
        return all_of([answer_of(one) for one in held])


def answer_of(held: Held) -> Answer:
    """What one proforma comes to. What was not read of it, and what is stated and open, leaves the whole undecided."""
    if held.speaks.refused:
        return Answer(Outcome.INCONC, held.sentence)
    wrong = [*held.of("contradiction"), *held.of("undeclared")]
    if wrong:
        grades = [one.grade for one in wrong if one.grade is not None]
        evidence = tuple(dict.fromkeys(source for one in wrong for source in one.evidence))
        return Answer(Outcome.FAIL, f"{held.sentence}: {_named(wrong)}", min(grades, default=None), evidence)
    undecided = [one for one in held.of("open") if one.claimed]
    agrees = [one for one in held.of("agrees") if one.claimed]
    evidence = tuple(dict.fromkeys(source for one in agrees for source in one.evidence))
    if undecided or held.unread:
        first = undecided[0].reason if undecided else held.unread[0]
        way_out = "; give evidence that answers it, such as --evidence uecap=FILE" if undecided else "; mend the file"
        return Answer(Outcome.INCONC, f"{held.sentence}: {_named(undecided)}{first}{way_out}", None, evidence)
    if not agrees:
        return Answer(Outcome.INCONC, f"{held.sentence}: it states nothing that the device tells")
    grade = min((one.grade for one in agrees if one.grade is not None), default=None)
    if held.speaks.remark:
        return Answer(Outcome.PASS_NOTE, f"{held.sentence}; {held.speaks.remark}", grade, evidence)
    return Answer(Outcome.PASS, held.sentence, grade, evidence)


def _named(lines: Sequence[ItemLine]) -> str:
    """`B4 (contradiction), n77 (undeclared) and 3 more`."""
    names = [f"{one.item.label} ({one.state})" for one in lines[:_MOST_NAMED]]
    more = f" and {len(lines) - _MOST_NAMED} more" if len(lines) > _MOST_NAMED else ""
    return ", ".join(names) + more
