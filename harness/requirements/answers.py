"""What a kind answers, and what several kinds do alike: yes-or-no facts, names by patterns, the worst of several parts.

What was not observed is INCONC; nothing here passes on silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from harness.observations import Grade, Identity, Observation, Source

from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Service
    from harness.survey.survey import Survey

YES = frozenset({"on", "registered", "present", "enabled"})
_NO = frozenset({"off", "not_registered", "absent", "disabled"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a kind makes of a requirement: outcome, reason in words, grade and evidence of the deciding facts."""

    outcome: Outcome
    reason: str
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()


def sources(items: Iterable[Observation]) -> tuple[Source, ...]:
    """Where the facts were read, each place once."""
    return tuple(dict.fromkeys(item.source for item in items if item.source))


def told(what: str, services: Sequence[Service]) -> Answer:
    """One yes-or-no fact from the services that tell it; sources that disagree decide nothing."""
    words = {service.state for service in services if service.state in YES | _NO}
    evidence = sources(services)
    if not words:
        return Answer(Outcome.INCONC, f"{what}: not observed", None, evidence)
    word = ", ".join(sorted(map(str, words)))
    if words & YES and words & _NO:
        return Answer(Outcome.INCONC, f"{what}: sources disagree ({word})", None, evidence)
    grade = max(service.grade for service in services)
    return Answer(Outcome.PASS if words <= YES else Outcome.FAIL, f"{what}: {word}", grade, evidence)


def all_of(parts: Sequence[Answer]) -> Answer:
    """The weightiest of several answers; its grade is the weakest of those that decided it."""
    worst = max(parts, key=lambda part: part.outcome.weight).outcome
    deciding = [part for part in parts if part.outcome is worst]
    grades = [part.grade for part in deciding if part.grade is not None]
    evidence = tuple(dict.fromkeys(source for part in parts for source in part.evidence))
    reason = "; ".join(part.reason for part in deciding)
    return Answer(worst, reason, min(grades) if len(grades) == len(deciding) else None, evidence)


def named(what: str, survey: Survey, names: tuple[str, ...], globs: tuple[str, ...]) -> Answer:
    """Whether a part of the identity fits one of the patterns, letters of either case alike."""
    facts = [(item, value) for item in survey.all(Identity) for name in names if (value := getattr(item, name))]
    evidence = sources(item for item, _ in facts)
    if not facts:
        return Answer(Outcome.INCONC, f"{what}: not observed")
    fits = [any(fnmatchcase(value.casefold(), glob.casefold()) for glob in globs) for _, value in facts]
    values = ", ".join(dict.fromkeys(value for _, value in facts))
    grade = max(item.grade for item, _ in facts)
    if any(fits) and not all(fits) and len(names) == 1:
        return Answer(Outcome.INCONC, f"{what}: sources disagree ({values})", None, evidence)
    if any(fits):
        return Answer(Outcome.PASS, f"{what} {values}", grade, evidence)
    return Answer(Outcome.FAIL, f"{what} {values}: none of {', '.join(globs)}", grade, evidence)
