"""Where a handset's shell reads and writes: standard streams, memory, nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Sink(Protocol):
    """Where output goes."""

    async def write(self, data: bytes) -> None:
        """Hand the data on; returns when there is room for more."""


class Input(Protocol):
    """Where input comes from."""

    async def read_all(self) -> bytes:
        """All input until its end."""

    async def read_line(self, timeout_s: float | None = None) -> bytes:
        """One line with its end; without one where the input ended or nothing more came in time."""


class DeviceFile(Sink, Input, Protocol):
    """A device file: both ways."""


class Buffer:
    """Output kept in memory; also input that is there already."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)

    async def write(self, data: bytes) -> None:
        """Keep it."""
        self.data += data

    async def read_all(self) -> bytes:
        """What is there."""
        data, self.data = bytes(self.data), bytearray()
        return data

    async def read_line(self, timeout_s: float | None = None) -> bytes:
        """The next line of what is there."""
        end = self.data.find(b"\n") + 1 or len(self.data)
        line = bytes(self.data[:end])
        del self.data[:end]
        return line


class Nowhere:
    """Output that is dropped."""

    async def write(self, data: bytes) -> None:
        """Drop it."""


@dataclass(frozen=True, slots=True)
class Streams:
    """A command's standard input, output and error."""

    stdin: Input
    stdout: Sink
    stderr: Sink
