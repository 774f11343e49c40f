"""The fit picture: one row a carrier with its name, grouped by country; a badge a device, and of one device its bands.

A sign says what the colour says, so that it reads in black and white and for the colour-blind: ✓ there, ≈ with gaps,
✗ missing, ? not known. Every mark has its words, and the whole has a text alternative. No letter is a code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.carriers.countries import name_of
from harness.plain_text import one_line
from harness.reports.document.document import STATEMENT
from harness.reports.figures.drawing import Drawing, box, group, label, path

from .by_country import by_country
from .rows import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.reports.figures.drawing import Element
    from harness.reports.figures.drawing import Look as DrawnAs
    from harness.verdicts.fit.buyer import Scale
    from harness.verdicts.fit.ranking import Fit, FitBand

    from .rows import FitTable

MOST_DEVICES = 100
"""More columns than this nobody reads."""
CELL = 20.0
ROW = 20.0
BAND = 46.0
"""A band's label with its sign."""
_NAMES = 230.0
_CHARACTER = 6.6
_TITLE = 44.0
_GAP_BETWEEN = 28.0
_TALLEST = 60
"""Rows below each other before the next column of the page begins."""
_LONGEST_NAME = 32
INK = "#14181f"
SOFT = "#4a5462"

Sign = Literal["tick", "wave", "cross", "question", "dash"]
STROKES: dict[Sign, tuple[tuple[tuple[float, float], ...], ...]] = {
    "tick": (((-4.0, 0.5), (-1.0, 4.0), (4.5, -3.5)),),
    "cross": (((-4.0, -4.0), (4.0, 4.0)), ((4.0, -4.0), (-4.0, 4.0))),
    "wave": (
        ((-4.5, -1.0), (-2.5, -3.0), (2.0, -0.5), (4.5, -2.5)),
        ((-4.5, 3.0), (-2.5, 1.0), (2.0, 3.5), (4.5, 1.5)),
    ),
    "dash": (((-4.0, 0.0), (4.0, 0.0)),),
    "question": (
        ((-3.0, -2.5), (-2.0, -4.5), (1.0, -5.0), (3.0, -3.0), (2.0, -0.8), (0.0, 0.6), (0.0, 2.0)),
        ((0.0, 4.0), (0.0, 5.2)),
    ),
}
"""Signs as lines about their middle: fonts that lack them are many."""


@dataclass(frozen=True, slots=True)
class Look:
    """How one answer is drawn: its sign, its fill, its frame."""

    sign: Sign
    fill: str
    line: str
    dashed: bool = False


LOOKS: dict[str, Look] = {
    "works": Look("tick", "#cfe3d6", "#14532d"),
    "works with gaps": Look("wave", "#fdf4d8", "#5b4a00"),
    "one list: works": Look("tick", "#ffffff", "#14532d", dashed=True),
    "one list: gaps": Look("wave", "#ffffff", "#5b4a00", dashed=True),
    "not known": Look("question", "#ffffff", "#5b4a00", dashed=True),
    "one list: no": Look("cross", "#ffffff", "#9d2f00", dashed=True),
    "does not work": Look("cross", "#f6c9b5", "#9d2f00"),
    "network ended": Look("dash", "#ffffff", "#8a94a0"),
}
_BANDS: dict[str, tuple[Sign, str]] = {
    "there": ("tick", "#14532d"),
    "another stands in": ("wave", "#5b4a00"),
    "missing": ("cross", "#9d2f00"),
    "not known": ("question", "#5b4a00"),
}


@dataclass(frozen=True, slots=True)
class PictureCell:
    """One device at one carrier: where its badge is drawn, the answer, and what it says."""

    x: float
    y: float
    answer: Scale
    words: str


