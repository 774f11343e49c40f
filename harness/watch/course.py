"""The course of a watch: what was seen and for how long, in memory that does not grow with its length.

Time is kept in slices of one length; where they would be more than `MOST_SLICES`, pairs become one and the length doubles.
Totals and counts stay exact, of single changes only the last `MOST_CHANGES` are kept, in words.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .moment import Moment

Lane = Literal["registration", "serving", "beside"]
LANES: tuple[Lane, ...] = ("registration", "serving", "beside")
MOST_SLICES = 1200
MOST_CHANGES = 400
MOST_VALUES = 24
"""Different values of one lane; the rest are told together."""
REST = "others"
GONE, SILENT = "gone", "no answer"
"""What stands in the lane of the registration while the device is not there, or does not answer."""


@dataclass(slots=True)
class Levels:
    """RSRP of a stretch of time, in dBm."""

    low: float = 0.0
    high: float = 0.0
    total: float = 0.0
    count: int = 0

    def add(self, value: float) -> None:
        """One more."""
        self.join(Levels(value, value, value, 1))

    def join(self, other: Levels) -> None:
        """Those of another stretch, too."""
        if not other.count:
            return
        self.low = min(self.low, other.low) if self.count else other.low
        self.high = max(self.high, other.high) if self.count else other.high
        self.total += other.total
        self.count += other.count

    @property
    def mean(self) -> float:
        """Their mean; of none 0."""
        return self.total / self.count if self.count else 0.0


@dataclass(slots=True)
class Slice:
    """One stretch of time: seconds of each value in each lane, and the levels."""

    seconds: dict[Lane, dict[str, float]] = field(default_factory=lambda: {lane: {} for lane in LANES})
    levels: Levels = field(default_factory=Levels)

    def spend(self, values: dict[Lane, tuple[str, ...]], seconds: float) -> None:
        """Time that passed with these values."""
        for lane, told in values.items():
            for value in told:
                _spend(self.seconds[lane], value, seconds)

    def join(self, other: Slice) -> None:
        """Another stretch with it."""
        for lane, told in other.seconds.items():
            for value, seconds in told.items():
                _spend(self.seconds[lane], value, seconds)
        self.levels.join(other.levels)


def _spend(told: dict[str, float], value: str, seconds: float) -> None:
    name = value if value in told or len(told) < MOST_VALUES else REST
    told[name] = told.get(name, 0.0) + seconds


@dataclass(frozen=True, slots=True)
class CourseChange:
    """When something changed, in seconds from the beginning, and to what."""

    at_s: float
    words: str


class Course:
    """What a watch has seen so far. Times are seconds from its beginning, and only run forward."""

    def __init__(self) -> None:
        self.slice_s = 1.0
        self.slices: list[Slice] = []
        self.whole = Slice()
        """Everything together: the exact totals."""
        self.changes: deque[CourseChange] = deque(maxlen=MOST_CHANGES)
        self.changed = 0
        self.looks = 0
        self.unasked = 0
        self.losses = 0
        self.unanswered = 0
        self.at_s = 0.0
        self.moment: Moment | None = None
        self.away = ""
        """Why nothing is known of it now; empty where something is."""

    def look(self, at_s: float, moment: Moment) -> bool:
        """What a look told; whether it is another thing than before, levels apart."""
        self.looks += 1
        if moment.rsrp_dbm is not None:
            self._pass(at_s)
            self._slice(self.at_s).levels.add(moment.rsrp_dbm)
            self.whole.levels.add(moment.rsrp_dbm)
        return self._becomes(at_s, moment)

    def hear(self, at_s: float, moment: Moment | None) -> bool:
        """What came unasked, and what it makes of the moment; None: nothing that is known here."""
        self.unasked += 1
        return moment is not None and self._becomes(at_s, moment)

    def lose(self, at_s: float, why: str) -> bool:
        """From now on nothing is known: it is `GONE`, or `SILENT`."""
        self.losses += why == GONE and self.away != GONE
        self.unanswered += why == SILENT
        self._pass(at_s)
        is_new, self.away = self.away != why, why
        if is_new:
            self._note(why)
        return is_new

    def end(self, at_s: float) -> None:
        """Until now it was as it was last."""
        self._pass(at_s)

    def shares(self, lane: Lane) -> list[tuple[str, float]]:
        """The values of a lane with their seconds, the longest first."""
        return sorted(self.whole.seconds[lane].items(), key=lambda one: (-one[1], one[0]))

    def _becomes(self, at_s: float, moment: Moment) -> bool:
        self._pass(at_s)
        before = None if self.away or self.moment is None else self.moment.steady
        self.moment, self.away = moment, ""
        if before == moment.steady:
            return False
        self._note(str(moment))
        return True

    def _note(self, words: str) -> None:
        self.changed += 1
        self.changes.append(CourseChange(self.at_s, words))

    def _values(self) -> dict[Lane, tuple[str, ...]]:
        if self.away:
            return {"registration": (self.away,)}
        if self.moment is None:
            return {}
        serving = (self.moment.band,) if self.moment.band else ()
        return {"registration": (self.moment.registration,), "serving": serving, "beside": self.moment.carriers}

    def _pass(self, at_s: float) -> None:
        """Time has passed with what was known."""
        values = self._values()
        while self.at_s < at_s:
            here = self._slice(self.at_s)
            end = min(at_s, (int(self.at_s / self.slice_s) + 1) * self.slice_s)
            here.spend(values, end - self.at_s)
            self.whole.spend(values, end - self.at_s)
            self.at_s = end

    def _slice(self, at_s: float) -> Slice:
        """The slice of a time that is not before the last one."""
        while int(at_s / self.slice_s) >= MOST_SLICES:
            self._halve()
        while len(self.slices) <= int(at_s / self.slice_s):
            self.slices.append(Slice())
        return self.slices[int(at_s / self.slice_s)]

    def _halve(self) -> None:
        self.slices = list(_joined(self.slices))
        self.slice_s *= 2


def _joined(slices: list[Slice]) -> Iterator[Slice]:
    for place in range(0, len(slices), 2):
        for other in slices[place + 1 : place + 2]:
            slices[place].join(other)
        yield slices[place]
