"""One stream of an adb transport, seen from the handset: stop and wait, as the protocol has it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from harness.simulation.adb_wire import CLSE, OKAY, WRTE

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_UNREAD = 2**20
"""How much input is acknowledged before the service has read it."""
MOST_UNSENT = 256 * 1024
"""How much output may wait before a service that writes has to."""


class StreamClosed(Exception):
    """The other side closed the stream, or the transport is gone."""


class AdbStream:
    """A stream. `send(command, arg0, arg1, payload)` puts a message on the transport."""

    def __init__(self, local: int, remote: int, max_payload: int, send: Callable[[int, int, int, bytes], None]) -> None:
        self.local, self.remote = local, remote
        self.closed = False
        self.over = asyncio.Event()
        """Set when the stream has ended, from whichever side."""
        self._max = max_payload
        self._send = send
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
        self._push()
        await self._until(MOST_UNSENT)
        if self.closed:
            raise StreamClosed

    async def flush(self) -> None:
        """Wait until the other side has taken everything, or is gone."""
        await self._until(0)
        while self._unacknowledged_output and not self.closed:
            self._moved.clear()
            await self._moved.wait()

    async def _until(self, size: int) -> None:
        while len(self._output) > size and not self.closed:
            self._moved.clear()
            await self._moved.wait()

    def _push(self) -> None:
        if self._output and not self._unacknowledged_output and not self.closed:
            chunk = bytes(self._output[: self._max])
            del self._output[: self._max]
            self._unacknowledged_output = True
            self._send(WRTE, self.local, self.remote, chunk)

    async def read(self) -> bytes:
        """What came; empty at the end of the stream."""
        while not self._input and not self.closed:
            self._arrived.clear()
            await self._arrived.wait()
        data = bytes(self._input)
        self._input.clear()
        while self._unacknowledged and not self.closed:
            self._unacknowledged -= 1
            self._send(OKAY, self.local, self.remote, b"")
        return data

    def okay(self) -> None:
        """The other side took the last message."""
        self._unacknowledged_output = False
        self._push()
        self._moved.set()

    def arrived(self, data: bytes) -> None:
        """The other side sent data."""
        self._input += data
        if len(self._input) <= MOST_UNREAD:
            self._send(OKAY, self.local, self.remote, b"")
        else:
            self._unacknowledged += 1
        self._arrived.set()

    def close(self) -> None:
        """End the stream from this side; output that was not flushed is lost."""
        if not self.closed:
            self._send(CLSE, self.local, self.remote, b"")
            self.ended()

    def ended(self) -> None:
        """The stream is over; whoever waits on it is woken."""
        self.closed = True
        self.over.set()
        self._moved.set()
        self._arrived.set()
