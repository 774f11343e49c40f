"""A watch in time: one row for each registration, serving band and further carrier that was seen, RSRP below. For print, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.watch.course import GONE, LANES, SILENT

from .drawing import Drawing, box, hatching, label, path, stroke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.watch.course import Course, Lane, Slice

    from .drawing import Element, Look

_WIDTH, _GUTTER, _ROW, _TOP = 900.0, 190.0, 18.0, 24.0
_LEVELS = 90.0
_LEAST = 1.5
"""So wide is the shortest thing that was seen: an outage of a second is not lost in a week."""
_NAME = 26
_STEPS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400, 172_800, 604_800)
_SERVICE = ("home", "roaming")
_FRAME: Look = {"stroke": "#1f2937", "stroke_width": 0.7}
LANE_WORDS: dict[Lane, str] = {
    "registration": "Registration",
    "serving": "Serving band",
    "beside": "Further carriers",
}


def watch_picture(course: Course, name: str = "watch") -> str:
    """The SVG of one watch; empty where nothing was seen for any time."""
    if course.at_s <= 0:
        return ""
    rows = [(lane, value) for lane in LANES for value, _ in course.shares(lane)]
    bottom = _TOP + _ROW * (len(rows) + sum(1 for lane in LANES if course.shares(lane)))
    has_levels = course.whole.levels.count > 0
    height = bottom + (_LEVELS + 30 if has_levels else 6)
    drawing = Drawing(_WIDTH, height, name=name, title="The watch in time", words=in_words(course))
    drawing.define(f"{name}-hatch", 5, *hatching())
    scale = (_WIDTH - _GUTTER - 20) / course.at_s
    drawing.add(*_axis(course.at_s, scale, height))
    drawing.add(*_lanes(course, scale, name))
    if has_levels:
        drawing.add(*_signal(course, scale, bottom + 12))
    return drawing.svg()


def in_words(course: Course) -> str:
    """The picture as sentences."""
    told = []
    for lane in LANES:
        shares = course.shares(lane)
        if shares:
            each = ", ".join(f"{value} {lasting(seconds)}" for value, seconds in shares)
            told.append(f"{LANE_WORDS[lane]}: {each}.")
    levels = course.whole.levels
    if levels.count:
        told.append(f"RSRP {levels.low:g} to {levels.high:g} dBm, mean {levels.mean:.1f} dBm.")
    return " ".join(told)


def lasting(seconds: float) -> str:
    """`2 d 3 h`, `1 h 5 min`, `42 s`."""
    if seconds < 100:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def _axis(end: float, scale: float, height: float) -> Iterator[Element]:
    step = next((one for one in _STEPS if end / one <= 8), end / 8)
    for tick in range(int(end / step) + 1):
        x = _GUTTER + tick * step * scale
        yield stroke(x, 16, x, height, class_="rule", stroke="#d1d5db")
        if x < _WIDTH - 60:
            yield label(lasting(tick * step) if tick else "0", x + 2, 12, class_="ink", fill="#374151")


def _lanes(course: Course, scale: float, name: str) -> Iterator[Element]:
    top = _TOP
    for lane in LANES:
        shares = course.shares(lane)
        if not shares:
            continue
        yield label(LANE_WORDS[lane], 0, top + 12, class_="ink", fill="#374151", font_weight=600)
        top += _ROW
        for value, seconds in shares:
            shown = value if len(value) <= _NAME else f"{value[: _NAME - 1]}…"
            yield label(shown, 10, top + 12, class_="ink", fill="#111827")
            look = _look(lane, value, name)
            for begin, end in stretches(course.slices, course.slice_s, lane, value):
                left, right = begin * scale, min(end, course.at_s) * scale
                about = f"{value}: from {lasting(begin)} to {lasting(min(end, course.at_s))}, in all {lasting(seconds)}"
                yield box(_GUTTER + left, top + 2, max(right - left, _LEAST), _ROW - 5, about, **look, **_FRAME)
            top += _ROW


def _look(lane: Lane, value: str, name: str) -> Look:
    """In service solid, out of it hatched, nothing known dashed: without colour, too."""
    if lane != "registration":
        return {"fill": "#9ca3af"}
    if value in {GONE, SILENT}:
        return {"fill": "#ffffff", "stroke_dasharray": "2 2"}
    return {"fill": "#9ca3af"} if value in _SERVICE else {"fill": f"url(#{name}-hatch)"}


def stretches(slices: Sequence[Slice], slice_s: float, lane: Lane, value: str) -> list[tuple[float, float]]:
    """When a value was there, in seconds: slices in a row are one stretch, a short one alone is as long as it was."""
    found: list[tuple[float, float]] = []
    for place, one in enumerate(slices):
        seconds = one.seconds[lane].get(value, 0.0)
        if not seconds:
            continue
        begin = place * slice_s
        if found and found[-1][1] >= begin:
            found[-1] = (found[-1][0], begin + min(seconds, slice_s))
        else:
            found.append((begin + slice_s - min(seconds, slice_s), begin + slice_s))
    return found


def _signal(course: Course, scale: float, top: float) -> Iterator[Element]:
    """From the lowest to the highest of each slice as an area, the mean as a line."""
    whole = course.whole.levels
    low, high = whole.low - 2, whole.high + 2
    places = [(place, one.levels) for place, one in enumerate(course.slices) if one.levels.count]

    def x(place: int) -> float:
        return _GUTTER + min((place + 0.5) * course.slice_s, course.at_s) * scale

    def y(level: float) -> float:
        return top + _LEVELS * (high - level) / (high - low)

    yield label("RSRP, dBm", 0, top + 12, class_="ink", fill="#374151", font_weight=600)
    for level in (whole.high, whole.low):
        yield stroke(_GUTTER, y(level), _WIDTH - 20, y(level), class_="grid", stroke="#e5e7eb")
        yield label(f"{level:g}", _GUTTER - 6, y(level) + 4, text_anchor="end", class_="ink", fill="#374151")
    for place, levels in places:
        tall = max(y(levels.low) - y(levels.high), _LEAST)
        wide = max(course.slice_s * scale * 0.6, _LEAST)
        about = f"{levels.low:g} to {levels.high:g} dBm"
        yield box(x(place) - wide / 2, y(levels.high), wide, tall, about, class_="have", fill="#d1d5db")
    line, last = "", -1
    for place, levels in places:
        step = "M" if last < 0 or any(_away(one) for one in course.slices[last + 1 : place]) else "L"
        line, last = f"{line}{step}{x(place):.1f} {y(levels.mean):.1f} ", place
    yield path(line.strip(), class_="axis", stroke="#111827", stroke_width=1, fill="none")


def _away(one: Slice) -> bool:
    """Whether the device was not there, or silent: no line goes through that."""
    return any(name in {GONE, SILENT} for name in one.seconds["registration"])
