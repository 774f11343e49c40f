"""Patterns whose matches start with a word: a plain search for the word finds where to try them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from harness.recording.scrubbing.shapes import Blank, Kinds


MOST_PLACES = 100_000
"""Of one word in a text; a device that says it more often says it to be a burden."""


def places(lower: str, word: str) -> list[int]:
    """Where the word starts, also where it overlaps itself; of more than MOST_PLACES one more than that."""
    found: list[int] = []
    at = lower.find(word)
    while at >= 0 and len(found) <= MOST_PLACES:
        found.append(at)
        at = lower.find(word, at + 1)
    return found


def replace_at(text: str, starts: list[int], pattern: re.Pattern[str], change: Callable[[re.Match[str]], str]) -> str:
    """`pattern.sub`, where no match starts elsewhere; `starts` are sorted."""
    out, done = [], 0
    for start in starts:
        if start >= done and (match := pattern.match(text, start)) is not None:
            out += [text[done:start], change(match)]
            done = match.end()
    return "".join((*out, text[done:])) if out else text


def in_group(blank: Blank, kinds: Kinds) -> Callable[[re.Match[str]], str]:
    """What blanks the first group of a match, and nothing else of it."""

    def change(match: re.Match[str]) -> str:
        start = match.start(1) - match.start()
        return match[0][:start] + blank(match[1], kinds) + match[0][start + len(match[1]) :]

    return change
