"""Running a command and reading what it cost: CPU by the kernel's account of the child, wall by the clock."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took, in seconds, with its exit status and its last words."""

    cpu: float
    wall: float
    status: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `reach` is the most (for MB/s the least) that is wanted; None where none is."""

    name: str
    value: float
    unit: str
    reach: float | None = None
    more_is_better: bool = False
    note: str = ""

    @property
    def missed(self) -> bool:
        """Whether a reach was named and not met."""
        if self.reach is None:
            return False
        return self.value < self.reach if self.more_is_better else self.value > self.reach


def run(command: Sequence[str], *, cwd: Path | None = None, stdin: Path | None = None) -> Cost:
    """Run a command to its end. CPU is user and system time of the child and of all that it waited for (os.wait4).

    The child keeps compiled modules, as users' do, even where a developer's environment forbids it.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with stdin.open("rb") if stdin else open(os.devnull, "rb") as given:  # noqa: PTH123
        start = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        said = child.stderr.read() if child.stderr else b""
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.stderr:
            child.stderr.close()
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, wall, child.returncode, said.decode(errors="replace"))


def alternate(ways: Mapping[str, Callable[[int], Cost]], rounds: int) -> dict[str, list[Cost]]:
    """Run all ways in turn, so that a busy moment of the machine meets each; the first turn warms up and is dropped."""
    found: dict[str, list[Cost]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            cost = way(number)
            if number:
                found[name].append(cost)
    return found


def cpu(costs: Sequence[Cost]) -> float:
    """The median CPU time."""
    return statistics.median(cost.cpu for cost in costs)


def wall(costs: Sequence[Cost]) -> float:
    """The median wall time."""
    return statistics.median(cost.wall for cost in costs)


def ratio(costs: Sequence[Cost], base: Sequence[Cost], what: str) -> float:
    """The median of the ratios of the turns."""
    of = attrgetter(what)
    ratios: list[float] = [of(one) / of(other) for one, other in zip(costs, base, strict=True)]
    return statistics.median(ratios)


def bandproof(*arguments: str) -> list[str]:
    """The command line of the tool, by the interpreter that runs this."""
    return [sys.executable, "-m", "harness.cli", *arguments]


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    cells = [("what", "measured", "reach", "")]
    for row in rows:
        sign = "≥" if row.more_is_better else "≤"
        reach = "" if row.reach is None else f"{sign} {row.reach:g}"
        verdict = "; ".join(part for part in ("MISSED" if row.missed else "", row.note) if part)
        cells.append((row.name, f"{row.value:.3g} {row.unit}", reach, verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    return "\n".join(
        "  ".join(text.ljust(w) for text, w in zip(line, [*widths, 0], strict=True)).rstrip() for line in cells
    )
