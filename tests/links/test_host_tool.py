"""Tools of the host as links: what is sent, how a process ends, what its failures become."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.errors import AnswerTimeout, CommandRefused, DeviceAbsent, LinkError, NoPermission, PortBusy, UsageError
from harness.links import host_tool
from harness.links.addresses import parse_address
from harness.links.host_tool import (
    HostTools,
    ReplayTools,
    ToolMissing,
    command_line,
    is_query,
    open_tools,
)
from harness.links.opening import open_link
from harness.links.recorded import RecordingTools
from harness.probes.qmi.session import MBIM_PLAN, MODEM_LIST, QMI_PLAN, TUNNEL_PLAN, read_modem
from harness.recording.exchange import Exchange, Recording, RecordingInfo
from harness.recording.files import load_recording
from harness.recording.writer import RecordingWriter

EVERYTHING = (*QMI_PLAN, *MBIM_PLAN, *TUNNEL_PLAN, MODEM_LIST, "mmcli -m 0 -J")


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Puts a shell script in the place of a tool: process handling is what is tested with it, not the tool."""
    place = tmp_path / "bin"
    place.mkdir()
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}/usr/bin{os.pathsep}/bin")

    def make(name: str, body: str) -> None:
        file = place / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)

    return make


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def modem(mode="qmi") -> HostTools:
    return HostTools(f"{mode}:/dev/cdc-wdm0", mode, "/dev/cdc-wdm0")


# What is sent


def test_all_that_a_plan_asks_is_on_the_list_of_queries():
    assert all(is_query(command) for command in EVERYTHING)


@pytest.mark.parametrize(
    "command",
    [
        "qmicli --dms-set-operating-mode=offline",
        "qmicli --dms-reset",
        "qmicli --nas-set-system-selection-preference=lte",
        "qmicli --nas-network-scan",
        "qmicli --nas-get-rf-band-info --dms-reset",
        "qmicli --nas-get-rf-band-info; reboot",
        "qmicli --uim-verify-pin=PIN1,1234",
        "qmicli -d /dev/cdc-wdm1 --nas-get-rf-band-info",
        "mbimcli --set-radio-state=off",
        "mbimcli --connect=apn=x",
        "mbimcli --query-visible-providers",
        "mmcli -m 0 --disable",
        "mmcli -m 0 --command=AT!RESET",
        "mmcli -m any -J",
        "",
    ],
)
def test_everything_else_is_refused_before_a_process_starts(command):
    assert not is_query(command)
    with pytest.raises(CommandRefused):
        modem().query(command, deadline_s=soon())


@pytest.mark.parametrize("command", EVERYTHING)
def test_the_real_tools_take_every_command_line(command):
    """A device that is not there is what they complain of, and not an option that they do not know."""
    mode = "mbim" if "mbim" in command else "qmi"
    words = command_line(command, mode, "/dev/bandproof-no-such-port")
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    ended = subprocess.run(words, capture_output=True, text=True, timeout=20, check=False)
    assert ended.returncode != 0 or words[0] == "mmcli"
    assert "nknown option" not in ended.stderr
    assert "too many" not in ended.stderr
    if words[0] != "mmcli":
        assert "No such file or directory" in ended.stderr


def test_the_port_is_shared_through_the_proxy_and_the_request_does_not_name_it():
    assert command_line(QMI_PLAN[0], "qmi", "/dev/cdc-wdm0") == [
        "qmicli",
        "--device=/dev/cdc-wdm0",
        "--device-open-proxy",
        "--dms-get-band-capabilities",
    ]


# How a process ends


def test_output_exit_code_and_errors_are_kept_apart(stand_in):
    stand_in("qmicli", 'echo "[/dev/cdc-wdm0] $*"; echo "error: NotSupported" >&2; exit 1')
    exchange = modem().query(QMI_PLAN[0], deadline_s=soon())
    assert exchange.request == "qmicli --dms-get-band-capabilities"
    assert exchange.text.startswith("[/dev/cdc-wdm0] --device=/dev/cdc-wdm0 --device-open-proxy")
    assert (exchange.exit_code, exchange.stderr) == (1, b"error: NotSupported\n")


def test_a_tool_that_does_not_end_is_ended_at_its_deadline_with_what_it_said(stand_in):
    stand_in("qmicli", "echo half; exec sleep 60")
    start = time.monotonic()
    with pytest.raises(AnswerTimeout) as caught:
        modem().query(QMI_PLAN[0], deadline_s=soon(0.4))
    assert time.monotonic() - start < 4
    assert caught.value.raw == b"half\n"


def test_a_tool_that_will_not_be_ended_politely_is_killed(stand_in, monkeypatch):
    monkeypatch.setattr(host_tool, "_LET_GO_S", 0.2)
    stand_in("qmicli", "trap '' TERM; echo x; while :; do :; done")
    start = time.monotonic()
    with pytest.raises(AnswerTimeout):
        modem().query(QMI_PLAN[0], deadline_s=soon(0.3))
    assert time.monotonic() - start < 4


