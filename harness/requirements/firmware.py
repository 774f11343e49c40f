"""`firmware`: baseband and build are in the carrier's list."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import Glob, GradeWord
from harness.yamlfiles.problem import Problem

from .answers import Answer, all_of, named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.edition import Edition

    from .bound import CarrierBound


class FirmwareRule(Rule, frozen=True, kw_only=True, tag="firmware"):
    """Baseband and build are in the carrier's list; of each named part one pattern must fit."""

    kind: ClassVar[str] = "firmware"
    needed: GradeWord = "observed"
    baseband: tuple[Glob, ...] = ()
    build: tuple[Glob, ...] = ()

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not (self.baseband or self.build):
            yield Problem((), f"{self.id} names no baseband and no build")

    def asks(self) -> str:
        """`baseband MPSS*; build *_TMO_*`."""
        parts = {"baseband": self.baseband, "build": self.build}
        return "; ".join(f"{name} {' or '.join(globs)}" for name, globs in parts.items() if globs)

    def judge(self, bound: CarrierBound) -> Answer:
        """By the names that the device tells."""
        parts = []
        if self.baseband:
            parts.append(named("baseband", bound.survey, ("baseband",), self.baseband))
        if self.build:
            parts.append(named("build", bound.survey, ("build", "fingerprint"), self.build))
        return all_of(parts)
