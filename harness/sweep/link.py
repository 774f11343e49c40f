"""The one link that a sweep has: reads pass by the family's read forms, writes by the gate, and all of it is kept."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused, LinkError
from harness.links.read_only import is_read
from harness.recording.exchange import Exchange, Interruption
from harness.state.gate import Gate

from . import marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from harness.links.clock import Clock

UNASKED = "unasked"
"""The request of an exchange that holds what came without one."""


class ListeningPort(Protocol):
    """An AT port that also hears what comes unasked."""

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """See `AtLink.ask`."""
        ...

    def listen(self, *, deadline_s: float) -> bytes:
        """Whole lines that come unasked, as soon as there are some; empty where none come until the deadline."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class SweepLink:
    """Asks, writes what the gate lets through, listens, marks; every exchange goes to `keep` as it happens.

    `tell` hears each request before it is sent and may raise LinkError to stop the work; `quietly` switches it off,
    for the way back.
    """

    def __init__(
        self,
        port: ListeningPort,
        keep: Callable[[Exchange], object],
        clock: Clock,
        *,
        forms: tuple[str, ...] = (),
        tell: Callable[[str], None] | None = None,
        reads: Callable[[str], bool] | None = None,
    ) -> None:
        """`forms` are read forms of the modem's family; `reads` tells read forms of what speaks no AT."""
        self.port = port
        self.gate = Gate((), "")
        """Shut, until it is known what may be written."""
        self.lost = False
        """The device went away while it was asked."""
        self.scans: frozenset[str] = frozenset()
        """Searches for cells that the family has, and that are asked: they change nothing, and are no plain reads."""
        self.clock = clock
        self._keep = keep
        self._forms = forms
        self._reads = reads or self._is_at_read
        self._tell = tell

    def quietly(self) -> None:
        """From now on nobody is told, and nobody can stop it."""
        self._tell = None

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Send one request and keep what came of it. Raises CommandRefused for what neither reads nor may be written."""
        if not (self.gate.permits(command) or self._reads(command) or command in self.scans):
            raise CommandRefused(f"{command!r} is no step of a sweep", command=command)
        self._hear(command)
        start, at = time.monotonic(), self.clock.now()
        try:
            exchange = self.port.ask(command, deadline_s=deadline_s)
        except CommandRefused:
            raise
        except LinkError as error:
            self.lost |= not isinstance(error, AnswerTimeout | AnswerGarbled)
            elapsed = (time.monotonic() - start) * 1000
            self._keep(Exchange(command, error.raw, elapsed_ms=elapsed, at=at, error=Interruption.of(error)))
            raise
        if exchange is not None:
            self._keep(exchange if exchange.at else replace(exchange, at=at))
        return exchange

    def listen(self, *, deadline_s: float) -> str:
        """What comes unasked until the deadline, kept where something came."""
        self._hear("waiting")
        data = self.port.listen(deadline_s=deadline_s)
        if data.strip():
            self._keep(Exchange(UNASKED, data, elapsed_ms=0.0, at=self.clock.now()))
        return data.decode("ascii", "replace")

    def mark(self, word: str, *rest: object, lines: Iterable[str] = ()) -> None:
        """Keep a mark."""
        self._keep(marks.mark(word, *rest, lines=lines, at=self.clock.now()))

    def _is_at_read(self, command: str) -> bool:
        return is_read(command, self._forms)

    def _hear(self, words: str) -> None:
        if self._tell is not None:
            self._tell(words)
