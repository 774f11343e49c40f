"""The band picture: what is required and what is known, as bars on a frequency axis. Inline SVG, no script.

Colours stand in attributes, so that the picture also prints through writers that know no style sheet; classes let a
style sheet change them for a dark screen. State is told by fill (solid, hatched, dashed) and by words, not by colour.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from .band_table import BandRow, band_rows, mhz, told_layers
from .frequency_axis import Axis, axis
from .plain_text import short, visible
from .words import LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

WIDTH = 980.0
_GUTTER = 150.0
_LANE = 20.0
_BAR = 15.0
_PAD = 6.0
_TOP = 30.0
_CHARACTER = 6.9
"""Width of one character of a bar's label at 12 px."""

_STATES = {
    "met": ("#14532d", "#14532d", "met"),
    "missing": ("url(#hatch)", "#a33100", "missing"),
    "open": ("#ffffff", "#5b4a00", "cannot be told"),
    "have": ("#1f4e8c", "#1f4e8c", "asked by a carrier here"),
    "other": ("#d9dee5", "#7b8794", "not asked by a carrier here"),
}
_OF_VERDICT = {"PASS": "met", "PASS_NOTE": "met", "FAIL": "missing", "WAIVED": "missing"}


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

    @property
    def room(self) -> float:
        """Width of the label."""
        return len(self.mark.text) * _CHARACTER + 3

    @property
    def inside(self) -> bool:
        """Whether the label fits into the bar."""
        return self.right - self.left >= self.room

    @property
    def begin(self) -> float:
        """Where the bar with its label begins."""
        return self.left - (self.room if self.lower and not self.inside else 0) - 2

    @property
    def end(self) -> float:
        """Where the bar with its label ends."""
        return self.right + (0 if self.lower or self.inside else self.room) + 2


def picture(document: Mapping[str, Any], device: Mapping[str, Any], name: str) -> str:
    """The SVG of one device; empty where no band is known or asked. `name` makes ids unique in the page."""
    lines = _lines(document, device)
    drawn = [pair for line in lines for mark in line.marks for _, pair in _pairs(mark.row)]
    if not drawn:
        return ""
    scale = axis(drawn, _GUTTER + 30, WIDTH - 24)
    body, bottom = _body(lines, scale, name)
    label = _written(f"Bands of {short(device['label'], 120)} on a frequency axis")
    return (
        f'<svg class="bands" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {WIDTH:g} {bottom:g}" '
        f'width="{WIDTH:g}" height="{bottom:g}" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif" font-size="12">'
        f'<title id="{name}-t">{label}</title><desc id="{name}-d">{_written(in_words(document, device))}</desc>'
        f"{_hatching(name)}{_frame(scale, bottom)}{body}</svg>"
    )


def in_words(document: Mapping[str, Any], device: Mapping[str, Any]) -> str:
    """The picture as sentences, one a row: `AT&T Mobility (2024) asks: B2 met, B14 missing.`"""
    told = []
    for line in _lines(document, device):
        bands = ", ".join(f"{m.row.label} {_STATES[m.state][2]}" if line.under else m.row.label for m in line.marks)
        title = ", ".join((line.title, *line.also))
        told.append(f"{title}{f' ({line.under}) asks' if line.under else ''}: {bands or line.empty or 'none'}.")
    return " ".join(told)


def _written(text: str) -> str:
    """Text of a device or a profile as it may stand in the drawing."""
    return escape(visible(text))


def _lines(document: Mapping[str, Any], device: Mapping[str, Any]) -> list[_Line]:
    rows = [row for row in band_rows(document, device) if row.spectrum is not None]
    return [*_required(document, device, rows), *_layers(device, rows)]


