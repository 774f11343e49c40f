"""Runs that older versions left, as they left them (but for the page): they are verified, rendered and compared as ever."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from harness import cli
from harness.reports.document.document import load_document
from harness.reports.run.seals.manifest import write_manifest
from harness.reports.run.verify import examine, verify

RUNS = Path(__file__).with_name("older_runs")
SCHEMAS = ("report-1", "report-2")


@pytest.fixture(params=SCHEMAS)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(RUNS / request.param, tmp_path / "run"))


def test_an_older_run_verifies_but_for_its_words(older: Path) -> None:
    assert load_document(older).schema in {"bandproof.report/1", "bandproof.report/2"}
    found = examine(older)
    assert found.faults == ()
    assert any("words were not" in words for words in found.open)


@pytest.mark.parametrize("part", ["met", "asked", "verdict"])
def test_a_value_of_an_older_run_that_was_changed_is_found(older: Path, part: str) -> None:
    told = json.loads((older / "report.json").read_text(encoding="utf-8"))
    result = told["results"][0]
    result[part] = "NA" if part == "verdict" else result[part] + 1
    (older / "report.json").write_text(json.dumps(told), encoding="utf-8")
    asked = json.loads((older / "run.json").read_text(encoding="utf-8"))
    write_manifest(older, run_id=asked["id"], tool=asked["tool"], key=None)
    assert any(f"results[0].{part}" in fault.message for fault in verify(older))


def test_an_older_run_is_rendered_and_compared(older: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["report", str(older), "-o", str(tmp_path / "again")]) == 0
    page = (tmp_path / "again" / "report.html").read_text(encoding="utf-8")
    assert load_document(older).run.number in page
    assert cli.main(["diff", str(older), str(older)]) == 0
