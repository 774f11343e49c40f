from __future__ import annotations

from harness.probes.at import read


def test_lte_mask_stands_before_the_gsm_mask():
    found = read("+ZNLOCKBAND: 80800c5,2000000680380\r\nOK\r\n", "AT+ZNLOCKBAND?", "zte").observations
    assert {o.rat: o.bands for o in found}["lte"] == (1, 3, 7, 8, 20, 28)
    assert {o.rat: o.bands for o in found}["umts"] == (1, 8)


def test_placeholders_tell_that_the_modem_is_not_registered():
    text = "+ZCELLINFO: 0XFFFE,0XFFFFFFFF,0X00000000,LTE B3,1600\r\nOK\r\n"
    (cell,) = read(text, "AT+ZCELLINFO?", "zte").observations
    assert (cell.band, cell.arfcn, cell.registered, cell.tac) == (3, 1600, False, None)
