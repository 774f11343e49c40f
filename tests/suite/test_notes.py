"""What the operator adds to a run: notes and photographs; and what a repeated case becomes."""

from __future__ import annotations

import json
from pathlib import Path

from test_plugin import MIX2, run

from harness.reports.run.verify import verify

NAME = "xiaomi-mi-mix-2-global"


def report(folder: Path) -> dict:
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def test_notes_are_about_the_run_a_device_or_a_case(tmp_path: Path) -> None:
    case = f"{NAME}/us/att@2017-03/ATT-LTE-B12"
    notes = ("--note=chamber 3: quiet", f"--note={NAME}: display cracked", f"--note={case}: seen twice")
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--report-dir=out", *notes)
    assert report(tmp_path)["notes"] == [
        {"about": None, "text": "chamber 3: quiet"},
        {"about": NAME, "text": "display cracked"},
        {"about": case, "text": "seen twice"},
    ]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "display cracked" in page
    assert "seen twice" in page
    assert verify(tmp_path / "out") == []


def test_photographs_of_the_bench_file_go_into_the_run(tmp_path: Path) -> None:
    (tmp_path / "front.JPG").write_bytes(b"\xff\xd8\xff\xe0 picture")
    (tmp_path / "bench.yaml").write_text(
        "format: bandproof.bench/1\ndevices:\n"
        f'  mix2: {{recording: "fixture:{NAME}", carriers: [us/att@2017-03], notes: [spare], photographs: [front.JPG]}}\n'
    )
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    found = report(tmp_path)
    assert found["photographs"] == [{"device": "mix2", "file": "attachments/mix2/photograph-1.jpg"}]
    assert found["notes"] == [{"about": "mix2", "text": "spare"}]
    assert (tmp_path / "out" / "attachments" / "mix2" / "photograph-1.jpg").read_bytes().endswith(b"picture")
    assert verify(tmp_path / "out") == []


def test_attempts_of_a_repeated_case_are_one_verdict(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--report-dir=out", "--dist=each", "--tx=2*popen", "-k", "B12 or B14")
    verdicts = {one["requirement"]: one for one in report(tmp_path)["verdicts"]}
    assert len(verdicts) == len(report(tmp_path)["verdicts"]) == 2
    assert [one["verdict"] for one in verdicts["ATT-LTE-B14"]["attempts"]] == ["FAIL", "FAIL"]
    assert verify(tmp_path / "out") == []


def test_what_no_reading_shows_is_listed_in_every_report(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", "--report-dir=out")
    (edition,) = report(tmp_path)["editions"]
    assert "the carrier's list of accepted models and IMEI ranges" in edition["not_assessed"]
    assert "accepted models and IMEI ranges" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
