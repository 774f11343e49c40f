from __future__ import annotations

from harness.probes.at import read

XMCI = '+XMCI: {},510,11,"0x7D08","0x04E23C06","0x0071","0x{:08X}","0x00004B7D","0xFFFFFFFF",63,14,6\r\n'


def cells(text, command):
    return [o for o in read(text, command, "intel").observations if o.kind == "serving_cell"]


def test_mode_and_preferences_are_no_bands():
    found = read("+XACT: 4,2,1,1,8,101,166,900\r\nOK\r\n", "AT+XACT?", "intel").observations
    bands = {o.rat: o.bands for o in found if o.kind == "enabled_bands"}
    assert bands == {"umts": (1, 8), "lte": (1, 66), "gsm": (900,)}


def test_zero_means_all():
    found = read("+XACT: 2,,,0\r\nOK\r\n", "AT+XACT?", "intel").observations
    assert [(o.rat, o.bands, o.unlimited) for o in found if o.kind == "enabled_bands"] == [("lte", None, True)]


def test_second_carrier_without_a_name_has_no_band():
    found = cells("+XLEC: 0,2,5,3,BAND_LTE_3\r\nOK\r\n", "AT+XLEC?")
    assert [(c.role, c.band, c.bandwidth_khz) for c in found] == [("pcell", 3, 20000), ("scell", None, 10000)]


def test_second_carrier_is_the_measured_cell_with_the_same_pci():
    text = "+XLEC: 0,2,5,2,BAND_LTE_3\r\n" + XMCI.format(4, 1325) + XMCI.format(5, 3774) + "OK\r\n"
    found = cells(text, "AT+XLEC?;+XMCI=1")
    assert [(c.role, c.arfcn, c.band) for c in found if c.role == "scell"] == [("scell", 3774, 8)]
    assert [(c.arfcn, c.pci, c.plmn) for c in found if c.arfcn == 1325] == [(1325, 113, "51011")]


def test_malformed_level_does_not_lose_the_band():
    (found,) = cells("+RSRP: 502,1820,-9.-50\r\nOK\r\n", "AT+RSRP?")
    assert (found.band, found.pci) == (3, 502)
