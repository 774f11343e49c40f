"""`bandproof restore`: a device that a killed run has left changed is put back, or it is said that it is not."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from harness import cli
from harness.errors import DeviceGone
from harness.probes.adb.state import AIRPLANE_MODE, STATE
from harness.recording.exchange import Exchange
from harness.state.change import change_item
from harness.state.folder import VARIABLE
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, device_key
from harness.survey.restoring import putting_back
from harness.survey.restoring.reached import ReachedDevice

KEY = device_key("adb", "SERIAL1")


class Shell:
    """A handset's shell that knows airplane mode."""

    def __init__(self) -> None:
        self.on = False
        self.gone = False
        self.asked: list[str] = []

    def ask(self, command: str, *, deadline_s: float) -> Exchange:
        self.asked.append(command)
        if self.gone:
            raise DeviceGone("it went away")
        if command.startswith("cmd"):
            self.on = command.endswith("enable")
            return Exchange(command, b"", exit_code=0)
        return Exchange(command, b"1\n" if self.on else b"0\n", exit_code=0)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path / "journal"))
    shell = Shell()
    there = SimpleNamespace(shell=shell, plugged=True, firmware="A")
    channel = GatedChannel(shell, Gate(STATE, "a test"))

    def find(page, deadline_s):
        if not there.plugged or page.device != KEY:
            return None
        return ReachedDevice({"adb": channel}, unique_items(STATE), there.firmware, lambda: None)

    monkeypatch.setattr(putting_back, "FINDERS", [find])
    journal = Journal(KEY, words="Mi MIX 2", firmware="A", opened_by="--act")
    change_item(channel, AIRPLANE_MODE, "on", journal, deadline_s=time.monotonic() + 5)
    journal.close()
    there.file = journal.path
    return there


def restore(capsys, *arguments: str) -> tuple[int, dict]:
    status = cli.main(["restore", "--wait=0", "--json", *arguments])
    return status, json.loads(capsys.readouterr().out)


def test_what_a_dead_run_left_is_put_back(bench, capsys):
    assert bench.shell.on
    status, told = restore(capsys)
    assert status == 0
    assert told["devices"][0]["items"] == [
        {"item": "airplane_mode", "before": "off", "outcome": "restored", "why": None}
    ]
    assert not bench.shell.on
    assert not bench.file.exists()
    assert restore(capsys) == (0, {"schema": "bandproof.restore/1", "devices": []})


def test_a_device_that_is_not_there_is_status_5_and_its_journal_stays(bench, capsys):
    bench.plugged = False
    status, told = restore(capsys)
    assert status == 5
    assert "not plugged in" in told["devices"][0]["trouble"]
    assert bench.file.exists()
    bench.plugged = True
    assert restore(capsys)[0] == 0


@pytest.mark.parametrize("spoil", ["firmware", "gone", "unreadable"])
def test_what_is_in_doubt_is_status_5_and_untouched(bench, capsys, spoil):
    if spoil == "firmware":
        bench.firmware = "B"
    elif spoil == "gone":
        bench.shell.gone = True
    else:
        bench.file.write_text("{")
    bench.shell.asked.clear()
    status, told = restore(capsys)
    assert status == 5
    assert told["devices"][0]["trouble"]
    assert not any(one.startswith("cmd") for one in bench.shell.asked)
    assert bench.file.exists()


def test_another_device_is_left_alone(bench, capsys):
    assert restore(capsys, "ANOTHER")[1]["devices"] == []
    assert restore(capsys, "SERIAL1")[0] == 0


def test_a_run_under_way_is_left_alone(bench, capsys):
    held = Journal.taken_over(bench.file)
    assert restore(capsys)[1]["devices"] == []
    held.close()


def test_a_person_is_told_in_words(bench, capsys):
    assert cli.main(["restore", "--wait=0"]) == 0
    assert capsys.readouterr().out == "Mi MIX 2: airplane mode put back to off\n"
    assert cli.main(["restore"]) == 0
    assert capsys.readouterr().out == "nothing is left to put back\n"


def test_devices_puts_back_first(bench):
    from harness.commands.devices import put_back_first

    assert put_back_first() == (["Mi MIX 2: airplane mode put back to off"], 0)
    assert put_back_first() == ([], 0)


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_devices_ends_with_5_where_a_device_needs_a_person(bench, capsys, monkeypatch, arguments):
    from harness.commands import devices

    monkeypatch.setattr(devices, "look", lambda *_, **__: devices.Devices())
    bench.firmware = "B"
    assert cli.main(["devices", *arguments]) == 5
    assert "another firmware runs" in capsys.readouterr().out
    assert bench.file.exists()


def test_devices_ends_with_5_over_a_journal_that_cannot_be_read(bench, capsys, monkeypatch):
    from harness.commands import devices

    monkeypatch.setattr(devices, "look", lambda *_, **__: devices.Devices())
    bench.file.write_text('{"schema": "bandproof.journal/9"}')
    assert cli.main(["devices"]) == 5
    assert "cannot be read" in capsys.readouterr().out


def test_a_device_that_is_not_there_is_told_and_is_no_trouble_of_the_list(bench, capsys, monkeypatch):
    from harness.commands import devices

    monkeypatch.setattr(devices, "look", lambda *_, **__: devices.Devices())
    bench.plugged = False
    assert cli.main(["devices"]) == 0
    assert "not plugged in" in capsys.readouterr().out
    assert bench.file.exists()
