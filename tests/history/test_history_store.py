"""The table: a run counts once, writers at the same moment lose nothing, a death at any moment leaves it whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_runs import MadeRun, append, sample
from msgspec.structs import replace

from harness.errors import UsageError
from harness.history.columns import COLUMNS, VIEWS
from harness.history.place import HistoryError, chosen, normal
from harness.history.rows import encoded_rows, key_of, rows_of
from harness.history.store import Store
from harness.history.upkeep import LEASE_S, keep_up, under_lease

if TYPE_CHECKING:
    from harness.reports.document.document import Document


def _runs(store: Store) -> list[str]:
    return [run for (run,) in store.view().execute("SELECT run FROM history WHERE row = 'run' ORDER BY run").fetchall()]


def test_a_run_is_counted_once(store: Store, tmp_path: Path) -> None:
    assert append(store, tmp_path, MadeRun(), MadeRun(), MadeRun(id="7f3a90c3")) == ["appended", "known", "appended"]
    assert len(_runs(store)) == 2


def test_runs_of_the_same_id_at_other_times_are_two(store: Store, tmp_path: Path) -> None:
    assert append(store, tmp_path, MadeRun(id="7f3a"), MadeRun(id="7f3a", time="15:00:00.000Z")) == ["appended"] * 2


def test_every_row_of_a_run_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    document = sample()
    file = tmp_path / "rows.ndjson"
    file.write_bytes(encoded_rows(document))
    store.append(file, key_of(document))
    cursor = store.view().execute("SELECT * FROM history")
    names = [column[0] for column in cursor.description]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    assert names == list(COLUMNS)
    told = [{name: row.get(name) for name in COLUMNS if COLUMNS[name] != "TIMESTAMP"} for row in rows_of(document)]
    back = [{name: row[name] for name in COLUMNS if COLUMNS[name] != "TIMESTAMP"} for row in found]
    assert sorted(map(repr, back)) == sorted(map(repr, told))
    assert {row["started"].isoformat(timespec="milliseconds") + "Z" for row in found} == {document.run.started}
    assert set().union(*(row.keys() for row in rows_of(document))) <= COLUMNS.keys()
    assert {row["row"] + "s" for row in told} == VIEWS.keys()


def test_hostile_text_of_a_device_comes_back(store: Store, tmp_path: Path) -> None:
    name = "a'; DROP VIEW history; -- \u202e\x00\ud800 =1+1"
    append(store, tmp_path, MadeRun(model=name))
    ((model,),) = store.view().execute("SELECT model FROM history WHERE row = 'device'").fetchall()
    assert model == name.replace("\ud800", "?")


WRITER = """
import sys
from pathlib import Path
from harness.history.store import Store
from harness.history.upkeep import keep_up
store = Store(sys.argv[1])
for file in sorted(Path(sys.argv[2]).glob("*.ndjson")):
    print(store.append(file, file.stem), flush=True)
    keep_up(store, every=5)
"""


def _prepared(folder: Path, writer: int, count: int) -> Path:
    mine = folder / f"writer-{writer}"
    mine.mkdir()
    for number in range(count):
        document = MadeRun(id=f"{writer:04}{number:04}").document()
        (mine / f"{key_of(document)}.ndjson").write_bytes(encoded_rows(document))
    return mine


def test_writers_at_once_lose_nothing_with_the_upkeep_between_them(store: Store, tmp_path: Path) -> None:
    folders = [_prepared(tmp_path, writer, 6) for writer in range(4)]
    # The fourth brings the same runs as the third.
    folders.append(folders[-1])
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, store.uri, str(one)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in folders
    ]
    told = [one.communicate(timeout=120) for one in writers]
    assert [(one.returncode, said[-300:]) for one, (_, said) in zip(writers, told, strict=True)] == [(0, "")] * 5
    said = [out.split() for out, _ in told]
    assert sum(words.count("appended") for words in said) == 24
    assert len(_runs(store)) == len(set(_runs(store))) == 24
    assert store.view().execute("SELECT count(*) FROM history WHERE row = 'verdict'").fetchall() == [(24,)]


KILLED = """
import json, os, signal, sys, time
from pathlib import Path
import deltalake, duckdb, harness.history.upkeep
from harness.history.store import Store

