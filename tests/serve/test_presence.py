"""What is plugged in and who has it: by the server and the lock of each device's own address, and by no other."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from harness.errors import NoAdbServer
from harness.links.adb.server import AdbServer, Handset
from harness.links.port_lock import PortLock
from harness.serve import presence
from harness.survey.bench import load_bench

PLUGGED = {
    "127.0.0.1:5037": [Handset("R58M12ABCDE", "device"), Handset("R58M12ABCDF", "unauthorized")],
    "bench-a.example:5037": [Handset("127.0.0.1:5555", "device")],
}
DEVICES = {
    "here": "{adb: R58M12ABCDE}",
    "locked-up": "{adb: R58M12ABCDF}",
    "away": "{adb: R58M12ABCDG}",
    "on-a": "{adb: 'adb://bench-a.example:5037/127.0.0.1:5555'}",
    "on-b": "{adb: 'adb://bench-b.example:5037/127.0.0.1:5555'}",
    "network": "{adb: '192.0.2.5:5555'}",
    "modem": "{at: 'socket://192.0.2.6:4000'}",
    "port": "{at: /dev/null}",
    "no-port": "{at: /dev/ttyUSB99}",
    "place": "{labgrid: rack-1-phone}",
    "tape": "{recording: 'fixture:quectel-rm520n-gl'}",
}


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def listing(server: AdbServer, *, deadline_s: float) -> list[Handset]:
        asked.append(str(server))
        if str(server) not in PLUGGED:
            raise NoAdbServer("nobody there")
        return PLUGGED[str(server)]

    for name in (
        "ADB_SERVER_SOCKET",
        "ANDROID_ADB_SERVER_ADDRESS",
        "ANDROID_ADB_SERVER_HOST",
        "ANDROID_ADB_SERVER_PORT",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(presence, "list_handsets", listing)
    file = tmp_path / "bench.yaml"
    lines = "".join(f"  {name}: {told}\n" for name, told in DEVICES.items())
    file.write_text(f"format: bandproof.bench/1\ncoordinator: 192.0.2.1:20408\ndevices:\n{lines}", encoding="utf-8")
    bench, _ = load_bench(str(file))

    def looked() -> dict[str, tuple[str, str]]:
        asked.clear()
        found = presence.look(bench)
        assert len(asked) == len(set(asked)) == 3, "each server once, whatever hangs there"
        return found

    return looked


def test_each_device_is_looked_for_where_its_address_says(look) -> None:
    assert {name: there for name, (there, _) in look().items()} == {
        "here": "plugged in",
        "locked-up": "unauthorized",
        "away": "not plugged in",
        "on-a": "plugged in",
        "on-b": "no adb server answers",
        "network": "not connected",
        "modem": "over the network",
        "port": "plugged in",
        "no-port": "port is not there",
        "place": "by the lab",
        "tape": "a recording",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who holds a lock")
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("adb://R58M12ABCDE", "here"),
        ("adb://bench-a.example:5037/127.0.0.1:5555", "on-a"),
        ("socket://192.0.2.6:4000", "modem"),
        ("/dev/null", "port"),
    ],
)
def test_the_holder_is_that_of_the_devices_own_lock(look, address: str, name: str) -> None:
    lock = PortLock(address)
    try:
        held = {device: holder for device, (_, holder) in look().items() if holder}
    finally:
        lock.release()
    assert list(held) == [name], "not that of the same serial at another server"
    assert not any(holder for _, holder in look().values())
