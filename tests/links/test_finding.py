"""Many ports at once: modems identified in time, and not one byte to what is no modem's AT port."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_machine import Machine, Vanish

from harness.errors import AnswerTimeout, NoPermission
from harness.links import finding, port_lock
from harness.links.at import opening as at_open
from harness.links.at.port import open_at
from harness.links.finding import ask_ports
from harness.links.port_lock import holders, holders_of
from harness.links.usb import serial_ports
from harness.links.usb.ids import layout_of, role_of
from harness.links.usb.serial_ports import SerialPort, list_serial_ports, serial_port_at

NMEA = b"$GPRMC,092204.999,A,4250.5589,S,14718.5084,E,0.00,89.68,211200,,*25\r\n"


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "machine")
    yield made
    made.close()


def em12(command):
    """A Quectel modem; echo on."""
    answers = {"ATI": b"Quectel\r\nEM12\r\nRevision: EM12GPAR01A20M4G\r\n", "AT+CGMM": b"EM12-G\r\n"}
    return command.encode() + b"\r\r\n" + answers.get(command, b"") + b"\r\nOK\r\n"


def found_on(machine, within_s=3.0, **options):
    """State and note by the port's name; and the findings."""
    ports = list_serial_ports(machine.sys, machine.dev)
    findings = ask_ports(ports, deadline_s=time.monotonic() + within_s, **options)
    return {Path(one.port.device).name: one for one in findings}


def test_roles_follow_from_the_interface_number_its_class_or_its_name():
    quectel, huawei = layout_of(0x2C7C, 0x0125), layout_of(0x12D1, 0x9999)
    assert [role_of(quectel, number) for number in range(5)] == ["diag", "gps", "at", "data", None]
    assert role_of(quectel, 7, words="Quectel NMEA") == "gps"
    assert huawei.kind == "mixed"
    assert role_of(huawei, 0, "FF0202") == "at"
    assert layout_of(0x1546, 0x01A8).kind == "gps"
    assert layout_of(0x1546, 0x1141).kind == "modem"
    assert layout_of(0x0403, 0x6001).kind == "adapter"
    assert layout_of(0x05C6, 0x9008).kind == "download"
    assert layout_of(0xFFFF, 0x0001) is None


def test_sysfs_tells_ports_ids_interfaces_and_stable_names_without_opening_one(machine):
    machine.port("ttyUSB10", ids="2c7c:0125", number=2)
    machine.port("ttyUSB2", ids="2c7c:0125", number=1)
    machine.port("ttyACM0", ids="2341:0043", bus="2-1", acm=True, maker="Arduino", product="Uno")
    machine.port("ttyS1")
    (machine.sys / "class/tty/ttyS1/type").write_text("4\n")
    machine.port("ttyS9")
    (machine.sys / "class/tty/ttyS9/type").write_text("0\n")
    (machine.sys / "class/tty/ptmx").mkdir()
    (machine.sys / "class/tty/console/active").write_text("tty0 ttyS1\n")
    link = machine.link("usb-Quectel_EM12-if02-port0", "ttyUSB10")
    ports = {Path(port.device).name: port for port in list_serial_ports(machine.sys, machine.dev)}
    assert list(ports) == ["ttyACM0", "ttyS1", "ttyUSB2", "ttyUSB10"]
    modem = ports["ttyUSB10"]
    assert (modem.usb, modem.interface, modem.role, modem.name) == ("2c7c:0125", 2, "at", "Quectel")
    assert modem.links == (link,)
    assert modem.unit == ports["ttyUSB2"].unit != ports["ttyACM0"].unit
    assert modem.takes_at
    assert not ports["ttyUSB2"].takes_at
    assert not ports["ttyACM0"].takes_at
    assert not ports["ttyS1"].may_be_forced
    for port in ports.values():
        for name in (port.device, *port.links):
            assert serial_port_at(name, machine.sys, machine.dev) == replace(port, links=())
    for name in ("ttyS9", "ptmx", "pts/0", "ttyNOSUCH7", "../etc/passwd"):
        assert serial_port_at(str(machine.dev / name), machine.sys, machine.dev) is None


