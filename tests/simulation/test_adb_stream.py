"""Which messages a handset sends when: seen from a host that speaks the transport protocol itself."""

import asyncio
import struct
import time
from contextlib import asynccontextmanager

import pytest
from recordings import handset_recording

from harness.links.adb import batch
from harness.simulation.faults import parse_fault
from harness.simulation.handset import adb_wire as wire
from harness.simulation.handset.adb_stream import MOST_UNSENT, AdbStream, StreamClosed
from harness.simulation.handset.handset import HandsetOptions, SimulatedHandset

ANSWERS = {"cat /a": b"one\n", "cat /b": (b"", b"two\n", 2), "cat /c": b"three\n"}


class Host:
    """The side of the adb server, one message at a time."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer
        self._messages = wire.MessageReader()
        self._came = []

    def send(self, *message):
        self._writer.write(wire.pack(*message))

    async def take(self, seconds=5.0):
        while not self._came:
            data = await asyncio.wait_for(self._reader.read(65536), seconds)
            if not data:
                raise EOFError
            self._came += self._messages.feed(data)
        return self._came.pop(0)

    async def nothing_comes(self):
        with pytest.raises(TimeoutError):
            await self.take(0.1)

    async def open(self, service):
        self.send(wire.OPEN, 7, 0, service.encode() + b"\0")
        okay = await self.take()
        assert (okay.command, okay.arg1) == (wire.OKAY, 7)
        return okay.arg0


@asynccontextmanager
async def connected(answers, latency_s=0.0, faults=(), most=wire.MAX_PAYLOAD):
    handset = SimulatedHandset(
        handset_recording("x", answers), HandsetOptions(latency_s=latency_s), faults=[parse_fault(f) for f in faults]
    )
    host, port = (await handset.start()).split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        client = Host(reader, writer)
        client.send(wire.CNXN, wire.VERSION, most, b"host::")
        assert (await client.take()).command == wire.CNXN
        yield handset, client
    finally:
        writer.close()
        await handset.stop()


def packets(data):
    out = {}
    while data:
        kind, size = struct.unpack_from("<BI", data)
        out[kind] = out.get(kind, b"") + data[5 : 5 + size]
        data = data[5 + size :]
    return out


def test_what_a_script_writes_without_waiting_is_one_message_and_the_end_comes_right_behind():
    async def run():
        [script] = batch.compose(list(ANSWERS))
        async with connected(ANSWERS) as (_, host):
            number = await host.open(f"shell,v2,raw:{script.text}")
            written, closed = await host.take(), await host.take()
            assert [written.command, closed.command] == [wire.WRTE, wire.CLSE], "the end waits for no OKAY"
            host.send(wire.OKAY, 7, number)
            await host.nothing_comes()
            return script, packets(written.payload)

    script, told = asyncio.run(run())
    splitter = batch.Splitter(script)
    found = [*splitter.feed("stdout", told[1]), *splitter.feed("stderr", told[2])]
    assert [(one.stdout, one.stderr, one.exit_code) for one in found] == [
        (b"one\n", b"", 0),
        (b"", b"two\n", 2),
        (b"three\n", b"", 0),
    ]
    assert told[3] == b"\0"


def test_each_answer_leaves_when_its_command_is_done():
    async def run():
        async with connected(ANSWERS, latency_s=0.1) as (_, host):
            number = await host.open("shell,v2,raw:cat /a; cat /c")
            start, came = time.monotonic(), []
            while (message := await host.take()).command != wire.CLSE:
                came.append((message.payload, time.monotonic() - start))
                host.send(wire.OKAY, 7, number)
            return came

    (first, at_first), (second, at_second) = asyncio.run(run())
    assert packets(first) == {1: b"one\n"}
    assert packets(second) == {1: b"three\n", 3: b"\0"}
    assert at_first < 0.19 < at_second + 0.01


def test_a_byte_that_trickles_is_a_message():
    async def run():
        async with connected(ANSWERS, faults=["trickle=1ms@cat /a"]) as (_, host):
            number = await host.open("exec:cat /a")
            came = []
            while (message := await host.take()).command != wire.CLSE:
                came.append(message.payload)
                host.send(wire.OKAY, 7, number)
            return came

    assert asyncio.run(run()) == [b"o", b"n", b"e", b"\n"]


def test_the_next_message_waits_for_okay_and_none_is_longer_than_the_host_takes():
    async def run():
        async with connected({"cat /a": b"x" * 2500}, most=1000) as (_, host):
            number = await host.open("exec:cat /a")
            sizes = []
            while (message := await host.take()).command != wire.CLSE:
                sizes.append(len(message.payload))
                if len(sizes) < 3:
                    await host.nothing_comes()
                    host.send(wire.OKAY, 7, number)
            return sizes

    assert asyncio.run(run()) == [1000, 1000, 500]


def test_a_host_that_closes_the_stream_ends_the_command():
    async def run():
        async with connected(ANSWERS, latency_s=0.05) as (handset, host):
            number = await host.open("shell,v2,raw:sleep 0.02; cat /a; cat /c")
            host.send(wire.CLSE, 7, number)
            await asyncio.sleep(0.3)
            assert handset.open_streams == 0
            return handset.state.asked

    assert asyncio.run(run()) == []


def test_what_came_before_the_host_closed_the_stream_is_taken():
    def request(kind, data):
        return struct.pack("<4sI", kind, len(data)) + data

    async def run():
        async with connected(ANSWERS) as (handset, host):
            number = await host.open("sync:")
            data = request(b"SEND", b"/sdcard/x,33188") + request(b"DATA", b"kept") + struct.pack("<4sI", b"DONE", 0)
            host.send(wire.WRTE, 7, number, data)
            host.send(wire.CLSE, 7, number)
            await asyncio.sleep(0.1)
            return handset.state.files["/sdcard/x"], handset.open_streams

    assert asyncio.run(run()) == (b"kept", 0)


def test_a_fault_befalls_the_handset_also_when_the_host_hangs_up_within_the_answer():
    async def run():
        async with connected(ANSWERS, faults=["unplug@cat /a"]) as (handset, host):
            number = await host.open("shell,v2,raw:cat /a")
            half = await host.take()
            assert packets(half.payload) == {1: b"on"}
            assert not handset.gone, "not before the half is out"
            host.send(wire.CLSE, 7, number)
            await asyncio.sleep(0.1)
            return handset.gone

    assert asyncio.run(run())


class _Carrier:
    def __init__(self):
        self.sent = []

    def send(self, command, arg0, arg1, payload=b""):
        self.sent.append((command, payload))

    def push_soon(self, stream):
        asyncio.get_running_loop().call_soon(stream.push)


def test_who_writes_more_than_is_taken_has_to_wait():
    async def run():
        carrier = _Carrier()
        stream = AdbStream(1, 7, 1000, carrier)
        writing = asyncio.ensure_future(stream.write(b"x" * (MOST_UNSENT + 2000)))
        for _ in range(3):
            await asyncio.sleep(0.01)
        assert [len(payload) for _, payload in carrier.sent] == [1000]
        assert not writing.done()
        stream.okay()
        await writing
        assert [len(payload) for _, payload in carrier.sent] == [1000, 1000]
        stream.hung_up()
        with pytest.raises(StreamClosed):
            await stream.write(b"x")

    asyncio.run(run())
