"""Pictures of answers: models against carriers, and builds against what they lost. Signs and hatching, never colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reports.figures.drawing import Drawing, box, group, hatching, label, stroke
from harness.requirements.outcomes import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from harness.reports.figures.drawing import Element, Look

    from .answer import Cell

_MOST = 60
"""Columns and rows of a picture that can still be read."""
_GUTTER, _STEP, _ROW, _SIGN_WIDTH = 330.0, 34.0, 22.0, 6.4
_NAME = 50
_WIDTH = 1120.0

_SIGNS = {"met": "✓", "noted": "≈", "missing": "✗", "open": "?", "waived": "W", "aside": "·"}
_LOOKS: dict[str, Look] = {
    "met": {"fill": "#cfe3d6", "stroke": "#14532d"},
    "noted": {"fill": "#e9f2ec", "stroke": "#14532d", "stroke_dasharray": "1 2"},
    "open": {"fill": "#ffffff", "stroke": "#5b4a00", "stroke_dasharray": "3 2"},
    "waived": {"fill": "#ffffff", "stroke": "#4a5462", "stroke_dasharray": "1 2"},
    "aside": {"fill": "#ffffff", "stroke": "#d1d5db"},
}
_STATES = {
    Outcome.PASS: "met",
    Outcome.PASS_NOTE: "noted",
    Outcome.FAIL: "missing",
    Outcome.INCONC: "open",
    Outcome.ERROR: "open",
    Outcome.WAIVED: "waived",
    Outcome.NA: "aside",
}
_Mark = tuple[str, str]
"""A state, and the cell in words."""


def coverage_picture(carriers: Sequence[str], table: Mapping[str, Sequence[Cell | None]]) -> str:
    """Models against carriers; empty where there is nothing, or too much to see."""
    rows = {
        model: [
            None if cell is None else (_STATES[cell.verdict], f"{model} at {carrier}: {cell.word}")
            for carrier, cell in zip(carriers, cells, strict=True)
        ]
        for model, cells in table.items()
    }
    return _grid("Models against carriers", carriers, rows)


def changes_picture(rows: Sequence[tuple[Any, ...]]) -> str:
    """What was lost and gained against the builds that did it, in the order in which they were seen."""
    builds: list[str] = []
    for row in sorted(rows, key=lambda one: (one[6], one[5])):
        for build in (row[4], row[5], row[7]):
            if build is not None and build not in builds:
                builds.append(build)
    lines: dict[str, list[_Mark | None]] = {}
    for change, device, what, of, before, build, _, undone, *_ in rows:
        line = lines.setdefault(f"{what} {of}: {device}", [None] * len(builds))
        is_lost = change == "lost"
        for place, there in ((before, is_lost), (build, not is_lost), (undone, is_lost)):
            if place is not None:
                line[builds.index(place)] = _mark(there, f"{place}: {what} ({of})")
    return _grid("What each build changed", builds, lines)


def _mark(there: bool, about: str) -> _Mark:
    return ("met", f"{about} there") if there else ("missing", f"{about} not there")


def _grid(title: str, columns: Sequence[str], rows: Mapping[str, Sequence[_Mark | None]]) -> str:
    if not rows or len(columns) > _MOST or len(rows) > _MOST:
        return ""
    top = 12 + _SIGN_WIDTH * min(_NAME, max(map(len, columns)))
    right, bottom = _GUTTER + _STEP * len(columns), top + _ROW * len(rows)
    words = "; ".join(mark[1] for line in rows.values() for mark in line if mark)
    drawing = Drawing(max(right + 40, _WIDTH), bottom + 2, name="history", title=title, words=f"{words}.")
    drawing.define("history-hatch", 5, *hatching())
    drawing.add(*_head(columns, top, bottom))
    for number, (name, marks) in enumerate(rows.items()):
        y = top + _ROW * number
        shown = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
        drawing.add(
            stroke(0, y, right, y, class_="rule", stroke="#d1d5db"),
            label(shown, 0, y + 15, class_="ink", fill="#111827"),
            *(_square(mark, _GUTTER + _STEP * place, y) for place, mark in enumerate(marks) if mark),
        )
    drawing.add(stroke(0, bottom, right, bottom, class_="rule", stroke="#d1d5db"))
    return drawing.svg()


def _head(columns: Sequence[str], top: float, bottom: float) -> Iterator[Element]:
    for place, name in enumerate(columns):
        x = _GUTTER + _STEP * place
        shown = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
        yield stroke(x, top, x, bottom, class_="grid", stroke="#e5e7eb")
        turned = f"rotate(-90 {x + 21:g} {top - 6:g})"
        yield label(shown, x + 21, top - 6, 11, transform=turned, class_="ink", fill="#111827")


def _square(mark: _Mark, x: float, y: float) -> Element:
    state, about = mark
    look: Look = _LOOKS.get(state, {"fill": "url(#history-hatch)", "stroke": "#a33100", "stroke_width": 1.6})
    parts = [box(x + 3, y + 3, _STEP - 6, _ROW - 6, **look)]
    if state == "missing":
        parts.append(box(x + _STEP / 2 - 7, y + 4, 14, _ROW - 8, class_="halo", fill="#ffffff"))
    ink: Look = {"class_": "on", "fill": "#111827", "text_anchor": "middle", "font_weight": 700}
    parts.append(label(_SIGNS[state], x + _STEP / 2, y + 15.5, **ink))
    return group(state, about, *parts)
