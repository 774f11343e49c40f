"""`rom_region`: the market that a handset's ROM is built for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from harness.carriers.kinds import Rule
from harness.carriers.words import GradeWord
from harness.observations import Grade, Identity
from harness.yamlfiles.problem import Problem

from .answers import Answer, sources
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.carriers.edition import Edition

    from .bound import CarrierBound


class RomRegionRule(Rule, frozen=True, kw_only=True, tag="rom_region"):
    """The ROM is built for one of these regions (as the probes name it: global, eea, india ...)."""

    kind: ClassVar[str] = "rom_region"
    needed: GradeWord = "observed"
    any_of: tuple[str, ...]

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """A rule that lists nothing would pass everything."""
        if not self.any_of:
            yield Problem(("any_of",), "any_of must name at least one region")

    def asks(self) -> str:
        """`ROM built for global or eea`."""
        return f"ROM built for {' or '.join(self.any_of)}"

    def judge(self, bound: CarrierBound) -> Answer:
        """By the region that the ROM tells; one that was not observed is INCONC."""
        if bound.survey.kind == "modem":
            return Answer(Outcome.NA, "a modem has no ROM region")
        told = [item for item in bound.survey.all(Identity) if item.rom_region]
        regions = sorted({str(item.rom_region) for item in told})
        if not regions:
            return Answer(Outcome.INCONC, "ROM region not observed")
        if len(regions) > 1:
            why = f"sources disagree on the ROM region: {', '.join(regions)}"
            return Answer(Outcome.INCONC, why, None, sources(told))
        (region,) = regions
        outcome = Outcome.PASS if region in self.any_of else Outcome.FAIL
        return Answer(outcome, f"ROM region {region}", Grade.MEASURED, sources(told))

    def particulars(self) -> Mapping[str, Any]:
        """The regions asked."""
        return {"regions": list(self.any_of)}
