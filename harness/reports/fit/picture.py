"""The fit picture: carriers down, devices across, each cell by the role of what is missing.

A letter and a hatching say what the colour says, so that it reads in black and white and for the colour-blind; a border
says whether it decides. Colours after Okabe and Ito. Every cell has its words, and the whole has a text alternative.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.plain_text import one_line
from harness.reports.document.document import STATEMENT
from harness.reports.figures.drawing import Drawing, box, dot, group, label, path
from harness.verdicts.verdict import Outcome

from .by_country import by_country
from .rows import GAPS, count

if TYPE_CHECKING:
    from harness.reports.figures.drawing import Element
    from harness.reports.figures.drawing import Look as DrawnAs
    from harness.verdicts.fit.ranking import Fit

    from .rows import FitTable

MOST_DEVICES = 100
"""More columns than this nobody reads."""
CELL = 20.0
_ROW = 20.0
_CHARACTER = 6.6
_TITLE = 44.0
_GAP_BETWEEN = 28.0
_TALLEST = 60
"""Carriers below each other before the next column of the page begins."""
INK = "#14181f"


@dataclass(frozen=True, slots=True)
class Look:
    """How one gap is drawn: a letter, a fill, the ink on it, and lines over it (angles; `dots`)."""

    letter: str
    fill: str
    ink: str = INK
    hatch: tuple[str, ...] = ()


LOOKS: dict[str, Look] = {
    "none": Look("A", "#ffffff"),
    "extended": Look("e", "#f0e442", hatch=("dots",)),
    "capacity": Look("c", "#8fd0f5", hatch=("down",)),
    "capacity-primary": Look("C", "#e69f00", hatch=("down", "flat")),
    "coverage": Look("v", "#e08a4f", hatch=("down", "up")),
    "coverage-primary": Look("V", "#5c1a00", ink="#ffffff"),
    "open": Look("?", "#dddddd"),
    "ended": Look("-", "#ffffff"),
}
_MEANING = {**GAPS, "ended": "the network has ended"}


@dataclass(frozen=True, slots=True)
class PictureCell:
    """One device at one carrier: where it is drawn, how, and what it says."""

    x: float
    y: float
    look: str
    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text at its baseline; `upright` turns it to read from below."""

    x: float
    y: float
    text: str
    size: float = 12.0
    anchor: str = "start"
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is drawn, for any writer."""

    width: float
    height: float
    title: str
    words: str
    """The picture in sentences."""
    cells: tuple[PictureCell, ...]
    labels: tuple[Label, ...]


def fit_picture(table: FitTable) -> Picture:
    """Lay the picture out. Rows are the carriers by id, or countries; one column a device."""
    by_row = _by_row(table)
    names = [_cut(one_line(device.label)) for device, _ in table.devices]
    ids = list(by_row)
    head = 14.0 + max((len(name) for name in names), default=0) * _CHARACTER
    side = 12.0 + max((len(id_) for id_ in ids), default=0) * _CHARACTER
    block = side + CELL * len(names)
    across = max(1, min(-(-len(ids) // 12), -(-len(ids) // _TALLEST) if len(names) <= 12 else 1))
    tall = -(-len(ids) // across)
    cells: list[PictureCell] = []
    labels = [Label(10, 26, _title(table), 16.0)]
    for column in range(across):
        left = 10 + column * (block + _GAP_BETWEEN)
        here = ids[column * tall : (column + 1) * tall]
        for place, name in enumerate(names if here else ()):
            labels.append(Label(left + side + CELL * (place + 0.68), _TITLE + head - 4, name, 12.0, "start", True))
        for row, id_ in enumerate(here):
            top = _TITLE + head + row * _ROW
            labels.append(Label(left + side - 6, top + 14, id_, 12.0, "end"))
            cells += [_cell(fit, left + side + CELL * at, top) for at, fit in enumerate(by_row[id_])]
    bottom = _TITLE + head + tall * _ROW + 16
    legend, more, depth = _legend(bottom)
    width = max(10 + across * (block + _GAP_BETWEEN), len(_title(table)) * 8.4 + 20, 560.0)
    return Picture(width, depth + 10, _title(table), _in_words(table), (*cells, *legend), (*labels, *more))


def svg(picture: Picture) -> str:
    """The picture as an SVG document that also stands in a page; no script, no style sheet, no outer reference."""
    drawing = Drawing(picture.width, picture.height, kind="fit", name="fit", title=picture.title, words=picture.words)
    for name, look in LOOKS.items():
        if look.hatch:
            marks = [mark for one in look.hatch for mark in _hatching(one)]
            drawing.define(f"fit-{name}", 12, box(0, 0, 12, 12, fill=look.fill), *marks)
    drawing.add(box(0, 0, picture.width, picture.height, fill="#ffffff"))
    drawing.add(*map(_drawn_cell, picture.cells), *map(_drawn_label, picture.labels))
    return f"{drawing.svg()}\n"


def _by_row(table: FitTable) -> dict[str, list[Fit]]:
    """The fits of each row, one a device: of a carrier, or the best one in a country."""
    found: dict[str, list[Fit]] = {}
    if table.by != "carrier":
        for _, fits in table.devices:
            for one in by_country(fits, table.by):
                found.setdefault(_cut(one.name), []).append(one.best)
        return found
    for _, fits in table.devices:
        for fit in fits:
            found.setdefault(fit.selected.ref, []).append(fit)
    return dict(sorted(found.items()))


def _title(table: FitTable) -> str:
    what = "by carrier" if table.by == "carrier" else "by the best carrier of each country"
    return f"RF band fit {what}, {table.as_of.isoformat()}, policy {table.policy}"


def _cut(text: str, longest: int = 32) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _in_words(table: FitTable) -> str:
    told = [f"{one_line(device.label)}: {count(fits)}." for device, fits in table.devices]
    return " ".join([*told, STATEMENT])


def _cell(fit: Fit, x: float, y: float) -> PictureCell:
    look = "ended" if fit.band_fit is Outcome.NA else fit.answer.gap
    reason = f": {fit.reason}" if fit.reason else ""
    words = f"{fit.device.label} at {fit.selected.carrier.name} ({fit.selected.ref}): {fit.band_fit.name}{reason}"
    return PictureCell(x, y, look, fit.band_fit, one_line(words))


def _legend(top: float) -> tuple[list[PictureCell], list[Label], float]:
    cells: list[PictureCell] = []
    labels: list[Label] = []
    outcomes = {"Border": Outcome.FAIL, "Dashes": Outcome.INCONC}
    told = {"Border": "thick border: it decides, FAIL", "Dashes": "dashed border: open, INCONC"}
    for index, (gap, words) in enumerate(_MEANING.items()):
        cells.append(PictureCell(10, top + index * 22, gap, Outcome.PASS, words))
        labels.append(Label(38, top + index * 22 + 14, words))
    for index, (name, outcome) in enumerate(outcomes.items()):
        cells.append(PictureCell(300, top + index * 22, "none", outcome, told[name]))
        labels.append(Label(328, top + index * 22 + 14, told[name]))
    depth = top + len(_MEANING) * 22
    labels.append(Label(10, depth + 14, STATEMENT, 11.0))
    return cells, labels, depth + 18


def _hatching(name: str) -> list[Element]:
    if name == "dots":
        return [dot(at, at, 1.1, opacity=0.6) for at in (3, 9)]
    lines = {
        "down": "M-2 6 L6 14 M-2 -2 L14 14 M6 -2 L14 6",
        "up": "M-2 6 L6 -2 M-2 14 L14 -2 M6 14 L14 6",
        "flat": "M0 3 H12 M0 9 H12",
    }
    return [path(lines[name], stroke="#14181f", stroke_width=1, opacity=0.45)]


_BORDERS: dict[Outcome, DrawnAs] = {
    Outcome.FAIL: {"stroke": "#000000", "stroke_width": 2.6},
    Outcome.INCONC: {"stroke": "#000000", "stroke_width": 1.2, "stroke_dasharray": "3 2"},
}
_PLAIN: DrawnAs = {"stroke": "#8a94a0", "stroke_width": 0.8}
_HALO: DrawnAs = {"stroke": "#ffffff", "stroke_width": 2.6, "paint_order": "stroke"}


def _drawn_cell(cell: PictureCell) -> Element:
    look = LOOKS[cell.look]
    fill = f"url(#fit-{cell.look})" if look.hatch else look.fill
    square = box(cell.x + 2, cell.y + 2, CELL - 4, CELL - 4, fill=fill, **_BORDERS.get(cell.outcome, _PLAIN))
    halo = _HALO if look.hatch else {}
    bold: DrawnAs = {"font_weight": 700, "text_anchor": "middle", "fill": look.ink}
    letter = label(look.letter, cell.x + CELL / 2, cell.y + 14.5, 12.5, **bold, **halo)
    return group("", cell.words, square, letter)


def _drawn_label(one: Label) -> Element:
    turn: DrawnAs = {"transform": f"rotate(-90 {one.x:g} {one.y:g})"} if one.upright else {}
    return label(one.text, one.x, one.y, one.size, text_anchor=one.anchor, fill=INK, **turn)
