"""Hours of watching in moments: what came unasked, losses, how often it was asked, and memory that does not grow."""

from __future__ import annotations

import tracemalloc

import pytest
from watched_radio import WatchedRadio

from harness.links.read_only import is_read
from harness.probes.at import registry
from harness.probes.at.language.answer import Modem
from harness.recording.exchange import Exchange
from harness.recording.files import hash_problems, load_recording
from harness.simulation.radio.air import cell_on
from harness.simulation.radio.tongues import TONGUES
from harness.survey.watched import followed
from harness.watch.course import GONE, MOST_CHANGES, MOST_SLICES, SILENT
from harness.watch.following import requests_to_watch
from harness.watch.watching import INTERVAL_S, LEAST_S

DAY_S = 86_400.0


@pytest.fixture
def watched(tmp_path):
    def make(family="quectel-5g", cells=("lte-2", "lte-12")):
        named = [one.split("-") for one in cells]
        return WatchedRadio(tmp_path / "recording", family, [cell_on(rat, int(band)) for rat, band in named])

    return make


@pytest.mark.parametrize("family", TONGUES)
def test_each_simulated_family_tells_its_band_for_an_hour(watched, family):
    one = watched(family, ("lte-2", "lte_m-4"))
    course = one.watch(3600)
    bands = course.shares("serving")
    assert [band for band, _ in bands] in (["B2"], ["B4"])
    assert bands[0][1] > 3500
    assert course.shares("registration")[0][0] == "home"
    assert 115 <= course.looks <= 125


def test_it_is_asked_once_an_interval_and_says_how_often(watched):
    one = watched()
    course = one.watch(3600, interval_s=120)
    looks = one.port.asked.count('AT+QENG="servingcell"')
    assert course.looks == looks
    assert 29 <= looks <= 33


def test_a_code_that_comes_unasked_is_seen_at_its_second_and_brings_a_look(watched):
    one = watched()

    def to_12():
        one.air.cells.pop(0)
        one.search()

    one.at(1800.5, to_12)
    course = one.watch(3600)
    told = [(round(change.at_s), change.words) for change in one.said]
    lost = next(at for at, words in told if at > 100 and "searching" in words)
    assert abs(lost - 1800) <= 5
    again = next(at for at, words in told if at > lost and "B12" in words)
    assert again - lost <= 3 + LEAST_S + 1
    assert course.unasked >= 2
    assert dict(course.shares("serving")).keys() == {"B2", "B12"}


def test_a_flapping_network_does_not_make_it_ask_without_end(watched):
    one = watched()
    for second in range(100, 700):
        one.at(float(second), one.search)
    one.watch(700)
    times = [e for e in load_recording(one.folder).links["at"] if e.request == 'AT+QENG="servingcell"']
    assert len(times) <= 700 / LEAST_S + 5


def test_reports_of_the_registration_are_left_as_they_were_found(watched):
    one = watched()
    assert one.radio.memory.volatile.get("CEREG", "0") == "2"
    one.watch(60)
    assert one.radio.memory.volatile["CEREG"] == "0"
    assert one.radio.memory.volatile["C5GREG"] == "0"


def test_nothing_but_reads_is_sent(watched):
    one = watched()
    one.watch(120)
    family = registry.dialect("quectel")
    assert all(is_read(command, family.read_forms) for command in one.port.asked)
    assert not any("CIMI" in command for command in one.port.asked)


def test_a_lost_modem_is_told_and_waited_for_and_asked_to_tell_again(watched):
    one = watched()
    one.at(600, lambda: one.unplug(300))
    course = one.watch(1800)
    assert course.losses == 1
    seconds = dict(course.shares("registration"))
    assert 280 <= seconds[GONE] <= 340
    assert any(change.words == GONE for change in one.said)
    assert course.moment.band == "B2"
    # Its power was off: what it tells unasked was set anew, and put back at the end.
    assert one.port.asked.count("AT+CEREG=2") == 2
    assert one.radio.memory.volatile["CEREG"] == "0"


