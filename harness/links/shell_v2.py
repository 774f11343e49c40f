"""Packets of the adb shell protocol v2 (AOSP shell_protocol.h): pure, fed with bytes as they come."""

from __future__ import annotations

import struct
from typing import Literal

STDOUT, STDERR, EXIT = 1, 2, 3
LONGEST_PACKET = 64 * 2**20

Part = tuple[Literal["stdout", "stderr"], bytes]


class BrokenStreamError(ValueError):
    """What came cannot be packets of this protocol. `parts`: the output that came before it in the same bytes."""

    def __init__(self, message: str, parts: list[Part]) -> None:
        super().__init__(message)
        self.parts = parts


class ShellV2Reader:
    """Cuts a byte stream into standard output, standard error and the exit code, however it was split or merged."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._kind = 0
        self._left = 0
        self._exit: int | None = None

    @property
    def exit_code(self) -> int | None:
        """The exit code; None until its packet has come. A stream that ends without it was cut off."""
        return self._exit

    def feed(self, data: bytes) -> list[Part]:
        """Take what came; answer what of it is output, in order. Raises BrokenStreamError."""
        self._data += data
        out: list[Part] = []
        position = 0
        while True:
            if self._left == 0:
                if len(self._data) - position < 5:
                    break
                self._kind, self._left = struct.unpack_from("<BI", self._data, position)
                position += 5
                if self._kind > 5 or self._left > LONGEST_PACKET:
                    raise BrokenStreamError(f"packet {self._kind} of {self._left} bytes", out)
                if self._kind == EXIT and self._left != 1:
                    raise BrokenStreamError(f"exit packet of {self._left} bytes", out)
                continue
            # Output is handed on as it comes: a packet need not be whole.
            chunk = bytes(self._data[position : position + self._left])
            if not chunk:
                break
            position += len(chunk)
            self._left -= len(chunk)
            if self._kind == STDOUT:
                out.append(("stdout", chunk))
            elif self._kind == STDERR:
                out.append(("stderr", chunk))
            elif self._kind == EXIT:
                self._exit = chunk[0]
        del self._data[:position]
        return out
