"""The papers of a run's devices as its folder keeps them: `declared/<device>/ics/…` and `declared/<device>/fcc/…`.

A run judges by what it kept, so that a stranger derives the same from the folder alone.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from harness.requirements.papers import NO_PAPERS, Papers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

FOLDER = "declared"
KINDS = ("ics", "fcc")
"""What can be declared of a device beside its sheet."""


def keep_papers(directory: Path, device: str, files: Mapping[str, Sequence[Path]]) -> None:
    """Copy the files of one device into the run's folder. Raises OSError."""
    for kind, paths in files.items():
        folder = directory / FOLDER / device / kind
        folder.mkdir(parents=True, exist_ok=True)
        for number, path in enumerate(paths, 1):
            name = re.sub(r"[^A-Za-z0-9._-]+", "-", path.name).lstrip(".") or "file"
            shutil.copyfile(path, folder / (name if len(paths) == 1 else f"{number}-{name}"))


def kept_papers(directory: Path, device: str, fcc_id: str = "") -> Papers:
    """The papers that the run's folder keeps of a device. Raises FileError, UsageError without the extra."""
    folder = directory / FOLDER / device
    if not folder.is_dir():
        return NO_PAPERS
    return papers_of({kind: _files(folder / kind) for kind in KINDS}, fcc_id)


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []


def papers_of(files: Mapping[str, Sequence[Path]], fcc_id: str = "") -> Papers:
    """The papers in these files. Raises FileError for one that cannot be read."""
    if not any(files.values()):
        return NO_PAPERS
    from harness.ics.forms.known import read_declaration
    from harness.ics.grants import grant_from

    return Papers(
        tuple(read_declaration(path) for path in files.get("ics", ())),
        tuple(grant_from(_content(path), path.name) for path in files.get("fcc", ())),
        fcc_id,
    )


def _content(path: Path) -> bytes:
    from harness.errors import FileError

    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or error}", path=str(path)) from None
