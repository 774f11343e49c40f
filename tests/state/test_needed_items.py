"""Items that others need, writes that came out otherwise, and memory that power-off takes: what the way back makes of them."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from file_device import BANDS, MODE, SWITCH, FileDevice

from harness.errors import CommandRefused, StateError
from harness.links.clock import RealClock
from harness.state.change import change_item
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, device_key, load_page
from harness.state.restore import put_back

OFF_ONLY = replace(BANDS, needs=(("switch", "on"),), couples=())
ITEMS = unique_items((replace(SWITCH, order=0), MODE, OFF_ONLY))


class StoppedClock(RealClock):
    """Waits take no time, and are counted."""

    def __init__(self):
        self.at = 100.0
        self.waited = 0.0

    def monotonic(self):
        return self.at

    def wait(self, seconds):
        self.at += seconds
        self.waited += seconds


def gated(device):
    return GatedChannel(device, Gate(tuple(ITEMS.values()), "a test"))


@pytest.fixture
def journal(tmp_path):
    opened = Journal(device_key("at", "1"), words="a modem", firmware="A", opened_by="a test", folder=tmp_path / "j")
    yield opened
    opened.close()


def soon():
    return time.monotonic() + 5


def test_what_an_item_needs_is_set_before_it_and_put_back_behind_it(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    change_item(gated(device), OFF_ONLY, "7", journal, items=ITEMS, deadline_s=soon())
    writes = [one for one in device.heard if "=" in one]
    assert writes == ["AT+SW=1", "AT+BANDS=7"]
    device.heard.clear()
    put_back(journal, {"at": gated(device)}, ITEMS, firmware="A", deadline_s=soon())
    assert [one for one in device.heard if "=" in one] == ["AT+BANDS=1:3:7", "AT+SW=0"]


def test_on_the_way_back_it_is_set_where_a_restart_has_undone_it(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    change_item(gated(device), OFF_ONLY, "7", journal, items=ITEMS, deadline_s=soon())
    FileDevice.new(tmp_path / "device", BANDS="7")  # The switch is off again: the modem has lost its power.
    device.heard.clear()
    results = put_back(journal, {"at": gated(device)}, ITEMS, firmware="A", deadline_s=soon())
    assert [one for one in device.heard if "=" in one] == ["AT+SW=1", "AT+BANDS=1:3:7", "AT+SW=0"]
    assert {one.outcome for one in results} <= {"restored", "unchanged"}
    assert not journal.path.exists()


def test_the_same_where_the_journal_does_not_know_it_yet(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device", BANDS="7")
    journal.intend("bands", "at", "1:3:7", "7")
    put_back(journal, {"at": gated(device)}, ITEMS, firmware="A", deadline_s=soon())
    assert device.memory == {"MODE": "AUTO", "BANDS": "1:3:7", "SW": "0"}
    assert not journal.path.exists()


def test_what_reads_so_already_is_not_written(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    change_item(gated(device), MODE, "AUTO", journal, items=ITEMS, deadline_s=soon(), only_other=True)
    assert not any("=" in one for one in device.heard)
    assert journal.page.open == ()


class OtherMask(FileDevice):
    """Keeps a band more than it was told."""

    def ask(self, command, *, deadline_s):
        if command == "AT+BANDS=7":
            command = "AT+BANDS=7:8"
        return super().ask(command, deadline_s=deadline_s)


def test_what_a_write_of_ours_came_to_is_ours_too(tmp_path, journal):
    device = OtherMask(FileDevice.new(tmp_path / "device").file)
    with pytest.raises(StateError):
        change_item(gated(device), replace(BANDS, couples=()), "7", journal, items=ITEMS, deadline_s=soon())
    assert load_page(journal.path).open[0].wrote == ("7", "7:8")
    results = put_back(journal, {"at": gated(device)}, ITEMS, firmware="A", deadline_s=soon())
    assert {one.outcome for one in results} == {"restored"}
    assert device.memory["BANDS"] == "1:3:7"


def test_memory_that_power_off_takes_may_read_as_after_a_restart(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    volatile = {**ITEMS, "mode": replace(MODE, kept_by="volatile")}
    for items, outcome in ((ITEMS, "blocked"), (volatile, "restored")):
        journal.intend("mode", "at", "AUTO", "LTE")
        FileDevice.new(tmp_path / "device", MODE="NR")
        results = put_back(journal, {"at": gated(device)}, items, firmware="A", deadline_s=soon())
        assert [one.outcome for one in results] == [outcome]


def test_an_item_without_a_write_is_only_watched(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    only = replace(MODE, write={}, name="watched")
    assert only.only_watched
    with pytest.raises(CommandRefused):
        change_item(gated(device), only, "LTE", journal, deadline_s=soon())


def test_a_clock_can_be_given_that_takes_no_time(tmp_path, journal):
    clock = StoppedClock()
    device = FileDevice.new(tmp_path / "device", "deaf")
    slow = replace(MODE, settles_s=600.0)
    channel = GatedChannel(device, Gate((slow,), "a test"))
    start = time.monotonic()
    with pytest.raises(StateError):
        change_item(channel, slow, "LTE", journal, deadline_s=clock.at + 3600, clock=clock)
    assert clock.waited == pytest.approx(600, abs=1)
    assert time.monotonic() - start < 5


def test_a_journal_that_is_not_struck_stays_until_the_last_look(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    change_item(gated(device), MODE, "LTE", journal, deadline_s=soon())
    put_back(journal, {"at": gated(device)}, ITEMS, firmware="A", deadline_s=soon(), strike=False)
    assert journal.path.exists()
    assert journal.finish()
