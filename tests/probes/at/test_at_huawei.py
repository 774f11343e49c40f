from __future__ import annotations

import pytest

from harness.probes.at import read


def facts(text, command, kind):
    return [o.as_json() for o in read(text, command, "huawei").observations if o.kind == kind]


def test_all_bands_value_is_unlimited():
    found = facts('^SYSCFGEX: "00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF,,\r\nOK\r\n', "AT^SYSCFGEX?", "enabled_bands")
    assert {f["rat"]: (f["bands"], f["unlimited"]) for f in found}["lte"] == (None, True)


def test_lte_mask_is_hexadecimal():
    found = facts('^SYSCFGEX: "03",4C00000,0,2,8000011041\r\nOK\r\n', "AT^SYSCFGEX?", "enabled_bands")
    assert {f["rat"]: f["bands"] for f in found} == {"gsm": [], "umts": [1, 2, 5], "lte": [1, 7, 13, 17, 40]}


def test_names_wrapped_over_lines_still_give_the_mask():
    text = '^SYSCFGEX: ("00"),((3fffffff,"All Bands")),(0-2),(0-4),((45,"LTE BC1/LTE \r\nBC3/LTE BC7"),\r\n'
    found = facts(text + '(7fffffffffffffff,"All Bands"))\r\nOK\r\n', "AT^SYSCFGEX=?", "supported_bands")
    assert [f["bands"] for f in found] == [[1, 3, 7]]


def test_mask_that_contradicts_its_names_is_not_believed():
    text = '^SYSCFGEX: ("00"),((80000,"GSM850")),(0-2),(0-4),((4f,"LTE BC1/LTE BC3"))\r\nOK\r\n'
    reading = read(text, "AT^SYSCFGEX=?", "huawei")
    assert not [o for o in reading.observations if getattr(o, "rat", "") == "lte"]
    assert "disagree" in " ".join(reading.warnings)


def test_pci_is_hexadecimal_and_channel_decimal():
    (found,) = facts("^MONSC: LTE,460,00,1300,A1B2C3E,128,A1B2,-70,-6,-44\r\nOK\r\n", "AT^MONSC", "serving_cell")
    assert (found["arfcn"], found["band"], found["pci"], found["plmn"]) == (1300, 3, 296, "46000")


def test_nr_line_beside_an_lte_line_is_the_pscell():
    text = "^HFREQINFO: 0,6,3,1300,18150,20000,19300,17200,20000\r\n^HFREQINFO: 0,7,41,513000,2565000,100000,0,0,0\r\n"
    found = facts(text + "OK\r\n", "AT^HFREQINFO?", "serving_cell")
    assert [(f["role"], f["rat"], f["band"], f["bandwidth_khz"]) for f in found] == [
        ("pcell", "lte", 3, 20000),
        ("pscell", "nr_nsa", 41, 100000),
    ]


TEST_FORM = (
    '^SYSCFGEX: ("00","01"),((2000000400380,"GSM900/GSM1800/WCDMA900/WCDMA2100"),(3fffffff,"All bands")),(0-2),(0-4),'
    '((800c5,"LTE BC1/LTE BC3/LTE BC7/LTE BC8/LTE BC20"),(7fffffffffffffff,"All bands"))'
)
READ_FORM = '^SYSCFGEX: "00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF,,'


@pytest.mark.parametrize("test_first", [True, False])
def test_the_value_of_all_bands_beside_the_test_form_in_one_answer(test_first):
    """Both forms bear one name: of each the reader takes its own, and all bands is no restriction of what is listed."""
    pair = [("AT^SYSCFGEX=?", TEST_FORM), ("AT^SYSCFGEX?", READ_FORM)][:: 1 if test_first else -1]
    command = f"{pair[0][0]};{pair[1][0].removeprefix('AT')}"
    reading = read(f"{pair[0][1]}\r\n\r\n{pair[1][1]}\r\n\r\nOK\r\n", command, "huawei")
    told = [one.as_json() for one in reading.observations]
    assert {one["rat"]: one["bands"] for one in told if one["kind"] == "supported_bands"} == {
        "gsm": [900, 1800],
        "umts": [1, 8],
        "lte": [1, 3, 7, 8, 20],
    }
    free = {one["rat"]: (one["bands"], one["unlimited"]) for one in told if one["kind"] == "enabled_bands"}
    assert free == dict.fromkeys(("gsm", "umts", "lte"), (None, True))
    assert reading.warnings == ()
