"""The files of a run's evidence, with their hashes, for the report's table."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from harness.reports.document.entries import FileEntry

if TYPE_CHECKING:
    from pathlib import Path


def hashed_files(directory: Path) -> tuple[FileEntry, ...]:
    """Name, size and hash of every file under `directory/evidence`, sorted, named from `directory`.

    Files that cannot be read are left out: the report tells what it could hash, `verify` tells what is missing.
    """
    found = []
    for path in sorted((directory / "evidence").rglob("*")):
        try:
            if path.is_symlink() or not path.is_file():
                continue
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
            name = path.relative_to(directory).as_posix()
            found.append(FileEntry(name, path.stat().st_size, digest.hexdigest()))
        except OSError:
            continue
    return tuple(found)
