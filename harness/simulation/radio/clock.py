"""Time that passes when somebody waits, and not otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_BEGIN = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


class SimulatedClock:
    """A clock for work whose waits are minutes; `monotonic` starts at `at`."""

    def __init__(self, at: float = 1000.0) -> None:
        self.at = at

    def monotonic(self) -> float:
        """Seconds."""
        return self.at

    def wait(self, seconds: float) -> None:
        """They have passed."""
        self.at += max(0.0, seconds)

    def now(self) -> str:
        """The time of day that belongs to it."""
        moment = _BEGIN + timedelta(seconds=self.at)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
