"""Options of one name mean one thing in every command that reads devices."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harness.cli import main
from harness.simulation import kit

MIX2 = "fixture:xiaomi-mi-mix-2-global"


@pytest.mark.parametrize("command", [["survey"], ["fit"], ["record", "-o", "out"]])
def test_evidence_and_deadline_are_known_by_all(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([*command, MIX2, "--evidence=uecap=nothing.hex"]) == 4
    assert "nothing.hex" in capsys.readouterr().err
    assert main([*command, MIX2, "--evidence=nonsense"]) == 2
    assert "names no kind and file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([*command, MIX2, "--deadline=0"])
    assert ended.value.code == 2


@pytest.mark.parametrize("command", ["survey", "fit", "pytest"])
def test_the_deadline_ends_the_wait(command: str, tmp_path: Path) -> None:
    recording = kit.read_recording("fixture:quectel-rm520n-gl")
    with kit.serve_modem(recording, "pty", options=kit.ModemOptions(latency_s=30)) as served:
        words = {
            "survey": ["-m", "harness.cli", "survey", served.address],
            "fit": ["-m", "harness.cli", "fit", served.address, "--country=us"],
            "pytest": ["-m", "pytest", "-p", "no:cacheprovider", f"--device={served.address}", "--carrier=us/att"],
        }[command]
        start = time.monotonic()
        line = [sys.executable, *words, "--deadline=1"]
        done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert time.monotonic() - start < 20
    assert done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_note_is_kept_without_personal_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    note = "--note=door open, call 490154203237518"
    assert main(["record", MIX2, "-o", "out", note]) == 0
    told = (tmp_path / "out" / "recording.yaml").read_text(encoding="utf-8")
    assert "door open" in told
    assert "490154203237518" not in told
    capsys.readouterr()
    assert main(["survey", MIX2, note, "--json"]) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["notes"][0].startswith("door open")
    assert "490154203237518" not in out["notes"][0]
