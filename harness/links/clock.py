"""Time, as what changes a device takes it: waits can be minutes, and tests must not sleep them."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from harness.recording.exchange import now


class Clock(Protocol):
    """Seconds that only run forward, a wait, and the time of day as exchanges write it."""

    def monotonic(self) -> float:
        """Seconds, as `time.monotonic` counts them."""
        ...

    def wait(self, seconds: float) -> None:
        """Let that much time pass."""
        ...

    def now(self) -> str:
        """UTC in ISO 8601 with milliseconds."""
        ...


class RealClock:
    """The clock of this machine."""

    def monotonic(self) -> float:
        """See `Clock.monotonic`."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """See `Clock.wait`."""
        threading.Event().wait(max(0.0, seconds))

    def now(self) -> str:
        """See `Clock.now`."""
        return now()


REAL_CLOCK = RealClock()
