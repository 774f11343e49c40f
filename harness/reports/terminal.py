"""What a person reads at the end of a run: a table on a wide terminal, blocks on a narrow one, the counts.

Plain text: verdicts are words, so that colour, where a terminal has it, says nothing alone.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import east_asian_width

from harness.plain_text import clauses, one_line, plural
from harness.reports.document.words import VERDICTS
from harness.requirements.bands.roles import role_words
from harness.verdicts.result import MET
from harness.verdicts.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.reports.document.document import Document, Summary
    from harness.reports.document.entries import CarrierResult, ReasonEntry

WIDE = 100
"""From this width on the summary is a table, where its names leave room for the reasons."""
_HEADS = ("device", "carrier", "bands asked", "met", "verdict", "why")
_GAP = "  "
_LIMITS = (28, 28, 24, 9, 14)
"""Widths of the columns before the reasons; longer text is wrapped."""
_LEAST_WHY = 30
_MOST_REASONS = 3
_MOST_WAYS = 2
_LONGEST_REASON = 160
_BAND = re.compile(r"(?:B|n)\d{1,3}\b")


class Marked(NamedTuple):
    """One line, and how a terminal that can may show it (arguments of pytest's `write_line`)."""

    text: str
    markup: dict[str, bool]


def lines(document: Document, width: int = WIDE, exit_status: int | None = None) -> Iterator[str]:
    """The summary as plain lines; none is wider than `width` (at least 20) but for words that cannot be broken."""
    for line in marked_lines(document, width, exit_status):
        yield line.text


def marked_lines(document: Document, width: int = WIDE, exit_status: int | None = None) -> Iterator[Marked]:
    """The same lines with their markup."""
    results = document.results
    if results:
        table = width >= WIDE and _room_for_why(results, width) >= _LEAST_WHY
        yield from (_table(results, width) if table else _blocks(results, max(width, 20)))
        yield Marked("", {})
    for line in _wrapped(document.informative, width, "  ", "  ") if document.informative else ():
        yield Marked(line, {})
    for line in _wrapped(counts(document.deciding, exit_status), width, "  ", "  "):
        yield Marked(line, {"bold": True})


def counts(summary: Summary, exit_status: int | None = None) -> str:
    """`27 PASS · 2 FAIL · 4 not applicable   exit 1`."""
    told = " · ".join(f"{count} {VERDICTS[word][0]}" for word, count in summary.counts().items() if count)
    return (told or "nothing was judged") + ("" if exit_status is None else f"   exit {exit_status}")


def _table(results: Sequence[CarrierResult], width: int) -> Iterator[Marked]:
    rows = [_cells(result) for result in results]
    widths, why = _widths(rows), _room_for_why(results, width)
    yield Marked(_row(_HEADS, (*widths, why)), {"bold": True})
    last = ""
    for row, result in zip(rows, results, strict=True):
        cells = [_wrapped(cell, one) for cell, one in zip(row[:5], widths, strict=True)]
        cells.append([line for reason in _why(result) for line in _wrapped(reason, why)])
        if row[0] == last:
            cells[0] = [""]
        last = row[0]
        for number in range(max(map(len, cells))):
            parts = [cell[number] if number < len(cell) else "" for cell in cells]
            yield Marked(_row(parts, (*widths, why)), _markup(result.verdict) if number == 0 else {})


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [max(_wide(head), *(_wide(row[n]) for row in rows)) for n, head in enumerate(_HEADS[:5])]
    return [min(one, limit) for one, limit in zip(widths, _LIMITS, strict=True)]


def _room_for_why(results: Sequence[CarrierResult], width: int) -> int:
    """Columns that are left for the reasons."""
    widths = _widths([_cells(result) for result in results])
    return width - 2 - sum(widths) - len(_GAP) * len(widths)


def _cells(result: CarrierResult) -> tuple[str, ...]:
    return (
        one_line(result.device),
        f"{result.carrier}@{result.edition}",
        result.bands_asked or "–",
        _met(result),
        VERDICTS[result.verdict][0],
    )


def _met(result: CarrierResult) -> str:
    return f"{result.met}/{result.asked}" if result.met or result.not_applicable < result.asked else "–"


def _why(result: CarrierResult) -> list[str]:
    """The heaviest reasons in the reviewer's words; of a pass what it rests on."""
    missing = [f"{band} ({role_words(role)})" for band, role in zip(result.missing, result.missing_roles, strict=True)]
    others = [reason for reason in result.reasons if not (missing and _of_band(reason, result))]
    reasons = list(dict.fromkeys(clauses(one_line(told), _LONGEST_REASON) for told in _grouped(others)))
    told = ([f"without {', '.join(missing)}"] if missing else []) + reasons[:_MOST_REASONS]
    if len(reasons) > _MOST_REASONS:
        told.append(f"and {len(reasons) - _MOST_REASONS} more")
    ways = dict.fromkeys(", or ".join(reason.ways_out) for reason in result.reasons if reason.ways_out)
    told += [f"to close it: {one}" for one in list(ways)[:_MOST_WAYS]]
    if result.not_run:
        told.append(f"{plural(len(result.not_run), 'requirement')} not judged in this run")
    if result.not_applicable and result.met:
        told.append(f"{result.not_applicable} of {result.asked} do not apply")
    if result.grade:
        told.append(f"weakest evidence: {result.grade}")
    return told or ["–"]


def _grouped(reasons: Iterable[ReasonEntry]) -> Iterator[str]:
    """The reasons in words; what is noted of several bands in the same words is said once, with the bands' names."""
    notes: dict[str, list[str]] = {}
    plain = []
    for reason in reasons:
        label, note = _BAND.match(reason.bare), reason.bare.partition("; ")[2]
        if reason.verdict is Outcome.PASS_NOTE and label and note:
            notes.setdefault(note, []).append(label[0])
        else:
            plain.append(reason.bare)
    yield from plain
    yield from (f"{', '.join(dict.fromkeys(labels))}: {note}" for note, labels in notes.items())


def _of_band(reason: ReasonEntry, result: CarrierResult) -> bool:
    """Whether the reason is one of the failures that the list of missing bands already tells."""
    labels = tuple(f"{band} " for band in result.missing)
    return reason.verdict is Outcome.FAIL and reason.reason.startswith(labels)


def _blocks(results: Sequence[CarrierResult], width: int) -> Iterator[Marked]:
    for result in results:
        device, carrier, bands, met, verdict = _cells(result)
        for number, line in enumerate(_wrapped(f"{verdict}  {met}  {device}  {carrier}", width, "  ", "    ")):
            yield Marked(line, _markup(result.verdict) if number == 0 else {})
        for text in (*([f"bands asked: {bands}"] if result.bands_asked else ()), *_why(result)):
            for line in _wrapped(text, width, "    ", "      "):
                yield Marked(line, {})


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - _wide(cell)) for cell, width in zip(cells, widths, strict=True))
    return f"  {_GAP.join(padded)}".rstrip()


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    wrapped = textwrap.wrap(text, max(width, 8), initial_indent=first, subsequent_indent=rest, break_on_hyphens=True)
    return wrapped or [""]


def _wide(text: str) -> int:
    """Columns that a text takes: signs of East Asia take two."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _markup(verdict: Outcome) -> dict[str, bool]:
    if verdict in {Outcome.FAIL, Outcome.ERROR}:
        return {"red": True}
    if verdict is Outcome.INCONC:
        return {"yellow": True}
    return {"green": True} if verdict in MET else {}
