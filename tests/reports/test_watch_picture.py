"""The picture of a watch: what was seen for a moment is seen, what device text says is escaped, its size is bounded."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from harness.reports.figures.watch_picture import in_words, lasting, stretches, watch_picture
from harness.reports.html.watch_page import headline, how_asked, watch_html
from harness.watch.course import GONE, Course
from harness.watch.following import Follower
from harness.watch.moment import Moment

HOME = Moment(state="home", rat="lte", band="B2", channel=900, rsrp_dbm=-90)


def course_of(*steps):
    """A course of (seconds, moment or why nothing is known)."""
    course = Course()
    for at_s, what in steps:
        course.lose(at_s, what) if isinstance(what, str) else course.look(at_s, what)
    return course


def bars(svg, words):
    """The boxes whose words begin so: place and width."""
    root = ET.fromstring(svg)
    found = [one for one in root.iter() if one.tag.endswith("rect") and words in "".join(one.itertext())]
    return [(float(one.get("x")), float(one.get("width"))) for one in found]


def test_a_second_without_service_is_seen_in_the_picture_of_a_week():
    week = 7 * 86_400.0
    course = course_of((0, HOME), (300_000, Moment(state="searching")), (300_001, HOME), (week, HOME))
    svg = watch_picture(course)
    out = bars(svg, "searching")
    assert len(out) == 1
    assert out[0][1] >= 1.5
    assert dict(course.shares("registration"))["searching"] == pytest.approx(1.0)
    # And it never reads as all of the time.
    assert "100 %" not in headline(course)
    assert "99.99 %" in headline(course)


def test_bars_stand_where_they_were():
    course = course_of((0, HOME), (100, GONE), (150, HOME), (200, HOME))
    for lane, value, want in (("registration", "home", [(0, 100), (150, 200)]), ("registration", GONE, [(100, 150)])):
        got = stretches(course.slices, course.slice_s, lane, value)
        assert [(round(a), round(b)) for a, b in got] == want
    scale = (900 - 190 - 20) / 200
    assert bars(watch_picture(course), GONE) == [(round(190 + 100 * scale, 1), round(50 * scale, 1))]


def test_no_line_of_levels_goes_through_the_time_in_which_it_was_away():
    course = course_of((0, HOME), (10, HOME), (20, GONE), (50, HOME), (60, HOME))
    (line,) = (one.get("d") for one in ET.fromstring(watch_picture(course)).iter() if one.get("fill") == "none")
    assert (line.count("M"), line.count("L")) == (2, 2)


def test_a_hostile_name_stays_text():
    course = course_of((0, Moment(state="home", band="<script>alert(1)</script>")), (10, HOME))
    page = watch_html(Follower(requests=("AT",), course=course), 'x"><img src=q>')
    assert "<script" not in page
    assert "<img" not in page


def test_how_often_it_was_asked_is_told():
    course = course_of((0, HOME), (30, HOME), (60, HOME))
    course.hear(61, None)
    assert "asked 3 times" in how_asked(course).lower()
    assert "1 message came unasked" in how_asked(course)


def test_nothing_seen_is_no_picture_and_still_a_page():
    course = Course()
    assert watch_picture(course) == ""
    assert "no band told" in watch_html(Follower(requests=("AT",), course=course), "modem")


def test_the_page_of_a_long_wild_watch_is_bounded():
    course = Course()
    for second in range(0, 40_000, 2):
        band = f"B{second % 300}"
        course.look(second, Moment(state="home" if second % 4 else "searching", band=band, rsrp_dbm=-90 - second % 20))
    page = watch_html(Follower(requests=("AT",), course=course), "modem")
    assert len(page) < 12e6
    assert len(course.shares("serving")) <= 25
    assert "others" in in_words(course)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0.4 s"), (42, "42 s"), (300, "5 min"), (3600 * 5, "5 h"), (3600 * 5.5, "5 h 30 min"), (86_400 * 3 + 7200, "3 d 2 h")],
)  # fmt: skip
def test_times_in_words(seconds, words):
    assert lasting(seconds) == words
