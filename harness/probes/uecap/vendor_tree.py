"""Combinations in text that names its fields, as MediaTek prints UE_CA_COMB_INFO: a list of components a combination."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.capability_facts import CarrierComponent
from harness.errors import ParseError

from .tables.ca_table import account_of
from .texts import tree
from .texts.indent_text import read_indented

if TYPE_CHECKING:
    from .account import Account, Combination
    from .texts.tree import Tree

_BAND = re.compile(r"(?:eutra|lte|nr|freq)?_?band(?:_?(?:id|idx|index|ind|indicator|number|nr|eutra))?", re.IGNORECASE)
_DL = re.compile(r".*(?:dl.*clas|clas.*dl).*", re.IGNORECASE)
_UL = re.compile(r".*(?:ul.*clas|clas.*ul).*", re.IGNORECASE)
_USED = re.compile(r"band_param_num(?:ber)?", re.IGNORECASE)
NONE = 6
"""MediaTek numbers the classes from 0 = A; the number behind F says that there is none (121 of 121 combinations of a
public pair of text and oracle hold)."""
_NUMBER = re.compile(r"(?:0[xX]([0-9A-Fa-f]{1,8})|(\d{1,8}))(?![\w.])")
_CLASS_WORD = re.compile(r"(?:.*class_?)?([A-Za-z])(?:\s|\(|\Z)", re.IGNORECASE)


def read_mediatek(text: str, origin: str) -> Account:
    """The account of a UE_CA_COMB_INFO text (indented names and values). Raises ParseError."""
    found: list[Combination] = []
    stack: list[Tree] = [read_indented(text)]
    while stack:
        node = stack.pop()
        children = list(node.values()) if isinstance(node, dict) else node if isinstance(node, list) else []
        parts = [part for child in children if isinstance(child, dict) and (part := _component(child)) is not None]
        if parts:
            found.append(tuple(parts))
        stack.extend(reversed([_used(node, child) for child in children if _goes_on(child)]))
    if not found:
        raise ParseError(f"{origin}: no combination with bands and classes by name")
    return account_of(found, origin)


def _goes_on(child: Tree) -> bool:
    return isinstance(child, list) or (isinstance(child, dict) and _component(child) is None)


def _used(node: Tree, child: Tree) -> Tree:
    """The places of a combination that its count says are used; the others hold zeros, and zero is class A."""
    if not isinstance(node, dict) or not isinstance(child, dict | list):
        return child
    count = next(
        (_number(v) for k, v in node.items() if _USED.fullmatch(tree.base_name(k)) and isinstance(v, str)), None
    )
    if count is None:
        return child
    return child[:count] if isinstance(child, list) else dict(list(child.items())[:count])


def _component(node: dict[str, Tree]) -> CarrierComponent | None:
    """A component: a band and at least one class among the fields."""
    band = next(
        (_number(v) for k, v in node.items() if _BAND.fullmatch(tree.base_name(k)) and isinstance(v, str)), None
    )
    if not band:
        return None
    rat = "nr" if any(tree.base_name(key).lower() in {"nr_band", "band_nr", "bandnr"} for key in node) else "lte"
    down, up = (_class(node, pattern) for pattern in (_DL, _UL))
    return CarrierComponent(rat, band, down, up) if down or up else None


def _number(text: str) -> int | None:
    match = _NUMBER.match(text.strip())
    return None if match is None else int(match[1], 16) if match[1] else int(match[2])


def _class(node: dict[str, Tree], pattern: re.Pattern[str]) -> str | None:
    """A class by number (0 A, 1 B ...), by letter, or by an enumerator that ends in one. Raises ParseError."""
    for key, value in node.items():
        if pattern.fullmatch(tree.base_name(key)) and isinstance(value, str):
            named = re.search(r"CLASS_?([A-Za-z])\b", value, re.IGNORECASE)
            if named:
                return named[1].upper()
            plain = _number(value)
            if plain is not None and plain <= NONE:
                return None if plain == NONE else chr(ord("A") + plain)
            if plain is not None:
                raise ParseError(f"{plain} is no bandwidth class of MediaTek's")
            if match := _CLASS_WORD.fullmatch(value.strip()):
                return match[1].upper()
    return None
