"""Vendor CA tables as SCAT prints them with `--cacombos`: one line each, which its capture file does not hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"^Radio (\d+): (LTE|NR) UE CA Combos Raw: ((?:[0-9a-f]{2})+)\s*$", re.MULTILINE)
_CODES = {"LTE": "0xB0CD", "NR": "0xB826"}


def printed_tables(text: str) -> Iterator[tuple[int, str, str]]:
    """Each table of SCAT's output: the radio (SIM, from 0), the log's code, the octets as hex."""
    for found in _LINE.finditer(text.replace("\r", "")):
        yield int(found[1]), _CODES[found[2]], found[3]
