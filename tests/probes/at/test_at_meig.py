from __future__ import annotations

from harness.probes.at import read


def test_servingcell_reads_hexadecimal_tac_and_decimal_pci():
    text = '+MENG: "servingcell","CONNECT","LTE","FDD",262,01,2fc9902,316,1300,3,5,5,fbe,-108,-10.5,-77,-20,19\r\n'
    cell, signal = read(text, 'AT+MENG="servingcell"', "meig").observations
    assert (cell.band, cell.pci, cell.tac, cell.bandwidth_khz) == (3, 316, 0xFBE, 20000)
    assert (signal.rsrp_dbm, signal.rsrq_db, signal.sinr_db) == (-108, -10.5, -20)


def test_lock_is_told():
    (found,) = read('^CELLLOCK: 1,"LTE",1,1300,316\r\n^CELLLOCK: 0\r\nOK\r\n', "AT^CELLLOCK?", "meig").observations
    assert (found.kind, found.locked) == ("cell_lock", True)
