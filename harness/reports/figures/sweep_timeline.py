"""A sweep in time: one bar a band, its attach marked. Readable in print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .drawing import Drawing, box, label, stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.trial_facts import Trial

    from .drawing import Look

_WIDTH, _GUTTER, _ROW, _TOP = 900.0, 70.0, 18.0, 24.0
_STEPS = (0.5, 1, 2, 5, 10, 20, 60, 120, 300, 600, 1800, 3600)


def sweep_timeline(trials: Sequence[Trial], names: Sequence[str]) -> str:
    """The SVG of one sweep, `names` beside its trials; empty where no time is told."""
    told = [(one, name) for one, name in zip(trials, names, strict=True) if one.began_s is not None and one.lasted_s]
    rows = [one for one, _ in told]
    if not rows:
        return ""
    end = max((one.began_s or 0) + (one.lasted_s or 0) for one in rows)
    scale = (_WIDTH - _GUTTER - 30) / end
    what = "bands" if all(one.kind == "band_trial" for one in rows) else "trials"
    height = _TOP + _ROW * len(rows) + 6
    drawing = Drawing(_WIDTH, height, about=f"Timeline of the sweep: {len(rows)} {what} in {end:.0f} s")
    step = next((one for one in _STEPS if end / one <= 8), end / 4)
    for tick in range(int(end / step) + 1):
        x = _GUTTER + tick * step * scale
        drawing.add(stroke(x, 16, x, height, class_="rule", stroke="#d1d5db"))
        drawing.add(label(f"{tick * step:g} s", x + 2, 12, class_="ink", fill="#374151"))
    for number, (one, name) in enumerate(told):
        top = _TOP + number * _ROW
        began, lasted = one.began_s or 0.0, one.lasted_s or 0.0
        attached = one.registered and one.fresh
        look: Look = {"fill": "#9ca3af"} if attached else {"fill": "#ffffff", "stroke_dasharray": "2 2"}
        about = f"{name}: {lasted:.1f} s, {'attached' if attached else 'no attach'}"
        drawing.add(label(name, 0, top + 11, class_="ink", fill="#111827"))
        drawing.add(
            box(
                _GUTTER + began * scale,
                top + 1,
                max(lasted * scale, 1.5),
                _ROW - 5,
                about,
                stroke="#1f2937",
                stroke_width=0.7,
                **look,
            )
        )
    return drawing.svg()
