"""The journal of one device: what was changed and how it was before, on disk before each write.

One file a device in a folder of the user's, named by a hash of the device's identity; mode 0600. Each step replaces the
whole file: temporary file, fsync, rename, fsync of the folder. A lock beside it is held as long as the process lives,
so a file whose lock is free belongs to a dead process and is to be carried out. States of a change: `intent` (about to
be written), `uncertain` (written, not confirmed), `done` (read back), `restored`, `blocked` (needs a person).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

from harness.errors import PortBusy, StateError
from harness.recording.exchange import now
from harness.recording.writer import write_atomically
from harness.state.folder import SUFFIX, journal_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

ChangeState = Literal["intent", "uncertain", "done", "restored", "blocked"]

SCHEMA = "bandproof.journal/1"
_NOTHING: Mapping[str, str] = MappingProxyType({})


class ItemChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item that was changed: its value before the run, and every value that was written since."""

    item: str
    channel: str
    before: str
    wrote: tuple[str, ...]
    state: ChangeState
    at: str
    carried_by: str = ""
    """The item whose write may have carried this one along, where it was never written itself."""
    why: str = ""
    """Of a blocked one: what a person must know."""


class Hold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A process that holds something for the run, such as `mmcli --inhibit-device`; let go of last."""

    words: str
    pid: int
    started: str
    """The process's start time as the system tells it: a pid alone may be somebody else's by now."""


class JournalPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in a journal's file."""

    schema: str
    device: str
    """The hash that names the file."""
    words: str
    """The device for people: maker and model, nothing personal."""
    firmware: str
    """The build that the values were read under; under another they may mean something else."""
    opened_by: str
    tool: str
    changes: tuple[ItemChange, ...] = ()
    holds: tuple[Hold, ...] = ()
    reached: str = ""
    """The address that it was reached by: where it is looked for first. It identifies nothing."""
    kept: bool = False
    """The user asked for the change to stay until `bandproof restore`: no other run puts it back."""

    @property
    def open(self) -> tuple[ItemChange, ...]:
        """Changes that are not put back yet, in the order of their first write."""
        return tuple(one for one in self.changes if one.state != "restored")


def device_key(kind: str, identity: str) -> str:
    """The name of a device's journal: a hash of what it is (USB serial, IMEI), never of the port it hangs on."""
    return sha256(f"bandproof journal\0{kind}\0{identity}".encode()).hexdigest()[:32]


def load_page(path: Path) -> JournalPage:
    """What stands in a journal's file. Raises StateError for one that cannot be read, or of another version."""
    try:
        page = msgspec.json.decode(path.read_bytes(), type=JournalPage)
    except (OSError, msgspec.DecodeError) as error:
        raise _unreadable(path, str(error)) from None
    if page.schema != SCHEMA:
        raise _unreadable(path, f"it is written as {page.schema[:40]!r}, this version reads {SCHEMA}")
    if page.device != path.name.removesuffix(SUFFIX):
        raise _unreadable(path, "it names another device than its file does")
    return page


def _unreadable(path: Path, why: str) -> StateError:
    return StateError(
        f"the journal {path} of a device that was changed cannot be read: {why[:200]}",
        way_out="nothing was touched; put the device back by hand, or by the version that wrote it, then remove the file",
    )


@dataclass(frozen=True, slots=True)
class LeftOver:
    """A journal on disk: its page, or why it cannot be read; `held` while a living process works on it."""

    path: Path
    page: JournalPage | None
    why: str = ""
    held: bool = False


def left_over(folder: Path | None = None) -> tuple[LeftOver, ...]:
    """Every journal on disk, by name: what dead processes left and what others are working on."""
    found = []
    for path in sorted((folder or journal_folder()).glob(f"*{SUFFIX}")):
        held = _is_held(path)
        try:
            found.append(LeftOver(path, load_page(path), held=held))
        except StateError as error:
            if path.exists():
                found.append(LeftOver(path, None, error.message, held))
    return tuple(found)


