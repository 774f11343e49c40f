"""Verdicts, in the order in which they outweigh each other (TTCN-3, ETSI ES 201 873-1 clause 24)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Grade, Source

Policy = Literal["strict", "service"]


class Outcome(Enum):
    """One word for one case; the value is its weight, the heaviest of a group is the group's."""

    NA = 0
    PASS = 1
    PASS_NOTE = 2
    WAIVED = 3
    INCONC = 4
    FAIL = 5
    ERROR = 6


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

    def as_json(self) -> dict[str, Any]:
        """The shape of `report.json`."""
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
            "evidence": [
                {"link": s.link, "exchange": s.exchange, "request": s.request, "line": s.line} for s in self.evidence
            ],
        }


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The heaviest outcome; NA where there is none."""
    return max(outcomes, key=lambda outcome: outcome.value, default=Outcome.NA)
