"""What comes behind the reading of a device: its files, its sweep, and what stands of evidence that was not finished."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from harness.links.addresses import parse_address
from harness.observations import Identity
from harness.recording.exchange import Exchange
from harness.recording.files import resolve_recording
from harness.recording.writer import Unwritten
from harness.survey import evidence_files, reading, sweeping
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import Target
from harness.survey.together import _kept
from harness.sweep.plan import SweepPlan
from harness.trial_facts import BandTrial

MODEM = "fixture:quectel-rm520n-gl"
FILE = Exchange("uecap a.hex", b"kept")


@pytest.fixture
def asked(monkeypatch):
    """The files whose facts were asked for."""
    found = []
    monkeypatch.setattr(evidence_files, "with_facts", lambda survey, files: found.append(tuple(files)) or survey)
    monkeypatch.setattr(evidence_files, "given_of", lambda target: target.given)
    return found


@pytest.mark.parametrize(
    ("held", "live", "given", "evidence", "count"),
    [
        (False, False, False, False, None),
        (True, False, False, False, 1),
        (False, True, False, False, 1),
        (False, False, True, False, 1),
        (False, False, False, True, 0),
        (True, True, True, True, 3),
    ],
)
def test_files_tell_wherever_they_come_from(asked, monkeypatch, held, live, given, evidence, count):
    links = {"uecap": (FILE,)} if held else {}
    monkeypatch.setattr("harness.links.opening.load_address", lambda address: SimpleNamespace(links=links))
    target = Target(
        "d",
        (MODEM,),
        given=(replace(FILE, request="uecap b.hex"),) if given else (),
        evidence={"uecap": (Path("c.hex"),)} if evidence else {},
    )
    survey = Survey("d", MODEM, "modem")
    told = (replace(FILE, request="uecap live"),) if live else ()
    reading._with_files(survey, target, [parse_address(MODEM)], Unwritten("x"), told)
    assert [len(files) for files in asked] == ([] if count is None else [count])


def swept(survey, plan, addresses=(MODEM,), port="/dev/ttyUSB1"):
    target = Target("d", (port,), sweep=plan)
    return sweeping._swept(
        survey, target, [SimpleNamespace(kind="at", value=port)] if port else [], Unwritten("x"), None
    )


@pytest.fixture
def ran(monkeypatch):
    """How often a sweep was run."""
    runs = []
    monkeypatch.setattr(sweeping, "_Live", lambda *how: SimpleNamespace(run=lambda keep, tell: runs.append(how)))
    return runs


QUECTEL = Survey("d", "/dev/ttyUSB1", "modem", (Identity(manufacturer="Quectel", model="EC25"),), dialect="quectel")
ALLOWED = SweepPlan(bands=(), opened_by="--sweep")


@pytest.mark.parametrize(
    ("survey", "plan", "port", "runs"),
    [
        (QUECTEL, ALLOWED, "/dev/ttyUSB1", 1),
        (QUECTEL, replace(ALLOWED, refused="the bench does not allow it"), "/dev/ttyUSB1", 0),
        (replace(QUECTEL, trouble="lost"), ALLOWED, "/dev/ttyUSB1", 0),
        (QUECTEL, ALLOWED, "", 0),
        (replace(QUECTEL, dialect=None), ALLOWED, "/dev/ttyUSB1", 0),
        (replace(QUECTEL, dialect="zte"), ALLOWED, "/dev/ttyUSB1", 0),
        (QUECTEL, None, "/dev/ttyUSB1", 0),
    ],
)
def test_nothing_is_swept_that_may_not_be_or_cannot(ran, survey, plan, port, runs):
    marks = swept(survey, plan, port=port)
    assert len(ran) == runs
    assert len(marks) == (0 if plan is None or runs else 1)


def test_a_recording_without_a_sweep_says_so_and_is_not_swept():
    target = Target("d", (MODEM,), sweep=replace(ALLOWED, bands=()))
    survey = replace(QUECTEL, address=MODEM)
    found = sweeping.with_sweep(survey, target, [parse_address(MODEM)], Unwritten("x"), None)
    assert not found.all(BandTrial)
    assert any(link == "sweep" for link, _ in found.exchanges)
    assert (
        sweeping.with_sweep(survey, replace(target, sweep=None), [parse_address(MODEM)], Unwritten("x"), None) is survey
    )
    assert sweeping.with_sweep(QUECTEL, replace(target, sweep=None), [], Unwritten("x"), None) is QUECTEL


def test_the_port_of_a_sweep_is_opened_for_changes_and_in_time(monkeypatch):
    told = {}

    def opened(url, *, deadline_s, allow_changes):
        told.update(url=url, left_s=deadline_s - time.monotonic(), allow_changes=allow_changes)
        return SimpleNamespace(learn_records=lambda records: told.update(records=records))

    monkeypatch.setattr("harness.links.at.port.open_at", opened)
    live = object.__new__(sweeping._Live)
    live._url, live._family = "/dev/ttyUSB1", SimpleNamespace(records="r")
    live._open()
    assert (told["url"], told["allow_changes"], told["records"]) == ("/dev/ttyUSB1", True, "r")
    assert 0 < told["left_s"] <= sweeping.OPEN_S


def test_what_stands_of_evidence_that_could_not_be_finished_is_told(tmp_path):
    shutil.copytree(resolve_recording(MODEM), tmp_path / "d")
    found = _kept(Target("d", ("/dev/ttyUSB1",)), tmp_path / "d")
    assert found.address == "/dev/ttyUSB1"
    assert found.identity.model == read_device(MODEM).identity.model
    assert found.exchanges