def _required(document: Mapping[str, Any], device: Mapping[str, Any], rows: Sequence[BandRow]) -> Iterator[_Line]:
    """One row a carrier; informative requirements decide nothing and stay out."""
    for result in document["results"]:
        if result["device"] != device["device"]:
            continue
        marks = []
        for row in rows:
            for asked in row.asked:
                if (asked.carrier, asked.edition) == (result["carrier"], result["edition"]) and asked.level != (
                    "informative"
                ):
                    state = _OF_VERDICT.get(asked.verdict or "", "open")
                    marks.append(_Mark(row, state, f"{asked.level}, {asked.role}: {_STATES[state][2]}"))
        yield _Line(result["name"], result["edition"], tuple(marks), "no band can decide")


def _layers(device: Mapping[str, Any], rows: Sequence[BandRow]) -> Iterator[_Line]:
    """One row a layer; layers that the device itself tells alike share one."""
    alike: dict[tuple[str, bool, tuple[str, ...]], list[str]] = {}
    for layer in told_layers(device):
        unlimited = any(bands == "unlimited" for bands in device["layers"][layer].values())
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


def _body(lines: Sequence[_Line], scale: Axis, name: str) -> tuple[str, float]:
    parts, top, device_begun = [], _TOP, False
    for line in lines:
        if not line.under and not device_begun:
            device_begun = True
            parts.append(
                f'<line class="rule" x1="0" x2="{WIDTH:g}" y1="{top:g}" y2="{top:g}" stroke="#4b5563" stroke-width="1.2"/>'
            )
        lanes = _packed(line, scale)
        height = max(len(lanes), 1) * _LANE + 2 * _PAD
        if line.under or line.also:
            height = max(height, (2 + max(0, len(line.also) - 1)) * _LANE)
        parts.append(_words(line, top, height))
        for number, lane in enumerate(lanes):
            parts += [_drawn(bar, top + _PAD + number * _LANE, name) for bar in lane]
        top += height
        parts.append(f'<line class="rule" x1="0" x2="{WIDTH:g}" y1="{top:g}" y2="{top:g}" stroke="#d1d5db"/>')
    return "".join(parts), top + 2


def _packed(line: _Line, scale: Axis) -> list[list[_Bar]]:
    """Bars in lanes without overlap, each lane of one RAT; downlink and uplink of one band keep to one lane."""
    rats = dict.fromkeys(mark.row.rat for mark in line.marks)
    return [lane for rat in rats for lane in _lanes([mark for mark in line.marks if mark.row.rat == rat], scale)]


def _lanes(marks: Sequence[_Mark], scale: Axis) -> list[list[_Bar]]:
    lanes: list[list[_Bar]] = []
    for mark in sorted(marks, key=lambda m: min(pair[0] for _, pair in _pairs(m.row))):
        pairs = _pairs(mark.row)
        lowest = min(pair for _, pair in pairs)
        bars = [
            _Bar(
                mark,
                uplink,
                left := scale.x(pair[0]),
                max(scale.x(pair[1]), left + 2),
                pair,
                len(pairs) > 1 and pair == lowest,
            )
            for uplink, pair in pairs
        ]
        for lane in lanes:
            if all(bar.end < other.begin or bar.begin > other.end for bar in bars for other in lane):
                lane.extend(bars)
                break
        else:
            lanes.append(bars)
    return lanes


def _words(line: _Line, top: float, height: float) -> str:
    # Beside many lanes the words stand at the first one.
    middle = top + min(height, 2 * _LANE) / 2 + 4
    empty = (
        f'<text class="ink" x="{_GUTTER + 8:g}" y="{middle:g}" fill="#374151">{_written(line.empty or "none")}</text>'
        if not line.marks
        else ""
    )
    if not line.under:
        names = [
            f'<text class="ink" x="0" y="{middle + number * 14:g}" fill="#111827">'
            f"<title>{_written(LAYERS[layer])}</title>{_written(layer)}</text>"
            for number, layer in enumerate((line.title, *line.also))
        ]
        return "".join(names) + empty
    name = line.title if len(line.title) <= 21 else f"{line.title[:20]}…"
    return (
        f'<text class="ink" x="0" y="{middle - 7:g}" fill="#111827" font-weight="600">{_written(name)}</text>'
        f'<text class="ink" x="0" y="{middle + 7:g}" fill="#374151">asks (edition {_written(line.under)})</text>{empty}'
    )


