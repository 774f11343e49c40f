"""The fit table as CSV, XLSX and Parquet, through pandas. Device text never becomes a formula or a link."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from harness.errors import UsageError
from harness.recording.writer import write_atomically

from .fit_rows import COLUMNS, rows
from .plain_text import short

if TYPE_CHECKING:
    from pathlib import Path

    from .fit_rows import FitTable

MOST_XLSX_ROWS = 1_048_575
"""Rows of a worksheet beside its head."""
_LONGEST_CELL = 32_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(file: Path, table: FitTable, form: str) -> None:
    """Write the rows; `form` is csv, xlsx or parquet. Raises UsageError without the libraries, OSError."""
    frame = _frame(table)
    if form == "csv":
        for name in frame.select_dtypes(exclude=["number", "bool"]).columns:
            frame[name] = [_harmless(value) for value in frame[name]]
        data = frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")
    elif form == "xlsx":
        data = _workbook(frame)
    else:
        data = _parquet(frame)
    write_atomically(file, data)


def _frame(table: FitTable) -> Any:
    try:
        import pandas as pd
    except ImportError:
        raise UsageError("no table file without pandas", way_out="pip install 'bandproof[tables]'") from None
    return pd.DataFrame(list(rows(table)), columns=list(COLUMNS))


def _harmless(value: Any) -> Any:
    """A spreadsheet that opens a CSV takes these beginnings for formulas."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


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
        sheet.autofilter(0, 0, len(frame), len(COLUMNS) - 1)
        for column, name in enumerate(COLUMNS):
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
