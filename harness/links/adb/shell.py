"""The shell of a handset behind an adb server: all commands in one round trip, deadlines that are total.

adbutils opens the stream; reading it is ours, and so is telling a finished answer from one that was cut off: only an
exit packet ends a shell v2 stream, only a marker ends an answer within it.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING

from harness.errors import (
    AnswerGarbled,
    CommandRefused,
    DeviceGone,
    LinkError,
    UsageError,
)
from harness.links.addresses import handset_on
from harness.links.port_lock import PortLock
from harness.links.read_only import is_shell_read
from harness.recording.exchange import Exchange, Interruption, now

from . import batch
from . import network as adb_network
from . import server as adb_server
from .finding import find
from .server import AdbServer, Handset, list_handsets, server_from_environment
from .shared_reader import shared_reader
from .shell_v2 import BrokenStreamError, Part, ShellV2Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["AdbShell", "Handset", "list_handsets", "open_adb"]

LONGEST_ANSWER = 32 * 2**20
"""Of one command; a handset that sends more sends without end."""


def open_adb(
    name: str,
    *,
    server: AdbServer | None = None,
    deadline_s: float | None = None,
    allow_changes: bool = False,
    exclusive: bool = False,
) -> AdbShell:
    """The shell of the handset that a serial, `host:port`, USB path or model names, or `adb://HOST:PORT/SERIAL`.

    A handset on the network that the server does not know is connected. With `exclusive` no other run can have it
    until the shell is closed or this process ends. Raises NoAdbServer, DeviceAbsent, DeviceAmbiguous,
    DeviceUnauthorized, DeviceOffline, NoPermission, PortBusy, AnswerTimeout.
    """
    usual = server_from_environment()
    if (there := handset_on(name)) is not None:
        host, port, name = there
        server = AdbServer(host, port, own=True)
    server = server or usual
    deadline_s = time.monotonic() + 15.0 if deadline_s is None else deadline_s
    handset = find(server, name, deadline_s)
    # The same serial at two servers is two handsets: every network handset may be called 127.0.0.1:5555 by its own.
    place = "" if str(server) == str(usual) else f"{server}/"
    lock = PortLock(f"adb://{place}{handset.serial}") if exclusive else None
    return AdbShell(server, handset, allow_changes=allow_changes, name=name, lock=lock)


class AdbShell:
    """The shell of one handset. Every run opens a stream of its own: threads may share it."""

    def __init__(
        self,
        server: AdbServer,
        handset: Handset,
        *,
        allow_changes: bool = False,
        name: str = "",
        lock: PortLock | None = None,
    ) -> None:
        self.handset = handset
        self._server = server
        self._v2: bool | None = None
        """Whether the handset has shell v2 (Android 7 and newer); None until it was asked or has shown it."""
        self._allow_changes = allow_changes
        self._allowed: frozenset[str] = frozenset()
        self._name = name or handset.serial
        self._held = lock
        self._streams: set[socket.socket] = set()
        self._lock = threading.Lock()

    @property
    def address(self) -> str:
        """What the user named."""
        return self._name

    def allow_commands(self, commands: Sequence[str]) -> None:
        """See `ShellLink.allow_commands`."""
        self._allowed |= frozenset(commands)

    def run(self, commands: Sequence[str], *, deadline_s: float) -> list[Exchange | None]:
        """See `ShellLink.run`."""
        return self.run_each(commands, deadline_s=deadline_s)

    def run_each(
        self,
        commands: Sequence[str],
        *,
        deadline_s: float,
        on_exchange: Callable[[int, Exchange], None] | None = None,
    ) -> list[Exchange | None]:
        """Like `run`; `on_exchange(index, exchange)` is called for each command as soon as its answer is whole."""
        for command in commands:
            self._permit(command)
        if self._allow_changes and self._v2 is None:
            self._v2 = self._ask_for_v2(deadline_s)  # What changes something must not be sent twice.
        try:
            return self._run_all(commands, deadline_s, on_exchange)
        except _NoShellV2Error:
            return self._run_all(commands, deadline_s, on_exchange)

    def _run_all(
        self, commands: Sequence[str], deadline_s: float, on_exchange: Callable[[int, Exchange], None] | None
    ) -> list[Exchange | None]:
        v2 = self._v2 is not False
        try:
            limit = batch.MAX_SCRIPT if v2 else batch.MAX_SCRIPT_V1
            scripts = batch.compose(commands, separate=v2, limit=limit)
        except ValueError as error:
            raise UsageError(f"{self._name}: {error}", way_out="shorten the command") from None
        out: list[Exchange | None] = [None] * len(commands)

        def deliver(index: int, exchange: Exchange) -> None:
            out[index] = exchange
            if on_exchange is not None:
                on_exchange(index, exchange)

        for script in scripts:
            run = _Run(script, commands, deliver, separate=v2, device=self._name)
            trouble = self._run_script(script, run, deadline_s, v2=v2)
            if trouble is None:
                self._v2 = v2
                continue
            adb_server.forget_handsets(self._server)
            if self._v2 is None and out[0] is None and not self._has_v2(trouble, deadline_s):
                self._v2 = False
                raise _NoShellV2Error
            if run.silent and script is scripts[0]:
                raise trouble
            run.cut_off(trouble, len(commands))
            break
        return out

    def _has_v2(self, trouble: LinkError, deadline_s: float) -> bool:
        """Whether something else than its age made a handset fail at shell v2.

        To ask each handset first would cost a rack one more connection each, for handsets of before 2016.
        """
        if not isinstance(trouble, DeviceGone | AnswerGarbled):
            return True
        try:
            return self._ask_for_v2(deadline_s)
        except LinkError:
            return True

    def _ask_for_v2(self, deadline_s: float) -> bool:
        serial = self.handset.serial
        features = adb_server.ask_server(self._server, f"host-serial:{serial}:features", deadline_s, device=serial)
        return "shell_v2" in features.split(",")

    def close(self) -> None:
        """End what is under way; the server tells the handset."""
        with self._lock:
            for stream in self._streams:
                # Both sides at once: this wakes who reads; shutting one side would cut output off.
                with contextlib.suppress(OSError):
                    stream.shutdown(socket.SHUT_RDWR)
        if self._held is not None:
            self._held.release()

    def _permit(self, command: str) -> None:
        if "\0" in command or not command.strip():
            raise CommandRefused(f"{command!r} is no shell command", device=self._name, command=command)
        if not (self._allow_changes or command in self._allowed or is_shell_read(command)):
            raise CommandRefused(
                f"{command!r} is not on the list of shell commands that only read",
                device=self._name,
                command=command,
                way_out="allow changes by option",
            )

    def _run_script(self, script: batch.Script, run: _Run, deadline_s: float, *, v2: bool) -> LinkError | None:
        """Run one script to its end; answer what cut it short."""
        service = f"shell,v2,raw:{script.text}" if v2 else f"shell:{script.text}"
        try:
            stream = adb_server.open_stream(self._server, self.handset.serial, service, deadline_s)
        except LinkError as error:
            return error
        with self._lock:
            self._streams.add(stream)
        run.opened()
        try:
            trouble = _read_v2(stream, run, deadline_s) if v2 else _read_v1(stream, run, deadline_s)
        except LinkError as error:
            trouble = error
        finally:
            with self._lock:
                self._streams.discard(stream)
            stream.close()
        if isinstance(trouble, DeviceGone) and not adb_network.is_there(self._server):
            return adb_network.server_gone(run.command, self._name)
        return trouble


class _NoShellV2Error(Exception):
    """The handset is too old for what it was sent: it was told nothing, and nothing that it said counts."""


class _Run:
    """One script under way: hands out exchanges as their markers come."""

    def __init__(
        self,
        script: batch.Script,
        commands: Sequence[str],
        deliver: Callable[[int, Exchange], None],
        *,
        separate: bool,
        device: str,
    ) -> None:
        self.splitter = batch.Splitter(script, separate=separate)
        self.device = device
        self.silent = True
        """Whether the handset was never reached."""
        self._commands = commands
        self._deliver = deliver
        self._since, self._at = time.monotonic(), now()

    def opened(self) -> None:
        self.silent = False
        self._since, self._at = time.monotonic(), now()

    @property
    def command(self) -> str:
        """The command under way."""
        return self._commands[min(self.splitter.next_index, len(self._commands) - 1)]

    def take(self, parts: list[Part]) -> None:
        for stream, data in parts:
            for done in self.splitter.feed(stream, data):
                elapsed, at = self._lap()
                self._deliver(
                    done.index,
                    Exchange(
                        self._commands[done.index], done.stdout, done.exit_code, done.stderr, elapsed_ms=elapsed, at=at
                    ),
                )
        if self.splitter.held > LONGEST_ANSWER:
            raise AnswerGarbled(
                f"{self.device} answers {self.command!r} without end",
                device=self.device,
                command=self.command,
                way_out="run the command by itself with `adb shell` to see what it sends",
            )

    def cut_off(self, error: LinkError, end: int) -> None:
        """Deliver the answer under way with what came of it, and all after it, with the error."""
        cut = Interruption.of(error)
        stdout, stderr = self.splitter.partial
        for index in range(self.splitter.next_index, end):
            elapsed, at = self._lap()
            self._deliver(
                index, Exchange(self._commands[index], stdout, None, stderr, elapsed_ms=elapsed, at=at, error=cut)
            )
            stdout, stderr = b"", None

    def _lap(self) -> tuple[float, str]:
        then, at = self._since, self._at
        self._since, self._at = time.monotonic(), now()
        return round((self._since - then) * 1000, 3), at

    def gone(self) -> DeviceGone:
        return DeviceGone(
            f"{self.device} went away during {self.command!r}: the stream ended without an exit code",
            device=self.device,
            command=self.command,
            way_out="check cable and power of the handset, then run again",
        )

    def ended_early(self, code: int | None) -> AnswerGarbled:
        return AnswerGarbled(
            f"the shell of {self.device} ended during {self.command!r}"
            + (f" with exit code {code}" if code is not None else ""),
            device=self.device,
            command=self.command,
            way_out="run the command by itself with `adb shell` to see why",
        )


def _read_v2(stream: socket.socket, run: _Run, deadline_s: float) -> LinkError | None:
    reader = ShellV2Reader()

    def take(data: bytes) -> bool:
        try:
            run.take(reader.feed(data))
        except BrokenStreamError as error:
            run.take(error.parts)
            raise AnswerGarbled(
                f"{run.device} sent no shell v2 packets: {error}", device=run.device, raw=data[:200]
            ) from None
        return reader.exit_code is not None

    if not _read(stream, take, run, deadline_s):
        return run.gone()
    return None if run.splitter.done else run.ended_early(reader.exit_code)


def _read_v1(stream: socket.socket, run: _Run, deadline_s: float) -> LinkError | None:
    """Without packets the last marker is the only sign of a whole answer."""

    def take(data: bytes) -> bool:
        run.take([("stdout", data)])
        return run.splitter.done

    return None if _read(stream, take, run, deadline_s) else run.gone()


def _read(stream: socket.socket, take: Callable[[bytes], bool], run: _Run, deadline_s: float) -> bool:
    """Whether all of it came. A server that was killed, or a link that was closed here, cut it off."""
    try:
        return shared_reader().read(stream, take, deadline_s)
    except TimeoutError:
        raise adb_server.too_late(run.command, run.device) from None
