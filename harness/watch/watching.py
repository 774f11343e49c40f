"""The watch itself: what comes unasked first, a look an interval, a device that went away waited for."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused, LinkError
from harness.probes.adb.plan import REGISTRY
from harness.recording.exchange import Exchange, Interruption
from harness.sweep.conversation import SLICE_S
from harness.sweep.link import UNASKED, SweepLink

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.at_commands import FamilyRecords
    from harness.links.base import ShellLink
    from harness.links.clock import Clock
    from harness.sweep.link import ListeningPort

INTERVAL_S = 30.0
"""Between two looks where nothing comes unasked: asked more often, some modems freeze."""
LEAST_S = 5.0
"""A code that comes unasked brings the next look forward, but not nearer to the last than this."""
ASK_S = 15.0
REGISTERING = ("CEREG", "C5GREG")
_TOLD = "2"
"""State, area and cell unasked (TS 27.007 clause 10.1.22): every modem takes it, 3 and 5 not all."""


class WatchedDevice(Protocol):
    """A device that is looked at. Each raises LinkError where it went away."""

    def look(self) -> None:
        """Ask it once."""
        ...

    def listen(self, *, deadline_s: float) -> bool:
        """Whether a change of the registration came unasked; False at the deadline."""
        ...

    def close(self) -> None:
        """Leave it as it was found, and let go of it."""
        ...


class WatchLink(SweepLink):
    """A modem's port for a watch: only reads pass, what is asked and heard is kept."""

    def __init__(self, port: ListeningPort, keep: Callable[[Exchange], object], clock: Clock) -> None:
        super().__init__(port, keep, clock)
        self._keep_cut = keep
        self.records: FamilyRecords | None = None

    @property
    def address(self) -> str:
        """See `AtLink.address`: none is told."""
        return ""

    def allow_reads(self, forms: Sequence[str]) -> None:
        """See `AtLink.allow_reads`."""
        self._forms = tuple(dict.fromkeys((*self._forms, *forms)))
        self._pass_on("allow_reads", self._forms)

    def learn_records(self, records: FamilyRecords) -> None:
        """See `AtLink.learn_records`."""
        self.records = records
        self._pass_on("learn_records", records)

    def again(self, port: ListeningPort) -> None:
        """The same modem behind another port."""
        self.port = port
        self._pass_on("allow_reads", self._forms)
        if self.records is not None:
            self._pass_on("learn_records", self.records)

    def listen(self, *, deadline_s: float) -> str:
        """See `SweepLink.listen`; that the modem went away meanwhile is kept, too."""
        try:
            return super().listen(deadline_s=deadline_s)
        except LinkError as error:
            self._keep_cut(
                Exchange(UNASKED, error.raw, elapsed_ms=0.0, at=self.clock.now(), error=Interruption.of(error))
            )
            raise

    def close(self) -> None:
        """Let go of the port."""
        self.port.close()

    def _pass_on(self, name: str, value: object) -> None:
        getattr(self.port, name)(value)


class WatchedModem:
    """A modem on an AT port. It is made to tell its registration unasked, which is lost at power-off, until the end."""

    def __init__(self, link: WatchLink, requests: Sequence[str]) -> None:
        self._link = link
        self.requests = tuple(requests)
        self._before: dict[str, str] = {}

    def look(self) -> None:
        """See `WatchedDevice.look`."""
        for request in self.requests:
            self._ask(request)

    def listen(self, *, deadline_s: float) -> bool:
        """See `WatchedDevice.listen`."""
        return "REG:" in self._link.listen(deadline_s=deadline_s)

    def tell_unasked(self) -> None:
        """Have changes of the registration told; what was set before is kept in mind."""
        for name in REGISTERING:
            if f"AT+{name}?" not in self.requests:
                continue
            told = self._ask(f"AT+{name}?")
            level = _level(name, told.text) if told is not None and told.error is None else None
            if level is None or level >= _TOLD:
                continue
            self._before.setdefault(name, level)
            self._ask(f"AT+{name}={_TOLD}")

    def close(self) -> None:
        """See `WatchedDevice.close`."""
        try:
            for name, level in self._before.items():
                self._ask(f"AT+{name}={level}")
        except LinkError:
            pass  # A modem that is gone has forgotten it.
        finally:
            self._link.close()

    def _ask(self, request: str) -> Exchange | None:
        """One answer; one that is late or garbled is kept as such, and refusals are answers."""
        try:
            return self._link.ask(request, deadline_s=self._link.clock.monotonic() + ASK_S)
        except (AnswerTimeout, AnswerGarbled, CommandRefused):
            return None


