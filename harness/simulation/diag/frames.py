"""Frames of Qualcomm's DIAG protocol, and the log records that hold RRC messages.

A frame is body + CRC-16/X.25 (little endian), 7D and 7E escaped, ended by 7E. A log is command 0x10 around a record:
length, code, time, body. Layouts: 0xB0C0 version 20, 0xB821 version 20; 0x98 wraps what is of the second SIM.
"""

from __future__ import annotations

import struct
from typing import Literal

DiagMessage = tuple[Literal["lte_ul", "lte_dl", "nr_ul", "nr_dl"], bytes]
"""An RRC message: its channel, its octets."""

END = b"\x7e"
_LTE_PDU = {"lte_dl": 7, "lte_ul": 9}
_NR_PDU = {"nr_dl": 4, "nr_ul": 9}
_TIME = 0x0100_0000_0000_0000


def _crc(data: bytes) -> int:
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ (0x8408 if crc & 1 else 0)
    return crc ^ 0xFFFF


def frame(body: bytes) -> bytes:
    """A body as it goes over the port."""
    whole = body + struct.pack("<H", _crc(body))
    return whole.replace(b"\x7d", b"\x7d\x5d").replace(b"\x7e", b"\x7d\x5e") + END


def body_of(framed: bytes) -> bytes:
    """What stands in a frame (without its end), without the check sum."""
    return framed.replace(b"\x7d\x5e", b"\x7e").replace(b"\x7d\x5d", b"\x7d")[:-2]


def log(code: int, body: bytes) -> bytes:
    """A log record as a command."""
    record = struct.pack("<HHQ", len(body) + 12, code, _TIME) + body
    return struct.pack("<BBH", 0x10, 0, len(record)) + record


def rrc_log(message: DiagMessage, *, known: bool = True) -> bytes:
    """The record of one RRC message; where it is not `known`, in a version that no reader knows."""
    coding, data = message
    if coding not in _LTE_PDU:
        tail = (_NR_PDU[coding], 0, len(data), 0)
        return log(
            0xB821, struct.pack("<IBBBHQI3sBIHB", 20 if known else 153, 15, 6, 1, 1, 0, 630_000, bytes(3), *tail) + data
        )
    place = (1, 1, 1300, 0, _LTE_PDU[coding], 0, len(data))
    if known:
        return log(0xB0C0, struct.pack("<BBBBHLHBLH", 20, 15, 6, *place) + data)
    return log(0xB0C0, struct.pack("<BBBBBBHLHBLHBBB", 40, 15, 6, 15, 6, *place, 0, 0, 0) + data)


def of_radio(command: bytes, radio: int) -> bytes:
    """A command as the second SIM's modem sends it; of the first one it is as it is."""
    return command if radio == 0 else struct.pack("<BBHL", 0x98, 1, 0, radio + 1) + command
