"""`report.pdf`: the HTML report through WeasyPrint, by its print style (A4, page n of m, the report's id on every page)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.recording.writer import write_atomically

from .html_report import render_html

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .writers import Exchanges


def write_pdf(file: Path, document: Mapping[str, Any], exchanges: Exchanges, *, templates: Sequence[Path] = ()) -> None:
    """Write the report as PDF. Nothing is fetched: the page holds all it needs. Raises UsageError without WeasyPrint."""
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise UsageError(f"no PDF without WeasyPrint ({error})", way_out="pip install 'bandproof[pdf]'") from None
    html = render_html(document, exchanges, templates=templates)
    data = HTML(string=html, url_fetcher=_nothing).write_pdf()
    write_atomically(file, data)


def _nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    """A report that asks for something outside itself is a fault of ours, or an attack of a device's text."""
    raise ValueError(f"a report fetches nothing: {url[:100]}")
