"""A process that is killed anywhere in a change leaves what the next one needs to put the device back."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from file_device import ITEMS, START, FileDevice, gated

from harness.state.gate import unique_items
from harness.state.journal import Journal, left_over
from harness.state.restore import put_back

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")


def run_until(folder: Path, point: int) -> str:
    FileDevice.new(folder / "device")
    script = Path(__file__).with_name("killed_run.py")
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, script, folder, str(point)], check=False, capture_output=True, text=True, cwd=root,
        env={"PYTHONPATH": f"{root}:{script.parent}"},
    )  # fmt: skip
    assert done.returncode in {0, -9}, done.stderr
    return done.stdout.strip()


def put_all_back(folder: Path) -> None:
    for left in left_over(folder / "j"):
        assert not left.held
        journal = Journal.taken_over(left.path)
        channels = {"at": gated(FileDevice(folder / "device"))}
        put_back(journal, channels, unique_items(ITEMS), firmware="A", deadline_s=time.monotonic() + 10)
        journal.close()


def test_a_run_that_is_not_killed_leaves_nothing(tmp_path):
    assert int(run_until(tmp_path, 0)) > 40
    assert left_over(tmp_path / "j") == ()


@pytest.mark.parametrize("point", range(1, 90, 4))
def test_killed_anywhere_everything_reads_as_before(tmp_path, point):
    finished = run_until(tmp_path, point)
    put_all_back(tmp_path)
    memory = FileDevice(tmp_path / "device").memory
    assert memory == START or memory["BANDS"] == "1:3:7", (point, finished, memory)
    assert {**memory, "BANDS": START["BANDS"]} == START
    assert left_over(tmp_path / "j") == ()