# Loaded, and never used here: delta-rs and DuckDB do not outlive a fork.
for line in sys.stdin:
    files, after_s, every = json.loads(line)
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        os.write(into, b"ready\\n")
        store = Store(sys.argv[1])
        for file in map(Path, files):
            os.write(into, f"{file.stem} {store.append(file, file.stem)}\\n".encode())
            harness.history.upkeep.keep_up(store, every=every)
        time.sleep(60)
    os.close(into)
    with os.fdopen(out) as told:
        told.readline()
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        print(json.dumps(told.read().split()), flush=True)
"""
MOMENTS = 50


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process for each moment costs what the whole test may")
def test_a_writer_that_is_killed_at_any_moment_leaves_it_readable_and_nothing_doubled(
    store: Store, tmp_path: Path
) -> None:
    append(store, tmp_path, MadeRun(id="00000000"))
    files = sorted(_prepared(tmp_path, 1, 2 * MOMENTS).iterdir())
    said: set[str] = set()
    cut = 0
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, store.uri], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as writers:
        assert writers.stdin is not None
        assert writers.stdout is not None
        for moment in range(MOMENTS):
            # It goes on where the one before it died. The moments walk through two appends and an upkeep.
            mine = [str(one) for one in files if one.stem not in said][:3]
            order = mine, 0.25 * moment / MOMENTS, 5 if moment % 5 == 4 else 1000
            writers.stdin.write(json.dumps(order) + "\n")
            writers.stdin.flush()
            words = json.loads(writers.stdout.readline())
            assert set(words[1::2]) <= {"appended", "known"}
            said |= set(words[::2])
            con = store.view()
            runs = [run for (run,) in con.execute("SELECT run FROM history WHERE row = 'run'").fetchall()]
            assert len(runs) == len(set(runs))
            assert said <= set(runs), "what was told to be in is not"
            assert con.execute("SELECT count(*) FROM history WHERE row = 'verdict'").fetchall() == [(len(runs),)]
            cut += len(words) < 6
        writers.stdin.close()
    assert cut > MOMENTS // 2, "hardly one died in the middle of its work"
    assert append(store, tmp_path, MadeRun(id="99999999")) == ["appended"]


def test_the_upkeep_joins_files_and_clears_the_log(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(12)))
    append(store, tmp_path, MadeRun(day="2026-10-02"))
    assert keep_up(store) is None, "thirteen commits are not due yet"
    kept = keep_up(store, every=10)
    assert kept is not None
    assert kept.joined == 12
    assert len(store.files(store.table())) == 2
    assert len(_runs(store)) == 13
    assert append(store, tmp_path, MadeRun(id="00000003")) == ["known"], "the checkpoint keeps what was counted"
    logs = list((Path(store.uri) / "_delta_log").glob("*.json"))
    assert len(logs) <= 3
    assert keep_up(store, every=10) is None


def test_the_upkeep_is_under_a_lease_that_ends(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from harness.history import upkeep

    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(4)))
    assert upkeep._take(store.table())
    assert not upkeep._take(store.table())
    assert keep_up(store, every=1) is None
    later = time.time() + LEASE_S + 1
    monkeypatch.setattr(upkeep.time, "time", lambda: later)
    assert keep_up(store, every=1) is not None, "its holder died"


def test_two_that_reach_for_the_lease_at_once_are_not_both_served(store: Store, tmp_path: Path) -> None:
    from harness.history import upkeep

    append(store, tmp_path, MadeRun())
    one, other = store.table(), store.table()
    assert [upkeep._take(one), upkeep._take(other)] == [True, False]


def test_files_that_a_reader_has_open_outlive_the_upkeep(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(4)))
    con = store.view()
    assert keep_up(store, every=1) is not None
    assert con.execute("SELECT count(*) FROM history WHERE row = 'run'").fetchall() == [(4,)]


def test_a_store_that_duckdb_cannot_open_is_read_through_the_log(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(store, tmp_path, MadeRun(), MadeRun(day="2026-08-01"))
    monkeypatch.setattr("harness.history.store.is_local", lambda _: False)
    con = store.view(since="2026-09")
    assert con.execute("SELECT month, bands FROM history WHERE row = 'band'").fetchall() == [("2026-11", [2, 4, 12])]


def test_what_cannot_be_written_is_told_soon(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    began = time.monotonic()
    with pytest.raises(HistoryError, match="cannot be appended"):
        append(Store(str(tmp_path / "file" / "table")), tmp_path, MadeRun())
    assert time.monotonic() - began < 10


def test_where_there_is_no_table_the_way_out_is_told(store: Store) -> None:
    with pytest.raises(HistoryError) as told:
        store.view()
    assert "bandproof history import" in told.value.way_out


@pytest.mark.parametrize("name", ["plain", "with blank", "ümlaut", "a+b", "quo'te", "100%25"])
def test_folders_of_odd_names(tmp_path: Path, name: str) -> None:
    if "%" in name:
        with pytest.raises(UsageError):
            normal(str(tmp_path / name))
        return
    store = Store(normal(str(tmp_path / name / "table")))
    append(store, tmp_path, MadeRun())
    assert len(_runs(store)) == 1


def test_a_password_in_the_address_is_refused() -> None:
    with pytest.raises(UsageError, match="secret"):
        normal("s3://key:word@bucket/table")
    with pytest.raises(UsageError, match="secret"):
        normal("az://box/table?sig=word")


def test_who_says_where(tmp_path: Path) -> None:
    given = {"BANDPROOF_HISTORY": "/from/environment"}
    assert chosen("/from/option", "bench", tmp_path, given) == "/from/option"
    assert chosen(None, "table", tmp_path, given) == str(tmp_path / "table")
    assert chosen(None, "s3://bucket/table/", tmp_path, given) == "s3://bucket/table"
    assert chosen(None, None, tmp_path, given) == "/from/environment"
    assert chosen(None, None, tmp_path, {}) is None


def _swept() -> Document:
    from harness.reports.document.told_facts import facts_of
    from harness.trial_facts import BandTrial

    trials = [
        BandTrial(rat="lte", band=12, plan="tried", lock="in_force", registered=True, fresh=True, served_band=12,
                  served_rat="lte", attach_s=3.25, rsrp_dbm=-95.0),
        BandTrial(rat="lte", band=66, plan="refused", why="the modem has no such band"),
    ]  # fmt: skip
    document = MadeRun(id="5eeb5eeb").document()
    device = document.devices[0]
    facts = facts_of([one.as_json() for one in (*device.observations, *trials)])
    return replace(document, devices=(replace(device, observations=facts),))


_TRIALS = "SELECT band, plan, why, lock_state, fresh, served_band, attach_s, grade FROM history WHERE row = 'trial' ORDER BY band"


def test_the_trials_of_a_sweep_are_rows(store: Store, tmp_path: Path) -> None:
    document = _swept()
    (tmp_path / "rows").write_bytes(encoded_rows(document))
    store.append(tmp_path / "rows", key_of(document))
    assert store.view().execute(_TRIALS).fetchall() == [
        (12, "tried", None, "in_force", True, 12, 3.25, "measured"),
        (66, "refused", "the modem has no such band", "not_sent", False, None, None, "measured"),
    ]


def test_a_technology_that_was_held_is_a_trial_without_a_band(store: Store, tmp_path: Path) -> None:
    from harness.reports.document.told_facts import facts_of
    from harness.trial_facts import RatTrial

    held = RatTrial(
        rat="nr", plan="tried", slot=0, baseline=True, lock="in_force", registered=True, fresh=True,
        registered_rat="nr", served_rat="nr", served_band=71, attach_s=1.5,
    )  # fmt: skip
    document = MadeRun(id="5eeb5eeb").document()
    device = document.devices[0]
    facts = facts_of([one.as_json() for one in (*device.observations, held)])
    document = replace(document, devices=(replace(device, observations=facts),))
    (tmp_path / "rows").write_bytes(encoded_rows(document))
    store.append(tmp_path / "rows", key_of(document))
    query = "SELECT rat, band, lock_state, served_rat, served_band, on_air FROM history WHERE row = 'trial'"
    assert store.view().execute(query).fetchall() == [("nr", None, "in_force", "nr", 71, None)]


def test_a_table_of_an_earlier_version_is_read_and_gets_what_it_lacks(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = {name: kind for name, kind in COLUMNS.items() if name not in VIEWS["trials"] or name in VIEWS["verdicts"]}
    assert len(earlier) < len(COLUMNS)
    with monkeypatch.context() as old:
        old.setattr("harness.history.store.COLUMNS", earlier)
        append(store, tmp_path, MadeRun(id="00000001"), MadeRun(id="00000002", day="2026-10-02"))
    assert len(_runs(store)) == 2
    assert "union_by_name" in _asked_for(store)
    assert store.view().execute(_TRIALS).fetchall() == []
    document = _swept()
    (tmp_path / "rows").write_bytes(encoded_rows(document))
    assert store.append(tmp_path / "rows", key_of(document)) == "appended"
    assert len(_runs(store)) == 3
    assert len(store.view().execute(_TRIALS).fetchall()) == 2
    assert keep_up(store, every=1) is not None
    assert len(_runs(store)) == 3
    assert len(store.view().execute(_TRIALS).fetchall()) == 2


def _asked_for(store: Store) -> str:
    ((sql,),) = store.view().execute("SELECT sql FROM duckdb_views() WHERE view_name = 'history'").fetchall()
    return sql


def test_files_that_have_every_column_are_not_looked_into_before_they_are_asked(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, MadeRun())
    assert "union_by_name" not in _asked_for(store)


def test_questions_of_threads_at_once_keep_apart(store: Store, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    other = Store(f"{store.uri}-other")
    append(store, tmp_path, MadeRun(id="00000001"), MadeRun(id="00000002"))
    append(other, tmp_path, MadeRun(id="00000003"))
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda number: len(_runs((store, other)[number % 2])), range(40)))
    assert told == [2, 1] * 20


def test_a_table_whose_log_another_upkeep_takes_away_is_loaded_anew(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(4)))
    stale = store.table()
    append(store, tmp_path, MadeRun(id="00000009"))
    keep_up(store, every=1)
    for entry in (tmp_path / "table" / "_delta_log").glob("0000000000000000000?.json"):
        entry.unlink(missing_ok=True)
    assert under_lease(store, stale) is None
    looked = []

    def about(table):
        looked.append(stale if not looked else table)
        return looked[-1].transaction_version("none of these")

    assert store.ask(about) is None
    assert len(looked) == 2
