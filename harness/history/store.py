"""The table itself: Delta commits written by delta-rs, its files read by DuckDB. One run is one commit, counted once.

A commit carries the run's key as a Delta application transaction: the log itself refuses a second commit of that key,
also where two writers try at the same moment, and also where a writer died before it learned of its success.
"""

from __future__ import annotations

import os
import random
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .columns import COLUMNS, SCHEMA
from .place import DamagedRun, HistoryError, is_local, require_installed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deltalake import DeltaTable
    from duckdb import DuckDBPyConnection

OFFLINE = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
"""No extension of DuckDB is ever downloaded."""
APPEND_S = 30.0
_LOOKS, _LOOKS_AT_A_FOLDER = 3, 6
"""Of a store elsewhere each look has its own tries behind it; in a folder it takes as long as a file that is not there."""
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 1.0
CONFIGURATION: dict[str, str | None] = {
    # Old states of the log are for readers under way, not for time travel: the runs themselves are kept elsewhere.
    "delta.logRetentionDuration": "interval 0 hours",
    "delta.deletedFileRetentionDuration": "interval 1 hours",
    # The files tell the least and most of their columns themselves; in the log they cost each append a third of its time.
    "delta.dataSkippingNumIndexedCols": "0",
}
_NAME = "bandproof history"

_MADE_WITH = f"{SCHEMA} made with: "
"""How the description of a table begins; the columns that it was made with follow."""
_MONTH_IS_TEXT = "hive_types = {month: VARCHAR}, hive_types_autocast = false"

Outcome = Literal["appended", "known"]
_Told = TypeVar("_Told")


class Store:
    """A history at an address."""

    def __init__(self, uri: str) -> None:
        require_installed()
        self.uri = uri

    def exists(self) -> bool:
        """Whether there is a table. Raises HistoryError where the store cannot be asked."""
        from deltalake import DeltaTable

        return self._asked(lambda: DeltaTable.is_deltatable(self.uri))

    def table(self) -> DeltaTable:
        """The table as it is now. Raises HistoryError."""
        from deltalake import DeltaTable

        if not self.exists():
            raise HistoryError(
                f"there is no history at {self.uri}",
                way_out="append a run (pytest --history=…) or take old ones: bandproof history import RUN",
            )
        return self._ours(self._asked(lambda: _patiently(lambda: DeltaTable(self.uri), self._looks)))

    def _ours(self, table: DeltaTable) -> DeltaTable:
        """The table, if it is a history that this version knows. Raises HistoryError."""
        told = table.metadata()
        if told.name != _NAME:
            raise HistoryError(
                f"the table at {self.uri} is no history", way_out="name a folder of its own: --history=URI"
            )
        schema = (told.description or "").partition(" ")[0]
        if schema != SCHEMA:
            raise HistoryError(
                f"the history at {self.uri} is of another version of bandproof ({schema}; this one knows {SCHEMA})",
                way_out="pip install --upgrade bandproof",
            )
        return table

    def ask(self, about: Callable[[DeltaTable], _Told]) -> _Told:
        """What the table as it is now tells: loaded anew where an upkeep took the log away beneath it. Raises HistoryError."""
        return self._asked(lambda: _patiently(lambda: about(self.table()), self._looks))

    @property
    def _looks(self) -> int:
        return _LOOKS_AT_A_FOLDER if is_local(self.uri) else _LOOKS

    def append(self, file: Path, key: str, *, deadline_s: float = APPEND_S) -> Outcome:
        """Append the rows of a run, once. Tried again with a growing, random pause until the deadline.

        Raises HistoryError; DamagedRun where it would be in vain to try again.
        """
        rows = _reading(file)
        return self._tried(key, lambda: self._commit(rows, key), deadline_s)

    def _commit(self, rows: str, key: str) -> Outcome:
        from deltalake import DeltaTable, write_deltalake

        con = kept()
        if not DeltaTable.is_deltatable(self.uri):
            self._create(con)
        table = self._ours(DeltaTable(self.uri))
        if table.transaction_version(key) is not None:
            return "known"
        write_deltalake(table, con.sql(rows), mode="append", **with_new_columns(table), **committing(key, 1))
        return "appended"

    def _create(self, con: DuckDBPyConnection) -> None:
        from deltalake import write_deltalake

        write_deltalake(
            self.uri,
            con.sql(f"SELECT {typed()} WHERE false"),
            mode="ignore",
            partition_by=["month"],
            name=_NAME,
            description=_MADE_WITH + " ".join(COLUMNS),
            configuration=CONFIGURATION,
        )

    def _tried(self, what: str, once: Callable[[], Outcome], deadline_s: float) -> Outcome:
        import duckdb
        from deltalake.exceptions import CommitFailedError, DeltaError

        end, pause, left = time.monotonic() + deadline_s, _FIRST_WAIT_S, self._looks
        while True:
            try:
                return once()
            except duckdb.Error as error:
                raise DamagedRun(f"{what} cannot be appended, it is damaged: {_first_line(error)}") from None
            except (DeltaError, OSError) as error:
                # Writers at the same moment part by themselves; what is wrong with the place stays so.
                left -= not isinstance(error, CommitFailedError)
                if not left or time.monotonic() + pause > end:
                    raise HistoryError(f"{what} cannot be appended to {self.uri}: {_first_line(error)}") from None
            pause = _wait(pause)

    def _asked(self, ask: Callable[[], _Told]) -> _Told:
        from deltalake.exceptions import DeltaError

        try:
            return ask()
        except (DeltaError, OSError) as error:
            raise HistoryError(f"the history at {self.uri} cannot be read: {_first_line(error)}") from None

    def view(self, *, since: str = "", apart: bool = False) -> DuckDBPyConnection:
        """A connection in which `history` is the table from that month (`2026-09`) on. Raises HistoryError.

        `apart`: in a database of its own, whose settings somebody else's question may change.
        """
        table = self.table()
        con = connect() if apart else kept()
        if is_local(self.uri):
            files = self.files(table, since=since)
            how = f"hive_partitioning = true, {_MONTH_IS_TEXT}"
            if not _is_whole(table):
                how += ", union_by_name = true"
            source = f"read_parquet([{', '.join(map(quoted, files))}], {how})"
            rows = f"SELECT {_there(table)} FROM {source}" if files else f"SELECT {typed()} WHERE false"  # noqa: S608
            con.execute(f"CREATE TEMP VIEW history AS {rows}")
        else:
            rows = f"SELECT * FROM h WHERE month >= {quoted(since)}"  # noqa: S608 - a month
            con.register("told", self._asked(lambda: _arrow(table, rows)))
            con.execute(f"CREATE TEMP TABLE history AS SELECT {_there(table)} FROM told")  # noqa: S608
            con.unregister("told")
        return con

    def files(self, table: DeltaTable, *, since: str = "") -> list[str]:
        """The files of a table in a folder, of the months from `since` on."""
        # The log writes them as URLs do; beneath the table's own folder nothing needs that.
        names = ("month=" + uri.rpartition("/month=")[2] for uri in table.file_uris())
        return [f"{self.uri}/{name}" for name in names if name >= f"month={since}"]

    def readable(self) -> list[str]:
        """The files that a question must be able to open: of a store elsewhere none, its rows are here by then."""
        return self.files(self.table()) if is_local(self.uri) else []

    def months(self, table: DeltaTable) -> list[str]:
        """The month of each file of the table."""
        return [uri.rpartition("/month=")[2].partition("/")[0] for uri in table.file_uris()]


