"""The fit table as one HTML page with the picture in it: no script, no network; device text is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.carriers.countries import name_of
from harness.reports.document.document import STATEMENT

from .picture import fit_picture, svg
from .rows import basis, count, usable, why

if TYPE_CHECKING:
    from .rows import FitTable


BADGES = {
    "works": ("PASS", "✓"),
    "works with gaps": ("PASS_NOTE", "≈"),
    "one list: works": ("INCONC", "?"),
    "one list: gaps": ("INCONC", "?"),
    "one list: no": ("INCONC", "?"),
    "not known": ("INCONC", "?"),
    "does not work": ("FAIL", "✕"),
    "network ended": ("NA", "–"),
}
"""Answer -> the look of its badge, and its sign."""


class _Drawn(str):
    """The picture of ours: its texts are escaped already."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


def fit_html(table: FitTable) -> str:
    """The page as text."""
    from harness.reports.html.report import environment_for, style_of

    environment = environment_for(())
    style, style_hash = style_of(environment, f"fit {table.as_of.isoformat()}")
    picture = fit_picture(table)
    page: str = environment.get_template("fit.html.j2").render(
        style=style,
        style_hash=style_hash,
        table=table,
        statement=STATEMENT,
        picture=_Drawn(svg(picture)),
        words=picture.words,
        devices=[_device(device, fits, table.shown(fits)) for device, fits in table.devices],
    )
    return page


def _device(device: Any, fits: Any, shown: Any) -> dict[str, Any]:
    return {
        "name": device.name,
        "label": device.label,
        "basis": basis(device),
        "count": count(fits),
        "notes": device.declared.notes if device.declared else (),
        "fits": [
            {
                "answer": fit.answer.scale,
                "badge": BADGES[fit.answer.scale],
                "country": name_of(fit.selected.carrier.country),
                "ref": fit.selected.ref,
                "carrier": fit.selected.carrier.name,
                "stale": fit.selected.stale(),
                "have": " ".join(fit.answer.have),
                "missing": " ".join(fit.answer.missing),
                "open": " ".join(fit.answer.open),
                "usable": usable(fit),
                "why": why(fit),
                "grade": fit.answer.grade.word if fit.answer.grade is not None else None,
            }
            for fit in shown
        ],
    }
