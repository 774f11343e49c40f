"""One event loop in one thread for all simulated devices of a program."""

from __future__ import annotations

import asyncio
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

T = TypeVar("T")
CALL_S = 30.0


class LoopThread:
    """An event loop of its own thread, for callers that are not asynchronous."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="bandproof-simulation", daemon=True)
        self._thread.start()
        started.wait()

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float = CALL_S) -> T:
        """Run a coroutine on the loop and wait for what it answers."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s)

    def stop(self) -> None:
        """End what runs, and the thread."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(CALL_S)  # A daemon: what does not end with its loop ends with the program.

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.call_soon(started.set)
        try:
            self.loop.run_forever()
            rest = asyncio.all_tasks(self.loop)
            for task in rest:
                task.cancel()
            self.loop.run_until_complete(asyncio.gather(*rest, return_exceptions=True))
            # Transports close one step later.
            self.loop.run_until_complete(asyncio.sleep(0))
        finally:
            asyncio.set_event_loop(None)
            self.loop.close()


_shared: list[LoopThread] = []
_users = 0
_lock = threading.Lock()


@contextmanager
def shared_loop() -> Iterator[LoopThread]:
    """The loop that all simulated devices of this process share; it ends with the last of them."""
    global _users  # noqa: PLW0603  a count of users, under the lock
    with _lock:
        if not _shared:
            _shared.append(LoopThread())
        _users += 1
        thread = _shared[0]
    try:
        yield thread
    finally:
        with _lock:
            _users -= 1
            last = _shared.pop() if _users == 0 else None
        if last is not None:
            last.stop()
