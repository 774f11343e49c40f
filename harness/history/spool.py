"""Runs on their way to a history. Each is a file here before anything is tried, and goes when it is in the table.

SPOOL/<hash of the history's address>/address.txt
                                      <run key>.ndjson
"""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "BANDPROOF_SPOOL"
_SUFFIX = ".ndjson"


def spool_folder() -> Path:
    """Where spools lie: BANDPROOF_SPOOL, else the user's state folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "bandproof" / "spool"


@dataclass(frozen=True, slots=True)
class Spool:
    """The runs that wait for one history."""

    uri: str

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return spool_folder() / hashlib.sha256(self.uri.encode()).hexdigest()[:16]

    def put(self, key: str, rows: bytes) -> Path:
        """Keep a run's rows. Raises OSError."""
        folder = self.folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        address = folder / "address.txt"
        if not address.exists():
            write_atomically(address, f"{self.uri}\n".encode(), private=True)
        file = folder / f"{re.sub(r'[^A-Za-z0-9._-]', '_', key)}{_SUFFIX}"
        write_atomically(file, rows, private=True)
        return file

    def waiting(self) -> list[Path]:
        """The runs that wait, the oldest first."""
        with suppress(OSError):
            return sorted(one for one in self.folder.glob(f"*{_SUFFIX}") if not one.name.startswith("."))
        return []

    @contextmanager
    def emptying(self) -> Iterator[bool]:
        """Whether this process is the one that empties the spool; it is let go when the process dies."""
        import fcntl

        try:
            lock = (self.folder / ".lock").open("a")
        except OSError:
            yield False
            return
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
                return
            yield True


def taken(file: Path) -> None:
    """The run is in the table: it waits no more."""
    file.unlink(missing_ok=True)
