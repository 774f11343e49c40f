"""Would a test notice? Small changes to the rooms that decide, each judged by the tests of its own room.

    python -m benchmarks.mutants [--count=200] [--seed=1] [--room=NAME ...] [--jobs=2] [--minutes=25] [--json=FILE]
                                 [--only=PATH:LINE ...]

cosmic-ray (extra `mutants`) makes the changes: a comparison, a number, a word `not`, `and` for `or`, a loop that never
runs, an operator. Each process works in a copy of the checkout, which is left untouched. Of a room's tests those run that
reach the changed line, as coverage.py saw it (`mutants_covering`; asked once, then kept), the quick ones first; where none
fails, those that reach the file. What no room's tests notice is listed with its line, to be given a test or defended. Left
out is what no test could notice: annotations, decorators (frozen, slots), guards of Python's own (`frozen=`, `strict=`) and
imports for types alone. The exit status is 1 where a room is below `REACH`.
"""

from __future__ import annotations

import argparse
import ast
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import mutants_covering as covering
from benchmarks import mutants_judging as judging

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
REACH = 0.9
"""The part of a room's changes that its tests must notice."""
_SWEEPS = ("hostile", "adversity", "captures", "prefixes", "mutations", "round_trips", "bugreport", "linear")
"""Files of tests that hold costs, or try thousands of texts, or need what is no part of the repository."""
_MOST_S_OF_A_FILE = 90.0
"""A file whose tests take more CPU than this, with coverage, is left out."""
MOST_S = 60.0
"""So many seconds of tests a change at most, twice: those of its line, then those of its file."""
_SAME = ("RemoveDecorator", "ExceptionReplacer", "VariableReplacer", "VariableInserter", "_Is_Eq", "_IsNot_NotEq")
"""Changes that are no mistake a person makes, or that mean the same in Python."""
_ARITHMETIC = ("_Add_Sub", "_Sub_Add", "_BitOr_BitAnd", "_BitAnd_BitOr")


@dataclass(frozen=True)
class Room:
    """What is changed, and the tests that must notice."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "verdicts": Room(("harness/verdicts/*.py", "harness/verdicts/fit/*.py"), ("tests/verdicts",)),
    "binding": Room(("harness/binding/*.py",), ("tests/binding",)),
    "requirements": Room(("harness/requirements/*.py", "harness/requirements/bands/*.py"), ("tests/requirements",)),
    "survey": Room(("harness/survey/**/*.py",), ("tests/survey",)),
    "radio": Room(("harness/radio/*.py",), ("tests/radio",)),
    "at": Room(("harness/probes/at/makers/**/*.py", "harness/probes/at/chips/*.py"), ("tests/probes/at",)),
    "adb_slots": Room(
        ("harness/probes/adb/service/slots.py", "harness/probes/adb/service/domains.py"), ("tests/probes/adb",)
    ),
    "scrubbing": Room(("harness/recording/scrubbing/*.py",), ("tests/recording",)),
    "verify": Room(
        ("harness/reports/run/seals/*.py", "harness/reports/run/verify.py", "harness/reports/run/agreement.py"),
        tuple(
            f"tests/reports/test_{name}.py"
            for name in (
                *("seals", "tampering", "keys", "time_token", "verify", "verified_forms", "older_runs"),
                *("agreement", "verify_guards"),
            )
        ),
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
    dead, spots = _unnoticeable(text), _guards_of_python(text)
    nodes = list(ast_nodes(get_ast(text)))
    for name in operator_names():
        if name.endswith(_SAME) or ("ReplaceBinaryOperator" in name and not name.endswith(_ARITHMETIC)):
            continue
        operator = _operator(name)
        places = [place for node in nodes for place in operator.mutation_positions(node)]
        for number, (start, _) in enumerate(places):
            if start[0] not in dead and start not in spots:
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


def _guards_of_python(text: str) -> set[tuple[int, int]]:
    """Where `frozen=`, `kw_only=` and `strict=` are given: guards against mistakes in the code, which no right code runs into."""
    given = (keyword for node in ast.walk(ast.parse(text)) for keyword in getattr(node, "keywords", ()))
    return {(one.value.lineno, one.value.col_offset) for one in given if one.arg in {"frozen", "strict", "kw_only"}}


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
    return out


def sources_of(room: str) -> list[Path]:
    """The files that are changed."""
    return sorted(file for pattern in ROOMS[room].sources for file in ROOT.glob(pattern))


def test_files(room: str) -> list[str]:
    """The files of a room's own tests."""
    places = [ROOT / name for name in ROOMS[room].tests]
    files = [file for place in places for file in (place.rglob("test_*.py") if place.is_dir() else [place])]
    told = [file for file in files if file.exists() and not file.stem.endswith(_SWEEPS)]
    return sorted(file.relative_to(ROOT).as_posix() for file in told)


_here: dict[str, Any] = {}
"""What a worker keeps: its copy of the checkout, and what covers each room."""


