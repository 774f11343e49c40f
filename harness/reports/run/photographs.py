"""Photographs in the run's folder: the one that is kept, and beside it the small one that stands in the page."""

from __future__ import annotations

import base64
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar

from harness.reports.document.lab_entries import PhotographEntry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_LARGEST = 200_000
"""Bytes beyond which no file is taken for one that we made for the page."""


_File = TypeVar("_File", bound=PurePath)


def page_picture(file: _File) -> _File:
    """Where the small picture of a photograph lies: `photograph-1.page.jpg` beside `photograph-1.png`."""
    return file.with_suffix(".page.jpg")


def photographs_of(directory: Path, named: Mapping[str, Sequence[str]]) -> tuple[PhotographEntry, ...]:
    """The photographs of a run by device, each with its small picture where there is one."""
    return tuple(
        PhotographEntry(device, file, _picture(directory, file)) for device, files in named.items() for file in files
    )


def _picture(directory: Path, file: str) -> str | None:
    small = page_picture(directory / file)
    if not file.startswith("attachments/") or ".." in PurePath(file).parts:
        return None
    try:
        if not small.is_file() or small.is_symlink() or small.stat().st_size > _LARGEST:
            return None
        return base64.b64encode(small.read_bytes()).decode("ascii") or None
    except OSError:
        return None
