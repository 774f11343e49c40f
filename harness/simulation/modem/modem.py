"""A simulated modem: a recording's AT answers on a tty, a TCP port or a UNIX socket, with state and faults.

Everything runs on the event loop that `start` is awaited on; a modem has no thread of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from harness.simulation.faults import Fault, Strikes, garbage
from harness.simulation.modem.ports import PortConnection, PtyPort, SocketPort
from harness.simulation.modem.state import Manners, ModemState, Reply
from harness.simulation.modem.text import error, parts
from harness.simulation.tape import at_key

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from harness.recording.exchange import Recording
    from harness.simulation.modem.ports import PortKind

LONGEST_LINE = 64 * 1024
URCS = (b"\r\n+CREG: 1\r\n", b"\r\n+CSQ: 21,99\r\n", b"\r\n^RSSI:18\r\n", b'\r\n+CTZV: "+08"\r\n', b"\r\n+CEREG: 1\r\n")
READY = b"\r\nRDY\r\n"


@dataclass(frozen=True, slots=True)
class ModemOptions:
    """How a modem is served.

    `latency_s`: thinking time of each command (None: as recorded). `registration_delay_s`: from power-on to service
    (None: as the recording's description says). `searching`: it starts without service and registers after that delay.
    `reset_s`: how long a reset takes its port away. `echo`: whether commands are echoed at first.
    """

    latency_s: float | None = None
    registration_delay_s: float | None = None
    searching: bool = False
    reset_s: float = 0.5
    echo: bool = True


class SimulatedModem:
    """One modem on one port. `link` is the tty's name, `path` the UNIX socket's."""

    def __init__(
        self,
        recording: Recording,
        options: ModemOptions | None = None,
        *,
        faults: Sequence[Fault] = (),
        state: ModemState | None = None,
    ) -> None:
        self.options = options or ModemOptions()
        self.state = state or ModemState(recording, self.options.latency_s)
        self._strikes = Strikes([replace(fault, request=at_key(fault.request)) for fault in faults])
        self._port: PtyPort | SocketPort | None = None
        self._lines: dict[PortConnection, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        delay = self.options.registration_delay_s
        self._registers_s = self.state.behaviour.registration_delay_s if delay is None else delay

    @property
    def address(self) -> str:
        """What a client opens; it changes where a fault moves the port."""
        return self._port.address if self._port else ""

    async def start(self, on: PortKind = "pty", *, place: str = "", port: int = 0) -> str:
        """Open the port; answers its address. `place`: the name of the tty or of the UNIX socket, or the TCP host."""
        if on == "pty":
            self._port = PtyPort(place, self._arrived)
        elif on == "unix":
            self._port = SocketPort(self._arrived, path=place)
        else:
            self._port = SocketPort(self._arrived, host=place or "127.0.0.1", port=port)
        await self._port.open()
        self._boot(searching=self.options.searching)
        self.later(self.state.pump(self.say))
        return self.address

    async def stop(self) -> None:
        """Close everything."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._forget_lines()
        if self._port is not None:
            await self._port.close()

    async def unplug(self) -> None:
        """Gone for good."""
        if self._port is not None:
            await self._port.close()
        self._forget_lines()

    async def reset(self, away_s: float | None = None, *, moved: bool = False) -> None:
        """The port goes; after a while it is back, under another name where `moved`. What is lost at power-off is lost."""
        port = self._port
        if port is None:
            return
        await port.close()
        self._forget_lines()
        self.state.restarted()
        await asyncio.sleep(self.options.reset_s if away_s is None else away_s)
        if moved and isinstance(port, PtyPort):
            self._port = port = PtyPort(f"{port.link}-moved", self._arrived)
        elif moved:
            path = f"{port.address}-moved" if not port.address.startswith("socket://") else ""
            self._port = port = SocketPort(self._arrived, path=path)
        await port.open()
        self._boot(searching=self._registers_s > 0)
        if isinstance(port, PtyPort):
            port.write(READY)

    def say(self, data: bytes) -> None:
        """Send something unasked to everybody who is connected."""
        if isinstance(self._port, PtyPort):
            self._port.write(data)
        elif self._port is not None:
            for channel in list(self._port.connections):
                channel.write(data)

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine beside the commands; it ends with the modem."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _boot(self, *, searching: bool) -> None:
        if searching:
            self.state.service = "searching"
            self.later(self._register(self._registers_s))

    async def _register(self, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        if self.state.service == "searching":
            self.say(self.state.unsolicited("registered"))

    def _forget_lines(self) -> None:
        for line in self._lines.values():
            line.end()
        self._lines.clear()

    def _arrived(self, channel: PortConnection, data: bytes) -> None:
        line = self._lines.get(channel)
        if line is None:
            for old in [known for known in self._lines if not known.alive]:
                self._lines.pop(old).end()
            line = self._lines[channel] = _Line(self, channel)
        line.feed(data)

    def take(self, text: str, manners: Manners) -> tuple[Reply, Fault | None] | None:
        """What one command line is answered, and the fault that strikes at it; None for a line that is no command."""
        key = at_key(text)
        fault = self._strikes.at((key, *parts(key))) if key.startswith("AT") else None
        reply = self.state.reply(text, manners)
        return None if reply is None else (reply, fault)

    def give(self, reply: Reply, channel: PortConnection) -> None:
        """Answer, and do what the command does beyond that."""
        channel.write(reply.data)
        if reply.complete:
            self._follow(reply)

    async def give_faulty(
        self, reply: Reply, fault: Fault, text: str, manners: Manners, channel: PortConnection
    ) -> None:
        """Think, and answer with the fault."""
        if reply.think_s > 0:
            await asyncio.sleep(reply.think_s)
        await self._faulty(fault, reply, manners, channel, at_key(text))
        if reply.complete and fault.kind in ("late", "trickle", "flood", "duplicate"):
            self._follow(reply)

    def _follow(self, reply: Reply) -> None:
        """What a command does beyond its answer."""
        if reply.resets:
            self.later(self.reset())
        if reply.service == "off":
            self.say(self.state.unsolicited("off"))
        elif reply.service == "registered" and self.state.service == "off":
            self.say(self.state.unsolicited("searching"))
            self.later(self._register(self._registers_s))
        if reply.changes:
            self.later(self._change(reply))

    async def _change(self, reply: Reply) -> None:
        """Other answers are served after their delay; until then the modem searches."""
        for change in reply.changes:
            if change.delay_s:
                self.say(self.state.unsolicited("searching"))
                await asyncio.sleep(change.delay_s)
            for exchange in change.answers:
                self.state.tape.put(exchange)
            if change.delay_s:
                self.say(self.state.unsolicited("registered"))

    async def _faulty(self, fault: Fault, reply: Reply, manners: Manners, channel: PortConnection, key: str) -> None:
        data = reply.data
        match fault.kind:
            case "silent":
                return
            case "late":
                await asyncio.sleep(fault.value)
                channel.write(data)
            case "half" | "cut":
                channel.write(data[: len(data) // 2 if fault.kind == "half" else int(fault.value)])
            case "garbage":
                channel.write(garbage(int(fault.value)))
            case "trickle":
                for position in range(len(data)):
                    channel.write(data[position : position + 1])
                    await asyncio.sleep(fault.value)
            case "chatter":
                while channel.alive:
                    if channel.waiting < LONGEST_LINE:
                        channel.write(b"".join(URCS))
                    await asyncio.sleep(0.005)
            case "flood":
                first, _, rest = data.partition(b"\r\n\r\n")
                urcs = b"".join(URCS[number % len(URCS)] for number in range(int(fault.value)))
                channel.write(first + b"\r\n" + urcs + b"\r\n" + rest if rest else urcs + data)
            case "duplicate":
                channel.write(data + b"\r\n" + data.rstrip().rpartition(b"\n")[2] + b"\r\n")
            case "swap":
                others = [other for other in self.state.tape if at_key(other.request) != key]
                channel.write(others[0].response if others else data)
            case "cme":
                level = 1 if manners.error_level is None else manners.error_level
                channel.write(f"\r\n{error(int(fault.value), level)}\r\n".encode())
            case _:
                channel.write(data[: len(data) // 2])
                # The half must get out before the port goes.
                await asyncio.sleep(0.02)
                self.later(
                    self.unplug() if fault.kind == "unplug" else self.reset(fault.value, moved=fault.kind == "move")
                )


class _Line:
    """One connection: echo at once, commands one after the other."""

    def __init__(self, modem: SimulatedModem, channel: PortConnection) -> None:
        self._modem = modem
        self._channel = channel
        self._manners = Manners(echo=modem.options.echo)
        self._input = bytearray()
        self._queue: list[bytes] = []
        self._last = ""
        self._answering = False
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def feed(self, data: bytes) -> None:
        """Input as it comes. A CR ends a command; the LF behind it is swallowed."""
        if self._manners.echo:
            self._channel.write(data)
        self._input += data
        while (end := self._input.find(b"\r")) >= 0:
            line = bytes(self._input[:end]).strip(b"\n")
            del self._input[: end + 1]
            self._queue.append(line)
        if len(self._input) > LONGEST_LINE:
            self._input.clear()
        if self._queue and not self._answering:
            self._answer()

    def end(self) -> None:
        """The connection is gone."""
        for under_way in (self._timer, self._task):
            if under_way is not None:
                under_way.cancel()

    def _answer(self, thought: Reply | None = None) -> None:
        """Give the answer that was thought about, and take commands until one makes the modem think.

        A task is made for faults only: it costs more than all else that an answer takes.
        """
        self._answering = True
        with contextlib.suppress(OSError):
            if thought is not None:
                self._modem.give(thought, self._channel)
            while self._queue:
                text = self._queue.pop(0).decode("ascii", "replace")
                text = self._last = self._last if text.strip().upper() == "A/" else text
                if (taken := self._modem.take(text, self._manners)) is None:
                    continue
                reply, fault = taken
                loop = asyncio.get_running_loop()
                if fault is not None:
                    self._task = loop.create_task(self._answer_faulty(reply, fault, text))
                    return
                if reply.think_s > 0:
                    self._timer = loop.call_later(reply.think_s, self._answer, reply)
                    return
                self._modem.give(reply, self._channel)
        self._answering, self._last = False, ""

    async def _answer_faulty(self, reply: Reply, fault: Fault, text: str) -> None:
        try:
            await self._modem.give_faulty(reply, fault, text, self._manners, self._channel)
        except OSError:
            self._answering, self._last = False, ""
        else:
            self._answer()
