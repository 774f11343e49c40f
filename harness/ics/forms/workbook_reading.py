"""A laboratory's feature spreadsheet (.xlsx): one sheet a specification, row 2 heads the columns, `Value` answers.

Columns by name: Group, Group Description, Item, Description, Mnemonic, Value, Allowed Settings, Is Test Plan Relevant,
Status, Response Details … `Is Test Plan Relevant` = FALSE marks what nobody had to answer. Sheets that name no
specification carry the head (`Info`, `Overview`) or tables of their own (bandwidths), which are counted.
"""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from typing import TYPE_CHECKING, Any

from harness.errors import FileError, UsageError
from harness.ics.collecting import Collector
from harness.ics.declaration import SheetPlace
from harness.ics.references import spec_of
from harness.radio.ics import specifications

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.ics.declaration import IcsDeclaration

LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_ROWS = 200_000
_HEADS = {
    "group": ("group", "table"),
    "item": ("item", "item number"),
    "description": ("description", "group description", "text"),
    "mnemonic": ("mnemonic",),
    "value": ("value", "supported", "answer"),
    "relevant": ("is test plan relevant",),
    "details": ("response details", "comments", "comment"),
    "key": ("key",),
}
_HEAD_ROWS = 8
"""So many rows from the top the heads of the columns are looked for."""
_VERSION = re.compile(r"[vV](\d{1,2}\.\d{1,2}\.\d{1,2})")


def recognise(data: bytes) -> bool:
    """Whether the octets begin as a ZIP archive, as every workbook does."""
    return data.startswith(b"PK\x03\x04")


def read(data: bytes, source: str) -> IcsDeclaration:
    """The declaration of a workbook. Raises FileError for what is none, UsageError without openpyxl."""
    try:
        import openpyxl
    except ImportError:
        raise UsageError("no workbook without openpyxl", way_out="pip install 'bandproof[ics]'") from None
    _check_archive(data, source)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Exception as error:  # noqa: BLE001 - a broken archive raises what its parts raise
        raise FileError(f"is no workbook that can be read: {str(error)[:120]}", path=source) from None
    found = Collector(source, "xlsx")
    versions: dict[str, tuple[str, str]] = {}
    for sheet in book.worksheets:
        _sheet(found, sheet, versions)
    return found.finish()


def _check_archive(data: bytes, source: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileError(f"is a damaged archive: {error}", path=source) from None
    if "xl/workbook.xml" not in names:
        kind = "an OpenDocument file" if "content.xml" in names else "an archive"
        raise FileError(f"is {kind} and no workbook; save it as .xlsx", path=source)
    if size > LARGEST_UNPACKED:
        raise FileError(f"unpacks to more than {LARGEST_UNPACKED >> 20} MB", path=source)


def _sheet(found: Collector, sheet: Any, versions: dict[str, tuple[str, str]]) -> None:
    heads = _find_heads(sheet)
    if heads is None:
        _head_sheet(found, sheet)
        return
    row, columns = heads
    above = " ".join(_text(one) for cells in _values(sheet, row - 1) for one in cells) if row > 1 else ""
    told = spec_of(sheet.title) or spec_of(above)
    title = spec_of(sheet.title)
    spec = told[0] if told else ""
    first = spec_of(above)
    if title and first and first[0] != title[0]:
        why = f"the sheet is named {title[0]} and its first row says {first[0]}"
        found.fault(SheetPlace(sheet.title, 1), why)
        return
    if not spec and "key" not in columns:
        found.fault(
            SheetPlace(sheet.title, row), "no specification is named by the sheet or its first row: items are ambiguous"
        )
        return
    if spec and spec not in specifications():
        found.others += max(0, sheet.max_row - row)
        return
    _note_version(found, sheet.title, spec, f"{sheet.title} {above}", versions)
    if sheet.max_row - row > MOST_ROWS:
        found.fault(SheetPlace(sheet.title, MOST_ROWS), f"has more than {MOST_ROWS} rows; nothing of it is taken")
        return
    _rows(found, sheet, spec, row, columns)


def _find_heads(sheet: Any) -> tuple[int, dict[str, int]] | None:
    """The row that heads the columns and their numbers; None where none names items and answers."""
    for number, row in enumerate(_values(sheet, _HEAD_ROWS), 1):
        words = {" ".join(_text(one).lower().split()): column for column, one in enumerate(row, 1) if _text(one)}
        columns = {name: words[one] for name, ones in _HEADS.items() for one in reversed(ones) if one in words}
        if "value" in columns and columns.keys() & {"item", "mnemonic", "key"}:
            return number, columns
    return None


def _values(sheet: Any, last: int) -> Iterator[tuple[Any, ...]]:
    """The values of the rows from the top."""
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_row=last, values_only=True)
    return rows


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _note_version(found: Collector, title: str, spec: str, text: str, versions: dict[str, tuple[str, str]]) -> None:
    told = _VERSION.search(text)
    if not told or not spec:
        return
    version = told[1]
    known = versions.setdefault(spec, (version, title))
    if known[0] != version:
        found.fault(
            SheetPlace(title, 1), f"is of TS {spec} V{version}, and sheet {known[1]!r} of V{known[0]}: mixed versions"
        )
    ours = specifications()[spec].version
    if ours and ours != version:
        found.remarks.append(
            f"TS {spec} V{version}: items are read by the numbers of V{ours}, and by mnemonic where one stands"
        )


