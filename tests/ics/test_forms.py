"""The forms as they travel: what is read, what a FALSE means, and that all forms say the same."""

from __future__ import annotations

import pytest
from ics_values import HEADS, hardware, item_row, spec_sheet, survey, workbook

from harness.ics.forms.known import forms, named, read_declaration
from harness.requirements.proforma.filling import fill

KEY = "36.523-2#A.4.3.1-1/2"


def _read(tmp_path, content, name="ics.bin"):
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_declaration(file)


def _words(declaration):
    return {one.key: one.word for one in declaration.statements}


def test_the_line_form(tmp_path):
    text = (
        "# model: NW-200\r\n# software configuration: 1.2\r\n\r\n"
        "pc_eBand2_Supp\tBOOLEAN  TRUE   # Band 2\r\npc_eBand4_Supp BOOLEAN false\r\n"
        "px_IMEI_Def HEXSTRING '00'H\r\npx_Name IA5String \"a # b\" # text\r\npc_Attach BOOLEAN TRUE\r\n"
        "36.521-2#A.4.3-3/12 BOOLEAN TRUE\r\n"
    )
    found = _read(tmp_path, text)
    assert (found.form, found.head.model, found.head.software) == ("txt", "NW-200", "1.2")
    assert _words(found) == {KEY: "true", "36.523-2#A.4.3.1-1/4": "false", "36.521-2#A.4.3-3/12": "true"}
    assert (found.faults, found.other_items) == ((), 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_of_editors(tmp_path, encoding):
    found = _read(tmp_path, "pc_eBand2_Supp BOOLEAN TRUE # Überall\n".encode(encoding))
    assert _words(found) == {KEY: "true"}


def test_a_list_with_answers(tmp_path):
    found = _read(
        tmp_path, "36.523-2#A.4.3.1-1/2 Y\n36.523-2#A.4.3.1-1/4;N\n36.521-2#A.4.6.1-3/1C,Y\n36.523-2#A.4.3.1-1/5\n"
    )
    assert found.form == "list"
    assert _words(found) == {
        KEY: "true",
        "36.523-2#A.4.3.1-1/4": "false",
        "36.521-2#A.4.6.1-3/CA_1C": "true",
        "36.523-2#A.4.3.1-1/5": "blank",
    }


def test_a_list_without_answers_names_what_is_declared(tmp_path):
    found = _read(tmp_path, "36.523-2#A.4.3.1-1/2\n36.523-2#A.4.3.1-1/4\n")
    assert set(_words(found).values()) == {"true"}
    assert "taken as declared" in found.remarks[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_in_any_order(tmp_path, delimiter):
    rows = (("Answer", "Spec", "Table", "Item"), ("TRUE", "TS 36.523-2", "A.4.3.1-1", "2"))
    found = _read(tmp_path, "\n".join(delimiter.join(row) for row in rows))
    assert (found.form, _words(found), found.faults) == ("csv", {KEY: "true"}, ())


def test_the_laboratory_workbook(tmp_path):
    rows = spec_sheet(
        ["A.4.3.1-1", "FDD bands", *item_row("A.4.3.1-1/1", "FALSE", "pc_eBand1_Supp")[2:]],
        item_row("A.4.3.1-1/2", True, "pc_eBand2_Supp", "E-UTRA Band 2"),
        item_row("A.4.3.1-1/4", "FALSE", "pc_eBand4_Supp", relevant="FALSE"),
        item_row("A.4.3.1-1/5", None, "pc_eBand5_Supp"),
        item_row("A.4.4-1/1", "TRUE", "pc_Attach"),
    )
    sheets = {
        "Overview": [["Feature spreadsheet"]],
        "Info": [["UE name", "NW-200"], ["Software configuration", "1.2"], ["Date", "2026-01-02"]],
        "5G FR1 Supported CBW": [["Band", "SCS", "5", "10"], ["n1", 15, "TRUE", "TRUE"]],
        "3GPP TS 36.523-2": rows,
    }
    found = _read(tmp_path, workbook(sheets))
    assert (found.head.model, found.head.software, found.head.date) == ("NW-200", "1.2", "2026-01-02")
    assert _words(found) == {
        "36.523-2#A.4.3.1-1/1": "false",
        KEY: "true",
        "36.523-2#A.4.3.1-1/4": "blank",
        "36.523-2#A.4.3.1-1/5": "blank",
    }
    assert (found.faults, found.other_items) == ((), 1)
    assert [one.place.row for one in found.statements] == [3, 4, 5, 6]
    assert not any(found.denies(one) for one in found.statements), "a template's FALSE is no denial"


@pytest.mark.parametrize(
    ("complete", "denies"),
    [("all", True), ("36.523-2#A.4.3.1-1", True), ("36.523-2#A.4.3.1-2", False), ("none", False)],
)
def test_false_is_a_denial_where_the_file_says_that_its_table_is_complete(tmp_path, complete, denies):
    sheets = {"Info": [["Complete", complete]], "3GPP TS 36.523-2": spec_sheet(item_row("A.4.3.1-1/2", "FALSE"))}
    found = _read(tmp_path, workbook(sheets))
    assert [found.denies(one) for one in found.statements] == [denies]


def test_an_item_number_takes_its_table_from_the_group_above(tmp_path):
    rows = spec_sheet(["A.4.3.1-1", "", *item_row("1", "TRUE")[2:]], item_row("2", "TRUE"))
    found = _read(tmp_path, workbook({"3GPP TS 36.523-2": rows}))
    assert set(_words(found)) == {"36.523-2#A.4.3.1-1/1", KEY}


def test_heads_may_stand_lower_and_in_another_order(tmp_path):
    rows = [["36.523-2"], [], list(reversed(HEADS)), list(reversed(item_row("A.4.3.1-1/2", "TRUE")))]
    found = _read(tmp_path, workbook({"bands": rows}))
    assert _words(found) == {KEY: "true"}


def test_all_forms_say_the_same(tmp_path):
    filled = fill(survey(hardware(2, 4, 41)), date="2026-01-02", laboratory="=Band lab, #2: east")
    told = {}
    for form in forms():
        if form.write is not None:
            found = _read(tmp_path, form.write(filled), f"ics.{form.name}")
            assert (found.form, found.faults) == (form.name, ())
            told[form.name] = {one.key: one.word for one in found.statements if one.word != "blank"}
            assert all(found.denies(one) for one in found.statements if one.word == "false")
            assert (found.head.date, found.head.software) == ("2026-01-02", "NW200_01.02.03")
    assert set(told) >= {"xlsx", "json", "csv", "txt"}
    answers = {one.item.key: "true" if one.value else "false" for one in filled.answers if one.value is not None}
    assert all(words == answers for words in told.values())
    assert set(answers.values()) == {"true", "false"}


@pytest.mark.parametrize(
    "hostile", ['=HYPERLINK("http://x")', "@x\n# complete: all\npc_eBand7_Supp BOOLEAN TRUE", "</t>", "\x00\x1b[1m"]
)
def test_device_text_stays_text(tmp_path, hostile):
    filled = fill(survey(hardware(2), model=hostile, build=hostile))
    for name in ("xlsx", "json", "csv", "txt"):
        found = _read(tmp_path, named(name).write(filled), f"ics.{name}")
        assert found.faults == ()
        assert "36.523-2#A.4.3.1-1/7" not in {one.key for one in found.statements if one.word == "true"}
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(named("xlsx").write(filled)))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
