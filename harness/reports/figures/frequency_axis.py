"""A frequency axis on paper: logarithmic, and cut where no band lies. Pure geometry."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_APART = 1.05
"""Bands further apart than this ratio of frequencies have a cut between them."""
_MARGIN = 1.006
_CUT = 18.0
_LEAST = 44.0
"""Least width of one piece, so that a lone narrow band keeps its label."""
_MILLIMETRE_MHZ = 7125.0
"""Above FR1 (TS 38.104 clause 5.1) bands are hundreds of times wider: they get less room."""
_MARKS: tuple[int, ...] = (
    410,
    450,
    617,
    663,
    700,
    750,
    800,
    850,
    900,
    960,
    1430,
    1500,
    1710,
    1800,
    1900,
    2000,
    2100,
    2200,
    2300,
    2400,
)
_MARKS += (2500, 2600, 2700, 3300, 3500, 3700, 4000, 4500, 5000, 5500, 5900, 6400, 7000, 26000, 28000, 37000, 40000)
_LABEL_WIDTH = 34.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the axis without a cut: from `low` to `high` MHz on `left` to `right`."""

    low: float
    high: float
    left: float
    right: float

    def x(self, mhz: float) -> float:
        """Where a frequency of this piece lies."""
        return self.left + (self.right - self.left) * math.log(mhz / self.low) / math.log(self.high / self.low)


@dataclass(frozen=True, slots=True)
class Axis:
    """All pieces from low to high, the marks (place and MHz), and the places of the cuts."""

    pieces: tuple[Piece, ...]

    @property
    def cuts(self) -> tuple[float, ...]:
        """The middle of each cut."""
        return tuple((one.right + other.left) / 2 for one, other in zip(self.pieces, self.pieces[1:], strict=False))

    def x(self, mhz: float) -> float:
        """Where a frequency lies. Raises ValueError for one that no drawn band covers."""
        for piece in self.pieces:
            if piece.low <= mhz <= piece.high:
                return piece.x(mhz)
        raise ValueError(f"{mhz} MHz lies in a cut of the axis")

    @property
    def marks(self) -> tuple[tuple[float, int], ...]:
        """Place and MHz of the marks, far enough apart for their labels."""
        found: list[tuple[float, int]] = []
        for piece in self.pieces:
            inside = [mark for mark in _MARKS if piece.low <= mark <= piece.high]
            # A piece that holds no round number is marked at its middle.
            for mark in inside or [round(math.sqrt(piece.low * piece.high))]:
                place = piece.x(mark)
                if not found or place - found[-1][0] >= _LABEL_WIDTH:
                    found.append((place, mark))
        return tuple(found)


def axis(ranges: Iterable[tuple[float, float]], left: float, right: float) -> Axis:
    """The axis that shows these ranges (MHz) between two places. Raises ValueError without any range."""
    spans = _spans(sorted(ranges))
    if not spans:
        raise ValueError("no range to draw")
    room = right - left - _CUT * (len(spans) - 1)
    widths = _widths([_weight(low, high) for low, high in spans], room)
    pieces, place = [], left
    for (low, high), width in zip(spans, widths, strict=True):
        pieces.append(Piece(low, high, place, place + width))
        place += width + _CUT
    return Axis(tuple(pieces))


def _spans(ranges: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Ranges with a margin, joined where they are near."""
    spans: list[tuple[float, float]] = []
    for low, high in ranges:
        if spans and low <= spans[-1][1] * _APART:
            spans[-1] = (spans[-1][0], max(spans[-1][1], high * _MARGIN))
        else:
            spans.append((low / _MARGIN, high * _MARGIN))
    return spans


def _weight(low: float, high: float) -> float:
    return math.log(high / low) * (0.25 if low > _MILLIMETRE_MHZ else 1.0)


def _widths(weights: Sequence[float], room: float) -> list[float]:
    """Room shared by weight, none below the least; the others give way."""
    least = min(_LEAST, room / len(weights))
    small = {i for i, weight in enumerate(weights) if weight / sum(weights) * room < least}
    rest = sum(weight for i, weight in enumerate(weights) if i not in small)
    free = room - least * len(small)
    return [least if i in small or not rest else weight / rest * free for i, weight in enumerate(weights)]
