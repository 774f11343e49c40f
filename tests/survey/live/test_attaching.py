"""Airplane mode for an attach: by cable only, once, back in any case."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from harness.errors import CommandRefused, DeviceGone, StateError
from harness.links.adb.server import Handset
from harness.recording.exchange import Exchange
from harness.state.folder import VARIABLE, has_journals
from harness.state.journal import left_over
from harness.survey.live import attaching
from harness.survey.live.attaching import BY_HAND, ByAirplaneMode, ByHand, ForPerson, Spent


@dataclass
class Link:
    """A handset's shell that has airplane mode, or not."""

    usb: str = "usb:3-1"
    value: str = "0"
    works: bool = True
    lost_at: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def handset(self) -> Handset:
        return Handset("SERIAL", "device", usb=self.usb)

    def allow_commands(self, commands): ...

    def run(self, commands, *, deadline_s):
        assert 0 < deadline_s - time.monotonic() <= attaching.CHANGE_S
        return [self.answer(one) for one in commands]

    def answer(self, command: str) -> Exchange:
        self.asked.append(command)
        if command == self.lost_at:
            self.lost_at = ""
            raise DeviceGone("it went away")
        if not command.startswith("cmd"):
            return Exchange(command, f"{self.value}\n".encode(), exit_code=0)
        if not self.works:
            return Exchange(command, b"", stderr=b"Unknown command\n", exit_code=255)
        self.value = "1" if command.endswith("enable") else "0"
        return Exchange(command, b"", exit_code=0)


ON, OFF = "cmd connectivity airplane-mode enable", "cmd connectivity airplane-mode disable"


@pytest.fixture(autouse=True)
def _quick(tmp_path, monkeypatch):
    from dataclasses import replace

    from harness.probes.adb import state

    monkeypatch.setenv(VARIABLE, str(tmp_path / "journal"))
    monkeypatch.setattr(attaching, "OFF_S", 0.01)
    monkeypatch.setattr(state, "AIRPLANE_MODE", replace(state.AIRPLANE_MODE, settles_s=0.0))


def airplane(link: Link, told: list[str] | None = None) -> ByAirplaneMode:
    return ByAirplaneMode(link, "Mi MIX 2", "A", (told if told is not None else []).append)  # type: ignore[arg-type]


def test_on_and_off_again_leaves_nothing_to_put_back():
    link = Link()
    told: list[str] = []
    way = airplane(link, told)
    way.attach()
    assert [one for one in link.asked if one.startswith("cmd")] == [ON, OFF]
    assert told == ["airplane mode on", "airplane mode off"]
    assert [one.outcome for one in way.close()] == ["unchanged"]
    assert not has_journals()
    assert way.close() == ()


def test_where_it_was_on_the_handset_is_off_the_network_again_at_the_end():
    link = Link(value="1")
    way = airplane(link)
    way.attach()
    assert link.value == "0"
    assert [one.outcome for one in way.close()] == ["restored"]
    assert link.value == "1"


def test_a_handset_that_goes_away_in_between_is_put_back_when_it_can_be():
    link = Link(lost_at=OFF)
    way = airplane(link)
    with pytest.raises(DeviceGone):
        way.attach()
    assert link.value == "1"
    assert [one.outcome for one in way.close()] == ["restored"]
    assert link.value == "0"
    assert not has_journals()


def test_over_wi_fi_it_is_refused_before_anything_is_asked():
    link = Link(usb="")
    with pytest.raises(CommandRefused, match="cut adb off"):
        airplane(link)
    assert link.asked == []
    assert not has_journals()


@pytest.mark.parametrize("value", ["null", "", "2"])
def test_one_that_cannot_be_read_is_not_switched(value):
    link = Link(value=value)
    way = airplane(link)
    with pytest.raises(CommandRefused):
        way.attach()
    way.close()
    assert not any(one.startswith("cmd") for one in link.asked)
    assert not has_journals()


def test_an_android_without_the_command_is_told():
    link = Link(works=False)
    way = airplane(link)
    with pytest.raises(StateError, match="refused the write"):
        way.attach()
    assert [one.outcome for one in way.close()] == ["unchanged"]


def test_it_is_not_switched_twice_in_a_run():
    with pytest.raises(CommandRefused, match="once in this run"):
        Spent().attach()
    assert Spent().close() == ()


def test_a_hand_is_asked_for_in_a_word_that_is_shown():
    told: list[str] = []
    ByHand(told.append).attach()
    assert told == [BY_HAND]
    assert isinstance(told[0], ForPerson)
    assert ByHand(told.append).close() == ()


def test_a_run_without_the_option_imports_nothing_of_it(tmp_path):
    script = (
        "import sys, pytest\n"
        "status = pytest.main(['-q', '-p', 'no:cacheprovider', '--device=fixture:xiaomi-mi-mix-2-global',\n"
        "                      '--carrier=us/att@2024', '--report-dir=out'])\n"
        "new = {'harness.links.diag.scat_child', 'harness.links.diag.capture', 'harness.links.usb.tree',\n"
        "       'harness.links.diag.gsmtap',\n"
        "       'harness.survey.live.capability', 'harness.survey.live.attaching', 'harness.survey.live.service_watch',\n"
        "       'harness.survey.live.band_walk', 'harness.survey.evidence_files', 'harness.state.journal', 'pycrate_core'}\n"
        "print('new', sorted(new & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "new []", done.stdout
    assert (tmp_path / "out" / "report.json").is_file()


def test_the_base_install_needs_nothing_for_it():
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    needed = {re.split(r"[<>=]", one)[0].lower() for one in project["dependencies"]}
    assert not needed & {"signalcat", "scat", "pyusb", "libusb1", "pycrate", "qcsuper"}
    assert not any("signalcat" in one for extra in project["optional-dependencies"].values() for one in extra)


def test_it_is_put_back_once_and_its_journal_let_go_of_in_any_case(monkeypatch):
    calls = []

    def fails(*_, **__):
        calls.append(1)
        raise StateError("it cannot be written")

    way = airplane(Link())
    way.attach()
    monkeypatch.setattr(attaching, "put_back", fails)
    with pytest.raises(StateError):
        way.close()
    assert way.close() == ()
    assert len(calls) == 1
    # The next run can take the journal over.
    (left,) = left_over()
    assert not left.held
