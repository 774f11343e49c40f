"""What the pictures are drawn with: hostile words stay words, and the same drawing gives the same bytes."""

from __future__ import annotations

import gc
import re
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest

from harness.reports.collection import no_collection
from harness.reports.figures.drawing import Drawing, box, dot, group, hatching, label, path, stroke

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title></svg><script>alert(1)</script>"\' onload="x" &amp; \x1b[31m\u202egnp\x00 two\nlines ]]>'


def drawing(words: str = HOSTILE) -> str:
    made = Drawing(100, 50, name="n", title=words, words=words)
    made.define("n-hatch", 5, *hatching())
    made.add(
        group("met", words, box(1, 2, 3.14159, 4, words, fill="url(#n-hatch)"), label(words, 5, 6, about=words)),
        stroke(0, 0, 10, 10.04),
        dot(1, 1, 0.5),
        path("M0 0 h1"),
    )
    return made.svg()


def test_hostile_words_stay_words_in_titles_labels_and_descriptions() -> None:
    svg = ET.fromstring(drawing())
    assert {one.tag for one in svg.iter()} == {
        f"{SVG}{name}" for name in ("svg", "title", "desc", "defs", "pattern", "g", "rect", "text", "path", "circle")
    }
    assert not [name for one in svg.iter() for name in one.attrib if name.startswith("on")]
    for told in [one.text or "" for one in svg.iter() if one.tag in {f"{SVG}title", f"{SVG}desc", f"{SVG}text"}]:
        assert told.startswith("</title></svg><script>alert(1)</script>\"' onload=")
        assert "‹U+202E›" in told
        assert "‹U+0000›" in told
        assert "two lines ]]>" in told


def test_hostile_words_do_not_leave_their_attribute() -> None:
    svg = ET.fromstring(Drawing(100, 50, about=HOSTILE).svg())
    assert (svg.get("aria-label") or "").startswith("</title></svg><script>")
    assert svg.get("onload") is None
    assert svg.get("role") == "img"


def test_a_drawing_without_words_is_hidden_from_screen_readers() -> None:
    svg = ET.fromstring(Drawing(100, 50).svg())
    assert svg.get("aria-hidden") == "true"
    assert svg.get("role") is None


def test_the_same_drawing_gives_the_same_bytes_and_names_nothing_by_chance() -> None:
    assert drawing() == drawing()
    assert re.findall(r' id="([^"]*)"', drawing("words")) == ["n-hatch", "n-t", "n-d"]


def test_places_are_a_tenth_of_a_pixel_fine() -> None:
    svg = ET.fromstring(drawing("words"))
    rect = svg.find(f"{SVG}g/{SVG}rect")
    assert rect is not None
    assert (rect.get("x"), rect.get("width")) == ("1", "3.1")
    assert [one.get("d") for one in svg.iter(f"{SVG}path")][-2:] == ["M0,0 L10,10", "M0 0 h1"]


@pytest.mark.parametrize("collecting", [True, False])
def test_collection_goes_on_as_before_after_a_report(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        with suppress(ValueError), no_collection():
            assert not gc.isenabled()
            raise ValueError("page")
        assert gc.isenabled() is collecting
        assert gc.get_freeze_count() == 0
    finally:
        (gc.enable if before else gc.disable)()
