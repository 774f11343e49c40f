"""The ports a simulated modem can be reached on: a pseudo-terminal with a stable name, TCP, a UNIX socket."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

PortKind = Literal["pty", "tcp", "unix"]
MOST_WAITING = 2**20
"""How much output may wait for a reader; what comes on top of it is lost, as on a port without flow control."""


MOST_GATHERED = 64 * 1024
"""How much output leaves in one write."""


def port_folder(prefix: str) -> str:
    """A new folder for the names of ttys and sockets, below /dev where that can be.

    There a name is seen to be a tty's also while the tty is away.
    """
    import tempfile

    below = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108
    return tempfile.mkdtemp(prefix=prefix, dir=below)


class PortConnection(Protocol):
    """One connection to the modem, as the port hands it over."""

    def write(self, data: bytes) -> None:
        """Send; never blocks."""

    @property
    def waiting(self) -> int:
        """How many bytes no reader has taken yet."""

    @property
    def alive(self) -> bool:
        """Whether somebody can still read."""


class PtyPort:
    """A pseudo-terminal. The other side is a tty that any serial program opens; `link` is its stable name."""

    def __init__(self, link: str, arrived: Callable[[PortConnection, bytes], None]) -> None:
        self.link = link
        self._arrived = arrived
        self._master = self._slave = -1
        self._output = bytearray()
        self._blocked = False
        self._gathers = False
        """Whether input is being taken: the echo and an answer at once leave together."""
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def address(self) -> str:
        """The name to open."""
        return self.link

    @property
    def waiting(self) -> int:
        """See `PortConnection.waiting`."""
        return len(self._output)

    @property
    def alive(self) -> bool:
        """See `PortConnection.alive`."""
        return self._master >= 0

    async def open(self) -> None:
        """Make the tty and publish its name. Raises FileExistsError where something else has the name."""
        import tty

        self._loop = asyncio.get_running_loop()
        self._master, self._slave = os.openpty()
        # Raw before anybody can open it, and one slave kept open: else the tty echoes, and the master hangs up.
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        try:
            Path(self.link).symlink_to(os.ttyname(self._slave))
        except OSError:
            self._shut()
            raise
        self._loop.add_reader(self._master, self._readable)

    async def close(self) -> None:
        """The tty is gone, and its name."""
        if self._master >= 0:
            Path(self.link).unlink(missing_ok=True)
            self._shut()

    def write(self, data: bytes) -> None:
        """See `PortConnection.write`."""
        if self._master < 0 or self._loop is None:
            return
        if len(self._output) < MOST_WAITING:
            self._output += data
        if not self._blocked and (not self._gathers or len(self._output) > MOST_GATHERED):
            self._flush()

    def _flush(self) -> None:
        if self._loop is None or self._master < 0:
            return
        try:
            while self._output:
                del self._output[: os.write(self._master, self._output[:MOST_GATHERED])]
        except BlockingIOError:
            if not self._blocked:
                self._blocked = True
                self._loop.add_writer(self._master, self._flush)
            return
        if self._blocked:
            self._blocked = False
            self._loop.remove_writer(self._master)

    def _readable(self) -> None:
        try:
            data = os.read(self._master, 4096)
        except OSError:
            return
        self._gathers = True
        try:
            self._arrived(self, data)
        finally:
            self._gathers = False
        if not self._blocked:
            self._flush()

    def _shut(self) -> None:
        if self._loop is not None:
            self._loop.remove_reader(self._master)
            self._loop.remove_writer(self._master)
        os.close(self._slave)
        os.close(self._master)
        self._master = self._slave = -1
        self._output.clear()
        self._blocked = False


class SocketPort:
    """A TCP port, or a UNIX socket where `path` is given. Each connection has manners of its own."""

    def __init__(
        self,
        arrived: Callable[[PortConnection, bytes], None],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        path: str = "",
    ) -> None:
        self._arrived = arrived
        self._host, self._port, self._path = host, port, path
        self._server: asyncio.Server | None = None
        self.connections: set[_SocketChannel] = set()

    @property
    def address(self) -> str:
        """`socket://host:port`, or the path of the socket."""
        return self._path or f"socket://{self._host}:{self._port}"

    async def open(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        if self._path:
            self._server = await loop.create_unix_server(lambda: _SocketChannel(self), self._path)
        else:
            self._server = await loop.create_server(lambda: _SocketChannel(self), self._host, self._port)
            self._port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and drop the connections."""
        if self._server is not None:
            self._server.close()
            self._server = None
            if self._path:
                Path(self._path).unlink(missing_ok=True)
        for channel in list(self.connections):
            channel.abort()
        await asyncio.sleep(0)

    def arrived(self, channel: PortConnection, data: bytes) -> None:
        """Hand input on."""
        self._arrived(channel, data)


class _SocketChannel(asyncio.Protocol):
    def __init__(self, port: SocketPort) -> None:
        self._port = port
        self._transport: asyncio.Transport | None = None

    @property
    def waiting(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport else 0

    @property
    def alive(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._port.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._port.connections.discard(self)

    def data_received(self, data: bytes) -> None:
        self._port.arrived(self, data)

    def write(self, data: bytes) -> None:
        if self._transport is not None and self.alive and self.waiting < MOST_WAITING:
            self._transport.write(data)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()
