"""What a simulated handset is: its recorded commands, its files, its properties, and how it misbehaves."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from harness.errors import AnswerTimeout
from harness.simulation.faults import Fault, Strikes, garbage
from harness.simulation.handset.at_node import AtNode, is_node, node_path
from harness.simulation.shell import tools
from harness.simulation.tape import Tape, shell_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.recording.exchange import Exchange, Recording
    from harness.simulation.handset.airplane import AirplaneMode
    from harness.simulation.handset.radio import HandsetRadio
    from harness.simulation.shell.streams import DeviceFile, Streams

Authorisation = Literal["open", "never", "silent"]

_OWN = frozenset({"getprop", "whoami", "id", "command", "qmicli", "[", "test", "readlink", "sleep"})
"""Tools that know this handset; the others are `sh_tools`."""
_PROPERTY = re.compile(r"^\[([^\]\n]+)\]: \[(.*)\]\r?$", re.MULTILINE)
_REGISTRY = "dumpsys telephony.registry"
FIRST_SDK_WITH_SHELL_V2 = 24


@dataclass(frozen=True, slots=True)
class HandsetOptions:
    """How a handset is served.

    `latency_s`: thinking time of each recorded command (None: as recorded). `shell_v2`: None goes by the recorded
    Android version. `authorisation`: `never` leaves the handset unauthorized, `silent` offline. `rootable`: `root:`
    is granted (None: as `ro.debuggable` says). `reboot_s`: how long a reboot takes. `serial`: what `getprop
    ro.serialno` answers where the recording does not. `files`: what `sync:` can pull, path -> content.
    """

    latency_s: float | None = None
    shell_v2: bool | None = None
    authorisation: Authorisation = "open"
    rootable: bool | None = None
    reboot_s: float = 0.3
    serial: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)


class StreamDropped(Exception):
    """The stream ends here, without an exit code."""


class Never(Exception):
    """Nothing more comes on this stream, and it stays open."""


class Disaster(Exception):
    """Something happens to the stream or to the whole handset."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


