"""What the AT link adds to a command, beside the bare write and read of the same port: a modem that answers at once."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
import tty
from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks.measuring import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COMMAND = "AT+CEREG?"
COMMANDS = 1000
REACH_US = 100
_MODEM = r"""
import os, sys
port = int(sys.argv[1])
while True:
    asked = os.read(port, 4096)
    while not asked.endswith(b"\r"):
        asked += os.read(port, 4096)
    os.write(port, asked + b'\r\n+CEREG: 2,1,"2A3F","0A1B2C3",7\r\n\r\nOK\r\n')
"""


def at_pty(rounds: int) -> list[Row]:
    """Microseconds a command beyond the modem's own, wall and CPU of this process; medians of turns."""
    with _modem() as (path, descriptor):
        from harness.links.at.port import open_at

        with open_at(path) as port:
            ways: dict[str, Callable[[], object]] = {
                "bare": lambda: _bare(descriptor),
                "link": lambda: port.ask(COMMAND, deadline_s=time.monotonic() + 5),
            }
            found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
            for number in range(rounds + 1):
                for name, way in ways.items():
                    cost = _costs(way)
                    if number:
                        found[name].append(cost)
    bare = statistics.median(wall for wall, _ in found["bare"])
    more_wall, more_cpu = (
        statistics.median(one[i] - other[i] for one, other in zip(found["link"], found["bare"], strict=True))
        for i in (0, 1)
    )
    told = f"of {COMMANDS} commands a turn"
    return [
        Row("one AT command on a pty, bare write and read", bare, "us wall", note=told),
        Row("  what AtPort.ask adds", more_wall, "us wall", REACH_US),
        Row("  the same", more_cpu, "us CPU", REACH_US),
    ]


@contextmanager
def _modem() -> Iterator[tuple[str, int]]:
    """A process that answers at once, without the interpreter lock of this one: the port's path and descriptor."""
    master, slave = os.openpty()
    tty.setraw(slave)
    held = os.environ.get("XDG_RUNTIME_DIR")
    child = subprocess.Popen([sys.executable, "-c", _MODEM, str(master)], pass_fds=(master,), stderr=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as locks:
            os.environ["XDG_RUNTIME_DIR"] = locks
            yield os.ttyname(slave), slave
    finally:
        os.environ.pop("XDG_RUNTIME_DIR", None)
        if held is not None:
            os.environ["XDG_RUNTIME_DIR"] = held
        child.kill()
        child.wait()
        os.close(slave)
        os.close(master)


def _bare(descriptor: int) -> bytes:
    os.write(descriptor, COMMAND.encode() + b"\r")
    answer = b""
    while not answer.endswith(b"OK\r\n"):
        # The link leaves its port without blocking.
        try:
            answer += os.read(descriptor, 4096)
        except BlockingIOError:
            _wait(descriptor)
    return answer


def _wait(descriptor: int) -> None:
    import select

    select.select([descriptor], [], [], 5)


def _costs(way: Callable[[], object]) -> tuple[float, float]:
    """Microseconds a command: the median by the clock, the mean of CPU time."""
    walls = []
    start = time.process_time()
    for _ in range(COMMANDS):
        begun = time.perf_counter()
        way()
        walls.append(time.perf_counter() - begun)
    spent = time.process_time() - start
    return statistics.median(walls) * 1e6, spent / COMMANDS * 1e6
