"""Which interface of a handset is its diagnostic port, and whose handset it is."""

from __future__ import annotations

import shutil

import pytest
from usb_trees import plant, printed_interfaces

from harness.links.diag.port import device_of_handset, diag_port_of
from harness.links.usb.tree import VARIABLE, list_usb_devices, usb_device

ADB = "ff/42/01"


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("interfaces", "found", "baseband"),
    [
        ([(0, "ff/ff/30", 2), (4, ADB, 2)], 0, "qc"),
        ([(0, ADB, 2), (1, "ff/ff/30", 2)], 1, "qc"),
        ([(0, "06/01/01", 3), (2, "ff/10/01", 2), (3, ADB, 2)], 2, "sec"),
        ([(0, "ff/ff/ff", 2), (1, ADB, 2)], 0, "qc"),
        ([(0, "ff/ff/ff", 3), (1, ADB, 2)], None, None),
        ([(0, "ff/ff/00", 3), (1, ADB, 2)], None, None),
        ([(0, ADB, 2)], None, None),
        ([], None, None),
    ],
)
def test_the_port_is_known_by_its_triple_and_adb_is_never_taken(root, interfaces, found, baseband):
    plant(root, "3-1.2", interfaces)
    port = diag_port_of(usb_device("3-1.2"))
    assert (port.interface.number if port else None) == found
    assert (port.baseband if port else None) == baseband


@pytest.mark.parametrize(
    ("file", "number", "triple"),
    [
        ("005-usb-interfaces-from-issues/galaxy-s25-sm-s931b-qualcomm.txt", 0, "ff/ff/30"),
        # Its interface 4 stands in the command only; what is printed ends with interface 0.
        ("005-usb-interfaces-from-issues/galaxy-s21-exynos-rndis-acm-dm.txt", None, None),
        ("005-usb-interfaces-from-issues/pixel9-rooted-dm-first.txt", 0, "ff/10/01"),
        ("005-usb-interfaces-from-issues/moto-g5s-plus-mtp-adb-no-diag.txt", None, None),
        ("006-lsusb-diag-mi11/lsusb.txt", 0, "ff/ff/30"),
    ],
)
def test_on_devices_of_public_reports(root, captures_dir, file, number, triple):
    text = (captures_dir / "unrooted" / file).read_text()
    plant(root, "1-4", printed_interfaces(text))
    port = diag_port_of(usb_device("1-4"))
    assert (port.interface.number if port else None) == number
    assert (port.interface.triple if port else None) == triple


def test_the_handset_is_found_by_its_place_and_else_by_its_serial(root):
    plant(root, "3-1.2", [], serial="AAAA1111")
    plant(root, "3-1.3", [], serial="BBBB2222")
    assert device_of_handset("usb:3-1.2", "BBBB2222").path == "3-1.2"
    assert device_of_handset("", "BBBB2222").path == "3-1.3"
    assert device_of_handset("usb:9-9", "BBBB2222") is None
    assert device_of_handset("", "CCCC") is None


def test_two_devices_of_one_serial_are_nobodys(root):
    plant(root, "3-1.2", [], serial="0123456789ABCDEF")
    plant(root, "3-1.3", [], serial="0123456789ABCDEF")
    assert device_of_handset("", "0123456789ABCDEF") is None


def test_a_handset_over_the_network_has_no_place(root):
    plant(root, "3-1.2", [], serial="")
    assert device_of_handset("", "192.0.2.7:5555") is None


def test_the_port_is_gone_with_its_interface_and_with_another_device_in_its_place(root):
    own = plant(root, "3-1.2", [(0, "ff/ff/30", 2)])
    port = diag_port_of(usb_device("3-1.2"))
    assert port.is_there
    (own / "devnum").write_text("28\n")
    assert not port.is_there
    (own / "devnum").write_text("27\n")
    shutil.rmtree(port.interface.folder)
    assert not port.is_there


def test_a_serial_port_that_a_driver_made_of_it_is_what_is_opened(root):
    plant(root, "3-1.2", [(0, "ff/ff/30", 2)])
    raw = diag_port_of(usb_device("3-1.2"))
    assert raw.arguments == ("-u", "-a", "003:027", "-i", "0")
    assert str(raw.node).endswith("dev/bus/usb/003/027")
    (raw.interface.folder / "ttyUSB5").mkdir()
    held = diag_port_of(usb_device("3-1.2"))
    assert held.arguments == ("-s", str(root / "dev" / "ttyUSB5"), "--no-rts", "--no-dsr")


@pytest.mark.parametrize("name", ["../../etc", "usb1", "3-", "3-1;x", ""])
def test_no_other_name_leaves_the_tree(root, name):
    assert usb_device(name) is None


def test_without_sysfs_there_is_nothing(root):
    assert list_usb_devices() == []
