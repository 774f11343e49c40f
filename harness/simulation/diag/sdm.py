"""Frames of Samsung's diagnostic protocol (SDM), and the records that hold RRC messages.

A frame is 7F, two lengths (of all but its first and last octet and the sign between them, and of what follows), stamp,
direction, group, command, time, body, 7E. A program's commands have group 0. The second SIM's group has bit 6 set.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.simulation.diag.frames import DiagMessage

_START, _END = 0x7F, b"\x7e"
_HEAD = struct.Struct("<HBHHBBBL")
_TO_PROGRAM = 0xA0
_COMMON, _LTE = 1, 2
_LTE_RRC, _NR_RRC = 0x52, 0x08
_DCCH = 4
_SECOND_SIM = 0x40
LAST_OF_SET_UP = 0x90
"""The command that a program sends last when it sets the port up."""


def frame(group: int, command: int, body: bytes) -> bytes:
    """A frame of the modem."""
    length = 11 + len(body)
    head = _HEAD.pack(length + 3, 0, length, 0, _TO_PROGRAM, group, command, 0)
    return bytes([_START]) + head + body + _END


def rrc_frame(message: DiagMessage, *, radio: int = 0, known: bool = True) -> bytes:
    """The frame of one RRC message of a SIM; where it is not `known`, on a channel that no reader knows."""
    coding, data = message
    channel, uplink = _DCCH if known else 0x63, int(coding.endswith("ul"))
    sim = _SECOND_SIM if radio else 0
    if coding.startswith("nr"):
        return frame(_COMMON | sim, _NR_RRC, struct.pack("<BBBBBH", 1, 1, 1, channel, uplink, len(data)) + data)
    return frame(_LTE | sim, _LTE_RRC, struct.pack("<BBH", channel, uplink, len(data)) + data)


def commands_in(data: bytes) -> tuple[list[int], bytes]:
    """The commands that a program sent, and what is left of the data."""
    found = list(_frames(data))
    left = data[found[-1][1] :] if found else data
    return [command for command, _ in found], left


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    """Command and end of each whole frame."""
    at = data.find(_START)
    while at >= 0 and len(data) >= at + 1 + _HEAD.size:
        length, *_, command, _ = _HEAD.unpack_from(data, at + 1)
        end = at + length + 2
        if end > len(data):
            return
        yield command, end
        at = data.find(_START, end)
