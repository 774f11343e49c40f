"""Runs on a bench, recordings that are kept, runs that are stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import tty
from pathlib import Path

import pytest
from test_plugin import MIX2, run, verdicts

from harness.recording.files import load_recording

BENCH = """\
format: bandproof.bench/1
lab: {name: Band lab 2}
devices:
  mix2-1: {recording: "fixture:xiaomi-mi-mix-2-global", carriers: [us/att@2017-03]}
  mix-1: {recording: "fixture:xiaomi-mi-mix-china", carriers: [us/verizon@2017-05]}
"""


def test_a_bench_names_devices_carriers_and_the_lab(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH, encoding="utf-8")
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["lab"]["name"] == "Band lab 2"
    assert {(v["device"], v["carrier"]) for v in report["verdicts"]} == {("mix2-1", "us/att"), ("mix-1", "us/verizon")}


def test_one_entry_of_a_bench_is_a_device(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH, encoding="utf-8")
    result = run(tmp_path, "--device=bench:mix2-1", "--report-dir=out")
    assert result.returncode == 0, result.stdout
    assert {key.partition("/ATT")[0] for key in verdicts(tmp_path / "out")} == {"us/att@2017-03"}


def test_a_carrier_option_goes_before_the_bench(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH, encoding="utf-8")
    run(tmp_path, "--bench=bench.yaml", "--carrier=us/sprint@2013-09", "--report-dir=out")
    assert {key.partition("/S")[0] for key in verdicts(tmp_path / "out")} == {"us/sprint@2013-09"}


@pytest.mark.parametrize(
    ("text", "words"),
    [(BENCH.replace("recording:", "recordng:", 1), "bench.yaml:4:12"), (BENCH.replace("us/att@", "us/ata@"), "us/att")],
)
def test_a_faulty_bench_is_told_before_anything_is_read(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bench.yaml").write_text(text, encoding="utf-8")
    result = run(tmp_path, "--bench=bench.yaml")
    told = result.stdout + result.stderr
    assert result.returncode == 4
    assert words in told
    assert "Traceback" not in told


def test_recordings_are_kept_where_asked(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--report-dir=out", "--record=kept")
    kept = load_recording(tmp_path / "kept" / "xiaomi-mi-mix-2-global")
    assert kept.links["adb"] == load_recording(tmp_path / "out" / "evidence" / "xiaomi-mi-mix-2-global").links["adb"]
    again = run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--record=kept")
    assert again.returncode == 4
    assert "--record kept is not empty" in again.stdout + again.stderr


@pytest.fixture
def slow_modem():
    """A modem on a pty that answers the first questions at once, then hangs; sets an event when it does."""
    master, slave = os.openpty()
    tty.setraw(slave)
    hangs = threading.Event()

    def serve() -> None:
        line, answered = b"", 0
        while True:
            try:
                line += os.read(master, 100)
            except OSError:
                return
            while b"\r" in line:
                command, _, line = line.partition(b"\r")
                if answered >= 3:
                    hangs.set()
                    continue
                answered += 1
                os.write(master, command + b"\r\r\nQuectel\r\nEC25\r\nRevision: EC25AFFAR07A08M4G\r\n\r\nOK\r\n")

    threading.Thread(target=serve, daemon=True).start()
    yield os.ttyname(slave), hangs
    os.close(slave)
    os.close(master)


def test_ctrl_c_ends_a_reading_at_once_and_keeps_the_evidence(tmp_path: Path, slow_modem) -> None:
    port, hangs = slow_modem
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--device={port}", "--carrier=us/att"]
    process = subprocess.Popen(
        [*command, "--report-dir=out"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert hangs.wait(30)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=10)
    assert process.returncode == 2
    assert "stopped while the devices were read" in told
    assert "Traceback" not in told
    (folder,) = (tmp_path / "out" / "evidence").iterdir()
    kept = load_recording(folder)
    assert not kept.info.complete
    assert len(kept.links["at"]) >= 3