def _wait(pause_s: float) -> float:
    """About so long; the next pause, twice as long."""
    threading.Event().wait(pause_s * (0.5 + random.random()))  # noqa: S311 - a pause, no secret
    return min(pause_s * 2, _LONGEST_WAIT_S)


def _patiently(load: Callable[[], _Told], looks: int) -> _Told:
    """What is loaded; an upkeep may take entries of the log away between two looks at it."""
    from deltalake.exceptions import DeltaError

    pause = _FIRST_WAIT_S
    for _ in range(looks - 1):
        with suppress(DeltaError):
            return load()
        pause = _wait(pause)
    return load()


def _arrow(table: DeltaTable, sql: str) -> Any:
    from deltalake import QueryBuilder

    return QueryBuilder().register("h", table).execute(sql)


def connect() -> DuckDBPyConnection:
    """DuckDB in memory, that reaches for nothing over the network."""
    import duckdb

    return duckdb.connect(config=dict(OFFLINE))


_OWN: list[DuckDBPyConnection] = []
_LEFT_BEHIND: list[DuckDBPyConnection] = []
"""Those of the process that this one was forked from: their threads did not come along, and to close them crashes."""


def kept() -> DuckDBPyConnection:
    """A connection to a database that this process keeps: to open one takes as long as a question, or half an append.

    For statements that leave nothing in it but what is temporary, which is the connection's alone, and that change no
    setting; never for a question of somebody else's.
    """
    if not _OWN:
        _OWN.append(connect())
    return _OWN[0].cursor()


def _leave_behind() -> None:
    _LEFT_BEHIND.extend(_OWN)
    _OWN.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_behind)


def committing(app: str, version: int) -> dict[str, Any]:
    """How a commit is made: with its transaction, without the upkeep that `upkeep` does in its own time."""
    from deltalake import CommitProperties, PostCommitHookProperties, Transaction

    return {
        "commit_properties": CommitProperties(app_transactions=[Transaction(app, version)]),
        "post_commithook_properties": PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False),
    }


def _known(table: DeltaTable) -> set[str]:
    return {column.name for column in table.schema().fields}


def _is_whole(table: DeltaTable) -> bool:
    """Whether every file has every column, so that DuckDB need not look into each before it asks any."""
    first, _, made_with = (table.metadata().description or "").partition(_MADE_WITH)
    return not first and COLUMNS.keys() <= set(made_with.split())


def _there(table: DeltaTable) -> str:
    """Every column; of a table that an earlier version made, those that it has not are empty."""
    known = _known(table)
    return ", ".join(name if name in known else f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())


def with_new_columns(table: DeltaTable) -> dict[str, Any]:
    """How rows are written: a table of an earlier version gets the columns that it has not, one of a later keeps its own."""
    return {} if COLUMNS.keys() == _known(table) else {"schema_mode": "merge"}


def quoted(text: str) -> str:
    """A text literal of SQL. What is no text is written as the table keeps it."""
    return "'" + text.encode("utf-8", "replace").decode().replace("'", "''") + "'"


def typed() -> str:
    """Every column of the table, empty, with its type."""
    return ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())


def _reading(file: Path) -> str:
    columns = ", ".join(f"{name}: {quoted(kind)}" for name, kind in COLUMNS.items())
    order = "ORDER BY row, carrier, requirement"
    return (
        f"SELECT {', '.join(COLUMNS)} FROM read_json({quoted(str(file))}, format = 'newline_delimited', "  # noqa: S608
        f"columns = {{{columns}}}, maximum_object_size = 67108864) {order}"
    )


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
