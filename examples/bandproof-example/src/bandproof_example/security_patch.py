"""A requirement kind of this lab: the handset's security patch is of a day or later.

- {id: NW-PATCH, kind: security_patch, level: mandatory, since: "2026-03"}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.extending import Answer, DateText, GradeWord, Identity, Outcome, Problem, Rule, sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.extending import CarrierBound, Edition


class SecurityPatchRule(Rule, frozen=True, kw_only=True, tag="security_patch"):
    """The security patch level (`ro.build.version.security_patch`) is not older than asked."""

    kind: ClassVar[str] = "security_patch"
    needed: GradeWord = "observed"
    since: DateText
    """A day, a month or a year: the level must not be from before its first day."""

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A day that no edition of that time could ask for."""
        if self.since[: len(edition.as_of)] > edition.as_of:
            yield Problem(("since",), f"since {self.since} is after this edition of {edition.as_of}")

    def asks(self) -> str:
        """`security patch of 2026-03 or later`."""
        return f"security patch of {self.since} or later"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the level that the build tells; builds that disagree, or tell no day, leave it open."""
        if bound.survey.kind == "modem":
            return Answer(Outcome.NA, "a modem has no Android security patch")
        told = [item for item in bound.survey.all(Identity) if item.security_patch]
        levels = sorted({str(item.security_patch) for item in told})
        if not levels:
            return Answer(Outcome.INCONC, "security patch: not observed")
        if len(levels) > 1 or not re.fullmatch(r"\d{4}-\d\d-\d\d", levels[0]):
            return Answer(Outcome.INCONC, f"security patch: {', '.join(levels)}", None, sources(told))
        outcome = Outcome.PASS if levels[0] >= self.since else Outcome.FAIL
        return Answer(outcome, f"security patch {levels[0]}", max(item.grade for item in told), sources(told))
