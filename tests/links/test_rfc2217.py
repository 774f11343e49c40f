"""`rfc2217://` against ser2net as Debian has it: a terminal server that nobody here wrote."""

import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

from harness.links.at.opening import _without_control
from harness.links.at.port import open_at
from harness.simulation import kit
from harness.survey.reading import read_device

SER2NET = shutil.which("ser2net", path="/usr/sbin:/usr/bin:/sbin:/bin")
pytestmark = pytest.mark.skipif(SER2NET is None, reason="ser2net is not installed here")
MODEM = "fixture:quectel-rm520n-gl"


@pytest.fixture
def terminal_server(tmp_path):
    """The address of a modem behind ser2net."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with kit.serve_modem(kit.read_recording(MODEM), "pty", options=kit.ModemOptions(latency_s=0)) as served:
        settings = tmp_path / "ser2net.yaml"
        settings.write_text(
            "%YAML 1.1\n---\nconnection: &modem\n"
            f"  accepter: telnet(rfc2217),tcp,127.0.0.1,{port}\n"
            f"  connector: serialdev,{served.address},115200n81,local\n"
        )
        command = [SER2NET, "-n", "-c", str(settings), "-P", str(tmp_path / "pid")]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 10
            while not listens(port):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.05)
            yield f"rfc2217://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def listens(port):
    """By the system's own table: a connection that is closed at once would take the port's only place."""
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()


def test_a_modem_is_read_as_on_its_own_tty(terminal_server):
    behind = read_device(terminal_server)
    assert behind.trouble is None
    with kit.serve_modem(kit.read_recording(MODEM), "pty", options=kit.ModemOptions(latency_s=0)) as served:
        own = read_device(served.address)
    assert [one.request for _, one in behind.exchanges] == [one.request for _, one in own.exchanges]
    facts = [[(one.kind, getattr(one, "bands", None)) for one in survey.observations] for survey in (behind, own)]
    assert facts[0] == facts[1]
    assert behind.dialect == own.dialect == "quectel"


def test_the_first_answer_is_never_lost(terminal_server):
    for _ in range(4):
        link = open_at(terminal_server)
        try:
            assert b"RM520N-GL" in link.ask("ATI", deadline_s=time.monotonic() + 3).response
        finally:
            link.close()


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("rfc2217://lab:4000", "rfc2217://lab:4000?ign_set_control"),
        ("rfc2217://lab:4000?logging=debug", "rfc2217://lab:4000?logging=debug&ign_set_control"),
        ("rfc2217://lab:4000?ign_set_control", "rfc2217://lab:4000?ign_set_control"),
    ],
)
def test_no_answer_to_rts_and_dtr_is_waited_for(url, opened):
    assert _without_control(url) == opened
