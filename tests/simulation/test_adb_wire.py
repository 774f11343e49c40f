"""Messages of the adb transport protocol."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.simulation.handset import adb_wire as wire

COMMANDS = st.sampled_from(sorted(wire.COMMANDS))
MESSAGES = st.lists(
    st.tuples(COMMANDS, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.binary(max_size=60)), max_size=5
)


@given(MESSAGES, st.integers(1, 50), st.booleans())
@settings(max_examples=60, deadline=None)
def test_messages_are_read_however_the_stream_is_cut(messages, size, checked):
    data = b"".join(wire.pack(*message, checked=checked) for message in messages)
    reader = wire.MessageReader()
    found = [m for start in range(0, len(data), size) for m in reader.feed(data[start : start + size])]
    assert [(m.command, m.arg0, m.arg1, m.payload) for m in found] == messages


def test_the_checksum_is_the_sum_of_the_payload_where_the_version_asks_for_it():
    assert wire.HEADER.unpack_from(wire.pack(wire.WRTE, 1, 2, b"\xff\x01", checked=True))[4] == 0x100
    assert wire.HEADER.unpack_from(wire.pack(wire.WRTE, 1, 2, b"\xff\x01"))[4] == 0


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", wire.HEADER.pack(wire.WRTE, 0, 0, 2**21, 0, wire.WRTE ^ 0xFFFFFFFF)],
)
def test_what_cannot_be_a_message_is_said_at_once(data):
    with pytest.raises(wire.BadMessageError):
        wire.MessageReader().feed(data)
