"""What others than the device say while a band is tried: its source of cells, the network. Each word is a mark."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from harness.errors import BandproofError, CommandRefused

from . import marks
from .bands import EN_DC

if TYPE_CHECKING:
    from harness.cells.source import AirWord, CellSource

    from .bands import PlannedBand
    from .bearer import Received
    from .link import SweepLink

_WORD = {True: "yes", False: "no", None: "unknown"}
_ALONE = "puts cells on air one at a time, and EN-DC needs an LTE cell beside its NR leg: sweep where both stand on air"
_NETWORK = {True: "attached", False: "not attached", None: "unknown"}


class Witnesses:
    """The source of the cells of one sweep. What it raises costs the band that it was asked for."""

    def __init__(self, link: SweepLink, cells: CellSource) -> None:
        self._link = link
        self._cells = cells

    def on(self, one: PlannedBand) -> AirWord:
        """Put a cell of the band on air, or say what is. Raises StateError, CommandRefused, LinkError."""
        if one.rat == EN_DC and not self._can_pair():
            raise CommandRefused(f"{self._cells.name} {_ALONE}")
        try:
            return self._say(one, self._cells.on(one.rat, one.band))
        except CommandRefused:
            if one.rat == EN_DC:
                raise CommandRefused(f"{self._cells.name} {_ALONE}") from None
            raise

    def again(self, one: PlannedBand) -> None:
        """What is on air behind the attach, and what the network saw. Raises LinkError."""
        self._say(one, self._cells.on_air(one.rat, one.band))
        said = self._cells.network(one.rat, one.band)
        self._link.mark(marks.NETWORK, one.rat, one.band, lines=[_NETWORK[said.attached], said.words])

    def data(self, one: PlannedBand, came: Received) -> None:
        """What the host received over the bearer."""
        told = "unknown" if came.count is None else f"received {came.count} bytes"
        self._link.mark(marks.DATA, one.rat, one.band, lines=[told, came.words])

    def off(self, one: PlannedBand) -> None:
        """Its turn at the cells is over, whatever became of the device."""
        with suppress(BandproofError):
            self._cells.off(one.rat, one.band)

    def back(self) -> list[str]:
        """The source as it was found; what of it is not, in words."""
        try:
            self._cells.reset()
        except BandproofError as error:
            return [error.message]
        return []

    def _can_pair(self) -> bool:
        """Whether an NR leg can be on air beside its anchor."""
        possible = self._cells.possible()
        return possible is None or any(rat == EN_DC for rat, _ in possible)

    def _say(self, one: PlannedBand, air: AirWord) -> AirWord:
        also = [f"announces {' '.join(map(str, air.announces))}"] if air.announces else []
        lines = [_WORD[air.on], f"by {air.words or self._cells.name}", *also]
        self._link.mark(marks.AIR, one.rat, one.band, lines=lines)
        return air
