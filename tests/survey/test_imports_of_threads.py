"""Devices are read by threads, and each imports the readers of its link: no two may wait for each other's modules."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys, threading
from importlib.machinery import PathFinder
errors = []

def enter(name):
    def work():
        try:
            __import__(name)
        except BaseException as error:
            errors.append(f"{name}: {error!r}")
    return threading.Thread(target=work)

class Slow:
    # The room of the AT readers is about to be imported: the other thread gets as far as it can.
    def find_spec(self, name, path=None, target=None):
        if name != "harness.probes.at":
            return None
        spec = PathFinder.find_spec(name, path)
        usual = spec.loader.create_module
        def create(spec):
            if not second.ident:
                second.start()
                second.join(1.5)
            return usual(spec)
        spec.loader.create_module = create
        return spec

second = enter(sys.argv[2])
sys.meta_path.insert(0, Slow())
first = enter(sys.argv[1])
first.start()
first.join(20)
second.join(20)
print(errors)
"""


def test_an_at_modem_and_one_behind_tools_of_the_host_are_read_at_the_same_time() -> None:
    words = [sys.executable, "-c", PROGRAM, "harness.probes.at.session", "harness.probes.qmi.session"]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "[]", "")


def test_no_room_is_entered_by_a_module_that_its_own_door_imports() -> None:
    """`import room.part` takes the lock of the part, then that of the room; whoever runs the room's `__init__` the other
    way round, and one of the two threads is told of a deadlock (CPython 3.11).
    """
    doors = {place.parent: _own_parts(place) for place in (ROOT / "harness").rglob("__init__.py")}
    found = []
    for file in (ROOT / "harness").rglob("*.py"):
        for name in _imported(file):
            room, _, part = name.rpartition(".")
            folder = ROOT / room.replace(".", "/")
            if part in doors.get(folder, ()) and folder not in file.parents:
                found.append(f"{file.relative_to(ROOT)}: {name}")
    assert {part for parts in doors.values() for part in parts} > {"mbimcli", "mmcli"}
    assert found == []


def _own_parts(door: Path) -> set[str]:
    """The modules of a room that its `__init__` imports as it is imported itself."""
    parts = set()
    room = ".".join(door.parent.relative_to(ROOT).parts) + "."
    for node in ast.parse(door.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith(room):
            parts.add(str(node.module).removeprefix(room).partition(".")[0])
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            parts |= {node.module.partition(".")[0]} if node.module else {one.name for one in node.names}
    return parts


def _imported(file: Path) -> set[str]:
    """The modules of this package that a file imports by their full name, wherever it does; those for types aside."""
    found = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in types:
            continue
        if isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("harness."):
            found.add(str(node.module))
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names if one.name.startswith("harness.")}
    return found
