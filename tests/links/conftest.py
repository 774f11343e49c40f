"""A modem on a pty whose behaviour is a function of the command."""

import contextlib
import os
import select
import threading
import tty

import pytest
from fake_adb_server import FakeServer


class FakeModem:
    """Answers each command by `behave(command)`: a list of (delay in seconds, bytes) or bytes."""

    def __init__(self, behave, *, echo=True):
        self.master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(self.master, False)
        self.slave = slave
        self.path = os.ttyname(slave)
        self.behave, self.echo = behave, echo
        self.commands = []
        self._stop = threading.Event()
        self._ends = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def say(self, data):
        while data and not self._stop.is_set():
            if select.select([], [self.master], [], 0.05)[1]:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self.master, data) :]

    def unplug(self):
        self._stop.set()
        self._thread.join()
        with self._ends:  # A test may end while a timer still unplugs.
            files, self.slave, self.master = (self.slave, self.master), -1, -1
            for file in files:
                if file >= 0:
                    os.close(file)

    def close(self):
        self.unplug()

    def _serve(self):
        line = b""
        while not self._stop.is_set():
            ready, _, _ = select.select([self.master], [], [], 0.01)
            if not ready:
                continue
            for char in os.read(self.master, 4096):
                line += bytes([char])
                if char == 13:
                    self._answer(line[:-1].decode())
                    line = b""

    def _answer(self, command):
        self.commands.append(command)
        if self.echo:
            self.say(command.encode() + b"\r")
        if command == "ATE0":
            self.echo = False
        if command == "ATE1":
            self.echo = True
        answer = self.behave(command)
        for delay, data in [(0, answer)] if isinstance(answer, bytes) else answer:
            if self._stop.wait(delay):
                return
            self.say(data)


@pytest.fixture
def modem():
    """Makes fake modems: modem(behave, echo=True)."""
    made = []

    def make(behave, **options):
        made.append(FakeModem(behave, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def serve():
    made = []

    def make(**options):
        made.append(FakeServer(**options))
        return made[-1]

    yield make
    for one in made:
        one.socket.close()
