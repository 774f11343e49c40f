"""The whole matrix: all cells, several at once, and the table of what came of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from .cells import FIRST, MIDDLE, Cell, all_cells, links_here, usual_cells
from .disasters import disasters
from .running import Outcome, Verdicts, fault_free, run_cell

AT_ONCE = 2 * (os.cpu_count() or 1)


@dataclass
class Matrix:
    """What came of everything."""

    free: list[Outcome] = field(default_factory=list)
    cells: dict[Cell, Outcome] = field(default_factory=dict)
    runs: dict[str, Outcome] = field(default_factory=dict)
    seconds: float = 0.0
    processor_s: float = 0.0
    empty_s: float = 0.0
    """The processor time of pytest on one empty test, on this machine and at this time."""

    @property
    def times_empty(self) -> float:
        """The processor time of a run, with its devices, as a multiple of an empty test's."""
        return self.processor_s / (len(self.outcomes) * self.empty_s)

    @property
    def outcomes(self) -> list[Outcome]:
        return [*self.free, *self.cells.values(), *self.runs.values()]


def run_matrix(*, full: bool = False, told: Callable[[Outcome], None] = lambda _: None, only: str = "") -> Matrix:
    """Run it all; a cell that cannot even be set up is a problem of that cell."""
    links = links_here()
    # What Python compiles is no cost of the matrix: one run does it for all, in place of as many at once as there are.
    fault_free(links[0])
    matrix = Matrix(empty_s=_empty_test_s())
    started, spent = time.monotonic(), _processor_s()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wanted = [(link, False) for link in links] + [(link, True) for link in links if link.kind == "adb"]
        matrix.free = list(pool.map(lambda one: fault_free(one[0], left_modem=one[1]), wanted))
        free = {(link.name, modem): one for (link, modem), one in zip(wanted, matrix.free, strict=True)}
        asked = {link.kind: free[link.name, False].asked for link in links}
        cells = [one for one in (all_cells(asked, links) if full else usual_cells(links)) if only in one.name]
        runs = [one for one in disasters() if only in one.name]

        def work(name: str, do: Callable[[Verdicts], Outcome], verdicts: Verdicts) -> Outcome:
            try:
                outcome = do(verdicts)
            except Exception as error:  # noqa: BLE001
                outcome = Outcome(name, problems=[f"{type(error).__name__}: {error}"])
            told(outcome)
            return outcome

        # The long ones first: then none of them stands alone at the end.
        run_ends = [pool.submit(work, one.name, one.run, free[one.link.name, False].verdicts) for one in runs]
        order = sorted(cells, key=lambda one: -one.trouble.deadline_s)
        cell_ends = {
            one: pool.submit(work, one.name, partial(run_cell, one), free[one.link.name, one.kills_server].verdicts)
            for one in order
        }
        matrix.runs = {one.name: end.result() for one, end in zip(runs, run_ends, strict=True)}
        matrix.cells = {one: cell_ends[one].result() for one in cells}
    matrix.seconds = time.monotonic() - started
    matrix.processor_s = _processor_s() - spent
    return matrix


def _empty_test_s() -> float:
    """Processor time of pytest on an empty test, without our plugin: the mean of some, as many at once as runs are."""
    count = 4 * AT_ONCE
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        Path(folder, "test_empty.py").write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:bandproof", "-p", "no:cacheprovider"]
        before = _processor_s()
        list(
            pool.map(lambda _: subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True), range(count))
        )
        return (_processor_s() - before) / count


def _processor_s() -> float:
    """Of this process and of all that it waited for."""
    return sum(os.times()[:4])


def table(matrix: Matrix) -> str:
    """Fault x link -> what became of the faulty device, and the seconds of the run; then the runs as a whole."""
    columns = list(dict.fromkeys((cell.link.name, cell.request) for cell in matrix.cells))
    usual = [one for one in columns if one[1] in MIDDLE.values()] + [one for one in columns if one[1] in FIRST.values()]
    rows = [["fault", *(f"{link}, {_where(request)}" for link, request in usual)]]
    for name in dict.fromkeys(cell.trouble.name for cell in matrix.cells):
        found = {(c.link.name, c.request): one for c, one in matrix.cells.items() if c.trouble.name == name}
        rows.append([name, *(_shown(found.get(column)) for column in usual)])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if others := [(c, one) for c, one in matrix.cells.items() if (c.link.name, c.request) not in usual]:
        lines += ["", f"at {len({c.request for c, _ in others})} other requests: {len(others)} cells"]
    if matrix.runs:
        lines += ["", *(f"{name}: {_shown(one)}" for name, one in matrix.runs.items())]
    return "\n".join([*lines, "", *_problems(matrix), _counted(matrix)])


def _where(request: str) -> str:
    return "first" if request in FIRST.values() else "middle"


def _shown(one: Outcome | None) -> str:
    if one is None:
        return "-"
    mark = "  !!" if one.problems else ""
    return f"{one.word} {one.seconds:.1f} s{mark}"


def _problems(matrix: Matrix) -> list[str]:
    return [f"!! {one.cell}: {text}" for one in matrix.outcomes for text in one.problems]


def _counted(matrix: Matrix) -> str:
    problems = [text for one in matrix.outcomes for text in one.problems]
    verdicts = sum(len(one.verdicts) for one in matrix.outcomes)
    longest = max((one.seconds for one in matrix.cells.values()), default=0.0)
    return (
        f"{len(matrix.cells)} cells, {len(matrix.runs)} disasters, {len(matrix.free)} fault-free runs, "
        f"{verdicts} verdicts compared; {len(problems)} problems, "
        f"{sum('FALSE PASS' in text for text in problems)} false PASS; "
        f"longest cell {longest:.1f} s, all {matrix.seconds:.0f} s, {matrix.processor_s:.0f} s of processor, "
        f"{matrix.times_empty:.1f} x an empty test's a run"
    )
