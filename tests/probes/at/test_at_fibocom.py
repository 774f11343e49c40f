from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.errors import ParseError
from harness.probes.at import read
from harness.probes.at.makers.fibocom import band_of_number


def cells(text, command, model=None):
    reading = read(text, command, "fibocom", model=model)
    return [o.as_json() for o in reading.observations if o.kind == "serving_cell"], " ".join(reading.warnings)


@pytest.mark.parametrize(
    ("text", "band"),
    [("8", ("umts", 8)), ("166", ("lte", 66)), ("505", ("nr", 5)), ("5005", ("nr", 5)), ("50257", ("nr", 257))],
)
def test_notations_of_bands(text, band):
    assert band_of_number(text) == band


def test_nr_only_mode_has_no_lte_band_enabled():
    found = read("+GTACT: 14,,,5078\r\nOK\r\n", "AT+GTACT?", "fibocom").observations
    assert {o.rat: o.bands for o in found if o.kind == "enabled_bands"} == {"nr": (78,), "lte": (), "umts": ()}


def test_hexadecimal_channel_of_a_qualcomm_module():
    text = "+GTCCINFO:\r\nLTE service cell:\r\n1,4,262,02,BFD3,2D4201,189C,30,120,50,16,42,42,26\r\nOK\r\n"
    ((cell,), _) = cells(text, "AT+GTCCINFO?", "FM150")
    assert (cell["arfcn"], cell["pci"], cell["band"], cell["bandwidth_khz"]) == (6300, 48, 20, 10000)


def test_without_a_model_the_band_decides_the_base():
    text = "+GTCCINFO:\r\n1,4,460,1,1A2B,0,1650,187,103,100,8,44,44,19\r\nOK\r\n"
    ((cell,), _) = cells(text, "AT+GTCCINFO?")
    assert (cell["arfcn"], cell["pci"]) == (1650, 187)


def test_channel_in_neither_base_claims_no_band():
    text = "+GTCCINFO:\r\n1,4,460,1,1A2B,0,1650,187,120,100,8,44,44,19\r\nOK\r\n"
    ((cell,), warnings) = cells(text, "AT+GTCCINFO?", "FM350-GL")
    assert (cell["band"], cell["arfcn"], cell["band_reported"]) == (None, None, 20)
    assert "neither" in warnings


def test_nr_beside_lte_is_the_pscell_and_state_tells_activity():
    text = "+GTCAINFO:\r\nPCC:5079,143,723322,500,500,3\r\nPCC:103,223,1721,50,50,2\r\nSCC 1:1,0,101,296,350,50,255\r\n"
    found, _ = cells(text + "OK\r\n", "AT+GTCAINFO?", "FM350-GL")
    assert [(c["role"], c["band"], c["active"]) for c in found] == [
        ("pscell", 79, None),
        ("pcell", 3, None),
        ("scell", 1, False),
    ]


@settings(max_examples=100)
@given(st.text(alphabet="+GTCAINFO:PS 0123456789,\r\n", max_size=200))
def test_any_text_reads_or_is_a_parse_error(text):
    with suppress(ParseError):
        for fact in read(text, "AT+GTCCINFO?;+GTCAINFO?", "fibocom").observations:
            assert fact.kind == "serving_cell"
            assert fact.source.line >= 1