class Journal:
    """The journal of one device, locked by this process until `close`.

    Raises PortBusy where another process changes the device now, StateError where a journal is there already (it must
    be carried out first) or the folder cannot be written: nothing has been changed then.
    """

    def __init__(
        self,
        device: str,
        *,
        words: str,
        firmware: str,
        opened_by: str,
        folder: Path | None = None,
        reached: str = "",
        kept: bool = False,
    ) -> None:
        from harness import __version__

        folder = folder or journal_folder()
        self.path = folder / f"{device}{SUFFIX}"
        self._lock = _locked(self.path, words)
        if self.path.exists():
            self.close()
            raise StateError(
                f"{words} was changed by a run that did not put it back", way_out="run `bandproof restore` first"
            )
        tool = f"bandproof {__version__}"
        self.page = JournalPage(SCHEMA, device, words, firmware, opened_by, tool, reached=reached, kept=kept)

    @classmethod
    def taken_over(cls, path: Path) -> Journal:
        """The journal that a dead process left. Raises PortBusy while its process lives, StateError if unreadable."""
        self = cls.__new__(cls)
        self.path = path
        self._lock = _locked(path, "the device")
        try:
            self.page = load_page(path)
        except StateError:
            self.close()
            raise
        return self

    def intend(
        self, item: str, channel: str, before: str, wanted: str, *, carries: Mapping[str, str] = _NOTHING
    ) -> None:
        """Note a write before it is sent; of an item that was changed before, the first former value stays.

        `carries` are the former values of items on the same channel that the write may take along. Raises StateError
        where it cannot be kept (a full disk): then nothing may be written to the device.
        """
        known = self._open(item)
        wrote = tuple(dict.fromkeys((*(known.wrote if known else ()), wanted)))
        entry = ItemChange(item, channel, known.before if known else before, wrote, "intent", now())
        carried = [
            ItemChange(name, channel, value, (), "intent", now(), carried_by=item)
            for name, value in carries.items()
            if self._open(name) is None
        ]
        try:
            self._keep(*carried, entry)
        except OSError as error:
            raise StateError(
                f"the journal {self.path} cannot be written: {error.strerror or error}",
                way_out="nothing was changed; make room, or name another folder: BANDPROOF_JOURNAL",
            ) from None

    def note(self, item: str, state: ChangeState, why: str = "", *, seen: str | None = None) -> None:
        """Note what became of a change. Where that cannot be written, the file keeps the more careful state before.

        `seen`: what a write of ours came to where it is another value than was asked: it is ours as well.
        """
        known = next(one for one in self.page.changes if one.item == item)
        wrote = known.wrote if seen is None else tuple(dict.fromkeys((*known.wrote, seen)))
        entry = msgspec.structs.replace(known, state=state, why=why, at=now(), wrote=wrote)
        try:
            self._keep(entry)
        except OSError:
            self.page = _with(self.page, entry)

    def hold(self, words: str, pid: int) -> None:
        """Note a process that holds something for this run. Raises StateError as `intend`."""
        self.page = msgspec.structs.replace(self.page, holds=(*self.page.holds, Hold(words, pid, started(pid))))
        try:
            self._write()
        except OSError as error:
            raise StateError(f"the journal {self.path} cannot be written: {error.strerror or error}") from None

    def finish(self) -> bool:
        """Strike the journal where everything is put back; whether it was. One with an open change stays."""
        if self.page.open:
            return False
        self.path.unlink(missing_ok=True)
        _sync_folder(self.path.parent)
        return True

    def close(self) -> None:
        """Let go of the lock. The file stays where something is not put back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _open(self, item: str) -> ItemChange | None:
        return next((one for one in self.page.open if one.item == item), None)

    def _keep(self, *entries: ItemChange) -> None:
        page = self.page
        for entry in entries:
            page = _with(page, entry)
        write_atomically(self.path, _encoded(page), private=True)
        self.page = page

    def _write(self) -> None:
        write_atomically(self.path, _encoded(self.page), private=True)


def _with(page: JournalPage, entry: ItemChange) -> JournalPage:
    known = any(one.item == entry.item for one in page.changes)
    changes = tuple(entry if one.item == entry.item else one for one in page.changes)
    return msgspec.structs.replace(page, changes=changes if known else (*page.changes, entry))


def _encoded(page: JournalPage) -> bytes:
    return msgspec.json.format(msgspec.json.encode(page), indent=1) + b"\n"


def _locked(path: Path, words: str) -> int | None:
    """The lock beside a journal, held until closed or the process ends. Raises PortBusy, StateError."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError as error:
        raise StateError(
            f"the journal folder {path.parent} cannot be used: {error.strerror or error}",
            way_out="nothing was changed; name another folder: BANDPROOF_JOURNAL",
        ) from None
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise PortBusy(f"another run is changing {words}", way_out="wait until it has ended") from None
    return file


def _is_held(path: Path) -> bool:
    try:
        file = _locked(path, "")
    except PortBusy:
        return True
    except StateError:
        return False
    if file is not None:
        os.close(file)
    return False


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def started(pid: int) -> str:
    """When a process started, in the system's own clock ticks and boot; empty where it is gone or not told."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", errors="replace").rpartition(")")[2].split()
        return f"{boot} {fields[19]}"
    except (OSError, IndexError):
        return ""
