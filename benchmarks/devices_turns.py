"""A process that waits for its turn: it reads devices when it is told to, and says what that cost. Standard library only.

The ways that are compared run in processes of their own, so that the simulated devices cost none of them anything, and
so that a peer can live in an environment of its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Turn:
    """What is to be read: a way's name, devices by address, and, for those that are told so, the commands."""

    way: str
    addresses: tuple[str, ...]
    commands: tuple[str, ...] = ()


def serve(ways: Mapping[str, Callable[[Turn], Any]]) -> None:
    """Take turns from standard input, one JSON object a line, until it ends; answer each with its cost."""
    # What a way prints must not get between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        asked = json.loads(line)
        turn = Turn(asked["way"], tuple(asked["addresses"]), tuple(asked["commands"]))
        before, start = _cpu(), time.perf_counter()
        told = ways[turn.way](turn)
        wall = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        answers.write(json.dumps({"wall": wall, "cpu": _cpu() - before, "peak_mb": peak, "told": told}) + "\n")
        answers.flush()


def _cpu() -> float:
    """User and system time of this process and of the children that it waited for."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def at_once(work: Callable[[str], Any], addresses: Sequence[str]) -> list[Any]:
    """One thread a device. Raises what one of them raised."""
    ends: dict[str, Any] = {}

    def run(address: str) -> None:
        try:
            ends[address] = work(address)
        except BaseException as error:  # noqa: BLE001 - raised again below
            ends[address] = error

    threads = [Thread(target=run, args=(address,)) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for end in ends.values():
        if isinstance(end, BaseException):
            raise end
    return [ends[address] for address in addresses]


class Process:
    """A process of the benchmark: `python -m MODULE ...`, asked by lines of JSON. It ends with this one."""

    def __init__(
        self, module: str, *arguments: str, python: str = sys.executable, environment: Mapping[str, str] | None = None
    ) -> None:
        self._module = module
        self._child = subprocess.Popen(
            [python, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._child.pid

    def hear(self) -> Any:
        """The next line that it says."""
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit(f"{self._module} ended with {self._child.wait()}")
        return json.loads(line)

    def ask(self, question: Any) -> Any:
        """One question, one answer."""
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(question) + "\n")
        self._child.stdin.flush()
        return self.hear()

    def take(self, turn: Turn) -> Any:
        """One turn of a way that this process serves."""
        return self.ask({"way": turn.way, "addresses": turn.addresses, "commands": turn.commands})

    def close(self) -> None:
        if self._child.stdin is not None:
            self._child.stdin.close()
        try:
            self._child.wait(20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        if self._child.stdout is not None:
            self._child.stdout.close()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def process_cpu(pid: int) -> float:
    """User and system time of a running process, in ticks of 10 ms. Linux only."""
    words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
