"""Runs with a history: appended after the report, kept where that fails, and never slower or worse for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made_runs import MadeRun

from harness.history.deliver import Delivery, main
from harness.history.rows import encoded_rows, key_of
from harness.history.spool import Spool
from harness.history.store import Store

DEVICE = ("--device=fixture:xiaomi-mi-mix-2-global", "--carrier=us/att@2017-03")


def _run(folder: Path, *options: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *DEVICE, *options],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _keys(uri: Path) -> list[str]:
    rows = Store(str(uri)).view().execute("SELECT run FROM history WHERE row = 'run' ORDER BY run").fetchall()
    return [key for (key,) in rows]


def test_a_run_is_in_its_history_when_it_has_ended(tmp_path: Path, spool: Path) -> None:
    done = _run(tmp_path, "--history=table", "--report-dir=run")
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "report run/report.html"
    assert "warning" not in done.stdout
    key = json.loads((tmp_path / "run" / "report.json").read_text())["run"]["key"]
    assert _keys(tmp_path / "table") == [key]
    assert list(spool.rglob("*.ndjson")) == []


def test_the_bench_file_and_the_environment_say_where(tmp_path: Path) -> None:
    bench = tmp_path / "lab" / "bench.yaml"
    bench.parent.mkdir()
    bench.write_text(
        "format: bandproof.bench/1\nname: rack 3\nhistory: table\ndevices:\n"
        "  dut: {recording: fixture:xiaomi-mi-mix-2-global}\n"
    )
    assert _run(tmp_path, f"--bench={bench}", "--device=bench:dut").returncode == 0
    assert len(_keys(tmp_path / "lab" / "table")) == 1
    assert _run(tmp_path, BANDPROOF_HISTORY=str(tmp_path / "other")).returncode == 0
    assert len(_keys(tmp_path / "other")) == 1


def test_a_history_that_cannot_be_written_is_a_warning_and_the_next_run_brings_both(
    tmp_path: Path, spool: Path
) -> None:
    place = tmp_path / "place"
    place.write_text("no folder")
    failed = _run(tmp_path, f"--history={place}/table")
    assert failed.returncode == 0, failed.stdout
    assert "warning: not in the history" in failed.stdout
    (waits,) = spool.rglob("*.ndjson")
    assert waits.stat().st_mode & 0o077 == 0
    place.unlink()
    assert _run(tmp_path, f"--history={place}/table").returncode == 0
    _until(lambda: len(_keys(place / "table")) == 2 and not list(spool.rglob("*.ndjson")))


def _until(is_so: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_store_that_never_answers_costs_a_moment(
    tmp_path: Path, spool: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        document = MadeRun().document()
        delivery = Delivery("s3://bucket/table", key_of(document), encoded_rows(document))
        assert delivery._process is not None
        process = delivery._process.pid
        began = time.monotonic()
        (said,) = delivery.word(within_s=1.0)
        assert time.monotonic() - began < 2
        assert "has not answered yet" in said
        assert len(list(spool.rglob("*.ndjson"))) == 1
        os.kill(process, 9)
        os.waitpid(process, 0)


def test_a_secret_in_the_address_is_refused_before_a_device_is_asked(tmp_path: Path) -> None:
    done = _run(tmp_path, "--history=s3://key:word@bucket/table")
    assert done.returncode == 4
    assert "secret" in done.stderr
    assert not (tmp_path / "reports").exists()


def test_without_the_extra_a_run_is_kept_and_says_so(tmp_path: Path, spool: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    (blocked / "sitecustomize.py").write_text(
        "import sys\n"
        "class No:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('deltalake', 'duckdb'): raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, No())\n"
    )
    done = _run(tmp_path, "--history=table", PYTHONPATH=str(blocked))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pip install 'bandproof[history]'" in done.stdout
    assert len(list(spool.rglob("*.ndjson"))) == 1


def test_a_run_imports_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    print('found', sorted({'deltalake', 'duckdb', 'pyarrow'} & sys.modules.keys()))\n"
    )
    done = _run(tmp_path, "--history=table", f"--rootdir={tmp_path}", "-p", "conftest", PYTHONPATH=str(tmp_path))
    assert "found []" in done.stdout, done.stdout + done.stderr
    light = (
        "import sys, harness.cli; harness.cli.main(['band', '66'])\n"
        "print(sorted(m for m in sys.modules if m.startswith('harness.history')))"
    )
    told = subprocess.run([sys.executable, "-c", light], capture_output=True, text=True, check=True)
    assert told.stdout.endswith("[]\n")


def test_the_table_needs_no_pyarrow(tmp_path: Path) -> None:
    document = MadeRun().document()
    file = tmp_path / "rows.ndjson"
    file.write_bytes(encoded_rows(document))
    code = (
        "import sys\nsys.modules['pyarrow'] = None\nsys.modules['pandas'] = None\n"
        "from pathlib import Path\nfrom harness.history.store import Store\n"
        "from harness.history.upkeep import keep_up\nfrom harness.history.questions.coverage import coverage\n"
        "from harness.history.views import write_parquet\n"
        f"s = Store({str(tmp_path / 'table')!r})\n"
        f"s.append(Path({str(file)!r}), 'a'); s.append(Path({str(file)!r}), 'b'); keep_up(s, every=1)\n"
        f"write_parquet(Path({str(tmp_path / 'out.parquet')!r}), coverage(s.view()))\nprint(coverage(s.view()).rows)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "(('Maker Model X', 'PASS'),)", told.stderr


def test_a_picture_is_drawn_for_a_page_alone(tmp_path: Path) -> None:
    document = MadeRun().document()
    file = tmp_path / "rows.ndjson"
    file.write_bytes(encoded_rows(document))
    where = f"--history={tmp_path / 'table'}"
    Store(str(tmp_path / "table")).append(file, "a")
    code = (
        "import sys\nfrom harness.cli import main\n"
        "for more in ([], [f'--html={sys.argv[2]}']):\n"
        "    main(['history', 'coverage', sys.argv[1], *more])\n    print('drawn', 'drawsvg' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, where, str(tmp_path / "out.html")], capture_output=True, text=True, check=True
    )
    assert [line for line in told.stdout.splitlines() if line.startswith("drawn")] == ["drawn False", "drawn True"]


def test_what_waits_is_brought_in_by_the_next_and_a_panic_is_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    uri = str(tmp_path / "table")
    spool = Spool(uri)
    files = []
    for number in range(3):
        document = MadeRun(id=f"{number:08}").document()
        files.append((key_of(document), spool.put(key_of(document), encoded_rows(document))))

    class Panic(BaseException):
        pass

    def panics(*_: object, **__: object) -> str:
        raise Panic("rust is upset")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", panics)
        patch.setattr("harness.history.deliver._tell", lambda told: print(json.dumps(told)))
        assert main(uri, *files[0]) == 1
    told = json.loads(capfd.readouterr().out)
    assert told == {"outcome": "failed", "message": "rust is upset", "waiting": 3}
    monkeypatch.setattr("harness.history.deliver._tell", lambda _: None)
    assert main(uri, *files[2]) == 0
    assert len(_keys(Path(uri))) == 3
    assert spool.waiting() == []


def test_one_that_empties_the_spool_keeps_others_out(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path / "table"))
    spool.put("a", b"{}\n")
    with spool.emptying() as mine, spool.emptying() as also:
        assert (mine, also) == (True, False)
    with spool.emptying() as again:
        assert again
