"""Packets of any cut; a stream without exit packet is never finished."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.links.adb.shell_v2 import BrokenStreamError, ShellV2Reader


def packet(kind, data):
    return struct.pack("<BI", kind, len(data)) + data


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.binary(max_size=20)), max_size=10),
    st.integers(0, 255),
    st.lists(st.integers(0, 200), max_size=20),
)
def test_streams_stay_apart_however_they_are_cut(packets, code, cuts):
    data = b"".join(packet(*one) for one in packets) + packet(3, bytes([code]))
    reader, out, last = ShellV2Reader(), {"stdout": b"", "stderr": b""}, 0
    for cut in (*sorted(c for c in cuts if c < len(data)), len(data)):
        assert reader.exit_code is None
        for stream, chunk in reader.feed(data[last:cut]):
            out[stream] += chunk
        last = cut
    assert out["stdout"] == b"".join(chunk for kind, chunk in packets if kind == 1)
    assert out["stderr"] == b"".join(chunk for kind, chunk in packets if kind == 2)
    assert reader.exit_code == code


def test_a_cut_off_stream_has_no_exit_code_and_all_that_came():
    reader = ShellV2Reader()
    assert reader.feed(packet(1, b"hello")[:-2]) == [("stdout", b"hel")]
    assert reader.exit_code is None


def test_output_behind_the_exit_packet_is_handed_on():
    assert ShellV2Reader().feed(packet(3, b"\0") + packet(1, b"x")) == [("stdout", b"x")]


@pytest.mark.parametrize("data", [b"hello world", packet(3, b"ab"), packet(9, b""), struct.pack("<BI", 1, 2**31)])
def test_what_is_no_packet_is_told(data):
    with pytest.raises(BrokenStreamError):
        ShellV2Reader().feed(data)


def test_output_before_a_broken_packet_is_not_lost():
    with pytest.raises(BrokenStreamError) as caught:
        ShellV2Reader().feed(packet(1, b"whole") + packet(2, b"e") + b"\xff" * 20)
    assert caught.value.parts == [("stdout", b"whole"), ("stderr", b"e")]
