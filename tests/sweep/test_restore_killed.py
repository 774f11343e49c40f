"""The journal's own crash: a kill, lost power or a full disk at every step of a restore, then a restore again.

Everything reads as before then and holds, or the journal stays and says what is not.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from deaths import changed, file_steps
from swept_modem import IN_MEMORY
from test_sweep_killed import FAMILIES, IMEI, lay, moments, run

from harness.simulation.radio.air import Air
from harness.simulation.radio.clock import SimulatedClock
from harness.simulation.radio.memory import ModemMemory
from harness.simulation.radio.port import RadioPort
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.tongues import TONGUES
from harness.state import journal as journals
from harness.state.journal import left_over
from harness.survey.restoring import modem_finding, putting_back

NEXT_SEARCH = {"simcom-narrow"}
"""Their lists hold from the next search on, which a modem without a cell does by itself."""
STARTS = (0.1, 0.5, 0.95)
"""Of the deaths of a sweep that left something to do, where they stand."""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(putting_back, "_GOES_S", 0.0)


@pytest.fixture
def folder():
    place = tempfile.mkdtemp(dir=IN_MEMORY)
    yield Path(place)
    shutil.rmtree(place, ignore_errors=True)


def state_of(memory):
    """All of the modem, where it is included: what holds is not what reads."""
    return json.dumps([memory.nv, memory.volatile, memory.card, memory.now, memory.defaults, memory.found])


def modem_of(text):
    nv, volatile, card, now, defaults, found = json.loads(text)
    return ModemMemory(nv, volatile, card, now, None, defaults, found)


@dataclass
class Steps:
    """Every step of one restore, as a death there leaves modem and files."""

    folder: Path
    memory: ModemMemory
    found: dict = field(default_factory=dict)

    def step(self, *_):
        files = {one.name: one.read_bytes() for one in self.folder.iterdir() if one.name.endswith(".journal.json")}
        # Times of day differ each time, and nothing else that is looked at.
        known = tuple(sorted((name, journals.load_page(self.folder / name).open) for name in files))
        self.found.setdefault((state_of(self.memory), str([[x.item, x.state] for _, o in known for x in o])), files)


def restore(family, memory, folder, monkeypatch, *, step=None, quirks=None):
    """What `bandproof restore` does, on the modem that is there now."""

    def port_of(url, key):
        clock = SimulatedClock(1e6)
        port = RadioPort(Radio(TONGUES[family](), Air(), memory, clock, quirks), clock)
        if step is not None:
            port.strike = port.done = step
        return port

    monkeypatch.setattr(modem_finding, "_port_of", port_of)
    return list(putting_back.carry_out_all(folder))


def starts(family):
    """Some deaths of a sweep that left something to do."""
    left = [one for one in moments(family) if one.files and changed(lay_out(one))]
    return [left[int(len(left) * place)] for place in STARTS]


def lay_out(moment):
    nv, volatile, card, defaults, found = json.loads(moment.modem)
    return ModemMemory(nv, volatile, card, {}, None, defaults, found)


def as_found(family, memory):
    """What the modem would hold in force as it was found."""
    fresh = ModemMemory({}, {}, {}, {}, None, dict(memory.defaults), {})
    fresh.nv = {key: memory.found[key] for key in memory.nv}
    fresh.volatile = {key: memory.found.get(key, value) for key, value in memory.volatile.items()}
    return {rat: sorted(bands) for rat, bands in TONGUES[family]().enabled(fresh).items()}


def is_whole(family, memory, folder, told):
    """Everything is as before and holds and nothing is left, or it is told and kept."""
    blocked = any(one.is_blocked or one.trouble for one in told)
    if blocked:
        return bool(left_over(folder))
    if family in NEXT_SEARCH:
        radio = Radio(TONGUES[family](), Air(), memory, SimulatedClock(1e6))
        radio.function("4")
        radio.function("1")
    return changed(memory) == {} and left_over(folder) == () and memory.now["force"] == as_found(family, memory)


@pytest.mark.parametrize("power", [True, False], ids=["power lost as well", "killed"])
@pytest.mark.parametrize("family", FAMILIES)
def test_killed_anywhere_in_a_restore_the_next_one_ends_it(family, power, folder, monkeypatch):
    died = 0
    for start in starts(family):
        memory = lay(start, folder)
        steps = Steps(folder, memory)
        with file_steps(folder, steps.step):
            told = restore(family, memory, folder, monkeypatch, step=steps.step)
        assert is_whole(family, memory, folder, told), told
        died += len(steps.found)
        for (state, _), files in steps.found.items():
            again = modem_of(state)
            for file in folder.iterdir():
                file.unlink()
            for name, data in files.items():
                (folder / name).write_bytes(data)
            if power:
                again.power_cycle()
            told = restore(family, again, folder, monkeypatch)
            assert not any(one.is_blocked or one.trouble for one in told), told
            assert not files or is_whole(family, again, folder, told), (files, changed(again), told)
    assert died > 3 * len(STARTS)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_modem_that_loses_power_in_a_restore_is_put_back_by_the_next(family, folder, monkeypatch):
    start = starts(family)[1]
    for place in range(1, 40):
        memory = lay(start, folder)
        told = restore(family, memory, folder, monkeypatch, quirks=Quirks(restarts_at=place))
        if changed(memory):
            assert any(one.trouble for one in told), (place, told)
            assert left_over(folder)
        told = restore(family, memory, folder, monkeypatch)
        assert changed(memory) == {}, (place, told)
        assert left_over(folder) == ()


@pytest.mark.parametrize("family", FAMILIES)
def test_a_full_disk_in_a_restore_leaves_nothing_untold(family, folder, monkeypatch):
    start, real = starts(family)[1], journals.write_atomically
    for place in range(8):
        memory = lay(start, folder)
        written = []

        def full(*arguments, written=written, place=place, **more):
            written.append(arguments)
            if len(written) > place:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(*arguments, **more)

        monkeypatch.setattr(journals, "write_atomically", full)
        told = restore(family, memory, folder, monkeypatch)
        assert written
        if changed(memory):
            assert any(one.is_blocked for one in told), told
            assert left_over(folder)
        monkeypatch.setattr(journals, "write_atomically", real)
        told = restore(family, memory, folder, monkeypatch)
        assert changed(memory) == {}, (place, told)
        assert left_over(folder) == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
@pytest.mark.parametrize("point", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("family", ["quectel-5g", "sierra", "nordic"])
def test_a_real_sigkill_in_a_restore(family, point, folder, monkeypatch):
    start, place = starts(family)[0], folder / "modem"
    (folder / "j").mkdir()
    memory = lay(start, folder / "j")
    steps = []
    with file_steps(folder / "j", lambda: steps.append(1)):
        restore(family, memory, folder / "j", monkeypatch, step=lambda _: steps.append(1))
    number = int(len(steps) * point)
    memory = lay(start, folder / "j")
    memory.file = place
    memory.save()
    child = os.fork()
    if child == 0:
        try:
            left = iter(range(len(steps) + 1))

            def step(*_):
                if next(left) == number:
                    memory.save()
                    os.kill(os.getpid(), signal.SIGKILL)

            with file_steps(folder / "j", step):
                restore(family, memory, folder / "j", monkeypatch, step=step)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    memory = ModemMemory.load(place)
    restore(family, memory, folder / "j", monkeypatch)
    assert changed(memory) == {}
    assert left_over(folder / "j") == ()
    assert IMEI not in "".join(one.read_text() for one in (folder / "j").glob("*.json"))


RESTARTING = [family for family in FAMILIES if TONGUES[family].restarts]


@pytest.mark.parametrize("family", RESTARTING)
def test_killed_on_the_way_back_of_a_sweep_what_holds_from_a_restart_on_is_restarted(family, folder, monkeypatch):
    memory = TONGUES[family]().memory(IMEI)
    steps = Steps(folder, memory)
    run(family, memory, folder, steps.step)
    held = 0
    for (state, _), files in steps.found.items():
        if not any(b'"restored"' in data or b"holds from a restart on" in data for data in files.values()):
            continue
        again = modem_of(state)
        reads = all(again.get(key) == again.found[key] for key in TONGUES[family].lists)
        held += reads and again.now["force"] != as_found(family, again)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        told = restore(family, again, folder, monkeypatch)
        assert is_whole(family, again, folder, told), told
    # Some of them read as before and were still locked: else this would prove nothing.
    assert held
