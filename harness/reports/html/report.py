"""The HTML report: one file, no script, no network, for a screen of any width and for paper. It only renders.

A lab may replace any template by one of the same name in a directory of its own.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.plain_text import clauses, short, visible
from harness.recording.writer import write_atomically
from harness.reports.collection import no_collection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from harness.reports.document.document import Document
    from harness.reports.exchanges import Exchanges

TEMPLATES = Path(__file__).with_name("templates")


def write_html(
    file: Path,
    document: Document,
    exchanges: Exchanges,
    *,
    templates: Sequence[Path] = (),
) -> None:
    """Write the report atomically. `exchanges` are those of each device, in order.

    Exchanges are scrubbed here as the evidence writer does it. `templates` are directories looked in first.
    """
    write_atomically(file, render_html(document, exchanges, templates=templates).encode("utf-8", "replace"))


def render_html(
    document: Document,
    exchanges: Exchanges,
    *,
    templates: Sequence[Path] = (),
) -> str:
    """The report as text; the print style in it also serves a PDF writer."""
    from .view import view

    environment = environment_for(tuple(templates))
    style, allowed = style_of(environment, document.run.number)
    page = environment.get_template("report.html.j2")
    with no_collection():
        return page.render(style=style, style_hash=allowed, **view(document, exchanges).variables())


def style_of(environment: Environment, report_id: str) -> tuple[str, str]:
    """The style sheet with the report's id in it, and what the content security policy says of it."""
    style = environment.get_template("style.css.j2").render(report_id=css_text(report_id))
    return _Style(style), style_hash(style)


class _Style(str):
    """Text of a template of ours, not of a device: stands in the page as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        # `</` cannot end the style element from within: CSS writes it as `<\/`.
        return self.replace("</", "<\\/")


def style_hash(style: str) -> str:
    """What the page's content security policy allows: this one style sheet and nothing else."""
    digest = hashlib.sha256(_Style(style).__html__().encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def css_text(text: str) -> str:
    """Text as it may stand between quotes in a style sheet: all but letters, digits and blanks is escaped."""
    return re.sub(r"[^A-Za-z0-9 ._:-]", lambda match: f"\\{ord(match[0]):x} ", text[:80])


@lru_cache(maxsize=4)
def environment_for(templates: tuple[Path, ...]) -> Environment:
    """The templates, a lab's own folders first; every device text is escaped and made visible."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from .compiled import cache_of

    environment = Environment(
        loader=FileSystemLoader([*templates, TEMPLATES]),
        bytecode_cache=cache_of(TEMPLATES, rules=Path(__file__)),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["size"] = size
    environment.filters["moment"] = moment
    environment.filters["duration"] = duration
    environment.filters["clauses"] = clauses
    return environment


def shown(value: Any) -> Any:
    """What every expression of a template goes through: hidden characters are written out, long texts cut."""
    if value is None:
        return "–"
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return visible(short(value))
    return value


def size(count: int) -> str:
    """Bytes in words: `812 B`, `48.2 kB`."""
    return f"{count} B" if count < 1000 else f"{count / 1000:.1f} kB" if count < 1_000_000 else f"{count / 1e6:.1f} MB"


def moment(text: str | None) -> str:
    """`2026-11-21 14:03:11 UTC` of ISO 8601; other text as it is; a dash for None."""
    if not text:
        return "–"
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)", text)
    return f"{found[1]} {found[2]} UTC" if found else text


def duration(elapsed_ms: float | None) -> str:
    """Milliseconds in words; a dash where they are not known."""
    if elapsed_ms is None:
        return "–"
    return f"{elapsed_ms:.0f} ms" if elapsed_ms < 1000 else f"{elapsed_ms / 1000:.2f} s"
