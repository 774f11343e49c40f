"""Carriers against bands, and the run in time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from harness.reports.heat_map import heat_map
from harness.reports.timeline import timeline


def document(*exchanges: tuple[str | None, float | None, str | None]) -> dict[str, Any]:
    def edition(carrier: str, bands: dict[int, str]) -> dict[str, Any]:
        rules = [
            {"id": f"X-B{band}", "kind": "band", "rat": "lte", "bands": [band], "level": level, "role": "coverage"}
            for band, level in bands.items()
        ]
        return {"carrier": carrier, "edition": "2024", "requirements": rules}

    return {
        "results": [
            {"device": "m", "carrier": name, "name": name, "edition": "2024", "verdict": "FAIL"}
            for name in ("a/a", "b/b")
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


def test_each_cell_says_what_the_band_is_to_the_carrier() -> None:
    made = document()
    found = heat_map(made, made["devices"][0])
    assert found is not None
    assert found.bands == ("B2", "B14", "B71")
    (name, _, _, cells), (_, _, _, others) = found.rows
    assert name == "a/a"
    assert [cell.state for cell in cells] == ["met", "missing", ""]
    assert cells[1].about == "B14: missing (mandatory, coverage)"
    assert [cell.state for cell in others] == ["", "", "aside"]


def test_one_carrier_needs_no_map() -> None:
    made = document()
    made["results"] = made["results"][:1]
    assert heat_map(made, made["devices"][0]) is None


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
