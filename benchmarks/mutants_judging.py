"""One process a copy of the checkout: it has imported pytest and what it needs, and forks a child a change.

The child imports the harness anew from the copy, runs the tests that it is told, the quick ones first, and stops at the
first that fails. It has a limit of CPU (whoever else uses the machine does not make a change "hang"), one of time for
what sleeps, and one of memory.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING, Any

from benchmarks import mutants_covering as covering

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTS = ("harness", "tests", "profiles", "fixtures", "examples", "benchmarks", "docs", "pyproject.toml", "README.md")
_BASE_S, _SLACK, _WALL = 15.0, 4.0, 6.0
"""CPU that tests may take before a change counts as noticed because it hangs: a base, and times their own; and the
wall time, in times of that CPU."""
_MEMORY = 6 << 30


def warm() -> None:
    """Import what a child would import anew each time, but nothing of the harness and of its tests."""
    import adbutils  # noqa: F401
    import cryptography.hazmat.primitives.asymmetric.ed25519  # noqa: F401
    import hypothesis  # noqa: F401
    import jinja2  # noqa: F401
    import msgspec  # noqa: F401
    import pytest  # noqa: F401
    import rich.console  # noqa: F401
    import serial  # noqa: F401
    import yaml  # noqa: F401


def copied(root: Path, folder: Path) -> Path:
    """A copy of the checkout to change, and the captures where they lie beside it."""
    folder.mkdir(parents=True)
    for name in PARTS:
        place = root / name
        if place.is_dir():
            ignore = shutil.ignore_patterns("__pycache__", ".hypothesis")
            shutil.copytree(place, folder / name, ignore=ignore)
        elif place.exists():
            shutil.copy2(place, folder / name)
    beside = root.parent / "shared" / "captures"
    if beside.is_dir():
        os.environ.setdefault("BANDPROOF_CAPTURES", str(beside))
    return folder


class Chosen:
    """A pytest plugin that keeps the named tests, in their order."""

    def __init__(self, tests: list[str]) -> None:
        self.place = {test: number for number, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Leave out the others."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.place), key=lambda item: self.place[item.nodeid]
        )


def run_tests(copy: Path, tests: list[str], cpu_s: float) -> str:
    """`passed`, `failed` or `hung`: the named tests, in a child of this process."""
    import pytest

    def child() -> int:
        files = sorted({test.partition("::")[0] for test in tests})
        quiet = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", *covering.WARMED]
        return int(pytest.main([*quiet, *files], plugins=[Chosen(tests)]))

    status = forked(copy, child, cpu_s)
    return "hung" if status is None else "passed" if status == 0 else "failed"


def forked(copy: Path, work: Callable[[], int], cpu_s: float) -> int | None:
    """The status of some work in a child that stands in a copy; None where it came to no end."""
    pid = os.fork()
    if pid == 0:
        status = 70
        try:
            _settle(copy, cpu_s)
            status = work()
        except BaseException:  # noqa: BLE001 - whatever it is, the child ends here
            traceback.print_exc()
        os._exit(min(max(status, 0), 100))
    ends = time.monotonic() + _WALL * cpu_s
    while time.monotonic() < ends:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            _end(pid)
            return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else None
        time.sleep(0.02)
    _end(pid)
    os.waitpid(pid, 0)
    return None


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _settle(copy: Path, cpu_s: float) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_s) + 1, int(cpu_s) + 3))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDWR), 0)
    log = os.open(copy / ".log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(copy)
    sys.path.insert(0, str(copy))
    sys.argv = ["pytest"]
    os.environ["PYTHONPATH"] = str(copy)
    os.environ["XDG_CACHE_HOME"] = str(copy / ".cache")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("harness", "tests", "benchmarks")]:
        del sys.modules[name]


def said(copy: Path) -> str:
    """The end of what the last child printed."""
    return (copy / ".log").read_text(encoding="utf-8", errors="replace")[-3000:]


def without_compiled() -> None:
    """Write no compiled module from here on: a change that leaves a file's size and second alone must be seen."""
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"


def told(copy: Path, work: Callable[[], Any], cpu_s: float) -> Any:
    """What some work in a child gives, as JSON through a file; None where it came to no end."""
    place = copy / f".told-{os.getpid()}.json"

    def child() -> int:
        place.write_text(json.dumps(work()), encoding="utf-8")
        return 0

    try:
        status = forked(copy, child, cpu_s)
        return json.loads(place.read_text(encoding="utf-8")) if status == 0 else None
    finally:
        place.unlink(missing_ok=True)


def limit(seconds: float) -> float:
    """The CPU that tests may take which take so many seconds without a change."""
    return _BASE_S + _SLACK * seconds
