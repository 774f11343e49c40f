"""Workbook, PDF and pages of another layout: what a person reads is held against the run."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from test_verify import MIX2, resealed, run_pytest

from harness.cli import main
from harness.reports.run.verify import examine

pytest.importorskip("xlsxwriter")
pytest.importorskip("weasyprint")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    return run_pytest(folder, f"--device=fixture:{MIX2}", "--carrier=us/att@2024")


@pytest.fixture
def run(finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Path(shutil.copytree(finished, tmp_path / "run"))


def told_of(run: Path, name: str) -> str:
    resealed(run)
    return " ".join(fault.message for fault in examine(run).faults if fault.file == name)


def test_a_workbook_is_read_cell_by_cell(run: Path) -> None:
    assert main(["report", str(run), "--format=xlsx"]) == 0
    assert examine(run).faults == ()
    assert examine(run).open == ()
    before = (run / "report.xlsx").read_bytes()
    with zipfile.ZipFile(run / "report.xlsx") as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(b">FAIL<", b">PASS<")
    _zip(run / "report.xlsx", parts)
    assert (run / "report.xlsx").read_bytes() != before
    assert "'PASS' where the run gives 'FAIL'" in told_of(run, "report.xlsx")


def test_a_workbook_without_a_sheet_or_that_is_none_is_named(run: Path) -> None:
    from openpyxl import load_workbook

    assert main(["report", str(run), "--format=xlsx"]) == 0
    book = load_workbook(run / "report.xlsx")
    del book["Deviations"]
    book.create_sheet("Accepted")
    book.save(run / "report.xlsx")
    told = told_of(run, "report.xlsx")
    assert "sheet Deviations is missing" in told
    assert "sheet Accepted is not of this run" in told
    (run / "report.xlsx").write_bytes(b"no workbook")
    assert "cannot be read" in told_of(run, "report.xlsx")


def _zip(file: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(file, "w") as out:
        for name, data in parts.items():
            out.writestr(name, data)


def test_the_text_of_a_pdf_is_that_of_the_run(run: Path) -> None:
    from weasyprint import HTML

    assert main(["report", str(run), "--format=pdf"]) == 0
    assert examine(run).faults == ()
    assert examine(run).open == ()
    HTML(string="<h1>This device is accepted.</h1>").write_pdf(run / "report.pdf")
    assert "its text says 'This' where the run gives" in told_of(run, "report.pdf")
    (run / "report.pdf").write_bytes(b"no pdf")
    assert "cannot be read" in told_of(run, "report.pdf")


def _of_another_version(run: Path) -> None:
    for name in ("run.json", "report.json", "report.html"):
        text = (run / name).read_text()
        (run / name).write_text(
            text.replace('"bandproof 0.1.0"', '"bandproof 0.0.9"').replace("bandproof 0.1.0<", "0.0.9<")
        )


def test_of_another_version_the_values_are_checked_and_it_says_so(
    run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _of_another_version(run)
    told = json.loads((run / "report.json").read_text())
    told["answer"] = "RF band fit, in other words."
    (run / "report.json").write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    resealed(run)
    found = examine(run)
    assert found.faults == ()
    assert any("bandproof 0.0.9" in words and "words were not" in words for words in found.open)
    assert any("report.html" in words for words in found.open)
    assert main(["verify", str(run)]) == 6
    assert "not checked: " in capsys.readouterr().out
    page = (run / "report.html").read_text()
    (run / "report.html").write_text(page.replace("v-FAIL", "v-PASS"))
    told_now = told_of(run, "report.html")
    assert "says PASS of ATT-LTE-B14, which the run does not give" in told_now
    assert "does not say FAIL of ATT-LTE-B14, which the run gives" in told_now


def test_a_laboratorys_own_layout_is_told_as_such(run: Path, tmp_path: Path) -> None:
    from harness.reports.html.report import TEMPLATES

    own = tmp_path / "layout"
    own.mkdir()
    page = (TEMPLATES / "report.html.j2").read_text()
    (own / "report.html.j2").write_text(page.replace("<main>", "<main><p>Band lab 2</p>"))
    assert main(["report", str(run), "--template", str(own)]) == 0
    found = examine(run)
    assert found.faults == ()
    assert any("report.html is of another version or layout" in words for words in found.open)
    own = tmp_path / "another"
    own.mkdir()
    (own / "report.html.j2").write_text("<p>All is well.</p>")
    assert main(["report", str(run), "--template", str(own)]) == 0
    assert any("no verdict can be found in it" in words for words in examine(run).open)
    assert main(["verify", str(run)]) == 6
    assert main(["report", str(run)]) == 0
    assert examine(run).open == ()


def test_a_form_that_nobody_here_writes_is_not_checked(run: Path) -> None:
    (run / "report.odt").write_text("x")
    resealed(run)
    assert any("report.odt was not checked" in words for words in examine(run).open)
    assert main(["verify", str(run)]) == 6


def test_a_filled_ics_is_held_against_the_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    run = run_pytest(tmp_path, "--device=fixture:quectel-rm520n-gl", "--carrier=us/att@2024", "--ics")
    assert examine(run).faults == ()
    assert examine(run).open == ()
    file = next((run / "ics").glob("*.txt"))
    kept = file.read_text()
    assert "TRUE" in kept.upper()
    file.write_text(kept.replace("true", "false").replace("TRUE", "FALSE"))
    assert "is not the ICS that the evidence gives" in told_of(run, f"ics/{file.name}")
    file.write_text(kept)
    (run / "ics" / "other.txt").write_text(kept)
    assert "is an ICS of no device of this run" in told_of(run, "ics/other.txt")
