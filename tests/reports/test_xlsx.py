"""The workbook: sheets, types, filters, and device text that never becomes a formula."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from documents import completed, typed

openpyxl = pytest.importorskip("openpyxl")

from harness.reports.workbook.workbook import write_xlsx  # noqa: E402

HOSTILE = "=cmd|' /C calc'!A0"


def document(**changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "answer": "RF band fit: meets X.",
        "statement": "RF band fit only.",
        "run": {
            "id": "aaaa",
            "started": "2026-11-01T10:00:00.000Z",
            "finished": "2026-11-01T10:00:01.000Z",
            "complete": True,
            "tool": "bandproof 1",
            "policy": "strict",
            "require_grade": "declared",
            "as_of": None,
        },
        "lab": {},
        "results": [
            {
                "device": "m",
                "carrier": "us/att",
                "edition": "2024",
                "verdict": "FAIL",
                "met": 1,
                "asked": 2,
                "bands_asked": "2 17",
                "missing": ["B17"],
            }
        ],
        "devices": [
            {
                "device": "m",
                "label": HOSTILE,
                "identity": {"model": HOSTILE, "build": "a\x00b\x1b[31mc\ud800"},
                "provenance": "recorded",
                "declared_by": None,
                "trouble": None,
                "layers": {"hardware": {"lte": [2, 17]}, "enabled": {"lte": [2]}, "attached": {"lte": [2]}},
                "disagreements": [],
                "warnings": ["x" * 100_000],
                "exchanges": [
                    {
                        "number": 0,
                        "link": "at",
                        "request": "AT+CSQ",
                        "at": None,
                        "elapsed_ms": 1.5,
                        "exit_code": None,
                        "bytes": 10,
                        "error": None,
                    }
                ],
            }
        ],
        "verdicts": [
            {
                "device": "m",
                "carrier": "us/att",
                "edition": "2024",
                "requirement": f"ATT-LTE-B{band}",
                "text": "supported",
                "level": "mandatory",
                "verdict": outcome,
                "grade": "measured",
                "reason": HOSTILE,
                "evidence": [{"link": "at", "exchange": 0, "request": "AT+CSQ", "line": 1}],
            }
            for band, outcome in ((2, "PASS"), (17, "FAIL"))
        ],
        "summary": {"PASS": 1, "FAIL": 1},
        "files": [{"file": "evidence/m/at.yaml", "bytes": 12, "sha256": "0" * 64}],
    }
    return completed(made | changes)


@pytest.fixture
def book(tmp_path: Path):
    write_xlsx(tmp_path / "report.xlsx", typed(document()), {})
    return openpyxl.load_workbook(tmp_path / "report.xlsx")


def test_each_sheet_has_a_head_that_stays_and_filters(book) -> None:
    assert book.sheetnames == ["Summary", "Verdicts", "Bands", "Deviations", "Evidence"]
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref.startswith("A1:")


def test_bands_tell_each_layer_and_leave_the_unknown_empty(book) -> None:
    head, *rows = book["Bands"].iter_rows(values_only=True)
    by_band = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_band[17]["Hardware"] == "yes"
    assert by_band[17]["Enabled"] == "no"
    assert by_band[17]["Attached"] is None
    assert by_band[17]["Policy"] is None
    assert isinstance(rows[0][2], int)


def test_a_list_of_no_layer_and_no_restriction_have_their_words(tmp_path: Path) -> None:
    layers = {"supported": {"lte": [2]}, "enabled": {"lte": "unlimited"}}
    write_xlsx(tmp_path / "r.xlsx", typed(document(devices=[{"device": "m", "layers": layers}])), {})
    head, *rows = openpyxl.load_workbook(tmp_path / "r.xlsx")["Bands"].iter_rows(values_only=True)
    (told,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert (told["Band"], told["Listed"], told["Enabled"], told["Hardware"]) == (2, "yes", "no restriction", None)


def test_device_text_is_text_in_every_sheet(book) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert sum(cell.value == HOSTILE for cell in cells) >= 4
    assert not any(isinstance(cell.value, str) and ("\x1b" in cell.value or "\x00" in cell.value) for cell in cells)
    assert not any(cell.hyperlink for cell in cells)


def test_deviations_list_what_is_not_a_plain_pass(book) -> None:
    rows = list(book["Deviations"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["FAIL", "warning"]
    assert len(rows[1][3]) < 32_767


def test_empty_tables_are_sheets_all_the_same(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "r.xlsx", typed(document(devices=[{"device": "m"}], verdicts=[], results=[], files=[])), {})
    assert openpyxl.load_workbook(tmp_path / "r.xlsx")["Verdicts"].max_row == 1


def test_twenty_thousand_verdicts_are_written(tmp_path: Path) -> None:
    one = document()["verdicts"][0]
    write_xlsx(tmp_path / "r.xlsx", typed(document(verdicts=[one] * 20_000)), {})
    assert openpyxl.load_workbook(tmp_path / "r.xlsx", read_only=True)["Verdicts"].max_row == 20_001


def test_rows_are_as_high_as_their_text(tmp_path: Path, made: Any) -> None:
    document, exchanges = made
    write_xlsx(tmp_path / "report.xlsx", typed(document), exchanges)
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Verdicts"]
    heads = [cell.value for cell in sheet[1]]
    reason = heads.index("Reason")
    width = sheet.column_dimensions[openpyxl.utils.get_column_letter(reason + 1)].width
    long = [row for row in sheet.iter_rows(min_row=2) if len(row[reason].value) > width]
    assert long
    for row in long:
        lines = len(row[reason].value) / width
        assert sheet.row_dimensions[row[0].row].height >= 14 * lines


def test_a_text_that_its_column_was_made_for_takes_one_line(tmp_path: Path) -> None:
    name = "a-device-of-a-long-name-indeed"
    made = document()
    for one in [*made["devices"], *made["verdicts"], *made["results"]]:
        one["device"] = name
    write_xlsx(tmp_path / "report.xlsx", typed(made), {})
    sheet = openpyxl.load_workbook(tmp_path / "report.xlsx")["Bands"]
    rows = [row for row in sheet.iter_rows(min_row=2) if row[0].value == name]
    assert rows
    assert not [row for row in rows if sheet.row_dimensions[row[0].row].height]
