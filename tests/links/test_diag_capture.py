"""A capture ends, in time and with its reason, whatever SCAT does; and leaves no child, no port and no thread."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import threading
import time
from pathlib import Path

import pytest
from usb_trees import plant

from harness.errors import UsageError
from harness.links.diag import capture as diag_capture
from harness.links.diag import scat_child
from harness.links.diag.capture import capture_diag
from harness.links.diag.gsmtap import Datagram, GsmtapReceiver, as_pcap
from harness.links.diag.port import diag_port_of
from harness.links.diag.scat_child import ScatChild, build_in, doubts_in, scat_program, trouble_in
from harness.links.usb.tree import VARIABLE, usb_device

START = 'echo "2026-11-29 scat.qualcommparser (prepare_diag) INFO: Starting diag"'
ON_INT = "trap 'echo Stopping diag; exit 0' INT"
WAIT = "while :; do read -t 0.1 -u 9 x; done 9<>/dev/null 2>/dev/null"


@pytest.fixture
def port(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    monkeypatch.setattr(diag_capture, "MASKS_S", 0.1)
    monkeypatch.setattr(diag_capture, "LAST_PACKETS_S", 0.1)
    monkeypatch.setattr(diag_capture, "START_S", 2.0)
    monkeypatch.setattr(scat_child, "END_S", 1.0)
    plant(tmp_path, "3-1", [(0, "ff/ff/30", 2)])
    node = tmp_path / "dev" / "bus" / "usb" / "003"
    node.mkdir(parents=True)
    (node / "027").touch()
    return diag_port_of(usb_device("3-1"))


def program(tmp_path: Path, *lines: str) -> str:
    """A SCAT of the test's own. Its process id stands in a file."""
    file = tmp_path / "scat"
    file.write_text("\n".join(["#!/bin/bash", f"echo $$ > {tmp_path}/pid", *lines, ""]))
    file.chmod(0o755)
    return str(file)


SEND = """for a in "$@"; do [ "$p" = -P ] && u=$a; p=$a; done; echo -n packet > /dev/udp/127.0.0.1/$u"""


def run(port, scat: str, *, attach=lambda: None, wait_s: float = 1.5):
    threads, files, start = threading.active_count(), open_files(), time.monotonic()
    found = capture_diag(
        port, scat, attach=attach, enough=lambda datagrams, _: bool(datagrams), settle_s=0.1, wait_s=wait_s,
        deadline_s=time.monotonic() + 20,
    )  # fmt: skip
    assert time.monotonic() - start < 10
    assert threading.active_count() == threads
    assert open_files() == files
    return found


def open_files() -> int | None:
    """Files, pipes and sockets of this process; None where the system does not tell."""
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else None


def is_gone(tmp_path: Path) -> bool:
    pid = int((tmp_path / "pid").read_text())
    return not Path(f"/proc/{pid}").exists()


def test_packets_are_collected_and_scat_is_ended_by_sigint(port, tmp_path):
    build = "echo 'Radio 0: Build ID: MPSS.TEST.1'"
    found = run(port, program(tmp_path, ON_INT, build, START, "sleep 0.3", SEND, WAIT))
    assert (found.end, found.why) == ("enough", "")
    assert [one.payload for one in found.datagrams] == [b"packet"]
    assert found.said[-1] == "Stopping diag"
    assert found.build == "MPSS.TEST.1"
    assert is_gone(tmp_path)


def test_the_attach_begins_after_scat_listens(port, tmp_path):
    told = []
    run(port, program(tmp_path, ON_INT, START, "sleep 0.3", SEND, WAIT), attach=lambda: told.append(1))
    assert told == [1]
    told.clear()
    run(port, program(tmp_path, ON_INT, WAIT), attach=lambda: told.append(1))
    assert told == []


@pytest.mark.parametrize(
    ("lines", "end", "words"),
    [
        ((ON_INT, WAIT), "never_started", "to start within"),
        ((ON_INT, START, WAIT), "nothing", "said nothing"),
        (("trap '' INT", START, WAIT), "nothing", "said nothing"),
        (
            ("echo 'usb.core.USBError: [Errno 13] Access denied (insufficient permissions)'", "exit 1"),
            "refused",
            "may not open",
        ),
        (("echo 'usb.core.USBError: [Errno 16] Resource busy'", "exit 1"), "refused", "another program"),
        (("echo 'ValueError: Device not found'", "exit 1"), "refused", "not there any more"),
        (("echo 'IndexError: Invalid interface index'", "exit 1"), "refused", "other interfaces"),
        ((START, "exit 0"), "refused", "Starting diag"),
        (("exit 3",), "refused", "it said nothing"),
    ],
)
def test_each_other_end_has_its_reason(port, tmp_path, lines, end, words):
    found = run(port, program(tmp_path, *lines))
    assert found.end == end
    assert words in found.why
    assert found.way_out
    assert is_gone(tmp_path)


