"""The services `shell:`, `shell,v2:` and `exec:` of a handset (AOSP shell_service.cpp, shell_protocol.h)."""

from __future__ import annotations

import asyncio
import struct
from typing import TYPE_CHECKING

from harness.simulation.handset.state import Disaster, Never, StreamDropped, noise
from harness.simulation.shell.sh import Shell
from harness.simulation.shell.streams import Streams

if TYPE_CHECKING:
    from harness.simulation.handset.adb_stream import AdbStream
    from harness.simulation.handset.state import HandsetState

STDIN, STDOUT, STDERR, EXIT, CLOSE_STDIN = 0, 1, 2, 3, 4
_HEADER = struct.Struct("<BI")
LONGEST_PACKET = 256 * 1024


def packet(kind: int, data: bytes) -> bytes:
    """One packet of shell v2."""
    return _HEADER.pack(kind, len(data)) + data


class _Packets:
    """Standard output or error as packets."""

    def __init__(self, stream: AdbStream, kind: int) -> None:
        self._stream = stream
        self._kind = kind

    async def write(self, data: bytes) -> None:
        for position in range(0, len(data), LONGEST_PACKET):
            await self._stream.write(packet(self._kind, data[position : position + LONGEST_PACKET]))


class _Raw:
    """Standard output and error as they are; on a terminal each LF becomes CR LF."""

    def __init__(self, stream: AdbStream, *, terminal: bool) -> None:
        self._stream = stream
        self._terminal = terminal

    async def write(self, data: bytes) -> None:
        if data:
            await self._stream.write(data.replace(b"\n", b"\r\n") if self._terminal else data)


class _Input:
    """Standard input: raw bytes, or the packets of shell v2."""

    def __init__(self, stream: AdbStream, *, packets: bool) -> None:
        self._stream = stream
        self._packets = packets
        self._raw = bytearray()
        self._lines = bytearray()
        self._ended = False

    async def read_all(self) -> bytes:
        out, self._lines = self._lines, bytearray()
        while not self._ended:
            out += await self._more()
        return bytes(out)

    async def read_line(self, timeout_s: float | None = None) -> bytes:
        while not self._ended and b"\n" not in self._lines:
            try:
                self._lines += await asyncio.wait_for(self._more(), timeout_s)
            except TimeoutError:
                break
        end = self._lines.find(b"\n") + 1 or len(self._lines)
        line = bytes(self._lines[:end])
        del self._lines[:end]
        return line

    async def _more(self) -> bytes:
        data = await self._stream.read()
        if not data:
            self._ended = True
        if not self._packets:
            return data
        self._raw += data
        out = bytearray()
        while len(self._raw) >= 5:
            kind, size = _HEADER.unpack_from(self._raw)
            if len(self._raw) < 5 + size:
                break
            if kind == STDIN:
                out += self._raw[5 : 5 + size]
            self._ended = self._ended or kind == CLOSE_STDIN
            del self._raw[: 5 + size]
        return bytes(out)


def speaks_v2(words: list[str]) -> bool:
    """Whether a shell request's comma list asks for packets; words that nobody knows are passed over, as adbd does."""
    return "v2" in words


async def serve_shell(stream: AdbStream, request: str, state: HandsetState) -> None:
    """Run `shell[,word...]:COMMAND` or `exec:COMMAND` to its end. Raises Disaster for what befalls the handset."""
    head, _, command = request.partition(":")
    service, *words = head.split(",")
    v2 = speaks_v2(words)
    terminal = service == "shell" and not v2 and (not state.shell_v2 or not command) and "raw" not in words
    raw = _Raw(stream, terminal=terminal)
    source = _Input(stream, packets=v2)
    streams = Streams(source, _Packets(stream, STDOUT), _Packets(stream, STDERR)) if v2 else Streams(source, raw, raw)
    shell = Shell(state)
    try:
        status = await (shell.run_script(command, streams) if command else _interactive(shell, source, streams))
    except StreamDropped:
        return
    except Never:
        await stream.over.wait()
        return
    except Disaster as disaster:
        if disaster.fault.kind != "garbage":
            raise
        await stream.write(noise(disaster.fault))
        return
    finally:
        shell.end_jobs()
    if v2:
        await stream.write(packet(EXIT, bytes([status & 255])))
        if state.doubled_exit:
            state.doubled_exit = False
            await stream.write(packet(EXIT, bytes([status & 255])))


async def _interactive(shell: Shell, source: _Input, streams: Streams) -> int:
    """Lines of input, each run as it comes, until `exit` or the end."""
    prompt = b"$ "
    await streams.stdout.write(prompt)
    while line := await source.read_line():
        text = line.decode("utf-8", "surrogateescape").replace("\r", "\n").strip()
        await shell.run_script(text, streams)
        if text.split()[:1] == ["exit"]:
            break
        await streams.stdout.write(prompt)
    return shell.status
