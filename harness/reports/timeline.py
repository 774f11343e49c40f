"""The run in time: one row a device, one bar an exchange, on a common axis of seconds. Plain SVG, readable in print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Any

from .plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH, _GUTTER, _ROW, _TOP = 900.0, 190.0, 18.0, 24.0
_NAME = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One exchange: seconds after the first of the run, its duration, and what it was."""

    begin: float
    length: float
    about: str
    failed: bool


def bars(device: Mapping[str, Any], started: datetime | None) -> list[Bar]:
    """The exchanges of a device. Where they carry no time (composed recordings) they stand one behind the other."""
    found, clock = [], 0.0
    for one in device["exchanges"]:
        length = (one["elapsed_ms"] or 0) / 1000
        at = _moment(one["at"])
        begin = (at - started).total_seconds() if at and started else clock
        clock = begin + length
        found.append(Bar(begin, length, f"{one['link']}#{one['number']} {one['request']}", bool(one["error"])))
    return found


def timeline(document: Mapping[str, Any]) -> str:
    """The SVG of the whole run; empty where no exchange took measurable time."""
    times = [at for device in document["devices"] for one in device["exchanges"] if (at := _moment(one["at"]))]
    started = min(times, default=None)
    rows = [(device["device"], bars(device, started)) for device in document["devices"]]
    end = max((bar.begin + bar.length for _, row in rows for bar in row), default=0.0)
    if end <= 0:
        return ""
    height = _TOP + _ROW * len(rows) + 6
    scale = (_WIDTH - _GUTTER - 20) / end
    said = visible("; ".join(f"{name}: {len(row)} exchanges, {_took(row):.2f} s" for name, row in rows[:64]))
    return (
        f'<svg class="bands" role="img" aria-label="{escape(f"Timeline of the run. {said}", quote=True)}" '
        f'viewBox="0 0 {_WIDTH:g} {height:g}" width="{_WIDTH:g}" height="{height:g}" '
        'xmlns="http://www.w3.org/2000/svg" font-family="system-ui, Helvetica, Arial, DejaVu Sans, sans-serif" '
        f'font-size="12">{_axis(end, scale, height)}{"".join(_row(n, *row, scale) for n, row in enumerate(rows))}</svg>'
    )


def _took(row: Sequence[Bar]) -> float:
    return max((bar.begin + bar.length for bar in row), default=0.0) - min((bar.begin for bar in row), default=0.0)


def _axis(end: float, scale: float, height: float) -> str:
    step = next((s for s in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60, 120, 300) if end / s <= 8), end / 4)
    marks, tick = [], 0.0
    while tick <= end:
        x = _GUTTER + tick * scale
        marks.append(
            f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="16" y2="{height:g}" stroke="#d1d5db"/>'
            f'<text class="ink" x="{x + 2:.1f}" y="12" fill="#374151">{tick:g} s</text>'
        )
        tick += step
    return "".join(marks)


def _row(number: int, name: str, row: Sequence[Bar], scale: float) -> str:
    top = _TOP + number * _ROW
    shown = name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"
    parts = [f'<text class="ink" x="0" y="{top + 11:g}" fill="#111827">{escape(visible(shown))}</text>']
    for bar in row:
        left, width = _GUTTER + bar.begin * scale, max(bar.length * scale, 1.5)
        fill = "#ffffff" if bar.failed else "#9ca3af"
        about = escape(visible(f"{bar.about}, {bar.length * 1000:.0f} ms{', cut short' if bar.failed else ''}"[:300]))
        parts.append(
            f'<rect x="{left:.1f}" y="{top + 1:g}" width="{width:.1f}" height="{_ROW - 5:g}" fill="{fill}" '
            f'stroke="#1f2937" stroke-width="0.7"{" stroke-dasharray=" + chr(34) + "2 2" + chr(34) if bar.failed else ""}>'
            f"<title>{about}</title></rect>"
        )
    return "".join(parts)


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
