"""The run in time: one row a device, one bar an exchange, on a common axis of seconds. Readable in print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from harness.plain_text import plural, short

from .drawing import Drawing, box, label, stroke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.reports.document.document import Document
    from harness.reports.document.entries import DeviceEntry

    from .drawing import Element, Look

_WIDTH, _GUTTER, _ROW, _TOP = 900.0, 190.0, 18.0, 24.0
_NAME = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One exchange: seconds after the first of the run, its duration, and what it was."""

    begin: float
    length: float
    about: str
    failed: bool


def bars(device: DeviceEntry, started: datetime | None) -> list[Bar]:
    """The exchanges of a device. Where they carry no time (composed recordings) they stand one behind the other."""
    found, clock = [], 0.0
    for one in device.exchanges:
        length = (one.elapsed_ms or 0) / 1000
        at = _moment(one.at)
        begin = (at - started).total_seconds() if at and started else clock
        clock = begin + length
        found.append(Bar(begin, length, f"{one.link}#{one.number} {one.request}", bool(one.error)))
    return found


def timeline(document: Document) -> str:
    """The SVG of the whole run; empty where no exchange took measurable time."""
    times = [at for device in document.devices for one in device.exchanges if (at := _moment(one.at))]
    started = min(times, default=None)
    rows = [(device.device, bars(device, started)) for device in document.devices]
    end = max((bar.begin + bar.length for _, row in rows for bar in row), default=0.0)
    if end <= 0:
        return ""
    height = _TOP + _ROW * len(rows) + 6
    scale = (_WIDTH - _GUTTER - 20) / end
    said = "; ".join(f"{name}: {plural(len(row), 'exchange')}, {_took(row):.2f} s" for name, row in rows[:64])
    drawing = Drawing(_WIDTH, height, about=f"Timeline of the run. {said}")
    drawing.add(*_axis(end, scale, height))
    for number, (name, row) in enumerate(rows):
        drawing.add(*_row(number, name, row, scale))
    return drawing.svg()


def _took(row: Sequence[Bar]) -> float:
    return max((bar.begin + bar.length for bar in row), default=0.0) - min((bar.begin for bar in row), default=0.0)


def _axis(end: float, scale: float, height: float) -> Iterator[Element]:
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300) if end / s <= 8), end / 4)
    tick = 0.0
    while tick <= end:
        x = _GUTTER + tick * scale
        yield stroke(x, 16, x, height, class_="rule", stroke="#d1d5db")
        yield label(f"{tick:g} s", x + 2, 12, class_="ink", fill="#374151")
        tick += step


def _row(number: int, name: str, row: Sequence[Bar], scale: float) -> Iterator[Element]:
    top = _TOP + number * _ROW
    shown = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    yield label(shown, 0, top + 11, class_="ink", fill="#111827")
    for bar in row:
        left, width = _GUTTER + bar.begin * scale, max(bar.length * scale, 1.5)
        look: Look = {"fill": "#ffffff", "stroke_dasharray": "2 2"} if bar.failed else {"fill": "#9ca3af"}
        about = f"{bar.about}, {bar.length * 1000:.0f} ms{', cut short' if bar.failed else ''}"
        yield box(left, top + 1, width, _ROW - 5, short(about, 300), stroke="#1f2937", stroke_width=0.7, **look)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
