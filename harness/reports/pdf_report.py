"""`report.pdf`: the HTML report through WeasyPrint, by its print style (A4, page n of m, the report's id on every page)."""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.recording.writer import write_atomically

from .html_report import render_html

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from .writers import Exchanges

_LONGEST_WORD = 36
"""Letters of a word that a column may have to be wide for."""
_STYLE = """
table.laid-out { table-layout: fixed; width: 100% }
.long-word { word-break: break-all }
table.heat { table-layout: fixed !important; width: 100% !important; font-size: 6.5pt !important }
table.heat td, table.heat th { padding: 2px 0 !important; min-width: 0 !important; white-space: normal !important }
table.heat th:first-child { width: 20%; padding-left: 3px !important }
table.heat thead th + th { font-size: 5.5pt !important }
"""
"""WeasyPrint finds the widths of columns by laying out every word of every cell: half of all the time. Here each column
gets its share by the lengths of its texts. The table of carriers against bands shares the page among all its bands."""
_KEPT = re.compile(r"(<svg\b.*?</svg>|<pre\b.*?</pre>|<[^>]*>)", re.DOTALL)
_LONG_WORD = re.compile(rf"(?:&[#\w]{{1,8}};|[^\s<>&]){{{_LONGEST_WORD},}}")

_HIDDEN = re.compile(r'<details class="na">.*?</details>|<div class="body">.*?</div>', re.DOTALL)
"""What the print style hides: reading and styling it took a third of the time."""


def write_pdf(file: Path, document: Mapping[str, Any], exchanges: Exchanges, *, templates: Sequence[Path] = ()) -> None:
    """Write the report as PDF. Nothing is fetched: the page holds all it needs. Raises UsageError without WeasyPrint."""
    try:
        from weasyprint import CSS, HTML
    except (ImportError, OSError) as error:
        raise UsageError(f"no PDF without WeasyPrint ({error})", way_out="pip install 'bandproof[pdf]'") from None
    html = _with_breaks(_HIDDEN.sub("", render_html(document, exchanges, templates=templates)))
    with _no_collection():
        data = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[CSS(string=_STYLE)])
    write_atomically(file, data)


@contextmanager
def _no_collection() -> Iterator[None]:
    """All boxes of all pages live to the end: looking for garbage among them, again and again, finds none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _with_breaks(html: str) -> str:
    """The page with every long word of its text marked, outside answers and drawings."""
    head, body, rest = html.partition("<body")
    parts = _KEPT.split(rest)
    # Every second part is what is kept.
    parts[::2] = [_LONG_WORD.sub(r'<span class="long-word">\g<0></span>', part) for part in parts[::2]]
    return head + body + _TABLE.sub(_laid_out, "".join(parts))


_TABLE = re.compile(r'<table class="((?!heat)[^"]*)"([^>]*)>(.*?</table>)', re.DOTALL)
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
        shares.append(max(least, 3 * (sum(map(len, texts)) / len(texts)) ** 0.5))
    return [100 * share / sum(shares) for share in shares]


def _nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    """A report that asks for something outside itself is a fault of ours, or an attack of a device's text."""
    raise ValueError(f"a report fetches nothing: {url[:100]}")
