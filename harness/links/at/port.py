"""AT ports over anything that pyserial opens: bulk reads, absolute deadlines, no sleeps, no waiting for silence.

A late answer is never taken for the answer to the next command: with the echo on, nothing counts before the echo;
after a timeout the stream is brought back into step before the next command is sent.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused
from harness.links import read_only
from harness.links.port_lock import holders
from harness.recording.exchange import Exchange, now

from .framing import AnswerReader, answers_another, holds_final, is_quiet, record_names
from .opening import gone, open_serial

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.at_commands import FamilyRecords
    from harness.links.port_lock import PortLock

GRACE_S = 0.3
"""How long to wait for the line end of a final result code that stands without one."""
RESYNC_S = 2.0
LONGEST_ANSWER = 8 * 2**20
LONGEST_DRAIN = 2**20


def open_at(
    url: str,
    *,
    baudrate: int = 115200,
    deadline_s: float | None = None,
    allow_changes: bool = False,
    allow_scans: bool = False,
) -> AtPort:
    """Open an AT port, exclusively.

    `deadline_s` is absolute, in seconds of `time.monotonic()`: past it nothing is opened. Raises DeviceAbsent,
    NoPermission, PortBusy, AnswerTimeout, UsageError.
    """
    if deadline_s is not None and time.monotonic() >= deadline_s:
        raise AnswerTimeout(f"no time left to open {url}", device=url)
    port, lock = open_serial(url, baudrate=baudrate)
    return AtPort(port, url, lock=lock, allow_changes=allow_changes, allow_scans=allow_scans)


class AtPort:
    """One AT port. Thread-safe: one command at a time.

    `allow_changes`: commands beyond the read forms are sent, but for resets. `allow_scans`: network searches are sent.
    """

    def __init__(
        self,
        port: Any,
        url: str,
        *,
        lock: PortLock | None = None,
        allow_changes: bool = False,
        allow_scans: bool = False,
    ) -> None:
        self._port = port
        self._url = url
        self._lock_file = lock
        self._allow_changes = allow_changes
        self._allow_scans = allow_scans
        self._forms: tuple[str, ...] = ()
        """Read forms of the family that answers here."""
        self._unasked: frozenset[str] = frozenset()
        """Records that this family sends unasked."""
        self._descriptor = _descriptor(port, url)
        self._poll = _poll_of(self._descriptor)
        self._one = threading.Lock()
        self._echo: bool | None = None
        self._usual_echo: bool | None = None
        """The echo as it was before a timeout made it unknown."""
        self._numeric = False
        self._dirty = False
        self._asked: set[str] = set()
        self._late: set[str] = set()
        """The records of commands whose answer may still come."""
        self._closed = False

    @property
    def address(self) -> str:
        """The URL or device that was opened."""
        return self._url

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        """Send one command, wait for its final result code. See `AtLink.ask`."""
        self._permit(command)
        with self._one:
            if self._closed:
                raise gone(self._url, command, why="closed")
            for attempt in (1, 2):
                self._into_step(command, deadline_s)
                exchange, raw = self._exchange(command, deadline_s)
                if not answers_another(command, exchange.response, self._asked - self._unasked):
                    self._asked |= record_names(command)
                    return exchange
                self._dirty = True
                if attempt == 2:
                    raise AnswerGarbled(
                        f"{self._url} answered {command} with the answer to another command, twice",
                        device=self._url,
                        command=command,
                        raw=raw,
                        way_out=self._who_else("another program may be using the same port"),
                    )
        raise AssertionError("unreachable")

    def allow_reads(self, forms: Sequence[str]) -> None:
        """See `AtLink.allow_reads`."""
        self._forms = tuple(dict.fromkeys((*self._forms, *forms)))

    def learn_records(self, records: FamilyRecords) -> None:
        """See `AtLink.learn_records`."""
        self._unasked = records.unsolicited

    def listen(self, *, deadline_s: float) -> bytes:
        """Whole lines that come unasked, as soon as there are some; empty where none come until the deadline."""
        with self._one:
            data = b""
            while not data.strip() or data[-1:] not in {b"\r", b"\n"}:
                chunk = self._read(deadline_s, "for what comes unasked")
                if not chunk:
                    break
                data += chunk
            if holds_final(data):
                self._dirty = True
            return data

    def _is_scan(self, command: str) -> bool:
        return read_only.is_scan(command, self._forms)

    def close(self) -> None:
        """Let go of the port. Waits for a command under way."""
        with self._one:
            if self._closed:
                return
            self._closed = True
            try:
                # Else the kernel waits up to 30 s for bytes that a dead modem will not take.
                with suppress(*_gone_errors()):
                    self._port.reset_output_buffer()
                with suppress(*_gone_errors()):
                    self._port.close()
            finally:
                if self._lock_file is not None:
                    self._lock_file.release()

    def __enter__(self) -> AtPort:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _permit(self, command: str) -> None:
        if not command.isascii() or not command.isprintable() or command[:2].upper() != "AT":
            raise CommandRefused(f"{command!r} is no AT command", device=self._url, command=command)
        if read_only.is_read(command, self._forms) or (self._allow_scans and self._is_scan(command)):
            return
        if self._is_scan(command):
            raise CommandRefused(
                f"{command} searches for networks: up to 3 minutes, and service is disturbed meanwhile",
                device=self._url,
                command=command,
                way_out="ask for the scan by its option",
            )
        if not self._allow_changes:
            raise CommandRefused(
                f"{command} is not on the list of commands that only read",
                device=self._url,
                command=command,
                way_out="allow changes by option, or add the read form to the dialect",
            )

    def _exchange(self, command: str, deadline_s: float) -> tuple[Exchange, bytes]:
        at = now()
        reader = AnswerReader(command, echo=self._echo, numeric=self._numeric or command.upper().startswith("ATV0"))
        start = time.monotonic()
        self._send(command, deadline_s)
        self._receive(reader, command, deadline_s, start)
        elapsed = time.monotonic() - start
        self._learn(command, reader)
        return Exchange(command, reader.response, elapsed_ms=round(elapsed * 1000, 3), at=at), reader.raw

    def _learn(self, command: str, reader: AnswerReader) -> None:
        self._echo = reader.echo_seen
        if reader.final in (b"OK", b"0"):
            for part in read_only.single_commands(command):
                if part in ("ATE", "ATE0", "ATE1", "ATZ"):
                    self._echo = {"ATE1": True, "ATZ": None}.get(part, False)
                elif part.startswith("ATV"):
                    self._numeric = part in ("ATV", "ATV0")
        self._usual_echo = self._echo
        if holds_final(reader.rest):
            self._dirty = True

    def _receive(self, reader: AnswerReader, command: str, deadline_s: float, start: float) -> None:
        grace = deadline_s
        while True:
            data = self._read(min(deadline_s, grace), command, reader)
            if data:
                if reader.feed(data):
                    return
                grace = min(deadline_s, time.monotonic() + GRACE_S) if reader.nearly_complete else deadline_s
                if len(reader) > LONGEST_ANSWER:
                    self._dirty = True
                    raise AnswerGarbled(
                        f"{self._url} sends without end", device=self._url, command=command, raw=reader.raw[:4096]
                    )
            elif reader.nearly_complete:
                reader.finish()
                return
            if time.monotonic() >= deadline_s:
                raise self._too_late(reader, command, start)

    def _too_late(self, reader: AnswerReader, command: str, start: float) -> AnswerTimeout:
        self._dirty = True
        self._late |= record_names(command)
        if not reader.echo_seen:
            self._echo = None
        got = f" ({len(reader)} bytes came)" if len(reader) else ""
        return AnswerTimeout(
            f"{self._url} did not finish its answer to {command} in time{got}",
            device=self._url,
            command=command,
            raw=reader.raw,
            elapsed_s=time.monotonic() - start,
            way_out=self._who_else("check that this is the AT port (a modem has several) and that it is not busy"),
        )

    def _into_step(self, command: str, deadline_s: float) -> None:
        """Bring the stream into a state where the next final result code is that of the next command."""
        if holds_final(self._drain(command)):
            self._dirty = True
        if not self._dirty:
            return
        until = min(deadline_s, time.monotonic() + max(RESYNC_S, (deadline_s - time.monotonic()) / 2))
        try:
            # Only an echo proves whose answer follows; a late final result code may end the first of these.
            if self._echo is not True:
                self._probe("ATE1", None, until)
            # Some modems echo while they still work on the command before: then that answer stands behind the echo.
            while not is_quiet(self._probe("AT", True, until), self._late) or holds_final(self._drain(command)):
                pass
        except AnswerTimeout as error:
            raise AnswerGarbled(
                f"{self._url} is still out of step after an answer that did not come in time; {command} was not sent",
                device=self._url,
                command=command,
                raw=error.raw,
                way_out=self._who_else("give the modem more time, or power it off and on"),
            ) from None
        self._dirty = False
        self._late.clear()
        self._echo = True
        if self._usual_echo is False:
            self._probe("ATE0", True, deadline_s)
            self._echo = False

    def _probe(self, command: str, echo: bool | None, deadline_s: float) -> bytes:
        reader = AnswerReader(command, echo=echo, numeric=self._numeric)
        self._send(command, deadline_s)
        self._receive(reader, command, deadline_s, time.monotonic())
        return reader.response

    def _who_else(self, otherwise: str) -> str:
        others = holders(self._url) if "://" not in self._url else ()
        return f"{', '.join(others)} has the port open, too; stop it" if others else otherwise

    def _drain(self, command: str) -> bytes:
        """What is there already (at most LONGEST_DRAIN bytes: a modem may chatter without end)."""
        data = b""
        while len(data) < LONGEST_DRAIN and (chunk := self._read(0.0, command)):
            data += chunk
        return data

    def _send(self, command: str, deadline_s: float) -> None:
        import serial

        if time.monotonic() >= deadline_s:
            raise AnswerTimeout(f"no time left to ask {command}", device=self._url, command=command)
        try:
            self._write(command.encode("ascii") + b"\r")
        except serial.SerialTimeoutException:
            self._dirty = True
            raise AnswerTimeout(
                f"{self._url} does not take {command}",
                device=self._url,
                command=command,
                way_out="the modem has stopped reading: power it off and on",
            ) from None
        except (OSError, TypeError) as error:
            raise gone(self._url, command, why=str(error)) from None

    def _write(self, data: bytes) -> None:
        """All of it, at once where the port takes it: pyserial then asks whether it would take more."""
        if self._descriptor is not None:
            with suppress(OSError):  # pyserial meets the same, and has words and a timeout for it.
                data = data[os.write(self._descriptor, data) :]
        if data:
            self._port.write(data)

    def _read(self, deadline_s: float, command: str, reader: AnswerReader | None = None) -> bytes:
        """What is there; waits for the first byte until the deadline. Empty: nothing came."""
        try:
            if self._descriptor is None or self._poll is None:
                return self._read_slowly(deadline_s)
            data = _wait_and_read(self._poll, self._descriptor, deadline_s)
        except (OSError, TypeError, ValueError) as error:
            raise gone(self._url, command, reader.raw if reader else b"", str(error)) from None
        if data is None:
            return b""
        if not data:
            raise gone(self._url, command, reader.raw if reader else b"", "hung up")
        return data

    def _read_slowly(self, deadline_s: float) -> bytes:
        """Without a file descriptor: the port's own timeout (POLL_S) bounds each read, data ends it at once."""
        while True:
            if waiting := self._port.in_waiting:
                return bytes(self._port.read(waiting))
            if time.monotonic() >= deadline_s:
                return b""
            if first := self._port.read(1):
                more = self._port.in_waiting
                return bytes(first + (self._port.read(more) if more else b""))


@cache
def _gone_errors() -> tuple[type[Exception], ...]:
    """What a port that went away raises: OSError (serial.SerialException is one), on POSIX termios.error too."""
    try:
        from termios import error
    except ImportError:  # Windows
        return (OSError,)
    return (OSError, error)


def _descriptor(port: Any, url: str) -> int | None:
    """The port's file descriptor where reading it directly is the same as reading through pyserial."""
    import sys

    if sys.platform == "win32" or ("://" in url and not url.startswith("socket://")):
        return None
    try:
        number = port.fileno()
    except (OSError, AttributeError, NotImplementedError):
        return None
    return number if isinstance(number, int) else None


def _poll_of(descriptor: int | None) -> Any:
    """What waits for a descriptor; None without one."""
    if descriptor is None:
        return None
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
    return poll


def _wait_and_read(poll: Any, descriptor: int, deadline_s: float) -> bytes | None:
    """One bulk read; None where nothing came until the deadline, empty at the end of the stream."""
    if not poll.poll(max(0.0, deadline_s - time.monotonic()) * 1000 if deadline_s else 0):
        return None
    try:
        return os.read(descriptor, 65536)
    except BlockingIOError:
        return None
