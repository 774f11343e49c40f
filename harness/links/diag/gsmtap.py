"""Receiving GSMTAP datagrams on ports of our own, and writing them as a capture file.

SCAT sends the second SIM's packets to the next address behind the first one's: both are listened on. The capture file
that SCAT writes itself is empty until it has ended well, and lost where it was terminated.
"""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import LinkError, ParseError

if TYPE_CHECKING:
    from collections.abc import Sequence

RADIOS = ("127.0.0.1", "127.0.0.2")
"""The address of each SIM's packets."""
_BUFFER = 4 * 2**20
_LONGEST = 65535
_TRIES = 16
_RAW_IPV4 = 228
_GSMTAP = 4729
_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 2**18, _RAW_IPV4)
_AROUND = 20 + 8
"""Octets of the headers of IP and UDP."""


@dataclass(frozen=True, slots=True)
class Datagram:
    """One datagram: the SIM (0, 1), seconds since the epoch, the GSMTAP packet."""

    radio: int
    at: float
    payload: bytes


class GsmtapReceiver:
    """Two sockets on one free port of loopback, one a SIM. Raises LinkError where none can be had."""

    def __init__(self) -> None:
        self.sockets: tuple[socket.socket, ...] = ()
        for _ in range(_TRIES):
            if pair := _bound():
                self.sockets = pair
                return
        raise LinkError("no UDP port of this host can be listened on", way_out="allow UDP on loopback")

    @property
    def port(self) -> int:
        """The port that both listen on."""
        return int(self.sockets[0].getsockname()[1])

    def take(self) -> list[Datagram]:
        """What has come since; waits for nothing."""
        found: list[Datagram] = []
        for radio, one in enumerate(self.sockets):
            with suppress(BlockingIOError):
                while True:
                    found.append(Datagram(radio, time.time(), one.recv(_LONGEST)))
        return found

    def close(self) -> None:
        """Give the port back."""
        for one in self.sockets:
            one.close()


def _bound() -> tuple[socket.socket, ...]:
    """Sockets on one port of all addresses; empty where the port is taken on the second one.

    A system that knows 127.0.0.1 only (macOS) hears the first SIM alone.
    """
    first = _listening(RADIOS[0], 0)
    try:
        return first, _listening(RADIOS[1], first.getsockname()[1])
    except OSError as error:
        import errno

        if error.errno == errno.EADDRNOTAVAIL:
            return (first,)
        first.close()
        return ()


def _listening(address: str, port: int) -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        one.bind((address, port))
        one.setblocking(False)
    except OSError:
        one.close()
        raise
    return one


def as_pcap(datagrams: Sequence[Datagram]) -> bytes:
    """The datagrams as a capture file (raw IPv4), which Wireshark and `bandproof decode uecap` read."""
    out = [_HEADER]
    for one in datagrams:
        packet = _ip(one)
        seconds = int(one.at)
        out += [struct.pack("<IIII", seconds, int((one.at - seconds) * 1e6), len(packet), len(packet)), packet]
    return b"".join(out)


def datagrams_of(capture: bytes) -> tuple[Datagram, ...]:
    """The datagrams of a capture file that `as_pcap` wrote. Raises ParseError for any other."""
    found: list[Datagram] = []
    at = len(_HEADER)
    whole = capture.startswith(_HEADER)
    while whole and at < len(capture):
        seconds, micros, size, _ = struct.unpack("<IIII", capture[at : at + 16].ljust(16, b"\0"))
        packet = capture[at + 16 : at + 16 + size]
        radio = next((number for number, one in enumerate(RADIOS) if packet[12:16] == socket.inet_aton(one)), 0)
        found.append(Datagram(radio, seconds + micros / 1e6, packet[_AROUND:]))
        whole = len(packet) == size and _ip(found[-1]) == packet
        at += 16 + size
    if not whole:
        raise ParseError("no capture file of a live capture")
    return tuple(found)


def _ip(one: Datagram) -> bytes:
    address = socket.inet_aton(RADIOS[one.radio])
    udp = struct.pack(">HHHH", _GSMTAP, _GSMTAP, 8 + len(one.payload), 0) + one.payload
    return struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, address, address) + udp
