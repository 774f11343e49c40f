"""A simulated radio behind a simulated port: the family's commands by its tongue, all else as recorded."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.simulation.modem.state import Manners, ModemState, Reply
from harness.simulation.modem.text import ScriptedAnswer, parts
from harness.simulation.tape import at_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.recording.exchange import Recording
    from harness.simulation.radio.radio import Radio

TICK_S = 0.02


class RadioModemState(ModemState):
    """One modem whose radio is alive."""

    def __init__(self, recording: Recording, radio: Radio, latency_s: float | None = None) -> None:
        self.radio = radio
        super().__init__(recording, latency_s)

    def reply(self, line: str, manners: Manners) -> Reply | None:
        """See `ModemState.reply`. What the tongue does not know is answered as recorded."""
        key = at_key(line)
        if not key.startswith("AT"):
            return None
        self.radio.advance()
        single = parts(key)
        known = {
            part: answer for part in dict.fromkeys(single) if (answer := self.radio.tongue.answer(part, self.radio))
        }
        if not known:
            return super().reply(line, manners)
        self.asked.append(line.strip())
        lines: list[bytes] = []
        for part in single:
            answer = known.get(part)
            if answer is None:
                answer = ScriptedAnswer((), "ERROR")
            if not answer.final:
                return Reply(b"", complete=False)
            lines.append(answer.encode(verbose=manners.verbose))
            if answer.failed:
                break
        # Its port goes with it; who opens it again finds it as it is.
        gone, self.radio.away_until = self.radio.away_until is not None, None
        body = b"".join(one.removesuffix(b"\r\nOK\r\n") for one in lines[:-1]) + lines[-1]
        return Reply(b"" if manners.quiet else body, self._latency_s or 0.0, resets=gone)

    async def pump(self, say: Callable[[bytes], None]) -> None:
        """Say what comes unasked, as it comes."""
        while True:
            self.radio.advance()
            said, self.radio.said = self.radio.said, []
            if said:
                say("".join(said).encode())
            await asyncio.sleep(TICK_S)
