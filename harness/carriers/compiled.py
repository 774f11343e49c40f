"""Profiles that were read before, kept in the user's cache: YAML is read once for each text, not once a run.

The key is the hash of the file's text and of the code that reads it, so nothing old is ever taken for new; what cannot
be opened, read or written is as if it were not there. A profile with faults is never kept.
"""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from harness.errors import UsageError

from . import kinds
from .edition import Carrier

if TYPE_CHECKING:
    import sqlite3

VARIABLE = "BANDPROOF_CACHE"
"""The directory of the cache; empty = none is kept."""
_TABLE = "CREATE TABLE IF NOT EXISTS profile (key BLOB PRIMARY KEY, stamp BLOB, sum BLOB, value BLOB) WITHOUT ROWID"


def directory() -> Path | None:
    """Where the cache lies; None where the user wants none."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named).expanduser() if named else None
    base = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):
        return (Path(base) if base else Path.home() / ".cache") / "bandproof"
    return None


@cache
def _stamp() -> bytes:
    """The hash of the code that makes a profile of a text: this room's, and where the kinds of requirement stand."""
    room = Path(__file__).parent
    files = {room / f"{name}.py" for name in ("edition", "kinds", "band_faults", "rules", "words", "dates", "files")}
    files |= {*(room.parent / "requirements").glob("*.py")}
    digest = hashlib.sha256(msgspec.__version__.encode())
    for file in sorted(files):
        with suppress(OSError):
            digest.update(file.read_bytes())
    return digest.digest()


class Compiled:
    """The carriers of texts that were read before."""

    def __init__(self) -> None:
        self._known: dict[bytes, bytes] = {}
        self._fresh: list[tuple[bytes, bytes]] = []
        self._all = False

    def load_all(self) -> None:
        """Fetch all that is kept in one go, for whoever wants many."""
        if not self._all:
            self._all = True
            self._known |= dict(_rows("", ()))

    def find(self, text: str) -> Carrier | None:
        """The carrier of this text; None where it was not read before."""
        key = _key(text)
        value = self._known.get(key)
        if value is None and not self._all:
            value = next((value for _, value in _rows("AND key = ?", (key,))), None)
        if value is None:
            return None
        try:
            with kinds.CONVERTING:
                return msgspec.msgpack.decode(value, type=Carrier, dec_hook=kinds.dec_hook)
        except (msgspec.MsgspecError, UsageError):
            return None

    def keep(self, text: str, carrier: Carrier) -> None:
        """Remember what a text says; `save` writes it."""
        self._fresh.append((_key(text), msgspec.msgpack.encode(carrier)))

    def save(self) -> None:
        """Write what is new. A cache that is locked, full or read-only stays as it is."""
        fresh, self._fresh = self._fresh, []
        rows = [(key, _stamp(), hashlib.sha256(value).digest(), value) for key, value in fresh]
        if not rows or (base := _connect(make=True)) is None:
            return
        import sqlite3

        with closing(base), suppress(sqlite3.Error), base:
            base.execute("DELETE FROM profile WHERE stamp <> ?", (_stamp(),))
            base.executemany("INSERT OR REPLACE INTO profile VALUES (?, ?, ?, ?)", rows)


def _rows(where: str, more: tuple[bytes, ...]) -> list[tuple[bytes, bytes]]:
    """Keys and values whose own hash is right: a damaged cache tells nothing."""
    base = _connect(make=False)
    if base is None:
        return []
    import sqlite3

    with closing(base):
        try:
            rows = base.execute(f"SELECT key, sum, value FROM profile WHERE stamp = ? {where}", (_stamp(), *more))  # noqa: S608
            return [(key, value) for key, sum_, value in rows if hashlib.sha256(value).digest() == sum_]
        except (sqlite3.Error, TypeError):
            return []


def _connect(*, make: bool) -> sqlite3.Connection | None:
    """The cache, open; None where it is not there (and not to be made), or cannot be used."""
    folder = directory()
    file = None if folder is None else folder / "profiles.sqlite"
    if file is None or not (make or file.is_file()):
        return None
    import sqlite3

    base = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        base = sqlite3.connect(file, timeout=0.05, isolation_level="IMMEDIATE")
        base.execute("PRAGMA synchronous = OFF")
        if make:
            base.execute(_TABLE)
    except (sqlite3.DatabaseError, OSError) as error:
        if base is not None:
            base.close()
        if "not a database" in str(error) or "malformed" in str(error):
            with suppress(OSError):
                file.unlink()
        return None
    return base


def _key(text: str) -> bytes:
    return hashlib.sha256(_stamp() + text.encode("utf-8", "surrogatepass")).digest()
