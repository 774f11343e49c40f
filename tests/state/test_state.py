"""Items, gate, journal and the way back, each with what must not be possible."""

from __future__ import annotations

import errno
import json
import time

import pytest
from file_device import BANDS, ITEMS, MODE, START, SWITCH, FileDevice, gated

from harness.errors import CommandRefused, DeviceGone, PortBusy, StateError
from harness.recording.exchange import Exchange, Interruption
from harness.state import journal as journal_module
from harness.state.change import change_item
from harness.state.gate import unique_items
from harness.state.journal import Journal, device_key, left_over
from harness.state.restore import put_back

KEY = device_key("at", "1")


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "journals"


@pytest.fixture
def journal(folder):
    opened = Journal(KEY, words="a modem", firmware="A", opened_by="a test", folder=folder)
    yield opened
    opened.close()


def soon() -> float:
    return time.monotonic() + 5


def changed(channel, item, value, journal, **more):
    return change_item(channel, item, value, journal, items=unique_items(ITEMS), deadline_s=soon(), **more)


def back(journal, device, *, firmware="A", **more):
    return put_back(
        journal, {"at": gated(device)}, unique_items(ITEMS), firmware=firmware, deadline_s=soon(), **more
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (b"\r\n+SW: 1\r\n\r\nOK\r\n", "on"),
        (b"\r\nOK\r\n", None),
        (b"\r\n+SW: 2\r\n\r\nOK\r\n", None),
        (b"+SW: 1\r\n+SW: 0\r\nOK\r\n", None),
        (b"+SW: 1\r\n+SW: 1\r\nOK\r\n", "on"),
    ],
)
def test_a_value_is_told_by_one_answer_only(answer, value):
    assert SWITCH.value_in(Exchange("AT+SW?", answer)) == value


def test_an_answer_that_was_cut_or_failed_tells_nothing():
    assert SWITCH.value_in(Exchange("AT+SW?", b"+SW: 1\r\n", error=Interruption("DeviceGone", "x"))) is None
    assert SWITCH.value_in(Exchange("AT+SW?", b"+SW: 1\r\n", exit_code=1)) is None
    assert SWITCH.value_in(None) is None


@pytest.mark.parametrize("value", ["", "3:", "3;AT+CFUN=0", "3\rAT+CFUN=0", "3\n", "all"])
def test_no_value_outside_the_description_makes_a_request(value):
    assert BANDS.request(value) is None
    assert BANDS.value_set_by(f"AT+BANDS={value}") is None


def test_the_gate_lets_read_forms_and_writes_of_its_items_through_and_nothing_else(tmp_path):
    device = FileDevice.new(tmp_path / "device")
    channel = gated(device)
    for request in ("AT+BANDS?", "AT+BANDS=3:7", "AT+SW=1"):
        channel.ask(request, deadline_s=soon())
    for request in ("AT+CFUN=0", "AT+SW=2", "AT+BANDS=", "AT+SW=1 ", "AT+SW=1;+CFUN=0", "AT+MODE=GSM"):
        with pytest.raises(CommandRefused):
            channel.ask(request, deadline_s=soon())
    assert device.heard == ["AT+BANDS?", "AT+BANDS=3:7", "AT+SW=1"]
    assert channel.writes == 2


def test_a_shut_gate_only_reads(tmp_path):
    channel = gated(FileDevice.new(tmp_path / "device"), opened_by="")
    channel.ask("AT+SW?", deadline_s=soon())
    with pytest.raises(CommandRefused):
        channel.ask("AT+SW=1", deadline_s=soon())


