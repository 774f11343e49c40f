"""pcap and pcapng files -> RRC packets: Wireshark exported PDU, GSMTAP over UDP, S1AP and NGAP over SCTP, DLT_USER.

Formats: the libpcap file format, the pcapng format, the exported-PDU tags of Wireshark, GSMTAP of libosmocore (version
2) and version 3 as SCAT writes it. Small on purpose: a capture library would be a dependency of its own for this.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import ParseError

from . import nr_log, signalling
from .fragments import Fragments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .rrc import Coding

_PCAP = {
    b"\xd4\xc3\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">",
    b"\x4d\x3c\xb2\xa1": "<",
    b"\xa1\xb2\x3c\x4d": ">",
}
_PCAPNG = b"\x0a\x0d\x0d\x0a"
EXPORTED_PDU = 252
_USER = range(147, 163)
_UDP = 17
_GSMTAP_PORT = 4729
_GSMTAP_HEADS = {b"\x02\x04", b"\x03\x07", b"\x03\x00"}

_DISSECTORS: dict[str, Coding] = {
    "lte.rrc.ul.dcch": "lte_ul",
    "lte.rrc.dl.dcch": "lte_dl",
    "nr.rrc.ul.dcch": "nr_ul",
    "nr.rrc.dl.dcch": "nr_dl",
    "lte.rrc.ue.eutra.cap": "eutra",
    "nr.rrc.ue.nr.cap": "nr",
    "nr.rrc.ue.mrdc.cap": "mrdc",
    "lte.rrc.ue.radio.access.cap.info": "s1ap",
    "nr.rrc.ue.radio.access.cap.info": "ngap",
}
_V2_SUBTYPES: dict[int, Coding] = {1: "lte_dl", 3: "lte_ul"}
_V3_LTE: dict[int, Coding] = {0x0009: "lte_dl", 0x000B: "lte_ul"}
_V3_NR: dict[int, Coding] = {0x0004: "nr_dl", 0x0009: "nr_ul", 0x0203: "mrdc", 0x0204: "nr"}


@dataclass(frozen=True, slots=True)
class Packet:
    """An RRC packet: its number in the file (from 1), and what it may be, most likely first."""

    number: int
    choices: tuple[tuple[Coding, bytes], ...]


def is_capture(data: bytes) -> bool:
    """Whether the octets begin like a pcap or pcapng file."""
    return data[:4] in _PCAP or data[:4] == _PCAPNG


def read_packets(data: bytes) -> tuple[list[Packet], list[str]]:
    """The RRC packets of a capture file and warnings (cut file, cut frames). Raises ParseError for another format."""
    if not is_capture(data):
        raise ParseError("not a pcap or pcapng file")
    frames = _pcapng(data) if data[:4] == _PCAPNG else _pcap(data)
    out: list[Packet] = []
    warnings: list[str] = []
    fragments, chunks = Fragments(), signalling.Chunks()
    for number, (link, frame, cut) in enumerate(frames, 1):
        if link < 0:
            warnings.append(f"the capture file is cut after frame {number - 1}")
            break
        found = _payload(link, frame, fragments, chunks)
        if found and cut:
            warnings.append(f"frame {number} was cut by the capture's snap length and is left out")
            continue
        out += [Packet(number, choices) for choices in found]
    if fragments.waiting:
        warnings.append(f"{fragments.waiting} IP packets are not whole: fragments are missing")
    if chunks.waiting:
        warnings.append(f"{chunks.waiting} messages over SCTP are not whole: chunks are missing")
    return out, warnings


_CUT = (-1, b"", True)
_Frame = tuple[int, bytes, bool]


def _pcap(data: bytes) -> Iterator[_Frame]:
    order = _PCAP[data[:4]]
    if len(data) < 24:
        yield _CUT
        return
    link = struct.unpack_from(order + "I", data, 20)[0] & 0xFFFF
    place = 24
    while place < len(data):
        if place + 16 > len(data):
            yield _CUT
            return
        length, original = struct.unpack_from(order + "II", data, place + 8)
        place += 16
        if place + length > len(data):
            yield _CUT
            return
        yield link, data[place : place + length], length < original
        place += length


def _pcapng(data: bytes) -> Iterator[_Frame]:
    """Enhanced, simple and obsolete packet blocks of all sections."""
    place, order = 0, "<"
    links: list[int] = []
    while place < len(data):
        if place + 12 > len(data):
            yield _CUT
            return
        kind = struct.unpack_from(order + "I", data, place)[0]
        if data[place : place + 4] == _PCAPNG:
            order = "<" if data[place + 8 : place + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            links = []
        length = struct.unpack_from(order + "I", data, place + 4)[0]
        if length < 12 or place + length > len(data):
            yield _CUT
            return
        body = data[place + 8 : place + length - 4]
        if kind == 1 and len(body) >= 2:
            links.append(struct.unpack_from(order + "H", body)[0])
        else:
            yield from _pcapng_packet(order, kind, body, links)
        place += length


def _pcapng_packet(order: str, kind: int, body: bytes, links: list[int]) -> Iterator[_Frame]:
    if kind == 6 and len(body) >= 20:
        interface, captured, original = struct.unpack_from(order + "I8xII", body)
        if interface < len(links):
            yield links[interface], body[20 : 20 + captured], captured < original
    elif kind == 2 and len(body) >= 20:
        interface = struct.unpack_from(order + "H", body)[0]
        captured, original = struct.unpack_from(order + "12xII", body)
        if interface < len(links):
            yield links[interface], body[20 : 20 + captured], captured < original
    elif kind == 3 and len(body) >= 4 and links:
        original = struct.unpack_from(order + "I", body)[0]
        yield links[0], body[4 : 4 + original], len(body) - 4 < original


_Choices = tuple[tuple["Coding", bytes], ...]


def _payload(link: int, frame: bytes, fragments: Fragments, chunks: signalling.Chunks) -> list[_Choices]:
    """What each RRC packet of a frame may be; an SCTP packet can hold several."""
    if link == EXPORTED_PDU:
        found = _exported(frame)
    elif link in _USER:
        found = [(("lte_ul", frame), ("nr_ul", frame))]
    else:
        found = _ip(link, frame, fragments, chunks)
    return [choices for choices in found if choices]


def _exported(frame: bytes) -> list[_Choices]:
    """Tags (type, length, value) up to the end tag; type 12 names the dissector."""
    place, name = 0, ""
    while place + 4 <= len(frame):
        kind, length = struct.unpack_from(">HH", frame, place)
        place += 4
        if kind == 0:
            if name in signalling.NAMES:
                return [(one,) for one in signalling.capabilities(signalling.NAMES[name], frame[place + length :])]
            coding = _DISSECTORS.get(name)
            return [((coding, frame[place + length :]),)] if coding else []
        if kind == 12:
            text = frame[place : place + length].decode("ascii", errors="replace").strip("\0 ").lower()
            name = text.replace("-", ".").replace("_", ".")
        place += length
    return []


def _ip(link: int, frame: bytes, fragments: Fragments, chunks: signalling.Chunks) -> list[_Choices]:
    """The packets in an IP frame, of fragments with the last one."""
    start = {1: 14, 113: 16, 276: 20, 0: 4, 108: 4, 12: 0, 14: 0, 101: 0, 228: 0, 229: 0}.get(link)
    if start is None:
        return []
    if link == 1:
        while frame[start - 2 : start] in {b"\x81\x00", b"\x88\xa8"}:
            start += 4
    protocol, payload = fragments.add(frame[start:]) or (0, b"")
    if protocol == signalling.SCTP:
        return [(one,) for message in chunks.add(payload) for one in signalling.capabilities(*message)]
    datagram = _udp(payload) if protocol == _UDP else b""
    return [_gsmtap(datagram) or nr_log.read_nr_log(datagram)]


def _udp(packet: bytes) -> bytes:
    """The payload of a UDP packet that may be GSMTAP or a log of NR; else nothing."""
    if len(packet) < 8:
        return b""
    ports, length = struct.unpack_from(">HH", packet), struct.unpack_from(">H", packet, 4)[0]
    payload = packet[8:length] if length >= 8 else b""
    return payload if not {_GSMTAP_PORT, nr_log.PORT}.isdisjoint(ports) or payload[:2] in _GSMTAP_HEADS else b""


def _gsmtap(datagram: bytes) -> tuple[tuple[Coding, bytes], ...]:
    """Version 2; version byte 3 over the version-2 layout (older SCAT); and version 3 with 16-bit fields."""
    if len(datagram) < 16:
        return ()
    version, words = datagram[0], datagram[1]
    if version == 2 or (version == 3 and words):
        head, kind, subtype = words * 4, datagram[2], datagram[12]
        coding = _V2_SUBTYPES.get(subtype) if kind == 0x0D else None
        return ((coding, datagram[head:]),) if coding else ()
    if version != 3:
        return ()
    words16, kind16, subtype16 = struct.unpack_from(">HHH", datagram, 2)
    known, both = {0x0403: (_V3_LTE, _LTE), 0x0503: (_V3_NR, _NR)}.get(kind16, (None, ()))
    if known is None:
        return ()
    first = known.get(subtype16)
    # other writers number the channels otherwise: then what the octets are must decide
    codings = (first, *(c for c in both if c != first)) if first else both
    return tuple((coding, datagram[head:]) for head in _v3_heads(datagram, words16 * 4) for coding in codings)


_LTE: tuple[Coding, ...] = ("lte_ul", "lte_dl")
_NR: tuple[Coding, ...] = ("nr_ul", "nr_dl")


def _v3_heads(datagram: bytes, told: int) -> tuple[int, ...]:
    """Where the payload may begin: the length is told in words, but SCAT does not pad behind its end tag FFFE."""
    place = 8
    while place + 4 <= min(told, len(datagram)):
        if datagram[place : place + 2] == b"\xff\xfe":
            return tuple(dict.fromkeys((place + 2, told)))
        place += 4 + struct.unpack_from(">H", datagram, place + 2)[0]
    if datagram[place : place + 2] == b"\xff\xfe" and place < told:
        return tuple(dict.fromkeys((place + 2, told)))
    return (told,)
