"""What stands before the lines of an answer where people paste it: stamps of logs, tags, arrows, quotes, JSON.

None of it is the modem's. Forms met in public: reference at-dialects-3.md section 13.
"""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from harness.patterns import late

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOUR = late(r"\x1b\[[0-9;?]{0,12}[A-Za-z]")
_STAMP = (
    r"\[?(?:\d{4}[-/])?\d{2}[-/.]\d{2}[ _T]\d{2}:\d{2}:\d{2}(?:[:.,]\d{1,9})?Z?\]?"
    r"|[A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}"
    r"|\[?\d{2}:\d{2}:\d{2}(?:[:.,]\d{1,9})?\]?"
    r"|\[ {0,8}\d{1,10}\.\d{1,9}\]|\d{10}(?= \[)"
)
_TAG = (
    r" {0,4}\d{1,6} {1,6}\d{1,6} [VDIWEF] [^:\r\n]{1,40}: "
    r"| {0,4}[VDIWEF]/[^:\r\n]{1,40}: "
    r"| \[[\w.:-]{1,40}\] [A-Z]{4,8}: "
    r"| [\w.-]{1,40} [\w./-]{1,40}(?:\[\d{1,7}\])?: "
    r"| (?:DEBUG|INFO|TRACE|WARN(?:ING)?|ERROR)[ :]\s{0,4}"
)
_ARROW = r"(?:AT[<>]|<-{1,2}|-{1,2}>|<={1,2}|={1,2}>|<<<?|>>>?|[<>]|[TR]X ?[:>]|(?i:send|recv|sent|received|tx|rx) ?:)"
_PREFIX = late(rf"[ \t]{{0,8}}(?:(?:{_STAMP})(?:{_TAG})?[ \t]{{0,4}}(?:{_ARROW})?|(?:> ?){{1,3}}|{_ARROW})[ \t]?")
_NUMBERED = late(r"(\d{1,6})[:-]")
"""As `grep -n` writes."""
_OUTPUT = late(r"[ \t]{0,8}output: ?", re.IGNORECASE)
_OF_A_MODEM = late(r"\s{0,8}(?:AT(?:I\d?)?\b|AT[+^#%*!$&]|[+^#$%*!&][A-Z0-9_]{2,}|(?:OK|ERROR)\s*$)", re.IGNORECASE)
_MOST = 0.6
"""Share of the lines that must bear a prefix of one kind, before any is taken off."""
_LOOKS = 40
"""Lines at the start that are looked at before the whole text is."""


def without_prefixes(text: str) -> str:
    """The text as the modem wrote it; as it is where it bears no known prefix.

    Lines without the prefix that the others bear stay what they are.
    """
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if text.lstrip()[:1] in {"{", "[", '"'} and "\\n" in text:
        text = _of_json(text)
    lines = text.split("\n")
    first = next((index for index, line in enumerate(lines) if line.strip()), None)
    if first is not None and (match := _OUTPUT.match(lines[first])):
        lines[first] = lines[first][match.end() :]
    cuts = list(_cuts(lines[: first + _LOOKS])) if first is not None else []
    if not any(cuts):
        return "\n".join(lines)
    cuts = list(_cuts(lines))
    # The last line may be cut within its prefix.
    told = [cut for line, cut in zip(lines[:-1], cuts, strict=False) if line.strip()] or cuts[-1:]
    speaks = any(cut and _OF_A_MODEM.match(line[cut:]) for line, cut in zip(lines, cuts, strict=True))
    if not speaks or sum(cut > 0 for cut in told) < _MOST * len(told):
        return "\n".join(lines)
    return "\n".join(line[cut:] for line, cut in zip(lines, cuts, strict=True))


def _cuts(lines: list[str]) -> Iterator[int]:
    """How many signs of each line are its prefix; numbers are one only where they go up line by line."""
    numbers = [(int(match[1]), match.end()) if (match := _NUMBERED.match(line)) else None for line in lines]
    told = [one[0] for one in numbers if one is not None]
    rising = len(told) > 1 and all(low < high for low, high in pairwise(told)) and len(told) >= _MOST * len(lines)
    for line, number in zip(lines, numbers, strict=True):
        if rising:
            yield number[1] if number else 0
            continue
        match = _PREFIX.match(line)
        yield match.end() if match else 0


def _of_json(text: str) -> str:
    """The texts of several lines in a JSON document; of one that is cut or alone, what stands between its quotes."""
    try:
        found = list(_strings(json.loads(text)))
    except (ValueError, RecursionError):
        pieces = re.findall(r'"((?:[^"\\]|\\.)*)(?:"|$)', text)
        found = [piece.encode("ascii", "replace").decode("ascii") for piece in pieces]
        found = [_unescaped(piece) for piece in found]
    told = [one for one in found if "\n" in one or "\r" in one]
    return "\n".join(told) if told else text


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _unescaped(piece: str) -> str:
    for escape, sign in (("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t"), ('\\"', '"'), ("\\\\", "\\")):
        piece = piece.replace(escape, sign)
    return piece
