"""A simulated radio as an AT port in this process, on a simulated clock: minutes pass in no time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.errors import AnswerTimeout, DeviceGone
from harness.recording.exchange import Exchange
from harness.simulation.modem.text import ScriptedAnswer, parts
from harness.simulation.tape import at_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.simulation.radio.clock import SimulatedClock
    from harness.simulation.radio.radio import Radio

_BASIC = re.compile(r"AT(?:[EVQ][01])?|AT\+CMEE=[012]")


class RadioPort:
    """One port of one radio. `asked` are its requests, in order."""

    def __init__(self, radio: Radio, clock: SimulatedClock, *, address: str = "simulated") -> None:
        self.radio = radio
        self.address = address
        self.asked: list[str] = []
        self.strike: Callable[[RadioPort], None] | None = None
        """Called before each request: where a test pulls the plug."""
        self.done: Callable[[RadioPort], None] | None = None
        """Called where the radio has done what it was asked, and its answer is not out yet."""
        self._clock = clock

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        """Answer at once, but for the time that the clock takes. See `AtLink.ask`."""
        at = self._clock.now()
        start = self._clock.monotonic()
        self.asked.append(command)
        self._strike(command)
        self._clock.wait(self.radio.tongue.takes_s(command))
        self.radio.advance()
        self._there(command)
        answer = answer_of(command, self.radio)
        if self.done is not None:
            self.done(self)
        if not answer.final:
            self._clock.at = max(self._clock.at, deadline_s)
            raise AnswerTimeout(f"{command} was not answered in time", command=command)
        elapsed = (self._clock.monotonic() - start) * 1000
        return Exchange(command, answer.encode(), elapsed_ms=round(elapsed, 3), at=at)

    def listen(self, *, deadline_s: float) -> bytes:
        """What the radio says until then; the clock goes no further than that."""
        radio = self.radio
        self._there("")
        radio.advance()
        while not radio.said:
            change = radio.next_change()
            if change is None or change > deadline_s:
                self._clock.at = max(self._clock.at, deadline_s)
                return b""
            self._clock.at = max(self._clock.at, change)
            radio.advance()
        said, radio.said = "".join(radio.said), []
        return said.encode()

    def allow_reads(self, forms: object) -> None:
        """Everything may be asked."""

    def learn_records(self, records: object) -> None:
        """Nothing is written here."""

    def close(self) -> None:
        """Nothing to let go of."""

    def _strike(self, command: str) -> None:
        if self.strike is not None:
            self.strike(self)
        self._there(command)
        quirks = self.radio.quirks
        if quirks.vanishes_at and len(self.asked) >= quirks.vanishes_at:
            raise DeviceGone("the port is gone", command=command)
        if quirks.restarts_at and len(self.asked) == quirks.restarts_at:
            self.radio.memory.power_cycle()
            self.radio.boot()
            raise DeviceGone("the modem lost its power", command=command)

    def _there(self, command: str) -> None:
        """A modem that restarts takes its port with it, until somebody opens it again."""
        if self.radio.away_until is not None:
            raise DeviceGone("the modem restarts", command=command)

    def come_back(self) -> bool:
        """Open the port again, as soon as the modem is there; whether it was away."""
        radio = self.radio
        if radio.away_until is None:
            return False
        self._clock.at = max(self._clock.at, radio.away_until)
        radio.away_until = None
        return True


def answer_of(command: str, radio: Radio) -> ScriptedAnswer:
    """The answers of joined commands, one after the other; the first that fails ends the line."""
    lines: list[str] = []
    for part in parts(at_key(command)):
        answer = ScriptedAnswer() if _BASIC.fullmatch(part) else radio.tongue.answer(part, radio)
        if answer is None:
            return ScriptedAnswer(tuple(lines), "ERROR")
        lines += answer.lines
        if answer.failed:
            return ScriptedAnswer(tuple(lines), answer.final)
    return ScriptedAnswer(tuple(lines))