def test_the_last_words_of_one_that_ends_between_two_looks_are_taken(port, tmp_path, monkeypatch):
    monkeypatch.setattr(ScatChild, "has_ended", property(lambda child: child._process.wait() is not None))
    found = run(port, program(tmp_path, "sleep 0.2", START, "exit 0"))
    assert (found.end, "Starting diag" in found.why) == ("refused", True), found.why


def test_a_port_that_vanishes_is_noticed_though_scat_says_nothing(port, tmp_path):
    found = run(
        port, program(tmp_path, ON_INT, START, WAIT), attach=lambda: shutil.rmtree(port.interface.folder), wait_s=9.0
    )
    assert found.end == "gone"
    assert is_gone(tmp_path)


def test_an_attach_that_fails_leaves_no_child(port, tmp_path):
    def attach() -> None:
        raise UsageError("no")

    with pytest.raises(UsageError):
        run(port, program(tmp_path, ON_INT, START, WAIT), attach=attach)
    assert is_gone(tmp_path)


def test_a_flood_of_words_neither_blocks_nor_fills_memory(port, tmp_path):
    found = run(port, program(tmp_path, ON_INT, START, "head -c 3000000 /dev/zero | tr '\\0' x", "echo", WAIT))
    assert found.end == "nothing"
    assert is_gone(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_port_that_may_not_be_opened_is_told_before_scat_is_run(port, tmp_path):
    port.node.chmod(0)
    found = run(port, program(tmp_path, "exit 0"))
    assert found.end == "refused"
    assert not (tmp_path / "pid").exists()


def test_the_second_sim_is_heard_on_the_next_address(tmp_path):
    receiver = GsmtapReceiver()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.sendto(b"first", ("127.0.0.1", receiver.port))
        one.sendto(b"second", ("127.0.0.2", receiver.port))
    until = time.monotonic() + 5
    found: list[Datagram] = []
    while len(found) < 2 and time.monotonic() < until:
        found += receiver.take()
    receiver.close()
    assert sorted((one.radio, one.payload) for one in found) == [(0, b"first"), (1, b"second")]


def test_the_capture_file_is_one_that_others_read():
    data = as_pcap([Datagram(1, 1_700_000_000.25, b"\x02\x04x")])
    assert struct.unpack_from("<IHHiIII", data)[-1] == 228
    assert struct.unpack_from("<II", data, 24) == (1_700_000_000, 250_000)
    assert data[40] == 0x45
    assert socket.inet_ntoa(data[52:56]) == "127.0.0.2"
    assert data.endswith(b"\x02\x04x")


def test_scat_that_is_not_there_is_told_with_the_way_out(monkeypatch):
    monkeypatch.delenv(scat_child.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(UsageError) as error:
        scat_program()
    assert error.value.way_out == "pipx install signalcat"
    with pytest.raises(UsageError, match="no program /nonexistent/scat"):
        scat_program("/nonexistent/scat")


def test_only_what_was_said_after_the_start_is_a_doubt():
    early = ["x WARNING: CRC mismatch: expected 0x1, got 0x2", "x INFO: Starting diag"]
    assert doubts_in(early) == ()
    late = [*early, "y WARNING: Unknown NR RRC OTA Message packet version 0x99", "z INFO: fine"]
    assert doubts_in(late) == ("Unknown NR RRC OTA Message packet version 0x99",)


def test_words_of_real_runs(captures_dir):
    folder = captures_dir / "unrooted"
    said = (folder / "001-scat-live-ue-capability" / "stdout.txt").read_text().splitlines()
    assert build_in(said) == "MPSS.XX.0.0-00001-TEST_GEN-"
    assert doubts_in(said) == ()
    for block in (folder / "003-scat-failures" / "terminal.txt").read_text().split("$ ")[2:]:
        why, way_out = trouble_in(block.splitlines())
        assert why
        assert way_out
