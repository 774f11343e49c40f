"""Carriers against bands: what each asks, what is there, what is missing and at which cost; as a picture and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.reports.document.band_table import band_rows
from harness.requirements.bands.roles import role_words
from harness.verdicts.verdict import Outcome

from .drawing import Drawing, box, group, hatching, label, path, stroke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.reports.document.band_table import AskedBand
    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry

    from .drawing import Element, Look

_WIDTH, _GUTTER, _ROW = 980.0, 200.0, 20.0
_WIDEST = 34.0
_LEVEL = 26.0
"""Columns below this width have their labels upright."""
_NAME = 22

_SIGNS = {"met": "✓", "noted": "≈", "missing": "✗", "open": "?", "waived": "W", "aside": "·"}
_STATES = {
    Outcome.PASS: "met",
    Outcome.PASS_NOTE: "noted",
    Outcome.FAIL: "missing",
    Outcome.INCONC: "open",
    Outcome.ERROR: "open",
    Outcome.WAIVED: "waived",
    Outcome.NA: "aside",
}
_WORDS = {
    "met": "there",
    "noted": "met with a note",
    "missing": "missing",
    "open": "could not be determined",
    "waived": "waived",
    "aside": "decides nothing",
}


_LOOKS: dict[str, Look] = {
    "met": {"fill": "#cfe3d6", "stroke": "#14532d"},
    "noted": {"fill": "#e9f2ec", "stroke": "#14532d", "stroke_dasharray": "1 2"},
    "open": {"fill": "#ffffff", "stroke": "#5b4a00", "stroke_dasharray": "3 2"},
    "waived": {"fill": "#ffffff", "stroke": "#4a5462", "stroke_dasharray": "1 2"},
}
"""How a cell is drawn; what is missing is hatched, what decides nothing has no frame."""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One carrier and band: `sign` is the cell's text, `about` says it in words; empty where the band is not asked for."""

    state: str = ""
    sign: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Labels of the bands in order, and a row of cells for each carrier's edition."""

    bands: tuple[str, ...]
    rows: tuple[tuple[str, str, str, tuple[HeatCell, ...]], ...]
    """Carrier's name, edition, verdict, cells."""


def heat_map(document: Document, device: DeviceEntry) -> HeatMap | None:
    """The map of one device; None where fewer than two carriers ask for bands."""
    rows = [row for row in band_rows(document, device) if row.asked]
    lines = []
    for result in document.results_of(device.device):
        asked = [next((one for one in row.asked if (one.carrier, one.edition) == result.ref), None) for row in rows]
        if any(asked):
            cells = tuple(_cell(row.label, one) for row, one in zip(rows, asked, strict=True))
            lines.append((result.name, result.edition, result.verdict, cells))
    return HeatMap(tuple(row.label for row in rows), tuple(lines)) if len(lines) > 1 else None


def _cell(label: str, asked: AskedBand | None) -> HeatCell:
    if asked is None:
        return HeatCell()
    state = _STATES[asked.verdict] if asked.verdict is not None else "open"
    return HeatCell(state, _SIGNS[state], f"{label}: {_WORDS[state]} ({asked.level}, {role_words(asked.role)})")


def heat_picture(heat: HeatMap, name: str) -> str:
    """The map drawn; `name` makes its ids unique in the page."""
    step = min(_WIDEST, (_WIDTH - _GUTTER) / len(heat.bands))
    top = 20.0 if step >= _LEVEL else 42.0
    right, bottom = _GUTTER + step * len(heat.bands), top + _ROW * len(heat.rows)
    drawing = Drawing(_WIDTH, bottom + 2, name=name, title="Carriers against bands", words=" ".join(_in_words(heat)))
    drawing.define(f"{name}-hatch", 5, *hatching())
    drawing.add(*_head(heat.bands, step, top, bottom))
    for number, (title, edition, _, cells) in enumerate(heat.rows):
        y = top + _ROW * number
        shown = title if len(title) <= _NAME else f"{title[: _NAME - 1]}…"
        drawing.add(
            stroke(0, y, right, y, class_="rule", stroke="#d1d5db"),
            label(f"{shown} {edition}", 0, y + 14, class_="ink", fill="#111827"),
            *(_square(cell, _GUTTER + step * place, y, step, name) for place, cell in enumerate(cells) if cell.sign),
        )
    drawing.add(stroke(0, bottom, right, bottom, class_="rule", stroke="#d1d5db"))
    return drawing.svg()


def _head(bands: Sequence[str], step: float, top: float, bottom: float) -> Iterator[Element]:
    ink: Look = {"class_": "ink", "fill": "#111827"}
    for place, band in enumerate(bands):
        x = _GUTTER + step * (place + 0.5)
        yield stroke(x - step / 2, top, x - step / 2, bottom, class_="grid", stroke="#e5e7eb")
        if step >= _LEVEL:
            yield label(band, x, top - 6, 11, text_anchor="middle", **ink)
        else:
            yield label(band, x + 4, top - 4, 11, transform=f"rotate(-90 {x + 4:.1f} {top - 4:g})", **ink)


def _square(cell: HeatCell, x: float, y: float, step: float, name: str) -> Element:
    look = _LOOKS.get(cell.state)
    frame = [box(x + 2, y + 2, step - 4, _ROW - 4, **look)] if look else []
    middle = x + step / 2
    if cell.state == "missing":
        hatched: Look = {"fill": f"url(#{name}-hatch)", "stroke": "#a33100", "stroke_width": 1.6}
        frame = [box(x + 2, y + 2, step - 4, _ROW - 4, **hatched)]
        frame.append(box(middle - 6, y + 3.5, 12, _ROW - 7, class_="halo", fill="#ffffff"))
    return group(cell.state, cell.about, *frame, _sign(cell, middle, y + _ROW / 2))


def _sign(cell: HeatCell, x: float, y: float) -> Element:
    # The common signs are strokes: fonts that lack them are many, and a text costs more to print.
    look: Look = {"fill": "none", "stroke": "#111827", "stroke_width": 1.8}
    if cell.state == "met":
        return path(f"M{x - 4:.1f} {y:.1f} l3 3.5 l5.5 -7.5", **look)
    if cell.state == "missing":
        return path(f"M{x - 4:.1f} {y - 4:.1f} l8 8 m0 -8 l-8 8", class_="axis", **look)
    if cell.state == "noted":
        wave = "q2.5 -3.5 5 0 t5 0"
        return path(f"M{x - 5:.1f} {y - 2:.1f} {wave} m-10 5 {wave}", **{**look, "stroke_width": 1.6})
    if cell.state == "aside":
        return box(x - 1.5, y - 1.5, 3, 3, class_="dot", fill="#4a5462")
    return label(cell.sign, x, y + 4.5, class_="ink", fill="#111827", text_anchor="middle", font_weight=700)


def _in_words(heat: HeatMap) -> Iterator[str]:
    for title, edition, verdict, cells in heat.rows:
        yield f"{title} ({edition}), {verdict}: {'; '.join(cell.about for cell in cells if cell.about) or 'asks for none'}."
