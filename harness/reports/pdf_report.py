"""`report.pdf`: the HTML report through WeasyPrint, by its print style (A4, page n of m, the report's id on every page).

Tagged as PDF/UA-1 (ISO 14289-1): headings, tables with their heads, the words of every picture.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import re
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.recording.writer import write_atomically
from harness.reports.html.report import render_html

from .collection import no_collection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from .document.document import Document
    from .exchanges import Exchanges

_LONGEST_WORD = 36
"""Letters of a word that a column may have to be wide for."""
_STYLE = """
table.laid-out { table-layout: fixed; width: 100% }
.long-word { word-break: break-all }
"""
"""WeasyPrint finds the widths of columns by laying out every word of every cell: half of all the time. Here each column
gets its share by the lengths of its texts."""
_BETWEEN_BLOCKS = re.compile(
    r"\n\s*(?=</?(?:table|colgroup|col|thead|tbody|tr|t[dh]|div|h[1-6]|p|[du]l|li|d[td]|details|summary|figure|figcaption)\b)"
)
"""Blanks that are no text: each would be read, styled and laid out."""
_KEPT = re.compile(r"(<svg\b.*?</svg>|<pre\b.*?</pre>|<[^>]*>)", re.DOTALL)
_LONG_WORD = re.compile(rf"(?:&[#\w]{{1,8}};|[^\s<>&]){{{_LONGEST_WORD},}}")

_HIDDEN = re.compile(
    r'<details class="(?:na|onscreen)">.*?</details>|<div class="(?:body|scroll onscreen)">.*?</div>|<nav\b.*?</nav>',
    re.DOTALL,
)
"""What the print style hides: reading and styling it took a third of the time."""
_PICTURE = re.compile(r'<svg\b(?:[^>]*? class="([\w -]*)")?[^>]*>.*?</svg>', re.DOTALL)
_WORDS = re.compile(
    r"<svg\b[^>]*>\s*(?:<defs\b.*?</defs>\s*)?<title\b[^>]*>([^<]*)</title>\s*<desc\b[^>]*>([^<]*)</desc>", re.DOTALL
)
_LABEL = re.compile(r'aria-label="([^"]*)"')
_TOLD = re.compile(r"<(title|desc)\b[^>]*>[^<]*</\1>")
"""Words of a drawing that show under a pointer only."""


def write_pdf(file: Path, document: Document, exchanges: Exchanges, *, templates: Sequence[Path] = ()) -> None:
    """Write the report as PDF. Nothing is fetched: the page holds all it needs. Raises UsageError without WeasyPrint."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError) as error:
        raise UsageError(f"no PDF without WeasyPrint ({error})", way_out="pip install 'bandproof[pdf]'") from None

    class OwnPictures(URLFetcher):  # type: ignore[misc]
        """A report that asks for something outside itself is a fault of ours, or an attack of a device's text."""

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            if url in pictures:
                return URLFetcherResponse(url, pictures[url], {"Content-Type": "image/svg+xml"})
            return super().fetch(url, headers)

    html, pictures = _apart(_HIDDEN.sub("", render_html(document, exchanges, templates=templates)))
    html = _BETWEEN_BLOCKS.sub("", html)
    with no_collection():
        page = HTML(string=_with_breaks(html), url_fetcher=OwnPictures(allowed_protocols={"data"}))
        data = page.write_pdf(stylesheets=[CSS(string=_STYLE)], pdf_variant="pdf/ua-1")
        del page
    # Nor is there any at the end of the process, among a million boxes.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    write_atomically(file, data)


def _apart(html: str) -> tuple[str, dict[str, bytes]]:
    """The page with its drawings as images, and those by their addresses: a reader of HTML is slow at drawings."""
    pictures: dict[str, bytes] = {}

    def image(match: re.Match[str]) -> str:
        drawn = _TOLD.sub("", match[0]).encode("utf-8", "replace")
        url = f"picture:{hashlib.sha256(drawn).hexdigest()}"
        pictures[url] = drawn
        return f'<img class="{match[1] or ""}" src="{url}" alt="{_alternative(match[0])}">'

    return _PICTURE.sub(image, html), pictures


def _alternative(drawing: str) -> str:
    """The words of a drawing: its title and description, else its label; it is escaped as it stands there."""
    told = _WORDS.match(drawing)
    if told:
        return f"{told[1]}. {told[2]}".replace('"', "&quot;")
    label = _LABEL.search(drawing.partition(">")[0])
    return label[1] if label else ""


def _with_breaks(html: str) -> str:
    """The page with every long word of its text marked, outside answers and drawings."""
    head, body, rest = html.partition("<body")
    parts = _KEPT.split(rest)
    # Every second part is what is kept.
    parts[::2] = [_LONG_WORD.sub(r'<span class="long-word">\g<0></span>', part) for part in parts[::2]]
    return head + body + _TABLE.sub(_laid_out, "".join(parts))


_TABLE = re.compile(r'<table class="([^"]*)"([^>]*)>(.*?</table>)', re.DOTALL)
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<t[dh]\b([^>]*)>(.*?)</t[dh]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CAPTION = re.compile(r"\s*<caption\b.*?</caption>", re.DOTALL)
_SHORT = 18
"""Letters that are better not broken into lines: a verdict, a date."""
_BROADER = 1.2
"""Letters of one width, and words in a frame, take more room."""


def _laid_out(match: re.Match[str]) -> str:
    """A table with the widths of its columns told. One whose rows do not agree stays as it is."""
    name, more, rest = match.groups()
    widths = _widths(rest)
    if not widths:
        return match[0]
    columns = "".join(f'<col style="width:{width:.1f}%">' for width in widths)
    caption = _CAPTION.match(rest)
    told = caption[0] if caption else ""
    return f'<table class="{name} laid-out"{more}>{told}<colgroup>{columns}</colgroup>{rest[len(told) :]}'


def _widths(table: str) -> list[float]:
    """Per cent of each column: by its longest word, and by how much text its cells hold."""
    found = [_CELL.findall(row) for row in _ROW.findall(table)]
    rows = [cells for cells in found if not any("colspan" in given for given, _ in cells)]
    if not rows or len({len(cells) for cells in rows}) != 1 or len(rows[0]) < 2:
        return []
    shares = []
    for column in zip(*rows, strict=True):
        texts = [" ".join(_TAG.sub(" ", text).split()) for _, text in column]
        longest = max(len(texts[0]) * 5 // 4, *map(len, texts))  # The head is bold.
        word = max((len(word) for text in texts for word in text.split()), default=1)
        least = 3.0 + (longest if longest <= _SHORT else min(max(word, len(texts[0])), _LONGEST_WORD))
        if any("<code" in text or "badge" in text or 'class="v' in text for _, text in column):
            least *= _BROADER
        shares.append(max(least, 4.5 * (sum(map(len, texts)) / len(texts)) ** 0.5))
    return [100 * share / sum(shares) for share in shares]
