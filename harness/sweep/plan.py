"""What a run is allowed to do for a sweep: which bands, by whose word, against which cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.sweep.order import SETTLE_S

if TYPE_CHECKING:
    from harness.cells.source import CellSource
    from harness.observations import Rat
    from harness.recording.exchange import Exchange
    from harness.sweep.bands import SweepBand
    from harness.sweep.bearer import Bearer


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPlan:
    """`opened_by` says who allowed it; empty: nobody, then nothing is changed and `refused` says why."""

    bands: tuple[SweepBand, ...]
    rats: tuple[Rat, ...] = ()
    """Technologies that a handset is held to."""
    required: bool = False
    """The bands are those that carriers ask for: a handset is held to their technologies."""
    validated: bool = False
    """Of a handset: behind each attach Android's own proof of data is waited for."""
    opened_by: str = ""
    refused: str = ""
    settle_s: float = SETTLE_S
    wait_s: float = 0.0
    cells: CellSource | None = None
    earlier: EarlierSweep | None = None
    bearer: Bearer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSweep:
    """A sweep that goes on: its exchanges, and what the device must be, so that they are of the same piece and build."""

    exchanges: tuple[Exchange, ...]
    piece: str
    """The keyed hash of its IMEI."""
    firmware: str
    cards: frozenset[str]
    """The home networks of its SIMs, as far as they were told."""
