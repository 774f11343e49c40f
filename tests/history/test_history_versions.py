"""Tables of other versions, of somebody else, and the log that appends and upkeeps of several leave."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_runs import MadeRun, append

from harness.history.columns import COLUMNS
from harness.history.place import HistoryError
from harness.history.upkeep import CHECKPOINT_EVERY, keep_up

if TYPE_CHECKING:
    from deltalake import DeltaTable

    from harness.history.store import Store


def _runs(store: Store) -> list[str]:
    return [run for (run,) in store.view().execute("SELECT run FROM history WHERE row = 'run' ORDER BY run").fetchall()]


def test_a_table_of_somebody_else_is_left_alone(store: Store, tmp_path: Path) -> None:
    import duckdb
    from deltalake import DeltaTable, write_deltalake

    write_deltalake(store.uri, duckdb.sql("SELECT 1 AS a, '2026-11' AS month"), partition_by=["month"], name="sales")
    for use in (lambda: append(store, tmp_path, MadeRun()), store.view, lambda: keep_up(store, every=1)):
        with pytest.raises(HistoryError, match="is no history"):
            use()
    assert DeltaTable(store.uri).version() == 0


def test_a_table_of_a_schema_to_come_is_left_alone(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr("harness.history.store._MADE_WITH", "bandproof.history/2 made with: ")
        later.setattr("harness.history.store.SCHEMA", "bandproof.history/2")
        append(store, tmp_path, MadeRun())
    for use in (lambda: append(store, tmp_path, MadeRun(id="00000002")), store.view, lambda: keep_up(store, every=1)):
        with pytest.raises(HistoryError, match="another version of bandproof"):
            use()
    assert store.exists()


def test_a_table_to_which_a_later_version_gave_columns_is_written_and_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr("harness.history.store.COLUMNS", COLUMNS | {"later": "VARCHAR"})
        append(store, tmp_path, MadeRun())
    assert append(store, tmp_path, MadeRun(id="00000002"), MadeRun(id="00000002")) == ["appended", "known"]
    assert keep_up(store, every=1) is not None
    assert len(_runs(store)) == 2
    with monkeypatch.context() as later:
        later.setattr("harness.history.store.COLUMNS", COLUMNS | {"later": "VARCHAR"})
        assert append(store, tmp_path, MadeRun(id="00000003")) == ["appended"]
        assert store.view().execute("SELECT count(DISTINCT run) FROM history WHERE later IS NULL").fetchall() == [(3,)]


def test_the_log_that_an_append_reads_stays_short(store: Store, tmp_path: Path) -> None:
    for number in range(2 * CHECKPOINT_EVERY):
        append(store, tmp_path, MadeRun(id=f"{number:08}"))
        keep_up(store)
    log = Path(store.uri) / "_delta_log"
    last = json.loads((log / "_last_checkpoint").read_text())["version"]
    assert store.table().version() - last < CHECKPOINT_EVERY
    entry = json.loads((log / f"{last + 1:020}.json").read_text().splitlines()[-1]) if last < 20 else {}
    assert "minValues" not in json.dumps(entry)


def test_a_checkpoint_of_one_that_was_late_harms_nothing(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(4)))
    store.table().create_checkpoint()
    log = Path(store.uri) / "_delta_log"
    late = {file: file.read_bytes() for file in (*log.glob("*.checkpoint.parquet"), log / "_last_checkpoint")}
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(4, 8)))
    assert keep_up(store, every=1) is not None
    for file, data in late.items():
        assert not file.exists() or file.name == "_last_checkpoint"
        file.write_bytes(data)
    assert len(_runs(store)) == 8
    assert append(store, tmp_path, MadeRun(id="00000000"), MadeRun(id="00000009")) == ["known", "appended"]
    assert keep_up(store, every=1) is not None
    assert len(_runs(store)) == 9


def test_a_table_of_an_earlier_version_is_kept_as_one_of_this(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.history import store as module

    name = "delta.dataSkippingNumIndexedCols"
    with monkeypatch.context() as old:
        old.setattr(module, "CONFIGURATION", {k: v for k, v in module.CONFIGURATION.items() if k != name})
        append(store, tmp_path, MadeRun(id="00000001"))
    writer = store.table()
    assert keep_up(store, every=1) is not None
    assert store.table().metadata().configuration[name] == "0"
    # One that loaded the table before is refused by the log and tries again.
    monkeypatch.setattr("deltalake.DeltaTable", _Stale(writer))
    assert append(store, tmp_path, MadeRun(id="00000002")) == ["appended"]
    assert len(_runs(store)) == 2


class _Stale:
    """Loads a table as it was, the first time."""

    def __init__(self, table: DeltaTable) -> None:
        from deltalake import DeltaTable

        self._real, self._tables = DeltaTable, [table]

    def __call__(self, uri: str) -> DeltaTable:
        return self._tables.pop() if self._tables else self._real(uri)

    def is_deltatable(self, uri: str) -> bool:
        return self._real.is_deltatable(uri)
