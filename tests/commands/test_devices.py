"""`bandproof devices`: one line a device, its address first, every state with its way out, nothing disturbed."""

from __future__ import annotations

import argparse
import json
import socket
import threading
import time

import pytest
from made_up_machine import Machine, Vanish

from harness.commands import devices
from harness.commands.views.page import Page

LISTING = (
    "R58M12ABCDE            device usb:1-1 product:starltexx model:SM_G960F device:starlte transport_id:1\n"
    "0123456789AB           unauthorized usb:1-2 transport_id:2\n"
    "emulator-5554          offline transport_id:3\n"
    "A1B2C3D4               no permissions (user in plugdev group); see [http://developer.android.com] usb:1-3\n"
)


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """Locks of its own, and no adb server unless a test brings one."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:127.0.0.1:{unused.getsockname()[1]}")


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "machine")
    yield made
    made.close()


@pytest.fixture
def adb_server(monkeypatch):
    """A server that answers `host:devices-l`."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                if request := connection.recv(4096):
                    assert request == b"000ehost:devices-l"
                    connection.sendall(b"OKAY%04x%s" % (len(LISTING), LISTING.encode()))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:127.0.0.1:{listener.getsockname()[1]}")
    yield
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def em12(command):
    answers = {"ATI": "Quectel\r\nEM12-G\r\nRevision: EM12GPAR01A20M4G\r\n"}
    return f"{command}\r\r\n{answers.get(command, '')}\r\nOK\r\n".encode()


def shy(command):
    """A modem that tells no name."""
    return b"\r\nERROR\r\n"


def look(machine, within_s=3.0, **options):
    return devices.look(time.monotonic() + within_s, sys_root=machine.sys, dev_root=machine.dev, **options)


def lines_of(found, width=None):
    page = Page(width)
    devices._draw(page, found)
    return page.lines


def test_a_modem_is_one_entry_with_all_its_ports_and_an_address_to_paste(machine):
    for number, behave in enumerate((None, None, em12, em12)):
        machine.port(f"ttyUSB{number}", machine.pty(behave).path, ids="2c7c:0512", number=number)
    machine.link("usb-Quectel_EM12-if02-port0", "ttyUSB2")
    found = look(machine)
    (modem,) = found.modems
    assert (modem.manufacturer, modem.model, modem.firmware, modem.dialect) == (
        "Quectel",
        "EM12-G",
        "EM12GPAR01A20M4G",
        "quectel",
    )
    assert modem.address == str(machine.dev / "ttyUSB2")
    assert [f.port.role for f in modem.findings] == ["diag", "gps", "at", "data"]
    (line,) = [line for line in lines_of(found) if "EM12-G" in line]
    assert line.split()[0] == modem.address
    assert "dialect quectel" in line
    out = devices._as_json(found)
    assert out["modems"][0]["ports"][2]["links"] == [str(machine.dev / "serial/by-id/usb-Quectel_EM12-if02-port0")]
    assert not any(tty.got for tty in machine.ttys[:2])


def test_ports_that_do_not_answer_say_why_and_what_to_do(machine):
    machine.port("ttyUSB2", machine.pty().path, ids="2c7c:0512", number=2)
    machine.port("ttyUSB3", machine.pty(lambda _: Vanish).path, ids="2c7c:0800", bus="1-5", number=2)
    machine.port("ttyUSB4", machine.pty(shy).path, ids="2c7c:0800", bus="1-6", number=2)
    text = "\n".join(lines_of(look(machine, within_s=1.5)))
    assert "did not answer ATI" in text
    assert "went away" in text
    assert "no dialect knows it" in text


def test_strangers_are_named_and_left_alone_unless_the_user_says_otherwise(machine):
    adapter = machine.pty(em12)
    machine.port("ttyUSB0", adapter.path, ids="0403:6001")
    machine.port("ttyS0")
    (machine.sys / "class/tty/console/active").write_text("ttyS0\n")
    found = look(machine)
    assert found.modems == []
    assert adapter.got == b""
    text = "\n".join(lines_of(found))
    assert "FTDI" in text
    assert "--probe-all" in text
    assert f"--device={machine.dev / 'ttyUSB0'}" in text
    assert [modem.model for modem in look(machine, probe_all=True).modems] == ["EM12-G"]


def test_no_adb_server_is_said_and_none_is_started(machine, monkeypatch):
    found = look(machine)
    assert found.handsets == []
    assert any("no adb server answers" in note for note in found.notes)
    assert any("no serial port" in note for note in found.notes)
    monkeypatch.setenv("ADB_SERVER_SOCKET", "localfilesystem:/no/such/socket")
    assert any("no adb server answers" in note for note in look(machine).notes)


@pytest.mark.usefixtures("adb_server")
def test_every_state_of_a_handset_has_its_way_out(machine):
    found = look(machine)
    rows = {line.split()[0]: line for line in lines_of(found) if line.strip()}
    assert "SM G960F (starlte)" in rows["R58M12ABCDE"]
    assert "Allow" in rows["0123456789AB"]
    assert "replug" in rows["emulator-5554"]
    assert "udev" in rows["A1B2C3D4"]
    handsets = devices._as_json(found)["handsets"]
    assert [one["ready"] for one in handsets] == [True, False, False, False]
    assert [bool(one["way_out"]) for one in handsets] == [False, True, True, True]


def test_a_server_that_hangs_does_not_hold_up_the_rest(machine, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        monkeypatch.setenv("ADB_SERVER_SOCKET", f"tcp:127.0.0.1:{mute.getsockname()[1]}")
        machine.port("ttyUSB2", machine.pty(em12).path, ids="2c7c:0512", number=2)
        start = time.monotonic()
        found = look(machine, within_s=1.0)
        assert time.monotonic() - start < 1.5
    assert [modem.state for modem in found.modems] == ["answers"]
    assert any("in time" in note for note in found.notes)


def test_hostile_names_cannot_write_to_the_terminal(machine):
    def hostile(command):
        return f"{command}\r\r\nManufacturer: \x1b[2JEvil\r\nModel: \u202eX1\r\n\r\nOK\r\n".encode()

    machine.port("ttyUSB2", machine.pty(hostile).path, ids="2c7c:0512", number=2, product="\x1b]0;x\x07")
    text = "\n".join(lines_of(look(machine)))
    assert "Evil" in text
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_lines_fit_a_narrow_terminal(machine):
    for number in range(4):
        behave = em12 if number == 2 else None
        machine.port(f"ttyUSB{number}", machine.pty(behave).path, ids="2c7c:0512", number=number)
    machine.port("ttyUSB9", ids="0403:6001", bus="2-1")
    longest_word = max(len(word) for line in lines_of(look(machine, 1.0)) for word in line.split())
    assert all(len(line) <= max(44, longest_word + 6) for line in lines_of(look(machine, 1.0), 44))


def test_the_command_prints_json(machine, monkeypatch, capsys):
    machine.port("ttyUSB2", machine.pty(em12).path, ids="2c7c:0512", number=2)
    real = devices.look
    monkeypatch.setattr(devices, "look", lambda *a, **k: real(*a, sys_root=machine.sys, dev_root=machine.dev, **k))
    parser = argparse.ArgumentParser()
    devices.add(parser.add_subparsers())
    options = parser.parse_args(["devices", "--json", "--timeout=2"])
    assert options.run(options) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["schema"] == "bandproof.devices/1"
    assert out["modems"][0]["model"] == "EM12-G"
    options = parser.parse_args(["devices"])
    assert options.run(options) == 0
    assert "EM12-G" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        parser.parse_args(["devices", "--timeout=soon"])
