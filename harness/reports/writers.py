"""The forms of a report, by name. Other packages add theirs as entry points of the group `bandproof.reports`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.reports.exchanges import Exchanges, Writer

GROUP = "bandproof.reports"

_OWN = ("html", "pdf", "xlsx")


def write_form(
    form: str, directory: Path, document: Document, exchanges: Exchanges, templates: Sequence[Path] = ()
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