def test_one_port_is_looked_at_without_the_names_of_all_others(machine, monkeypatch):
    """A rack of 64 modems with four ports each has 512 of them, and looks at 64 ports."""
    machine.port("ttyUSB2", ids="2c7c:0125", number=1)
    link = machine.link("usb-Quectel_EM12-if01-port0", "ttyUSB2")
    monkeypatch.setattr(serial_ports, "_links", None)
    assert serial_port_at(link, machine.sys, machine.dev).interface == 1


def test_a_link_that_leads_in_a_circle_is_no_port(machine):
    (machine.dev / "a").symlink_to("b")
    (machine.dev / "b").symlink_to("a")
    assert serial_port_at(str(machine.dev / "a"), machine.sys, machine.dev) is None


def test_a_machine_without_serial_ports_has_none(tmp_path):
    assert list_serial_ports(tmp_path / "sys", tmp_path / "dev") == []


def test_ports_that_the_kernel_names_as_a_modems_are_found_on_pcie(machine):
    for name, kind in (("wwan0at0", "AT"), ("wwan0qcdm0", "QCDM"), ("wwan0mbim0", "MBIM")):
        (machine.sys / "class/wwan" / name).mkdir(parents=True)
        (machine.sys / "class/wwan" / name / "type").write_text(f"{kind}\n")
    ports = list_serial_ports(machine.sys, machine.dev)
    assert [(Path(port.device).name, port.role, port.takes_at) for port in ports] == [
        ("wwan0at0", "at", True),
        ("wwan0qcdm0", "diag", False),
    ]
    assert len({port.unit for port in ports}) == 1
    assert [serial_port_at(port.device, machine.sys, machine.dev) for port in ports] == ports


def test_a_phone_of_a_modem_maker_is_no_modem_unless_its_interface_says_so(machine):
    machine.port("ttyUSB0", ids="12d1:107e", number=1, code="ffffff", words="Modem")
    machine.port("ttyUSB1", ids="12d1:107e", number=2, code="ff0202")
    assert [port.takes_at for port in list_serial_ports(machine.sys, machine.dev)] == [False, True]


@pytest.fixture
def full(machine, tmp_path):
    """Sixteen ports: two that answer, silent ones, chatter, strangers, one held, one locked, one that vanishes."""
    bus = {"ids": "2c7c:0125", "bus": "1-1"}
    ptys = {}

    def add(name, behave=None, chatter=b"", **usb):
        ptys[name] = machine.pty(behave, chatter)
        machine.port(name, ptys[name].path, **usb)

    add("ttyUSB0", number=0, **bus)
    add("ttyUSB1", chatter=NMEA, number=1, **bus)
    add("ttyUSB2", em12, number=2, **bus)
    add("ttyUSB3", em12, number=3, **bus)
    add("ttyUSB4", number=0, ids="1bc7:9999", bus="1-2")
    add("ttyUSB5", chatter=NMEA, number=1, ids="1bc7:9999", bus="1-2")
    add("ttyUSB6", lambda _: Vanish, number=2, ids="1bc7:9999", bus="1-2")
    add("ttyUSB7", lambda _: b"\x7e\x13\x00\x7e", number=3, ids="1bc7:9999", bus="1-2")
    add("ttyUSB8", em12, ids="0403:6001", bus="2-1")
    add("ttyUSB9", em12, ids="1a86:7523", bus="2-2")
    add("ttyUSB10", em12, ids="10c4:ea60", bus="2-3")
    add("ttyUSB11", em12, ids="dead:beef", bus="2-4")
    add("ttyACM0", em12, ids="2341:0043", bus="2-5", acm=True)
    add("ttyACM1", em12, chatter=NMEA, ids="1546:01a8", bus="2-6", acm=True)
    add("ttyUSB12", em12, number=2, ids="2c7c:0800", bus="3-1")
    add("ttyUSB13", em12, number=2, ids="2c7c:0800", bus="3-2")
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, sys\n"
            "from harness.links.port_lock import PortLock\n"
            "held = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)\n"
            "lock = PortLock(sys.argv[2])\n"
            "print('ready', flush=True)\n"
            "sys.stdin.read()\n",
            ptys["ttyUSB12"].path,
            ptys["ttyUSB13"].path,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline() == b"ready\n"
    yield machine, ptys, holder.pid
    holder.stdin.close()
    holder.wait(10)
    holder.stdout.close()


