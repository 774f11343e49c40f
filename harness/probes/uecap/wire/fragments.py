"""IP packets put together of their fragments (RFC 791, RFC 8200): a capability of some kilobytes travels in several."""

from __future__ import annotations

import struct

_MOST = 256
"""Packets under way at once; the oldest is given up."""


class Fragments:
    """Collects fragments; `add` gives the payload of UDP or SCTP when it is whole."""

    def __init__(self) -> None:
        self._open: dict[tuple[bytes, ...], dict[int, bytes]] = {}
        self._whole: dict[tuple[bytes, ...], int] = {}

    def add(self, packet: bytes) -> tuple[int, bytes] | None:
        """Protocol and payload of an IP packet, at once or of the last missing fragment; None for anything else."""
        if len(packet) < 20:
            return None
        version = packet[0] >> 4
        return self._v4(packet) if version == 4 else self._v6(packet) if version == 6 else None

    @property
    def waiting(self) -> int:
        """How many packets are not whole."""
        return len(self._open)

    def _v4(self, packet: bytes) -> tuple[int, bytes] | None:
        head, total = (packet[0] & 15) * 4, struct.unpack_from(">H", packet, 2)[0]
        if head < 20 or len(packet) < head:
            return None
        payload = packet[head : total if head < total <= len(packet) else len(packet)]
        flags = struct.unpack_from(">H", packet, 6)[0]
        offset, more = (flags & 0x1FFF) * 8, bool(flags & 0x2000)
        if not offset and not more:
            return packet[9], payload
        key = (b"4", packet[12:20], packet[9:10], packet[4:6])
        return self._fragment(key, packet[9], offset, payload, more=more)

    def _v6(self, packet: bytes) -> tuple[int, bytes] | None:
        if len(packet) < 40:
            return None
        following, payload = packet[6], packet[40:]
        if following != 44:  # no fragment header
            return following, payload
        if len(payload) < 8:
            return None
        word = struct.unpack_from(">H", payload, 2)[0]
        key = (b"6", packet[8:40], payload[4:8])
        return self._fragment(key, payload[0], word & 0xFFF8, payload[8:], more=bool(word & 1))

    def _fragment(
        self, key: tuple[bytes, ...], protocol: int, offset: int, payload: bytes, *, more: bool
    ) -> tuple[int, bytes] | None:
        if key not in self._open and len(self._open) >= _MOST:
            oldest = next(iter(self._open))
            del self._open[oldest]
            self._whole.pop(oldest, None)
        parts = self._open.setdefault(key, {})
        parts[offset] = payload
        if not more:
            self._whole[key] = offset + len(payload)
        whole = bytearray()
        for start in sorted(parts):
            if start != len(whole):
                return None
            whole += parts[start]
        if self._whole.get(key) != len(whole):
            return None
        del self._open[key], self._whole[key]
        return protocol, bytes(whole)
