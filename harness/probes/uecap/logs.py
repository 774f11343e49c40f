"""Capabilities inside the log of a base station: a line of the log, then a hex dump or JSON (srsRAN 4G and Project)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import hexes

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTRY = re.compile(r"[^\n]{0,200}(?:\[RRC[^\]\n]{0,20}\]|\[[DIWE]\]|Content:)[^\n]*")
_CAPABILITY = re.compile(r"ue-?capability", re.IGNORECASE)
_TOLD_SIZE = re.compile(r"\((\d{1,6}) (?:B|bytes)\)|len(?:gth)?=(\d{1,6})")
_DUMP_LINE = re.compile(
    r"\s{0,40}(?:0x)?[0-9A-Fa-f]{3,8}(?::|\s{1,8}|\s\|)\s{0,8}(?:[0-9A-Fa-f]{2}(?:\s|\Z)\s{0,8}){1,32}.{0,80}\Z"
)
_DECODER = json.JSONDecoder()
_MOST_ENTRIES = 100_000


@dataclass(frozen=True, slots=True)
class Logged:
    """What stands behind one line of a log: octets of a message, or a decoded value. `line` counts from 1."""

    line: int
    octets: bytes | None = None
    value: Any = None


def logged(text: str) -> Iterator[Logged]:
    """The capability messages and enquiries of a log, in order. A dump that is not whole is left out."""
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if _ENTRY.fullmatch(line)]
    for place, start in enumerate(starts[:_MOST_ENTRIES]):
        end = starts[place + 1] if place + 1 < len(starts) else len(lines)
        body = lines[start + 1 : end]
        dump = _dump(body)
        if dump is not None and _CAPABILITY.search(lines[start]):
            told = _TOLD_SIZE.search(lines[start])
            if told is None or int(told[1] or told[2]) == len(dump):
                yield Logged(start + 1, octets=dump)
        elif dump is None and (value := _json(body)) is not None:
            yield Logged(start + 1, value=value)


def _dump(body: list[str]) -> bytes | None:
    """The octets of the dump that the lines begin with; None where there is none."""
    rows: list[str] = []
    for line in body:
        if not _DUMP_LINE.fullmatch(line[:400]):
            break
        rows.append(line)
    if not rows:
        return None
    found = hexes.dump(rows)
    return found or None


def _json(body: list[str]) -> Any:
    """The JSON value that the lines begin with, where it speaks of a capability; else None."""
    text = "\n".join(body).lstrip()
    if text[:1] not in {"{", "["} or not _CAPABILITY.search(text):
        return None
    try:
        return _DECODER.raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
