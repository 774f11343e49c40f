"""Waivers: they turn FAIL and INCONC into WAIVED for a time, and are an error where they do nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_plugin import MIX2, run, verdicts

from harness.reports.run.verify import verify

WAIVERS = """\
format: bandproof.waivers/1
waivers:
  - id: W-1
    carrier: us/att
    requirement: ATT-LTE-B14
    owner: acceptance
    reason: not sold to first responders
    expires: 2999-12-31
"""


def test_a_waived_failure_is_expected_and_the_report_keeps_what_was_waived(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WAIVERS, encoding="utf-8")
    arguments = (MIX2, "--carrier=us/att@2024", "--waivers=w.yaml", "-k", "B14 or B12", "--report-dir=out")
    result = run(tmp_path, *arguments)
    assert result.returncode == 0, result.stdout
    assert verdicts(tmp_path / "out") == {"us/att@2024/ATT-LTE-B12": "PASS", "us/att@2024/ATT-LTE-B14": "WAIVED"}
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    (reason,) = [v["reason"] for v in report["verdicts"] if v["verdict"] == "WAIVED"]
    assert reason.startswith("FAIL waived by W-1 until 2999-12-31 (acceptance: not sold to first responders); B14")
    assert verify(tmp_path / "out") == []


def test_a_pass_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "w.yaml").write_text(WAIVERS.replace("B14", "B12"), encoding="utf-8")
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--waivers=w.yaml", "-k", "B12", "--report-dir=out")
    assert set(verdicts(tmp_path / "out").values()) == {"PASS"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("2999-12-31", "2020-01-01"), "w.yaml:8:5: waiver W-1 expired on 2020-01-01"),
        (("ATT-LTE-B14", "ATT-LTE-B99"), "waiver W-1 fits no case of this run"),
        (("us/att", "us/verizon"), "waiver W-1 fits no case of this run"),
        (("us/att", "us/att@2017-03"), "waiver W-1 fits no case of this run"),
        (("    owner: acceptance\n", ""), 'lacks the key "owner"'),
        (("reason: not", "because: not"), 'unknown key "because"'),
        (("expires: 2999-12-31", "expires: soon"), "a day"),
    ],
)
def test_a_waiver_that_does_nothing_is_an_error(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    assert change[0] in WAIVERS
    (tmp_path / "w.yaml").write_text(WAIVERS.replace(*change), encoding="utf-8")
    result = run(tmp_path, MIX2, "--carrier=us/att@2024", "--waivers=w.yaml")
    assert result.returncode == 4
    assert words in result.stdout + result.stderr
    assert "Traceback" not in result.stdout + result.stderr
