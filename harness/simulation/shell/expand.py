"""Expansions of a handset's shell that need no commands: fields, patterns, sums. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.simulation.shell.words import ScriptError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_SUM = re.compile(r"\s*([-+]?)\s*(\$?[A-Za-z_]\w*|\d+)")


def fields(pieces: Iterable[tuple[str, bool]]) -> list[str]:
    """The fields that the pieces of a word make: (text, whether it stays whole). Others are split at blanks."""
    out: list[str] = []
    current: str | None = None
    for text, whole in pieces:
        if whole:
            current = (current or "") + text
            continue
        split = text.split()
        if text[:1].isspace() and current is not None:
            out.append(current)
            current = None
        if not split:
            continue
        split[0] = (current or "") + split[0]
        current = None if text[-1].isspace() else split.pop()
        out += split
    return out if current is None else [*out, current]


def matches(text: str, pattern: Iterable[tuple[str, bool]]) -> bool:
    """Whether a text is meant by a pattern of `case`: pieces of (text, whether its signs stand for themselves)."""
    return (
        re.fullmatch("".join(re.escape(t) if literal else _glob(t) for t, literal in pattern), text, re.DOTALL)
        is not None
    )


def _glob(pattern: str) -> str:
    return "".join(
        f"[{'^' if match[1][0] in '!^' else ''}{match[1].lstrip('!^')}]"
        if match[1]
        else {"*": ".*", "?": "."}.get(match[0]) or re.escape(match[0])
        for match in re.finditer(r"\[([!^]?[A-Za-z0-9_-]+)\]|.", pattern, re.DOTALL)
    )


def reckon(text: str, variable: Callable[[str], str]) -> int:
    """A sum of numbers and variables. Raises ScriptError for anything more."""
    total, position = 0, 0
    while position < len(text.rstrip()):
        match = _SUM.match(text, position)
        if match is None or (position and not match[1]):
            raise ScriptError(f"$(({text[:20]})) is not served")
        word = match[2]
        value = word if word.isdigit() else variable(word.lstrip("$")) or "0"
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise ScriptError(f"{value[:20]!r} is no number")
        total += -int(value) if match[1] == "-" else int(value)
        position = match.end()
    return total
