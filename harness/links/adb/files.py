"""Files of a handset over adb's sync service: a folder's list, one file's content. Only what adb itself may read."""

from __future__ import annotations

import stat
import struct
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, LinkError

from . import server as adb_server

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from .server import AdbServer

_LONGEST_NAME = 4096
_LONGEST_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class HandsetFile:
    """One entry of a folder: its name, octets, seconds since the epoch."""

    name: str
    size: int
    modified: int
    is_folder: bool


class HandsetFiles:
    """The files of one handset. Every call opens a stream of its own."""

    def __init__(self, server: AdbServer, serial: str) -> None:
        self._server = server
        self._serial = serial

    def list_folder(self, path: str, *, deadline_s: float) -> list[HandsetFile]:
        """What is in a folder; empty where there is none, or adb may not look. Raises LinkError."""
        with self._asked(b"LIST", path, deadline_s) as stream:
            found: list[HandsetFile] = []
            while True:
                word, *numbers = struct.unpack("<4sIIII", self._take(stream, 20, deadline_s))
                if word == b"DONE":
                    return [one for one in found if one.name not in {".", ".."}]
                mode, size, modified, length = numbers
                if word != b"DENT" or length > _LONGEST_NAME:
                    raise AnswerGarbled("the list of a folder is none", device=self._serial, command=f"list {path}")
                name = self._take(stream, length, deadline_s).decode("utf-8", "replace")
                found.append(HandsetFile(name, size, modified, stat.S_ISDIR(mode)))

    def pull(self, path: str, keep: Callable[[bytes], object], *, deadline_s: float) -> int:
        """Hand a file on, part by part; answer its octets. Raises LinkError where it cannot be read or ends early."""
        total = 0
        with self._asked(b"RECV", path, deadline_s) as stream:
            while True:
                word, length = struct.unpack("<4sI", self._take(stream, 8, deadline_s))
                if word == b"DONE":
                    return total
                if word == b"FAIL" and length <= _LONGEST_CHUNK:
                    why = self._take(stream, length, deadline_s).decode("utf-8", "replace")
                    raise LinkError(f"{path} cannot be pulled: {why}", device=self._serial)
                if word != b"DATA" or length > _LONGEST_CHUNK:
                    raise AnswerGarbled("what comes is no file", device=self._serial, command=f"pull {path}")
                keep(self._take(stream, length, deadline_s))
                total += length

    def _asked(self, word: bytes, path: str, deadline_s: float) -> socket.socket:
        stream = adb_server.open_stream(self._server, self._serial, "sync:", deadline_s)
        name = path.encode("utf-8", "surrogateescape")
        stream.settimeout(max(0.01, deadline_s - time.monotonic()))
        stream.sendall(word + struct.pack("<I", len(name)) + name)
        return stream

    def _take(self, stream: socket.socket, size: int, deadline_s: float) -> bytes:
        return adb_server.receive_exactly(stream, size, deadline_s, "sync:", self._serial)
