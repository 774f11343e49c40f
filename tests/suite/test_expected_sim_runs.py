"""The SIM that the bench file expects, from the file to terminal, report, replay and `verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from test_plugin import run

from harness.binding.sims import sims_in
from harness.cli import main
from harness.survey.reading import read_device

WRONG = "the bench file expects the SIM of 310260, the device has that of 310410"


def bench(folder: Path, plmn: str, carriers: str = "[us/att@2017-03]") -> None:
    entry = f'recording: "fixture:xiaomi-mi-mix-2-global", sim: {{plmn: "{plmn}"}}, carriers: {carriers}'
    (folder / "bench.yaml").write_text(
        f"format: bandproof.bench/1\ndevices:\n  mix2-1: {{{entry}}}\n", encoding="utf-8"
    )


def report(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def outcomes(folder: Path) -> dict[str, str]:
    return {one["requirement"]: one["verdict"] for one in report(folder)["verdicts"]}


@pytest.mark.parametrize("workers", [(), ("-n1",)])
def test_another_sim_warns_once_and_leaves_open_what_hangs_on_it(tmp_path: Path, workers: tuple[str, ...]) -> None:
    bench(tmp_path, "310410")
    run(tmp_path, "--bench=bench.yaml", "--report-dir=right", *workers)
    bench(tmp_path, "310260")
    result = run(tmp_path, "--bench=bench.yaml", "--report-dir=out", *workers)
    assert result.returncode == 1
    assert " ".join(result.stdout.split()).count(f"warning: {WRONG}") == 1
    right = json.loads((tmp_path / "right" / "report.json").read_text(encoding="utf-8"))
    assert not any("bench file expects" in text for text in right["devices"][0]["warnings"])
    assert report(tmp_path)["devices"][0]["warnings"].count(WRONG) == 1
    assert WRONG in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    open_now = {
        one["requirement"]
        for one, before in zip(report(tmp_path)["verdicts"], right["verdicts"], strict=True)
        if one["verdict"] != before["verdict"]
    }
    assert open_now == {"ATT-ATTACH", "ATT-REGISTERED"}
    assert {outcomes(tmp_path)[name] for name in open_now} == {"INCONC"}
    assert all(WRONG in one["reason"] for one in report(tmp_path)["verdicts"] if one["requirement"] in open_now)


def test_the_evidence_keeps_what_was_expected(tmp_path: Path) -> None:
    bench(tmp_path, "310260")
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    again = read_device(str(tmp_path / "out" / "evidence" / "mix2-1"))
    assert (again.expected_sim, sims_in(again).wrong) == ("310260", WRONG)
    assert main(["verify", str(tmp_path / "out")]) == 6


def test_without_carriers_the_expected_sim_chooses(tmp_path: Path) -> None:
    bench(tmp_path, "310260", "[]")
    run(tmp_path, "--bench=bench.yaml", "--report-dir=out")
    assert {one["carrier"] for one in report(tmp_path)["verdicts"]} == {"us/t-mobile"}
    assert outcomes(tmp_path)["TMO-REGISTERED"] == "INCONC"
