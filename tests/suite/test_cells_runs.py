"""`--cells=scpi:…` as its users run it: named on the command line or in the bench file, put back, also after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cells"))

from call_box import CallBox

from harness import cli
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytest.importorskip("pyvisa_py")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
QUICK = ("--sweep-settle=0.1", "--sweep-wait=1")


@pytest.fixture
def box():
    served = CallBox()
    yield served
    served.close()


@pytest.fixture
def modem():
    with serve_radio(TONGUES["quectel-lte"](), Air([cell_on("lte", 12), cell_on("lte", 2)])) as served:
        yield served


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out", *QUICK, *arguments],
        cwd=folder, env={**os.environ, "BANDPROOF_JOURNAL": str(folder / "journal")},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def bench(folder: Path, address: str, cells: str = "") -> str:
    more = f"cells: {cells}\n" if cells else ""
    file = folder / "bench.yaml"
    file.write_text(f"format: bandproof.bench/1\n{more}devices:\n  m1:\n    at: {address}\n    sweep: allowed\n")
    return "--bench=bench.yaml"


@pytest.mark.parametrize("where", ["option", "bench"])
def test_a_call_box_is_a_witness_of_the_report_and_as_before_at_the_end(tmp_path, box, modem, where):
    spec = f"scpi:{box.resource},map=cmw500,power=-80"
    box.device = "ATT"
    before = box.state
    words = [bench(tmp_path, modem.address, spec if where == "bench" else ""), "--sweep=12"]
    run = started(tmp_path, *words, *(["--cells", spec] if where == "option" else []))
    out, _ = run.communicate(timeout=120)
    assert run.returncode == 0, out
    told = json.loads((tmp_path / "out/report.json").read_text())["verdicts"]
    assert {one["requirement"]: one["verdict"] for one in told if one["carrier"] == "swept/bands"} == {
        "SWEEP-LTE-B12": "PASS"
    }
    evidence = (tmp_path / "out/evidence/m1/sweep.yaml").read_text()
    assert "R&S CMW500: cell on, band 12" in evidence
    told_in = [one.name for one in (tmp_path / "out").rglob("*") if one.is_file() and b"127.0.0.1" in one.read_bytes()]
    assert told_in == [], "where the laboratory's instruments are is nobody's business"
    assert box.state == before
    assert not list((tmp_path / "journal").glob("*.json"))


def test_a_killed_run_is_put_back_modem_and_box(tmp_path, box, modem, monkeypatch, capsys):
    monkeypatch.setenv("BANDPROOF_JOURNAL", str(tmp_path / "journal"))
    before, lists = box.state, dict(modem.radio.memory.nv)
    run = started(tmp_path, bench(tmp_path, modem.address), "--sweep=2", f"--cells=scpi:{box.resource},map=cmw500")
    until = time.monotonic() + 60
    while modem.radio.memory.nv == lists and time.monotonic() < until:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    assert box.state["band"] == "OB2"
    assert len(list((tmp_path / "journal").glob("*.json"))) == 2
    assert cli.main(["restore", "--wait=5"]) == 0
    assert "R&S CMW500: the band put back to 3" in capsys.readouterr().out
    assert box.state == before
    assert modem.radio.memory.nv == lists
    assert not list((tmp_path / "journal").glob("*.json"))


def test_another_box_behind_the_address_is_not_touched(tmp_path, box, modem, monkeypatch, capsys):
    monkeypatch.setenv("BANDPROOF_JOURNAL", str(tmp_path / "journal"))
    run = started(tmp_path, bench(tmp_path, modem.address), "--sweep=2", f"--cells=scpi:{box.resource},map=cmw500")
    until = time.monotonic() + 60
    while box.state["cell"] != "ON" and time.monotonic() < until:
        time.sleep(0.01)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    box.identity = box.identity.replace("117", "118")
    state, asked = box.state, len(box.asked)
    assert cli.main(["restore", "--wait=0"]) == 5
    assert "not plugged in" in capsys.readouterr().out
    assert box.state == state
    assert all("?" in one for one in box.asked[asked:])


@pytest.mark.parametrize(
    ("cells", "why"),
    [(["scpi:x"], "which instrument"), (["nosuch:x"], "no source of cells"), (["live", "open5gs:http://x"], "by itself"),
     (["scpi:x,map=nosuch"], "no map of an instrument"), (["manual"], "no terminal")],
)  # fmt: skip
def test_wrong_sources_are_wrong_usage_and_nothing_is_asked(tmp_path, modem, cells, why):
    run = started(tmp_path, bench(tmp_path, modem.address), "--sweep=12", *(f"--cells={one}" for one in cells))
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 4
    assert why in out
    assert modem.radio.memory.writes == {}


def test_bench_check_names_a_wrong_source(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bench(tmp_path, "/dev/ttyUSB2", "[open5gs:http://x, 'nosuch:y']")
    assert cli.main(["bench", "check", "--offline"]) == 4
    assert "bench.yaml:2" in (said := capsys.readouterr().out)
    assert "nosuch" in said
