"""Outcomes, in the order in which they outweigh each other (TTCN-3, ETSI ES 201 873-1 clause 24)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Policy = Literal["strict", "service"]


class Outcome(StrEnum):
    """One word for one case, the lightest first: the heaviest of a group is the group's."""

    NA = "NA"
    PASS = "PASS"  # noqa: S105 - a verdict
    PASS_NOTE = "PASS_NOTE"  # noqa: S105 - a verdict
    WAIVED = "WAIVED"
    INCONC = "INCONC"
    FAIL = "FAIL"
    ERROR = "ERROR"

    @property
    def weight(self) -> int:
        """Its place in the order: 0 of NA to 6 of ERROR."""
        return _WEIGHTS[self]


_WEIGHTS = {outcome: weight for weight, outcome in enumerate(Outcome)}


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The heaviest outcome; NA where there is none."""
    return max(outcomes, key=lambda outcome: outcome.weight, default=Outcome.NA)