def test_no_tool_is_started_when_the_time_is_over(stand_in, tmp_path):
    stand_in("qmicli", f"echo x >> {tmp_path / 'started'}")
    start = time.monotonic()
    with pytest.raises(AnswerTimeout) as caught:
        modem().query(QMI_PLAN[0], deadline_s=time.monotonic())
    assert time.monotonic() - start < 0.05
    assert not (tmp_path / "started").exists()
    assert (caught.value.raw, caught.value.command) == (b"", QMI_PLAN[0])


def test_a_modem_whose_tool_waits_to_give_its_client_back_takes_a_second_over_its_deadline(stand_in):
    """At SIGTERM qmicli cancels what it does and asks the modem to free its client: 10 s, of one that is silent."""
    stand_in("qmicli", "trap 'echo cancelling the operation... >&2' TERM; while :; do sleep 0.05; done")
    stand_in("mmcli", "exit 1")
    start = time.monotonic()
    reading = read_modem(modem(), deadline_s=soon(0.5))
    assert time.monotonic() - start < 0.5 + 1.6
    assert len(reading.warnings) == 2


def test_a_program_that_ends_while_a_tool_is_asked_leaves_no_tool_behind(stand_in, tmp_path):
    """A run that is stopped does not wait for the threads of its devices."""
    stand_in("qmicli", f"echo $$ > {tmp_path / 'pid.new'}; mv {tmp_path / 'pid.new'} {tmp_path / 'pid'}; exec sleep 60")
    program = (
        "import threading, time\n"
        "from pathlib import Path\n"
        "from harness.links.host_tool import HostTools\n"
        "link = HostTools('qmi:/dev/cdc-wdm0', 'qmi', '/dev/cdc-wdm0')\n"
        "ask = lambda: link.query('qmicli --dms-get-model', deadline_s=time.monotonic() + 30)\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "pause, until = threading.Event(), time.monotonic() + 15\n"
        f"while not Path({str(tmp_path / 'pid')!r}).exists() and time.monotonic() < until: pause.wait(0.01)\n"
    )
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=20, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_proxy_that_the_tool_leaves_behind_holds_nothing_up(stand_in):
    stand_in("qmicli", "sleep 3 & echo done")
    start = time.monotonic()
    assert modem().query(QMI_PLAN[0], deadline_s=soon()).text == "done\n"
    assert time.monotonic() - start < 2


def test_a_tool_that_is_not_there_names_its_package(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="apt install libqmi-utils"):
        modem().query(QMI_PLAN[0], deadline_s=soon())
    with pytest.raises(ToolMissing, match="apt install libmbim-utils"):
        modem("mbim").query(MBIM_PLAN[0], deadline_s=soon())


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("couldn't create QmiDevice: Error when getting information for file: No such file or directory", DeviceAbsent),
        ("couldn't open the QmiDevice: Cannot open device file: Permission denied", NoPermission),
        ("couldn't open the QmiDevice: Device or resource busy", PortBusy),
        ("couldn't open the MbimDevice: Operation timed out", AnswerTimeout),
        ("couldn't open the QmiDevice: Couldn't spawn the qmi-proxy", LinkError),
    ],
)
def test_a_port_that_does_not_open_is_an_error_of_its_own(stand_in, told, kind):
    stand_in("qmicli", f'echo "error: {told}" >&2; exit 1')
    with pytest.raises(LinkError) as caught:
        modem().query(QMI_PLAN[0], deadline_s=soon())
    assert type(caught.value) is kind
    assert caught.value.way_out


# Addresses


@pytest.mark.parametrize("text", ["qmi:/dev/cdc-wdm0", "mbim:/dev/wwan0mbim0", "qmi:qrtr://0"])
def test_addresses(text):
    assert (parse_address(text).kind, parse_address(text).value) == ("qmi", text)


@pytest.mark.parametrize("text", ["qmi:", "qmi:cdc-wdm0", "mbim:/etc/passwd", "qmi:/dev/cdc-wdm0 -v"])
def test_what_can_be_no_port_is_a_usage_error(text):
    with pytest.raises(UsageError, match="QMI or MBIM port"):
        parse_address(text)


def test_a_port_that_is_not_there_is_absent():
    with pytest.raises(DeviceAbsent, match="is not there"):
        open_tools("qmi:/dev/bandproof-no-such-port")


# Recording and replay


