"""Waiting until a person (Ctrl-C) or a service manager (SIGTERM) ends a program that serves."""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENDS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def until_ended() -> Iterator[Callable[[], None]]:
    """Take SIGINT and SIGTERM from here on; what is yielded returns when one of them has come, also before it is called.

    The wait is on a socket that the interpreter writes to whichever thread the kernel gave the signal: a lock that the
    main thread waits for is not interrupted by a signal of another thread, and an Event that a handler sets can find its
    own lock taken.
    """
    woken, wakes = socket.socketpair()
    with woken, wakes:
        wakes.setblocking(False)
        former = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        # A handler of ours, or the interpreter would not take the signal at all.
        before = {number: signal.signal(number, lambda *_: None) for number in ENDS}

        def wait() -> None:
            while not any(number in ENDS for number in woken.recv(64)):
                pass

        try:
            yield wait
        finally:
            signal.set_wakeup_fd(former)
            for number, handler in before.items():
                signal.signal(number, handler)
