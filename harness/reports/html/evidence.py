"""Exchanges as the HTML report shows them: raw, without personal data, the lines that verdicts rest on marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.recording.scrubbing.scrub import scrub_exchange
from harness.reports.plain_text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from harness.recording.exchange import Exchange

LONGEST_ANSWER = 200_000
"""Characters of one answer that the page shows; the whole is in the evidence files."""
LONGEST_LINE = 4_000
ROOM = 12_000_000
"""Characters that the answers of one device may take together; then each shows its beginning only."""
_LEAST = 2_000


class Evidence:
    """The exchanges of one device. `anchor` begins their ids; `cited` are the lines to mark, by exchange.

    `index` is the document's list of the same exchanges.
    """

    def __init__(
        self,
        anchor: str,
        exchanges: Sequence[tuple[str, Exchange]],
        cited: Mapping[int, set[int]],
        index: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self._anchor = anchor
        self._exchanges = exchanges
        self._cited = cited
        self._index = index

    def __len__(self) -> int:
        return len(self._exchanges)

    def link(self, place: Mapping[str, Any]) -> dict[str, Any]:
        """Where a fact was read, as `{"href", "text"}`; `href` is None where this report does not hold it."""
        exchange, line = place.get("exchange"), place.get("line")
        text = f"{place.get('link') or 'source'}{'' if exchange is None else f' #{exchange}'}"
        text += f" line {line}" if line is not None else ""
        if exchange is None or not 0 <= exchange < len(self._exchanges):
            return {"href": None, "text": f"{text} {place.get('request') or ''}".strip()}
        return {"href": f"#{self._anchor}-x{exchange}", "text": text, "request": place.get("request")}

    def links(self, places: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """One link an exchange, with all lines of it: `adb #1 lines 4, 9`."""
        lines: dict[tuple[Any, ...], list[int]] = {}
        for place in places:
            key = (place.get("link"), place.get("exchange"), place.get("request"))
            lines.setdefault(key, []).extend([] if place.get("line") is None else [place["line"]])
        links = []
        for (link, exchange, request), told in lines.items():
            found = self.link({"link": link, "exchange": exchange, "request": request})
            numbers = ", ".join(str(line) for line in sorted(set(told)))
            if numbers:
                found["text"] += f" line{'s' if ',' in numbers else ''} {numbers}"
            links.append(found)
        return links

    def __iter__(self) -> Iterator[dict[str, Any]]:
        room = ROOM
        for number, (link, raw) in enumerate(self._exchanges):
            exchange, removed = scrub_exchange(raw)
            text = exchange.text
            body, left_out = answer_html(text, self._cited.get(number, set()), min(LONGEST_ANSWER, max(room, _LEAST)))
            room -= len(text) - left_out
            yield {
                "anchor": f"{self._anchor}-x{number}",
                "number": number,
                "link": link,
                "exchange": exchange,
                # The document's words of what cut an answer short name no raw address.
                "error": self._index[number]["error"]
                if number < len(self._index)
                else exchange.error and str(exchange.error),
                "size": len(raw.response),
                "body": body,
                "left_out": left_out,
                "stderr": answer_html(exchange.stderr.decode("utf-8", "replace"), set(), _LEAST)[0]
                if exchange.stderr
                else None,
                "removed": sorted(removed),
                "cited": sorted(self._cited.get(number, ())),
            }


def answer_html(text: str, cited: set[int], longest: int) -> tuple[Markup, int]:
    """An answer as HTML text with the cited lines (from 1) marked, and how many characters were left out."""
    from markupsafe import Markup, escape

    kept = text[:longest]
    if kept.isascii() and not cited and max(map(len, kept.split("\n")), default=0) <= LONGEST_LINE:
        plain = kept.replace("\r\n", "\n")
        return escape(visible(plain)), len(text) - len(kept)
    lines = []
    for number, line in enumerate(kept.splitlines(keepends=True), 1):
        shown = escape(_line(line))
        lines.append(Markup("<mark>{}</mark>\n").format(shown) if number in cited else shown + Markup("\n"))
    return Markup("").join(lines), len(text) - len(kept)


def _line(line: str) -> str:
    """One line with its end taken off; an end that is neither LF nor CR LF is shown."""
    line = line.removesuffix("\r\n") if line.endswith("\r\n") else line.removesuffix("\n")
    cut = f" … [{len(line) - LONGEST_LINE} more characters]" if len(line) > LONGEST_LINE else ""
    return visible(line[:LONGEST_LINE]) + cut
