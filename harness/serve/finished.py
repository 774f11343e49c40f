"""Runs that have ended, for the page: where they lie, their reports, and any two of them compared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import FileError, UnknownName

if TYPE_CHECKING:
    from .board import Board

_KEY = re.compile(r"[0-9TZ-]{18,24}-[0-9a-f]{4,16}")
_FILE = re.compile(r"report\.(?:html|json|pdf|xlsx)")
_MOST = 500


class FinishedRuns:
    """Those of the reports' folder, and those that the page has seen end."""

    def __init__(self, reports: Path, board: Board) -> None:
        self._reports = reports
        self._board = board

    def folder(self, key: str) -> Path:
        """Where a run lies. Raises UnknownName."""
        seen = self._board.runs.get(key)
        if seen is not None and seen.is_over and seen.folder:
            return Path(seen.folder)
        place = self._reports / key
        if not _KEY.fullmatch(key) or not (place / "report.json").is_file():
            raise UnknownName("finished run", key)
        return place

    def listed(self) -> list[tuple[str, str]]:
        """The newest runs, the newest first, each with what it came to, as far as that is known without opening it."""
        known = (
            {one.name: "" for one in self._reports.iterdir() if _KEY.fullmatch(one.name)}
            if self._reports.is_dir()
            else {}
        )
        known |= {run.key: run.answer for run in self._board.runs.values() if run.is_over and not run.died}
        return sorted(known.items(), reverse=True)[:_MOST]

    def file(self, key: str, name: str) -> Path:
        """A report of a run. Raises UnknownName, FileError."""
        if not _FILE.fullmatch(name):
            raise UnknownName("report", name)
        file = self.folder(key) / name
        if not file.is_file() or file.is_symlink():
            raise FileError("is not there", path=name)
        return file

    def diff(self, before: str, after: str) -> str:
        """Two runs compared, as a page. Raises UnknownName, FileError, UsageError."""
        from harness.reports.document.document import load_document
        from harness.reports.run.diff import diff_documents
        from harness.reports.run.diff_page import diff_html

        one, other = load_document(self.folder(before)), load_document(self.folder(after))
        return diff_html(diff_documents(one, other), one, other)
