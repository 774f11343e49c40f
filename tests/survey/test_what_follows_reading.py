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
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import Unwritten
from harness.survey import evidence_files, reading, sweeping
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import Target
from harness.survey.together import _kept
from harness.sweep.bands import SweepBand
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
def test_files_tell_wherever_they_come_from(asked, held, live, given, evidence, count):
    links = {"uecap": (FILE,)} if held else {}
    target = Target(
        "d",
        (MODEM,),
        given=(replace(FILE, request="uecap b.hex"),) if given else (),
        evidence={"uecap": (Path("c.hex"),)} if evidence else {},
    )
    survey = Survey("d", MODEM, "modem")
    told = (replace(FILE, request="uecap live"),) if live else ()
    reading._with_files(survey, target, {parse_address(MODEM): SimpleNamespace(links=links)}, Unwritten("x"), told)
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
    held = {parse_address(MODEM): load_recording(resolve_recording(MODEM))}
    found = sweeping.with_sweep(survey, target, list(held), held, Unwritten("x"), None)
    assert not found.all(BandTrial)
    assert any(link == "sweep" for link, _ in found.exchanges)
    unasked = replace(target, sweep=None)
    assert sweeping.with_sweep(survey, unasked, list(held), held, Unwritten("x"), None) is survey
    assert sweeping.with_sweep(QUECTEL, unasked, [], {}, Unwritten("x"), None) is QUECTEL


def test_the_port_of_a_sweep_is_opened_for_changes_and_in_time(monkeypatch):
    told = {}

    def opened(url, *, deadline_s, allow_changes, allow_scans):
        told.update(url=url, left_s=deadline_s - time.monotonic(), allowed=(allow_changes, allow_scans))
        return SimpleNamespace(learn_records=lambda records: told.update(records=records))

    monkeypatch.setattr("harness.links.at.port.open_at", opened)
    live = object.__new__(sweeping._Live)
    live._url, live._family = "/dev/ttyUSB1", SimpleNamespace(records="r")
    live._open()
    assert (told["url"], told["allowed"], told["records"]) == ("/dev/ttyUSB1", (True, True), "r")
    assert 0 < told["left_s"] <= sweeping.OPEN_S


def test_what_stands_of_evidence_that_could_not_be_finished_is_told(tmp_path):
    shutil.copytree(resolve_recording(MODEM), tmp_path / "d")
    found = _kept(Target("d", ("/dev/ttyUSB1",)), tmp_path / "d")
    assert found.address == "/dev/ttyUSB1"
    assert found.identity.model == read_device(MODEM).identity.model
    assert found.exchanges


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("uecap=live", ("", 0.0)),
        ("dut:uecap=live", ("dut", 0.0)),
        ("dut:uecap=live,wait=30", ("dut", 30.0)),
        ("uecap=a.hex", None),
    ],
)
def test_a_live_capture_as_an_option(text, told):
    from harness.survey.live.plan import live_option, walk_option

    assert live_option(text) == told
    assert [walk_option(one) for one in ("bands=live", "dut:bands=live", "uecap=live")] == ["", "dut", None]


def test_a_modem_that_comes_back_in_the_last_second_is_found(monkeypatch):
    from harness.survey.restoring import modem_finding

    ports = iter([None, None, "port"])
    monkeypatch.setattr(modem_finding, "_port_of", lambda url, key: next(ports))
    monkeypatch.setattr(modem_finding, "_LOOK_EVERY_S", 0.01)
    assert modem_finding.reopened("/dev/ttyUSB1", "k", until_s=time.monotonic() + 0.9) == "port"
    monkeypatch.setattr(modem_finding, "_port_of", lambda url, key: None)
    assert modem_finding.reopened("/dev/ttyUSB1", "k", until_s=time.monotonic()) is None


def test_every_link_behind_every_address_is_read():
    told = [parse_address("ABCDEF012345"), parse_address(MODEM), parse_address("socket://192.0.2.1:5000")]
    held = {told[1]: load_recording(resolve_recording(MODEM))}
    assert [(one.kind, want) for one, want in reading._links(told, held)] == [
        ("adb", None),
        ("recording", "at"),
        ("at", None),
    ]


