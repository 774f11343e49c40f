"""ADB probes of other packages."""

from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.observations import Identity, Reading
from harness.probes.adb import extensions
from harness.probes.adb.extensions import AdbProbe, read_installed
from harness.survey.reading import read_device


class Point:
    """An entry point as importlib.metadata gives it."""

    value = "somebody.probes:probe"

    def __init__(self, name: str, loads: object) -> None:
        self.name, self._loads = name, loads

    def load(self) -> object:
        if isinstance(self._loads, Exception):
            raise self._loads
        return self._loads


@pytest.fixture
def install(monkeypatch):
    def put(*points: Point) -> None:
        monkeypatch.setattr("importlib.metadata.entry_points", lambda group: points if "adb" in group else ())
        extensions.installed.cache_clear()
        extensions._loaded.cache_clear()

    yield put
    extensions.installed.cache_clear()
    extensions._loaded.cache_clear()


def board(text: str) -> Reading:
    if "board" not in text:
        raise ParseError("no board")
    return Reading((Identity(hardware=text.split("=")[1].strip()),))


def test_a_probes_command_is_asked_and_its_answer_read(install) -> None:
    install(Point("board", AdbProbe("vendor_tool --board", board)))
    (fact,) = read_installed({"vendor_tool --board": "board = X7\n"}).observations
    assert isinstance(fact, Identity)
    assert fact.hardware == "X7"
    assert fact.source is not None
    assert fact.source.request == "vendor_tool --board"


def test_a_probe_that_fails_is_a_warning(install) -> None:
    install(Point("bad", AdbProbe("vendor_tool --bad", lambda text: 1 / 0)))
    reading = read_installed({"vendor_tool --bad": "x"})
    assert not reading.observations
    assert "ZeroDivisionError" in reading.warnings[0]


def test_an_answer_without_facts_is_silent(install) -> None:
    install(Point("board", AdbProbe("vendor_tool --board2", board)))
    assert read_installed({"vendor_tool --board2": "nothing"}) == Reading()


@pytest.mark.parametrize(
    "loads",
    [
        ImportError("gone"),
        "no probe",
        *(AdbProbe(command, board) for command in ("", "vendor_tool; reboot", "x > /data/y", "$(reboot)", "a\nb")),
    ],
)
def test_a_package_that_cannot_be_loaded_is_named_and_stops_nothing(install, loads: object) -> None:
    install(Point("broken", loads), Point("board", AdbProbe("vendor_tool --board3", board)))
    reading = read_installed({"vendor_tool --board3": "board = X7"})
    assert len(reading.observations) == 1
    assert any("broken of somebody.probes" in text for text in reading.warnings)


def test_a_recording_without_the_answer_is_read_as_before(install) -> None:
    before = read_device("fixture:xiaomi-mi-mix-2-global").observations
    install(Point("board", AdbProbe("vendor_tool --board", board)))
    assert read_device("fixture:xiaomi-mi-mix-2-global").observations == before
