"""`bandproof history`: its forms, what it imports, what it forgets."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import duckdb
import pytest
from made_runs import SAMPLE, MadeRun, append

from harness.cli import main
from harness.history.rows import encoded_rows, key_of
from harness.history.spool import Spool
from harness.reports.document.document import write_json

if TYPE_CHECKING:
    from pathlib import Path

    from harness.history.store import Store

Told = pytest.CaptureFixture[str]


def test_old_runs_are_taken_once(tmp_path: Path, capsys: Told) -> None:
    where = f"--history={tmp_path / 'table'}"
    write_json(tmp_path / "one.json", MadeRun().document())
    assert main(["history", "import", str(SAMPLE), str(tmp_path / "one.json"), where]) == 0
    assert capsys.readouterr().out == "2 runs taken, 0 were there\n"
    assert main(["history", "import", str(SAMPLE), str(tmp_path / "nothing"), where]) == 4
    told = capsys.readouterr()
    assert told.out == "0 runs taken, 1 were there\n"
    assert "no finished run" in told.err


def test_an_answer_in_every_form(store: Store, tmp_path: Path, capsys: Told) -> None:
    name = "=cmd|<b>X</b>"
    append(store, tmp_path, MadeRun(model=name), MadeRun(id="00000002", key="S-2", verdicts={"R-1": "FAIL"}))
    forms = [f"--{form}={tmp_path / f'out.{form}'}" for form in ("csv", "parquet", "html")]
    assert main(["history", "carrier", "us/att", f"--history={store.uri}", "--json", *forms]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "bandproof.history/1"
    assert [row["verdict"] for row in told["rows"]] == ["FAIL", "PASS"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert [row["verdict"] for row in rows] == ["FAIL", "PASS"]
    kept = (
        duckdb.connect().execute(f"SELECT verdict, met FROM '{tmp_path / 'out.parquet'}' ORDER BY verdict").fetchall()
    )
    assert [row[0] for row in kept] == ["FAIL", "PASS"]
    page = (tmp_path / "out.html").read_text()
    assert "Content-Security-Policy" in page
    assert "<b>X</b>" not in page
    assert "<script" not in page


def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(store: Store, tmp_path: Path) -> None:
    append(store, tmp_path, MadeRun(device="=1+1"))
    main(["history", "device", "S-1", f"--history={store.uri}", f"--csv={tmp_path / 'out.csv'}"])
    assert "'=1+1" in (tmp_path / "out.csv").read_text()


def test_a_matrix_is_drawn(store: Store, tmp_path: Path, capsys: Told) -> None:
    append(store, tmp_path, MadeRun(), MadeRun(id="00000002", key="S-2", model="Model Y", carrier="us/verizon"))
    assert main(["history", "coverage", f"--history={store.uri}", f"--html={tmp_path / 'out.html'}"]) == 0
    assert capsys.readouterr().out.splitlines()[0].split("\t") == ["model", "us/att", "us/verizon"]
    page = (tmp_path / "out.html").read_text()
    assert page.count("<svg") == 1
    assert "Maker Model Y at us/verizon: PASS" in page


def test_no_history_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["history", "coverage"]) == 2
    assert "BANDPROOF_HISTORY" in capsys.readouterr().err


def test_a_device_that_is_forgotten_is_in_no_file_any_more(store: Store, tmp_path: Path, capsys: Told) -> None:
    gone, kept = MadeRun(key="GONE-77", device="gone"), MadeRun(id="00000002", key="KEPT-1", device="kept")
    append(store, tmp_path, gone, kept)
    spool = Spool(store.uri)
    for run in (gone, kept):
        spool.put(key_of(run.document()), encoded_rows(run.document()))
    where = f"--history={store.uri}"
    assert main(["history", "forget", "GONE-77", "--yes", where]) == 0
    assert "4 rows of GONE-77 are gone" in capsys.readouterr().out
    assert main(["history", "sql", "SELECT DISTINCT key FROM verdicts", where, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == [{"key": "KEPT-1"}]
    for folder in (tmp_path / "table", spool.folder):
        for file in folder.rglob("*"):
            assert not (file.is_file() and b"GONE-77" in file.read_bytes()), file
    assert append(store, tmp_path, gone) == ["known"], "what was forgotten does not come back by an import"


def test_an_operator_is_forgotten_and_the_run_stays(store: Store, tmp_path: Path, capsys: Told) -> None:
    append(store, tmp_path, MadeRun(tester="T. Ester"))
    where = f"--history={store.uri}"
    assert main(["history", "forget", "--tester", "T. Ester", "--yes", where]) == 0
    assert "from 1 run;" in capsys.readouterr().out
    main(["history", "sql", "SELECT tester FROM runs", where, "--json"])
    assert json.loads(capsys.readouterr().out)["rows"] == [{"tester": None}]
    for file in (tmp_path / "table").rglob("*"):
        assert not (file.is_file() and b"T. Ester" in file.read_bytes()), file


def test_forgetting_asks_first(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Told) -> None:
    append(store, tmp_path, MadeRun())
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert main(["history", "forget", "S-1", f"--history={store.uri}"]) == 2
    assert "nothing was taken out" in capsys.readouterr().err
    assert store.view().execute("SELECT count(*) > 0 FROM history WHERE key = 'S-1'").fetchall() == [(True,)]
