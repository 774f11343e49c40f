"""SIGKILL at every step of two bands on a call box, then a new start: it reads as before. The box's state is a file."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from call_box import BoxLogic

from harness.cells.instrument import InstrumentCells
from harness.cells.maps import load_map
from harness.recording.exchange import Exchange
from harness.state.journal import Journal, left_over

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")


class DiskBox(BoxLogic):
    """A box as a channel in this process; what is set is on disk at once, as a box's own state outlives a program."""

    def __init__(self, file):
        super().__init__()
        self._file = file
        self.touched = False
        if file.exists():
            self.set_ = json.loads(file.read_text())

    def ask(self, command, *, deadline_s):
        answer = self._answer(command)
        if answer is None:
            self.touched = True
            self._file.write_text(json.dumps(self.set_))
            answer = self._answer("SYSTem:ERRor?")
        return Exchange(command, answer.encode())

    def close(self):
        pass


def cells(folder):
    box = DiskBox(folder / "box.json")
    return box, InstrumentCells(
        box, load_map("cmw500"), reached="scpi:x,map=cmw500", power_dbm=-80, journals=folder / "j"
    )


def forked(folder, point):
    """Two bands in a child that is killed at its n-th step (0: never): how many steps there were, where it lived."""
    seen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        steps = 0

        def step(event, arguments):
            nonlocal steps
            if event == "os.rename" or (event == "open" and str(folder) in str(arguments[0])):
                steps += 1
                if steps == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        code = 1
        try:
            sys.addaudithook(step)
            _, source = cells(folder)
            for band in (12, 38):
                source.on("lte", band)
                source.off("lte", band)
            source.reset()
            os.write(tell, str(steps).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(tell)
    _, status = os.waitpid(child, 0)
    told = os.read(seen, 32)
    os.close(seen)
    assert status == 0 or os.WTERMSIG(status) == signal.SIGKILL, status
    return int(told or 0)


@pytest.mark.parametrize("was_on", [False, True])
def test_killed_anywhere_the_next_start_puts_the_box_back(was_on):
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))
    try:
        box, _ = cells(folder)
        found = {**box.set_, "cell": "ON" if was_on else "OFF"}
        changed = 0

        def as_found():
            for file in folder.glob("j/*"):
                file.unlink()
            (folder / "box.json").write_text(json.dumps(found))

        as_found()
        steps = forked(folder, 0)
        assert json.loads((folder / "box.json").read_text()) == found
        assert steps > 100
        for point in range(1, steps + 1):
            as_found()
            forked(folder, point)
            left = left_over(folder / "j")
            text = (folder / "box.json").read_text()
            if text and json.loads(text) != found:
                changed += 1
                assert left, f"step {point}: it is changed, and no journal says so"
            if not text:
                # The stand-in died while it wrote its own file: no box does.
                (folder / "box.json").write_text(json.dumps(found))
            for one in left:
                _, source = cells(folder)
                source.changer._journal = Journal.taken_over(one.path)
                source.changer.put_back()
            assert json.loads((folder / "box.json").read_text()) == found, f"step {point}"
            assert left_over(folder / "j") == ()
        assert changed > 20
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_test_itself_sees_a_box_that_is_not_put_back(tmp_path):
    """Without the way back the box stays changed: else the test above would prove nothing."""
    _, source = cells(tmp_path)
    source.on("lte", 12)
    assert json.loads((tmp_path / "box.json").read_text())["band"] == "OB12"
