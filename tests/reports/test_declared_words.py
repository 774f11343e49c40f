"""Wherever a list is called declared, its sheet stands there with source and confidence; who supplied it is true."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from documents import made_of

from harness.carriers.sheets import Sheets
from harness.reports.document.document import document_from
from harness.reports.fit.rows import basis
from harness.reports.html.report import render_html
from harness.requirements.bands.declared import declared_of
from harness.requirements.bound import Bound
from harness.survey.reading import read_device
from harness.verdicts.fit.ranking import KnownDevice

SOURCE = "GSMArena spec data in github.com/KolenMG/PythonUpdate GSMArenaDataset/*.csv (2025-05)"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made():
    return made_of([read_device("fixture:xiaomi-mi-mix-2-global")])


def test_report_and_page_tell_source_and_confidence(made):
    told, exchanges = made
    device = told["devices"][0]
    assert device["declared_by"] == "xiaomi/mi-mix-2#global"
    assert device["declared_confidence"] == "B"
    assert SOURCE in device["declared_sources"]
    assert device["declared_own"] is False
    page = render_html(document_from(told), exchanges)
    assert "device sheet xiaomi/mi-mix-2#global (confidence B; source: " in page
    rows = [one for one in told["submission"] if one["item"] == "declared capability"]
    assert [(one["by"], SOURCE in one["value"]) for one in rows] == [("run", True)]


def test_the_workbook_tells_them_too(made, tmp_path):
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    from harness.reports.workbook.workbook import write_xlsx

    told, exchanges = made
    write_xlsx(tmp_path / "r.xlsx", document_from(told), exchanges)
    cells = [str(cell.value) for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["Summary"] for cell in row]
    assert any("confidence B; source: " in one for one in cells)


def test_fit_tells_them_and_says_of_memory_that_it_is_unverified():
    declared = declared_of(Sheets().lookup("samsung/galaxy-s21-5g#us"))
    words = basis(KnownDevice(Bound.of(read_device("fixture:samsung-galaxy-s21-5g-us"), declared)))
    assert "confidence D, from memory, unverified; source: " in words


def test_the_labs_own_sheet_alone_is_supplied_by_the_customer(tmp_path):
    shipped = ROOT / "profiles" / "devices" / "xiaomi" / "mi-mix-2.yaml"
    folder = tmp_path / "devices" / "xiaomi"
    folder.mkdir(parents=True)
    kept = folder / "mi-mix-2.yaml"
    kept.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    ref = "xiaomi/mi-mix-2#global"
    assert not Sheets(extra=[tmp_path]).lookup(ref).own, "a run keeps a copy of what is shipped"
    kept.write_text(shipped.read_text(encoding="utf-8") + "# ours\n", encoding="utf-8")
    match = Sheets(extra=[tmp_path]).lookup(ref)
    assert match.own
    assert declared_of(match).own
    survey = read_device("fixture:xiaomi-mi-mix-2-global")
    assert not Sheets(extra=[tmp_path]).match(replace(survey, sheet=None).identity).own, "nobody named it"
