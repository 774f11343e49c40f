from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.probes.at import read

SCFG = 'AT^SCFG="Radio/Band/4G"'


@pytest.mark.parametrize(
    ("values", "bands"),
    [('"00000001","00000020"', (1, 38)), ('"080E08DF"', (1, 2, 3, 4, 5, 7, 8, 12, 18, 19, 20, 28)), ('"5"', (1, 3))],
)
def test_words_are_hexadecimal_and_the_second_begins_at_33(values, bands):
    (found,) = read(f'^SCFG: "Radio/Band/4G",{values}\r\nOK\r\n', SCFG, "cinterion").observations
    assert (found.rat, found.bands) == ("lte", bands)


@pytest.mark.parametrize(
    "text",
    [
        '("00000001-00000005"),("00000002-00000020")',
        '("00000001"-"00000005"),("2"-"00000020")',
    ],
)
def test_upper_bounds_of_the_test_form_are_the_mask(text):
    (found,) = read(f'^SCFG: "Radio/Band/4G",{text}\r\nOK\r\n', "AT^SCFG=?", "cinterion").observations
    assert found.bands == (1, 3, 38)


def test_older_number_has_its_own_bits():
    found = read('^SCFG: "Radio/Band","1048576"\r\nOK\r\n', "AT^SCFG?", "cinterion").observations
    assert {o.rat: o.bands for o in found} == {"gsm": (), "umts": (), "lte": (17,)}


def test_serving_cell_in_mhz_and_search_without_a_cell():
    text = "^SMONI: 4G,3725,8,5,5,FDD,525,01,02C5,B5F9309,396,37,-82,-12.5,NOCONN\r\nOK\r\n"
    (cell,) = read(text, "AT^SMONI", "cinterion").observations
    assert (cell.band, cell.bandwidth_khz, cell.pci, cell.plmn, cell.tac) == (8, 5000, 396, "52501", 0x2C5)
    with pytest.raises(ParseError):
        read("^SMONI: 4G,SEARCH\r\nOK\r\n", "AT^SMONI", "cinterion")
