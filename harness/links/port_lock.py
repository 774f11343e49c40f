"""One run a port: a lock that a crash releases, and the names of those who hold a port."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from harness.errors import LinkError, NoPermission, PortBusy

if TYPE_CHECKING:
    from collections.abc import Iterable


def holders(device: str) -> tuple[str, ...]:
    """The programs that have a device file open, as `name (pid)`; empty where the system does not tell."""
    return holders_of([device]).get(device, ())


def holders_of(devices: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Who has which device file open, as `name (pid)`, in one pass over all processes; only Linux tells.

    Processes of other users are seen by root alone.
    """
    targets: dict[str, list[str]] = {}
    for device in dict.fromkeys(devices):
        targets.setdefault(os.path.realpath(device), []).append(device)
    if not targets or not sys.platform.startswith("linux"):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for process in processes():
        folder = f"/proc/{process}/fd"
        try:
            open_files = {os.readlink(f"{folder}/{number}") for number in os.listdir(folder)}  # noqa: PTH115, PTH208
        except OSError:
            open_files = _one_by_one(folder)
        for target in open_files & targets.keys():
            for device in targets[target]:
                found[device] = (*found.get(device, ()), f"{name_of(process)} ({process})")
    return found


def _one_by_one(folder: str) -> set[str]:
    """As above for a process that opens and closes files meanwhile."""
    found = set()
    with suppress(OSError):
        for number in os.listdir(folder):  # noqa: PTH208  a scan of all processes: strings cost a tenth
            with suppress(OSError):
                found.add(os.readlink(f"{folder}/{number}"))  # noqa: PTH115
    return found


def processes() -> list[str]:
    """The ids of all processes but this one; none where the system does not tell."""
    own = str(os.getpid())
    with suppress(OSError):
        return [name for name in os.listdir("/proc") if name.isdigit() and name != own]  # noqa: PTH208
    return []


def name_of(process: str) -> str:
    """The name of a process by its id, or "self"."""
    with suppress(OSError), open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        return file.read().strip() or "a program"
    return "a program"


def busy(address: str, device: str = "", holder: str = "") -> PortBusy:
    """The error that names who holds a port, and the way out."""
    names = (holder,) if holder else holders(device) if device else ()
    who = f"held by {', '.join(names)}" if names else "held by another program"
    if any("ModemManager" in name for name in names):
        way_out = (
            "let ModemManager leave it alone: `mmcli -m any --inhibit` in another terminal, "
            "or `systemctl stop ModemManager`"
        )
    else:
        way_out = "stop that program, or name another port" + (
            f" (`fuser {device}` shows who it is)" if device and not names else ""
        )
    return PortBusy(f"{address} is {who}", device=address, way_out=way_out)


@lru_cache(maxsize=1)
def _own_name(process: int) -> str:
    """This process as `name (pid)`."""
    return f"{name_of('self')} ({process})"


_LONGEST_NAME = 200
"""Signs of a lock's file: systems take 255 bytes."""
_LEGIBLE = 60
"""Signs of a longer name that are kept for people."""
_HOLDER = 40
"""Signs of a lock's file; a process has a name of at most 15."""


def lock_name(name: str) -> str:
    """What the lock of a port is called: its name, of a long one the beginning and a hash over the whole."""
    if len(name) <= _LONGEST_NAME:
        quoted = quote(name, safe="", errors="surrogateescape")
        if len(quoted) <= _LONGEST_NAME:
            return quoted
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    return f"{quote(name[:_LEGIBLE], safe='', errors='replace')[:_LEGIBLE]}-{digest}"


class PortLock:
    """An exclusive lock on a port's name, or on `adb://SERIAL`, between all runs of one user. Raises PortBusy.

    Windows opens serial ports exclusively by itself, but not handsets: there a lock file of a kept library does it, with
    the holder's name beside it, since nobody reads a file that is locked.
    """

    def __init__(self, address: str) -> None:
        self._file: int | None = None
        self._library: Any = None
        name = address if "://" in address else os.path.realpath(address)
        path = f"{_runtime_directory()}{os.sep}{lock_name(name)}.lock"
        holder = _own_name(os.getpid())
        if _has_posix_locks():
            self._file = _lock_of_posix(path, address, holder)
        else:
            self._library = _lock_of_library(path, address, holder)

    def release(self) -> None:
        """Let others have the port. The file stays: removing it would race with the next one who locks it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._library is not None:
            self._library.release()
            self._library = None


def _has_posix_locks() -> bool:
    return sys.platform != "win32"


def _lock_of_posix(path: str, address: str, holder: str) -> int:
    import fcntl

    file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        other = os.read(file, 200).decode("utf-8", "replace").strip()
        os.close(file)
        raise busy(address.removeprefix("adb://"), holder=other) from None
    # Filled up to one length, so that nothing of the holder before is left: emptying the file first costs more.
    os.write(file, holder.ljust(_HOLDER).encode())
    return file


def _lock_of_library(file: str, address: str, holder: str) -> Any:
    from filelock import FileLock, Timeout

    path = Path(file)
    lock = FileLock(path, timeout=0)
    beside = path.with_suffix(".holder")
    try:
        lock.acquire()
    except Timeout:
        other = ""
        with suppress(OSError):
            other = beside.read_text(encoding="utf-8", errors="replace").strip()
        raise busy(address.removeprefix("adb://"), holder=other) from None
    with suppress(OSError):
        beside.write_text(holder, encoding="utf-8")
    return lock


def lock_holder(address: str) -> str:
    """Which run holds the lock of a port, or of `adb://SERIAL`, as `name (pid)`; empty where none does.

    Only looks: to try the lock would refuse it to a run that wants it in that moment. Only Linux tells.
    """
    name = address if "://" in address else os.path.realpath(address)
    try:
        path = Path(_runtime_directory(), f"{lock_name(name)}.lock")
        info = path.stat()
        locks = Path("/proc/locks").read_text(encoding="ascii")
    except (OSError, LinkError):
        return ""
    if f":{info.st_ino} " not in locks:
        return ""
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _runtime_directory() -> str:
    # Each device of a rack comes by before it is asked anything: strings cost a fifth of what paths do.
    if sys.platform == "win32":
        return str(_made(Path(os.environ.get("LOCALAPPDATA", Path.home())) / "bandproof" / "locks"))
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and os.access(runtime, os.W_OK):
        directory = os.path.join(runtime, "bandproof")  # noqa: PTH118
    else:
        import tempfile

        directory = os.path.join(tempfile.gettempdir(), f"bandproof-{os.getuid()}")  # noqa: PTH118
    try:
        info = _looked_at(directory)
        if info is None or not stat.S_ISDIR(info.st_mode):
            Path(directory).mkdir(mode=0o700, exist_ok=True)
            info = os.lstat(directory)
    except OSError as error:
        raise LinkError(f"{directory} cannot be made: {error.strerror}", way_out="set XDG_RUNTIME_DIR") from None
    if not stat.S_ISDIR(info.st_mode) or info.st_uid != os.getuid():
        raise NoPermission(f"{directory} belongs to somebody else", way_out="set XDG_RUNTIME_DIR to a folder of yours")
    return directory


def _looked_at(directory: str) -> os.stat_result | None:
    """What it is; None where it is not there."""
    try:
        return os.lstat(directory)
    except FileNotFoundError:
        return None


def _made(directory: Path) -> Path:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LinkError(f"{directory} cannot be made: {error.strerror}", way_out="set LOCALAPPDATA") from None
    return directory