class HandsetState:
    """The one handset behind all its connections. Implements `host.Host`."""

    def __init__(self, recording: Recording, options: HandsetOptions, faults: Sequence[Fault] = ()) -> None:
        self.recording = recording
        self.options = options
        self.tape = Tape(recording.links.get("adb", ()), shell_key)
        self._tools = Tape(recording.links.get("qmi", ()), shell_key)
        self.properties = _properties(self.tape)
        if options.serial:
            self.properties.setdefault("ro.serialno", options.serial)
        self.files: dict[str, bytes] = {**_recorded_files(self.tape), **options.files}
        self.strikes = Strikes(faults)
        self._node = node_path(self.properties) if is_node(recording) else ""
        self.rooted = False
        self.authorisation: Authorisation = options.authorisation
        self.doubled_exit = False
        """Whether the next exit packet is sent twice."""
        self.asked: list[str] = []
        """Every recorded command that was asked, in order."""
        self.airplane: AirplaneMode | None = None
        """Where the handset has one that can be switched; else its state is as recorded."""
        self.radio: HandsetRadio | None = None
        """Where its radio is alive: what that tells is not played."""

    @property
    def shell_v2(self) -> bool:
        """Whether the handset speaks shell v2 (Android 7 and newer)."""
        if self.options.shell_v2 is not None:
            return self.options.shell_v2
        sdk = self.properties.get("ro.build.version.sdk", "")
        return not sdk.isdigit() or int(sdk) >= FIRST_SDK_WITH_SHELL_V2

    @property
    def rootable(self) -> bool:
        """Whether `root:` is granted."""
        if self.options.rootable is not None:
            return self.options.rootable
        return self.properties.get("ro.debuggable") == "1"

    @property
    def su(self) -> bool:
        """Whether there is a su that grants root: the recording says where it is."""
        found = self.tape.look("command -v su")
        return found is not None and found.exit_code == 0 and bool(found.response.strip())

    def open_node(self, path: str) -> DeviceFile | None:
        """The AT node of the baseband, where the recording holds what it answers."""
        return AtNode(self.recording, self.options.latency_s) if path and path == self._node else None

    @property
    def banner(self) -> str:
        """What the handset says of itself when it connects. A value with `=` or `;` would be misread: it is left out."""
        device = self.recording.info.device
        known = {
            "ro.product.name": device.get("product", ""),
            "ro.product.model": device.get("model", ""),
            "ro.product.device": device.get("codename", ""),
        }
        named = {key: self.properties.get(key) or value for key, value in known.items()}
        words = [f"{key}={value};" for key, value in named.items() if value and not set(value) & set("=;\0\n")]
        features = "shell_v2,stat_v2,ls_v2,fixed_push_mkdir" if self.shell_v2 else ""
        return "device::" + "".join(words) + (f"features={features}" if features else "")

    def restarted(self) -> None:
        """As after a boot."""
        self.tape.rewind()
        self.rooted = False

    def holds(self, request: str) -> bool:
        """Whether this very command was recorded."""
        words = request.split()
        if self.radio is not None and self.radio.is_about(words):
            return False
        if self.airplane is not None and self.airplane.is_about(words):
            return False
        return request in self.tape

    async def run(self, request: str, streams: Streams) -> int:
        """Play a recorded command, with the fault that strikes at it."""
        exchange = self.tape.take(request)
        if exchange is None:
            raise KeyError(request)
        self.asked.append(exchange.request)
        think = self.options.latency_s
        think = (exchange.elapsed_ms or 0) / 1000 if think is None else think
        if think > 0:
            await asyncio.sleep(think)
        fault = self.strikes.at((exchange.request, request.strip()))
        if fault is not None:
            return await self._faulty(fault, exchange, streams)
        return await self._play(exchange, streams)

    async def tool(self, words: Sequence[str], streams: Streams) -> int | None:
        """A command that every handset has."""
        name, *rest = words
        if self.radio is not None and (line := self.radio.answer(words)) is not None:
            await streams.stdout.write(line)
            return 0
        if self.airplane is not None and (line := self.airplane.answer(words)) is not None:
            await streams.stdout.write(line)
            return 0
        if name not in _OWN:
            return await self._tool(words, streams)
        if name == "getprop" and len(rest) == 1 and self.properties:
            await streams.stdout.write(self.properties.get(rest[0], "").encode() + b"\n")
            return 0
        if name == "whoami" and not rest:
            await streams.stdout.write(b"shell\n")
            return 0
        if name == "id" and rest in ([], ["-u"]):
            await streams.stdout.write(b"2000\n" if rest else b"uid=2000(shell) gid=2000(shell)\n")
            return 0
        if name == "command" and rest == ["-v", "qmicli"] and any(self._tools):
            await streams.stdout.write(b"/data/local/tmp/qmicli\n")
            return 0
        if name == "qmicli" and rest[:1] == ["-d"] and (told := self._tools.take(f"qmicli {' '.join(rest[2:])}")):
            return await self._play(told, streams)
        if name in ("[", "test") and rest[:1] == ["-c"] and rest[1:2]:
            return int(rest[1] not in (self._node, "/dev/null"))
        if name == "readlink" and len(rest) == 2 and rest[0] == "-f":
            await streams.stdout.write(rest[1].encode() + b"\n")
            return 0
        if name == "sleep" and len(rest) == 1 and re.fullmatch(r"\d+(?:\.\d+)?", rest[0]):
            await asyncio.sleep(float(rest[0]))
            return 0
        return await self._tool(words, streams)

    async def _tool(self, words: Sequence[str], streams: Streams) -> int | None:
        stdin = await streams.stdin.read_all() if tools.needs_input(words) else b""
        outcome = tools.run_tool(words, stdin, self.files)
        if outcome is None:
            return None
        await streams.stdout.write(outcome[0])
        if outcome[1]:
            await streams.stderr.write(outcome[1])
        return outcome[2]

    async def _play(self, exchange: Exchange, streams: Streams) -> int:
        response = exchange.response
        if self.airplane is not None and exchange.request == _REGISTRY:
            response = self.airplane.seen_in(response)
        await streams.stdout.write(response)
        if exchange.stderr:
            await streams.stderr.write(exchange.stderr)
        if exchange.error is None:
            return exchange.exit_code or 0
        # What was cut off when it was recorded is cut off again.
        raise Never if exchange.error.kind == AnswerTimeout.__name__ else StreamDropped

    async def _faulty(self, fault: Fault, exchange: Exchange, streams: Streams) -> int:
        data = exchange.response
        match fault.kind:
            case "silent":
                raise Never
            case "late":
                await asyncio.sleep(fault.value)
            case "half":
                await streams.stdout.write(data[: len(data) // 2])
                raise Never
            case "garbage":
                raise Disaster(fault)
            case "trickle":
                for position in range(len(data)):
                    await streams.stdout.write(data[position : position + 1])
                    await asyncio.sleep(fault.value)
                return exchange.exit_code or 0
            case "chatter":
                while True:
                    await streams.stdout.write(data or b"chatter\n")
                    await asyncio.sleep(0.005)
            case "swap":
                others = [other for other in self.tape if shell_key(other.request) != shell_key(exchange.request)]
                return await self._play(others[0] if others else exchange, streams)
            case "cut":
                await streams.stdout.write(data[: int(fault.value)])
                if len(data) >= fault.value:
                    raise StreamDropped
                return exchange.exit_code or 0
            case "exit":
                await streams.stderr.write(f"{exchange.request.split()[0]}: failed\n".encode())
                return int(fault.value) & 255
            case "duplicate":
                self.doubled_exit = True
            case _:
                await streams.stdout.write(data[: len(data) // 2])
                raise Disaster(fault)
        return await self._play(exchange, streams)


def noise(fault: Fault) -> bytes:
    """What a handset sends in the place of packets."""
    return b"\xff" + garbage(max(0, int(fault.value) - 1))


def _properties(tape: Tape) -> dict[str, str]:
    exchange = tape.look("getprop")
    return dict(_PROPERTY.findall(exchange.text)) if exchange else {}


def _recorded_files(tape: Tape) -> dict[str, bytes]:
    """Files whose whole content was recorded by `cat PATH`."""
    return {
        match[1]: exchange.response
        for exchange in tape
        if (match := re.fullmatch(r"cat (/[\w./-]+)", exchange.request.strip()))
        and exchange.error is None
        and exchange.exit_code in (0, None)
    }