def test_nothing_is_written_beyond_what_the_device_has(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    channel = gated(device, bands=lambda value: value == "3")
    with pytest.raises(CommandRefused):
        changed(channel, BANDS, "71", journal)
    assert device.memory == START
    assert not journal.path.exists()


def test_a_change_is_in_the_journal_before_the_device_hears_of_it(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    channel = gated(device)
    seen = []
    ask = device.ask

    def watched(command, *, deadline_s):
        if "=" in command:
            seen.append(json.loads(journal.path.read_bytes())["changes"][-1]["state"])
        return ask(command, deadline_s=deadline_s)

    device.ask = watched
    assert changed(channel, SWITCH, "on", journal) == "off"
    assert seen == ["intent"]
    assert journal.page.open[0].state == "done"
    assert journal.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("item", "trap", "values"),
    [(SWITCH, "unreadable SW", {}), (MODE, "", {"MODE": "CDMA"}), (BANDS, "unreadable MODE", {})],
)
def test_what_could_not_be_put_back_is_refused_before_anything_is_written(tmp_path, journal, item, trap, values):
    device = FileDevice.new(tmp_path / "device", trap, **values)
    with pytest.raises(CommandRefused):
        changed(gated(device), item, {"switch": "on", "mode": "LTE", "bands": "3"}[item.name], journal)
    assert not any("=" in one for one in device.heard)
    assert not journal.path.exists()


def test_all_is_put_back_in_reverse_and_the_journal_struck(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    channel = gated(device)
    for item, value in ((SWITCH, "on"), (MODE, "LTE"), (BANDS, "3"), (BANDS, "7")):
        changed(channel, item, value, journal)
    device.heard.clear()
    results = back(journal, device)
    assert [(one.item, one.outcome) for one in results] == [
        ("bands", "restored"), ("mode", "restored"), ("switch", "restored"),
    ]  # fmt: skip
    assert device.memory == {**START, "BANDS": "1:3:7"}
    assert not journal.path.exists()


def test_what_a_write_carried_along_is_put_back_too(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device", "carries")
    changed(gated(device), BANDS, "3", journal)
    assert device.memory["MODE"] == "LTE"
    back(journal, device)
    assert device.memory["MODE"] == "AUTO"


def test_an_uncertain_write_is_read_before_anything_is_decided(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device", "lost_answer")
    with pytest.raises(DeviceGone):
        changed(gated(device), SWITCH, "on", journal)
    assert journal.page.open[0].state == "uncertain"
    device.traps = ()
    device.heard.clear()
    assert back(journal, device)[0].outcome == "restored"
    assert device.heard[0] == "AT+SW?"
    assert device.memory == START


def test_a_write_that_was_not_taken_is_an_error_and_needs_no_way_back(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device", "deaf")
    with pytest.raises(StateError, match="refused the write"):
        changed(gated(device), SWITCH, "on", journal)
    device.heard.clear()
    assert back(journal, device)[0].outcome == "unchanged"
    assert device.heard == ["AT+SW?"]


def test_an_item_whose_read_can_lie_is_written_back_in_any_case(tmp_path, journal):
    from dataclasses import replace

    lying = replace(SWITCH, read_can_lie=True)
    device = FileDevice.new(tmp_path / "device")
    changed(gated(device), SWITCH, "on", journal)
    device.ask("AT+SW=0", deadline_s=soon())
    device.heard.clear()
    items = {**unique_items(ITEMS), "switch": lying}
    put_back(journal, {"at": gated(device)}, items, firmware="A", deadline_s=soon())
    assert "AT+SW=0" in device.heard


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"firmware": "B"}, "another firmware"),
        ({"trap": "unreadable MODE"}, "cannot be read"),
        ({"trap": "deaf"}, "reads LTE after"),
        ({"MODE": "NR"}, "somebody else changed it"),
    ],
)
def test_what_is_in_doubt_is_blocked_and_kept(tmp_path, journal, spoil, why):
    device = FileDevice.new(tmp_path / "device")
    changed(gated(device), MODE, "LTE", journal)
    device.traps = (spoil.get("trap", ""),)
    if "MODE" in spoil:
        FileDevice.new(device.file, MODE=spoil["MODE"])
    before = device.memory
    (result,) = back(journal, device, firmware=spoil.get("firmware", "A"))
    assert result.outcome == "blocked"
    assert why in result.why
    assert device.memory == before
    assert json.loads(journal.path.read_bytes())["changes"][0]["state"] == "blocked"


def test_who_insists_has_a_foreign_value_overwritten(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    changed(gated(device), MODE, "LTE", journal)
    FileDevice.new(device.file, MODE="NR")
    assert back(journal, device, insist=True)[0].outcome == "restored"
    assert device.memory == START


def test_an_unknown_item_is_blocked(tmp_path, journal):
    device = FileDevice.new(tmp_path / "device")
    changed(gated(device), MODE, "LTE", journal)
    (result,) = put_back(journal, {"at": gated(device)}, {}, firmware="A", deadline_s=soon())
    assert result.outcome == "blocked"
    assert device.memory["MODE"] == "LTE"


def test_a_full_disk_stops_the_write_not_the_way_back(tmp_path, journal, monkeypatch):
    device = FileDevice.new(tmp_path / "device")
    changed(gated(device), SWITCH, "on", journal)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(journal_module, "write_atomically", full)
    with pytest.raises(StateError, match="No space left"):
        changed(gated(device), MODE, "LTE", journal)
    assert device.memory["MODE"] == "AUTO"
    assert back(journal, device)[0].outcome == "restored"
    assert device.memory == START


def test_two_runs_cannot_change_one_device(folder, journal):
    with pytest.raises(PortBusy):
        Journal(KEY, words="a modem", firmware="A", opened_by="another", folder=folder)


def test_a_journal_of_a_dead_process_is_carried_out_before_a_new_one(tmp_path, folder, journal):
    changed(gated(FileDevice.new(tmp_path / "device")), SWITCH, "on", journal)
    assert [one.held for one in left_over(folder)] == [True]
    journal.close()
    assert [one.held for one in left_over(folder)] == [False]
    with pytest.raises(StateError, match="did not put it back"):
        Journal(KEY, words="a modem", firmware="A", opened_by="a test", folder=folder)


@pytest.mark.parametrize("text", ["", "{", '{"schema": "bandproof.journal/9"}', "\0" * 400])
def test_a_journal_that_cannot_be_read_is_kept_and_told(folder, journal, text):
    journal.close()
    journal.path.write_text(text)
    (left,) = left_over(folder)
    assert left.page is None
    assert "cannot be read" in left.why
    with pytest.raises(StateError):
        Journal.taken_over(journal.path)
    assert journal.path.read_text() == text


def test_a_journal_of_another_version_is_not_carried_out(tmp_path, folder, journal):
    changed(gated(FileDevice.new(tmp_path / "device")), SWITCH, "on", journal)
    journal.close()
    journal.path.write_text(journal.path.read_text().replace("bandproof.journal/1", "bandproof.journal/2"))
    with pytest.raises(StateError, match="this version reads"):
        Journal.taken_over(journal.path)


def test_a_journal_tells_nothing_of_whose_device_it_is(journal):
    assert KEY in journal.path.name
    assert KEY != "1"
    assert device_key("at", "350000000000006") != device_key("adb", "350000000000006")