def _level(name: str, text: str) -> str | None:
    """How much an answer to `AT+CEREG?` says is told unasked."""
    import re

    found = re.search(rf"^\+{name}:\s*([0-5]),\s*\d", text, re.MULTILINE)
    return found[1] if found else None


class WatchedHandset:
    """A handset behind adb. Nothing comes unasked: it is looked at once an interval."""

    def __init__(self, link: ShellLink, keep: Callable[[Exchange], object], clock: Clock) -> None:
        self.link = link
        self._keep = keep
        self._clock = clock

    def look(self) -> None:
        """See `WatchedDevice.look`."""
        try:
            (answer,) = self.link.run([REGISTRY], deadline_s=self._clock.monotonic() + ASK_S)
        except (AnswerTimeout, AnswerGarbled) as error:
            self._keep(self._cut(error))
            return
        except LinkError as error:
            self._keep(self._cut(error))
            raise
        if answer is not None:
            self._keep(answer)
        if answer is not None and answer.error is not None and not answer.error.passing:
            raise LinkError(str(answer.error))

    def listen(self, *, deadline_s: float) -> bool:
        """Time passes."""
        self._clock.wait(deadline_s - self._clock.monotonic())
        return False

    def close(self) -> None:
        """See `WatchedDevice.close`."""
        self.link.close()

    def _cut(self, error: LinkError) -> Exchange:
        return Exchange(REGISTRY, error.raw, elapsed_ms=0.0, at=self._clock.now(), error=Interruption.of(error))


@dataclass(kw_only=True)
class WatchPlan:
    """How a watch goes: seconds between looks, seconds in all (0: until it is stopped)."""

    interval_s: float = INTERVAL_S
    for_s: float = 0.0


class Watch:
    """One watch. `after` hears of each look, loss and code; `regain` waits a while for a lost device: is it back?"""

    def __init__(
        self,
        device: WatchedDevice,
        clock: Clock,
        plan: WatchPlan,
        *,
        after: Callable[[], None],
        regain: Callable[[], bool],
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._device = device
        self._clock = clock
        self._plan = plan
        self._after = after
        self._regain = regain
        self._is_stopped = stopped

    def run(self) -> None:
        """Watch until the time is over, or until it is stopped. Raises no LinkError."""
        until = self._clock.monotonic() + self._plan.for_s if self._plan.for_s else float("inf")
        while not self._over(until):
            try:
                self._look_and_listen(until)
            except LinkError:
                self._after()
                while not (back := self._regain()) and not self._over(until):
                    pass
                if not back:
                    return
        self._last_look()

    def _look_and_listen(self, until: float) -> None:
        """One look, and what comes unasked until it is time for the next."""
        began = self._clock.monotonic()
        self._device.look()
        self._after()
        due = began + self._plan.interval_s
        while (now := self._clock.monotonic()) < due and not self._over(until):
            if self._device.listen(deadline_s=min(due, until, now + SLICE_S)):
                self._after()
                due = min(due, max(now, began + LEAST_S))

    def _last_look(self) -> None:
        """How it is at the end: what was seen last counts until then."""
        with suppress(LinkError):
            self._device.look()
        self._after()

    def _over(self, until: float) -> bool:
        return self._is_stopped() or self._clock.monotonic() >= until
