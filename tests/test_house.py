"""The house itself: sizes of its rooms, names that stand once, docstrings, and a release that says what it is."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

import harness

ROOT = Path(__file__).resolve().parents[1]
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "harness").rglob("*.py"))}
LONG: frozenset[str] = frozenset()
"""Modules that are still longer than 400 lines; the list only gets shorter."""


def test_a_public_class_name_stands_once_in_the_house() -> None:
    places = defaultdict(list)
    for path, tree in MODULES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    twice = {name for name, found in places.items() if len(found) > 1}
    assert not twice, {name: places[name] for name in twice}


def test_no_module_is_longer_than_a_room_should_be() -> None:
    long = {
        path.relative_to(ROOT / "harness").as_posix()
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert long == LONG


def test_functions_are_short_and_what_is_public_is_told() -> None:
    lengths, public, told = [], 0, 0
    for tree in MODULES.values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lengths.append(node.body[-1].end_lineno - node.body[0].lineno + 1)  # type: ignore[operator]
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
                public += 1
                told += ast.get_docstring(node) is not None
    assert statistics.median(lengths) <= 8
    assert max(lengths) <= 64
    assert told / public >= 0.95


def test_reports_pass_on_typed_values() -> None:
    loose = sum(
        path.read_text(encoding="utf-8").count("[str, Any]") for path in (ROOT / "harness" / "reports").rglob("*.py")
    )
    assert loose < 30


def test_a_tagged_commit_is_the_version_that_it_says() -> None:
    found = subprocess.run(["git", "tag", "--points-at", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    tags = [tag for tag in found.stdout.split() if re.fullmatch(r"v\d[\w.]*", tag)]
    if not tags:
        pytest.skip("this commit is no release")
    assert tags == [f"v{harness.__version__}"]
    assert f"## {harness.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
