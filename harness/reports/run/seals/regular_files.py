"""What lies in a run's folder, looked at without opening it: regular files, and what is none.

A folder that somebody sent may hold a pipe that never ends, a device, or a link to a file outside. Such a thing is
named and never opened.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class NotRegular(OSError):
    """What is there is no regular file of this folder."""


def walk(directory: Path) -> Iterator[tuple[str, str | None]]:
    """Every file below, by its name from `directory`, with what it is where it is no regular file (`a pipe`).

    Links are not followed. Raises OSError.
    """
    waiting = [directory]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            entries = sorted(found, key=lambda one: one.name)
        for entry in entries:
            kind = kind_of(entry.stat(follow_symlinks=False).st_mode)
            if kind == "a folder":
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path).relative_to(directory).as_posix(), kind


def kind_of(mode: int) -> str | None:
    """What a file is, in words; None for a regular one."""
    if stat.S_ISREG(mode):
        return None
    return next((words for is_kind, words in _KINDS if is_kind(mode)), "no regular file")


def read_regular(directory: Path, name: str) -> bytes:
    """A file of the folder. Raises NotRegular for anything else, whatever leads to it; OSError."""
    path = directory
    parts = name.split("/")
    if not name or "\0" in name or "\\" in name or any(part in {"", ".", ".."} for part in parts):
        raise NotRegular(errno.EINVAL, "is the name of no file of this folder", name)
    for part in parts[:-1]:
        path /= part
        if not stat.S_ISDIR(path.lstat().st_mode):
            raise NotRegular(errno.EINVAL, f"lies in {kind_of(path.lstat().st_mode) or 'a file'}", name)
    path /= parts[-1]
    # Not blocking: to open a pipe that nobody writes to would wait for ever.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    if kind := kind_of(path.lstat().st_mode):
        raise NotRegular(errno.EINVAL, f"is {kind}, not a regular file", name)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if kind := kind_of(os.fstat(file.fileno()).st_mode):
            raise NotRegular(errno.EINVAL, f"is {kind}, not a regular file", name)
        return file.read()
