"""`band_enabled`: the band is configured now, not only supported."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from harness.carriers.band_faults import band_fault
from harness.carriers.kinds import Rule
from harness.carriers.words import BandRat, GradeWord
from harness.radio.rats import family
from harness.radio.related_tests import topics_of
from harness.radio.tables import band_label
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.edition import Edition

    from .bound import CarrierBound


class BandEnabledRule(Rule, frozen=True, kw_only=True, tag="band_enabled"):
    """The band is configured now, not only supported: what a regulator may ask of every handset sold."""

    kind: ClassVar[str] = "band_enabled"
    needed: GradeWord = "measured"
    rat: BandRat
    band: int

    @property
    def topics(self) -> tuple[str, ...]:
        """The tests of its band's technology."""
        return topics_of(self.kind, rats=(self.rat,))

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A band that does not exist."""
        fault = band_fault(self.rat, self.band)
        if fault:
            yield Problem(("band",), fault)

    def asks(self) -> str:
        """`B28 enabled`."""
        return f"{band_label(self.rat, self.band)} enabled"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the lists of enabled bands; one without restriction names no band."""
        label = band_label(self.rat, self.band)
        lists = [item for item in bound.survey.enabled if family(item.rat) == self.rat]
        evidence = sources(lists)
        if any(item.bands is None for item in lists) or not lists:
            why = "not restricted, which names no band" if lists else "not observed"
            return Answer(Outcome.INCONC, f"{label}: the enabled bands are {why}", None, evidence)
        answers = {self.band in (item.bands or ()) for item in lists}
        grade = max(item.grade for item in lists)
        if answers == {True}:
            return Answer(Outcome.PASS, f"{label} is enabled", grade, evidence)
        if answers == {False}:
            return Answer(Outcome.FAIL, f"{label} is not enabled", grade, evidence)
        return Answer(Outcome.INCONC, f"{label}: sources disagree whether it is enabled", None, evidence)
