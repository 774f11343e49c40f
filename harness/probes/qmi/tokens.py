"""Text of qmicli and mbimcli -> tokens: headings, and labels with their values. No meaning yet.

The tools print `Label: 'value'`. What people paste has lost its tabs, is wrapped inside the quotes, or stands on one
line (reference qmi-mbim.md section 2). So quotes are followed and not lines; a value whose quote never closes is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_VALUE = 6000
"""Signs; the longest value is a list of 512 NR bands."""
_LONGEST_LABEL = 400
_DEVICE = re.compile(r"\[([^\]\n]{1,200})\]\s*")
_UNQUOTED = re.compile(r"([A-Za-z0-9][\w ()/.-]{0,60}?)\s*:\s+(\S.{0,200})")
_BEHIND_VALUE = re.compile(r"\s*(?:\([^)\n]{0,120}\)?|dBm?\b|us\b|bit periods[^\n]{0,40}|seconds|minutes|hours)")
_HEADING_ENDS = frozenset(
    {"info", "information", "(extended)", "bandwidth", "retrieved", "status", "system", "preference", "service"}
    | {"network", "plmn"}
)
_CLOSES = re.compile(r"'(?=[ \t\r\n,)\]}]|\Z)")


@dataclass(frozen=True, slots=True)
class Token:
    """A heading (`value` None) or a label with its value. `line` counts from 1, of the label."""

    label: str
    value: str | None
    line: int
    starts_answer: bool = False
    """Whether `[device] ` stood before it: the sentence that begins an answer."""


def tokens(text: str, labels: frozenset[str]) -> Iterator[Token]:
    """All tokens in order. `labels` are known ones: they are found behind a heading on the same line."""
    at, line = 0, 1
    search = 0
    closers = _Closers(text)
    while (quote := text.find("'", search)) >= 0:
        search = quote + 1
        if not _is_value(text, quote):
            continue
        close = _close(text, quote, closers)
        if close is None:
            continue
        colon = text.rfind(":", at, quote)
        yield from _between(text[at:colon], line, labels, value=text[quote + 1 : close])
        line += text.count("\n", at, close)
        at = search = close + 1
    yield from _between(text[at:], line, labels, value=None)


def _is_value(text: str, quote: int) -> bool:
    return text[max(0, quote - 16) : quote].rstrip(" \t").endswith(":")


class _Closers:
    """Where a quote stands before a blank or the end, so that it can close a value. Asked with rising places only."""

    def __init__(self, text: str) -> None:
        self._rest = _CLOSES.finditer(text)
        self._next = -1

    def behind(self, place: int) -> int | None:
        """The first of them behind a place."""
        while self._next <= place:
            match = next(self._rest, None)
            if match is None:
                return None
            self._next = match.start()
        return self._next


def _close(text: str, quote: int, closers: _Closers) -> int | None:
    """Where the value's quote closes. A value of several lines holds no colon behind the first, nor quotes in it."""
    close = closers.behind(quote)
    if close is None or close > quote + LONGEST_VALUE:
        return None
    end = text.find("\n", quote, close)
    if 0 <= end < close - 1 and (text.find(":", end, close) >= 0 or text.find("'", quote + 1, end) >= 0):
        return None
    return close


def _between(text: str, line: int, labels: frozenset[str], *, value: str | None) -> Iterator[Token]:
    """What stands between two values: the rest of a line, headings, and the label of the next value."""
    behind = _BEHIND_VALUE.match(text)
    rows = (text[behind.end() :] if behind else text).split("\n")
    for number, row in enumerate(rows[:-1], line):
        yield from _row(row[:_LONGEST_LABEL], number)
    last = line + len(rows) - 1
    if value is None:
        return
    head, starts = _without_device(rows[-1][-_LONGEST_LABEL:])
    heading, label = _cut(head, labels)
    if heading or starts:
        yield Token(heading, None, last, starts)
    yield Token(label, value, last)


def _row(row: str, line: int) -> Iterator[Token]:
    """One whole line without quotes: a heading, or `label: value` of mbimcli."""
    text, starts = _without_device(row)
    unquoted = None if starts else _UNQUOTED.fullmatch(text)
    if unquoted:
        yield Token(" ".join(unquoted[1].split()), unquoted[2].strip(), line)
    elif text or starts:
        yield Token(" ".join(text.rstrip(" :").split()), None, line, starts)


def _without_device(row: str) -> tuple[str, bool]:
    """The row without `[/dev/cdc-wdm0] `, and whether that stood there. `[0]` is an index, not a device."""
    text, starts = row.strip(), False
    while (match := _DEVICE.match(text)) and not match[1].isdigit():
        text, starts = text[match.end() :], True
    return text, starts


def _cut(text: str, labels: frozenset[str]) -> tuple[str, str]:
    """Heading and label of one row: `Registration status: Network error`, `Primary Cell Info Physical Cell ID`."""
    heading, _, label = text.rpartition(": ")
    words = label.split()
    for index in range(len(words)):
        if " ".join(words[index:]) in labels and (index == 0 or words[index - 1].lower() in _HEADING_ENDS):
            extra = " ".join(words[:index])
            return " ".join(part for part in (heading.rstrip(" :"), extra) if part), " ".join(words[index:])
    return heading.rstrip(" :"), " ".join(words)
