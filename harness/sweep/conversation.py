"""What a sweep asks and waits for: whether the modem is registered, as events tell it and looks show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout

from .states import StateReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import BandLock
    from harness.recording.exchange import Exchange

    from .link import SweepLink

SLICE_S = 1.0
"""How long one stretch of listening takes: so soon a person who stops the run is heard."""
ASK_S = 30.0
_POLL_S = 10.0
_OFF_S = 10.0


class Conversation:
    """One modem, asked over the link of its sweep."""

    def __init__(self, link: SweepLink, family: Dialect, modem: Modem) -> None:
        self._link = link
        self._states = StateReader(family, modem)

    def ask(self, request: str, within_s: float = ASK_S) -> Exchange | None:
        """A read whose answer may be late: then nothing is known of it. Raises LinkError where the modem is gone."""
        try:
            return self._link.ask(request, deadline_s=self._until(within_s))
        except (AnswerTimeout, AnswerGarbled):
            return None

    def see_detach(self, lock: BandLock) -> None:
        """Look until it is registered no more, for a while."""
        until = self._until(_OFF_S)
        while self._is_attached([lock]) and self._link.clock.monotonic() < until:
            self._link.listen(deadline_s=min(until, self._until(SLICE_S)))

    def attached(self, locks: Sequence[BandLock], wait_s: float, *, look_s: float = _POLL_S) -> bool:
        """Wait for a registration: by what comes unasked, and a look now and then, for a modem may not tell it."""
        until, clock = self._until(wait_s), self._link.clock
        while not self._is_attached(locks):
            if clock.monotonic() >= until:
                return False
            look = min(until, self._until(look_s))
            while (now := clock.monotonic()) < look:
                if "REG:" in self._link.listen(deadline_s=min(look, now + SLICE_S)):
                    break
        return True

    def _is_attached(self, locks: Sequence[BandLock]) -> bool:
        requests = dict.fromkeys(lock.registration.read for lock in locks)
        answers = (self.ask(request) for request in requests)
        return any(one is not None and self._states.is_on(one) for one in answers)

    def _until(self, seconds: float) -> float:
        return self._link.clock.monotonic() + seconds


def is_refusal(answer: Exchange | None) -> bool:
    """Whether the modem has no such command: an error is its whole answer."""
    lines = answer.text.split("\n") if answer is not None and answer.error is None else []
    told = [line.strip() for line in lines if line.strip()]
    return len(told) == 1 and bool(re.fullmatch(r"ERROR|\+CME ERROR\s?:.*|COMMAND NOT SUPPORT(?:ED)?", told[0]))