UNTOUCHED = (
    *("ttyUSB0", "ttyUSB1", "ttyUSB8", "ttyUSB9", "ttyUSB10", "ttyUSB11", "ttyACM0", "ttyACM1", "ttyUSB12", "ttyUSB13"),
)


def test_sixteen_ports_are_told_apart_in_three_seconds_and_strangers_get_no_byte(full):
    machine, ptys, pid = full
    start = time.monotonic()
    found = found_on(machine)
    assert time.monotonic() - start < 3.0
    assert len(found) == 16
    states = {name: one.state for name, one in found.items()}
    assert states == {
        **dict.fromkeys(UNTOUCHED, "left"),
        "ttyUSB2": "answers",
        "ttyUSB3": "answers",
        "ttyUSB4": "silent",
        "ttyUSB5": "talks",
        "ttyUSB6": "gone",
        "ttyUSB7": "talks",
        "ttyUSB12": "held",
        "ttyUSB13": "held",
    }
    assert {name: ptys[name].got for name in UNTOUCHED} == dict.fromkeys(UNTOUCHED, b"")
    assert str(pid) in found["ttyUSB12"].note
    assert str(pid) in found["ttyUSB13"].note
    assert "NMEA" in found["ttyUSB5"].note
    assert "FTDI" in found["ttyUSB8"].note
    assert "GPS" in found["ttyUSB1"].note
    assert [one.request for one in found["ttyUSB2"].exchanges] == ["ATI", "AT+CGMM"]
    assert ptys["ttyUSB2"].got == b"ATI\rAT+CGMM\r"
    assert ptys["ttyUSB4"].got == b"ATI\r"


def test_probe_all_asks_strangers_but_no_held_port_and_no_boot_loader(full):
    machine, ptys, _ = full
    boot = machine.pty(em12)
    machine.port("ttyUSB14", boot.path, ids="05c6:9008", bus="3-3")
    found = found_on(machine, force=True)
    assert {found[name].state for name in ("ttyUSB8", "ttyUSB9", "ttyUSB10", "ttyUSB11", "ttyACM0")} == {"answers"}
    assert {found[name].state for name in ("ttyUSB12", "ttyUSB13")} == {"held"}
    assert found["ttyUSB14"].state == "left"
    assert (ptys["ttyUSB12"].got, ptys["ttyUSB13"].got, boot.got) == (b"", b"", b"")


def test_no_more_is_asked_than_is_needed(machine):
    modem = machine.pty(em12)
    machine.port("ttyUSB2", modem.path, ids="2c7c:0125", number=2)
    found = found_on(machine, enough=lambda exchanges: b"EM12" in exchanges[0].response)
    assert [one.request for one in found["ttyUSB2"].exchanges] == ["ATI"]
    assert modem.got == b"ATI\r"


def test_a_port_that_went_away_after_it_was_listed_is_gone(machine):
    machine.port("ttyUSB2", ids="2c7c:0125", number=2)
    assert found_on(machine)["ttyUSB2"].state == "gone"


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may open everything")
def test_a_port_without_permission_names_the_way_out(machine):
    modem = machine.pty(em12)
    machine.port("ttyUSB2", modem.path, ids="2c7c:0125", number=2)
    Path(modem.path).chmod(0)
    one = found_on(machine)["ttyUSB2"]
    assert one.state == "refused"
    assert "usermod" in one.way_out or "udev" in one.way_out
    assert modem.got == b""


