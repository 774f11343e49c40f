"""Many streams read by one thread: whoever waits for a stream reads for all who wait.

With a thread blocked in `recv` for each handset of a rack, most of the time goes into waking threads for a few bytes.
Here the first who waits leads: it sleeps in one `select` for all streams and hands each its bytes; the others sleep
until their stream has ended. A leader whose own stream has ended hands the lead to another. Who waits alone leads
alone, so there is no thread to start and none to stop.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_AT_ONCE = 262_144
_LIVE = tuple(getattr(selectors, name) for name in ("EpollSelector", "KqueueSelector") if hasattr(selectors, name))
"""Selectors that notice a stream which is added while another thread waits in them."""


class _Waiting:
    """One who waits for a stream."""

    __slots__ = ("ended", "error", "guard", "left", "stream", "take", "wake", "whole")

    def __init__(self, stream: socket.socket, take: Callable[[bytes], bool]) -> None:
        self.stream = stream
        self.take = take
        self.guard = threading.Lock()
        """Held while the stream is read: nobody leaves in the middle of that."""
        self.left = False
        self.wake = threading.Lock()
        self.wake.acquire()
        self.ended = False
        self.whole = False
        self.error: BaseException | None = None


class SharedReader:
    """Reads streams for all threads that wait for one. `selector` is what waits; by default the system's best."""

    def __init__(self, selector: selectors.BaseSelector | None = None) -> None:
        self._selector = selector or selectors.DefaultSelector()
        self._lock = threading.Lock()
        self._waiting: dict[_Waiting, None] = {}
        """A set that keeps its order: who has waited longest leads next."""
        self._leader: _Waiting | None = None
        self._buffer = memoryview(bytearray(_AT_ONCE))
        self._bell: tuple[socket.socket, socket.socket] | None = None
        if not isinstance(self._selector, _LIVE):
            self._bell = socket.socketpair()
            for end in self._bell:
                end.setblocking(False)
            self._selector.register(self._bell[0], selectors.EVENT_READ)

    def close(self) -> None:
        """Let go of the selector; nobody may be waiting."""
        self._selector.close()
        for end in self._bell or ():
            end.close()

    def read(self, stream: socket.socket, take: Callable[[bytes], bool], deadline_s: float) -> bool:
        """Give `take` what comes on the stream until it answers that this is all (True) or the stream ends (False).

        `take` may be called by another thread, never after this has returned. Raises TimeoutError at the deadline
        (absolute, of `time.monotonic`), and what `take` raises. The stream is non-blocking afterwards.
        """
        one = _Waiting(stream, take)
        stream.setblocking(False)
        self._join(one)
        try:
            while not one.ended and (left := deadline_s - time.monotonic()) > 0:
                if self._leader is one:
                    self._read_all(left)
                elif one.wake.acquire(timeout=min(left, threading.TIMEOUT_MAX)):
                    continue  # It has ended, or it is this one's turn to lead.
        finally:
            self._leave(one)
        if one.error is not None:
            raise one.error
        if not one.ended:
            raise TimeoutError
        return one.whole

    def _join(self, one: _Waiting) -> None:
        with self._lock:
            self._selector.register(one.stream, selectors.EVENT_READ, one)
            self._waiting[one] = None
            if self._leader is None:
                self._leader = one
            else:
                self._ring()

    def _leave(self, one: _Waiting) -> None:
        with one.guard:
            one.left = True
        with self._lock:
            self._forget(one)
            if self._leader is one:
                self._leader = next(iter(self._waiting), None)
                if self._leader is not None:
                    self._leader.wake.release()

    def _read_all(self, timeout: float) -> None:
        for key, _ in self._selector.select(timeout):
            if key.data is None:
                self._silence()
            else:
                self._serve(key.data)

    def _serve(self, one: _Waiting) -> None:
        with one.guard:
            if one.left or one.ended:
                return
            try:
                size = one.stream.recv_into(self._buffer)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                size = 0  # Reset, or closed by its owner: ended all the same.
            try:
                one.whole = size > 0 and one.take(bytes(self._buffer[:size]))
            except Exception as error:  # noqa: BLE001 - raised by the thread that waits for this stream
                one.error = error
            except BaseException as error:
                one.error = error
                self._end(one)
                raise
            if size == 0 or one.whole or one.error is not None:
                self._end(one)

    def _end(self, one: _Waiting) -> None:
        with self._lock:
            self._forget(one)
            one.ended = True
            if self._leader is not one:
                one.wake.release()

    def _forget(self, one: _Waiting) -> None:
        """No more of this stream; called with the lock held."""
        if one in self._waiting:
            del self._waiting[one]
            # A stream that was closed meanwhile is known by nothing but its old number.
            with contextlib.suppress(KeyError, ValueError, OSError):
                self._selector.unregister(one.stream)

    def _ring(self) -> None:
        if self._bell is not None:
            with contextlib.suppress(BlockingIOError):
                self._bell[1].send(b"\0")

    def _silence(self) -> None:
        if self._bell is not None:
            with contextlib.suppress(BlockingIOError):
                self._bell[0].recv(4096)


@cache
def shared_reader() -> SharedReader:
    """The one that this process shares."""
    return SharedReader()


if hasattr(os, "register_at_fork"):
    # A child would share its parent's selector, and take away its events.
    os.register_at_fork(after_in_child=shared_reader.cache_clear)
