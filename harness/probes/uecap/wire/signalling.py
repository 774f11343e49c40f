"""The capability that base stations and core networks pass on: S1AP and NGAP messages over SCTP.

SCTP is read by RFC 9260 (DATA chunks, fragments of a message by TSN). Of the messages just the frame is read, which is
the same for both protocols (aligned PER, TS 36.413 and TS 38.413 clause 9.3: PDU, procedure, list of elements): the
whole decoder takes seconds and some hundred megabytes, and nothing else in these messages is asked for.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rrc import Coding

SCTP = 132
"""The number of the protocol in IP."""
_PROTOCOLS: dict[int, dict[int, Coding]] = {
    18: {74: "s1ap", 315: "ngap"},
    60: {117: "ngap", 265: "s1ap"},
}
"""Payload protocol (S1AP, NGAP), then the element: UERadioCapability in the form of the own RAT, and of the other."""
NAMES = {"s1ap": 18, "ngap": 60}
_DATA = 0
_FIRST, _LAST = 2, 1
_MOST = 256
"""Messages under way at once; the oldest is given up."""


class Chunks:
    """Puts messages together of the DATA chunks of SCTP packets."""

    def __init__(self) -> None:
        self._open: dict[tuple[bytes, int, int], dict[int, tuple[int, bytes]]] = {}

    @property
    def waiting(self) -> int:
        """How many messages are not whole."""
        return len(self._open)

    def add(self, packet: bytes) -> list[tuple[int, bytes]]:
        """Payload protocol and octets of each message that this SCTP packet holds or completes."""
        out = []
        place = 12
        while place + 4 <= len(packet):
            kind, flags, length = struct.unpack_from(">BBH", packet, place)
            if length < 4 or place + length > len(packet):
                break
            if kind == _DATA and length >= 16:
                found = self._chunk(packet[:8], flags, packet[place + 4 : place + length])
                if found is not None:
                    out.append(found)
            place += length + -length % 4
        return out

    def _chunk(self, ends: bytes, flags: int, body: bytes) -> tuple[int, bytes] | None:
        number, stream, sequence, protocol = struct.unpack_from(">IHHI", body)
        if protocol not in _PROTOCOLS:
            return None
        if flags & _FIRST and flags & _LAST:
            return protocol, body[12:]
        key = (ends, stream, sequence)
        if key not in self._open and len(self._open) >= _MOST:
            del self._open[next(iter(self._open))]
        parts = self._open.setdefault(key, {})
        parts[number] = (flags, body[12:])
        whole = _joined(parts)
        if whole is None:
            return None
        del self._open[key]
        return protocol, whole


def _joined(parts: dict[int, tuple[int, bytes]]) -> bytes | None:
    """The message, where its first chunk, its last one, and all between them are there. Numbers wrap at 32 bits."""
    start = next((number for number, (flags, _) in parts.items() if flags & _FIRST), None)
    out = b""
    while start is not None and start in parts:
        flags, data = parts[start]
        out += data
        if flags & _LAST:
            return out
        start = (start + 1) % 2**32
    return None


def capabilities(protocol: int, message: bytes) -> tuple[tuple[Coding, bytes], ...]:
    """The UE radio capabilities in a message of S1AP (18) or NGAP (60); none where it is another message, or broken."""
    wanted = _PROTOCOLS.get(protocol, {})
    try:
        return tuple((wanted[element], _open(value)) for element, value in _elements(message) if element in wanted)
    except (IndexError, struct.error, ValueError):
        return ()


def _elements(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and octets of each element: choice of PDU, procedure, criticality, then the open type with the list."""
    body = _open(message[3:])
    count, rest = struct.unpack_from(">H", body, 1)[0], body[3:]
    for _ in range(count):
        element = struct.unpack_from(">H", rest)[0]
        value, rest = _sized(rest[3:])
        yield element, value


def _open(data: bytes) -> bytes:
    """An open type or OCTET STRING that fills the octets. Raises ValueError where it is longer or shorter."""
    value, rest = _sized(data)
    if rest:
        raise ValueError("octets are left over")
    return value


def _sized(data: bytes) -> tuple[bytes, bytes]:
    """Octets behind a length determinant (X.691 clause 11.9; fragments of 16 K), and what follows them."""
    out = b""
    while True:
        first = data[0]
        if first < 0x80:
            size, head, more = first, 1, False
        elif first < 0xC0:
            size, head, more = (first & 0x3F) << 8 | data[1], 2, False
        else:
            size, head, more = (first & 0x3F) * 0x4000, 1, True
        if len(data) < head + size or (more and not size):
            raise ValueError("cut off")
        out, data = out + data[head : head + size], data[head + size :]
        if not more:
            return out, data