def _begin(folder: str, number: Any) -> None:
    with number.get_lock():
        number.value += 1
        mine = number.value
    judging.warm()
    _here["copy"] = judging.copied(ROOT, Path(folder) / str(mine))


def _cover(told: tuple[str, str]) -> tuple[str, covering.Covered]:
    """What a test file of a room runs, kept or found out."""
    room, test = told
    copy = _here["copy"]
    sources = [copy / file.relative_to(ROOT) for file in sources_of(room)]
    if (before := covering.kept(copy, test, sources)) is not None:
        return room, before
    found = judging.told(copy, lambda: asdict(covering.watched(copy, test, sources)), _MOST_S_OF_A_FILE)
    if found is None:
        print(f"{test}: left out, it takes more than {_MOST_S_OF_A_FILE:.0f} s", flush=True)
        found = {"seconds": {}, "lines": {}}
    elif found["failed"]:
        print(f"{test}: left out, as they fail without any change: {', '.join(found['failed'])}", flush=True)
    lines = {source: {int(line): tests for line, tests in of.items()} for source, of in found["lines"].items()}
    covered = covering.Covered(test, (), found["seconds"], lines)
    covering.keep(copy, covered, sources)
    return room, covered


def judged(told: tuple[Mutant, list[covering.Covered], float]) -> Found | Mutant:
    """Change the copy, run the tests that reach the change, change it back; the change itself where no time is left."""
    from cosmic_ray.mutating import mutate_code

    mutant, covered, ends = told
    if time.time() > ends:
        return mutant
    copy = _here["copy"]
    judging.without_compiled()
    file = copy / mutant.file
    text = file.read_text(encoding="utf-8")
    changed = mutate_code(text, _operator(mutant.operator), mutant.occurrence)
    if changed is None or changed == text:
        return Found(mutant, "unchanged", "", "")
    pairs = zip(text.splitlines(), changed.splitlines(), strict=False)
    before, after = next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))
    seconds = {test: took for one in covered for test, took in one.seconds.items()}
    outcome = "passed"
    try:
        file.write_text(changed, encoding="utf-8")
        for tests in covering.chosen(covered, mutant.file, text, mutant.line, MOST_S):
            if tests and outcome == "passed":
                outcome = judging.run_tests(copy, tests, judging.limit(sum(seconds[test] for test in tests)))
        return Found(mutant, outcome, before, after)
    finally:
        file.write_text(text, encoding="utf-8")


def run(mutants: list[Mutant], jobs: int, ends: float) -> tuple[list[Found], list[Mutant]]:
    """What came of each change, and those for which no time was left."""
    forking = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        number = forking.Value("i", 0)
        with forking.Pool(jobs, _begin, (folder, number)) as pool:
            covered = _covering(pool, list(dict.fromkeys(one.room for one in mutants)))
            jobs_ = [(one, covered[one.room], ends) for one in mutants]
            came = []
            for one in pool.imap(judged, jobs_, chunksize=1):
                came.append(one)
                if isinstance(one, Found) and one.outcome == "passed":
                    print(f"unnoticed: {_words(one)}", flush=True)
    return [one for one in came if isinstance(one, Found)], [one for one in came if isinstance(one, Mutant)]


def _covering(pool: Any, rooms: list[str]) -> dict[str, list[covering.Covered]]:
    began = time.monotonic()
    out: dict[str, list[covering.Covered]] = defaultdict(list)
    asked = [(room, test) for room in rooms for test in test_files(room)]
    for name, covered in pool.imap_unordered(_cover, asked):
        out[name].append(covered)
    for room in rooms:
        took = sum(sum(one.seconds.values()) for one in out[room])
        print(f"{room}: {sum(len(one.seconds) for one in out[room])} tests that take {took:.0f} s together", flush=True)
    print(f"which test runs which line: known after {time.monotonic() - began:.0f} s", flush=True)
    return out


def _words(one: Found) -> str:
    told = one.mutant
    return f"{told.file}:{told.line} {told.operator} #{told.occurrence}\n  - {one.before}\n  + {one.after}"


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
        print(f"\n{_words(one)}")
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
    parser.add_argument("--only", action="append", metavar="PATH:LINE", help="these of the sample, to try them again")
    given = parser.parse_args()
    began = time.monotonic()
    mutants = sampled(given.room or sorted(ROOMS), given.count, given.seed)
    if given.only:
        mutants = [one for one in mutants if f"{one.file}:{one.line}" in given.only]
    found, left = run(mutants, given.jobs, time.time() + given.minutes * 60)
    if given.json:
        rows = [{**vars(one.mutant), "outcome": one.outcome, "before": one.before, "after": one.after} for one in found]
        given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    status = report(found, left)
    print(f"\n{len(found)} changes in {(time.monotonic() - began) / 60:.1f} minutes")
    sys.exit(status)


if __name__ == "__main__":
    main()
