"""`report.csv`: one line a verdict, for programs that read tables."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from harness.extending import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from harness.extending import Document, Exchanges

COLUMNS = ("device", "carrier", "edition", "requirement", "level", "verdict", "grade", "reason")


def write_csv(file: Path, document: Document, exchanges: Exchanges) -> None:
    """Write the verdicts of a run. Raises OSError."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for verdict in document.verdicts:
        table.writerow(_cell(getattr(verdict, name)) for name in COLUMNS)
    write_atomically(file, out.getvalue().encode("utf-8"))


def _cell(value: object) -> str:
    """As text; what a spreadsheet would take for a formula is text of a device, and stays text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
