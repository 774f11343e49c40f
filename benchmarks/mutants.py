"""Would a test notice? Small changes to the rooms that decide, each judged by the tests of its own room.

    python -m benchmarks.mutants [--count=200] [--seed=1] [--room=NAME ...] [--jobs=2] [--minutes=25] [--json=FILE]

cosmic-ray (extra `mutants`) makes the changes: a comparison, a number, a word `not`, `and` for `or`, a loop that never
runs, an operator. Each process works in a copy of the checkout, which is left untouched. What no room's tests notice is
listed with its line, to be given a test or defended. Left out is what no test could notice: annotations, decorators
(frozen, slots) and imports for types alone. The exit status is 1 where a room is below `REACH`.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
REACH = 0.9
"""The part of a room's changes that its tests must notice."""
_PARTS = ("harness", "tests", "profiles", "fixtures", "examples", "benchmarks", "docs", "pyproject.toml", "README.md")
_LEAST_S, _SLACK = 20.0, 4.0
"""How long tests may take before a change counts as noticed because they hang: a base, and times their own time."""
_SAME = ("RemoveDecorator", "ExceptionReplacer", "VariableReplacer", "VariableInserter", "_Is_Eq", "_IsNot_NotEq")
"""Changes that are no mistake a person makes, or that mean the same in Python."""
_ARITHMETIC = ("_Add_Sub", "_Sub_Add", "_BitOr_BitAnd", "_BitAnd_BitOr")


@dataclass(frozen=True)
class Room:
    """What is changed, and the tests that must notice."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    leave: str = "not slow"
    """The tests that run, as `pytest -m` selects them."""


_OF_SLOTS = tuple(
    f"tests/probes/adb/test_{name}.py"
    for name in ("adb_disagreement", "newest_state", "adb_generations", "adb_registry", "forgery")
)
_OF_VERDICTS = tuple(
    f"tests/verdicts/test_{name}.py"
    for name in ("waivers", "plan", "result", "evidence_age", "listing", "one_list", "outlook", "reseller_sims", "fit")
)
_OF_REQUIREMENTS = tuple(
    f"tests/requirements/test_{name}.py"
    for name in (
        "band_verdicts",
        "network_verdicts",
        "conditions",
        "nr_modes",
        "parts_and_alternatives",
        "combinations",
    )
)
_OF_SURVEYS = tuple(
    f"tests/survey/test_{name}.py"
    for name in ("bench", "samples", "other_links", "live_session", "stopped_recordings", "band_walk", "attaching")
)
_OF_SCRUBBING = tuple(
    f"tests/recording/test_{name}.py" for name in ("scrub", "scrub_persons", "scrub_gates", "sample_key")
)
ROOMS = {
    "verdicts": Room(
        ("harness/verdicts/*.py", "harness/verdicts/fit/*.py"),
        (*_OF_VERDICTS, "tests/binding/test_links.py", "tests/binding/test_days_and_strangers.py"),
        leave="slow or not slow",
    ),
    "binding": Room(("harness/binding/*.py",), ("tests/binding", "tests/requirements/test_network_verdicts.py")),
    "requirements": Room(("harness/requirements/*.py", "harness/requirements/bands/*.py"), _OF_REQUIREMENTS),
    "survey": Room(("harness/survey/*.py",), _OF_SURVEYS, leave="slow or not slow"),
    "radio": Room(("harness/radio/*.py",), ("tests/radio",)),
    "at": Room(("harness/probes/at/makers/**/*.py", "harness/probes/at/chips/*.py"), ("tests/probes/at",)),
    "adb_slots": Room(("harness/probes/adb/service/slots.py", "harness/probes/adb/service/domains.py"), _OF_SLOTS),
    "scrubbing": Room(("harness/recording/scrubbing/*.py",), _OF_SCRUBBING, leave="slow or not slow"),
    "verify": Room(
        (
            *("harness/reports/run/manifest.py", "harness/reports/run/signing.py", "harness/reports/run/time_token.py"),
            *(
                "harness/reports/run/verify.py",
                "harness/reports/run/agreement.py",
                "harness/reports/run/trusted_keys.py",
            ),
        ),
        ("tests/reports/test_tampering.py", "tests/reports/test_keys.py", "tests/reports/test_time_token.py"),
        leave="slow or not slow",
    ),
}


@dataclass(frozen=True)
class Mutant:
    """One change: the n-th place at which an operator can change a file."""

    room: str
    file: str
    operator: str
    occurrence: int
    line: int


@dataclass(frozen=True)
class Found:
    """What came of one change: noticed by a failure, by time, or not at all."""

    mutant: Mutant
    outcome: str
    before: str
    after: str


def mutants_of(room: str, file: Path) -> Iterator[Mutant]:
    """Every change that can be made to a file."""
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.plugins import operator_names

    text = file.read_text(encoding="utf-8")
    dead = _unnoticeable(text)
    nodes = list(ast_nodes(get_ast(text)))
    for name in operator_names():
        if name.endswith(_SAME) or ("ReplaceBinaryOperator" in name and not name.endswith(_ARITHMETIC)):
            continue
        operator = _operator(name)
        places = [place for node in nodes for place in operator.mutation_positions(node)]
        for number, (start, _) in enumerate(places):
            if start[0] not in dead:
                yield Mutant(room, file.relative_to(ROOT).as_posix(), name, number, start[0])


def _operator(name: str) -> Any:
    from cosmic_ray.plugins import get_operator

    return get_operator(name)()


def _unnoticeable(text: str) -> set[int]:
    """Lines of annotations, decorators, type aliases and imports for types alone."""
    lines: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        told: list[ast.AST | None] = []
        if isinstance(node, ast.AnnAssign):
            told = [node.annotation]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            told = [node.returns, *(arg.annotation for arg in (*node.args.args, *node.args.kwonlyargs))]
            told += node.decorator_list
        elif isinstance(node, ast.ClassDef):
            told = [*node.decorator_list]
        elif isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            told = [node]
        for part in told:
            if part is not None and hasattr(part, "lineno"):
                lines |= set(range(part.lineno, (getattr(part, "end_lineno", None) or part.lineno) + 1))
    return lines


def sampled(rooms: list[str], count: int, seed: int) -> list[Mutant]:
    """As many changes of each room, of all that can be made; the same for the same seed and code.

    Kinds of change are drawn first: else comparisons, of which there are ten at a place, crowd out all others.
    """
    chance = random.Random(seed)
    out: list[Mutant] = []
    for number, room in enumerate(rooms):
        kinds: dict[str, list[Mutant]] = defaultdict(list)
        for pattern in ROOMS[room].sources:
            for file in sorted(ROOT.glob(pattern)):
                for one in mutants_of(room, file):
                    kinds[one.operator.partition("/")[2].partition("_")[0]].append(one)
        share = count // len(rooms) + (number < count % len(rooms))
        names = sorted(kinds)
        while share and names:
            kind = chance.choice(names)
            out.append(kinds[kind].pop(chance.randrange(len(kinds[kind]))))
            names = [name for name in names if kinds[name]]
            share -= 1
    chance.shuffle(out)
    return out


def copied(folder: Path) -> Path:
    """A copy of the checkout to change."""
    folder.mkdir()
    for name in _PARTS:
        place = ROOT / name
        if place.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".hypothesis")
            shutil.copytree(place, folder / name, ignore=ignore)
        elif place.exists():
            shutil.copy2(place, folder / name)
    return folder


def run_tests(copy: Path, room: str, timeout_s: float) -> str:
    """`passed`, `failed` or `hung`."""
    told = ROOMS[room]
    tests = [one for one in told.tests if (copy / one).exists()]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:cacheprovider",
        "-m",
        told.leave,
        *tests,
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(copy),
        "XDG_CACHE_HOME": str(copy / ".cache"),
        "HYPOTHESIS_PROFILE": "default",
    }
    process = subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        return "passed" if process.wait(timeout_s) == 0 else "failed"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        return "hung"


def judged(copy: Path, mutant: Mutant, timeout_s: float) -> Found:
    """Change the copy, run the room's tests, change it back."""
    from cosmic_ray.mutating import mutate_code

    file = copy / mutant.file
    text = file.read_text(encoding="utf-8")
    changed = mutate_code(text, _operator(mutant.operator), mutant.occurrence)
    if changed is None or changed == text:
        return Found(mutant, "unchanged", "", "")
    pairs = zip(text.splitlines(), changed.splitlines(), strict=False)
    before, after = next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))
    try:
        file.write_text(changed, encoding="utf-8")
        return Found(mutant, run_tests(copy, mutant.room, timeout_s), before, after)
    finally:
        file.write_text(text, encoding="utf-8")


