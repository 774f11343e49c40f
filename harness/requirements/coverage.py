"""`coverage`: no band below 1 GHz has two publishers, so what reaches indoors is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from harness.carriers.band_faults import list_faults
from harness.carriers.kinds import Rule
from harness.carriers.words import BandRat
from harness.radio.tables import band_label

from .answers import Answer
from .outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.carriers.edition import Edition
    from harness.yamlfiles.problem import Problem

    from .bound import CarrierBound


class CoverageRule(Rule, frozen=True, kw_only=True, tag="coverage"):
    """No band below 1 GHz is confirmed by two publishers: what reaches indoors is not known, so nothing can pass it."""

    kind: ClassVar[str] = "coverage"
    decides_fit: ClassVar[bool] = True
    leaves_coverage_open: ClassVar[bool] = True
    candidates: dict[BandRat, tuple[int, ...]] = msgspec.field(default_factory=dict)
    """Bands below 1 GHz that one publisher names."""

    def faults(self, edition: Edition) -> Iterator[Problem]:
        """Candidates that do not exist or lie above 1 GHz."""
        for rat, numbers in self.candidates.items():
            yield from list_faults(rat, numbers, ("candidates", rat), low=True)

    def asks(self) -> str:
        """In words."""
        return "a band below 1 GHz, which no two publishers name"

    def judge(self, bound: CarrierBound) -> Answer:
        """Always INCONC: the profile, not the device, leaves it open. What one list would say of the device is told."""
        named = [(rat, number) for rat, numbers in self.candidates.items() for number in numbers]
        told = f"one publisher names {_labels(named)}" if named else "none is named"
        open_ = f"no band below 1 GHz of this carrier has two publishers ({told})"
        facts = {band: bound.fact(*band).has for band in named}
        there, lacking = ([band for band, has in facts.items() if has is said] for said in (True, False))
        weaker = f"; one list says: works ({_labels(there)})" if there else ""
        if lacking and not there and len(lacking) == len(named):
            weaker = f"; one list says: does not reach indoors and far out (no {_labels(lacking)})"
        return Answer(Outcome.INCONC, f"{open_}, so coverage indoors and far out is not known{weaker}")


def _labels(bands: Iterable[tuple[str, int]]) -> str:
    return ", ".join(band_label(rat, number) for rat, number in bands)
