"""A simulated handset: the side of adbd, on a TCP port or a UNIX socket, for a real adb server.

Everything runs on the event loop that `start` is awaited on; a handset has no thread of its own.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.simulation.handset import adb_wire as wire
from harness.simulation.handset.adb_stream import AdbStream, StreamClosed
from harness.simulation.handset.adb_wire import AdbMessage, BadMessageError, MessageReader
from harness.simulation.handset.shell_service import serve_shell, speaks_v2
from harness.simulation.handset.state import Disaster, HandsetOptions, HandsetState
from harness.simulation.handset.sync_service import serve_sync

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from harness.recording.exchange import Recording
    from harness.simulation.faults import Fault

EMULATOR_PORTS = range(5554, 5586)
"""adb servers of developers look for emulators here and would take the handset."""
INPUT_SIZE = 64 * 1024
"""How much is read of a connection at once."""


class SimulatedHandset:
    """One handset. `on_disaster(fault)` is called for faults that befall more than the handset (kill-server)."""

    def __init__(
        self,
        recording: Recording,
        options: HandsetOptions | None = None,
        *,
        faults: Sequence[Fault] = (),
        on_disaster: Callable[[Fault], None] | None = None,
    ) -> None:
        self.state = HandsetState(recording, options or HandsetOptions(), faults)
        self.connections: set[_Connection] = set()
        self.input = memoryview(bytearray(INPUT_SIZE))
        """Where connections read to. A buffer of its own for each read would cost more than reading."""
        self._on_disaster = on_disaster
        self._server: asyncio.Server | None = None
        self._place: tuple[str, int] | str = ("127.0.0.1", 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self.gone = False

    @property
    def address(self) -> str:
        """What `adb connect` takes."""
        return f"localfilesystem:{self._place}" if isinstance(self._place, str) else "{}:{}".format(*self._place)

    @property
    def open_streams(self) -> int:
        """How many streams are open on all connections."""
        return sum(len(connection.streams) for connection in self.connections)

    async def start(self, *, host: str = "127.0.0.1", port: int = 0, path: str = "") -> str:
        """Listen; answers the address. Raises OSError where the port is taken."""
        self._place = path or (host, port)
        await self._listen()
        return self.address

    async def stop(self) -> None:
        """Close everything."""
        self.gone = True
        await self._unlisten()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.drop()
        await asyncio.sleep(0)

    def drop(self) -> None:
        """Drop all connections, as a cable that is pulled; the port goes on listening."""
        for connection in list(self.connections):
            connection.abort()

    async def unplug(self) -> None:
        """Gone for good: no connection, no port."""
        self.gone = True
        await self._unlisten()
        self.drop()

    async def reboot(self, away_s: float | None = None) -> None:
        """Away for a while, then back on the same port as after a boot."""
        await self._unlisten()
        self.drop()
        self.state.restarted()
        await asyncio.sleep(self.state.options.reboot_s if away_s is None else away_s)
        if not self.gone:
            await self._listen()

    def authorise(self) -> None:
        """Somebody taps Allow on the handset."""
        self.state.authorisation = "open"
        for connection in list(self.connections):
            connection.welcome()

    def later(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine beside the streams; it ends with the handset."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def befall(self, fault: Fault) -> None:
        """Something happens to the whole handset."""
        if fault.kind == "unplug":
            self.later(self.unplug())
        elif fault.kind == "reboot":
            self.later(self.reboot(fault.value))
        elif fault.kind == "unauthorized":
            self.state.authorisation = "never"
            self.drop()
        elif self._on_disaster is not None:
            self._on_disaster(fault)

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        if isinstance(self._place, str):
            self._server = await loop.create_unix_server(lambda: _Connection(self), self._place)
            return
        host, port = self._place
        for _ in range(len(EMULATOR_PORTS) + 1):
            self._server = await loop.create_server(lambda: _Connection(self), host, port, reuse_address=True)
            found = int(self._server.sockets[0].getsockname()[1])
            if port or found not in EMULATOR_PORTS:
                self._place = (host, found)
                return
            await self._unlisten()

    async def _unlisten(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            server.close()
            if isinstance(self._place, str):
                Path(self._place).unlink(missing_ok=True)


class _Connection(asyncio.BufferedProtocol):
    """One transport: an adb server that is connected."""

    def __init__(self, handset: SimulatedHandset) -> None:
        self._handset = handset
        self._state = handset.state
        self._transport: asyncio.Transport | None = None
        self._reader = MessageReader()
        self._checked = False
        self._welcome: bytes | None = None
        """The answer to the host's CNXN, while it has not been given."""
        self._max = wire.MAX_PAYLOAD_V1
        self._next = 1
        self._outgoing: list[bytes] = []
        self._pushing: list[AdbStream] = []
        self._leaves_soon = False
        self.streams: dict[int, AdbStream] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family != getattr(socket, "AF_UNIX", None):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._handset.connections.add(self)
        if self._handset.gone:
            self.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._handset.connections.discard(self)
        self._hang_up()

    def _hang_up(self) -> None:
        for stream in list(self.streams.values()):
            stream.hung_up()
        self.streams.clear()

    def abort(self) -> None:
        """Drop the connection."""
        self._leave()
        if self._transport is not None:
            self._transport.abort()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._handset.input

    def buffer_updated(self, nbytes: int) -> None:
        try:
            for message in self._reader.feed(self._handset.input[:nbytes]):
                self._take(message)
        except BadMessageError:
            self.abort()

    def welcome(self) -> None:
        """Answer the host's CNXN, now or after the key was accepted."""
        if self._welcome is not None:
            banner, self._welcome = self._welcome, None
            version = wire.VERSION if self._state.shell_v2 else wire.VERSION_CHECKED
            self.send(wire.CNXN, version, self._max, banner)

    def _take(self, message: AdbMessage) -> None:
        if message.command == wire.CNXN:
            self._greet(message)
        elif message.command == wire.AUTH:
            if self._state.authorisation == "open":
                self.welcome()
            elif message.arg0 != 3:  # A signature that is not accepted: ask again, until the host sends its key.
                self.send(wire.AUTH, wire.AUTH_TOKEN, 0, secrets.token_bytes(20))
        elif self._welcome is not None:
            return
        elif message.command == wire.OPEN:
            self._open(message)
        elif (stream := self.streams.get(message.arg1)) is not None:
            if message.command == wire.OKAY:
                stream.okay()
            elif message.command == wire.WRTE:
                stream.arrived(message.payload)
            elif message.command == wire.CLSE:
                self.streams.pop(message.arg1).hung_up()
        elif message.command == wire.WRTE:
            self.send(wire.CLSE, 0, message.arg0)

    def _greet(self, message: AdbMessage) -> None:
        self._hang_up()
        ours = wire.MAX_PAYLOAD if self._state.shell_v2 else wire.MAX_PAYLOAD_V1
        self._max = max(1, min(ours, message.arg1))
        self._checked = not self._state.shell_v2 or message.arg0 < wire.VERSION
        self._welcome = self._state.banner.encode()
        if self._state.authorisation == "open":
            self.welcome()
        elif self._state.authorisation == "never":
            self.send(wire.AUTH, wire.AUTH_TOKEN, 0, secrets.token_bytes(20))

    def _open(self, message: AdbMessage) -> None:
        request = message.payload.rstrip(b"\0").decode("utf-8", "surrogateescape")
        if not self._knows(request) or not message.arg0:
            self.send(wire.CLSE, 0, message.arg0)
            return
        stream = AdbStream(self._next, message.arg0, self._max, self)
        self._next += 1
        self.streams[stream.local] = stream
        stream.work = self._handset.later(self._serve(stream, request))
        self.send(wire.OKAY, stream.local, stream.remote)

    def _knows(self, request: str) -> bool:
        name, _, _ = request.partition(":")
        words = name.split(",")
        if words[0] == "shell":
            return self._state.shell_v2 or not speaks_v2(words)
        if words[0] == "exec":
            return self._state.shell_v2
        return request == "sync:" or name in ("root", "unroot", "reboot", "tcpip", "usb")

    async def _serve(self, stream: AdbStream, request: str) -> None:
        try:
            await self._service(stream, request)
        except StreamClosed:
            pass
        finally:
            stream.close()
            self.streams.pop(stream.local, None)

    async def _service(self, stream: AdbStream, request: str) -> None:
        name, _, rest = request.partition(":")
        try:
            if name.startswith(("shell", "exec")):
                await serve_shell(stream, request, self._state)
            elif name == "sync":
                await serve_sync(stream, self._state)
            else:
                await self._restart(stream, name, rest)
            await stream.finish()
        except Disaster as disaster:
            await stream.flush()
            self._handset.befall(disaster.fault)
            await stream.over.wait()

    async def _restart(self, stream: AdbStream, name: str, rest: str) -> None:
        """The services that answer one line and begin anew."""
        if name == "reboot":
            stream.close()
            self._handset.later(self._handset.reboot())
            return
        text, again = _RESTARTS[name](self._state, rest)
        await stream.write(text.encode() + b"\n")
        await stream.flush()
        stream.close()
        if again:
            asyncio.get_running_loop().call_soon(self._handset.drop)

    def send(self, command: int, arg0: int, arg1: int, payload: bytes = b"") -> None:
        """See `Carrier.send`."""
        self._outgoing.append(wire.pack(command, arg0, arg1, payload, checked=self._checked))
        self._leave_soon()

    def push_soon(self, stream: AdbStream) -> None:
        """See `Carrier.push_soon`."""
        self._pushing.append(stream)
        self._leave_soon()

    def _leave_soon(self) -> None:
        if not self._leaves_soon:
            self._leaves_soon = True
            asyncio.get_running_loop().call_soon(self._leave)

    def _leave(self) -> None:
        """All that was sent in this step of the event loop leaves at once: each write to a socket costs more than it."""
        for stream in self._pushing:
            stream.push()
        self._pushing.clear()
        self._leaves_soon = False
        if self._outgoing:
            data = b"".join(self._outgoing)
            self._outgoing.clear()
            if self._transport is not None and not self._transport.is_closing():
                self._transport.write(data)


def _root(state: HandsetState, _: str) -> tuple[str, bool]:
    if state.rooted:
        return "adbd is already running as root", False
    if not state.rootable:
        return "adbd cannot run as root in production builds", False
    state.rooted = True
    return "restarting adbd as root", True


def _unroot(state: HandsetState, _: str) -> tuple[str, bool]:
    if not state.rooted:
        return "adbd not running as root", False
    state.rooted = False
    return "restarting adbd as non root", True


_RESTARTS: dict[str, Callable[[HandsetState, str], tuple[str, bool]]] = {
    "root": _root,
    "unroot": _unroot,
    "tcpip": lambda _, port: (f"restarting in TCP mode port: {port}", True),
    "usb": lambda _, __: ("restarting in USB mode", True),
}
