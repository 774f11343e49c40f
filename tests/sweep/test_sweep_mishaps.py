"""What can go wrong around a sweep: power, ports, disks, other runs. The device is put back, or it is said that it is not."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from swept_modem import IN_MEMORY, cells, sweep
from test_sweep_verdict_table import EVERY, FAMILIES, is_back, swept

from harness.errors import DeviceAbsent, LinkError
from harness.simulation.radio.quirks import Quirks
from harness.state import journal as journal_module
from harness.state.journal import Journal, device_key, left_over

IMEI = "490154203237518"
FIRST = ("quectel-lte", "quectel-5g", "quectel-iot", "nordic", "simcom-narrow", "foxconn", "fibocom-fm350")
"""Families whose power is pulled at more points; what they share with the others is tried with these."""


@pytest.fixture
def memory_path():
    """A folder in memory where that can be: what is synced there is not what is tested."""
    place = tempfile.mkdtemp(dir=IN_MEMORY)
    yield Path(place)
    shutil.rmtree(place, ignore_errors=True)


def same_again(radio, key):
    assert key == device_key("at", IMEI)


def absent(radio, key):
    raise DeviceAbsent("it does not come back")


def requests_of(family):
    return len(swept(family).port.asked)


@EVERY
def test_power_lost_anywhere_and_back_leaves_everything_as_before(family, memory_path):
    tmp_path, whole = memory_path, requests_of(family)
    for point in range(12, whole, max(1, whole // (25 if family in FIRST else 8))):
        found = swept(family, quirks=Quirks(restarts_at=point), journals=tmp_path / str(point), reopen=same_again)
        assert found.changed == {}, (point, found.changed)
        assert left_over(tmp_path / str(point)) == (), point
        for label in FAMILIES[family][1:3]:
            assert found.outcome(label) != "FAIL", (point, found.reason(label))


@EVERY
def test_a_modem_that_does_not_come_back_keeps_its_journal_and_says_so(family, memory_path):
    tmp_path = memory_path
    found = swept(family, quirks=Quirks(vanishes_at=requests_of(family) // 2), journals=tmp_path, reopen=absent)
    assert found.blocked
    (left,) = left_over(tmp_path)
    assert {one.state for one in left.page.open} == {"blocked"}
    assert any("not put back" in line for line in warnings(found))
    assert all(found.outcome(label) in {"PASS", "INCONC"} for label in FAMILIES[family][1:3])


def warnings(found):
    from harness.probes.at import registry
    from harness.probes.at.language.answer import Modem
    from harness.sweep.reading_back import read_sweep

    tongue = found.radio.tongue
    modem = Modem(tongue.maker, tongue.model, tongue.revision)
    family = registry.dialect_for(modem)
    return read_sweep(found.exchanges, family, modem, family.locking(modem)).warnings


@EVERY
def test_a_disk_that_fills_up_stops_writes_not_the_way_back(family, memory_path, monkeypatch):
    tmp_path = memory_path
    real = journal_module.write_atomically
    for room in (0, 1, 3, 6, 10):
        left = [room]

        def full(*arguments, left=left, **more):
            left[0] -= 1
            if left[0] < 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **more)

        monkeypatch.setattr(journal_module, "write_atomically", full)
        found = swept(family, journals=tmp_path / str(room))
        assert found.changed == {}, (room, found.changed)
        if room == 0:
            assert found.radio.memory.writes == {}


@pytest.mark.parametrize("family", FIRST)
def test_an_unlock_that_is_not_finished_is_told_though_everything_reads_as_before(family):
    kept = swept(family, quirks=Quirks(unlock_unfinished=True))
    assert kept.changed == {}
    assert all(one.is_back for one in kept.compared.values() if not one.watched)
    # It is held to the last band, of which no cell is on air.
    assert any("with nothing locked any more" in line for line in warnings(kept))
    assert not any("with nothing locked" in line for line in warnings(swept(family)))


def test_two_runs_do_not_change_one_device(tmp_path):
    held = Journal(device_key("at", IMEI), words="a modem", firmware="A", opened_by="another run", folder=tmp_path)
    found = sweep("quectel-lte", "12", cells("12", "2"), journals=tmp_path)
    held.close()
    assert found.outcome("B12") == "INCONC"
    assert "another run is changing" in found.reason("B12")
    assert found.radio.memory.writes == {}


def test_a_journal_that_another_run_left_is_carried_out_first(tmp_path):
    left = Journal(device_key("at", IMEI), words="a modem", firmware="A", opened_by="another run", folder=tmp_path)
    left.intend("band_masks", "at", "f0,800,0", "f0,2,0")
    left.close()
    found = sweep("quectel-lte", "12", cells("12", "2"), journals=tmp_path)
    assert "bandproof restore" in found.reason("B12") or "did not put it back" in found.reason("B12")
    assert found.radio.memory.writes == {}


def test_a_journal_of_another_version_stops_a_sweep(tmp_path):
    file = tmp_path / f"{device_key('at', IMEI)}.journal.json"
    file.write_text(json.dumps({"schema": "bandproof.journal/9"}))
    found = sweep("quectel-lte", "12", cells("12", "2"), journals=tmp_path)
    assert found.outcome("B12") == "INCONC"
    assert found.radio.memory.writes == {}
    assert file.exists()


@EVERY
def test_who_stops_a_run_gets_the_device_back_first(family, memory_path):
    tmp_path = memory_path
    heard = []

    def tell(words):
        heard.append(words)
        if len(heard) == 60:
            raise LinkError("stopped by the user")

    found = swept(family, tell=tell, journals=tmp_path)
    is_back(found)
    assert left_over(tmp_path) == ()


@EVERY
def test_a_list_that_comes_back_late_is_seen_by_the_last_look(family):
    """The modem initialises again behind the way back: what it was before it stays, and the report says what it reads."""
    found = swept(family, quirks=Quirks(wiped_after_s=90.0), settle_s=120.0)
    assert found.changed == {}
    assert all(one.is_back for one in found.compared.values())


def test_what_a_write_carries_along_is_put_back_with_it():
    found = sweep("foxconn", "12", cells("12", "2"), Quirks(rat_coupled=True))
    assert found.changed == {}
    assert found.compared["nr_bands"].is_back


def test_more_bands_than_one_write_takes_are_refused_before_anything_is_written():
    def many(radio):
        longer = "1,2,3,4,5,7,8,12,13,14,17,18,19,20,25,26"
        radio.memory.nv["lte"] = radio.memory.found["lte"] = longer

    found = sweep("foxconn", "12", cells("12", "2"), setup=many)
    assert found.outcome("B12") == "INCONC"
    assert "one write takes 15" in found.reason("B12")
    assert found.radio.memory.writes == {}
    assert not any(one.startswith("AT+CFUN=") for one in found.port.asked)


def test_a_permanent_lock_of_a_nordic_modem_is_not_touched():
    def permanent(radio):
        radio.memory.nv["perm"] = radio.memory.found["perm"] = "1" * 66

    found = sweep("nordic", "m12", cells("m12", "m2"), setup=permanent)
    assert found.outcome("B12") == "INCONC"
    assert "permanent band lock" in found.reason("B12")
    assert found.radio.memory.writes == {}


def test_a_run_time_lock_of_a_nordic_modem_is_put_back_to_the_bit():
    def locked(radio):
        radio.memory.volatile["run"] = radio.memory.found["run"] = "100000000010"

    found = sweep("nordic", "m12", cells("m12", "m2"), setup=locked)
    assert found.outcome("B12") == "PASS", found.reason("B12")
    assert found.changed == {}
