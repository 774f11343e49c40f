"""Exchanges as the HTML report shows them: raw, without personal data, the lines that verdicts rest on marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

from harness.plain_text import visible
from harness.recording.scrubbing.scrub import scrub_exchange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markupsafe import Markup

    from harness.recording.exchange import Exchange
    from harness.reports.document.entries import EvidencePlace, ExchangeEntry

LONGEST_ANSWER = 200_000
"""Characters of one answer that the page shows; the whole is in the evidence files."""
LONGEST_LINE = 4_000
ROOM = 12_000_000
"""Characters that the answers of one device may take together; then each shows its beginning only."""
_LEAST = 2_000


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """Where a fact was read. `href` is None where this report does not hold it."""

    href: str | None
    text: str
    request: str | None


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """One exchange as the page shows it. `size` and `left_out` are bytes and characters."""

    anchor: str
    number: int
    link: str
    exchange: Exchange
    error: str | None
    size: int
    body: Markup
    left_out: int
    stderr: Markup | None
    removed: tuple[str, ...]
    cited: tuple[int, ...]


class Evidence:
    """The exchanges of one device. `anchor` begins their ids; `cited` are the lines to mark, by exchange.

    `index` is the document's list of the same exchanges.
    """

    def __init__(
        self,
        anchor: str,
        exchanges: Sequence[tuple[str, Exchange]],
        cited: Mapping[int, set[int]],
        index: Sequence[ExchangeEntry] = (),
    ) -> None:
        self._anchor = anchor
        self._exchanges = exchanges
        self._cited = cited
        self._index = index

    def __len__(self) -> int:
        return len(self._exchanges)

    def link(self, place: EvidencePlace) -> PlaceLink:
        """The link to one line."""
        return self._link(place, "" if place.line is None else f" line {place.line}")

    def _link(self, place: EvidencePlace, lines: str) -> PlaceLink:
        number = place.exchange
        text = f"{place.link or 'source'}{'' if number is None else f' #{number}'}{lines}"
        if number is None or not 0 <= number < len(self._exchanges):
            return PlaceLink(None, f"{text} {place.request or ''}".strip(), None)
        return PlaceLink(f"#{self._anchor}-x{number}", text, place.request)

    def links(self, places: Sequence[EvidencePlace]) -> list[PlaceLink]:
        """One link an exchange, with all lines of it: `adb #1 lines 4, 9`."""
        lines: dict[EvidencePlace, list[int]] = {}
        for place in places:
            exchange = replace(place, line=None)
            lines.setdefault(exchange, []).extend([] if place.line is None else [place.line])
        links = []
        for exchange, told in lines.items():
            numbers = ", ".join(str(line) for line in sorted(set(told)))
            links.append(self._link(exchange, f" line{'s' if ',' in numbers else ''} {numbers}" if numbers else ""))
        return links

    def __iter__(self) -> Iterator[ShownExchange]:
        room = ROOM
        for number, (link, raw) in enumerate(self._exchanges):
            exchange, removed = scrub_exchange(raw)
            text = exchange.text
            body, left_out = answer_html(text, self._cited.get(number, set()), min(LONGEST_ANSWER, max(room, _LEAST)))
            room -= len(text) - left_out
            told = exchange.stderr.decode("utf-8", "replace") if exchange.stderr else ""
            yield ShownExchange(
                anchor=f"{self._anchor}-x{number}",
                number=number,
                link=link,
                exchange=exchange,
                # The document's words of what cut an answer short name no raw address.
                error=self._index[number].error if number < len(self._index) else _words(exchange),
                size=len(raw.response),
                body=body,
                left_out=left_out,
                stderr=answer_html(told, set(), _LEAST)[0] if told else None,
                removed=tuple(sorted(removed)),
                cited=tuple(sorted(self._cited.get(number, ()))),
            )


def _words(exchange: Exchange) -> str | None:
    return str(exchange.error) if exchange.error else None


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