@dataclass(frozen=True, slots=True)
class BandMark:
    """One band of a carrier: where it is drawn, its label, how it stands with the device."""

    x: float
    y: float
    text: str
    state: str
    words: str

    @property
    def sign(self) -> Sign:
        """What is drawn behind the label."""
        return _BANDS[self.state][0]

    @property
    def ink(self) -> str:
        """The colour of the sign."""
        return _BANDS[self.state][1]


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
    marks: tuple[BandMark, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A carrier or a country with the fits of all devices; a heading where there is none."""

    name: str
    fits: tuple[Fit, ...] = ()


def fit_picture(table: FitTable) -> Picture:
    """Lay the picture out. Rows are the carriers under their countries, or countries; one column a device."""
    rows = list(_rows(table))
    names = [_cut(one_line(device.label)) for device, _ in table.devices]
    alone = len(names) == 1
    bands = max((len(_named(row.fits[0])) for row in rows if row.fits), default=0) if alone else 0
    bands = bands if table.by == "carrier" else 0
    head = 8.0 if alone else 14.0 + max((len(name) for name in names), default=0) * _CHARACTER
    block = _NAMES + CELL * len(names) + BAND * bands + 8
    across = 1 if bands > 8 or len(names) > 12 else max(1, min(2, -(-len(rows) // _TALLEST)))
    tall = -(-len(rows) // across)
    cells: list[PictureCell] = []
    marks: list[BandMark] = []
    labels = [Label(10, 26, _title(table), 16.0)]
    for column in range(across):
        left = 10 + column * (block + _GAP_BETWEEN)
        here = rows[column * tall : (column + 1) * tall]
        if not alone and here:
            labels += [
                Label(left + _NAMES + CELL * (place + 0.68), _TITLE + head - 4, name, 12.0, "start", True)
                for place, name in enumerate(names)
            ]
        for number, row in enumerate(here):
            top = _TITLE + head + number * ROW
            if not row.fits:
                labels.append(Label(left, top + 15, row.name, 12.5))
                continue
            labels.append(Label(left + 12, top + 14, row.name, 12.0))
            cells += [_cell(fit, left + _NAMES + CELL * at, top) for at, fit in enumerate(row.fits)]
            if bands:
                marks += _marks(row.fits[0], left + _NAMES + CELL + 8, top)
    bottom = _TITLE + head + tall * ROW + 16
    legend, keys, more, depth = _legend(bottom, with_bands=bool(bands))
    width = max(10 + across * (block + _GAP_BETWEEN), len(_title(table)) * 8.4 + 20, 620.0)
    return Picture(
        width, depth + 10, _title(table), _in_words(table), (*cells, *legend), (*marks, *keys), (*labels, *more)
    )


def svg(picture: Picture) -> str:
    """The picture as an SVG document that also stands in a page; no script, no style sheet, no outer reference."""
    drawing = Drawing(picture.width, picture.height, kind="fit", name="fit", title=picture.title, words=picture.words)
    drawing.add(box(0, 0, picture.width, picture.height, fill="#ffffff"))
    drawing.add(*map(_drawn_cell, picture.cells), *map(_drawn_mark, picture.marks), *map(_drawn_label, picture.labels))
    return f"{drawing.svg()}\n"


def _rows(table: FitTable) -> Iterator[_Row]:
    """Carriers under the names of their countries, or the best carrier of each country."""
    if table.by != "carrier":
        found: dict[str, list[Fit]] = {}
        for _, fits in table.devices:
            for one in by_country(fits, table.by):
                found.setdefault(_cut(one.name), []).append(one.best)
        yield from (_Row(name, tuple(fits)) for name, fits in found.items())
        return
    shown = {fit.selected.ref for _, fits in table.devices for fit in table.shown(fits)}
    by_country_name: dict[str, dict[str, list[Fit]]] = {}
    for _, fits in table.devices:
        for fit in fits:
            if fit.selected.ref in shown:
                country = by_country_name.setdefault(name_of(fit.selected.carrier.country), {})
                country.setdefault(fit.selected.ref, []).append(fit)
    for name, carriers in sorted(by_country_name.items()):
        yield _Row(_cut(name))
        twice = _same_names(fits[0] for fits in carriers.values())
        for of_carrier in sorted(carriers.values(), key=lambda one: one[0].selected.carrier.name.casefold()):
            carrier = of_carrier[0].selected.carrier
            told = f"{carrier.name} {of_carrier[0].selected.edition.as_of}" if carrier.name in twice else carrier.name
            yield _Row(_cut(one_line(told)), tuple(of_carrier))


def _same_names(fits: Iterable[Fit]) -> set[str]:
    names = [fit.selected.carrier.name for fit in fits]
    return {name for name in names if names.count(name) > 1}


def _title(table: FitTable) -> str:
    what = "by carrier" if table.by == "carrier" else "by the best carrier of each country"
    whose = f"{_cut(one_line(table.devices[0][0].label))}: " if len(table.devices) == 1 else ""
    return f"{whose}RF band fit {what}, {table.as_of.isoformat()}"


def _cut(text: str, longest: int = _LONGEST_NAME) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _in_words(table: FitTable) -> str:
    told = [f"{one_line(device.label)}: {count(fits)}." for device, fits in table.devices]
    return " ".join([*told, STATEMENT])


def _cell(fit: Fit, x: float, y: float) -> PictureCell:
    reason = f": {fit.reason}" if fit.reason else ""
    words = f"{fit.device.label} at {fit.selected.carrier.name} ({fit.selected.ref}): {fit.answer.scale}{reason}"
    return PictureCell(x, y, fit.answer.scale, one_line(words))


def _marks(fit: Fit, x: float, y: float) -> list[BandMark]:
    return [
        BandMark(x + BAND * place, y, band.label, _state(band), f"{band.label}: {_state(band)}")
        for place, band in enumerate(_named(fit))
    ]


def _named(fit: Fit) -> list[FitBand]:
    """The bands that the answer rests on: where one list answers, those that it names as well."""
    if not fit.answer.scale.startswith("one list"):
        return list(fit.answer.listed)
    return [band for band in fit.answer.bands if band in fit.answer.listed or band.rule.rat == "lte"]


def _state(band: FitBand) -> str:
    if band.has:
        return "there"
    if band.stood_in:
        return "another stands in"
    return "not known" if band.has is None else "missing"


def _legend(top: float, *, with_bands: bool) -> tuple[list[PictureCell], list[BandMark], list[Label], float]:
    cells: list[PictureCell] = []
    marks: list[BandMark] = []
    labels: list[Label] = []
    for index, answer in enumerate(LOOKS):
        cells.append(PictureCell(10, top + index * 22, answer, answer))  # type: ignore[arg-type]
        labels.append(Label(38, top + index * 22 + 14, answer))
    for index, state in enumerate(_BANDS if with_bands else ()):
        marks.append(BandMark(300, top + index * 22, "B12", state, state))
        labels.append(Label(352, top + index * 22 + 14, f"a band that is listed: {state}"))
    depth = top + len(LOOKS) * 22
    labels.append(Label(10, depth + 14, STATEMENT, 11.0))
    return cells, marks, labels, depth + 18


def sign_path(sign: Sign, x: float, y: float) -> str:
    """The sign as an SVG path about a place."""
    lines = (" L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in line) for line in STROKES[sign])
    return " ".join(f"M{line}" for line in lines)


def _drawn_cell(cell: PictureCell) -> Element:
    look = LOOKS[cell.answer]
    frame: DrawnAs = {"fill": look.fill, "stroke": look.line, "stroke_width": 1.2}
    if look.dashed:
        frame["stroke_dasharray"] = "3 2"
    square = box(cell.x + 2, cell.y + 2, CELL - 4, CELL - 4, **frame)
    return group("", cell.words, square, _sign(look.sign, cell.x + CELL / 2, cell.y + CELL / 2, INK))


def _drawn_mark(mark: BandMark) -> Element:
    text = label(mark.text, mark.x, mark.y + 14, 11, fill=SOFT)
    return group("", mark.words, text, _sign(mark.sign, mark.x + BAND - 13, mark.y + CELL / 2, mark.ink))


def _sign(sign: Sign, x: float, y: float, ink: str) -> Element:
    return path(sign_path(sign, x, y), fill="none", stroke=ink, stroke_width=1.8)


def _drawn_label(one: Label) -> Element:
    turn: DrawnAs = {"transform": f"rotate(-90 {one.x:g} {one.y:g})"} if one.upright else {}
    heavy: DrawnAs = {"font_weight": 700} if one.size == 12.5 else {}
    return label(one.text, one.x, one.y, one.size, text_anchor=one.anchor, fill=INK, **turn, **heavy)