def run(mutants: list[Mutant], jobs: int, ends: float) -> tuple[list[Found], list[Mutant]]:
    """What came of each change, and those for which no time was left."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies: Queue[Path] = Queue()
        for number in range(jobs):
            copies.put(copied(Path(folder) / str(number)))
        limits: dict[str, float] = {}
        first = copies.get()
        for room in dict.fromkeys(one.room for one in mutants):
            began = time.monotonic()
            if run_tests(first, room, 600) != "passed":
                sys.exit(f"the tests of {room} fail without any change: {' '.join(ROOMS[room].tests)}")
            took = time.monotonic() - began
            limits[room] = _LEAST_S + _SLACK * took
            print(f"{room}: its tests take {took:.0f} s", flush=True)
        copies.put(first)

        def one(mutant: Mutant) -> Found | Mutant:
            if time.monotonic() > ends:
                return mutant
            copy = copies.get()
            try:
                return judged(copy, mutant, limits[mutant.room])
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            came = list(pool.map(one, mutants))
    return [one for one in came if isinstance(one, Found)], [one for one in came if isinstance(one, Mutant)]


def report(found: list[Found], left: list[Mutant]) -> int:
    """Print the table and the survivors; 1 where a room is below the reach."""
    by_room: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        by_room[one.mutant.room][one.outcome] += 1
    low = False
    for room, counts in sorted(by_room.items()):
        all_ = counts["passed"] + counts["failed"] + counts["hung"]
        noticed = all_ - counts["passed"]
        low |= all_ > 0 and noticed / all_ < REACH
        print(f"{room:<14} {noticed:>3} of {all_:<3} noticed{f' ({noticed / all_:.0%})' if all_ else ''}")
    survived = [one for one in found if one.outcome == "passed"]
    for one in sorted(survived, key=lambda one: (one.mutant.file, one.mutant.line)):
        told = one.mutant
        print(f"\n{told.file}:{told.line} {told.operator} #{told.occurrence}\n  - {one.before}\n  + {one.after}")
    if left:
        print(f"\nno time was left for {len(left)} of them")
    return 1 if low or left else 0


def main() -> None:
    """Sample, run, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", action="append", choices=sorted(ROOMS))
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    ends = time.monotonic() + given.minutes * 60
    found, left = run(sampled(given.room or sorted(ROOMS), given.count, given.seed), given.jobs, ends)
    if given.json:
        rows = [{**vars(one.mutant), "outcome": one.outcome, "before": one.before, "after": one.after} for one in found]
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    sys.exit(report(found, left))


if __name__ == "__main__":
    main()
