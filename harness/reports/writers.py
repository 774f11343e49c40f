"""The forms of a report, by name. Other packages add theirs as entry points of the group `bandproof.reports`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.errors import UnknownName, UsageError
from harness.recording.exchange import Exchange

GROUP = "bandproof.reports"

Exchanges = Mapping[str, Sequence[tuple[str, Exchange]]]
Writer = Callable[[Path, Mapping[str, Any], Exchanges], None]
"""Writes one file: its path, the document (`report.json`), and the exchanges of each device in order."""

_OWN = ("html", "pdf", "xlsx")


def write_form(
    form: str, directory: Path, document: Mapping[str, Any], exchanges: Exchanges, templates: Sequence[Path] = ()
) -> Path:
    """Write one form of the report into a folder; answer its file. Raises UnknownName with what there is, OSError.

    `templates` are the folders of a lab's own layout, for the forms that have one.
    """
    file = directory / f"report.{form}"
    if form == "html":
        from harness.reports.html.report import write_html

        write_html(file, document, exchanges, templates=templates)
    elif form == "pdf":
        from .pdf_report import write_pdf

        write_pdf(file, document, exchanges, templates=templates)
    elif form == "xlsx":
        from harness.reports.workbook.workbook import write_xlsx

        write_xlsx(file, document, exchanges)
    else:
        _other(form)(file, document, exchanges)
    return file


def known() -> list[str]:
    """All forms, our own first."""
    return [*_OWN, *sorted(point.name for point in _points() if point.name not in _OWN)]


def _other(form: str) -> Writer:
    found = next((point for point in _points() if point.name == form), None)
    if found is None:
        raise UnknownName("report format", form, tuple(known()))
    try:
        loaded: Writer = found.load()
    except Exception as error:
        raise UsageError(f"report format {form} of {found.value} cannot be loaded: {error}") from error
    return loaded


def _points() -> Any:
    from importlib.metadata import entry_points

    return entry_points(group=GROUP)
