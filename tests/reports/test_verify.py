"""A finished run: any byte that differs is found and its file named, and every verdict follows from the evidence."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness.cli import main
from harness.errors import FileError
from harness.reports.run.seals import signing
from harness.reports.run.seals.manifest import check, write_manifest
from harness.reports.run.verify import verify

MIX2 = "xiaomi-mi-mix-2-global"


def run_pytest(folder: Path, *arguments: str, key: Path | None = None) -> Path:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--report-dir=run", *arguments]
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config")}
    if key is not None:
        environment["BANDPROOF_KEY"] = str(key)
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
    return folder / "run"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run of two carriers, signed."""
    folder = tmp_path_factory.mktemp("verify")
    key = folder / "key.pem"
    signing.new_key(key)
    return run_pytest(folder, f"--device=fixture:{MIX2}", "--carrier=us/att", "--carrier=us/sprint@2013-09", key=key)


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return Path(shutil.copytree(finished, tmp_path / "run"))


def resealed(run: Path, key: Path | None = None) -> None:
    """Write the hashes anew, as whoever changes a run would."""
    told = json.loads((run / "run.json").read_text())
    (run / "manifest.sig").unlink(missing_ok=True)
    write_manifest(run, run_id=told["id"], tool=told["tool"], key=key)


def files_of(faults: list) -> set[str]:
    return {fault.file for fault in faults if fault.file}


def test_an_untouched_run_verifies(run: Path) -> None:
    assert verify(run) == []


def test_a_run_verifies_wherever_it_is_moved(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = tmp_path / "elsewhere" / "copy"
    shutil.copytree(run, moved)
    shutil.rmtree(run)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BANDPROOF_PROFILES", str(tmp_path / "none"))
    assert verify(moved) == []


def test_any_flipped_byte_is_found_and_its_file_named(run: Path) -> None:
    chance = random.Random(6)
    files = sorted(path for path in run.rglob("*") if path.is_file())
    for _ in range(1000):
        path = chance.choice(files)
        before = path.read_bytes()
        at = chance.randrange(len(before))
        path.write_bytes(before[:at] + bytes([before[at] ^ (1 << chance.randrange(8))]) + before[at + 1 :])
        name = path.relative_to(run).as_posix()
        try:
            faults, _ = check(run)
            told = " ".join(map(str, faults))
        except FileError as error:
            told = str(error)
        assert name in told, (name, at, told)
        path.write_bytes(before)
    assert verify(run) == []


@pytest.mark.parametrize("name", ["manifest.sig", "manifest.sha256", "report.html", "run.json"])
def test_a_file_that_is_missing_is_named(run: Path, name: str) -> None:
    (run / name).unlink()
    assert any(name in str(fault) for fault in verify(run))
    assert main(["verify", str(run)]) == 1


def test_a_file_that_was_added_is_named(run: Path) -> None:
    (run / "evidence" / "more.txt").write_text("x")
    assert "evidence/more.txt" in files_of(verify(run))


def test_a_dropped_exchange_is_named_as_such(run: Path) -> None:
    path = run / "evidence" / MIX2 / "adb.yaml"
    parts = path.read_text().split("- request:")
    path.write_text("- request:".join(parts[:2] + parts[3:]))
    (first, *_) = verify(run)
    assert first.file == f"evidence/{MIX2}/adb.yaml"
    assert "exchange 1 of adb (`dumpsys telephony.registry`) was dropped" in first.message


def test_a_changed_profile_is_named_as_such(run: Path) -> None:
    path = run / "profiles" / "carriers" / "us" / "att.yaml"
    path.write_text(path.read_text().replace("public-safety-coverage", "coverage-rural"))
    (first, *_) = verify(run)
    assert first.file == "profiles/carriers/us/att.yaml"
    assert "profile us/att@2024: requirement ATT-LTE-B14 was changed" in first.message


def test_a_verdict_that_the_evidence_does_not_give_is_found_under_right_hashes(run: Path) -> None:
    report = run / "report.json"
    document = json.loads(report.read_text())
    for one in document["verdicts"]:
        if one["verdict"] == "FAIL":
            one["verdict"] = "PASS"
    document["summary"]["PASS"] += document["summary"]["FAIL"]
    document["summary"]["FAIL"] = 0
    report.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
    resealed(run)
    faults = verify(run)
    assert files_of(faults) == {"report.json"}
    assert any("ATT-LTE-B14: verdict is 'PASS' in the report, the evidence gives 'FAIL'" in str(f) for f in faults)


def test_evidence_that_was_changed_under_right_hashes_does_not_give_the_verdicts(run: Path) -> None:
    path = run / "evidence" / MIX2 / "adb.yaml"
    path.write_text(path.read_text().replace("mChannelNumber=5110", "mChannelNumber=66786"))
    resealed(run)
    assert verify(run) != []


def test_only_the_trusted_key_will_do(run: Path, tmp_path: Path) -> None:
    public = json.loads((run / "manifest.json").read_text())["public_key"]
    other = signing.new_key(tmp_path / "other.pem")
    assert verify(run, trusted=public) == []
    assert files_of(verify(run, trusted=other)) == {"manifest.sig"}
    resealed(run, tmp_path / "other.pem")
    assert verify(run) == []
    assert files_of(verify(run, trusted=public)) == {"manifest.sig"}


def test_what_is_no_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path)]) == 4
    assert "manifest.json" in capsys.readouterr().err


def test_a_run_that_lost_its_device_verifies(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, "--device=/dev/no-such-port", f"--device=fixture:{MIX2}", "--carrier=us/att@2017-03")
    assert verify(run) == []


def test_a_selection_of_cases_verifies(tmp_path: Path) -> None:
    run = run_pytest(tmp_path, f"--device=fixture:{MIX2}", "--carrier=us/att", "-k", "LTE-B12")
    assert verify(run) == []
    assert json.loads((run / "report.json").read_text())["run"]["complete"] is True


def test_keys_are_made_once_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BANDPROOF_KEY", str(tmp_path / "lab" / "key.pem"))
    assert main(["keys", "show"]) == 4
    assert main(["keys", "new"]) == 0
    public = next(line.split()[-1] for line in capsys.readouterr().out.splitlines() if line.startswith("public"))
    assert (tmp_path / "lab" / "key.pem").stat().st_mode & 0o077 == 0
    assert main(["keys", "show"]) == 0
    assert public in capsys.readouterr().out
    assert main(["keys", "new"]) == 2


def test_a_stopped_run_gives_a_report_marked_incomplete(run: Path) -> None:
    for name in ("report.json", "report.html", "manifest.json", "manifest.sha256", "manifest.sig"):
        (run / name).unlink()
    assert main(["report", str(run)]) == 0
    document = json.loads((run / "report.json").read_text())
    assert document["run"]["complete"] is False
    assert document["verdicts"]
    assert verify(run) == []


def test_a_spoiled_run_is_not_rendered_again(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (run / "run.json").write_text((run / "run.json").read_text().replace("strict", "service"))
    assert main(["report", str(run)]) == 4
    assert "run.json: was changed" in capsys.readouterr().err
