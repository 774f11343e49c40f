"""SIGKILL at 200 points of a sweep of each family, then a new start: everything reads as before, or is told to be blocked.

The process is forked, so that each death costs what the work until then costs; the modem's memory is a file, and lives on.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from swept_modem import cells, sweep

from harness.probes.at import registry
from harness.probes.at.session import identify
from harness.simulation.radio.air import Air
from harness.simulation.radio.clock import SimulatedClock
from harness.simulation.radio.memory import ModemMemory
from harness.simulation.radio.port import RadioPort
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.tongues import TONGUES
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, left_over
from harness.state.restore import put_back

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
POINTS = 200
IMEI = "490154203237518"
BANDS = {
    "quectel-lte": "12,66", "quectel-5g": "12,n71", "quectel-iot": "m12,nb66", "nordic": "m12,nb66",
    "simcom-narrow": "m12,nb66", "foxconn": "12,66", "fibocom-fm350": "12,66",
}  # fmt: skip
CELLS = {
    "quectel-lte": ("12", "2"), "quectel-5g": ("12", "n71"), "quectel-iot": ("m12", "i66"),
    "nordic": ("m12", "i66"), "simcom-narrow": ("m12", "i66"), "foxconn": ("12", "2"), "fibocom-fm350": ("12", "2"),
}  # fmt: skip


def forked_sweep(family, folder, point):
    """The sweep in a child that is killed at its n-th step (0: never); how many steps there were, where it lived."""
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
            memory = ModemMemory.load(folder / "modem")
            sweep(family, BANDS[family], cells(*CELLS[family]), memory=memory, journals=folder / "j", settle_s=1.0)
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


def new_modem(family, folder):
    for file in sorted(folder.glob("j/*")):
        file.unlink()
    TONGUES[family]().memory(IMEI, folder / "modem")


def start_again(family, folder):
    """What every start of a run does: journals of the dead are carried out on the modem that is there now."""
    results = []
    for left in left_over(folder / "j"):
        assert not left.held
        clock = SimulatedClock(1e6)
        memory = ModemMemory.load(folder / "modem")
        port = RadioPort(Radio(TONGUES[family](), Air(), memory, clock), clock)
        dialect, modem = identify(port, deadline_s=1e12)
        items = unique_items(dialect.locking(modem).items)
        journal = Journal.taken_over(left.path)
        channel = GatedChannel(port, Gate(tuple(items.values()), "restore"))
        results += put_back(
            journal, {"at": channel}, items, firmware=modem.firmware, deadline_s=1e12, clock=clock
        )  # fmt: skip
        journal.close()
    return results


@pytest.fixture
def folder():
    """In memory where that can be: a thousand times fsync is not what is tested."""
    place = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    yield Path(place)
    shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("family", BANDS)
def test_killed_anywhere_the_next_start_puts_everything_back(family, folder):
    registry.all_dialects()
    new_modem(family, folder)
    steps = forked_sweep(family, folder, 0)
    assert steps > POINTS
    assert left_over(folder / "j") == ()
    changed = 0
    for number in range(POINTS):
        point = 1 + number * (steps - 1) // (POINTS - 1)
        new_modem(family, folder)
        assert forked_sweep(family, folder, point) == 0
        results = start_again(family, folder)
        memory = ModemMemory.load(folder / "modem")
        now = {**memory.nv, **memory.volatile}
        other = {key: (value, now[key]) for key, value in memory.found.items() if now[key] != value}
        assert other == {}, (point, other, results)
        assert all(one.outcome != "blocked" for one in results), (point, results)
        assert left_over(folder / "j") == (), point
        changed += any(one.outcome == "restored" for one in results)
    # Most deaths left something to do: else this would prove nothing.
    assert changed > POINTS / 2
