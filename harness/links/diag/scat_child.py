"""SCAT as a child process: found, started on a port, listened to, ended well, killed last.

SCAT (PyPI: signalcat) is GPL: a program that is run, never imported. What it says on standard output is evidence.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from harness.errors import LinkError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .port import DiagPort

VARIABLE = "BANDPROOF_SCAT"
STARTED = "Starting diag"
"""Packets before this line are thrown away by SCAT: an attach begins after it."""
END_S = 10.0
"""How long SCAT may take to end by itself: it sends its last commands to the port and reads the answers."""
_DISCARD = "9"
"""The port of this host that drops what it gets: where user data would go."""
_LONGEST_LINE = 4 * 2**20
_DOUBT = re.compile(r"WARNING: ((?:Unknown|CRC mismatch|Payload|Packet length|Truncated).*)")
_BUILD = re.compile(r"^Radio \d+: Build ID: ([\w.:/+-]{1,80})")
_TROUBLE = (
    (r"Errno 13|Access denied|Permission denied", "this user may not open it", "add a udev rule, or join its group"),
    (
        r"Errno 16|Resource busy|could not exclusively lock",
        "another program has it",
        "stop ModemManager or that program",
    ),
    (
        r"returned no data|Device not found|Errno 2\b|Errno 19|No such device",
        "it is not there any more",
        "plug the handset in again",
    ),
    (r"Invalid interface index", "it has other interfaces by now", "run again"),
)


def scat_program(named: str = "") -> str:
    """The program: as named, by BANDPROOF_SCAT, or on PATH. Raises UsageError where there is none."""
    asked = named or os.environ.get(VARIABLE, "") or "scat"
    found = shutil.which(asked)
    if found is None:
        what = "SCAT is not installed" if asked == "scat" else f"there is no program {asked}"
        raise UsageError(f"a live UE capability is read through SCAT, and {what}", way_out="pipx install signalcat")
    return found


class ScatChild:
    """A running SCAT on one port, which sends its packets to a UDP port of this host. Raises LinkError."""

    def __init__(self, program: str, port: DiagPort, udp_port: int) -> None:
        words = [*_dies_with_us(), program, "-t", port.baseband, *port.arguments]
        words += ["-L", "rrc", "-H", "127.0.0.1", "-P", str(udp_port), "--port-up", _DISCARD]
        words += ["--cacombos"] if port.baseband == "qc" else []
        self.said: list[str] = []
        self._rest = b""
        try:
            self._process = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
            )
        except OSError as error:
            raise LinkError(f"SCAT cannot be run: {error.strerror or error}", device=port.words) from None
        os.set_blocking(self.output.fileno(), False)

    @property
    def output(self) -> IO[bytes]:
        """Its standard output and error, to be waited on."""
        stdout = self._process.stdout
        assert stdout is not None  # noqa: S101  it was asked for
        return stdout

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self._process.poll() is not None

    @property
    def started(self) -> bool:
        """Whether it has set the port up, so that what comes from now on is told."""
        return any(STARTED in line for line in self.said)

    def listen(self) -> None:
        """Take the lines that it has said since; waits for nothing."""
        while chunk := self._chunk():
            *lines, self._rest = (self._rest + chunk)[-_LONGEST_LINE:].split(b"\n")
            self.said += [_harmless(line) for line in lines]

    def _chunk(self) -> bytes:
        try:
            return os.read(self.output.fileno(), 65536)
        except (BlockingIOError, ValueError, OSError):
            return b""

    def end(self) -> None:
        """Have it end by SIGINT, as its own users do; one that does not is killed. Its last words are taken."""
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGINT)
        until = time.monotonic() + END_S
        while not self.has_ended and (left := until - time.monotonic()) > 0:
            self.listen()  # A full pipe would hold it back.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(min(0.2, left))
        if not self.has_ended:
            self._process.kill()
            self._process.wait()
        self.listen()
        self.output.close()


def _harmless(line: bytes) -> str:
    """A line without control signs: some of it is the device's text."""
    return "".join(sign for sign in line.decode("utf-8", "replace") if sign.isprintable())


def _dies_with_us() -> tuple[str, ...]:
    """SCAT whose parent was killed would go on for ever; the kernel tells it, where util-linux can ask for that."""
    tool = shutil.which("setpriv") if sys.platform.startswith("linux") else None
    return (tool, "--pdeathsig", "INT") if tool else ()


def doubts_in(said: Sequence[str]) -> tuple[str, ...]:
    """What SCAT could not read or doubts: where it says so, messages were lost, and absence proves nothing."""
    start = next((place for place, line in enumerate(said) if STARTED in line), len(said))
    # Before, answers to its own questions come joined, which it takes for damage.
    return tuple(dict.fromkeys(found[1].strip() for line in said[start:] if (found := _DOUBT.search(line))))


def build_in(said: Sequence[str]) -> str:
    """The build of the modem that answers at the port; empty where it does not tell."""
    return next((found[1] for line in said if (found := _BUILD.match(line))), "")


def trouble_in(said: Sequence[str]) -> tuple[str, str]:
    """Why SCAT ended by itself, and the way out, in words."""
    text = "\n".join(said)
    for pattern, why, way_out in _TROUBLE:
        if re.search(pattern, text):
            return why, way_out
    last = next((line.strip() for line in reversed(said) if line.strip()), "it said nothing")
    return f"SCAT ended: {last[:200]}", "run `scat` by hand on this port"
