"""Devices that no carrier of the run judges: one that is gone, one whose SIM tells none. The run is no PASS for that."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from test_plugin import run

from harness.serve.board import Board

pytestmark = pytest.mark.slow

BENCH = """\
format: bandproof.bench/1
devices:
  good: {recording: "fixture:quectel-rm520n-gl", carriers: [us/att]}
"""
NO_SIM = '  nosim: {recording: "fixture:xiaomi-mi-mix-china"}\n'
GONE = '  gone: {adb: "127.0.0.1:9"}\n'


NO_SIM_WORDS = {"INCONC": "nosim: no carrier to judge by: no SIM tells one; name it: --carrier=us"}


@pytest.mark.parametrize(
    ("more", "words", "arguments"),
    [
        ("", {}, []),
        (NO_SIM, NO_SIM_WORDS, []),
        (GONE, {"ERROR": "gone: 127.0.0.1:9 "}, []),
        (NO_SIM, NO_SIM_WORDS, ["-n1"]),
    ],
)
def test_a_device_that_nothing_judged_is_told_and_the_run_is_no_pass(
    more: str, words: dict[str, str], arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BANDPROOF_LIVE", str(tmp_path / "live"))
    (tmp_path / "live").mkdir()
    (tmp_path / "bench.yaml").write_text(BENCH + more, encoding="utf-8")
    result = run(tmp_path, "--bench=bench.yaml", "--report-dir=out", "--junitxml=j.xml", *arguments)
    assert result.returncode == (1 if words else 0), result.stdout
    for word, told in words.items():
        assert f"{word}  {told}" in result.stdout
        assert re.search(rf"\d+ {'error' if word == 'ERROR' else 'inconclusive'}", result.stdout)
    suite = ET.parse(tmp_path / "j.xml").getroot().find("testsuite")
    assert suite is not None
    heaviest = {one.get("name"): one.get("value") for one in suite.iter("property")}["verdict"]
    assert heaviest == next(iter(words), "PASS_NOTE")
    board = Board(tmp_path / "live", [])
    board.follow()
    (watched,) = board.runs.values()
    assert watched.outcome == next(iter(words), "PASS_NOTE")
    # The report tells verdicts of requirements alone, and has none of it.
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert {one["device"] for one in report["verdicts"]} == {"good"}


def test_inconclusive_devices_pass_where_the_inconclusive_is_to_pass_and_lost_ones_do_not(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH + NO_SIM, encoding="utf-8")
    assert run(tmp_path, "--bench=bench.yaml", "--inconclusive=pass").returncode == 0
    (tmp_path / "bench.yaml").write_text(BENCH + GONE, encoding="utf-8")
    assert run(tmp_path, "--bench=bench.yaml", "--inconclusive=pass").returncode == 1


def test_an_id_of_such_a_device_can_be_pasted_back(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH + NO_SIM, encoding="utf-8")
    listed = run(tmp_path, "--bench=bench.yaml", "--co", "-q").stdout.splitlines()
    assert "nosim::carrier" in listed
    assert run(tmp_path, "--bench=bench.yaml", "nosim::carrier").returncode == 1
    # Who picks cases of another device has not asked for this one.
    assert run(tmp_path, "--bench=bench.yaml", "good::us/att@2024::ATT-LTE-B12").returncode == 0


def test_cases_of_ones_own_are_not_joined_by_it(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH + NO_SIM, encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own(device):\n    assert device\n", encoding="utf-8")
    result = run(tmp_path, "--bench=bench.yaml", "test_own.py")
    assert result.returncode == 0, result.stdout
    assert "2 passed" in result.stdout
