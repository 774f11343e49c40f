"""An answer for people and for programs: a table in the terminal, JSON, CSV, Parquet, a page. Device text stays text."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.plain_text import one_line
from harness.recording.writer import write_atomically
from harness.requirements.outcomes import Outcome

from .columns import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .questions.answer import HistoryAnswer

_TEMPLATES = Path(__file__).with_name("templates")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TERMINAL_ONLY_WIDE = frozenset({"run", "key"})
"""Columns that a terminal leaves out: they name things for programs."""


def as_json(answer: HistoryAnswer) -> str:
    """One JSON object: the columns, and the rows by column."""
    told = {
        "schema": SCHEMA,
        "question": answer.question,
        "columns": list(answer.columns),
        "rows": answer.dicts(),
        "notes": list(answer.notes),
    }
    return json.dumps(told, indent=1, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def as_csv(answer: HistoryAnswer) -> str:
    """CSV as RFC 4180 has it; a text that a spreadsheet would take for a formula is led by an apostrophe."""
    out = io.StringIO()
    # With this end of line a text that holds either part of it is quoted.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_cell_of_sheet, answer.columns))
    for row in answer.dicts():
        writer.writerow([_cell_of_sheet(value) for value in row.values()])
    return out.getvalue()


def as_text(answer: HistoryAnswer, width: int | None, *, is_terminal: bool = False) -> str:
    """A table as wide as the terminal; piped (`width` None), each row on one line, columns parted by tabs."""
    places = [place for place, name in enumerate(answer.columns) if not (is_terminal and name in _TERMINAL_ONLY_WIDE)]
    names = [cell(answer.columns[place]) for place in places]
    rows = [[cell(row[place]) for place in places] for row in answer.rows]
    notes = [one_line(note) for note in answer.notes]
    if width is None:
        lines = ["\t".join(one) for one in ([names, *rows] if rows else [])]
        return "".join(f"{line}\n" for line in [*lines, *(f"# {note}" for note in notes)])
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=False)
    console.print(Text(one_line(answer.title), style="bold"))
    if rows:
        table = Table(box=box.SIMPLE, pad_edge=False)
        for name in names:
            table.add_column(Text(name.replace("_", " ")))
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    for note in notes:
        console.print(Text(note))
    return out.getvalue()


def write_parquet(file: Path, answer: HistoryAnswer) -> None:
    """The rows as Parquet. Raises OSError."""
    import duckdb

    from .store import kept, quoted

    con = kept()
    kinds = [_kind([row[place] for row in answer.rows]) for place in range(len(answer.columns))]
    names = ['"' + name.replace('"', '""') + '"' for name in answer.columns]
    columns = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
    con.execute(f"CREATE TEMP TABLE answer ({columns})")
    if answer.rows:
        places = ", ".join("?" for _ in names)
        values = [[_value(one, kind) for one, kind in zip(row, kinds, strict=True)] for row in answer.rows]
        con.executemany(f"INSERT INTO answer VALUES ({places})", values)  # noqa: S608 - question marks
    beside = file.with_name(f".{file.name}.tmp")
    try:
        con.execute(f"COPY answer TO {quoted(str(beside))} (FORMAT parquet)")
    except duckdb.Error as error:
        raise OSError(f"{file} cannot be written: {error}") from None
    beside.replace(file)


def write_page(file: Path, answer: HistoryAnswer, where: str) -> None:
    """One self-contained page. Raises OSError."""
    from markupsafe import Markup

    from harness.reports.html.report import environment_for, style_of

    environment = environment_for((_TEMPLATES,))
    title = one_line(answer.title)
    style, style_hash = style_of(environment, title)
    page = environment.get_template("history.html.j2").render(
        style=style,
        style_hash=style_hash,
        answer=answer,
        title=title,
        where=one_line(where),
        picture=Markup(answer.picture),  # noqa: S704 - drawn by us, its texts are escaped
        asked=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        outcomes=[one.name for one in Outcome],
        cell=cell,
    )
    write_atomically(file, page.encode("utf-8", "replace"))


def cell(value: Any) -> str:
    """A value as people read it; nothing for what is not there."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return " ".join(cell(one) for one in value)
    return one_line(str(value), 400)


def _cell_of_sheet(value: Any) -> Any:
    if isinstance(value, list):
        value = " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


_KINDS: Mapping[type, str] = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP"}


def _kind(values: list[Any]) -> str:
    """The type of a column by its values; text where they differ or nothing is known of them."""
    kinds = {type(one) for one in values if one is not None}
    if len(kinds) != 1:
        return "VARCHAR"
    (kind,) = kinds
    if kind in (list, tuple):
        return "VARCHAR[]"
    return _KINDS.get(kind, "VARCHAR")


def _value(value: Any, kind: str) -> Any:
    if value is None or kind in {"BOOLEAN", "BIGINT", "DOUBLE", "TIMESTAMP"}:
        return value
    return [str(one) for one in value] if kind == "VARCHAR[]" else str(value)
