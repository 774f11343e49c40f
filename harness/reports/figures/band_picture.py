"""The band picture: what is required and what is known, as bars on a frequency axis.

Classes let a style sheet change the colours for a dark screen. State is told by fill (solid, hatched, dashed) and by
words, not by colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.plain_text import short
from harness.reports.document.band_table import BandRow, band_rows, mhz, told_layers
from harness.reports.document.words import LAYERS
from harness.requirements.bands.roles import role_words
from harness.verdicts.verdict import Outcome

from .drawing import Drawing, box, group, hatching, label, stroke
from .frequency_axis import Axis, axis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry, LayerName

    from .drawing import Element, Look

WIDTH = 980.0
_GUTTER = 150.0
_LANE = 20.0
_BAR = 15.0
_PAD = 6.0
_TOP = 30.0
_ANY = "any of them"
_MOST_CARRIERS = 4
"""With more carriers than this, one row shows what any of them asks for."""
_CHARACTER = 6.9
"""Width of one character of a bar's label at 12 px."""

_STATES = {
    "met": ("#14532d", "#14532d", "met"),
    "missing": ("url(#hatch)", "#a33100", "missing"),
    "open": ("#ffffff", "#5b4a00", "could not be determined"),
    "have": ("#1f4e8c", "#1f4e8c", "asked by a carrier here"),
    "other": ("#d9dee5", "#7b8794", "not asked by a carrier here"),
}
_OF_VERDICT = {
    Outcome.PASS: "met",
    Outcome.PASS_NOTE: "met",
    Outcome.FAIL: "missing",
    Outcome.WAIVED: "missing",
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """One band in one row of the picture."""

    row: BandRow
    state: str
    note: str

    @property
    def text(self) -> str:
        return self.row.label.removeprefix("B") + ("?" if self.state == "open" else "")


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of the picture: its words on the left, and the bands in it."""

    title: str
    under: str
    marks: tuple[_Mark, ...]
    empty: str = ""
    also: tuple[str, ...] = ()
    """Layers that tell the same bands, drawn once."""


@dataclass(frozen=True, slots=True)
class _Bar:
    mark: _Mark
    uplink: bool
    left: float
    right: float
    low_high: tuple[float, float]
    lower: bool
    """Of two bars the one at the lower frequency: a label that does not fit into it stands on its left."""
    inside: bool
    """Whether the label fits into the bar."""
    begin: float
    end: float
    """Where the bar with its label begins and ends."""


def _bar(mark: _Mark, uplink: bool, pair: tuple[float, float], scale: Axis, lower: bool) -> _Bar:
    left = scale.x(pair[0])
    right = max(scale.x(pair[1]), left + 2)
    room = len(mark.text) * _CHARACTER + 3
    inside = right - left >= room
    begin = left - (room if lower and not inside else 0) - 2
    end = right + (0 if lower or inside else room) + 2
    return _Bar(mark, uplink, left, right, pair, lower, inside, begin, end)


def picture(document: Document, device: DeviceEntry, name: str) -> str:
    """The SVG of one device; empty where no band is known or asked. `name` makes ids unique in the page."""
    lines = _lines(document, device)
    drawn = [pair for line in lines for mark in line.marks for _, pair in _pairs(mark.row)]
    if not drawn:
        return ""
    scale = axis(drawn, _GUTTER + 30, WIDTH - 24)
    body, bottom = _body(lines, scale, name)
    drawing = Drawing(
        WIDTH,
        bottom,
        name=name,
        title=f"Bands of {short(device.label, 120)} on a frequency axis",
        words=_told(lines),
    )
    drawing.define(f"{name}-hatch", 5, *hatching())
    drawing.add(*_frame(scale, bottom), *body)
    return drawing.svg()


def legend(name: str) -> str:
    """What the fills of the picture mean, as a drawing of its own below it."""
    keys = (
        ("met", "required, met"),
        ("missing", "required, missing"),
        ("open", "required, could not be determined (?)"),
        ("have", "there, and asked by a carrier here"),
        ("other", "there, not asked"),
        ("have up", "outline: uplink; filled: downlink or both ways"),
    )
    drawing = Drawing(WIDTH, 44, about=f"Legend: {'; '.join(words for _, words in keys)}")
    drawing.define(f"{name}-key-hatch", 5, *hatching())
    for number, (kind, words) in enumerate(keys):
        x, y = 8 + number % 3 * WIDTH / 3, 4 + number // 3 * 20
        state, _, up = kind.partition(" ")
        mark = box(x, y, 28, 11, **_look(state, bool(up), f"{name}-key"))
        drawing.add(group(kind, "", mark), label(words, x + 36, y + 10, class_="ink", fill="#374151"))
    return drawing.svg()


def in_words(document: Document, device: DeviceEntry) -> str:
    """The picture as sentences, one a row: `AT&T Mobility (2024) asks: B2 met, B14 missing.`"""
    return _told(_lines(document, device))


def _told(lines: Sequence[_Line]) -> str:
    told = []
    for line in lines:
        bands = ", ".join(f"{m.row.label} {_STATES[m.state][2]}" if line.under else m.row.label for m in line.marks)
        title = ", ".join((line.title, *line.also))
        asks = "" if not line.under else ", any of them, ask" if line.under == _ANY else f" ({line.under}) asks"
        told.append(f"{title}{asks}: {bands or line.empty or 'none'}.")
    return " ".join(told)


def _lines(document: Document, device: DeviceEntry) -> list[_Line]:
    rows = [row for row in band_rows(document, device) if row.spectrum is not None]
    return [*_required(document, device, rows), *_layers(device, rows)]


def _required(document: Document, device: DeviceEntry, rows: Sequence[BandRow]) -> Iterator[_Line]:
    """One row a carrier that asks for bands, or one for all where they are many.

    Informative requirements decide nothing and stay out, as do declarations, which ask for no band.
    """
    asking = {(asked.carrier, asked.edition) for row in rows for asked in row.asked}
    results = [one for one in document.results_of(device.device) if one.ref in asking]
    if len(results) > _MOST_CARRIERS:
        yield _by_any(rows, len(results))
        return
    for result in results:
        marks = []
        for row in rows:
            for asked in row.asked:
                if (asked.carrier, asked.edition) == result.ref and asked.level != "informative":
                    state = _OF_VERDICT.get(asked.verdict, "open") if asked.verdict is not None else "open"
                    marks.append(_Mark(row, state, f"{asked.level}, {role_words(asked.role)}: {_STATES[state][2]}"))
        yield _Line(result.name, result.edition, tuple(marks), "no band can decide")


def _by_any(rows: Sequence[BandRow], carriers: int) -> _Line:
    """Every band that any carrier asks for, in its heaviest state: the map below the picture tells them apart."""
    marks = []
    for row in rows:
        asked = [one for one in row.asked if one.level != "informative"]
        if asked:
            states = {_OF_VERDICT.get(one.verdict, "open") if one.verdict is not None else "open" for one in asked}
            state = next(one for one in ("missing", "open", "met") if one in states)
            marks.append(_Mark(row, state, f"asked by {len(asked)} of {carriers} carriers: {_STATES[state][2]}"))
    return _Line(f"{carriers} carriers", _ANY, tuple(marks), "no band can decide")


def _layers(device: DeviceEntry, rows: Sequence[BandRow]) -> Iterator[_Line]:
    """One row a layer; layers that the device itself tells alike share one."""
    alike: dict[tuple[str, bool, tuple[str, ...]], list[LayerName]] = {}
    for layer in told_layers(device):
        unlimited = any(bands == "unlimited" for bands in device.layers[layer].values())
        own = layer if layer in {"declared", "attached"} else ""
        have = tuple(row.label for row in rows if row.layers[layer] is True)
        alike.setdefault((own, unlimited, have), []).append(layer)
    for (_, unlimited, _), (layer, *also) in alike.items():
        marks = tuple(_Mark(row, "have" if row.asked else "other", layer) for row in rows if row.layers[layer] is True)
        yield _Line(layer, "", marks, "no restriction" if unlimited else "", tuple(also))


def _pairs(row: BandRow) -> list[tuple[bool, tuple[float, float]]]:
    """Whether uplink, and MHz: one pair for TDD and one-way bands, two for FDD."""
    band = row.spectrum
    if band is None:
        return []
    both = [(False, band.dl_mhz), (True, band.ul_mhz if band.ul_mhz != band.dl_mhz else None)]
    return [(uplink, pair) for uplink, pair in both if pair is not None]


def _body(lines: Sequence[_Line], scale: Axis, name: str) -> tuple[list[Element], float]:
    parts: list[Element] = []
    top, device_begun = _TOP, False
    for line in lines:
        if not line.under and not device_begun:
            device_begun = True
            parts.append(stroke(0, top, WIDTH, top, class_="rule", stroke="#4b5563", stroke_width=1.2))
        lanes = _packed(line, scale)
        height = max(len(lanes), 1) * _LANE + 2 * _PAD
        if line.under or line.also:
            height = max(height, (2 + max(0, len(line.also) - 1)) * _LANE)
        parts += _words(line, top, height)
        for number, lane in enumerate(lanes):
            parts += [_drawn(bar, top + _PAD + number * _LANE, name) for bar in lane]
        top += height
        parts.append(stroke(0, top, WIDTH, top, class_="rule", stroke="#d1d5db"))
    return parts, top + 2


def _packed(line: _Line, scale: Axis) -> list[list[_Bar]]:
    """Bars in lanes without overlap, each lane of one RAT; downlink and uplink of one band keep to one lane."""
    rats = dict.fromkeys(mark.row.rat for mark in line.marks)
    return [lane for rat in rats for lane in _lanes([mark for mark in line.marks if mark.row.rat == rat], scale)]


def _lanes(marks: Sequence[_Mark], scale: Axis) -> list[list[_Bar]]:
    lanes: list[list[_Bar]] = []
    for mark in sorted(marks, key=lambda m: min(pair[0] for _, pair in _pairs(m.row))):
        pairs = _pairs(mark.row)
        lowest = min(pair for _, pair in pairs)
        bars = [_bar(mark, uplink, pair, scale, len(pairs) > 1 and pair == lowest) for uplink, pair in pairs]
        for lane in lanes:
            if all(bar.end < other.begin or bar.begin > other.end for bar in bars for other in lane):
                lane.extend(bars)
                break
        else:
            lanes.append(bars)
    return lanes


def _words(line: _Line, top: float, height: float) -> list[Element]:
    # Beside many lanes the words stand at the first one.
    middle = top + min(height, 2 * _LANE) / 2 + 4
    soft: Look = {"class_": "ink", "fill": "#374151"}
    ink: Look = {"class_": "ink", "fill": "#111827"}
    empty = [] if line.marks else [label(line.empty or "none", _GUTTER + 8, middle, **soft)]
    if not line.under:
        names = [
            label(layer, 0, middle + number * 14, about=LAYERS[layer], **ink)
            for number, layer in enumerate((line.title, *line.also))
        ]
        return names + empty
    name = line.title if len(line.title) <= 21 else f"{line.title[:20]}…"
    asks = "ask, any of them" if line.under == _ANY else f"asks (edition {line.under})"
    under = label(asks, 0, middle + 7, **soft)
    return [label(name, 0, middle - 7, font_weight=600, **ink), under, *empty]


def _look(state: str, uplink: bool, name: str) -> Look:
    """How a bar is filled and framed."""
    fill, line, _ = _STATES[state]
    look: Look = {
        "fill": "#ffffff" if uplink and state != "missing" else fill.replace("#hatch", f"#{name}-hatch"),
        "stroke": line,
    }
    if state == "missing":
        look["stroke_width"] = 1.6
    if state == "open":
        look["stroke_dasharray"] = "3 2"
    return look


def _drawn(bar: _Bar, top: float, name: str) -> Element:
    state, row = bar.mark.state, bar.mark.row
    way = "uplink" if bar.uplink else ("downlink" if len(_pairs(row)) > 1 else _duplex(row))
    about = f"{row.label} {way} {mhz(bar.low_high)} MHz · {bar.mark.note}"
    parts = [box(bar.left, top, bar.right - bar.left, _BAR, rx=1.5, **_look(state, bar.uplink, name))]
    x = (bar.left + bar.right) / 2 if bar.inside else bar.left - 2 if bar.lower else bar.right + 2
    if state == "missing" and bar.inside:
        wide = len(bar.mark.text) * _CHARACTER + 2
        parts.append(box(x - wide / 2, top + 2, wide, _BAR - 4, class_="halo", fill="#ffffff"))
    anchor: Look = {"text_anchor": "middle"} if bar.inside else {"text_anchor": "end"} if bar.lower else {}
    solid = state in {"met", "have"} and bar.inside and not bar.uplink
    ink: Look = {"class_": "on" if bar.inside else "ink", "fill": "#ffffff" if solid else "#111827"}
    parts.append(label(bar.mark.text, x, top + 12, **ink, **anchor))
    return group(f"{state}{' up' if bar.uplink else ''}", about, *parts)


def _duplex(row: BandRow) -> str:
    words = {"TDD": "both ways (TDD)", "SDL": "downlink only (SDL)", "SUL": "uplink only (SUL)"}
    return words.get(row.spectrum.duplex if row.spectrum else "", "downlink")


def _frame(scale: Axis, bottom: float) -> list[Element]:
    soft: Look = {"class_": "ink", "fill": "#374151"}
    line: Look = {"class_": "axis", "stroke": "#111827"}
    parts = [label("MHz", 0, 13, **soft)]
    for place, mark in scale.marks:
        parts.append(stroke(place, 20, place, bottom, class_="grid", stroke="#e5e7eb"))
        parts.append(label(str(mark), place, 13, text_anchor="middle", **soft))
    parts += [stroke(piece.left, 20, piece.right, 20, stroke_width=1.4, **line) for piece in scale.pieces]
    for cut in scale.cuts:
        parts += [stroke(x, 25, x + 4, 15, stroke_width=1.2, **line) for x in (cut - 5, cut + 1)]
    return parts
