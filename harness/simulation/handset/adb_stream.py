"""One stream of an adb transport, seen from the handset: stop and wait, as the protocol has it."""

from __future__ import annotations

import asyncio
from typing import Any, Protocol

from harness.simulation.handset.adb_wire import CLSE, OKAY, WRTE

MOST_UNREAD = 2**20
"""How much input is acknowledged before the service has read it."""
MOST_UNSENT = 256 * 1024
"""How much output may wait before a service that writes has to."""


class StreamClosed(Exception):
    """The other side closed the stream, or the transport is gone."""


class Transport(Protocol):
    """The transport, as its streams see it."""

    def send(self, command: int, arg0: int, arg1: int, payload: bytes = b"") -> None:
        """Put a message on the transport; it leaves when this step of the event loop is over, at the latest."""

    def push_soon(self, stream: AdbStream) -> None:
        """Call the stream's `push` when this step of the event loop is over."""


class AdbStream:
    """A stream. What is written in one step of the event loop leaves as one message."""

    def __init__(self, local: int, remote: int, max_payload: int, carrier: Transport) -> None:
        self.local, self.remote = local, remote
        self.closed = False
        self.over = asyncio.Event()
        """Set when the stream has ended, from whichever side."""
        self.work: asyncio.Task[Any] | None = None
        """What serves the stream: it ends when the other side closes it."""
        self._max = max_payload
        self._carrier = carrier
        self._pushes = False
        self._output = bytearray()
        self._unacknowledged_output = False
        self._moved = asyncio.Event()
        """Set when output was taken, or the stream ended."""
        self._input = bytearray()
        self._unacknowledged = 0
        self._arrived = asyncio.Event()

    async def write(self, data: bytes) -> None:
        """Send the data; what comes while a message is under way goes with the next one. Raises StreamClosed."""
        self._output += data
        if not (self._pushes or self._unacknowledged_output):
            self._pushes = True
            self._carrier.push_soon(self)
        if len(self._output) > MOST_UNSENT:
            await self._until(MOST_UNSENT)
        if self.closed:
            raise StreamClosed

    async def flush(self) -> None:
        """Wait until the other side has taken everything, or is gone."""
        await self._until(0)
        while self._unacknowledged_output and not self.closed:
            self._moved.clear()
            await self._moved.wait()

    async def finish(self) -> None:
        """End the stream behind all output, as adbd does: it does not wait until the last message was taken."""
        self.push()
        await self._until(0)
        self.close()

    async def _until(self, size: int) -> None:
        while len(self._output) > size and not self.closed:
            self._moved.clear()
            await self._moved.wait()

    def push(self) -> None:
        """Send what waits, as far as one message holds it, unless one is under way."""
        self._pushes = False
        if self._output and not self._unacknowledged_output and not self.closed:
            chunk = bytes(memoryview(self._output)[: self._max])
            del self._output[: self._max]
            self._unacknowledged_output = True
            self._carrier.send(WRTE, self.local, self.remote, chunk)

    async def read(self) -> bytes:
        """What came; empty at the end of the stream."""
        while not self._input and not self.closed:
            self._arrived.clear()
            await self._arrived.wait()
        data = bytes(self._input)
        self._input.clear()
        while self._unacknowledged and not self.closed:
            self._unacknowledged -= 1
            self._carrier.send(OKAY, self.local, self.remote)
        return data

    def okay(self) -> None:
        """The other side took the last message."""
        self._unacknowledged_output = False
        self.push()
        self._moved.set()

    def arrived(self, data: bytes) -> None:
        """The other side sent data."""
        self._input += data
        if len(self._input) <= MOST_UNREAD:
            self._carrier.send(OKAY, self.local, self.remote)
        else:
            self._unacknowledged += 1
        self._arrived.set()

    def close(self) -> None:
        """End the stream from this side; output that was not flushed is lost."""
        if not self.closed:
            self._carrier.send(CLSE, self.local, self.remote)
            self.ended()

    def hung_up(self) -> None:
        """The other side closed the stream, or the transport is gone: what serves it ends, and is told what came before."""
        self.ended()
        if self.work is not None and not self.work.done():
            self.work.get_loop().call_soon(self.work.cancel)

    def ended(self) -> None:
        """The stream is over; whoever waits on it is woken."""
        self.closed = True
        self.over.set()
        self._moved.set()
        self._arrived.set()
