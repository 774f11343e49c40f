"""Other plugins beside ours: verdicts, exit status and JUnit are right with each of them, and with all.

They stand in a virtual environment of their own, which `.ci/plugins` makes; BANDPROOF_PLUGINS names its Python.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

PYTHON = os.environ.get("BANDPROOF_PLUGINS", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="no environment with other plugins: .ci/plugins makes one")
NAME = "xiaomi-mi-mix-2-global"
COUNTS = {"PASS": 9, "FAIL": 2, "INCONC": 1, "NA": 5}
"""What that device comes to at AT&T of 2024."""


def run(folder: Path, *arguments: str, status: int = 1) -> str:
    command = [PYTHON, "-m", "pytest", "-p", "no:cacheprovider", f"--dut=fixture:{NAME}", "--carrier=us/att@2024"]
    command += ["--report-dir=out", "--junitxml=junit.xml", *arguments]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100, check=False)
    assert result.returncode == status, result.stdout + result.stderr
    assert "INTERNALERROR" not in result.stdout + result.stderr
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert Counter(one["verdict"] for one in report["verdicts"]) == COUNTS
    return result.stdout


def junit(folder: Path) -> None:
    """Each case once, each with its verdict's word."""
    root = ET.parse(folder / "junit.xml").getroot()
    cases = list(root.iter("testcase"))
    names = Counter((one.get("classname"), one.get("name")) for one in cases)
    assert set(names.values()) == {1}
    assert len(cases) == sum(COUNTS.values())
    words = Counter(found[0].get("type") if (found := list(one)) else "PASS" for one in cases)
    assert words == COUNTS


def total(out: str) -> dict[str, int]:
    """`2 failed, 9 passed, 5 skipped, 1 inconclusive in 0.7s` as counts."""
    line = next(line for line in reversed(out.splitlines()) if " failed" in line)
    found = re.findall(r"(\d+) ([a-z]+)", line.partition(" in ")[0])
    return {word: int(number) for number, word in found if not word.startswith("warning")}


EACH = {"failed": 2, "passed": 9, "skipped": 5, "inconclusive": 1}


@pytest.mark.parametrize(
    "words",
    [(), ("-n", "2"), ("-p", "randomly", "-p", "no:xdist"), ("--timeout=30",), ("--embedded-services=",), ("-v",)],
    ids=["all", "xdist", "randomly", "timeout", "embedded", "verbose"],
)
def test_counts_and_junit_are_as_without_them(words: tuple[str, ...], tmp_path: Path) -> None:
    words = tuple(one for one in words if one != "--embedded-services=")
    assert total(run(tmp_path, *words)) == EACH
    junit(tmp_path)


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["alone", "with workers"])
def test_reruns_tell_each_verdict_once(more: tuple[str, ...], tmp_path: Path) -> None:
    assert total(run(tmp_path, "--reruns=1", *more)) == EACH | {"rerun": 3}
    junit(tmp_path)


def test_html_shows_the_reasons(tmp_path: Path) -> None:
    assert total(run(tmp_path, "--html=page.html", "--self-contained-html")) == EACH
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"{NAME}::us/att@2024::ATT-LTE-B66" in page
    assert "B66 not declared" in page


def test_allure_tells_failed_from_broken_and_keeps_a_history(tmp_path: Path) -> None:
    keys = []
    for folder in ("first", "second"):
        (tmp_path / folder).mkdir()
        run(tmp_path / folder, "--alluredir=allure")
        results = [json.loads(one.read_text()) for one in (tmp_path / folder / "allure").glob("*-result.json")]
        assert Counter(one["status"] for one in results) == {"passed": 9, "failed": 2, "broken": 1, "skipped": 5}
        broken = next(one for one in results if one["status"] == "broken")
        assert broken["name"] == "ATT-VOLTE"
        assert broken["statusDetails"]["message"].startswith("INCONC: ")
        failed = next(one for one in results if one["name"] == "ATT-LTE-B66")
        assert failed["statusDetails"]["message"].startswith("FAIL: B66 not declared")
        keys.append({one["historyId"] for one in results})
    assert keys[0] == keys[1]
    assert len(keys[0]) == 17


def test_csv_has_device_and_requirement(tmp_path: Path) -> None:
    assert total(run(tmp_path, "--csv=table.csv")) == EACH
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 17
    by_name = {row["name"]: row for row in rows}
    assert by_name["ATT-LTE-B66"]["module"] == NAME
    assert by_name["ATT-LTE-B66"]["status"] == "failed"


def test_playwright_keeps_its_device(tmp_path: Path) -> None:
    out = run(tmp_path, "--device=iPhone 13")
    assert "another plugin has --device here; write --dut" in out


def test_own_cases_that_use_embedded_stand_beside_ours(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(device):\n    assert device.name\n", encoding="utf-8")
    out = run(tmp_path, "test_own.py", "-n", "2", "--reruns=1")
    assert total(out) == EACH | {"passed": 10, "rerun": 3}
