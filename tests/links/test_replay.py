"""A recording answers in order, repeats its last answer, and does not invent any."""

import pytest

from harness.at_commands import at_key
from harness.errors import UsageError
from harness.links.addresses import parse_address
from harness.links.base import AtLink, ShellLink
from harness.links.opening import open_link
from harness.links.replay import ReplayAt, ReplayShell
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo
from harness.recording.files import load_recording
from harness.recording.writer import RecordingWriter

INFO = RecordingInfo(id="x", provenance="composed")


def recording(kind, *exchanges):
    return Recording(INFO, {kind: tuple(Exchange(request, answer.encode()) for request, answer in exchanges)})


def test_answers_come_in_order_and_the_last_repeats():
    link = ReplayShell(recording("adb", ("a", "1"), ("b", "x"), ("a", "2")))
    assert isinstance(link, ShellLink)
    assert [e and e.text for e in link.run(["a", "a", "b", "a", "c"], deadline_s=0)] == ["1", "2", "x", "2", None]


def test_at_requests_compare_as_a_modem_compares_them():
    link = ReplayAt(recording("at", ('AT+QCFG="band"', "1"), ("AT+COPS?", "2")))
    assert isinstance(link, AtLink)
    assert link.ask('at+qcfg="band"', deadline_s=0).text == "1"
    assert link.ask(" AT + cops? ", deadline_s=0).text == "2"
    assert link.ask('AT+QCFG="Band"', deadline_s=0) is None
    assert link.ask("AT+COPS=?", deadline_s=0) is None
    assert at_key('at+x="a b",c') == 'AT+X="a b",C'


def test_errors_are_replayed():
    cut = Exchange("a", b"half", error=Interruption("DeviceGone", "x"))
    assert ReplayShell(Recording(INFO, {"adb": (cut,)})).run(["a"], deadline_s=0) == [cut]


def test_a_link_without_recording_observes_nothing():
    assert ReplayAt(recording("adb", ("a", "1"))).ask("AT", deadline_s=0) is None


def test_open_link_replays_and_records_what_it_replays(tmp_path):
    with RecordingWriter(tmp_path / "one", INFO) as out:
        out.append("adb", Exchange("getprop", b"[a]: [b]\n", 0, b"", 1.0))
        out.append("at", Exchange("AT", b"\r\nOK\r\n", elapsed_ms=1.0))
    address = parse_address(str(tmp_path / "one"))
    assert isinstance(open_link(address), ReplayShell)
    assert isinstance(open_link(address, want="at"), ReplayAt)
    with RecordingWriter(tmp_path / "two", INFO) as out:
        shell, at = open_link(address, record_to=out), open_link(address, want="at", record_to=out)
        assert shell.run(["getprop", "absent"], deadline_s=0)[1] is None
        assert at.ask("AT", deadline_s=0).text == "\r\nOK\r\n"
        assert at.ask("AT+X?", deadline_s=0) is None
        assert (shell.address, at.address) == (str(tmp_path / "one"),) * 2
        assert load_recording(tmp_path / "two").links["at"], "written before the recording is finished"
    assert load_recording(tmp_path / "two").links == load_recording(tmp_path / "one").links


def test_a_bench_name_needs_its_file():
    with pytest.raises(UsageError, match="bench"):
        open_link(parse_address("bench:mi-mix-2"))
