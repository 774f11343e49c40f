"""`model`: the model number is one that the carrier accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import Glob, GradeWord
from harness.yamlfiles.problem import Problem

from .answers import Answer, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.edition import Edition

    from .bound import CarrierBound


class ModelRule(Rule, frozen=True, kw_only=True, tag="model"):
    """The model number (the hardware variant, never the marketing name) is one that the carrier accepts."""

    kind: ClassVar[str] = "model"
    needed: GradeWord = "observed"
    any_of: tuple[Glob, ...]

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not self.any_of:
            yield Problem(("any_of",), "any_of must name at least one model number")

    def asks(self) -> str:
        """`model number SM-G991U*`."""
        return f"model number {' or '.join(self.any_of)}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the model number; a marketing name is none, so it is never looked at."""
        return named("model number", bound.survey, ("model",), self.any_of)
