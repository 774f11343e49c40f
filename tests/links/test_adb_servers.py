"""Handsets of several adb servers in one run: each address names its own, and the same serial at two is two handsets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import PortBusy, UsageError
from harness.links.adb.shell import open_adb
from harness.links.addresses import handset_on, parse_address
from harness.recording.scrubbing.scrub import hide_address, known_of, scrub_address
from harness.reports.document.document import load_document


@pytest.fixture(scope="module")
def servers() -> Iterator[list[str]]:
    """The addresses of one handset each of two adb servers that no environment names."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "harness.cli", "simulate", f"fixture:{name}", "--json"],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("xiaomi-mi-mix-2-global", "xiaomi-mi-mix-china")
    ]
    found = []
    for one in processes:
        assert one.stdout is not None
        told = json.loads(one.stdout.readline())
        found.append(f"adb://127.0.0.1:{told['adb_server']['port']}/{told['devices'][0]['address']}")
    yield found
    for one in processes:
        one.terminate()
        one.communicate(timeout=30)


@pytest.fixture
def _elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment names a server where nobody is."""
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "1")
    monkeypatch.delenv("ADB_SERVER_SOCKET", raising=False)


@pytest.mark.usefixtures("_elsewhere")
def test_two_servers_in_one_run(servers: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--carrier=us/att@2017-03"]
        + [f"--device={one}" for one in servers]
        + ["--report-dir=run"],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    document = load_document(tmp_path / "run")
    assert [one.device for one in document.devices] == ["mi-mix-2", "mix"], done.stdout
    assert document.summary.ERROR == 0
    for one in servers:
        serial = handset_on(one)
        assert serial is not None
        text = (tmp_path / "run" / "run.json").read_text() + (tmp_path / "run" / "report.json").read_text()
        assert one not in text or scrub_address(one) == one


@pytest.mark.usefixtures("_elsewhere")
def test_a_lock_is_of_a_server_and_a_serial(servers: list[str]) -> None:
    first = open_adb(servers[0], exclusive=True)
    try:
        with pytest.raises(PortBusy):
            open_adb(servers[0], exclusive=True)
        open_adb(servers[1], exclusive=True).close()
    finally:
        first.close()


def test_the_usual_server_by_name_is_the_usual_one(servers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    there = handset_on(servers[0])
    assert there is not None
    host, port, serial = there
    monkeypatch.setenv("ANDROID_ADB_SERVER_ADDRESS", host)
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(port))
    first = open_adb(serial, exclusive=True)
    try:
        with pytest.raises(PortBusy):
            open_adb(servers[0], exclusive=True)
    finally:
        first.close()


@pytest.mark.parametrize("text", ["adb://", "adb://host", "adb://host:5037", "adb://host:5037/", "adb:///SERIAL"])
def test_what_names_no_handset_of_a_server(text: str) -> None:
    with pytest.raises(UsageError, match="no handset of an adb server"):
        parse_address(text)


def test_its_serial_is_personal() -> None:
    address = "adb://bench-a:5037/R58M12ABCDE"
    assert parse_address(address).kind == "adb"
    shown = scrub_address(address)
    assert "R58M12ABCDE" not in shown
    assert shown.startswith("adb://bench-a:5037/")
    assert "R58M12ABCDE" not in hide_address(f"R58M12ABCDE went away ({address})", address)
    assert vars_of(known_of(address)) == vars_of(known_of("R58M12ABCDE"))
    assert "192.0.2.7" not in scrub_address("adb://192.0.2.7:5037/192.0.2.9:5555")


def vars_of(thing: object) -> str:
    return repr({name: getattr(thing, name, None) for name in getattr(thing, "__slots__", ()) or vars(thing)})
