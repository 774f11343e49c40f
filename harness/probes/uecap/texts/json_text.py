"""A decoded tree as JSON: plain (names of ASN.1), or as tshark prints it (`lte-rrc.bandEUTRA`, `..._tree`)."""

from __future__ import annotations

import json
import re

from harness.errors import ParseError

from .tree import Tree, put

_PREFIX = re.compile(r"(?:lte|nr)[-_]rrc\.")
_ITEM = re.compile(r"(?:Item )?\d+\Z")


def read_json(text: str) -> tuple[Tree, bool]:
    """The tree, and whether enumerated values are numbers (tshark). Raises ParseError."""
    dissected = '"lte-rrc.' in text or '"nr-rrc.' in text
    try:
        value = json.loads(text, object_pairs_hook=_tshark if dissected else _pairs)
    except (ValueError, RecursionError) as error:
        raise ParseError(f"not JSON: {error}"[:200]) from error
    if not isinstance(value, dict | list):
        raise ParseError("a JSON value without names is no decoded capability")
    return value, dissected


def _pairs(pairs: list[tuple[str, Tree]]) -> Tree:
    out: dict[str, Tree] = {}
    for key, value in pairs:
        put(out, key, value)
    return out


def _tshark(pairs: list[tuple[str, Tree]]) -> Tree:
    """tshark's keys to ASN.1 names; of `name_tree` and `name` a count goes, octets stay behind; items become lists."""
    if pairs and all(_ITEM.match(key) for key, _ in pairs):
        return [value for _, value in pairs]
    out: dict[str, Tree] = {}
    named = {key for key, _ in pairs}
    for key, value in sorted(pairs, key=lambda pair: not pair[0].endswith(("_tree", "_element"))):
        counted = f"{key}_tree" in named and not (isinstance(value, str) and ":" in value)
        if not key.startswith("per.") and not counted:
            put(out, _PREFIX.sub("", key).removesuffix("_tree").removesuffix("_element").replace("_", "-"), value)
    return out
