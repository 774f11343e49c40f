"""Which radio board a handset of Nowhere has: a property that its boot loader sets (made up)."""

from __future__ import annotations

import re

from harness.extending import AdbProbe, Identity, ParseError, Reading


def read_sku(text: str) -> Reading:
    """`NA-2` -> the hardware's name. Raises ParseError where the property is not set: on all other handsets."""
    found = re.fullmatch(r"[A-Z]{2}-\d", text.strip())
    if found is None:
        raise ParseError("no SKU of a Nowhere handset")
    return Reading((Identity(hardware=f"Nowhere board {found[0]}"),))


PROBE = AdbProbe("getprop ro.boot.nowhere.sku", read_sku)