def _drawn(bar: _Bar, top: float, name: str) -> str:
    fill, stroke, _ = _STATES[bar.mark.state]
    fill = fill.replace("#hatch", f"#{name}-hatch")
    solid = bar.mark.state in {"met", "have"}
    if bar.uplink and bar.mark.state != "missing":
        fill = "#ffffff"
    dash = ' stroke-dasharray="3 2"' if bar.mark.state == "open" else ""
    ink = "#ffffff" if solid and bar.inside and not bar.uplink else "#111827"
    way = "uplink" if bar.uplink else ("downlink" if len(_pairs(bar.mark.row)) > 1 else _duplex(bar.mark.row))
    about = f"{bar.mark.row.label} {way} {mhz(bar.low_high)} MHz · {bar.mark.note}"
    kind = f"{bar.mark.state}{' up' if bar.uplink else ''}"
    x = (bar.left + bar.right) / 2 if bar.inside else bar.left - 2 if bar.lower else bar.right + 2
    anchor = ' text-anchor="middle"' if bar.inside else ' text-anchor="end"' if bar.lower else ""
    on = "on" if bar.inside else "ink"
    halo = ""
    if bar.mark.state == "missing" and bar.inside:
        wide = len(bar.mark.text) * _CHARACTER + 2
        halo = (
            f'<rect class="halo" x="{x - wide / 2:.1f}" y="{top + 2:.1f}" width="{wide:.1f}" '
            f'height="{_BAR - 4:g}" fill="#ffffff"/>'
        )
    return (
        f'<g class="{kind}"><title>{_written(about)}</title>'
        f'<rect x="{bar.left:.1f}" y="{top:.1f}" width="{bar.right - bar.left:.1f}" height="{_BAR:g}" rx="1.5" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{1.6 if bar.mark.state == "missing" else 1:g}"{dash}/>{halo}'
        f'<text class="{on}" x="{x:.1f}" y="{top + 12:.1f}"{anchor} fill="{ink}">{_written(bar.mark.text)}</text></g>'
    )


def _duplex(row: BandRow) -> str:
    words = {"TDD": "both ways (TDD)", "SDL": "downlink only (SDL)", "SUL": "uplink only (SUL)"}
    return words.get(row.spectrum.duplex if row.spectrum else "", "downlink")


def _hatching(name: str) -> str:
    return (
        f'<defs><pattern id="{name}-hatch" patternUnits="userSpaceOnUse" width="5" height="5">'
        '<rect class="paper" width="5" height="5" fill="#ffffff"/>'
        '<path class="stripe" d="M-1 1 L1 -1 M0 5 L5 0 M4 6 L6 4" stroke="#a33100" stroke-width="1.3"/></pattern></defs>'
    )


def _frame(scale: Axis, bottom: float) -> str:
    parts = ['<text class="ink" x="0" y="13" fill="#374151">MHz</text>']
    for place, mark in scale.marks:
        parts.append(
            f'<line class="grid" x1="{place:.1f}" x2="{place:.1f}" y1="20" y2="{bottom:g}" stroke="#e5e7eb"/>'
            f'<text class="ink" x="{place:.1f}" y="13" text-anchor="middle" fill="#374151">{mark}</text>'
        )
    for piece in scale.pieces:
        parts.append(
            f'<line class="axis" x1="{piece.left:.1f}" x2="{piece.right:.1f}" y1="20" y2="20" '
            'stroke="#111827" stroke-width="1.4"/>'
        )
    for cut in scale.cuts:
        parts.append(
            f'<path class="axis" d="M{cut - 5:.1f} 25 l4 -10 M{cut + 1:.1f} 25 l4 -10" stroke="#111827" stroke-width="1.2"/>'
        )
    return "".join(parts)
