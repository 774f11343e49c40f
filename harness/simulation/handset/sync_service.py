"""The service `sync:` of a handset: stat, list, pull and push on files in memory (AOSP SYNC.TXT, file_sync_protocol.h)."""

from __future__ import annotations

import struct
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.simulation.handset.adb_stream import AdbStream
    from harness.simulation.handset.state import HandsetState

LONGEST_DATA = 64 * 1024
LONGEST_PATH = 1024
_FILE, _FOLDER = 0o100644, 0o040755
_NO_ENTRY = 2
_STAT2 = struct.Struct("<4sIQQIIIIQqqq")
"""id, error, dev, ino, mode, nlink, uid, gid, size, atime, mtime, ctime: 72 bytes."""


class _Reader:
    """Exactly so many bytes of a stream."""

    def __init__(self, stream: AdbStream) -> None:
        self._stream = stream
        self._data = bytearray()

    async def take(self, size: int) -> bytes | None:
        """None where the stream ends before."""
        while len(self._data) < size:
            more = await self._stream.read()
            if not more:
                return None
            self._data += more
        data = bytes(self._data[:size])
        del self._data[:size]
        return data


async def serve_sync(stream: AdbStream, state: HandsetState) -> None:
    """Serve requests until QUIT or the end of the stream."""
    reader = _Reader(stream)
    while (head := await reader.take(8)) is not None:
        kind, size = struct.unpack("<4sI", head)
        if kind == b"QUIT":
            return
        path = await reader.take(size) if size <= LONGEST_PATH else None
        if path is None:
            await stream.write(_fail("path too long"))
            return
        name = path.decode("utf-8", "surrogateescape")
        if kind in (b"STAT", b"STA2", b"LST2"):
            await stream.write(_stat(kind, name, state.files))
        elif kind in (b"LIST", b"LIS2"):
            await stream.write(_list(kind, name, state.files))
        elif kind == b"RECV":
            await stream.write(_content(name, state.files))
        elif kind == b"SEND":
            if not await _send(stream, reader, name, state.files):
                return
        else:
            await stream.write(_fail(f"unknown command {kind!r}"))
            return


def _fail(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return struct.pack("<4sI", b"FAIL", len(data)) + data


def _mode(name: str, files: dict[str, bytes]) -> tuple[int, int]:
    """Mode and size; (0, 0) where nothing has the name."""
    if name in files:
        return _FILE, len(files[name])
    folder = name.rstrip("/") + "/"
    known = folder in ("/", "/data/", "/data/local/", "/data/local/tmp/", "/sdcard/")
    return (_FOLDER, 4096) if known or any(other.startswith(folder) for other in files) else (0, 0)


def _stat(kind: bytes, name: str, files: dict[str, bytes]) -> bytes:
    mode, size = _mode(name, files)
    now = int(time.time())
    if kind == b"STAT":
        return struct.pack("<4sIII", b"STAT", mode, size, now if mode else 0)
    if not mode:
        return _STAT2.pack(kind, _NO_ENTRY, *(0,) * 10)
    return _STAT2.pack(kind, 0, 1, 1, mode, 1, 2000, 2000, size, now, now, now)


def _list(kind: bytes, name: str, files: dict[str, bytes]) -> bytes:
    folder = name.rstrip("/") + "/"
    entries = sorted({other[len(folder) :].split("/", 1)[0] for other in files if other.startswith(folder)})
    out = b""
    now = int(time.time())
    for entry in entries:
        mode, size = _mode(folder + entry, files)
        text = entry.encode("utf-8", "surrogateescape")
        if kind == b"LIST":
            out += struct.pack("<4sIIII", b"DENT", mode, size, now, len(text)) + text
        else:
            out += _STAT2.pack(b"DNT2", 0, 1, 1, mode, 1, 2000, 2000, size, now, now, now)
            out += struct.pack("<I", len(text)) + text
    if kind == b"LIST":
        return out + struct.pack("<4sIIII", b"DONE", 0, 0, 0, 0)
    return out + _STAT2.pack(b"DONE", *(0,) * 11) + struct.pack("<I", 0)


def _content(name: str, files: dict[str, bytes]) -> bytes:
    if name not in files:
        return _fail("No such file or directory")
    data, out = files[name], bytearray()
    for position in range(0, len(data), LONGEST_DATA):
        chunk = data[position : position + LONGEST_DATA]
        out += struct.pack("<4sI", b"DATA", len(chunk)) + chunk
    return bytes(out + struct.pack("<4sI", b"DONE", 0))


async def _send(stream: AdbStream, reader: _Reader, target: str, files: dict[str, bytes]) -> bool:
    """Take a file. False where the stream ended within it: then nothing is kept."""
    path = target.rpartition(",")[0] or target
    data = bytearray()
    while (head := await reader.take(8)) is not None:
        kind, size = struct.unpack("<4sI", head)
        if kind == b"DONE":
            files[path] = bytes(data)
            await stream.write(struct.pack("<4sI", b"OKAY", 0))
            return True
        chunk = await reader.take(size) if kind == b"DATA" and size <= LONGEST_DATA else None
        if chunk is None:
            break
        data += chunk
    return False
