"""SIGKILL at every step of a sweep of each family, then a new start: everything reads as before, or is told to be blocked."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from functools import cache
from pathlib import Path

import pytest
from deaths import Deaths, Moment, changed, file_steps, modem_of, start_again, state_of
from swept_modem import cells, sweep

from harness.simulation.radio.memory import ModemMemory
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.tongues import TONGUES
from harness.state.journal import left_over

POINTS = 200
_NARROW = {"quectel-iot": "nb66", "nordic": "nb66", "simcom-narrow": "nb66", "u-blox": "nb20", "sequans": "m66"}
_NR = {"quectel-5g", "quectel-unisoc", "simcom-5g"}
_LEGS = {"quectel-5g", "simcom-5g"}
FAMILIES = tuple(TONGUES)
IMEI = "490154203237518"


def plan(family):
    """Two bands, of two technologies where the family locks both, and a leg of EN-DC; and their cells."""
    if family in _NARROW:
        other = _NARROW[family]
        return f"m12,{other}", ("m12", other.replace("nb", "i"))
    if family in _LEGS:
        return "12,n71,n79", ("12", "n71", "e79")
    return ("12,n71", ("12", "n71")) if family in _NR else ("12,20", ("12", "2"))


def run(family, memory, folder, step):
    """One sweep that takes a step before each request, when it is carried out, and at each touch of a journal's file."""
    bands, on_air = plan(family)

    with file_steps(folder, step) as taken:

        def each(port):
            port.done = lambda _: taken()
            taken()

        return sweep(family, bands, cells(*on_air), memory=memory, journals=folder, settle_s=1.0, strike=each)


@pytest.fixture
def folder():
    """In memory where that can be: what is synced there is not what is tested."""
    place = tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    yield Path(place)
    shutil.rmtree(place, ignore_errors=True)


@cache
def moments(family):
    """Every step of a whole sweep."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as place:
        memory = TONGUES[family]().memory(IMEI)
        deaths = Deaths(Path(place), memory=memory)
        found = run(family, memory, Path(place), deaths.step)
        assert left_over(Path(place)) == ()
        assert found.changed == {}
    return tuple(deaths.moments)


def lay(moment, folder):
    """The files of a moment, and nothing else."""
    for file in folder.iterdir():
        file.unlink()
    for name, data in moment.files.items():
        (folder / name).write_bytes(data)
    return modem_of(moment)


def distinct(found):
    return list({one.key: one for one in found}.values())


@pytest.mark.parametrize("power", [True, False], ids=["power lost as well", "killed"])
@pytest.mark.parametrize("family", FAMILIES)
def test_killed_anywhere_the_next_start_puts_everything_back(family, power, folder):
    every = moments(family)
    assert len(every) > POINTS
    had_work = 0
    for moment in distinct(every):
        memory = lay(moment, folder)
        before = changed(memory)
        if power:
            memory.power_cycle()
        results = start_again(family, memory, folder)
        assert changed(memory) == {}, (moment.files, results)
        assert all(one.outcome != "blocked" for one in results), results
        assert left_over(folder) == ()
        had_work += sum(one.key == moment.key for one in every) if before else 0
    # Most deaths left something to do: else this would prove nothing.
    assert had_work > POINTS / 2


@pytest.mark.parametrize("family", FAMILIES)
def test_under_another_firmware_nothing_is_written_and_the_journal_stays(family, folder):
    moment = next(one for one in reversed(moments(family)) if one.files and changed(modem_of(one)))
    memory = lay(moment, folder)
    results = start_again(family, memory, folder, firmware="another build")
    assert state_of(memory) == moment.modem
    assert {one.outcome for one in results} == {"blocked"}
    (left,) = left_over(folder)
    assert {one.state for one in left.page.open} == {"blocked"}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_list_that_cannot_be_read_any_more_is_not_written_blindly(family, folder):
    lists = set(TONGUES[family].lists)
    moment = next(one for one in moments(family) if one.files and lists & set(changed(modem_of(one))))
    memory = lay(moment, folder)
    memory.now |= {"on": True, **{f"written {key}": True for key in lists}}
    before = {key: memory.get(key) for key in lists}
    results = start_again(family, memory, folder, quirks=Quirks(unreadable=True))
    assert {key: memory.get(key) for key in lists} == before
    assert any(one.outcome == "blocked" and "cannot be read" in one.why for one in results), results
    assert len(left_over(folder)) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
@pytest.mark.parametrize("point", [0.35, 0.8])
@pytest.mark.parametrize("family", ["quectel-lte", "sierra"])
def test_a_real_sigkill_leaves_what_the_copy_of_that_moment_holds(family, point, folder):
    every = moments(family)
    number = int(len(every) * point)
    place = folder / "modem"
    (folder / "j").mkdir()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            memory = TONGUES[family]().memory(IMEI, place)
            steps = iter(range(len(every)))

            def step():
                if next(steps) == number:
                    memory.save()
                    os.kill(os.getpid(), signal.SIGKILL)

            run(family, memory, folder / "j", step)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    memory = ModemMemory.load(place)
    files = {one.name: one.read_bytes() for one in (folder / "j").glob("*.journal.json")}
    assert Moment(state_of(memory), files).key == every[number].key
    results = start_again(family, memory, folder / "j")
    assert changed(memory) == {}, results
    assert left_over(folder / "j") == ()
