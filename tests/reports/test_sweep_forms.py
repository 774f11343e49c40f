"""A sweep in every form of the report: the same rows on the page, in the PDF and in the workbook, each with its evidence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

openpyxl = pytest.importorskip("openpyxl")
SAMPLE = Path(__file__).parents[2] / "reports" / "sample"
DEVICE = "quectel-rm520n-gl-sweep"


@pytest.fixture(scope="module")
def forms(tmp_path_factory):
    """The forms of a run that replays the recorded sweep."""
    folder = tmp_path_factory.mktemp("swept") / "run"
    words = [f"--device=fixture:{DEVICE}", "--sweep", "--carrier=us/t-mobile", f"--report-dir={folder}"]
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    subprocess.run(line, cwd=folder.parent, capture_output=True, check=False, timeout=120)
    made = [sys.executable, "-m", "harness.cli", "report", str(folder), "--format=xlsx,pdf"]
    subprocess.run(made, cwd=folder.parent, capture_output=True, check=True, timeout=300)
    return folder


def sheet(folder, name):
    head, *rows = openpyxl.load_workbook(folder / "report.xlsx")[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_the_workbook_has_a_row_a_band_with_its_evidence(forms):
    rows = {one["Band"]: one for one in sheet(forms, "Sweep")}
    assert list(rows) == ["B2", "B12", "B66", "B71", "n71", "n41", "B29"]
    assert {name: one["Verdict"] for name, one in rows.items()} == {
        **dict.fromkeys(("B2", "B12", "B66", "n71"), "PASS"), "B71": "INCONC", "n41": "INCONC", "B29": "NA",
    }  # fmt: skip
    assert rows["B12"]["Proof"] == "served on B12, EARFCN 5094"
    assert isinstance(rows["B12"]["Attach s"], float)
    assert (rows["B12"]["RSRP dBm"], rows["B12"]["Lock"]) == (-93, "reads as asked")
    assert all(re.fullmatch(r"sweep#\d+.*", one["Evidence"]) for one in rows.values())
    assert rows["B71"]["Attach"].startswith("none in")


def test_the_workbook_says_what_was_put_back(forms):
    sentence, *rows = sheet(forms, "Put back")
    assert sentence["What"] == "Put back: everything reads as before."
    assert {one["As before"] for one in rows} == {"yes"}
    lists = next(one for one in rows if "lte_band" in one["What"])
    assert lists["Before"] == lists["After"]
    assert lists["Writes"] > 1
    assert any("only looked at" in one["What"] for one in rows)
    assert all(re.fullmatch(r"sweep#\d+.*", one["Evidence"]) for one in rows)


def test_the_pdf_tells_the_same(forms):
    pypdf = pytest.importorskip("pypdf")
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(forms / "report.pdf").pages)
    told = " ".join(text.split())
    assert f"Band sweep of {DEVICE}" in told
    assert "Put back: everything reads as before." in told
    for one in sheet(forms, "Sweep"):
        assert re.search(rf"\b{one['Band']}\b", told)
        if one["Proof"]:
            assert one["Proof"].replace(" ", "") in told.replace(" ", "")
    # Every row names its exchange.
    for one in sheet(forms, "Put back")[1:]:
        assert one["Evidence"].split("#")[1].split()[0] in told


def test_a_handset_that_was_held_stands_in_the_same_sheets(tmp_path):
    words = [
        "--device=fixture:oneplus-nord-n300-sweep",
        "--sweep",
        "--carrier=us/t-mobile",
        "--report-dir=run",
        "-k",
        "SWEEP",
    ]
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    subprocess.run(line, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    made = [sys.executable, "-m", "harness.cli", "report", "run", "--format=xlsx"]
    subprocess.run(made, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    rows = {one["Band"]: one for one in sheet(tmp_path / "run", "Sweep")}
    assert {name: one["Verdict"] for name, one in rows.items()} == {"LTE held": "PASS", "NR held": "PASS", "B12": "NA"}
    assert rows["LTE held"]["Proof"] == "served on LTE, B2, EARFCN 899, validated by Android"
    assert (rows["NR held"]["Lock"], rows["NR held"]["Attach"]) == ("reads as asked", "new registration")
    sentence, *back = sheet(tmp_path / "run", "Put back")
    assert sentence["What"] == "Put back: everything reads as before."
    assert {one["As before"] for one in back} == {"yes"}
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "<h3>Sweep of oneplus-nord-n300-sweep" in page
    assert "NR held: " in page


def test_a_run_without_a_sweep_has_no_such_sheets(tmp_path):
    words = ["--device=fixture:quectel-rm520n-gl", "--carrier=us/t-mobile", "--report-dir=run", "-k", "B12"]
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words]
    subprocess.run(line, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    made = [sys.executable, "-m", "harness.cli", "report", "run", "--format=xlsx"]
    subprocess.run(made, cwd=tmp_path, capture_output=True, check=True, timeout=120)
    names = openpyxl.load_workbook(tmp_path / "run/report.xlsx").sheetnames
    assert not {"Sweep", "Put back"} & set(names)


def test_the_sample_report_holds_a_sweep():
    page = (SAMPLE / "report.html").read_text(encoding="utf-8")
    assert f"Band sweep of {DEVICE}" in page
    assert "Put back: everything reads as before." in page
    assert (SAMPLE / f"evidence/{DEVICE}/sweep.yaml").is_file()
