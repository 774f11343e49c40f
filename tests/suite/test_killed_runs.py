"""A run that is killed at any moment leaves evidence that becomes a report, and nothing that stops the next run."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from harness import cli
from harness.recording.files import load_recording
from harness.simulation.kit import ModemOptions, serve_modem

MODEM = "fixture:quectel-rm520n-gl"
MOMENTS = 20
SEED = 20261121


def _started(folder: Path, address: str, number: int) -> tuple[subprocess.Popen[bytes], Path]:
    out = folder / f"run-{number}"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--device={address}", "--carrier=us"]
    with (folder / f"said-{number}").open("wb") as said:
        return subprocess.Popen([*command, f"--report-dir={out}"], cwd=folder, stdout=said, stderr=said), out


def _asked(out: Path) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _reading(out: Path) -> bool:
    return any(out.glob("evidence/*/at.yaml"))


def _judging(out: Path) -> bool:
    return _asked(out).get("plan") is not None


def _writing(out: Path) -> bool:
    return any(out.glob("*report.json*"))


PHASES: tuple[tuple[str, Callable[[Path], bool], float], ...] = (
    ("starting", lambda _: True, 0.6),
    ("reading", _reading, 0.4),
    ("judging", _judging, 0.25),
    ("writing", _writing, 0.1),
)
"""What must have begun, and within how many seconds from then the run is killed."""


def _killed(process: subprocess.Popen[bytes], out: Path, begun: Callable[[Path], bool], after_s: float) -> bool:
    """Kill the run after a moment of its phase; whether it was still there."""
    until = time.monotonic() + 30
    while process.poll() is None and not begun(out) and time.monotonic() < until:
        time.sleep(0.002)
    until = time.monotonic() + after_s
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    alive = process.poll() is None
    process.kill()
    process.wait(10)
    return alive


def _reported(out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What became of a killed run: `nothing`, `incomplete` or `complete`."""
    status = cli.main(["report", str(out)])
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    if not (out / "run.json").exists():
        assert status == 4
        assert len(told.err.strip().splitlines()) <= 2
        return "nothing"
    assert status == 0, told.err
    document = json.loads((out / "report.json").read_text(encoding="utf-8"))
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"report {out / 'report.html'}" in told.out
    if document["run"]["finished"] is None:
        assert document["run"]["complete"] is False
        assert "stopped" in page.lower() or "incomplete" in page.lower()
        assert "complete" not in document["answer"] or "incomplete" in document["answer"]
        return "incomplete"
    return "complete"


def test_killed_at_any_moment_a_run_leaves_its_evidence_and_no_lock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moments = random.Random(SEED)
    ends = []
    with serve_modem(MODEM, options=ModemOptions(latency_s=0.03)) as served:
        for number in range(MOMENTS):
            name, begun, within_s = PHASES[number % len(PHASES)]
            process, out = _started(tmp_path, served.address, number)
            killed = _killed(process, out, begun, moments.uniform(0, within_s))
            said = (tmp_path / f"said-{number}").read_text(encoding="utf-8")
            # The run before was killed while it held the port.
            assert "is held by" not in said, said
            if killed:
                assert process.returncode == -signal.SIGKILL
            before = {path: path.read_bytes() for path in out.glob("evidence/*/*.yaml")}
            end = _reported(out, capsys)
            assert before == {path: path.read_bytes() for path in before}, "a report leaves the evidence as it is"
            assert end != "complete" or not killed or (out / "manifest.json").exists()
            for folder in out.glob("evidence/*"):
                kept = load_recording(folder)
                assert all(one.response or one.error for one in kept.links.get("at", ()))
            ends.append((name, killed, end))
        process, out = _started(tmp_path, served.address, MOMENTS)
        assert process.wait(30) in (0, 1)
    assert _reported(out, capsys) == "complete"
    died = [end for _, killed, end in ends if killed]
    assert len(died) >= MOMENTS // 2, ends
    assert died.count("incomplete") >= MOMENTS // 4, ends
    for name in ("reading", "judging"):
        assert any(killed and end == "incomplete" for phase, killed, end in ends if phase == name), ends
