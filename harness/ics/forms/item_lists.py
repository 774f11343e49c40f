"""Lists of items: `36.523-2#A.4.3.1-1/12 Y`, one a line, as some tools take them. `#` begins a comment only at a line's start.

A list in which no item has an answer names what is supported; where some have one, the others are blank.
"""

from __future__ import annotations

import re

from harness.ics.collecting import Collector
from harness.ics.declaration import IcsDeclaration, SheetPlace

from .text import head_line, lines_of

_KEYED = re.compile(
    r"^\s*(?:(?:3GPP\s*)?(?:TS\s*)?\d\d\.\d{3}-\d\s*#|(?:3GPP\s*)?TS\s*\d\d\.\d{3}-\d\s+A\.)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(
    r"(?P<item>(?:(?:3GPP\s*)?TS\s*\d\d\.\d{3}-\d\s+)?[^\s,;=]+)(?:\s*[,;=]\s*|\s+|$)(?P<answer>.*)", re.IGNORECASE
)


def recognise(data: bytes) -> bool:
    """Whether a line of the beginning is an item by specification, table and number."""
    return _KEYED.search(data[:65536].decode("utf-8", "replace").replace("\0", "")) is not None


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration of a list. Raises FileError for what is no text."""
    found = Collector(source, "list")
    rows: list[tuple[SheetPlace, str, str]] = []
    for number, line in enumerate(lines_of(data, source), 1):
        text, place = line.strip(), SheetPlace(row=number)
        if text.startswith("#"):
            if told := head_line(text):
                found.told(*told, place)
        elif match := _LINE.fullmatch(text):
            rows.append((place, match["item"], match["answer"].strip().strip('"')))
        elif text:
            found.fault(place, f"{text[:60]!r} names no item")
    alone = rows and not any(answer for _, _, answer in rows)
    if alone:
        found.remarks.append("no item of the list has an answer: the items that it names are taken as declared")
    for place, item, answer in rows:
        found.take(item, "TRUE" if alone else answer, place)
    return found.finish()
