"""Where on USB a link hangs, read from a tree as Linux shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.links.addresses import parse_address
from harness.links.usb.places import usb_place


def node(root: Path, kind: str, name: str, place: str, vendor: str) -> None:
    device = root / "devices" / "usb1" / place
    interface = device / f"{place}:1.2" / name
    interface.mkdir(parents=True)
    (device / "idVendor").write_text(f"{vendor}\n")
    entry = root / "class" / kind / name
    entry.mkdir(parents=True)
    (entry / "device").symlink_to(interface)


@pytest.mark.parametrize(
    ("address", "kind", "vendor", "expected"),
    [
        ("/dev/ttyUSB2", "tty", "2c7c", "1-2.4"),
        ("qmi:/dev/cdc-wdm0", "usbmisc", "1199", "1-2.4"),
        ("/dev/ttyUSB2", "tty", "0403", None),
        ("/dev/ttyUSB2", "tty", "10c4", None),
        ("socket://192.0.2.7:5000", "tty", "2c7c", None),
        ("fixture:sierra-em7565", "tty", "2c7c", None),
    ],
)
def test_a_port_hangs_where_its_device_does_and_a_bridge_hangs_nowhere(tmp_path, address, kind, vendor, expected):
    node(tmp_path, kind, address.rpartition("/")[2], "1-2.4", vendor)
    assert usb_place(parse_address(address), tmp_path) == expected


def test_a_port_that_is_not_there_has_no_place(tmp_path):
    assert usb_place(parse_address("/dev/ttyUSB9"), tmp_path) is None


def test_a_handset_that_no_server_knows_has_no_place(monkeypatch, tmp_path):
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "1")
    monkeypatch.setenv("ADB_SERVER_SOCKET", "tcp:127.0.0.1:1")
    assert usb_place(parse_address("R58M12ABCDE"), tmp_path) is None
