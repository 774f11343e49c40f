"""What a modem itself hears on air with nothing locked, as data: the request of a family, and how its answer is read.

A locked modem hears its own band alone, so a scan stands before the first lock. It is the device's own word: weak where it
heard nothing (a cell was attached to each time that no scan of an hour listed), and no witness of what the device cannot
do. Only requests that change nothing are here; `AT+COPS=?` is none, for some modems write memory with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.channels import lte_band_of, lte_bands_at, lte_downlink_mhz, nr_candidates
from harness.radio.rats import NR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.observations import Rat
    from harness.recording.exchange import Exchange


@dataclass(frozen=True, slots=True)
class HeardCell:
    """One cell of a scan: its channel, and whether a level is told of it. `nr`: an NR-ARFCN, else an EARFCN."""

    channel: int
    has_level: bool
    nr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnScan:
    """One request. `read` gives the cells of an answer's text; None where it tells none, as a refusal does.

    `later` begins the line that comes unasked behind OK, where the answer is that. `whole_for` are the technologies of
    which a cell that is not listed was not heard; of all others a list is no whole one (neighbours of one cell).
    """

    request: str
    rats: tuple[Rat, ...]
    read: Callable[[str], tuple[HeardCell, ...] | None]
    within_s: float
    whole_for: tuple[Rat, ...] = ()
    later: str = ""

    def heard(self, answers: Iterable[Exchange], rat: str, band: int) -> bool | None:
        """Whether a cell with a level is listed on a channel of the band; None where that cannot be told."""
        if rat not in self.rats:
            return None
        told = [listed for one in answers if one.error is None and (listed := self.read(one.text)) is not None]
        cells = [cell for listed in told for cell in listed if cell.nr == (rat in NR)]
        if any(cell.has_level and band in _bands_of(cell) for cell in cells):
            return True
        doubtful = any(band in (*_bands_of(cell), *_beside(cell)) for cell in cells)
        return False if told and rat in self.whole_for and not doubtful else None


def _bands_of(cell: HeardCell) -> tuple[int, ...]:
    if cell.nr:
        return nr_candidates(cell.channel)
    band = lte_band_of(cell.channel)
    return () if band is None else (band,)


def _beside(cell: HeardCell) -> tuple[int, ...]:
    """LTE bands that have the frequency under another number: the cell may be announced under those, too."""
    mhz = None if cell.nr else lte_downlink_mhz(cell.channel)
    return () if mhz is None else lte_bands_at(mhz)


def records(text: str, name: str) -> list[list[str]]:
    """The fields of each record of a name, without quotes and blanks."""
    lines = (line.strip() for line in text.splitlines())
    bodies = (line[len(name) :] for line in lines if line.startswith(name))
    return [[field.strip().strip('"').strip() for field in body.split(",")] for body in bodies]


def is_whole(text: str) -> bool:
    """Whether an answer ends in OK."""
    return re.search(r"^OK\s*\Z", text.strip(), re.MULTILINE) is not None


def whole_number(fields: list[str], place: int) -> int | None:
    """The number of a field; None for `-` and where there is none."""
    text = fields[place] if place < len(fields) else ""
    return int(text) if re.fullmatch(r"-?\d{1,7}", text) else None