def _head_sheet(found: Collector, sheet: Any) -> None:
    """A sheet of labels and values: the head of the declaration."""
    for row in sheet.iter_rows(max_row=min(sheet.max_row or 1, 500), max_col=12):
        cells = [cell for cell in row if _text(cell.value).strip()]
        for label, value in itertools.pairwise(cells):
            text = _text(value.value)
            place = SheetPlace(sheet.title, value.row, value.column)
            if text.startswith("="):
                continue
            if hasattr(value.value, "date") and "date" in _text(label.value).lower():
                text = value.value.date().isoformat()
            if found.told(_text(label.value), text, place):
                break


def _rows(found: Collector, sheet: Any, spec: str, head: int, columns: Mapping[str, int]) -> None:
    merged = _merged_answers(sheet, columns["value"])
    places = {name: column - 1 for name, column in columns.items()}
    table = ""
    for number, row in enumerate(sheet.iter_rows(min_row=head + 1, values_only=True), head + 1):
        cells = {name: row[at] for name, at in places.items() if at < len(row) and row[at] is not None}
        table = _text(cells.get("group")).strip() or table
        named, mnemonic = _named(cells, table)
        if not (named or mnemonic):
            continue
        place = SheetPlace(sheet.title, number, columns["value"])
        if number in merged:
            found.fault(place, f"{named or mnemonic}: the answer is merged over rows {merged[number]}: unmerge it")
            continue
        found.take(
            named,
            _answer(cells),
            place,
            spec=spec,
            mnemonic=mnemonic,
            about=_text(cells.get("description")),
            comment=_text(cells.get("details")),
        )


def _named(cells: Mapping[str, Any], table: str) -> tuple[str, str]:
    """The item as the row names it (its table taken from the group above where it stands alone), and its mnemonic."""
    key, item, mnemonic = (_text(cells.get(name)).strip() for name in ("key", "item", "mnemonic"))
    if not key and item and "/" not in item and re.match(r"A\.\d", table):
        item = f"{table.split(maxsplit=1)[0]}/{item}"
    return key or item, mnemonic


def _answer(cells: Mapping[str, Any]) -> Any:
    """The answer; a FALSE of an item that is marked as not relevant was never asked for, and is blank."""
    value = cells.get("value")
    if value is not None and not isinstance(value, str | bool | int | float):
        value = f"={type(value).__name__}" if "Formula" in type(value).__name__ else str(value)
    if _text(cells.get("relevant")).strip().upper() in {"FALSE", "NO"}:
        text = str(value).strip().upper()
        return None if text in {"FALSE", "NONE", ""} else value
    return value


def _merged_answers(sheet: Any, column: int) -> dict[int, str]:
    """Rows whose answer is part of a merged cell of several rows."""
    out: dict[int, str] = {}
    for area in sheet.merged_cells.ranges:
        if area.min_col <= column <= area.max_col and area.max_row > area.min_row:
            out |= dict.fromkeys(range(area.min_row, area.max_row + 1), f"{area.min_row} to {area.max_row}")
    return out
