"""The band picture: its axis, its bars, its words."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from documents import typed
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from harness.observations import SupportedBands
from harness.radio.tables import bands_of
from harness.reports.figures.band_picture import in_words, picture
from harness.reports.figures.frequency_axis import axis
from harness.survey.survey import Survey


def drawn(document: Any) -> str:
    made = typed(document)
    return picture(made, made.devices[0], "d0")


def told_of(document: Any) -> str:
    made = typed(document)
    return in_words(made, made.devices[0])


SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def svg(document: Any) -> ET.Element:
    return ET.fromstring(drawn(document))


def bars(svg: ET.Element, state: str) -> list[str]:
    groups = [group for group in svg.iter(f"{SVG}g") if state in (group.get("class") or "").split()]
    return [group.findtext(f"{SVG}title") or "" for group in groups]


def test_missing_bands_are_hatched_and_named(svg: ET.Element) -> None:
    missing = bars(svg, "missing")
    assert any(re.match(r"B14 downlink 758–768 MHz · .*missing", words) for words in missing)
    assert {words.split()[0] for words in missing} == {"B14", "B66", "B46", "B48", "B71"}
    for group in svg.iter(f"{SVG}g"):
        if "missing" in (group.get("class") or ""):
            rect = group.find(f"{SVG}rect")
            assert rect is not None
            assert rect.get("fill") == "url(#d0-hatch)"
    assert [p.get("id") for p in svg.iter(f"{SVG}pattern")] == ["d0-hatch"]


def test_a_declaration_asks_for_no_band_and_has_no_row(document: Any) -> None:
    made = typed(document)
    paper = structs.replace(made.results[0], carrier="declared/ics", name="its maker's ICS")
    told = picture(structs.replace(made, results=[*made.results, paper]), made.devices[0], "d0")
    assert told == picture(made, made.devices[0], "d0")


def test_uplink_and_downlink_are_told_apart(svg: ET.Element) -> None:
    assert "B12 uplink 699–716 MHz · attached" in bars(svg, "up")
    assert "B12 downlink 729–746 MHz · attached" in bars(svg, "have")


def test_the_text_alternative_holds_every_row(document: Any, svg: ET.Element) -> None:
    told = svg.findtext(f"{SVG}desc") or ""
    assert told == told_of(document)
    assert "AT&T Mobility (2024) asks: B2 met" in told
    assert "B14 missing" in told
    assert "attached: B12." in told
    assert "hardware" not in told
    ids = {svg.find(f"{SVG}title").get("id"), svg.find(f"{SVG}desc").get("id")}  # type: ignore[union-attr]
    assert ids == set((svg.get("aria-labelledby") or "").split())


def test_bars_of_one_row_and_their_labels_do_not_overlap(svg: ET.Element) -> None:
    lanes: dict[str, list[tuple[float, float]]] = {}
    for group in svg.iter(f"{SVG}g"):
        rect = group.find(f"{SVG}rect")
        assert rect is not None
        left = float(rect.get("x") or 0)
        lanes.setdefault(rect.get("y") or "", []).append((left, left + float(rect.get("width") or 0)))
    assert lanes
    for spans in lanes.values():
        spans.sort()
        assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))


def test_all_bars_lie_on_the_paper(svg: ET.Element) -> None:
    width = float((svg.get("viewBox") or "").split()[2])
    for rect in svg.iter(f"{SVG}rect"):
        assert 0 <= float(rect.get("x") or 0) <= width - float(rect.get("width") or 0)


def test_rows_that_nothing_tells_are_absent_and_no_restriction_is_said(make: Any, handset: Survey) -> None:
    unlimited = SupportedBands(rat="lte", bands=None, layer="hardware", unlimited=True)
    document, _ = make([replace(handset, observations=(*handset.observations, unlimited))])
    assert "hardware: no restriction." in told_of(document)


def test_a_band_of_no_table_does_not_stop_the_picture(make: Any, handset: Survey) -> None:
    strange = SupportedBands(rat="lte", bands=(2, 999), layer="hardware")
    document, _ = make([replace(handset, observations=(*handset.observations, strange))])
    assert "B999" not in drawn(document)


def test_no_band_no_picture(make: Any) -> None:
    document, _ = make([Survey("gone", "x", None, trouble="gone")], ["intl/google-global"])
    assert drawn(document) == ""


RANGES = sorted({band.dl_mhz for rat in ("lte", "nr") for band in bands_of(rat).values() if band.dl_mhz})


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(RANGES), min_size=1, max_size=40))
def test_the_axis_is_monotonous_and_cut_only_where_nothing_is(ranges: list[tuple[float, float]]) -> None:
    scale = axis(ranges, 100, 900)
    edges = sorted({edge for pair in ranges for edge in pair})
    places = [scale.x(edge) for edge in edges]
    assert places == sorted(places)
    assert 100 <= places[0] <= places[-1] <= 900.001
    for low, high in ranges:
        assert any(piece.low <= low and high <= piece.high for piece in scale.pieces)
    marks = [place for place, _ in scale.marks]
    assert marks
    assert all(other - one >= 33.9 for one, other in zip(marks, marks[1:], strict=False))


def test_an_axis_has_no_place_for_what_lies_in_a_cut() -> None:
    with pytest.raises(ValueError, match="cut"):
        axis([(700, 800), (2500, 2600)], 0, 100).x(1500)
    with pytest.raises(ValueError, match="no range"):
        axis([], 0, 100)