def test_a_late_name_needs_no_evidence(tmp_path):
    from harness.survey.together import _named

    survey = Survey("handset", "A", "handset", (Identity(model="Mi MIX 2"),))
    read = [(Target("handset", ("A",), named=False), survey)]
    assert list(_named(read, None)) == ["mi-mix-2"]
    (tmp_path / "handset").mkdir()
    (tmp_path / "handset.attempt-1").mkdir()
    assert list(_named(read, tmp_path)) == ["mi-mix-2"]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["mi-mix-2", "mi-mix-2.attempt-1"]


def test_a_live_device_is_swept_as_planned_and_not_by_a_recording(ran):
    plan = replace(ALLOWED, bands=(SweepBand("lte", 12),), refused="not allowed here")
    port = [SimpleNamespace(kind="at", value="/dev/ttyUSB1")]
    found = sweeping.with_sweep(QUECTEL, Target("d", ("/dev/ttyUSB1",), sweep=plan), port, {}, Unwritten("x"), None)
    (kept,) = [one for link, one in found.exchanges if link == "sweep"]
    assert "holds no sweep" not in kept.text
    allowed = Target("d", ("/dev/ttyUSB1",), sweep=ALLOWED)
    sweeping.with_sweep(QUECTEL, allowed, port, {}, Unwritten("x"), None)
    assert len(ran) == 1


def test_a_table_is_kept_as_it_is_but_for_what_is_personal(monkeypatch):
    from harness.errors import InputError
    from harness.survey import evidence_reduction

    plain, personal = b"a table without anything\n", b"a table of IMEI: 356938035643809\n"
    assert evidence_reduction._table(plain, "t.txt") == plain
    monkeypatch.setattr(evidence_reduction, "_accounts", lambda data, name: "same")
    assert evidence_reduction._table(personal, "t.txt") == b"a table of IMEI: 356938030000000\n"
    monkeypatch.setattr(evidence_reduction, "_accounts", lambda data, name: data)
    with pytest.raises(InputError, match="holds personal data"):
        evidence_reduction._table(personal, "t.txt")


def test_a_log_without_a_capability_is_kept_where_it_has_tables(monkeypatch):
    from harness.errors import ParseError
    from harness.survey import evidence_reduction

    def nothing(*_):
        raise ParseError("no capability")

    keeping = evidence_reduction.Keeping()
    monkeypatch.setattr(evidence_reduction, "take", nothing)
    monkeypatch.setattr(evidence_reduction, "printed_tables", lambda text: [])
    with pytest.raises(ParseError):
        evidence_reduction._log(keeping, b"", b"", "x.qmdl")
    monkeypatch.setattr(evidence_reduction, "printed_tables", lambda text: [(0, "0xB0CD", "AA")])
    evidence_reduction._log(keeping, b"", b"", "x.qmdl")
    assert keeping.records == ["0xB0CD AA"]


def test_a_live_capture_and_a_look_of_two_devices_are_both_planned(monkeypatch):
    from harness.survey.live.plan import LivePlan

    monkeypatch.setattr(evidence_files, "with_live", lambda target, plan: replace(target, live=plan))
    phones = (Target("a", ("ABCDEF012345",)), Target("b", ("ABCDEF012346",)))
    options = ["a:uecap=live,wait=9", "b:bands=live"]
    one, other = evidence_files.with_evidence(phones, options, live=LivePlan(act=True))
    assert (one.live.wait_s, one.walk, other.live, other.walk) == (9.0, False, None, True)


def test_the_band_screen_is_walked_over_a_link_that_may_act(monkeypatch):
    told = {}

    def opened(address, *, deadline_s, allow_changes):
        told["allow_changes"] = allow_changes
        return SimpleNamespace(close=lambda: told.update(closed=True))

    monkeypatch.setattr("harness.links.adb.shell.open_adb", opened)
    monkeypatch.setattr("harness.survey.live.band_walk.walk_to_bands", lambda link, *, deadline_s: "walk")
    monkeypatch.setattr("harness.survey.live.band_walk.exchanges_of", lambda walk: ())
    run = reading._Reading(Unwritten("x"), time.monotonic() + 5, None)
    run._walk(SimpleNamespace(address="ABCDEF012345"))
    assert told == {"allow_changes": True, "closed": True}