def test_a_refused_port_names_the_group_that_owns_it(machine, monkeypatch):
    modem = machine.pty(em12)
    machine.port("ttyUSB2", modem.path, ids="2c7c:0125", number=2)

    def refuse(url, *, baudrate):
        raise NoPermission(f"no permission to open {url}")

    monkeypatch.setattr(at_open, "open_serial", refuse)
    one = found_on(machine)["ttyUSB2"]
    assert (one.state, one.note) == ("refused", "no permission")
    assert "group" in one.way_out


def test_a_driver_that_blocks_does_not_hold_up_the_others(machine, monkeypatch):
    good, bad = machine.pty(em12), machine.pty(em12)
    machine.port("ttyUSB2", good.path, ids="2c7c:0125", number=2)
    blocked = machine.port("ttyUSB6", bad.path, ids="2c7c:0800", bus="1-5", number=2)
    release = threading.Event()
    real = at_open.open_serial

    def slow(url, *, baudrate):
        if url == blocked:
            release.wait(30)
        return real(url, baudrate=baudrate)

    monkeypatch.setattr(at_open, "open_serial", slow)
    start = time.monotonic()
    found = found_on(machine, within_s=1.0)
    assert time.monotonic() - start < 1.5
    release.set()
    assert found["ttyUSB2"].state == "answers"
    assert found["ttyUSB6"].state == "silent"


def test_a_driver_that_raises_something_else_is_that_ports_finding(machine, monkeypatch):
    modem = machine.pty(em12)
    machine.port("ttyUSB2", modem.path, ids="2c7c:0125", number=2)

    def broken(url, *, baudrate):
        raise RuntimeError("(25, 'Inappropriate ioctl for device')")

    monkeypatch.setattr(at_open, "open_serial", broken)
    one = found_on(machine)["ttyUSB2"]
    assert one.state == "gone"
    assert "ioctl" in one.note


def test_modemmanager_is_only_suspected_where_nobody_can_be_seen(monkeypatch):
    port = SerialPort("/dev/ttyUSB2", "1", "modem", "at")
    monkeypatch.setattr(finding, "_runs", lambda program: program == "ModemManager")
    one = finding._trouble(port, at_open.busy("/dev/ttyUSB2"))
    assert one.state == "held"
    assert "perhaps ModemManager" in one.note
    assert "mmcli" in one.way_out
    monkeypatch.setattr(finding, "_runs", lambda program: False)
    assert "ModemManager" not in finding._trouble(port, at_open.busy("/dev/ttyUSB2")).note


def test_holders_of_many_devices_are_found_in_one_pass(full):
    _, ptys, pid = full
    held, free = ptys["ttyUSB12"].path, ptys["ttyUSB2"].path
    found = holders_of([held, free])
    assert list(found) == [held]
    assert f"({pid})" in found[held][0]
    assert holders(held) == found[held]
    assert holders(free) == ()
    assert holders_of([]) == {}


def test_two_names_of_one_device_have_the_same_holders(full, tmp_path):
    _, ptys, _ = full
    held = ptys["ttyUSB12"].path
    other = tmp_path / "by-id"
    other.symlink_to(held)
    found = holders_of([held, str(other)])
    assert found[str(other)] == found[held] != ()


def test_a_silent_port_costs_one_pass_over_the_processes(machine, monkeypatch):
    passes = []
    monkeypatch.setattr(port_lock, "processes", lambda: passes.append(1) or [])
    with pytest.raises(AnswerTimeout), open_at(machine.pty(lambda _: None).path) as port:
        port.ask("AT", deadline_s=time.monotonic() + 0.2)
    assert passes == [1]


def test_every_port_that_may_not_be_asked_says_why():
    port = SerialPort("/dev/ttyX", "u")
    kinds = [
        replace(port, console=True),
        replace(port, kind="download", name="Boot"),
        replace(port, kind="modem", role="audio"),
        replace(port, kind="gps", name="Garmin"),
        replace(port, kind="adapter", name="FTDI"),
        replace(port, kind="mixed", name="Huawei"),
        port,
    ]
    assert not any(one.takes_at for one in kinds)
    assert len({one.why_left for one in kinds}) == len(kinds)
