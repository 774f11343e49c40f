"""Modem logs that a maker's app wrote on the handset: where they lie, and which are new enough to matter.

Whether a build keeps the app, and what it writes, differs: a folder that is not there is no fault.
"""

from __future__ import annotations

import hashlib
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import FileError, LinkError
from harness.probes.uecap.scat import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.links.adb.files import HandsetFile, HandsetFiles

FOLDERS: tuple[tuple[str, str], ...] = (
    ("Xiaomi, offline log", "/sdcard/diag_logs"),
    ("Samsung, SilentLogger", "/sdcard/log"),
    ("Samsung, SilentLogger", "/sdcard/silentlog"),
    ("OPPO, realme, OnePlus, LogKit", "/storage/emulated/0/Android/data/com.oplus.logkit/files/Log"),
    ("Asus, LogUploader", "/sdcard/ASUS/LogUploader/modem"),
    ("Huawei, Honor, CP log", "/sdcard/log/android_logs"),
)
"""Maker and app, folder."""
DEEPEST = 4
LARGEST = 512 * 1024 * 1024
MOST = 200
"""Files of one handset."""


@dataclass(frozen=True, slots=True)
class PulledLog:
    """One log as it lies on this computer."""

    path: Path
    origin: str
    size: int
    sha256: str


def find_logs(files: HandsetFiles, folders: tuple[str, ...], *, deadline_s: float) -> Iterator[tuple[str, HandsetFile]]:
    """The logs in these folders and below: path, entry. Raises LinkError."""
    waiting = [(folder.rstrip("/"), 0) for folder in folders]
    seen = 0
    while waiting and seen < MOST:
        folder, depth = waiting.pop(0)
        for one in files.list_folder(folder, deadline_s=deadline_s):
            path = f"{folder}/{one.name}"
            if one.is_folder and depth < DEEPEST:
                waiting.append((path, depth + 1))
            elif not one.is_folder and _suffix(one.name) in SUFFIXES and 0 < one.size <= LARGEST:
                seen += 1
                yield path, one


def pull_log(files: HandsetFiles, path: str, folder: Path, *, deadline_s: float) -> PulledLog:
    """Pull one log into a folder, under a name that is safe here. Raises LinkError, FileError."""
    target = _free_name(folder, path.rpartition("/")[2])
    digest = hashlib.sha256()
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("xb") as out:

            def keep(part: bytes) -> None:
                digest.update(part)
                out.write(part)
                if out.tell() > LARGEST:
                    raise LinkError(f"{path} grows while it is pulled", way_out="stop the logging app first")

            size = files.pull(path, keep, deadline_s=deadline_s)
        beside.replace(target)
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror or error}", path=str(target)) from None
    finally:
        beside.unlink(missing_ok=True)
    return PulledLog(target, path, size, digest.hexdigest())


def collect_logs(
    files: HandsetFiles, folders: tuple[str, ...], into: Path, *, seconds: float, told: Callable[[str], None]
) -> list[PulledLog]:
    """Find and pull; a log that cannot be pulled is told and left. Raises LinkError where the handset is lost."""
    deadline_s = time.monotonic() + seconds
    found = []
    for path, one in find_logs(files, folders, deadline_s=deadline_s):
        told(f"{path} ({one.size} octets)")
        try:
            found.append(pull_log(files, path, into, deadline_s=deadline_s))
        except LinkError as error:
            told(error.message)
            if time.monotonic() >= deadline_s:
                raise
    return found


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()


def _free_name(folder: Path, name: str) -> Path:
    safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name).lstrip(".")[-100:] or "log"
    target, number = folder / safe, 2
    while target.exists():
        stem, _, suffix = safe.rpartition(".")
        target, number = folder / f"{stem}-{number}.{suffix}", number + 1
    return target
