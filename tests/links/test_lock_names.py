"""The lock of a port: what its file is called, whatever the bench says."""

from __future__ import annotations

import os
import string
from pathlib import Path

import pytest

from harness.errors import PortBusy
from harness.links.port_lock import PortLock, lock_holder, lock_name


@pytest.fixture(autouse=True)
def own_locks(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_a_value_of_three_megabytes_becomes_no_file_name(own_locks):
    lock = PortLock("adb://" + "A" * 3_000_000)
    (file,) = (own_locks / "bandproof").iterdir()
    assert len(os.fsencode(file.name)) < 120
    lock.release()


@pytest.mark.parametrize("sign", ["A", "/", "ü", "\U0001f4f1", "\udc80"])
def test_long_names_that_begin_alike_are_two_locks(sign):
    names = {lock_name(sign * 5000 + end) for end in string.ascii_lowercase}
    assert len(names) == 26
    assert all(len(name) < 120 for name in names)


def test_a_short_name_can_be_read():
    assert lock_name("/dev/ttyUSB2") == "%2Fdev%2FttyUSB2"


def test_two_long_ports_do_not_hold_each_other_and_one_holds_itself():
    one = PortLock("adb://" + "A" * 500 + "1")
    two = PortLock("adb://" + "A" * 500 + "2")
    with pytest.raises(PortBusy):
        PortLock("adb://" + "A" * 500 + "1")
    one.release()
    two.release()


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells who holds a lock")
@pytest.mark.parametrize("address", ["adb://SHORT", f"adb://{'L' * 300}"])
def test_who_holds_a_lock_is_found_by_the_name_that_it_has(address: str) -> None:
    lock = PortLock(address)
    try:
        assert f"({os.getpid()})" in lock_holder(address)
    finally:
        lock.release()
