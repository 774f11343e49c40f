"""Which tests run which line: asked once of a test file, then kept until it or the changed sources change.

A test file is run alone, in a process of its own, with coverage.py's contexts: one a test. What is kept is JSON in the
user's cache (`$XDG_CACHE_HOME/bandproof-mutants`): of each test its seconds, of each source its lines and their tests.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bandproof-mutants"

WARMED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Plugins were imported before pytest could rewrite their assertions, which changes no outcome."""


@dataclass(frozen=True)
class Covered:
    """Of one test file: its tests that pass with their seconds, those that fail, and the tests of each line of a source."""

    file: str
    failed: tuple[str, ...]
    seconds: dict[str, float]
    lines: dict[str, dict[int, list[str]]]


class Watching:
    """A pytest plugin that tells coverage.py which test runs, and how long it took."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_protocol(self, item: Any) -> None:
        """Name the context of what runs from here on."""
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Add up set-up, call and teardown."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.outcome == "failed":
            self.failed.add(report.nodeid)


def _key(root: Path, test: str, sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in (root / test, *sources):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:24]


def kept(root: Path, test: str, sources: list[Path]) -> Covered | None:
    """What was found of a test file before, where neither it nor a source has changed."""
    place = CACHE / f"{_key(root, test, sources)}.json"
    if not place.exists():
        return None
    told = json.loads(place.read_text(encoding="utf-8"))
    lines = {
        source: {int(line): [told["tests"][number] for number in numbers] for line, numbers in by_line.items()}
        for source, by_line in told["lines"].items()
    }
    return Covered(test, (), dict(zip(told["tests"], told["seconds"], strict=True)), lines)


def keep(root: Path, covered: Covered, sources: list[Path]) -> None:
    """Keep what was found of a test file."""
    tests = list(covered.seconds)
    number = {test: at for at, test in enumerate(tests)}
    lines = {
        source: {line: [number[test] for test in told if test in number] for line, told in by_line.items()}
        for source, by_line in covered.lines.items()
    }
    told = {"tests": tests, "seconds": [round(covered.seconds[test], 4) for test in tests], "lines": lines}
    CACHE.mkdir(parents=True, exist_ok=True)
    part = CACHE / f"{os.getpid()}.part"
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(CACHE / f"{_key(root, covered.file, sources)}.json")


def watched(root: Path, test: str, sources: list[Path]) -> Covered:
    """Run a test file in this process, which must be one of its own, and see what it runs."""
    import coverage
    import pytest

    seen = coverage.Coverage(data_file=None, include=[str(source) for source in sources], config_file=False)
    watching = Watching(seen)
    seen.start()
    pytest.main(["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *WARMED, test], plugins=[watching])
    seen.stop()
    data = seen.get_data()
    lines: dict[str, dict[int, list[str]]] = {}
    for source in data.measured_files():
        of_tests = {line: [one for one in told if one] for line, told in data.contexts_by_lineno(source).items()}
        lines[Path(source).relative_to(root).as_posix()] = {line: told for line, told in of_tests.items() if told}
    passed = {one: took for one, took in watching.seconds.items() if one not in watching.failed}
    return Covered(test, tuple(sorted(watching.failed)), passed, lines)


def statement(text: str, line: int) -> tuple[range, bool]:
    """The lines of the smallest statement that holds a line, and whether it runs within a function.

    Of a statement with a body, its head alone. What stands in no function runs on import, before any test.
    """
    best, within = range(line, line + 1), False
    size = len(text)
    for node, inside in _statements(ast.parse(text), False):
        last = node.end_lineno or node.lineno
        body = getattr(node, "body", None)
        if isinstance(body, list) and body:
            last = max(node.lineno, body[0].lineno - 1)
        if node.lineno <= line <= last and last - node.lineno < size:
            best, within, size = range(node.lineno, last + 1), inside, last - node.lineno
    return best, within


def _statements(node: ast.AST, inside: bool) -> Iterator[tuple[ast.stmt, bool]]:
    inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child, inside
        yield from _statements(child, inside)


def chosen(covering: list[Covered], source: str, text: str, line: int, most_s: float) -> tuple[list[str], list[str]]:
    """The tests that run a line, and then those that run anything of its file; the quick ones first.

    Of either as many as take `most_s` together. The first list is empty where the line runs on import.
    """
    around, within = statement(text, line)
    seconds: dict[str, float] = {}
    at_line: set[str] = set()
    of_file: set[str] = set()
    for one in covering:
        by_line = one.lines.get(source, {})
        for number, tests in by_line.items():
            told = [test for test in tests if test in one.seconds]
            of_file.update(told)
            if within and number in around:
                at_line.update(told)
        if by_line and not within:
            # What a table holds is asked by tests that run no line of its file: all of a file that runs any.
            of_file.update(one.seconds)
        seconds.update(one.seconds)
    if not of_file:
        stem = Path(source).stem
        near = [one for one in covering if stem in one.file] or covering
        of_file = {test for one in near for test in one.seconds}
    return _within(at_line, seconds, most_s), _within(of_file - at_line, seconds, most_s)


def _within(tests: set[str], seconds: dict[str, float], most_s: float) -> list[str]:
    """As many as take `most_s` together, file by file: what a file's tests share is made once."""
    files: dict[str, list[str]] = {}
    for test in sorted(tests, key=lambda test: (seconds.get(test, 0.0), test)):
        files.setdefault(test.partition("::")[0], []).append(test)
    out: list[str] = []
    total = 0.0
    # The file whose tests are quick on the whole comes first: its slowest test may be what all of them share.
    for file in sorted(files, key=lambda file: (sum(seconds.get(test, 0.0) for test in files[file]), file)):
        for test in files[file]:
            total += seconds.get(test, 0.0)
            if total > most_s and out:
                return out
            out.append(test)
    return out
