"""The fit table as CSV, XLSX and Parquet, through pandas. Device text never becomes a formula or a link."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.plain_text import short
from harness.recording.writer import write_atomically

from . import by_country
from .rows import COLUMNS, rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .rows import FitTable

MOST_XLSX_ROWS = 1_048_575
"""Rows of a worksheet beside its head."""
_LONGEST_CELL = 32_000
_PART = 10_000
_FORMULA = frozenset("=+-@\t\r")


def write_table(file: Path, table: FitTable, form: str) -> None:
    """Write the rows; `form` is csv, xlsx or parquet. Raises UsageError without the libraries, OSError."""
    data: bytes | bytearray
    if form == "csv":
        data = _csv(table)
    elif form == "xlsx":
        data = _workbook(_frame(table))
    else:
        data = _parquet(_frame(table))
    write_atomically(file, data)


def _columns(table: FitTable) -> list[str]:
    return list(COLUMNS if table.by == "carrier" else by_country.COLUMNS)


def _rows(table: FitTable) -> Iterator[tuple[Any, ...]]:
    return rows(table) if table.by == "carrier" else by_country.country_rows(table)


def _frame(table: FitTable) -> Any:
    return _pandas().DataFrame(list(_rows(table)), columns=_columns(table))


def _pandas() -> Any:
    try:
        import pandas as pd
    except ImportError:
        raise UsageError("no table file without pandas", way_out="pip install 'bandproof[tables]'") from None
    return pd


def _csv(table: FitTable) -> bytearray:
    """Part by part, so that a thousand devices need little more memory than one."""
    pd = _pandas()
    told = _rows(table)
    data = bytearray()
    while part := list(islice(told, _PART)):
        # As objects: to guess the type of text costs more than to write it.
        cells = [[_harmless(value) for value in row] for row in part]
        frame = pd.DataFrame(cells, columns=_columns(table), dtype=object)
        data += frame.to_csv(index=False, header=not data, lineterminator="\n").encode("utf-8", "replace")
    return data


def _harmless(value: Any) -> Any:
    """A spreadsheet that opens a CSV takes these beginnings for formulas."""
    return f"'{value}" if type(value) is str and value[:1] in _FORMULA else value


def _workbook(frame: Any) -> bytes:
    try:
        import pandas as pd
        import xlsxwriter  # noqa: F401 - pandas asks for it by name
    except ImportError as error:
        raise UsageError(f"no workbook without {error.name}", way_out="pip install 'bandproof[tables]'") from None
    if len(frame) > MOST_XLSX_ROWS:
        raise UsageError(f"{len(frame)} rows are too many for a worksheet", way_out="write --csv or --parquet")
    data = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(data, engine="xlsxwriter", engine_kwargs={"options": options}) as book:
        cut = frame.map(lambda value: short(value, _LONGEST_CELL) if isinstance(value, str) else value)
        cut.to_excel(book, sheet_name="Fit", index=False, freeze_panes=(1, 4))
        sheet = book.sheets["Fit"]
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
        for column, name in enumerate(frame.columns):
            longest = max((len(str(value)) for value in frame[name].head(500)), default=0)
            sheet.set_column(column, column, min(60, max(len(name) + 2, longest + 1)))
    return data.getvalue()


def _parquet(frame: Any) -> bytes:
    data = io.BytesIO()
    try:
        frame.to_parquet(data, index=False)
    except ImportError:
        raise UsageError("no Parquet file without pyarrow", way_out="pip install 'bandproof[parquet]'") from None
    return data.getvalue()
