"""`history sql`: a question of one's own, that can read the history and nothing else of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.history.columns import VIEWS, row_of
from harness.history.store import quoted

from .answer import HistoryAnswer, ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection


def own_question(con: DuckDBPyConnection, sql: str, files: Sequence[str]) -> HistoryAnswer:
    """The answer to SQL over `runs`, `devices`, `results`, `verdicts`, `bands` (and `history`, all rows as kept).

    Only `files`, those of the table, can be opened by it; `con` has a database of its own, which is locked. Raises
    HistoryError.
    """
    for view, columns in VIEWS.items():
        con.execute(f"CREATE TEMP VIEW {view} AS SELECT {', '.join(columns)} FROM history WHERE row = '{row_of(view)}'")  # noqa: S608
    con.execute(f"SET allowed_paths = [{', '.join(map(quoted, files))}]")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    names, rows = ask(con, sql, {})
    return HistoryAnswer("sql", sql, names, tuple(rows))
