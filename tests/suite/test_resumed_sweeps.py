"""`--resume RUN`: a sweep goes on where it ended, on the same piece and build, and proves what both halves proved."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness import cli
from harness.reports.run.verify import verify
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.serving import serve_radio
from harness.simulation.radio.tongues import TONGUES

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ttys")
QUICK = ("--sweep-settle=0.1", "--sweep-wait=1")


@pytest.fixture
def modem():
    air = Air([cell_on("lte", band) for band in (2, 4, 12)])
    with serve_radio(TONGUES["quectel-lte"](), air) as served:
        yield served


def started(folder: Path, address: str, *arguments: str, out: str = "out") -> subprocess.Popen[str]:
    file = folder / "bench.yaml"
    file.write_text(f"format: bandproof.bench/1\ndevices:\n  m1:\n    at: {address}\n    sweep: allowed\n")
    line = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        f"--report-dir={out}",
        *QUICK,
        "--bench=bench.yaml",
    ]
    environment = {**os.environ, "BANDPROOF_JOURNAL": str(folder / "journal")}
    return subprocess.Popen(
        [*line, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def run(folder: Path, address: str, *arguments: str, out: str = "out") -> tuple[int, str]:
    process = started(folder, address, *arguments, out=out)
    said, _ = process.communicate(timeout=150)
    return process.returncode, said


def verdicts(folder: Path) -> dict[str, str]:
    told = json.loads((folder / "report.json").read_text())["verdicts"]
    return {one["requirement"]: one["verdict"] for one in told if one["carrier"] == "swept/bands"}


def test_a_killed_sweep_goes_on_and_tries_only_what_is_left(tmp_path, modem, monkeypatch):
    monkeypatch.setenv("BANDPROOF_JOURNAL", str(tmp_path / "journal"))
    lists = dict(modem.radio.memory.nv)
    process = started(tmp_path, modem.address, "--sweep=2,4,12,66")
    evidence = tmp_path / "out/evidence/m1/sweep.yaml"
    until = time.monotonic() + 90
    while time.monotonic() < until and not (evidence.exists() and "sweep trial lte 12" in evidence.read_text()):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert cli.main(["restore", "--wait=5"]) == 0
    assert modem.radio.memory.nv == lists
    modem.modem.state.asked.clear()
    _, said = run(tmp_path, modem.address, "--resume=out", out="again")
    assert verdicts(tmp_path / "again") == {
        "SWEEP-LTE-B2": "PASS", "SWEEP-LTE-B4": "PASS", "SWEEP-LTE-B12": "PASS", "SWEEP-LTE-B66": "INCONC",
    }, said  # fmt: skip
    masks = [one for one in modem.modem.state.asked if one.startswith('AT+QCFG="band",')]
    assert not any(",2," in one for one in masks), "B2 was proved before: it is not tried again"
    assert [str(one) for one in verify(tmp_path / "again")] == []
    assert modem.radio.memory.nv == lists


def test_a_band_that_was_open_is_tried_again_and_its_last_trial_counts(tmp_path, modem):
    run(tmp_path, modem.address, "--sweep=2,66")
    modem.radio.air.cells.append(cell_on("lte", 66))
    run(tmp_path, modem.address, "--resume=out", out="again")
    assert verdicts(tmp_path / "again") == {"SWEEP-LTE-B2": "PASS", "SWEEP-LTE-B66": "PASS"}


def test_a_decided_sweep_changes_nothing(tmp_path, modem):
    run(tmp_path, modem.address, "--sweep=2")
    modem.modem.state.asked.clear()
    status, said = run(tmp_path, modem.address, "--resume=out", out="again")
    assert status == 0, said
    assert verdicts(tmp_path / "again") == {"SWEEP-LTE-B2": "PASS"}
    assert not any("CFUN=" in one for one in modem.modem.state.asked)


@pytest.mark.parametrize("other", ["imei", "firmware", "sim"])
def test_another_piece_or_build_does_not_inherit_a_pass(tmp_path, modem, other):
    """Bands that one piece proved are nothing of another one's: the worst that a resume could do."""
    run(tmp_path, modem.address, "--sweep=2,66")
    if other == "imei":
        modem.radio.memory.nv["imei"] = "356938035643809"
    elif other == "sim":
        modem.radio.tongue.imsi = "310410123456789"
    else:
        modem.radio.tongue.firmware = "EG25GGBR07A99M2G"
        recording = tmp_path / "out/evidence/m1/at.yaml"
        recording.write_text(recording.read_text().replace("EG25GGBR07A08M2G", "EG25GGBR07A01M2G"))
    modem.modem.state.asked.clear()
    _, said = run(tmp_path, modem.address, "--resume=out", out="again")
    assert "PASS" not in verdicts(tmp_path / "again").values(), said
    assert not any("CFUN=4" in one for one in modem.modem.state.asked)


@pytest.mark.parametrize("made", ["", "empty", "evidence/other"])
def test_a_run_without_a_sweep_of_the_device_is_wrong_usage(tmp_path, modem, made):
    (tmp_path / "empty").mkdir()
    status, said = run(tmp_path, modem.address, f"--resume={made or 'nothing'}")
    assert status == 4
    assert "no sweep of m1" in said
