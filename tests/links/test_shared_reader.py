"""Whoever waits reads for all: each gets its own bytes, its own end, its own deadline and its own errors."""

import selectors
import socket
import threading
import time
from contextlib import ExitStack, closing

import pytest

from harness.links.adb.shared_reader import SharedReader

SELECTORS = [
    getattr(selectors, name)
    for name in ("EpollSelector", "KqueueSelector", "PollSelector", "SelectSelector")
    if hasattr(selectors, name)
]


@pytest.fixture(params=SELECTORS, ids=lambda one: one.__name__)
def reader(request):
    with closing(SharedReader(request.param())) as one:
        one.asleep = threading.Event()
        select = one._selector.select

        def noted(timeout):
            one.asleep.set()
            return select(timeout)

        one._selector.select = noted
        yield one
        assert one._waiting == {}
        assert one._leader is None


@pytest.fixture
def pair():
    with ExitStack() as stack:

        def make():
            return [stack.enter_context(end) for end in socket.socketpair()]

        yield make


def within(seconds):
    return time.monotonic() + seconds


def until(condition, seconds=5.0):
    """Wait for a condition; a test that waits in vain fails."""
    deadline, pause = within(seconds), threading.Event()
    while not condition():
        assert time.monotonic() < deadline
        pause.wait(0.001)


def joined(reader, number):
    """Until so many wait, and their leader sleeps."""
    until(lambda: len(reader._waiting) == number)
    assert reader.asleep.wait(5)


class Reading(threading.Thread):
    """A thread that reads a stream until it says `.`; what it got, and how that ended."""

    def __init__(self, reader, stream, seconds=5.0, take=None):
        super().__init__(daemon=True)
        self.reader, self.stream, self.until, self.own = reader, stream, within(seconds), take
        self.got, self.end, self.took = b"", None, 0.0
        self.start()

    def run(self):
        start = time.monotonic()
        try:
            self.end = self.reader.read(self.stream, self.own or self.take, self.until)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            self.end = error
        self.took = time.monotonic() - start

    def take(self, data):
        self.got += data
        return self.got.endswith(b".")

    def result(self):
        self.join(6)
        assert not self.is_alive()
        return self.end


def test_one_reads_to_its_end(reader, pair):
    here, there = pair()
    there.sendall(b"all of it.")
    assert Reading(reader, here).result() is True


def test_a_stream_that_ends_early_is_not_whole(reader, pair):
    here, there = pair()
    there.sendall(b"half")
    there.close()
    one = Reading(reader, here)
    assert (one.result(), one.got) == (False, b"half")


def test_each_gets_its_own_bytes_however_they_come(reader, pair):
    pairs = [pair() for _ in range(40)]
    readings = [Reading(reader, here) for here, _ in pairs]
    for part in range(5):
        for number, (_, there) in enumerate(pairs):
            there.sendall(b"%d-%d " % (number, part))
    for _, there in pairs:
        there.sendall(b".")
    assert [one.result() for one in readings] == [True] * 40
    assert [one.got for one in readings] == [
        b"".join(b"%d-%d " % (number, part) for part in range(5)) + b"." for number in range(40)
    ]


def test_one_who_comes_while_another_leads_is_read(reader, pair):
    (first, slow), (second, quick) = pair(), pair()
    leader = Reading(reader, first)
    joined(reader, 1)
    late = Reading(reader, second)
    joined(reader, 2)
    quick.sendall(b"x.")
    assert late.result() is True
    assert late.took < 1
    slow.sendall(b".")
    assert leader.result() is True


def test_who_has_ended_hands_the_lead_on(reader, pair):
    pairs = [pair() for _ in range(6)]
    readings = []
    for here, _ in pairs:
        readings.append(Reading(reader, here))
        joined(reader, len(readings))
    for (_, there), one in zip(pairs, readings, strict=True):
        there.sendall(b".")
        assert one.result() is True


@pytest.mark.parametrize("leads", [True, False])
def test_each_meets_its_own_deadline(reader, pair, leads):
    (first, one), (second, two) = pair(), pair()
    times = (0.3, 5.0) if leads else (5.0, 0.3)
    readings = []
    for here, seconds in zip((first, second), times, strict=True):
        readings.append(Reading(reader, here, seconds))
        joined(reader, len(readings))
    late, kept = readings if leads else reversed(readings)
    assert isinstance(late.result(), TimeoutError)
    assert 0.25 < late.took < 1.5
    for there in (one, two):
        there.sendall(b"x.")
    assert kept.result() is True
    assert late.got == b""


def test_an_error_is_raised_where_it_belongs(reader, pair):
    def fails(data):
        raise ValueError(data)

    (first, one), (second, two) = pair(), pair()
    leader = Reading(reader, first)
    joined(reader, 1)
    failing = Reading(reader, second, take=fails)
    two.sendall(b"bad")
    assert isinstance(failing.result(), ValueError)
    assert leader.is_alive()
    one.sendall(b"x.")
    assert leader.result() is True


def test_nothing_is_taken_after_its_reader_has_left(reader, pair):
    """A take that is slow when the deadline passes is waited for: who left is never called again."""
    (first, one), (second, two) = pair(), pair()
    calls, busy = [], threading.Event()

    def slow(data):
        busy.set()
        calls.append(data)
        until(lambda: time.monotonic() > left.until + 0.2)
        return False

    leader = Reading(reader, first)
    joined(reader, 1)
    left = Reading(reader, second, 0.2, take=slow)
    two.sendall(b"x")
    assert busy.wait(2)
    assert isinstance(left.result(), TimeoutError)
    two.sendall(b"y")
    one.sendall(b".")
    assert leader.result() is True
    assert calls == [b"x"]


def test_a_stream_that_is_shut_by_its_owner_ends(reader, pair):
    (first, one), (second, two) = pair(), pair()
    leader = Reading(reader, first)
    joined(reader, 1)
    closed = Reading(reader, second)
    joined(reader, 2)
    second.shutdown(socket.SHUT_RDWR)
    assert closed.result() is False
    one.sendall(b".")
    assert leader.result() is True
    assert two.recv(1) == b""


def test_ctrl_c_in_the_leader_ends_it_and_leaves_the_others_reading(reader, pair):
    class Interrupts:
        calls = 0

        def __call__(self, data):
            raise KeyboardInterrupt

    (first, one), (second, two) = pair(), pair()
    leader = Reading(reader, first, take=Interrupts())
    joined(reader, 1)
    other = Reading(reader, second)
    one.sendall(b"x")
    assert isinstance(leader.result(), KeyboardInterrupt)
    two.sendall(b"x.")
    assert other.result() is True


def test_many_come_and_go(reader, pair):
    """Four threads, fifty streams each, in no order."""
    done = []

    def work(number):
        for turn in range(50):
            here, there = socket.socketpair()
            with here, there:
                sender = threading.Timer(0.001 * ((number * 7 + turn * 3) % 5), there.sendall, (b"a%d." % turn,))
                sender.start()
                got = bytearray()

                def take(data, got=got):
                    got.extend(data)
                    return got.endswith(b".")

                done.append(reader.read(here, take, within(5)) and bytes(got) == b"a%d." % turn)
                sender.join()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert done == [True] * 200