def test_exchanges_are_written_as_they_happen_and_replay(stand_in, tmp_path):
    stand_in("qmicli", "case $3 in *rf-band*) exec sleep 30;; esac; echo \"[/dev/cdc-wdm0] x: 'y'\"")
    writer = RecordingWriter(tmp_path / "run", RecordingInfo("m", "recorded", address="qmi:/dev/cdc-wdm0"))
    link = RecordingTools(modem(), writer)
    link.query(QMI_PLAN[0], deadline_s=soon())
    with pytest.raises(AnswerTimeout):
        link.query("qmicli --nas-get-rf-band-info", deadline_s=soon(0.3))
    writer.finish()
    recording = load_recording(tmp_path / "run")
    assert recording.info.address == "qmi:/dev/cdc-wdm0"
    replay = open_link(parse_address(str(tmp_path / "run")))
    assert isinstance(replay, ReplayTools)
    assert (replay.mode, replay.port) == ("qmi", "cdc-wdm0")
    assert replay.query(QMI_PLAN[0], deadline_s=0).text == "[/dev/cdc-wdm0] x: 'y'\n"
    assert replay.query("qmicli --nas-get-rf-band-info", deadline_s=0).error.kind == "AnswerTimeout"
    assert replay.query("qmicli --dms-get-model", deadline_s=0) is None


def test_what_the_tools_tell_of_a_person_is_not_written(tmp_path):
    told = (
        '{"modem":{"3gpp":{"imei":"490154203237518"},"generic":{"own-numbers":["15551234567"],'
        '"device-identifier":"0123456789abcdef0123456789abcdef01234567"}}}\n'
        "  Numbers  |  own: 15551234567\n  General  |  device id: 0123456789abcdef0123456789abcdef01234567\n"
        "\t   IMEI: '490154203237518'\n\tGlobal Cell ID: '29519105'\n\tTracking Area Code: '8201'\n\tServing Cell ID: '211'\n"
    )
    writer = RecordingWriter(tmp_path / "run", RecordingInfo("m", "recorded"), cells=True)
    written = writer.append("qmi", Exchange("mmcli -m 0 -J", told.encode(), 0, b"")).text
    for personal in ("3237518", "5551234567", "abcdef", "29519105", "8201"):
        assert personal not in written
    assert "49015420" in written
    assert "Serving Cell ID: '211'" in written


# Asking a whole modem


def replay(*answers: tuple[str, str, int]) -> ReplayTools:
    exchanges = tuple(
        Exchange(request, text.encode(), exit_code=code, stderr=b"error: no") for request, text, code in answers
    )
    return ReplayTools(Recording(RecordingInfo("m", "composed"), {"qmi": exchanges}))


MODEM = '{{"modem":{{"generic":{{"ports":["{port} (mbim)","wwan0 (net)"],"supported-bands":["eutran-{band}"]}}}}}}'


def test_modem_manager_is_asked_where_qmi_tells_no_bands_and_only_the_modem_with_the_port_counts():
    reading = read_modem(
        replay(
            (
                "mbimcli --query-registration-state",
                "[/dev/cdc-wdm7] Registration status:\n\tRegister state: 'home'\n",
                0,
            ),
            (TUNNEL_PLAN[0], "", 1),
            (
                MODEM_LIST,
                '{"modem-list":["/org/freedesktop/ModemManager1/Modem/0","/org/freedesktop/ModemManager1/Modem/3"]}',
                0,
            ),
            ("mmcli -m 0 -J", MODEM.format(port="cdc-wdm0", band=1), 0),
            ("mmcli -m 3 -J", MODEM.format(port="cdc-wdm7", band=20), 0),
        ),
        deadline_s=soon(),
    )
    assert [f.bands for f in reading.observations if f.kind == "supported_bands"] == [(20,)]
    assert any(TUNNEL_PLAN[0] in warning for warning in reading.warnings)


def test_a_refused_query_is_a_warning_and_the_rest_is_read():
    reading = read_modem(
        replay((QMI_PLAN[0], "[/dev/cdc-wdm0] x\n\tLTE bands (extended): '3'\n", 0), ("qmicli --dms-get-model", "", 1)),
        deadline_s=soon(),
    )
    assert [f.kind for f in reading.observations] == ["supported_bands"]
    assert any("--dms-get-model: no" in warning for warning in reading.warnings)


def test_a_silent_modem_is_not_asked_everything(stand_in, monkeypatch):
    monkeypatch.setattr(host_tool, "COMMAND_S", 0.2)
    stand_in("qmicli", "exec sleep 30")
    stand_in("mmcli", "exit 1")
    start = time.monotonic()
    reading = read_modem(modem(), deadline_s=soon(20))
    topics = ["supported", "enabled", "serving", "registration"]
    assert [(item.kind, item.what) for item in reading.observations] == [("unread", topic) for topic in topics]
    assert len(reading.warnings) == 2
    assert time.monotonic() - start < 4


def test_without_any_tool_the_reading_fails_with_the_way_out(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="apt install"):
        read_modem(modem(), deadline_s=soon())
