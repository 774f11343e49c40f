"""Text in braces: ASN.1 value notation (QCAT, pycrate) and the GSER-like notation of Amarisoft -> trees.

value UE-EUTRA-Capability ::= { accessStratumRelease rel15, ... }
lateNonCriticalExtension CONTAINING { ... }  (an octet string that the decoder opened)
{ message c1: ueCapabilityInformation: { rrc-TransactionIdentifier 0, ... } }
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .tree import Tree, base_name, put

if TYPE_CHECKING:
    from collections.abc import Iterator

_PART = re.compile(
    r"\s+|--[^\n]*|(?P<sign>::=|[{},:=])|(?P<bits>'[0-9A-Fa-f\s]*'[HB])|(?P<text>\"[^\"\n]*\")|(?P<word>[A-Za-z0-9_.&+-]+)|."
)
_DEEPEST = 200


def read_braced(text: str) -> Tree:
    """All braced values of a text in one tree, each under the name before it. Linear; what is unclosed is left out.

    The values of one list are told from fields by their form: `{ ... }`, `1`, `nr : { ... }` are items, `name value`
    a field.
    """
    root: dict[str, Tree] = {}
    tokens = _tokens(text)
    name = "value"
    for part in tokens:
        if part == "{":
            value = _value(tokens)
            if value is not None:
                put(root, name, value)
            name = "value"
        elif part not in {"::=", "=", ",", "}", ":"} and part[0].isalpha():
            name = part
    return {base_name(key): value for key, value in root.items()} if len(root) == 1 else root


def _tokens(text: str) -> Iterator[str]:
    for match in _PART.finditer(text):
        part = match["sign"] or match["bits"] or match["text"] or match["word"]
        if part:
            yield part


class _Open:
    """A brace that is still open: its items and fields, and the words since the last comma."""

    __slots__ = ("fields", "items", "words")

    def __init__(self) -> None:
        self.items: list[Tree] = []
        self.fields: dict[str, Tree] = {}
        self.words: list[Tree] = []

    def close_entry(self) -> None:
        """Take the words since the last comma as an item or a field."""
        words, self.words = self.words, []
        if not words:
            return
        if len(words) == 1:
            self.items.append(words[0])
        elif words[1] == ":" and isinstance(words[0], str):
            self.items.append(_choice(words))
        elif isinstance(words[0], str):
            put(self.fields, words[0], _choice(words[1:]))

    def result(self) -> Tree:
        """A list where there are items only, else a dict."""
        if self.fields:
            if self.items and all(isinstance(item, dict) and len(item) == 1 for item in self.items):
                for item in self.items:
                    for key, value in item.items():
                        put(self.fields, key, value)
            return self.fields
        return self.items if self.items else {}


def _choice(words: list[Tree]) -> Tree:
    """`value`, or `name : name : value` as nested entries."""
    names = []
    rest = words
    while len(rest) >= 3 and rest[1] == ":" and isinstance(rest[0], str):
        names.append(rest[0])
        rest = rest[2:]
    value: Tree = (
        rest[0] if len(rest) == 1 else " ".join(str(word) for word in rest if not isinstance(word, dict | list))
    )
    for name in reversed(names):
        value = {name: value}
    return value


def _value(tokens: Iterator[str]) -> Tree:
    """The value behind an opening brace; None where the text ends before its closing one."""
    stack = [_Open()]
    for part in tokens:
        if part == "{":
            if len(stack) > _DEEPEST:
                return None
            stack.append(_Open())
        elif part == "}":
            done = stack.pop()
            done.close_entry()
            if not stack:
                return done.result()
            stack[-1].words.append(done.result())
        elif part == ",":
            stack[-1].close_entry()
        elif part not in {"::=", "=", "CONTAINING"}:
            stack[-1].words.append(part)
    return None
