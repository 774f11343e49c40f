"""Device text made harmless to look at: what cannot be seen is written out, what is too long is cut with a note."""

from __future__ import annotations

import re

# Controls but tab and line feed, DEL and C1, soft hyphen, bidi and zero-width signs, line and paragraph separators,
# variation selectors, surrogates, tag characters and noncharacters: all that hides, reorders or breaks text.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4})"
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
"""More combining marks on one letter than any script needs: they would paint over the lines around."""

LONGEST = 1200
"""Characters of one value that are shown; more is no value that a person reads."""


def visible(text: str) -> str:
    """The text with every control, bidi or invisible character written as `‹U+202E›`; tab and line feed stay."""
    if text.isascii() and text.isprintable():
        return text
    return _MARKS.sub(r"\1…", _UNSEEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text))


def short(text: str, longest: int = LONGEST) -> str:
    """The text, or its beginning with a note of how much is left out."""
    return text if len(text) <= longest else f"{text[:longest]} … [{len(text) - longest} more characters]"


def one_line(text: str, longest: int = LONGEST) -> str:
    """For a terminal: `visible`, cut, and every run of blanks and line ends one blank."""
    return visible(" ".join(short(text, longest).split()))


def plural(count: int, word: str) -> str:
    """`1 fault`, `3 faults`."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def clauses(text: str, longest: int) -> str:
    """The first clauses of a reason, as many as there is room for and never a part of one: `…` where any is left out."""
    if len(text) <= longest:
        return text
    kept, *rest = text.split("; ")
    for clause in rest:
        if len(kept) + len(clause) + 4 > longest:
            break
        kept += f"; {clause}"
    return kept if kept == text else f"{kept}; …"
