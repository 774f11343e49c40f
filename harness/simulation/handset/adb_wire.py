"""Messages of the adb transport protocol (AOSP protocol.txt): pure, fed with bytes as they come."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER = struct.Struct("<6I")
CNXN, AUTH, OPEN, OKAY = 0x4E584E43, 0x48545541, 0x4E45504F, 0x59414B4F
WRTE, CLSE, STLS = 0x45545257, 0x45534C43, 0x534C5453
AUTH_TOKEN = 1
VERSION_CHECKED = 0x01000000
VERSION = 0x01000001
"""From this version on checksums are not looked at."""
MAX_PAYLOAD = 2**20
MAX_PAYLOAD_V1 = 4096

COMMANDS = {CNXN: "CNXN", AUTH: "AUTH", OPEN: "OPEN", OKAY: "OKAY", WRTE: "WRTE", CLSE: "CLSE", STLS: "STLS"}


class BadMessageError(ValueError):
    """What came is no message of this protocol."""


@dataclass(frozen=True, slots=True)
class AdbMessage:
    """One message: command, two arguments and the payload."""

    command: int
    arg0: int
    arg1: int
    payload: bytes = b""

    def __str__(self) -> str:
        return f"{COMMANDS.get(self.command, hex(self.command))}({self.arg0}, {self.arg1}, {len(self.payload)} bytes)"


def pack(command: int, arg0: int, arg1: int, payload: bytes = b"", *, checked: bool = False) -> bytes:
    """A message as bytes; `checked` writes the sum of the payload that version 0x01000000 asks for."""
    check = sum(payload) & 0xFFFFFFFF if checked else 0
    return HEADER.pack(command, arg0, arg1, len(payload), check, command ^ 0xFFFFFFFF) + payload


class MessageReader:
    """Cuts a byte stream into messages. Checksums are not looked at: servers leave out that of a second CNXN."""

    def __init__(self, max_payload: int = MAX_PAYLOAD) -> None:
        self._data = bytearray()
        self._max = max_payload

    def feed(self, data: bytes | memoryview) -> list[AdbMessage]:
        """Take what came; answer the whole messages. Raises BadMessageError where no message can begin."""
        self._data += data
        out: list[AdbMessage] = []
        position = 0
        while len(self._data) - position >= HEADER.size:
            command, arg0, arg1, size, _, magic = HEADER.unpack_from(self._data, position)
            if magic != command ^ 0xFFFFFFFF or command not in COMMANDS:
                raise BadMessageError(f"no message: {bytes(self._data[position : position + 24]).hex()}")
            if size > self._max:
                raise BadMessageError(f"{COMMANDS[command]} of {size} bytes, {self._max} at most")
            if len(self._data) - position < HEADER.size + size:
                break
            start = position + HEADER.size
            out.append(AdbMessage(command, arg0, arg1, bytes(self._data[start : start + size])))
            position = start + size
        del self._data[:position]
        return out
