"""Packets of the adb shell protocol v2 (AOSP shell_protocol.h): pure, fed with bytes as they come."""

from __future__ import annotations

import struct
from typing import Literal

STDOUT, STDERR, EXIT = 1, 2, 3
LONGEST_PACKET = 64 * 2**20
_HEAD = struct.Struct("<BI")

Part = tuple[Literal["stdout", "stderr"], bytes]


class BrokenStreamError(ValueError):
    """What came cannot be packets of this protocol. `parts`: the output that came before it in the same bytes."""

    def __init__(self, message: str, parts: list[Part]) -> None:
        super().__init__(message)
        self.parts = parts


class ShellV2Reader:
    """Cuts a byte stream into standard output, standard error and the exit code, however it was split or merged."""

    def __init__(self) -> None:
        self._data = b""
        """The beginning of a head."""
        self._kind = 0
        self._left = 0
        self._exit: int | None = None

    @property
    def exit_code(self) -> int | None:
        """The exit code; None until its packet has come. A stream that ends without it was cut off."""
        return self._exit

    def feed(self, data: bytes) -> list[Part]:
        """Take what came; answer what of it is output, each stream's as one part. Raises BrokenStreamError."""
        data = self._data + data if self._data else data
        out: dict[int, list[bytes]] = {STDOUT: [], STDERR: []}
        position, end = 0, len(data)
        while True:
            if self._left == 0:
                if end - position < _HEAD.size:
                    break
                self._kind, self._left = _HEAD.unpack_from(data, position)
                position += _HEAD.size
                if self._kind > 5 or self._left > LONGEST_PACKET:
                    raise BrokenStreamError(f"packet {self._kind} of {self._left} bytes", _parts(out))
                if self._kind == EXIT and self._left != 1:
                    raise BrokenStreamError(f"exit packet of {self._left} bytes", _parts(out))
                continue
            # Output is handed on as it comes: a packet need not be whole.
            chunk = data[position : position + self._left]
            if not chunk:
                break
            position += len(chunk)
            self._left -= len(chunk)
            if self._kind in out:
                out[self._kind].append(chunk)
            elif self._kind == EXIT:
                self._exit = chunk[0]
        self._data = data[position:]
        return _parts(out)


def _parts(out: dict[int, list[bytes]]) -> list[Part]:
    named: tuple[tuple[Literal["stdout", "stderr"], int], ...] = (("stdout", STDOUT), ("stderr", STDERR))
    return [(name, b"".join(out[kind])) for name, kind in named if out[kind]]
