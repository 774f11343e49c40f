"""Text in which the depth of a line is its indentation: Wireshark and tshark, NSG, OSIX, TEMS -> trees.

A line is `name`, `name: value`, `name : value`, `name = value`, `name -> choice`, a list's item (`[0]`, `Item 0`,
`name[0]`, OSIX's `name nr 0`), an item with a value (`[0] : 71`, `[0] -> nr`). Anything else is a heading and harms
nothing. Wireshark indents no line beyond column 160: see `_Flat`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .tree import Tree, put

_BITS = re.compile(r"(?:[.01]{4} ?)+\s+(?=\S)")
_DECORATION = re.compile(r"[|+`\\├└│─┬-]+[ \t]*(?=\S)")
_ITEM = re.compile(r"(?:\[\s*(\d{1,5})\s*\]|Item\s+(\d{1,5})\b|(\d{1,5})(?=\s*(?:->|:)\s|\s*\Z))\s*:?\s*")
_NAMED_ITEM = re.compile(r"([A-Za-z][\w-]*)\s*\[\s*(\d{1,5})\s*\]\s*")
_COUNTED_ITEM = re.compile(r"([A-Za-z][\w-]*)((?:\s{1,3}nr\s{1,3}\d{1,5}){1,4})\s*(?=[:=]|\Z)")
_NAME = re.compile(r"([A-Za-z][\w.-]*)\s*")
_LONGEST = 4000
_ARROW = re.compile(r"\s*->\s*")


@dataclass(slots=True)
class _Node:
    """One line and the lines under it. `name` None: an item of a list."""

    name: str | None
    value: str | None
    children: list[_Node] = field(default_factory=list)


def read_indented(text: str) -> Tree:
    """The tree of a text. Linear in its length; a line that is too long to be one of a decoder's is left out."""
    root = _Node("", None)
    stack: list[tuple[int, _Node]] = [(-1, root)]
    flat = _Flat()
    for line in text.splitlines():
        if len(line) > _LONGEST:
            line = line[:_LONGEST] + "…"  # noqa: PLW2901 - the mark keeps a cut value from being read as a whole one
        depth, body = _depth(line)
        if not body or body.startswith(("=", "#")):
            continue
        depth = flat.depth(depth, body)
        while stack[-1][0] >= depth:
            stack.pop()
        for node in _nodes(body):
            stack[-1][1].children.append(node)
            stack.append((depth, node))
    return _tree(root)


_FLAT = 160
_COUNT = re.compile(r"([A-Za-z][\w.-]*):\s*(\d{1,5}) items?\s*\Z")
_NUMBERED_ITEM = re.compile(r"Item (\d{1,5})\b")
_FIELD = re.compile(r"([A-Za-z][\w.-]*)\s*(:?)")


@dataclass(slots=True)
class _FlatList:
    """A list in the flat part: where its name stands, its items, those that have begun, the names of their fields."""

    depth: int
    count: int
    begun: int = 0
    typed: bool = False
    names: set[str] = field(default_factory=set)


class _Flat:
    """Depths for what Wireshark prints at column 160, where all deeper lines stand: told by lists' counts of items.

    `bands: 2 items`, `Item 0`, `SupportedBand`, `band: 1`, `Item 1` ... The last item ends with the first field that no
    item before it had.
    """

    def __init__(self) -> None:
        self._lists: list[_FlatList] = []

    def depth(self, depth: int, body: str) -> int:
        """The depth at which a line is to count; what stands before column 160 as it is."""
        if depth != _FLAT:
            self._lists.clear()
            return depth
        if item := _NUMBERED_ITEM.match(body):
            return self._item(int(item[1]))
        name = _FIELD.match(body)
        if name:
            self._leave(name[1])
        here = self._lists[-1] if self._lists else None
        is_type = here is not None and bool(name) and not here.typed and name[1][:1].isupper() and not name[2]  # type: ignore[index]
        at = _FLAT if here is None else here.depth + 2 + here.typed
        if here is not None:
            here.typed = here.typed or is_type
            here.names.add(name[1] if name else body)
        if count := _COUNT.match(body):
            self._lists.append(_FlatList(at, int(count[2])))
        return at

    def _item(self, number: int) -> int:
        while self._lists and (self._lists[-1].begun != number or number >= self._lists[-1].count):
            self._lists.pop()
        if not self._lists:
            return _FLAT
        self._lists[-1].begun += 1
        self._lists[-1].typed = False
        return self._lists[-1].depth + 1

    def _leave(self, name: str) -> None:
        """Close lists whose last item cannot have this field."""
        while self._lists:
            last = self._lists[-1]
            if not last.begun or last.begun < last.count or last.count == 1 or name in last.names:
                return
            self._lists.pop()


def _depth(line: str) -> tuple[int, str]:
    """Columns before the first word (a tab goes to the next multiple of 8), and the rest without bit legends."""
    body = line.rstrip()
    bare = body.lstrip(" \t")
    indent = len(body[: len(body) - len(bare)].expandtabs(8))
    if bare[:1] in ".01" and (match := _BITS.match(bare)):
        bare = bare[match.end() :]
    elif bare[:1] in "|+`\\├└│─┬-" and (match := _DECORATION.match(bare)):
        indent += match.end()
        bare = bare[match.end() :]
    return indent, bare


def _nodes(body: str) -> list[_Node]:
    """The nodes of one line, each under the one before: an item, a name, and what `->` chooses."""
    out: list[_Node] = []
    named = _NAMED_ITEM.match(body) or _COUNTED_ITEM.match(body)
    if named:
        out.append(_Node(None, None))
        body = body[named.end() :].lstrip(" :=")
    elif match := _ITEM.match(body):
        out.append(_Node(None, None))
        body = body[match.end() :].lstrip(" :=")
    if out:
        arrow = _ARROW.match(body)
        if not arrow:
            if body:
                out += _named(body) if _is_field(body) else []
                if len(out) == 1:
                    out[0].value = body.strip() or None
            return out
        body = body[arrow.end() :]
    for part in _ARROW.split(body):
        out += _named(part)
    return out


def _is_field(body: str) -> bool:
    match = _NAME.match(body)
    return bool(match) and body[match.end() : match.end() + 1] in {":", "="} if match else False


def _named(body: str) -> list[_Node]:
    match = _NAME.match(body)
    if not match:
        return []
    rest = body[match.end() :].lstrip()
    for sign in ("::=", ":=", ":", "="):
        if rest.startswith(sign):
            rest = rest[len(sign) :].strip().rstrip(",")
            return [_Node(match[1], rest if rest not in {"", "{"} else None)]
    rest = rest.strip().rstrip(",")
    return [_Node(match[1], rest if rest and rest != "{" else None)]


def _tree(root: _Node) -> Tree:
    """Nodes to trees, children first, without recursion: a hostile text can be as deep as it likes."""
    order: list[_Node] = []
    stack = [root]
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(node.children)
    done: dict[int, Tree] = {}
    for node in reversed(order):
        done[id(node)] = _one(node, [done.pop(id(child)) for child in node.children])
    return done[id(root)]


def _one(node: _Node, values: list[Tree]) -> Tree:
    if not values:
        return node.value if node.value is not None else {}
    if any(child.name is None for child in node.children):
        listed = [value for child, value in zip(node.children, values, strict=True) if child.name is None]
        if len(listed) == len(values):
            return listed
    out: dict[str, Tree] = {}
    for child, value in zip(node.children, values, strict=True):
        put(out, child.name or "[]", value)
    return out
