"""Decoded capabilities as one line of JSON each, octets and all: how trees of other decoders are kept as evidence."""

from __future__ import annotations

import json
from typing import Any

FORMAT = "bandproof.uecap/1"
"""First line of what is kept of a capability file."""
_HEX_KEY = "\0hex"


def tree_text(value: Any) -> str:
    """A decoded tree as one line of JSON."""
    return json.dumps(value, default=lambda octets: {_HEX_KEY: bytes(octets).hex()}, separators=(",", ":"))


def read_tree(text: str) -> Any:
    """The tree of such a line. Raises ValueError where it is none."""
    return json.loads(text, object_hook=lambda one: bytes.fromhex(one[_HEX_KEY]) if one.keys() == {_HEX_KEY} else one)
