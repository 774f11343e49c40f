"""What one sweep is to do, and by whose word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .bands import OwnBands

if TYPE_CHECKING:
    from pathlib import Path

    from .bands import PlannedBand
    from .bearer import Bearer

SETTLE_S = 60.0
"""From the way back to the last look: some modems initialise again late, and change what was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonOrder:
    """What the sweep of any device is told: by whose word, what the device is, and where its journal goes."""

    opened_by: str
    words: str
    """The device for people."""
    firmware: str
    reached: str = ""
    settle_s: float = SETTLE_S
    wait_s: float = 0.0
    """How long an attach may take; 0: as the technology asks."""
    journals: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepOrder(CommonOrder):
    """What the sweep of one modem is to do."""

    bands: tuple[PlannedBand, ...]
    listed: OwnBands = field(default_factory=lambda: OwnBands({}))
    """What the device itself lists: it is never locked to anything else."""
    holds: tuple[tuple[str, int], ...] = ()
    """What keeps others off the device meanwhile: in words, and the pid that the journal is to name."""
    bearer: Bearer | None = None
    """Where data is to come over, once it is attached."""
