from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.probes.at import read


def facts(text, command, kind, model=None):
    reading = read(text, command, "u-blox", model=model)
    return [o.as_json() for o in reading.observations if o.kind == kind]


def test_second_word_of_the_mask_is_bands_from_65():
    (found,) = facts("+UBANDMASK: 0,185473183,1048578\r\nOK\r\n", "AT+UBANDMASK?", "enabled_bands", "SARA-R510S")
    assert found["rat"] == "lte_m"
    assert found["bands"] == [1, 2, 3, 4, 5, 8, 12, 13, 18, 19, 20, 25, 26, 28, 66, 85]


def test_a_one_behind_one_word_is_the_next_rat():
    found = facts("+UBANDMASK: 0,168761503,1,168761503\r\nOK\r\n", "AT+UBANDMASK?", "enabled_bands", "SARA-R410M")
    assert [f["rat"] for f in found] == ["lte_m", "nb_iot"]


def test_all_ones_are_unlimited_and_no_bands():
    text = "+UBANDMASK: (0,1),0xffffffffffffffff,0xffffffffffffffff\r\nOK\r\n"
    found = facts(text, "AT+UBANDMASK=?", "supported_bands")
    assert {(f["bands"], f["unlimited"]) for f in found} == {(None, True)}


def test_frequencies_name_no_bands_without_a_model():
    with pytest.raises(ParseError, match="model"):
        read("+UBANDSEL: 800,1800,2600\r\nOK\r\n", "AT+UBANDSEL?", "u-blox")


def test_frequencies_become_the_bands_of_the_model():
    (found,) = facts("+UBANDSEL: 800,1800,2600\r\nOK\r\n", "AT+UBANDSEL?", "enabled_bands", "LARA-R211")
    assert (found["bands"], found["grade"]) == ([3, 7, 20], "declared")


def test_earfcn_beats_the_band_that_ucged_names():
    text = "+UCGED: 2\r\n6,4,fff,fff\r\n5110,13,50,50,ffff,0000000,254,d0,ff,b1,27\r\nOK\r\n"
    (found,) = facts(text, "AT+UCGED?", "serving_cell")
    assert (found["band"], found["band_reported"], found["plmn"], found["tac"]) == (12, 13, None, None)


def test_unset_values_are_no_serving_cell():
    with pytest.raises(ParseError):
        read("+UCGED: 2\r\n6,2,fff,fff\r\n65535,255,255,255,ffff,0,65535,0,ff,ff,255\r\nOK\r\n", "AT+UCGED?", "u-blox")
