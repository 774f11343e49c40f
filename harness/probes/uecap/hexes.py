"""Octets written as text: one line or many, spaced, `0x`, colons, C arrays, hex dumps with offsets and an ASCII column."""

from __future__ import annotations

import re
from itertools import pairwise

from harness.errors import ParseError

_OFFSET = re.compile(r"\s*(?:0x)?([0-9A-Fa-f]{3,8})(?::|\s|\||\Z)\s*(.*)", re.DOTALL)
_ONE_MORE = re.compile(r" [0-9A-Fa-f]{2}(?: |\Z)")
_PAIRS = re.compile(r"(?:0x)?((?:[0-9A-Fa-f]{2})+)(?:[\s,:;-]|\Z)")
_LABEL = re.compile(r"\s{0,40}([A-Za-z][\w .()/-]{0,60}?)\s{0,9}[:=]\s{0,40}(?=(?:0x)?[0-9A-Fa-f]{2})")
_SEPARATORS = b" \t\r\n\f\v,:;{}\"'[]_-"
_DIGITS = b"0123456789ABCDEFabcdef"
_HEX = re.compile(r"[0-9A-Fa-f]+")


def read_hex(text: str) -> list[tuple[str, bytes]]:
    """The octet strings of a text, each with its label (`nr: E120...`) or an empty one; [] where it is not hex.

    Anything that is no hex digit and no usual separator makes the text not hex: nothing is skipped silently. Raises
    ParseError for a dump whose offsets do not fit.
    """
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "//"))]
    if not lines:
        return []
    whole = dump(lines)
    if whole is not None:
        return [("", whole)]
    out: list[tuple[str, bytes]] = []
    for label, body in _labelled(lines):
        data = _plain(body)
        if data is None:
            return []
        out.append((label, data))
    return out


def paragraphs(text: str) -> list[str]:
    """Parts of a text between empty lines."""
    return [part for part in re.split(r"\n[ \t\r]*\n\s*", text.strip()) if part.strip()]


def _labelled(lines: list[str]) -> list[tuple[str, str]]:
    out: list[tuple[str, list[str]]] = []
    for line in lines:
        match = _LABEL.match(line)
        if match and not _HEX.fullmatch(match[1].replace("0x", "")):
            out.append((match[1].strip(), [line[match.end() :]]))
        elif out:
            out[-1][1].append(line)
        else:
            out.append(("", [line]))
    return [(label, "\n".join(body)) for label, body in out]


def _plain(text: str) -> bytes | None:
    """Octets, where nothing but hex digits and separators is there; bytes are searched since texts can be large."""
    try:
        raw = text.encode("ascii")
    except UnicodeEncodeError:
        return None
    for prefix in (b"0x", b"0X", b"\\x"):
        raw = raw.replace(prefix, b" ")
    digits = raw.translate(None, _SEPARATORS)
    if not digits or len(digits) % 2 or digits.translate(None, _DIGITS):
        return None
    return bytes.fromhex(digits.decode())


def dump(lines: list[str]) -> bytes | None:
    """A dump whose offsets (hex, rarely decimal) fit the number of octets before them; else None."""
    rows = []
    for line in lines:
        match = _OFFSET.match(line)
        if not match:
            return None
        rows.append((match[1], match[2]))
    if len(rows) == 1:  # one row says nothing of its width: all of it must be hex
        return _plain(rows[0][1]) if int(rows[0][0], 16) == 0 and ":" in lines[0][:12] else None
    for base in (16, 10):
        try:
            offsets = [int(offset, base) for offset, _ in rows]
        except ValueError:
            continue
        data = _joined(offsets, [body for _, body in rows])
        if data is not None:
            return data
    if _counts(rows):
        raise ParseError("the offsets of the hex dump do not fit its octets: is it whole?")
    return None


def _counts(rows: list[tuple[str, str]]) -> bool:
    """Whether the first columns are offsets whatever stands behind them: as wide as each other, from 0 on, rising."""
    offsets = [int(offset, 16) for offset, _ in rows]
    return (
        len({len(offset) for offset, _ in rows}) == 1
        and offsets[0] == 0
        and all(before < after for before, after in pairwise(offsets))
    )


def _joined(offsets: list[int], bodies: list[str]) -> bytes | None:
    """Octets of each row as many as the next offset says; the last row has at most as many as the one before."""
    start = offsets[0]
    if start not in {0, 1}:
        return None
    out = bytearray()
    width = 16
    for place, body in enumerate(bodies):
        if offsets[place] - start != len(out):
            return None
        last = place + 1 == len(bodies)
        wanted = width if last else offsets[place + 1] - offsets[place]
        if not last and not 0 < wanted <= 64:
            return None
        row = _row(body, wanted)
        if row is None or (not last and len(row) != wanted):
            return None
        width = wanted
        out += row
    return bytes(out)


def _row(body: str, wanted: int) -> bytes | None:
    """Up to `wanted` octets from the left; the ASCII column begins where no hex follows or behind a wide gap.

    None where octets go on behind them: nothing is left out silently.
    """
    out = bytearray()
    place = 0
    while len(out) < wanted:
        gap = len(body[place:]) - len(body[place:].lstrip(" \t"))
        if out and gap >= 3:
            break
        match = _PAIRS.match(body, place + gap)
        if not match:
            break
        out += bytes.fromhex(match[1])
        place = match.start() + len(match[0].rstrip())
        place = max(place, match.end(1))
    return None if len(out) > wanted or _ONE_MORE.match(body, place) else bytes(out)
