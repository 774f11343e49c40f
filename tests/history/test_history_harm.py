"""What befalls a history: a clock that jumps, damaged reports, a full disk, a folder that nobody may write, a kill."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from made_runs import SAMPLE, MadeRun, append

from harness.cli import main
from harness.history.place import HistoryError
from harness.history.questions.coverage import carrier_results
from harness.history.rows import encoded_rows, key_of
from harness.history.spool import Spool
from harness.history.upkeep import LEASE_S, keep_up

if TYPE_CHECKING:
    from harness.history.store import Store


def _runs(store: Store) -> list[str]:
    return [run for (run,) in store.view().execute("SELECT run FROM history WHERE row = 'run' ORDER BY run").fetchall()]


def test_a_lease_that_a_clock_took_which_was_ahead_ends_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.history import upkeep

    append(store, tmp_path, MadeRun())
    now = time.time()
    with monkeypatch.context() as ahead:
        ahead.setattr(upkeep.time, "time", lambda: now + 10**8)
        assert upkeep._take(store.table())
    assert keep_up(store, every=1) is not None
    assert upkeep._take(store.table())
    assert not upkeep._take(store.table())
    monkeypatch.setattr(upkeep.time, "time", lambda: now + LEASE_S + 60)
    assert upkeep._take(store.table())


def test_a_run_of_a_clock_that_was_ahead_has_no_age_below_nothing(store: Store, tmp_path: Path) -> None:
    from datetime import datetime

    append(store, tmp_path, MadeRun(day="2026-11-21"))
    (row,) = carrier_results(store.view(), "us/att", now=datetime(2026, 11, 20)).dicts()
    assert row["age_days"] == 0


def _damaged(folder: Path, name: str, **run: Any) -> Path:
    told = json.loads((SAMPLE / "report.json").read_text())
    told["run"] |= run
    file = folder / f"{name}.json"
    file.write_text(json.dumps(told))
    return file


@pytest.mark.parametrize(
    "damage",
    [
        {"started": "2026-13-45T99:99:99.000Z"},
        {"started": "2026-11-21T14:03:11.1234567890123Z", "finished": "0000-00-00T00:00:00Z"},
        {"key": None, "started": "9999-99-99T00:00:00Z"},
    ],
    ids=["no such day", "no such end", "no such month"],
)
def test_a_damaged_report_is_named_and_the_others_are_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: dict[str, str | None]
) -> None:
    bad = _damaged(tmp_path, "bad", **damage)
    where = f"--history={tmp_path / 'table'}"
    assert main(["history", "import", str(bad), str(SAMPLE), where]) == 4
    told = capsys.readouterr()
    assert told.out == "1 runs taken, 0 were there\n"
    assert "bad.json" in told.err
    assert "Traceback" not in told.err
    assert main(["history", "coverage", where]) == 0


def test_numbers_too_large_for_a_column_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads((SAMPLE / "report.json").read_text())
    told["results"][0]["met"] = 10**12
    (tmp_path / "bad.json").write_text(json.dumps(told))
    where = f"--history={tmp_path / 'table'}"
    assert main(["history", "import", str(tmp_path / "bad.json"), str(SAMPLE), where]) == 4
    assert capsys.readouterr().out == "1 runs taken, 0 were there\n"


def test_a_damaged_file_of_the_spool_does_not_hold_up_the_others(tmp_path: Path) -> None:
    from harness.history.deliver import empty
    from harness.history.store import Store

    uri = str(tmp_path / "table")
    spool = Spool(uri)
    bad = spool.put("0000", b'{"row": "run", "started": "no moment"')
    for number in range(2):
        document = MadeRun(id=f"{number:08}").document()
        spool.put(key_of(document), encoded_rows(document))
    with pytest.raises(HistoryError, match="0000"):
        empty(spool)
    assert spool.waiting() == [bad]
    assert len(_runs(Store(uri))) == 2


def test_what_is_forgotten_is_in_no_older_checkpoint_either(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from harness.history import store as module

    name = "delta.dataSkippingNumIndexedCols"
    monkeypatch.setattr(module, "CONFIGURATION", {k: v for k, v in module.CONFIGURATION.items() if k != name})
    for number in range(12):
        append(
            store, tmp_path, MadeRun(id=f"{number:08}", key="GONE-77" if number % 2 else "KEPT-1", tester="T. Ester")
        )
        keep_up(store)
    where = f"--history={store.uri}"
    assert main(["history", "forget", "GONE-77", "--yes", where]) == 0
    assert main(["history", "forget", "--tester", "T. Ester", "--yes", where]) == 0
    for file in (tmp_path / "table").rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert b"GONE-77" not in data, file
        assert b"T. Ester" not in data, file
    for question in (
        ["device", "GONE-77"],
        ["model"],
        ["build", "BUILD.1"],
        ["carrier", "us/att"],
        ["flaky"],
        ["coverage"],
    ):
        assert main(["history", *question, where]) == 0
    assert len(_runs(store)) == 12


def test_what_a_killed_append_left_is_thrown_away_a_day_later(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, MadeRun(key="GONE-77"), MadeRun(id="00000002", key="KEPT-1"))
    (written, *_) = Path(store.uri).glob("month=2026-11/*.parquet")
    under_way, left = (written.with_name(f"part-00000-{name}-c000.snappy.parquet") for name in ("new", "old"))
    for file in (under_way, left):
        file.write_bytes(written.read_bytes())
    days_ago = time.time() - 2 * 86400
    os.utime(left, (days_ago, days_ago))
    assert main(["history", "forget", "GONE-77", "--yes", f"--history={store.uri}"]) == 0
    assert (left.exists(), under_way.exists()) == (False, True), "one that is being written is not touched"
    os.utime(under_way, (days_ago, days_ago))
    assert keep_up(store, every=1) is not None
    assert not under_way.exists()
    assert len(_runs(store)) == 2


def test_what_somebody_keeps_in_the_same_folder_is_not_thrown_away(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, MadeRun())
    days_ago = time.time() - 3 * 86_400
    for name in ("notes.txt", "run/report.html", "month=2026-10/part-left.parquet", "sales/part-1.parquet"):
        file = Path(store.uri, name)
        file.parent.mkdir(exist_ok=True)
        file.write_text("theirs")
        os.utime(file, (days_ago, days_ago))
        for folder in (file.parent, Path(store.uri)):
            os.utime(folder, (days_ago, days_ago))
    assert keep_up(store, every=1) is not None
    assert {"notes.txt", "run/report.html", "sales/part-1.parquet"} <= {
        str(one.relative_to(store.uri)) for one in Path(store.uri).rglob("*") if one.is_file()
    }
    assert len(_runs(store)) == 1


@pytest.mark.parametrize(("key", "done"), [("S-1", "the rows are gone"), ("S-9", "no row was found")])
def test_files_that_cannot_be_thrown_away_are_told_with_what_was_done(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, done: str
) -> None:
    from harness.history.forgetting import forget_device

    def refused(*_: object, **__: object) -> None:
        raise PermissionError("read-only")

    append(store, tmp_path, MadeRun())
    monkeypatch.setattr("harness.history.forgetting.tidy", refused)
    with pytest.raises(HistoryError, match=f"{done}, but old files are left"):
        forget_device(store, key)


FULL = """
import resource, sys
from harness.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("room", [1, 500, 4000, 12000])
def test_a_full_disk_is_told_and_leaves_the_table_whole(store: Store, tmp_path: Path, room: int) -> None:
    append(store, tmp_path, *(MadeRun(id=f"{number:08}") for number in range(3)))
    where = f"--history={store.uri}"
    for words in (
        ["import", str(SAMPLE), where],
        ["forget", "S-1", "--yes", where],
        ["coverage", where, f"--html={tmp_path / 'out.html'}"],
        ["coverage", where, f"--parquet={tmp_path / 'out.parquet'}"],
        ["coverage", where, f"--csv={tmp_path / 'out.csv'}"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", FULL, str(room), "history", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            # A compiled module that the limit cuts would stay in everybody's __pycache__.
            env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert done.returncode in {0, 3, 4}, (words, done.returncode, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        # A thread of the library may say more of its own.
        assert done.stderr.count("bandproof: ") == (done.returncode != 0), done.stderr
        left = [run for run in _runs(store) if not run.endswith("7f3a90c2")]
        assert len(left) == 3
    assert append(store, tmp_path, MadeRun(id="99999999")) == ["appended"]
