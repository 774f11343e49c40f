"""Carriers against bands, and the run in time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from documents import completed, typed
from msgspec.structs import replace

from harness.reports.document.document import Document
from harness.reports.figures.heat_map import HeatMap, heat_map, heat_picture
from harness.reports.figures.timeline import timeline


def document(*exchanges: tuple[str | None, float | None, str | None], carriers: int = 2) -> Document:
    def edition(carrier: str, bands: dict[int, str]) -> dict[str, Any]:
        rules = [
            {"id": f"X-B{band}", "kind": "band", "rat": "lte", "bands": [band], "level": level, "role": "coverage"}
            for band, level in bands.items()
        ]
        return {"carrier": carrier, "edition": "2024", "requirements": rules}

    told = {
        "results": [
            {"device": "m", "carrier": name, "name": name, "edition": "2024", "verdict": "FAIL"}
            for name in ("a/a", "b/b")[:carriers]
        ],
        "editions": [edition("a/a", {2: "mandatory", 14: "mandatory"}), edition("b/b", {71: "informative"})],
        "verdicts": [
            {"device": "m", "carrier": carrier, "edition": "2024", "requirement": f"X-B{band}", "verdict": verdict}
            for carrier, band, verdict in (("a/a", 2, "PASS"), ("a/a", 14, "FAIL"), ("b/b", 71, "NA"))
        ],
        "devices": [
            {
                "device": "m",
                "layers": {"hardware": {"lte": [2]}},
                "exchanges": [
                    {"number": n, "link": "at", "request": f"AT<{n}>", "at": at, "elapsed_ms": ms, "error": error}
                    for n, (at, ms, error) in enumerate(exchanges)
                ],
            }
        ],
    }
    return typed(completed(told))


def test_each_cell_says_what_the_band_is_to_the_carrier() -> None:
    made = document()
    found = heat_map(made, made.devices[0])
    assert found is not None
    assert found.bands == ("B2", "B14", "B71")
    (name, _, _, cells), (_, _, _, others) = found.rows
    assert name == "a/a"
    assert [cell.state for cell in cells] == ["met", "missing", ""]
    assert cells[1].about == "B14: missing (mandatory, coverage)"
    assert [cell.state for cell in others] == ["", "", "aside"]


def test_a_declaration_asks_for_no_band_and_has_no_row() -> None:
    made = document()
    paper = replace(made.results[0], carrier="declared/ics", name="its maker's ICS")
    found = heat_map(replace(made, results=[*made.results, paper]), made.devices[0])
    assert found is not None
    assert [row[0] for row in found.rows] == ["a/a", "b/b"]
    assert heat_map(replace(made, results=[made.results[0], paper]), made.devices[0]) is None


SVG = "{http://www.w3.org/2000/svg}"


def drawn() -> ET.Element:
    made = document()
    found = heat_map(made, made.devices[0])
    assert found is not None
    return ET.fromstring(heat_picture(found, "d0-heat"))


def test_the_map_is_drawn_with_a_mark_for_each_asked_band_and_none_elsewhere() -> None:
    groups = {group.findtext(f"{SVG}title"): group for group in drawn().iter(f"{SVG}g")}
    assert {words: group.get("class") for words, group in groups.items()} == {
        "B2: there (mandatory, coverage)": "met",
        "B14: missing (mandatory, coverage)": "missing",
        "B71: decides nothing (informative, coverage)": "aside",
    }
    frame = groups["B14: missing (mandatory, coverage)"].find(f"{SVG}rect")
    assert frame is not None
    assert frame.get("fill") == "url(#d0-heat-hatch)"


def test_the_map_tells_in_words_what_it_draws() -> None:
    svg = drawn()
    told = svg.findtext(f"{SVG}desc") or ""
    assert "a/a (2024), FAIL: B2: there (mandatory, coverage); B14: missing (mandatory, coverage)." in told
    ids = {one.get("id") for one in svg if one.tag in {f"{SVG}title", f"{SVG}desc"}}
    assert ids == set((svg.get("aria-labelledby") or "").split())


def test_many_bands_have_their_labels_upright_and_stay_on_the_paper() -> None:
    made = document()
    found = heat_map(made, made.devices[0])
    assert found is not None
    name, edition, verdict, cells = found.rows[0]
    wide = HeatMap(tuple(f"n{n}" for n in range(80)), ((name, edition, verdict, cells[:1] * 80),))
    svg = ET.fromstring(heat_picture(wide, "x"))
    assert sum("rotate(-90" in (one.get("transform") or "") for one in svg.iter(f"{SVG}text")) == 80
    width = float((svg.get("viewBox") or "").split()[2])
    frames = [one for group in svg.iter(f"{SVG}g") for one in group.iter(f"{SVG}rect")]
    assert len(frames) == 80
    assert all(float(one.get("x") or 0) + float(one.get("width") or 0) <= width for one in frames)


def test_one_carrier_needs_no_map() -> None:
    made = document(carriers=1)
    assert heat_map(made, made.devices[0]) is None


def test_the_timeline_draws_each_exchange_where_it_was() -> None:
    made = document(("2026-11-21T10:00:00.000Z", 100.0, None), ("2026-11-21T10:00:00.500Z", 50.0, "DeviceGone: x"))
    svg = ET.fromstring(timeline(made))
    rects = [one for one in svg if one.tag.endswith("rect")]
    assert len(rects) == 2
    assert float(rects[1].get("x", 0)) > float(rects[0].get("x", 0))
    assert rects[1].get("stroke-dasharray")
    assert "AT<1>, 50 ms, cut short" in "".join(rects[1].itertext())
    assert "m: 2 exchanges, 0.55 s" in svg.get("aria-label", "")


def test_exchanges_without_a_time_stand_one_behind_the_other() -> None:
    svg = ET.fromstring(timeline(document((None, 100.0, None), (None, 100.0, None))))
    left, right = [float(one.get("x", 0)) for one in svg if one.tag.endswith("rect")]
    assert right > left


def test_nothing_measured_is_no_picture() -> None:
    assert timeline(document((None, None, None))) == ""
