"""Whether data comes over a modem's bearer: bytes that the host's network device received, and nothing that a program says.

An address, a registration and a final OK were all seen without one byte ever received, and a ping's own summary is taken
for success by programs that read it wrongly. On a device that speaks Ethernet with ARP the modem's own router answers, so
bytes there prove nothing: only raw IP, PPP and devices without ARP count.
"""

from __future__ import annotations

import re
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import UsageError

if TYPE_CHECKING:
    from harness.links.clock import Clock

NETWORKS = Path("/sys/class/net")
WITHIN_S = 30.0
_LOOK_EVERY_S = 0.5
_BEARERS = {"512", "519", "65534"}
"""ARPHRD_PPP, ARPHRD_RAWIP, ARPHRD_NONE (linux/if_arp.h)."""
_NOARP = 0x80
_NAME = re.compile(r"[A-Za-z][\w.-]{0,14}")
_TARGET = re.compile(r"[0-9A-Fa-f:.]{2,45}")


@dataclass(frozen=True, slots=True)
class Received:
    """What came within a time. `count` None: it cannot be told."""

    count: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """The network device of one modem. `target` is pinged, so that something comes; without it others' traffic counts."""

    interface: str
    target: str = ""
    root: Path = NETWORKS

    @staticmethod
    def parse(text: str) -> Bearer:
        """`wwan0`, or `wwan0,192.0.2.1`. Raises UsageError."""
        name, _, target = text.partition(",")
        if not _NAME.fullmatch(name) or (target and not _TARGET.fullmatch(target)):
            raise UsageError(f"--sweep-data={text}: no network device", way_out="write wwan0, or wwan0,ADDRESS to ping")
        return Bearer(name, target)

    def refusal(self) -> str:
        """Why its bytes would prove nothing; empty where they would."""
        place = self.root / self.interface
        try:
            kind, flags = ((place / name).read_text("ascii").strip() for name in ("type", "flags"))
        except (OSError, UnicodeDecodeError):
            return f"there is no network device {self.interface}"
        if kind in _BEARERS or int(flags, 16) & _NOARP:
            return ""
        return f"{self.interface} speaks Ethernet: what comes there may be the modem's own, and proves no bearer"

    def wait(self, clock: Clock, within_s: float = WITHIN_S) -> Received:
        """Wait until something comes. The count is never that of before, though the device came anew meanwhile."""
        if why := self.refusal():
            return Received(None, why)
        before, until = self._count(), clock.monotonic() + within_s
        ping = self._pinging()
        try:
            while True:
                now = self._count()
                if before is None or now is None or now < before:
                    before = now
                elif now > before:
                    return Received(now - before, f"over {self.interface}")
                if clock.monotonic() >= until:
                    return Received(None if before is None else 0, f"over {self.interface} in {within_s:g} s")
                clock.wait(_LOOK_EVERY_S)
        finally:
            if ping is not None:
                ping.kill()
                ping.wait()

    def _count(self) -> int | None:
        with suppress(OSError, ValueError):
            return int((self.root / self.interface / "statistics/rx_bytes").read_text("ascii"))
        return None

    def _pinging(self) -> subprocess.Popen[bytes] | None:
        """A ping that only makes traffic: what it says of itself is not read."""
        if not self.target:
            return None
        line = ["ping", "-n", "-i", "1", "-I", self.interface, self.target]
        with suppress(OSError):
            return subprocess.Popen(
                line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        return None
