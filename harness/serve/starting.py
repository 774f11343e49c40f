"""Runs that are started from the page: ordinary `pytest` processes with ordinary folders, that outlive the page."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from harness.errors import UsageError
from harness.plain_text import one_line
from harness.processes import born
from harness.sweep.bands import REQUIRED, parse_asked

from .feed import TAB

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from harness.survey.bench import Bench

    from .board import WatchedRun

_CARRIER = re.compile(r"[a-z0-9][a-z0-9/@._-]{0,80}")
_TAB = re.compile(r"[0-9a-z-]{0,40}")


@dataclass(frozen=True, slots=True)
class Order:
    """What a form asked for."""

    devices: tuple[str, ...]
    carriers: tuple[str, ...] = ()
    policy: str = "strict"
    tab: str = ""
    sweep: str = ""
    """Bands to lock the devices to, `12,66,n71`, or `required`; empty: no sweep."""


class Starter:
    """Starts runs of one bench, in the folder where the page was started."""

    def __init__(self, bench: Bench | None, bench_file: Path | None, live: Path) -> None:
        self._bench = bench
        self._file = bench_file
        self._live = live
        self._children: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []
        self.failed = ""
        """Why the run that was started last did not begin."""

    def start(self, order: Order) -> None:
        """Start a run. Raises UsageError for an order that cannot be one."""
        command = self._command(order)
        self.failed = ""
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the run has ended
        told = {**os.environ, "BANDPROOF_LIVE": str(self._live), TAB: order.tab}
        process = subprocess.Popen(
            command, env=told, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        self._children.append((process, said))

    def _command(self, order: Order) -> list[str]:
        if self._bench is None or self._file is None:
            raise UsageError("the page knows no bench file", way_out="bandproof serve --bench=FILE")
        if not order.devices:
            raise UsageError("no device is chosen")
        if unknown := [name for name in order.devices if name not in self._bench.devices]:
            raise UsageError(f"no such device on the bench: {unknown[0]!r}")
        if wrong := [name for name in order.carriers if not _CARRIER.fullmatch(name)]:
            raise UsageError(f"{wrong[0]!r} is no carrier", way_out="as us, us/att or us/att@2017-03")
        if order.policy not in {"strict", "service"} or not _TAB.fullmatch(order.tab):
            raise UsageError("that is no order of this page")
        return [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
            f"--bench={self._file.absolute()}",
            *(f"--device=bench:{name}" for name in order.devices),
            *(f"--carrier={name}" for name in order.carriers),
            f"--policy={order.policy}",
            *((f"--sweep={self._sweep(order)}",) if order.sweep else ()),
        ]

    def _sweep(self, order: Order) -> str:
        """The bands, where the bench file allows each device to be swept: nobody at a page is asked. Raises UsageError."""
        devices = self._bench.devices if self._bench else {}
        if shut := [name for name in order.devices if devices[name].sweep is None and not devices[name].recording]:
            raise UsageError(f"{shut[0]} may not be swept", way_out="write `sweep: allowed` at it in the bench file")
        words = ",".join(order.sweep.lower().replace(",", " ").split())
        if words != REQUIRED:
            parse_asked(words)
        return words

    def reap(self, begun: Collection[int]) -> str:
        """Let go of runs that have ended; what to say of the others. `begun`: processes whose run has begun."""
        starting = 0
        for process, said in list(self._children):
            if process.poll() is None:
                starting += process.pid not in begun
                continue
            self._children.remove((process, said))
            if process.pid not in begun:
                self.failed = _last_words(said)
            said.close()
        return "A run is starting." if starting else self.failed


def _last_words(said: IO[bytes]) -> str:
    """The last lines of a process that came to nothing."""
    said.seek(0)
    lines = [line for line in said.read()[-4000:].decode("utf-8", "replace").splitlines() if line.strip()]
    return f"The run did not begin: {one_line(' '.join(lines[-3:]), 500)}"


def abort(run: WatchedRun) -> bool:
    """Stop a run as Ctrl-C does: it puts back what it changed and writes its report. Whether it still was."""
    if run.is_over or not run.born or born(run.pid) != run.born:
        return False
    os.kill(run.pid, signal.SIGINT)
    return True
