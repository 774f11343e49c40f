"""pytest-xdist beside devices: two workers never open the same one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("xdist")

if TYPE_CHECKING:
    from pathlib import Path

CASES = """
import json, os
import pytest

@pytest.mark.parametrize("number", range(8))
def test_own(device, number):
    with open("said", "a") as file:
        file.write(json.dumps([device.name, os.environ["PYTEST_XDIST_WORKER"]]) + "\\n")
"""


def _run(folder: Path, *options: str) -> dict[str, set[str]]:
    (folder / "test_own.py").write_text(CASES)
    (folder / "said").unlink(missing_ok=True)
    devices = [f"--device=fixture:{name}" for name in ("xiaomi-mi-mix-2-global", "quectel-rm520n-gl")]
    words = ["-q", "-p", "no:cacheprovider", "-n", "2", *devices, "--carrier=us/att@2017-03", f"--rootdir={folder}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, "test_own.py", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found: dict[str, set[str]] = defaultdict(set)
    lines = (folder / "said").read_text().splitlines()
    assert len(lines) == 16, done.stdout
    for line in lines:
        device, worker = json.loads(line)
        found[str(device)].add(worker)
    return found


def test_each_device_has_its_worker(tmp_path: Path) -> None:
    found = _run(tmp_path)
    assert len(found) == 2
    assert all(len(workers) == 1 for workers in found.values()), found


def test_who_asks_for_another_way_gets_it(tmp_path: Path) -> None:
    found = _run(tmp_path, "--dist=loadfile")
    assert len(set().union(*found.values())) == 1, "one file, one worker"
