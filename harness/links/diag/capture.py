"""One capture at a diagnostic port: start, attach, collect, end. Every wait has a deadline, and no thread is needed.

What ends it early is told apart, because each has another way out: no right to the port, a port that another program
has, one that never starts, one that says nothing, one that went away. None of them proves anything of the device.
"""

from __future__ import annotations

import selectors
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from .gsmtap import Datagram, GsmtapReceiver
from .scat_child import ScatChild, build_in, doubts_in, trouble_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .port import DiagPort

START_S = 45.0
"""Setting the port up takes 4 to 20 s, more where the modem answers nothing."""
MASKS_S = 4.0
"""SCAT says that it starts, then sends five masks and drops what comes meanwhile, half a second each on a serial port."""
LOOK_EVERY_S = 0.3
LAST_PACKETS_S = 0.5
"""SCAT that is ended at the moment of a packet loses it."""

CaptureEnd = Literal["enough", "nothing", "late", "refused", "gone", "never_started"]


@dataclass(frozen=True, slots=True)
class DiagCapture:
    """What came at a port. `end` says why it ended, `why` and `way_out` tell people; empty where it ended well."""

    end: CaptureEnd
    datagrams: tuple[Datagram, ...]
    said: tuple[str, ...]
    why: str = ""
    way_out: str = ""

    @property
    def build(self) -> str:
        """The modem's build as it told at the port."""
        return build_in(self.said)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What SCAT could not read."""
        return doubts_in(self.said)


def capture_diag(
    port: DiagPort,
    program: str,
    *,
    attach: Callable[[], None],
    enough: Callable[[Sequence[Datagram], Sequence[str]], bool],
    settle_s: float,
    wait_s: float,
    deadline_s: float,
) -> DiagCapture:
    """Run SCAT on the port until enough has come and `settle_s` beyond it, or `wait_s` after the attach was set off.

    `deadline_s` is absolute and for all of it. `attach` is called once, when SCAT listens; it may take its time, and
    raise: then SCAT is ended, and the error goes on. No child and no socket is left in any case. Raises LinkError where
    SCAT or a socket cannot be had.
    """
    if not port.is_there:
        return DiagCapture("gone", (), (), f"the diagnostic port {port.words} is gone", "plug the handset in again")
    if not port.may_be_opened:
        way_out = f"add a udev rule for {port.device.ids}, or join the group of {port.node}"
        return DiagCapture("refused", (), (), f"this user may not open the diagnostic port {port.words}", way_out)
    with ExitStack() as stack:
        receiver = GsmtapReceiver()
        stack.callback(receiver.close)
        child = ScatChild(program, port, receiver.port)
        run = _Capture(port, child, receiver, stack)
        stack.callback(child.end)
        end, why, way_out = run.until_enough(attach, enough, settle_s, wait_s, deadline_s)
        child.end()
        run.collect()
        return DiagCapture(end, tuple(run.datagrams), tuple(child.said), why, way_out)


class _Capture:
    """One capture under way."""

    def __init__(self, port: DiagPort, child: ScatChild, receiver: GsmtapReceiver, stack: ExitStack) -> None:
        self.datagrams: list[Datagram] = []
        self._port = port
        self._child = child
        self._receiver = receiver
        self._selector = stack.enter_context(selectors.DefaultSelector())
        self._selector.register(child.output, selectors.EVENT_READ)
        for one in receiver.sockets:
            self._selector.register(one, selectors.EVENT_READ)

    def until_enough(
        self,
        attach: Callable[[], None],
        enough: Callable[[Sequence[Datagram], Sequence[str]], bool],
        settle_s: float,
        wait_s: float,
        deadline_s: float,
    ) -> tuple[CaptureEnd, str, str]:
        """How it ended, why and the way out."""
        start_s = min(deadline_s, time.monotonic() + START_S)
        if trouble := self._wait(start_s, lambda: self._child.started):
            return trouble
        if not self._child.started:
            why = f"SCAT did not get the diagnostic port {self._port.words} to start within {START_S:.0f} s"
            return "never_started", why, "plug the handset in again; another program may hold the port"
        if trouble := self._wait(min(deadline_s, time.monotonic() + MASKS_S), lambda: False):
            return trouble
        attach()
        until_s = min(deadline_s, time.monotonic() + wait_s)
        if trouble := self._wait(until_s, lambda: enough(self.datagrams, self._child.said)):
            return trouble
        if not enough(self.datagrams, self._child.said):
            return self._too_little()
        self._wait(min(deadline_s, time.monotonic() + settle_s), lambda: False)
        return "enough", "", ""

    def _wait(self, until_s: float, done: Callable[[], bool]) -> tuple[CaptureEnd, str, str] | None:
        """Collect until that is so or that late; what ended it otherwise."""
        while True:
            self.collect()
            if done():
                self._pause(LAST_PACKETS_S if self.datagrams else 0.0)
                return None
            if not self._port.is_there:
                why = f"the diagnostic port {self._port.words} went away while it was listened to"
                return "gone", why, "leave cable and USB setting alone meanwhile, and run again"
            if self._child.has_ended:
                self.collect()  # Its last words came behind the look above.
                why, way_out = trouble_in(self._child.said)
                return "refused", f"the diagnostic port {self._port.words} cannot be used: {why}", way_out
            left = until_s - time.monotonic()
            if left <= 0:
                return None
            self._selector.select(min(LOOK_EVERY_S, left))

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._selector.select(left)
            self.collect()

    def _too_little(self) -> tuple[CaptureEnd, str, str]:
        if not self.datagrams:
            why = f"the diagnostic port {self._port.words} was there and said nothing"
            way_out = "some firmwares block it; switch airplane mode on and off while it listens, with a SIM in"
            return "nothing", why, way_out
        why = "the modem told of its signalling and sent no UE capability in time"
        return "late", why, "the network asks at an attach only: detach for longer, or try another network"

    def collect(self) -> None:
        """Take what has come."""
        self._child.listen()
        self.datagrams += self._receiver.take()
