"""Clients that nobody here wrote read the shipped fixtures, and what they ask first is answered."""

import shutil
import subprocess
import time
from pathlib import Path

import modem_manager
import pytest
import serial
from recordings import at_answer, modem_recording

from harness.recording.exchange import Exchange
from harness.simulation import kit
from harness.simulation.modem.base import parts_of_joined

FIXTURES = Path(__file__).parents[2] / "fixtures"
MODEMS = [
    folder.name
    for folder in sorted(FIXTURES.iterdir())
    if (folder / "at.yaml").is_file() and not (folder / "adb.yaml").is_file() and not (folder / "sweep.yaml").is_file()
]
"""A recorded sweep asks for nothing but what it changes."""
QUICK = kit.ModemOptions(latency_s=0)


@pytest.mark.parametrize("name", MODEMS)
def test_gammu_identifies_a_shipped_modem(name, tmp_path):
    if shutil.which("gammu") is None:
        pytest.skip("gammu is not installed here")
    with kit.serve_modem(kit.read_recording(f"fixture:{name}"), "pty", options=QUICK) as served:
        settings = tmp_path / "gammurc"
        settings.write_text(f"[gammu]\ndevice={served.address}\nconnection=at\n")
        command = ["gammu", "-c", str(settings), "identify"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in done.stdout.splitlines())}
    assert told["Manufacturer"] == "Quectel"
    assert "RM520N-GL" in told["Model"]
    assert told["Firmware"] == "RM520NGLAAR03A03M4G"


@pytest.mark.parametrize("name", MODEMS)
def test_modem_manager_takes_a_shipped_modem_for_one(name, tmp_path):
    if missing := modem_manager.missing():
        pytest.skip(f"not installed here: {', '.join(missing)}")
    try:
        with (
            modem_manager.ModemManager(tmp_path) as judge,
            kit.serve_modem(kit.read_recording(f"fixture:{name}"), "unix", options=QUICK) as served,
        ):
            told = judge.adopt("shipped", "quectel", served.address)
    except modem_manager.CannotStart as error:
        pytest.skip(str(error))
    assert told.value("modem.generic.manufacturer") == "Quectel"
    assert told.value("modem.generic.model") == "RM520N-GL"
    assert told.value("modem.generic.state") in {"disabled", "enabled", "registered"}


def ask(port, command):
    port.write(f"{command}\r".encode())
    answer, until = b"", time.monotonic() + 3
    while not answer.rstrip().endswith((b"OK", b"ERROR", b": 100")) and time.monotonic() < until:
        answer += port.read(port.in_waiting or 1)
    return answer.decode().replace("\r\n", "\n").strip()


def test_parts_of_joined_commands_are_served_alone():
    joined = 'AT+QNWPREFCFG="lte_band";+QNWPREFCFG="nr5g_band";+CEREG?;+CPIN?'
    answer = '+QNWPREFCFG: "lte_band",1:2\n\n+QNWPREFCFG: "nr5g_band",71\n\n+CEREG: 0,1\n\n+CPIN: READY\n\nOK\n'
    recording = modem_recording("joined", {joined: tuple(answer.splitlines()[:-1])})
    options = kit.ModemOptions(latency_s=0, echo=False)
    with (
        kit.serve_modem(recording, "pty", options=options) as served,
        serial.Serial(served.address, timeout=0.2) as port,
    ):
        assert ask(port, 'AT+QNWPREFCFG="nr5g_band"') == '+QNWPREFCFG: "nr5g_band",71\n\nOK'
        assert ask(port, "AT+CPIN?") == "+CPIN: READY\n\nOK"
        assert ask(port, "AT+CEREG=2") == "OK"
        assert ask(port, "AT+CEREG?").startswith("+CEREG: 2,1")
        assert ask(port, 'AT+QNWPREFCFG="gw_band"') == "ERROR"


@pytest.mark.parametrize(
    ("request_", "response"),
    [
        ("ATI;+CGMM", b"\r\nQuectel\r\n\r\nRM520N-GL\r\n\r\nOK\r\n"),
        ("AT+CPIN?;+CSQ", b"\r\n+CPIN: READY\r\n\r\nERROR\r\n"),
        ("AT+CPIN?;+CSQ", b"\r\n+CPIN: READY\r\n"),
    ],
)
def test_what_no_line_tells_of_a_part_is_not_made_up(request_, response):
    assert parts_of_joined([Exchange(request_, response)]) == {}


def test_the_base_states_nothing_that_was_recorded_otherwise():
    answers = {"AT+CSQ": ("+CSQ: 21,99",), "AT+CGMM": at_answer(final="ERROR"), "ATI": ("A", "B")}
    recording = modem_recording("own", answers)
    options = kit.ModemOptions(latency_s=0, echo=False)
    with (
        kit.serve_modem(recording, "pty", options=options) as served,
        serial.Serial(served.address, timeout=0.2) as port,
    ):
        assert ask(port, "AT+CSQ") == "+CSQ: 21,99\n\nOK"
        assert ask(port, "AT+CGMM") == "ERROR"
        assert ask(port, "AT+CGMI") == "A\n\nOK"
        assert ask(port, 'AT+CSCS="GSM"') == "OK"
        assert ask(port, "AT+CSCS?") == '+CSCS: "GSM"\n\nOK'
        assert ask(port, "AT+CREG?") == "ERROR"
