"""What a run tells while it lasts: a file of JSON lines that the bench page follows. Light, for runs import it.

Written only where the folder is there, which the page makes: a run that nobody watches pays one look for it. Nothing of
it may stop a run; what cannot be written is left out.
"""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from harness.processes import born

VARIABLE = "BANDPROOF_LIVE"
TAB = "BANDPROOF_LIVE_TAB"
"""By which a run tells the page that started it."""
SUFFIX = ".live.ndjson"
EVERY_S = 0.1
"""How often the counts of a run are told."""


def live_folder() -> Path:
    """Where runs tell what they do: BANDPROOF_LIVE, else the user's state folder."""
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser()
    return Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "bandproof" / "live"


class Feed:
    """The lines of one run. Safe from several threads."""

    def __init__(self, key: str, folder: Path | None = None) -> None:
        place = folder or live_folder()
        self._lock = threading.Lock()
        self._told = 0.0
        self._file: int | None = None
        if not place.is_dir():
            return
        with suppress(OSError):
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
            self._file = os.open(place / f"{key}{SUFFIX}", flags, 0o600)

    @property
    def is_open(self) -> bool:
        """Whether anybody may be watching."""
        return self._file is not None

    def begin(self, key: str, directory: Path, bench: str | None, devices: list[str]) -> None:
        """The run has its folder and knows its devices."""
        pid = os.getpid()
        told = {"key": key, "folder": str(directory.absolute()), "bench": bench, "devices": devices}
        self.tell("run", **told, pid=pid, born=born(pid), by=_user(), tab=os.environ.get(TAB, ""))

    def count(self, done: int, total: int, verdicts: dict[str, int], *, now: bool = False) -> None:
        """How far judging is; told every so often, at the end always."""
        moment = time.monotonic()
        if now or moment - self._told >= EVERY_S:
            self._told = moment
            self.tell("count", done=done, total=total, verdicts=verdicts)

    def tell(self, event: str, **more: Any) -> None:
        """One line."""
        if self._file is None:
            return
        stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"event": event, "at": stamp, **more}, ensure_ascii=True) + "\n"
        with self._lock, suppress(OSError):
            os.write(self._file, line.encode())

    def close(self) -> None:
        """No more is told."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _user() -> str:
    return os.environ.get("USER") or os.environ.get("LOGNAME") or ""
