"""Sources together, and devices one after another: one instrument has one cell, and several devices are swept at a time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from harness.errors import BandproofError, LinkError, StateError, UsageError

from .source import AirWord, NetworkWord

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .source import CellSource


class TogetherCells:
    """Several sources as one: each does its part, in their order; what they say together is what none of them denies.

    An attenuator in front of a box, a core behind a radio. Where two know and differ, nothing is known.
    """

    def __init__(self, sources: Sequence[CellSource]) -> None:
        self._sources = tuple(sources)
        self.name = " with ".join(one.name for one in sources)

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """What all of them can, of those that tell."""
        told = [bands for one in self._sources if (bands := one.possible()) is not None]
        return frozenset.intersection(*told) if told else None

    def on(self, rat: str, band: int) -> AirWord:
        """Each of them on. What one cannot ends it: the others are taken off again."""
        for place, one in enumerate(self._sources):
            try:
                one.on(rat, band)
            except BandproofError:
                for before in self._sources[:place]:
                    before.off(rat, band)
                raise
        return self.on_air(rat, band)

    def off(self, rat: str, band: int) -> None:
        """Each of them off, though one cannot. Raises the first error."""
        _each(self._sources, lambda one: one.off(rat, band))

    def on_air(self, rat: str, band: int) -> AirWord:
        """On where one says so and none denies it."""
        told = [one.on_air(rat, band) for one in self._sources]
        words = "; ".join(one.words for one in told if one.words)
        also = tuple(sorted({other for one in told for other in one.announces}))
        return AirWord(_agreed([one.on for one in told]), words, also)

    def network(self, rat: str, band: int) -> NetworkWord:
        """Attached where one says so and none denies it."""
        told = [one.network(rat, band) for one in self._sources]
        return NetworkWord(_agreed([one.attached for one in told]), "; ".join(one.words for one in told if one.words))

    def reset(self) -> None:
        """Each as it was found. Raises StateError with all that is not."""
        _each(self._sources, lambda one: one.reset())

    def close(self) -> None:
        """Let go of all of them."""
        for one in self._sources:
            one.close()


def _agreed(words: Sequence[bool | None]) -> bool | None:
    known = {one for one in words if one is not None}
    return known.pop() if len(known) == 1 else None


def _each(sources: Sequence[CellSource], do: Callable[[CellSource], None]) -> None:
    """All of them, in reverse order, whatever one says. Raises StateError with what went wrong."""
    wrong = []
    for one in reversed(sources):
        try:
            do(one)
        except BandproofError as error:
            wrong.append(error.message)
    if wrong:
        raise StateError("; ".join(wrong))


class CellsInTurn:
    """A source that several devices use: from `on` to `off` it is one device's, the others wait for their turn.

    A device is a thread here: each is swept in one of its own. The source is opened when a device needs it, and closed
    when it is put back: a box that takes one connection must be free for whoever puts it back after a kill.
    """

    def __init__(self, opened: Callable[[], CellSource], name: str) -> None:
        self._opened = opened
        self._source: CellSource | None = None
        self._turn = threading.Condition()
        self._owner: int | None = None
        self.name = name

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """Not known while it is not open."""
        return self._source.possible() if self._source is not None else None

    def on(self, rat: str, band: int) -> AirWord:
        """Wait for the turn, then as the source. Where that fails the turn is given away at once. Raises StateError."""
        self._take()
        try:
            if self._source is None:
                self._source = self._opened()
            return self._source.on(rat, band)
        except (LinkError, UsageError) as error:
            self._give()
            raise StateError(error.message, way_out=error.way_out) from None
        except BaseException:
            self._give()
            raise

    def off(self, rat: str, band: int) -> None:
        """As the source, and the turn is the next device's. Of a device whose turn it is not, nothing."""
        if not self._is_mine():
            return
        try:
            if self._source is not None:
                self._source.off(rat, band)
        finally:
            self._give()

    def on_air(self, rat: str, band: int) -> AirWord:
        """As the source tells the device whose turn it is; of another one's cell nothing is known."""
        return self._source.on_air(rat, band) if self._source is not None and self._is_mine() else AirWord(None)

    def network(self, rat: str, band: int) -> NetworkWord:
        """As `on_air`."""
        return self._source.network(rat, band) if self._source is not None and self._is_mine() else NetworkWord(None)

    def reset(self) -> None:
        """As the source, between two turns: the next device sets it up anew. Raises StateError."""
        if not self._is_mine():
            self._take()
        try:
            if self._source is not None:
                self._source.reset()
        finally:
            self._shut()
            self._give()

    def close(self) -> None:
        """See `CellSource.close`."""
        self._shut()

    def _shut(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def _is_mine(self) -> bool:
        return self._owner == threading.get_ident()

    def _take(self) -> None:
        me = threading.get_ident()
        with self._turn:
            self._turn.wait_for(lambda: self._owner in {None, me})
            self._owner = me

    def _give(self) -> None:
        with self._turn:
            self._owner = None
            self._turn.notify_all()