def test_a_modem_that_stays_away_is_missed_to_the_end_also_in_the_recording(watched):
    one = watched()
    one.at(600, lambda: one.unplug(10 * DAY_S))
    one.watch(3600)
    again = followed(load_recording(one.folder)).course
    for course in (one.course, again):
        assert dict(course.shares("registration"))[GONE] > 2900
        assert course.losses == 1


def test_a_modem_that_does_not_answer_is_silent_and_not_out_of_service(watched, monkeypatch):
    one = watched()
    monkeypatch.setattr(type(one.radio.tongue), "answer", _never)
    course = one.watch(300)
    assert [state for state, _ in course.shares("registration")] == [SILENT]
    assert course.unanswered >= 2
    assert course.losses == 0


def _never(self, part, radio):
    from harness.simulation.modem.text import ScriptedAnswer

    return ScriptedAnswer((), "")


def test_the_recording_is_whole_and_tells_the_same_course_again(watched):
    one = watched()
    one.at(500, one.search)
    one.at(900, lambda: one.unplug(60))
    course = one.watch(1800)
    recording = load_recording(one.folder)
    assert recording.info.complete
    assert hash_problems(one.folder) == ()
    again = followed(recording).course
    assert again.whole == course.whole
    assert (again.looks, again.unasked, again.losses, again.changed) == (
        course.looks, course.unasked, course.losses, course.changed,
    )  # fmt: skip
    assert list(again.changes) == list(course.changes)


def test_a_day_of_watching_keeps_memory_flat(watched):
    """24 h, a search each 10 minutes and a loss each 2 h: less than 10 MB above what one hour needs."""
    one = watched()
    for minute in range(10, 24 * 60, 10):
        one.at(60.0 * minute, one.search)
    for hour in range(2, 24, 2):
        one.at(3600.0 * hour + 77, lambda: one.unplug(120))
    marks = {}
    tracemalloc.start()
    for hour in (1, 23):
        one.at(3600.0 * hour + 1800, lambda hour=hour: marks.setdefault(hour, tracemalloc.get_traced_memory()))
    course = one.watch(DAY_S)
    tracemalloc.stop()
    assert course.at_s > DAY_S - 2 * INTERVAL_S
    assert course.losses == 11
    assert marks[23][0] - marks[1][0] < 10e6
    assert marks[23][1] - marks[1][0] < 10e6
    assert len(course.slices) <= MOST_SLICES
    # Nothing of the day is lost but the single changes: every second stands in exactly one registration.
    assert sum(seconds for _, seconds in course.shares("registration")) == pytest.approx(course.at_s, abs=0.01)
    assert sum(sum(s.seconds["registration"].values()) for s in course.slices) == pytest.approx(course.at_s, abs=0.01)


def test_changes_without_end_are_counted_and_only_the_last_are_kept(watched):
    one = watched()
    for turn in range(3 * MOST_CHANGES):
        one.at(10.0 + 6 * turn, one.search)
    course = one.watch(6 * 3 * MOST_CHANGES + 60)
    assert len(course.changes) == MOST_CHANGES < course.changed
    assert course.changes[-1].at_s > course.changes[0].at_s


@pytest.mark.parametrize("dialect", registry.our_dialects(), ids=lambda one: one.name)
def test_every_family_has_something_to_watch_and_nothing_personal(dialect):
    for kind in dialect.kinds:
        requests = requests_to_watch(dialect, Modem(None, kind.model, None))
        assert any("REG?" in one or "XMONITOR" in one for one in requests), kind.model
        assert all(is_read(one, dialect.read_forms) for one in requests), kind.model
        assert not any("CIMI" in one or "ICCID" in one or "CGSN" in one for one in requests)


def test_one_technology_out_of_service_is_not_the_device_out_of_service(watched):
    """`+C5GREG: 0` of a modem on LTE: only what all domains tell is out."""
    one = watched()
    one.watch(60)
    follower = one.opened.follower
    at = one.clock.now()
    follower.take(Exchange("unasked", b"\r\n+C5GREG: 0\r\n", elapsed_ms=0, at=at))
    assert follower.course.moment.state == "home"
    follower.take(Exchange("unasked", b"\r\n+CEREG: 3,,,,0,15\r\n", elapsed_ms=0, at=at))
    assert follower.course.moment.registration == "denied, cause 15"
    assert follower.course.moment.band == ""
