"""One band of an edition, as a device has it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.observations import Grade
    from harness.requirements.band import BandRule
    from harness.verdicts.verdict import Outcome


@dataclass(frozen=True, slots=True)
class FitBand:
    """One band of an edition, as a device has it."""

    rule: BandRule
    label: str
    """B12, n71, and so on."""
    has: bool | None
    outcome: Outcome
    grade: Grade | None = None
    """How it is known whether the device has it."""
    stood_in: bool = False
    """Missing or open itself, and another band that the policy accepts is there."""
    by_alias: bool = False
    """That other band is a legacy alias that the edition declares."""

    @property
    def missing(self) -> bool:
        """Listed, known not to be there, and nothing stands in."""
        return self.has is False and not self.stood_in
