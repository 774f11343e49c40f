"""What an answer is worth where a link or file it rests on is of another device, or the user's word alone binds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.binding.links import FILES
from harness.observations import Grade
from harness.requirements.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.requirements.answers import Answer
    from harness.requirements.bound import Bound

    Ask = Callable[[Bound], Answer]

_DECIDED = frozenset({Outcome.PASS, Outcome.PASS_NOTE, Outcome.FAIL})


def held_to_links(bound: Bound, ask: Ask) -> Answer:
    """The answer of a requirement (`ask`) for the device; no more than its links can carry.

    What only a contradicted link would decide is ERROR, what only an unbound one decides is PASS_NOTE at best.
    """
    answer = ask(bound)
    if bound.binding.links.unbound:
        answer = _unbound(bound, ask, answer)
    if bound.whole is not None:
        answer = _contradicted(bound, bound.whole, ask, answer)
    return answer


def _contradicted(bound: Bound, whole: Bound, ask: Ask, answer: Answer) -> Answer:
    links = bound.binding.links
    why = "; ".join(dict.fromkeys(links.why(link) for link in sorted(links.contradicted)))
    other = ask(whole)
    told_itself = answer.outcome in _DECIDED and answer.grade not in (None, Grade.DECLARED)
    if answer.outcome is not other.outcome and not told_itself:
        return replace(
            other, outcome=Outcome.ERROR, reason=f"{why}; what only one of them told is of nobody", grade=None
        )
    return _noted(answer, why)


def _unbound(bound: Bound, ask: Ask, answer: Answer) -> Answer:
    """Each loose link by itself, then all of them: an answer that stands without them needs none."""
    links = bound.binding.links
    if answer.outcome not in _DECIDED:
        return answer
    alone = ask(bound.without(links.unbound))
    if (alone.outcome, alone.grade) == (answer.outcome, answer.grade):
        return answer
    resting = [link for link in sorted(links.unbound) if _rests_on(bound, ask, answer, link)] or sorted(links.unbound)
    why = links.loose(resting)
    if denied := _denied(bound, answer, alone, resting):
        return replace(answer, outcome=Outcome.INCONC, grade=None, reason=f"{answer.reason}; {why}, and {denied}")
    return _noted(answer, why)


def _rests_on(bound: Bound, ask: Ask, answer: Answer, link: str) -> bool:
    alone = ask(bound.without(frozenset({link})))
    return (alone.outcome, alone.grade) != (answer.outcome, answer.grade)


def _noted(answer: Answer, why: str) -> Answer:
    if answer.outcome not in _DECIDED:
        return answer
    outcome = Outcome.PASS_NOTE if answer.outcome is Outcome.PASS else answer.outcome
    return replace(answer, outcome=outcome, reason=f"{answer.reason}; {why}")


def _denied(bound: Bound, answer: Answer, alone: Answer, resting: Sequence[str]) -> str:
    """That what is surely the device's says otherwise than a link or file that nothing binds, in words; else empty."""
    if resting == [FILES] and (words := bound.denied_by_sheet):
        return words
    fails = answer.outcome is Outcome.FAIL, alone.outcome is Outcome.FAIL
    differ = alone.outcome in _DECIDED and fails[0] is not fails[1]
    return "what is known without it says otherwise" if differ else ""
