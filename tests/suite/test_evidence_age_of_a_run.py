"""Old recordings: the report tells when they were read, and a run may refuse what is older than it takes."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from test_plugin import run

from harness.recording.files import resolve_recording
from harness.reports.run.verify import verify

NAME = "xiaomi-mi-mix-2-global"


def recorded(folder: Path, at: str | None) -> Path:
    """A recording of hardware, read at that time."""
    made = Path(shutil.copytree(resolve_recording(NAME), folder / "old"))
    info = (made / "recording.yaml").read_text(encoding="utf-8")
    info = re.sub(r"^sha256:\n(?:  .*\n)+", "", info, flags=re.MULTILINE)
    (made / "recording.yaml").write_text(info.replace("provenance: composed", "provenance: recorded"), encoding="utf-8")
    if at is not None:
        adb = (made / "adb.yaml").read_text(encoding="utf-8")
        dated = re.sub(r"^  elapsed_ms:", f'  at: "{at}"\n  elapsed_ms:', adb, flags=re.MULTILINE)
        assert dated != adb
        (made / "adb.yaml").write_text(dated, encoding="utf-8")
    return made


def judged(folder: Path, *more: str) -> tuple[int, Any]:
    result = run(folder, "--device=old", "--carrier=us/att@2017-03", "--report-dir=out", *more)
    return result.returncode, json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def value(report: Any, item: str) -> Any:
    return next(row["value"] for row in report["submission"] if row["item"] == item)


def test_the_dates_of_the_tests_are_those_of_the_evidence(tmp_path: Path) -> None:
    recorded(tmp_path, "2021-02-03T10:00:00.000Z")
    status, report = judged(tmp_path)
    assert status == 0
    assert value(report, "dates of the tests") == "2021-02-03T10:00:00.000Z to 2021-02-03T10:00:00.000Z"
    assert value(report, "dates of the judgement").startswith(report["run"]["started"])
    assert re.search(r" Evidence of 2021-02-03, \d{4,} days before this report\.$", report["answer"])
    assert "Evidence of 2021-02-03, " in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert verify(tmp_path / "out") == []


def test_evidence_without_a_day_has_none(tmp_path: Path) -> None:
    recorded(tmp_path, None)
    _, report = judged(tmp_path)
    assert value(report, "dates of the tests") == "not told by the evidence"
    assert report["answer"].endswith("The evidence does not tell when it was read.")


@pytest.mark.parametrize(
    ("at", "words"),
    [("2021-02-03T10:00:00.000Z", "the evidence was read on 2021-02-03, "), (None, "does not tell when")],
)
def test_a_run_takes_no_older_evidence_than_it_is_told(tmp_path: Path, at: str | None, words: str) -> None:
    recorded(tmp_path, at)
    status, report = judged(tmp_path, "--max-evidence-age=30")
    assert status == 1
    assert {one["verdict"] for one in report["verdicts"]} <= {"INCONC", "NA"}
    assert any(words in one["reason"] for one in report["verdicts"])
    assert report["run"]["max_evidence_age"] == 30
    assert verify(tmp_path / "out") == []


@pytest.mark.parametrize("days", ["-1", "x", ""])
def test_what_is_no_number_of_days_is_wrong_usage(tmp_path: Path, days: str) -> None:
    result = run(tmp_path, f"--device=fixture:{NAME}", f"--max-evidence-age={days}")
    assert result.returncode == 4
    assert "--max-evidence-age" in result.stderr
