"""Files that are not what they should be: each fault is told with its place, and nothing that is sound is lost."""

from __future__ import annotations

import json
import zipfile

import pytest
from ics_values import item_row, spec_sheet, workbook

from harness.errors import FileError, UnknownName
from harness.ics.forms.known import read_declaration

SOUND = item_row("A.4.3.1-1/2", "TRUE", "pc_eBand2_Supp")
"""A row that is read, whatever stands beside it."""
SHEET = "3GPP TS 36.523-2"


def _read(tmp_path, content, name="ics.bin", **more):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_declaration(file, **more)


def _book(*rows, title=SHEET, spec="3GPP TS 36.523-2 V18.8.0", merges=None):
    return workbook({title: spec_sheet(*rows, spec=spec)}, merges and {title: merges})


WORKBOOKS = {
    "bare number": (_book(SOUND, item_row("12", "TRUE")), (4, 6), "bare number"),
    "band for an item": (_book(SOUND, item_row("Band 12", "TRUE")), (4, 6), "names no item"),
    "wrong specification in the item": (
        _book(SOUND, item_row("38.508-2#A.4.3.1-1/4", "TRUE")),
        (4, 6),
        "stands in a sheet of TS 36.523-2",
    ),
    "localized TRUE": (_book(SOUND, item_row("A.4.3.1-1/4", "WAHR")), (4, 6), "is TRUE in another language"),
    "localized FALSE": (_book(SOUND, item_row("A.4.3.1-1/4", "FAUX")), (4, 6), "is FALSE in another language"),
    "Japanese TRUE": (_book(SOUND, item_row("A.4.3.1-1/4", "真")), (4, 6), "is TRUE in another language"),
    "formula": (_book(SOUND, item_row("A.4.3.1-1/4", "=TRUE()")), (4, 6), "is a formula"),
    "formula of a link": (_book(SOUND, item_row("A.4.3.1-1/4", "=F3")), (4, 6), "is a formula"),
    "number 1": (_book(SOUND, item_row("A.4.3.1-1/4", 1)), (4, 6), "is a number"),
    "number 0": (_book(SOUND, item_row("A.4.3.1-1/4", 0)), (4, 6), "is a number"),
    "maybe": (_book(SOUND, item_row("A.4.3.1-1/4", "maybe")), (4, 6), "is no answer"),
    "a band as the answer": (_book(SOUND, item_row("A.4.3.1-1/4", "B4")), (4, 6), "is no answer"),
    "merged answers": (
        _book(SOUND, item_row("A.4.3.1-1/4", "TRUE"), item_row("A.4.3.1-1/5", None), merges=["F4:F5"]),
        (4, 6),
        "merged over rows 4 to 5",
    ),
    "merged rows": (
        _book(SOUND, item_row("A.4.3.1-1/4", "TRUE"), item_row("A.4.3.1-1/5", None), merges=["E4:F5"]),
        (4, 6),
        "merged over rows",
    ),
    "mnemonic against item": (
        _book(SOUND, item_row("A.4.3.1-1/4", "TRUE", "pc_eBand5_Supp")),
        (4, 6),
        "mixed versions",
    ),
    "words against item": (
        _book(SOUND, item_row("A.4.3.1-1/33", "TRUE", about="E-UTRA Band 66")),
        (4, 6),
        "its text says band 66",
    ),
    "misspelt mnemonic": (_book(SOUND, item_row("", "TRUE", "pc_eBand12_Sup")), (4, 6), "did you mean pc_eBand12_Supp"),
    "told twice, differently": (
        _book(SOUND, item_row("A.4.3.1-1/4", "TRUE"), item_row("A.4.3.1-1/4", "FALSE")),
        (5, 6),
        "is FALSE here and TRUE in",
    ),
    "a number that the table lacks": (_book(SOUND, item_row("A.4.3.1-1/199", "TRUE")), (4, 6), "has no item 199"),
    "removed and TRUE": (
        _book(SOUND, item_row("A.4.3.1-1/7 (removed in V17.7.0)", "TRUE")),
        (4, 6),
        "removed from the specification",
    ),
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_row_of_a_workbook_that_is_wrong(tmp_path, name):
    content, (row, column), why = WORKBOOKS[name]
    found = _read(tmp_path, content)
    assert [str(one) for one in found.faults if why in one.message], found.faults
    fault = next(one for one in found.faults if why in one.message)
    assert (fault.place.sheet, fault.place.row, fault.place.column) == (SHEET, row, column)
    assert f"sheet {SHEET!r}, row {row}, column {column}" in str(fault)
    assert [one.key for one in found.statements if one.word == "true"] == ["36.523-2#A.4.3.1-1/2"]


TEXTS = {
    "bare number": ("12 BOOLEAN TRUE", "bare number"),
    "no type": ("pc_eBand12_Supp TRUE", "no line of the form"),
    "other type": ("pc_eBand12_Supp INTEGER 1", "is BOOLEAN, and stands here as INTEGER"),
    "localized": ("pc_eBand12_Supp BOOLEAN WAHR", "another language"),
    "no value": ("pc_eBand12_Supp BOOLEAN", "no line of the form"),
    "two values": ("pc_eBand12_Supp BOOLEAN TRUE FALSE", "no line of the form"),
    "without specification": ("A.4.3.1-1/4 BOOLEAN TRUE", "ambiguous without its specification"),
    "unknown type": ("pc_eBand12_Supp BOOL TRUE", "no line of the form"),
    "misspelt": ("pc_eBand12_Suppp BOOLEAN TRUE", "did you mean"),
    "told twice": ("pc_eBand4_Supp BOOLEAN TRUE\npc_eBand4_Supp BOOLEAN FALSE", "neither is taken"),
    "two models": ("# model: A-1\n# model: B-2", "whose declaration is it"),
    "no such table complete": ("# complete: A.4.3", "no table that could be complete"),
    "control signs": ("pc_eBand12_Supp\x00 BOOLEAN TRUE", None),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_line_that_is_wrong(tmp_path, name):
    text, why = TEXTS[name]
    content = f"pc_eBand2_Supp BOOLEAN TRUE # sound\n{text}\npc_Attach BOOLEAN TRUE\n"
    if why is None:
        with pytest.raises(FileError, match="2: is no text"):
            _read(tmp_path, content, "ics.txt")
        return
    found = _read(tmp_path, content, "ics.txt")
    assert [one for one in found.faults if why in one.message and one.place.row in {2, 3}], found.faults
    assert [one.key for one in found.statements] == ["36.523-2#A.4.3.1-1/2"]
    assert found.other_items == 1


CSVS = {
    "bare number": ("12,TRUE", "bare number"),
    "formula": ("36.523-2#A.4.3.1-1/4,=TRUE()", "is a formula"),
    "short row": ("36.523-2#A.4.3.1-1/4", "ends before the column"),
    "localized": ("36.523-2#A.4.3.1-1/4,VERO", "another language"),
}


@pytest.mark.parametrize("name", CSVS)
def test_a_row_of_a_table_that_is_wrong(tmp_path, name):
    row, why = CSVS[name]
    found = _read(tmp_path, f"key,value\n36.523-2#A.4.3.1-1/2,TRUE\n{row}\n", "ics.csv")
    (fault,) = found.faults
    assert why in fault.message
    assert fault.place.row == 3
    assert [one.key for one in found.statements] == ["36.523-2#A.4.3.1-1/2"]


def _archive(*names):
    import io

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return out.getvalue()


WHOLE = {
    "nothing": (b"", "is empty"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old or a protected workbook"),
    "a PDF": (b"%PDF-1.7\n", "is a PDF"),
    "a cut workbook": (_book(SOUND)[:3000], "damaged archive"),
    "another archive": (_archive("readme.txt"), "an archive and no workbook"),
    "an OpenDocument file": (_archive("content.xml", "mimetype"), "an OpenDocument file"),
    "a workbook of nothing": (_archive("xl/workbook.xml"), "no workbook that can be read"),
    "a workbook without items": (workbook({"Info": [["UE name", "X"]]}), "no item of a band"),
    "prose": (b"This device supports all bands.\n", "is no ICS in a form known here"),
    "other JSON": (b'{"schema": "bandproof.report/1"}', "its schema is not bandproof.ics/1"),
    "broken JSON": (b'{"schema": "bandproof.ics/1", "items": [', "is no JSON"),
    "JSON that says a thing twice": (b'{"schema":"bandproof.ics/1","items":[{"key":"a","key":"b"}]}', "stands twice"),
    "octets in a line file": (b"pc_eBand2_Supp BOOLEAN TRUE\n\xff\xfe\xff\n", "is no text in utf-8"),
    "a table without heads": (b"# model: X\n36.523-2/A,TRUE\n", "is no ICS in a form known here"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_is_none(tmp_path, name):
    content, why = WHOLE[name]
    with pytest.raises(FileError, match=why):
        _read(tmp_path, content)


def test_there_are_forty_broken_inputs_and_more():
    assert len(WORKBOOKS) + len(TEXTS) + len(CSVS) + len(WHOLE) >= 40


def test_a_sheet_without_specification_is_ambiguous(tmp_path):
    found = _read(tmp_path, workbook({"Bands": spec_sheet(SOUND, spec="bands"), SHEET: spec_sheet(SOUND)}))
    (fault,) = found.faults
    assert (fault.place.sheet, fault.place.row) == ("Bands", 2)
    assert "ambiguous" in fault.message
    assert len(found.statements) == 1


def test_a_sheet_that_is_named_otherwise_than_its_first_row(tmp_path):
    found = _read(tmp_path, _book(SOUND, spec="3GPP TS 38.508-2"))
    (fault,) = found.faults
    assert "36.523-2 and its first row says 38.508-2" in fault.message
    assert found.statements == ()


def test_two_versions_of_one_specification(tmp_path):
    sheets = {
        "36.523-2": spec_sheet(SOUND, spec="3GPP TS 36.523-2 V18.8.0"),
        "36.523-2 (2)": spec_sheet(item_row("A.4.3.1-1/4", "TRUE"), spec="3GPP TS 36.523-2 V17.1.0"),
    }
    found = _read(tmp_path, workbook(sheets))
    assert any("mixed versions" in one.message and one.place.sheet == "36.523-2 (2)" for one in found.faults)
    assert any("V17.1.0" in remark for remark in found.remarks)


def test_another_version_is_told(tmp_path):
    found = _read(tmp_path, _book(SOUND, spec="3GPP TS 36.523-2 V16.5.0"))
    assert found.faults == ()
    assert any("V16.5.0" in one and "V18.8.0" in one for one in found.remarks)


def test_a_formula_of_an_array_is_no_answer(tmp_path):
    from io import BytesIO

    from openpyxl import load_workbook
    from openpyxl.worksheet.formula import ArrayFormula

    book = load_workbook(BytesIO(_book(SOUND, item_row("A.4.3.1-1/4", "TRUE"))))
    book[SHEET]["F4"] = ArrayFormula("F4:F4", "=TRUE()")
    out = BytesIO()
    book.save(out)
    found = _read(tmp_path, out.getvalue())
    assert [one.place.row for one in found.faults] == [4]


def _long_book(rows):
    """As an office program writes it, faster than openpyxl does."""
    import io

    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_fifty_thousand_rows(tmp_path):
    """All are looked at; each of the wrong ones is told."""
    rows = [["", "3GPP TS 36.523-2"], ["Item", "Value"], *([str(number), "TRUE"] for number in range(25_000))]
    rows += [[f"A.4.4-1/{number}", "TRUE"] for number in range(25_000)]
    found = _read(tmp_path, _long_book([*rows, ["A.4.3.1-1/2", "TRUE"]]))
    assert len(found.faults) == 25_000
    assert found.faults[-1].place.row == 25_002
    assert found.other_items == 25_000
    assert [one.place.row for one in found.statements] == [50_003]


def test_too_many_rows_are_refused_by_sheet(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.ics.forms.workbook_reading.MOST_ROWS", 1)
    found = _read(tmp_path, _book(SOUND, item_row("A.4.3.1-1/4", "TRUE")))
    assert "more than 1 rows" in found.faults[0].message
    assert found.statements == ()


def test_a_workbook_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("harness.ics.forms.workbook_reading.LARGEST_UNPACKED", 100)
    with pytest.raises(FileError, match="unpacks to more"):
        _read(tmp_path, _book(SOUND))


def test_an_unknown_form_names_those_that_are_known(tmp_path):
    with pytest.raises(UnknownName, match="no ICS form named 'xls'"):
        _read(tmp_path, _book(SOUND), form="xls")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_declaration(tmp_path / "none.xlsx")


def test_items_of_json_are_read_one_by_one(tmp_path):
    items = [{"key": "36.523-2#A.4.3.1-1/2", "value": True}, {"key": "12", "value": True}, 7, {"value": [1]}]
    found = _read(tmp_path, json.dumps({"schema": "bandproof.ics/1", "items": items}))
    assert [one.place.row for one in found.faults] == [2, 3, 4]
    assert len(found.statements) == 1
