"""A saved grant -> its lines, whatever form the user saved it in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import FileError, ParseError
from harness.ics.grants import GrantLine, grant_from, parse_grant

LINE = GrantLine("27", 1710.7, 1779.3, 18.0, ("18M0G7D",))


@pytest.mark.parametrize(
    "text",
    [
        "27 1710.7 - 1779.3 0.2 0.1 PM 18M0G7D",
        "CC EF 27\t1710.7\t-\t1779.3\t0.2\t0.1 PM\t18M0G7D",
        "| CC | 27 | 1710.7 | - | 1779.3 | 0.2 | 0.1 PM | 18M0G7D |",
        "CC**27****1710.7**-**1779.3****0.2**0.1 PM **18M0G7D**",
        "<table><tr><td>CC</td><td>27</td>\n<td>1710.7</td>\n<td>-</td><td>1779.3</td><td>0.2</td><td>18M0G7D</td></tr></table>",
        "<html><body><TR><TD>27&nbsp;</TD><TD>1710.7&ndash;1779.3</TD><TD>18M0G7D</TD></TR></body></html>",
        "27 1710.7 to 1779.3 MHz 18M0G7D",
    ],
)
def test_a_line_in_the_forms_that_people_save(text):
    assert parse_grant(text).lines == (LINE,)


def test_a_whole_grant():
    text = (
        "FCC IDENTIFIER: 2ABCD-NW200\nEquipment Class: PCS Licensed Transmitter\nDate of Grant: 03/05/2021\n"
        "Grant Notes  FCC Rule Parts  Frequency Range (MHZ)  Output Watts  Frequency Tolerance  Emission Designator\n"
        "22H 824.7 - 848.3 0.234 2.5 PM 1M10G7D\nEF 24E 1860.0 - 1900.0 0.2 2.5 PM 18M0G7D\n"
        "15C 2402.0 - 2480.0 0.01\n96 3550.0 - 3700.0 0.1 38M0W7D\n"
    )
    found = parse_grant(text, "grant.txt")
    assert (found.fcc_id, found.date, found.equipment_class) == (
        "2ABCD-NW200",
        "03/05/2021",
        "PCS Licensed Transmitter",
    )
    assert [(one.part, one.licensed, one.bandwidth_mhz) for one in found.lines] == [
        ("22H", True, 1.1),
        ("24E", True, 18.0),
        ("15C", False, None),
        ("96", True, 38.0),
    ]
    assert not found.refers_to_module


def test_a_grant_that_refers_to_a_module():
    assert parse_grant("Contains FCC ID: XYZ-1\n27 1710-1780").refers_to_module


def test_emissions_of_one_line_are_not_lent_to_the_next():
    found = parse_grant("27 1710.7-1779.3 22H 824.7-848.3 1M10G7D")
    assert [one.bandwidth_mhz for one in found.lines] == [None, 1.1]


@pytest.mark.parametrize("text", ["", "no grant", "27 1780-1710", "Part 27 of the rules", "2021-03-05 1234-5678"])
def test_what_is_no_grant_is_refused(text):
    with pytest.raises(ParseError):
        parse_grant(text)


@pytest.mark.parametrize("data", [b"%PDF-1.4", b"PK\x03\x04", b"\xff\xfe\x00", b"hello"])
def test_files_that_are_none(data):
    with pytest.raises(FileError) as error:
        grant_from(data, "grant.bin")
    assert "grant" in error.value.way_out


@given(st.text(alphabet="27 22H24E.-–<td>0123456789\n|*MG7D", max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_grant(text)
    except ParseError:
        return
    assert all(one.low_mhz < one.high_mhz for one in found.lines)
