"""One device over its links: what ends a link, what is absent and what is lost, what is noted beside the answers."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from harness.errors import DeviceAbsent, DeviceGone, LinkError, NoAdbServer
from harness.links.addresses import parse_address
from harness.links.usb import places
from harness.observations import Identity, Reading
from harness.recording.exchange import Exchange, Interruption, Recording, RecordingInfo
from harness.recording.writer import Unwritten
from harness.survey import reading
from harness.survey.reading import _links, _Reading, read_device
from harness.survey.recorded_survey import USB_PLACES
from harness.survey.targets import Target

PHONE, PORT, TOOL = "R58M12ABCDE", "/dev/ttyUSB2", "qmi:/dev/cdc-wdm0"
LATE = Interruption("AnswerTimeout", "no answer in time")
GONE = Interruption("DeviceGone", "it went away")


class Writer(Unwritten):
    def __init__(self) -> None:
        super().__init__("x")
        self.notes: dict[str, object] = {}

    def note(self, name, value) -> None:
        self.notes[name] = value


@pytest.fixture
def run(monkeypatch):
    """Links that tell what `told` says of their address: a reading, or an error on opening or asking."""
    told = SimpleNamespace(opens={}, asks={}, closed=[], heard=[], writer=Writer(), wants=[])

    def opened(address, *, record_to, want, deadline_s, recording):
        told.wants.append(want)
        if error := told.opens.get(address.kind):
            raise error
        return SimpleNamespace(close=lambda: told.closed.append(address.kind), kind=address.kind)

    def ask(self, kind, link):
        answer = told.asks.get(kind, Reading((Identity(model=kind),)))
        if isinstance(answer, Exception):
            raise answer
        for one in answer if isinstance(answer, list) else ():
            self.exchanges.append((kind, one))
        return Reading((Identity(model=kind),)) if isinstance(answer, list) else answer

    monkeypatch.setattr(reading, "open_link", opened)
    monkeypatch.setattr(_Reading, "_ask", ask)

    def go(*addresses: str):
        one = _Reading(told.writer, time.monotonic() + 5, None, told.heard.append)
        for text in addresses:
            one.read(parse_address(text), None)
        return one.survey(Target("d", addresses))

    told.go = go
    return told


def test_the_kind_is_that_of_the_first_link_that_answers(run):
    assert run.go(PHONE, PORT).kind == "handset"
    assert run.go(PORT, PHONE).kind == "modem"
    assert run.go(TOOL).kind == "modem"
    assert run.closed == ["adb", "at", "at", "adb", "qmi"]


def test_a_port_that_is_not_there_is_an_absence_and_not_a_loss(run):
    run.opens["at"] = DeviceAbsent("it is not there", way_out="plug it in")
    found = run.go(PORT)
    assert (found.kind, found.lost, found.trouble) == (None, False, "it is not there")
    assert found.absent == ("it is not there", "plug it in")
    assert run.heard == [run.opens["at"]]


def test_two_absences_are_told_once_each_and_a_way_out_once(run):
    run.opens = {"at": DeviceAbsent("a", way_out="x"), "adb": NoAdbServer("b", way_out="x")}
    assert run.go(PORT, PHONE).absent == ("a; b", "x")
    run.opens = {"at": DeviceAbsent("a"), "adb": NoAdbServer("a")}
    assert run.go(PORT, PHONE).absent == ("a", "")
    # What is told twice is told once.
    assert run.go(PORT, PHONE).trouble == "a"


def test_where_anything_else_was_wrong_it_is_no_absence(run):
    run.opens = {"at": DeviceAbsent("a"), "adb": LinkError("b")}
    assert run.go(PORT, PHONE).absent is None
    run.opens = {"at": DeviceAbsent("a")}
    run.asks["adb"] = [Exchange("getprop", b"x")]
    found = run.go(PORT, PHONE)
    assert (found.absent, found.trouble, found.kind) == (None, "a", "handset")


def test_one_that_goes_away_while_it_is_asked_is_lost_and_its_port_closed(run):
    run.asks["at"] = DeviceGone("it went away")
    found = run.go(PORT)
    assert (found.lost, found.trouble, found.kind, found.observations) == (True, "it went away", "modem", ())
    assert run.closed == ["at"]
    run.asks["at"] = LinkError("garbled")
    assert run.go(PORT).lost is False


@pytest.mark.parametrize(
    ("kind", "cuts", "lost", "trouble"),
    [
        ("at", [LATE], False, None),
        ("at", [LATE, GONE], True, "it went away"),
        ("adb", [LATE], False, "no answer in time"),
        ("adb", [GONE], True, "it went away"),
        ("adb", [None], False, None),
    ],
)
def test_the_error_that_ended_a_link_is_its_trouble_and_a_late_answer_of_a_modem_is_none(
    run, kind, cuts, lost, trouble
):
    run.asks[kind] = [Exchange("x", b"", error=cut) for cut in cuts]
    found = run.go(PORT if kind == "at" else PHONE)
    assert (found.lost, found.trouble) == (lost, trouble)


def test_the_ends_of_one_link_are_not_those_of_the_next(run):
    run.asks = {"adb": [Exchange("x", b"", error=GONE)], "at": [Exchange("ATI", b"x")]}
    assert run.go(PHONE, PORT).trouble == "it went away"
    run.asks = {"adb": [Exchange("x", b"")], "at": [Exchange("ATI", b"x", error=GONE)]}
    assert run.go(PHONE, PORT).lost is True


def test_the_first_trouble_stays_where_the_answers_tell_of_another(run, monkeypatch):
    def ask(self, kind, link):
        self.exchanges.append((kind, Exchange("x", b"", error=GONE)))
        raise LinkError("it ended so")

    monkeypatch.setattr(_Reading, "_ask", ask)
    found = run.go(PORT)
    assert (found.trouble, found.lost) == ("it ended so", True)


def test_a_serial_number_is_in_no_trouble(run):
    run.opens["adb"] = LinkError(f"{PHONE} is offline")
    assert PHONE not in run.go(PHONE).trouble


@pytest.mark.parametrize(("text", "key"), [(PHONE, "adb"), (PORT, "at"), (TOOL, "qmi")])
def test_the_place_on_usb_is_noted_by_link(run, monkeypatch, text, key):
    monkeypatch.setattr(places, "usb_place", lambda address: "1-2")
    one = _Reading(run.writer, 0.0, None)
    one.place(parse_address(text))
    assert one.usb_places == {key: "1-2"}
    assert run.writer.notes == {USB_PLACES: {key: "1-2"}}
    monkeypatch.setattr(places, "usb_place", lambda address: None)
    other = _Reading(Writer(), 0.0, None)
    other.place(parse_address(text))
    assert other.usb_places == {}
    assert other.writer.notes == {}


def test_a_recording_has_a_link_for_each_of_its_files_and_one_without_any():
    address = parse_address("fixture:quectel-rm520n-gl")
    live = parse_address(PORT)

    def held(*kinds: str) -> Recording:
        return Recording(RecordingInfo("x", "recorded"), dict.fromkeys(kinds, ()))

    assert list(_links([live, address], {address: held("qmi", "uecap", "adb")})) == [
        (live, None), (address, "adb"), (address, "qmi"),
    ]  # fmt: skip
    assert list(_links([address], {address: held("uecap")})) == [(address, None)]


def test_places_are_asked_of_live_devices_with_several_links_alone(monkeypatch):
    placed = []
    monkeypatch.setattr(_Reading, "place", lambda self, address: placed.append(address.text))
    monkeypatch.setattr(_Reading, "read", lambda self, *_: None)
    read_device(Target("d", (PHONE,)), deadline_s=0)
    read_device("fixture:quectel-rm520n-gl", deadline_s=0)
    assert placed == []
    read_device(Target("d", (PHONE, PORT)), deadline_s=0)
    assert placed == [PHONE, PORT]


def test_a_live_capture_is_made_of_a_live_device_without_a_trouble(monkeypatch):
    captured = []
    monkeypatch.setattr(_Reading, "read", lambda self, *_: self.troubles.extend(trouble))
    monkeypatch.setattr(_Reading, "live", lambda self, survey, target: captured.append(target.device) or ())
    trouble: list[str] = []
    plan = SimpleNamespace()
    read_device(Target("live", (PHONE,), live=plan))
    read_device(Target("unasked", (PHONE,)))
    read_device(Target("recorded", ("fixture:xiaomi-mi-mix-2-global",), live=plan))
    trouble = ["it is off"]
    read_device(Target("troubled", (PHONE,), live=plan))
    assert captured == ["live"]


def test_a_walk_is_made_over_a_live_handset_alone(monkeypatch):
    walks = []
    monkeypatch.setattr(_Reading, "read", lambda self, *_: walks.append(self.walks))
    read_device(Target("d", (PHONE,), walk=True))
    read_device(Target("d", (PHONE,)))
    read_device(Target("d", ("fixture:xiaomi-mi-mix-2-global",), walk=True))
    assert walks == [True, False, False]


def test_what_the_target_knows_stands_in_the_survey(monkeypatch):
    monkeypatch.setattr(_Reading, "read", lambda self, *_: None)
    target = Target("d", (PHONE,), sheet="a/b/c", sim_plmn="26201", sample="S-1")
    found = read_device(target, deadline_s=0)
    assert (found.sheet, found.expected_sim, found.sample, found.provenance) == ("a/b/c", "26201", "S-1", "recorded")
    assert found.address == PHONE
    assert 0 <= found.elapsed_s < 60
    assert read_device(Target("d", ("fixture:sierra-em7565",)), deadline_s=0).provenance == "composed"


@pytest.mark.parametrize("heard", [None, []])
def test_a_live_capture_is_told_the_handset_and_its_file_is_kept(monkeypatch, heard):
    from harness.recording.files import CAPTURE_FILE
    from harness.survey.live import capability

    asked, kept = [], []

    def read_live(name, plan, *, maker, words, deadline_s, tell):
        asked.append((name, plan, maker, words))
        tell("the port is set up")
        return SimpleNamespace(pcap=b"pcap", exchange="exchange")

    monkeypatch.setattr(capability, "read_live", read_live)
    writer = Writer()
    monkeypatch.setattr(writer, "keep_file", lambda name, data: kept.append((name, data)))
    run = _Reading(writer, 5.0, None if heard is None else heard.append)
    facts = (Identity(brand="Redmi", model="Note 8"),)
    survey = reading.Survey("d", PHONE, "handset", facts)
    assert run.live(survey, Target("d", (PORT, PHONE), live="plan")) == ("exchange",)
    assert asked == [(PHONE, "plan", "Redmi", "Redmi Note 8")]
    assert kept == [(CAPTURE_FILE, b"pcap")]
    assert heard in (None, ["the port is set up"])
