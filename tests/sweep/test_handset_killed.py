"""A handset's sweep, and the restore behind it, killed at every step: the next restore puts all back, or says what is not."""

from __future__ import annotations

import pytest
from deaths import file_steps
from swept_handset import FIRMWARE, Shell, hold, radio_of

from harness.errors import DeviceGone
from harness.probes.adb.state import STATE
from harness.simulation.radio.clock import SimulatedClock
from harness.state.gate import Gate, GatedChannel, ShellChannel, unique_items
from harness.state.journal import left_over
from harness.survey.restoring import putting_back
from harness.survey.restoring.reached import ReachedDevice


class Deaths:
    """What a death at each step leaves: what is allowed, airplane mode, the journal's files."""

    def __init__(self, folder, radio):
        self.folder, self.radio, self.found = folder, radio, {}

    def step(self, *_):
        files = {one.name: one.read_bytes() for one in self.folder.glob("*.journal.json")}
        states = str([[x.item, x.state] for left in left_over(self.folder) for x in left.page.changes])
        self.found.setdefault((self.radio.allowed, self.radio.airplane, states), files)


def lay(death, files, folder):
    """The handset of a death, and the files that lay there."""
    for file in folder.glob("*.journal.json"):
        file.unlink()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    radio = radio_of(("2",))
    radio.allowed, radio.airplane, _ = death
    return radio


def restore(radio, folder, monkeypatch, *, strike=None, firmware=FIRMWARE, insist=False):
    def find(page, deadline_s):
        channel = GatedChannel(ShellChannel(Shell(radio, SimulatedClock(), strike)), Gate(STATE, "restore"))
        return ReachedDevice({"adb": channel}, unique_items(STATE), firmware, lambda: None)

    monkeypatch.setattr(putting_back, "FINDERS", [find])
    return list(putting_back.carry_out_all(folder, insist=insist))


@pytest.fixture(autouse=True)
def settled():
    """A written value settles within moments here."""
    usual = [(item, item.settles_s) for item in STATE]
    for item in STATE:
        object.__setattr__(item, "settles_s", 0.05)
    yield
    for item, seconds in usual:
        object.__setattr__(item, "settles_s", seconds)


@pytest.fixture
def deaths(tmp_path):
    """Every step of a sweep that narrows, switches airplane mode, and puts back."""
    clock = SimulatedClock()
    radio = radio_of(("2",), clock=clock)
    found = Deaths(tmp_path, radio)
    with file_steps(tmp_path, found.step):
        held = hold(radio=radio, clock=clock, rats=("lte",), journals=tmp_path, strike=found.step)
    assert held.outcome("lte") == "PASS"
    assert held.is_back
    assert len(found.found) > 10
    assert any(airplane for _, airplane, _ in found.found)
    return found.found


def is_back(radio):
    return radio.allowed == radio.found and not radio.airplane


def test_killed_anywhere_the_next_start_puts_it_back(deaths, tmp_path, monkeypatch):
    had_work = 0
    for death, files in deaths.items():
        radio = lay(death, files, tmp_path)
        had_work += not is_back(radio)
        told = restore(radio, tmp_path, monkeypatch)
        assert is_back(radio), (death, told)
        assert not any(one.trouble for one in told), told
        assert left_over(tmp_path) == ()
    assert had_work > 5


def test_killed_anywhere_in_a_restore_the_next_one_ends_it(deaths, tmp_path, monkeypatch):
    tried = 0
    for death, files in deaths.items():
        radio = lay(death, files, tmp_path)
        if is_back(radio):
            continue
        within = Deaths(tmp_path, radio)
        with file_steps(tmp_path, within.step):
            restore(radio, tmp_path, monkeypatch, strike=within.step)
        for other, left in within.found.items():
            again = lay(other, left, tmp_path)
            told = restore(again, tmp_path, monkeypatch)
            assert is_back(again), (death, other, told)
            assert left_over(tmp_path) == ()
            tried += 1
    assert tried > 20


def test_pulled_at_every_command_of_a_restore_it_is_told_and_the_next_one_ends_it(deaths, tmp_path, monkeypatch):
    death, files = next(one for one in deaths.items() if one[0][1] and not is_back(lay(*one, tmp_path)))
    told_of = 0
    for place in range(12):
        radio, asked = lay(death, files, tmp_path), []

        def pulled(command, asked=asked, place=place):
            asked.append(command)
            if len(asked) > place:
                raise DeviceGone("it went away")

        told = restore(radio, tmp_path, monkeypatch, strike=pulled)
        if not is_back(radio):
            told_of += 1
            assert any(one.is_blocked or one.trouble for one in told)
            assert left_over(tmp_path)
        restore(radio, tmp_path, monkeypatch)
        assert is_back(radio), place
        assert left_over(tmp_path) == ()
    assert told_of > 2


def test_under_another_build_nothing_is_written(deaths, tmp_path, monkeypatch):
    death, files = next(one for one in deaths.items() if not is_back(lay(*one, tmp_path)))
    radio = lay(death, files, tmp_path)
    told = restore(radio, tmp_path, monkeypatch, firmware="another build")
    assert (radio.allowed, radio.airplane) == death[:2]
    assert all(one.is_blocked for one in told)
    assert "another firmware" in told[0].put_back[0].why
    assert len(left_over(tmp_path)) == 1
