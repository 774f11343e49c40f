"""The raw NR RRC record of Qualcomm's diagnostic log (0xB821), as QCSuper hands it on without a GSMTAP head.

Versions and layouts as SCAT reads them: the version, the head, the channel's number, the length, the message.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .rrc import Coding

PORT = 47928
"""QCSuper's UDP port of such frames, both ways."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the channel's number and the length stand, where the message begins, and which channels matter."""

    channel: int
    length: int
    start: int
    down: int
    up: tuple[int, ...]


_9 = _Layout(17, 22, 24, 4, (8,))
_12 = _Layout(16, 21, 23, 4, (8,))
_17 = _Layout(24, 29, 31, 4, (8,))
_19 = _Layout(24, 29, 32, 4, (8,))
_20 = _Layout(24, 29, 32, 4, (9,))
_23 = _Layout(24, 29, 35, 4, (9,))
_LAYOUTS = {
    9: _9,
    12: _12,
    14: _12,
    17: _17,
    19: _19,
    25: _19,
    20: _20,
    23: _23,
    24: _23,
    26: _23,
    28: _Layout(24, 29, 35, 4, (9, 10)),
}


def read_nr_log(record: bytes) -> tuple[tuple[Coding, bytes], ...]:
    """The message of a record and its channel; empty for another channel, an unknown version, a cut record."""
    if len(record) < 4:
        return ()
    layout = _LAYOUTS.get(struct.unpack_from("<I", record)[0])
    if layout is None or len(record) < layout.start:
        return ()
    length = struct.unpack_from("<H", record, layout.length)[0]
    message = record[layout.start :]
    if length != len(message):
        return ()
    channel = record[layout.channel]
    if channel == layout.down:
        return (("nr_dl", message),)
    return (("nr_ul", message),) if channel in layout.up else ()
