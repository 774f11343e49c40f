"""The verdict on one requirement: its outcome, the reason in words, and the facts that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harness.observations import Grade, Source
from harness.requirements.outcomes import Outcome, Policy, worst

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Attempt", "Outcome", "Policy", "Verdict", "verdict_of", "worst"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a case came to once, where it was judged more than once."""

    outcome: Outcome
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one requirement of one edition for one device, with its reason and the facts it rests on."""

    device: str
    carrier: str
    edition: str
    requirement: str
    outcome: Outcome
    reason: str
    level: str = "mandatory"
    grade: Grade | None = None
    evidence: tuple[Source, ...] = ()
    text: str = ""
    """What the requirement asks, in words."""
    attempts: tuple[Attempt, ...] = ()
    """Every time that the case was judged, where that was more than once."""
    ways_out: tuple[str, ...] = ()
    """Of an open verdict: what would decide it, any one of them."""

    @property
    def case(self) -> tuple[str, str, str, str]:
        """Device, carrier, edition and requirement: one verdict a run."""
        return self.device, self.carrier, self.edition, self.requirement

    def again(self, other: Verdict) -> Verdict:
        """One verdict of a case that was judged again: the heavier of the two (the first of equals), with every attempt."""
        attempts = self.attempts or (Attempt(self.outcome, self.reason),)
        heavier = other if other.outcome.weight > self.outcome.weight else self
        return replace(heavier, attempts=(*attempts, Attempt(other.outcome, other.reason)))

    def as_json(self) -> dict[str, Any]:
        """Plain values, in the shape of `report.json`; `verdict_of` is the way back."""
        return {
            "device": self.device,
            "carrier": self.carrier,
            "edition": self.edition,
            "requirement": self.requirement,
            "text": self.text,
            "level": self.level,
            "verdict": self.outcome.name,
            "reason": self.reason,
            "grade": self.grade.word if self.grade else None,
            "evidence": [_NOWHERE | source.as_json() for source in self.evidence],
            **({"ways_out": list(self.ways_out)} if self.ways_out else {}),
        }


_NOWHERE: dict[str, str | int | None] = {"link": None, "exchange": None, "request": None, "line": None}


def verdict_of(told: Mapping[str, Any]) -> Verdict:
    """The verdict that `as_json` gave: it travels so between the processes of a run. Raises KeyError, TypeError."""
    return Verdict(
        told["device"],
        told["carrier"],
        told["edition"],
        told["requirement"],
        Outcome[told["verdict"]],
        told["reason"],
        told["level"],
        Grade[told["grade"].upper()] if told["grade"] else None,
        tuple(Source(**place) for place in told["evidence"]),
        told["text"],
        ways_out=tuple(told.get("ways_out", ())),
    )
