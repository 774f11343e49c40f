"""A CSV of our own: one item a row with its answer, grade, reason and evidence. Read with any delimiter and order.

The columns that count are `key` (or `spec`, `table`, `item`), `mnemonic` and `value`. Lines that begin with `#` are
the head, as in the line form.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from harness.errors import FileError
from harness.ics.collecting import Collector
from harness.ics.declaration import SheetPlace

from .lines import head_of
from .text import comment_text, head_line, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.ics.answers import FilledIcs, ItemAnswer
    from harness.ics.declaration import IcsDeclaration

COLUMNS = ("key", "mnemonic", "about", "value", "grade", "basis", "reason", "evidence", "sha256")
_NAMES = {
    "key": ("key", "item key", "reference"),
    "spec": ("spec", "specification"),
    "table": ("table",),
    "item": ("item", "item number"),
    "mnemonic": ("mnemonic", "name", "parameter"),
    "about": ("about", "description", "text"),
    "value": ("value", "answer", "support", "supported"),
    "comment": ("reason", "comment", "response details"),
}
_DELIMITERS = ",;\t|"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def recognise(data: bytes) -> bool:
    """Whether the first line that is no comment heads a table with items and answers."""
    try:
        lines = lines_of(data[:65536], "")
    except FileError:
        return False
    head = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    return _columns(head) is not None


def _columns(head: str) -> tuple[str, dict[str, int]] | None:
    """Delimiter and columns of a head line; None where it has no answers or names no items."""
    for delimiter in _DELIMITERS:
        words = [word.strip().strip('"').lower() for word in head.split(delimiter)]
        found = {name: words.index(one) for name, ones in _NAMES.items() for one in reversed(ones) if one in words}
        if len(words) > 1 and "value" in found and found.keys() & {"key", "mnemonic", "item"}:
            return delimiter, found
    return None


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration of a table. Raises FileError for what is no text or has no head line."""
    found = Collector(source, "csv")
    lines = lines_of(data, source)
    start = 0
    for start, line in enumerate(lines):
        if line.lstrip().startswith("#"):
            if told := head_line(line):
                found.told(*told, SheetPlace(row=start + 1))
        elif line.strip():
            break
    told_columns = _columns(lines[start])
    if told_columns is None:
        raise FileError("no line heads the columns", path=source, line=start + 1, way_out="write: key,mnemonic,value")
    delimiter, columns = told_columns
    table = csv.reader(lines[start + 1 :], delimiter=delimiter)
    try:
        for row in table:
            if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#"):
                _take(found, row, columns, start + 1 + table.line_num)
    except csv.Error as error:
        raise FileError(f"is no table: {error}", path=source, line=start + 1 + table.line_num) from None
    return found.finish()


def _take(found: Collector, row: list[str], columns: Mapping[str, int], line: int) -> None:
    cells = {name: row[index].strip() if index < len(row) else "" for name, index in columns.items()}
    place = SheetPlace(row=line, column=columns["value"] + 1)
    if columns["value"] >= len(row):
        found.fault(SheetPlace(row=line), f"{row[0][:40]!r}: the row ends before the column of the answer")
        return
    key = cells.get("key") or "/".join(part for part in (cells.get("table", ""), cells.get("item", "")) if part)
    named = cells.get("mnemonic", "")
    found.take(
        key or named,
        cells["value"],
        place,
        spec=cells.get("spec", "").upper().replace("3GPP", "").replace("TS", "").strip(),
        mnemonic=named,
        about=cells.get("about", ""),
        comment=cells.get("comment", ""),
    )


def write(filled: FilledIcs) -> bytes:
    """The table of a filled proforma, every item in it; what is not answered has an empty value and its reason."""
    out = io.StringIO()
    out.write(f"# {comment_text(filled.statement)}\r\n")
    for label, value in head_of(filled):
        out.write(f"# {label}: {comment_text(value)}\r\n")
    out.write("# complete: all\r\n")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for one in filled.answers:
        table.writerow([_cell(text) for text in _row(one)])
    return out.getvalue().encode("utf-8")


def _row(one: ItemAnswer) -> tuple[str, ...]:
    value = "" if one.value is None else "TRUE" if one.value else "FALSE"
    evidence = "; ".join(str(source) for source in one.evidence)
    grade = one.grade.word if one.grade else ""
    item = one.item
    return (item.key, item.mnemonic, item.label, value, grade, one.basis, one.reason, evidence, " ".join(one.sha256))


def _cell(text: str) -> str:
    """What a spreadsheet would take for a formula stays text."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"'{plain}" if text.startswith(_FORMULA) else plain
