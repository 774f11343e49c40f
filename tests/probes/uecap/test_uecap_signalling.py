"""Capabilities that base stations and core networks pass on: S1AP and NGAP over SCTP, whole and in chunks."""

from __future__ import annotations

import random
import struct

import pytest
import uecap_samples as samples
from uecap_grammars import BANDS, passed_on

from harness.capability_facts import UeCategory
from harness.errors import ParseError
from harness.observations import SupportedBands
from harness.probes.uecap import read
from harness.probes.uecap.wire.signalling import capabilities

S1AP, NGAP = 18, 60


def sized(data: bytes) -> bytes:
    """A length determinant of aligned PER, in fragments of 16 K where it must be, and the octets."""
    if len(data) < 0x80:
        return bytes([len(data)]) + data
    if len(data) < 0x4000:
        return struct.pack(">H", 0x8000 | len(data)) + data
    blocks = min(len(data) // 0x4000, 4)
    return bytes([0xC0 | blocks]) + data[: blocks * 0x4000] + sized(data[blocks * 0x4000 :])


def indication(elements: list[tuple[int, bytes]], procedure: int = 22) -> bytes:
    """A message with these elements: each its number and its value."""
    body = b"\x00" + struct.pack(">H", len(elements))
    body += b"".join(struct.pack(">HB", number, 0x40) + sized(value) for number, value in elements)
    return bytes([0, procedure, 0x40]) + sized(body)


def carried(protocol: int, data: bytes, element: int | None = None) -> bytes:
    number = element or {S1AP: 74, NGAP: 117}[protocol]
    return indication([(0, b"\x00\x07"), (8, b"\x00\x01"), (number, sized(data))], {S1AP: 22, NGAP: 44}[protocol])


def chunk(protocol: int, data: bytes, *, number: int = 1, flags: int = 3, sequence: int = 0) -> bytes:
    body = struct.pack(">BBHIHHI", 0, flags, 16 + len(data), number, 1, sequence, protocol) + data
    return body + bytes(-len(body) % 4)


def frame(*chunks: bytes) -> bytes:
    """An Ethernet frame with IPv4 and SCTP; a heartbeat goes before the data."""
    payload = struct.pack(">HHII", 36412, 36412, 7, 0) + struct.pack(">BBHI", 4, 0, 8, 1) + b"".join(chunks)
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, 132, 0, b"\x7f\0\0\1", b"\x7f\0\0\2")
    return bytes(12) + b"\x08\x00" + head + payload


def parts(protocol: int, data: bytes, size: int, first: int) -> list[bytes]:
    out = []
    for at in range(0, len(data), size):
        flags = (2 if at == 0 else 0) | (1 if at + size >= len(data) else 0)
        out.append(chunk(protocol, data[at : at + size], number=(first + len(out)) % 2**32, flags=flags))
    return out


def bands(*frames: bytes):
    found = read([("core.pcap", samples.pcap(1, list(frames)))])
    (told,) = (item for item in found.observations if isinstance(item, SupportedBands))
    (category,) = (item for item in found.observations if isinstance(item, UeCategory))
    assert category.told_once
    return told.bands


@pytest.mark.parametrize(("protocol", "form"), [(S1AP, "s1ap"), (NGAP, "ngap")])
def test_a_capability_in_a_message_is_read(protocol, form):
    assert bands(frame(chunk(protocol, carried(protocol, passed_on(form))))) == BANDS


@pytest.mark.parametrize(("protocol", "element", "form"), [(S1AP, 315, "ngap"), (NGAP, 265, "s1ap")])
def test_the_form_of_the_other_network_is_read(protocol, element, form):
    assert bands(frame(chunk(protocol, carried(protocol, passed_on(form), element)))) == BANDS


@pytest.mark.parametrize("first", [5, 2**32 - 2], ids=["plain", "numbers wrap"])
def test_chunks_of_a_message_are_joined_in_any_order(first):
    pieces = parts(S1AP, carried(S1AP, passed_on("s1ap")), 30, first)
    assert len(pieces) > 3
    random.Random(1).shuffle(pieces)
    assert bands(*(frame(piece) for piece in pieces)) == BANDS
    assert bands(frame(*pieces)) == BANDS


def test_a_message_with_a_missing_chunk_is_told_and_not_read():
    pieces = parts(S1AP, carried(S1AP, passed_on("s1ap")), 30, 5)
    for gone in range(len(pieces)):
        with pytest.raises(ParseError, match="not whole"):
            read([("core.pcap", samples.pcap(1, [frame(p) for n, p in enumerate(pieces) if n != gone]))])


def test_what_is_passed_on_and_back_is_one_statement():
    up = carried(S1AP, passed_on("s1ap"))
    down = indication([(0, b"\x00\x07"), (74, sized(passed_on("s1ap")))], 9)
    assert bands(frame(chunk(S1AP, up)), frame(chunk(S1AP, down, number=2))) == BANDS


def test_a_message_exported_by_wireshark_is_read():
    data = samples.exported("s1ap", carried(S1AP, passed_on("s1ap")))
    found = read([("a.pcap", samples.pcap(252, [data]))])
    assert next(item for item in found.observations if isinstance(item, SupportedBands)).bands == BANDS


def test_long_elements_come_in_fragments_of_16_k():
    value = bytes(range(256)) * 300
    assert capabilities(S1AP, carried(S1AP, value)) == (("s1ap", value),)


def test_other_elements_protocols_and_broken_messages_give_nothing():
    whole = carried(S1AP, passed_on("s1ap"))
    assert capabilities(S1AP, carried(S1AP, passed_on("s1ap"), 73)) == ()
    assert capabilities(46, whole) == ()
    assert capabilities(NGAP, whole) == ()
    for end in range(len(whole)):
        assert capabilities(S1AP, whole[:end]) == ()
    assert capabilities(S1AP, whole + b"\0") == ()


def test_a_flipped_bit_of_the_frame_never_tells_another_capability():
    message = carried(S1AP, passed_on("s1ap"))
    want = capabilities(S1AP, message)
    inside = message.index(want[0][1])
    for bit in range(inside * 8):
        broken = bytearray(message)
        broken[bit // 8] ^= 1 << bit % 8
        assert capabilities(S1AP, bytes(broken)) in {want, ()}
