"""SIMCom answers."""

from __future__ import annotations

from harness.observations import EnabledBands, ServingCell, Signal
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers.simcom.family import DIALECT


def cell(line: str) -> ServingCell:
    found = read(f"+CPSI: {line}\r\nOK\r\n", "AT+CPSI?", DIALECT).observations
    return next(o for o in found if isinstance(o, ServingCell))


def test_the_scale_of_the_levels_shows_in_the_rsrp() -> None:
    levels = []
    for tail in ("-16,-83,-53,10", "-69,-900,-661,20", "21,67,255,19"):
        text = f"+CPSI: LTE,Online,460-01,0x230A,1,318,EUTRAN-BAND3,1650,5,5,{tail}\r\nOK\r\n"
        signal = next(o for o in read(text, "AT+CPSI?", DIALECT).observations if isinstance(o, Signal))
        levels.append((signal.rsrp_dbm, signal.rsrq_db))
    assert levels == [(-83, -16), (-90, -6.9), (-74, -9.5)]


def test_an_nr_line_without_a_band_leaves_candidates() -> None:
    leg, alone = cell("NR5G,257,629952,-11,-92,153"), cell("NR5G,Online,311-480,0x2D18,5,257,629952,-92,-11,15")
    assert (leg.role, leg.band, leg.band_candidates, leg.pci) == ("pscell", None, (77, 78), 257)
    assert (alone.role, alone.rat, alone.plmn, alone.band_candidates) == ("pcell", "nr_sa", "311480", (77, 78))


def test_the_newer_nr_line_names_band_and_width() -> None:
    found = cell("NR5G_NSA,298,NR5G_BAND41,520110,-760,-110,18,0,12")
    assert (found.band, found.arfcn, found.bandwidth_khz) == (41, 520110, 100000)


def test_nb_iot_has_no_channel_bandwidth() -> None:
    found = cell("LTE NB-IOT,Online,466-92,0xCABC,1,364,EUTRAN-BAND8,3640,0,0,-14,-106,-92,7")
    assert (found.rat, found.band, found.bandwidth_khz) == ("nb_iot", 8, None)


def test_no_service_is_an_answer_without_a_cell() -> None:
    found = read("+CPSI: NO SERVICE,Online\r\nOK\r\n", "AT+CPSI?", DIALECT).observations
    assert not [o for o in found if isinstance(o, ServingCell)]


def test_bits_beyond_the_table_are_told_apart() -> None:
    text = "+CNBP: 0X0000000000000180,0x48" + "0" * 60 + "D5,0X0000\r\nOK\r\n"
    reading = read(text, "AT+CNBP?", DIALECT)
    assert [o.bands for o in reading.observations if isinstance(o, EnabledBands) and o.rat == "lte"] == [
        (1, 3, 5, 7, 8)
    ]
    assert "252, 255" in reading.warnings[0]


def test_an_empty_nsa_list_is_a_true_empty_set_and_an_empty_lte_list_is_not() -> None:
    command = 'AT+CSYSSEL="nsa_nr5g_band"'
    (found,) = read('+CSYSSEL: "nsa_nr5g_band",\r\nOK\r\n', command, DIALECT).observations
    assert isinstance(found, EnabledBands)
    assert found.bands == ()
    assert read_parts('+CSYSSEL: "lte_band",\r\nOK\r\n', 'AT+CSYSSEL="lte_band"', DIALECT, Modem()).told == ()


def test_a_list_out_of_order_is_unreadable() -> None:
    reading = read_parts('+CSYSSEL: "lte_band",1:2:40:8\r\nOK\r\n', 'AT+CSYSSEL="lte_band"', DIALECT, Modem())
    assert reading.told == ()


def test_cat_m_and_nb_iot_have_lists_of_their_own() -> None:
    text = '+CBANDCFG: "CAT-M",1,2,39\r\n+CBANDCFG: "NB-IOT",8,20\r\nOK\r\n'
    found = read(text, "AT+CBANDCFG?", DIALECT).observations
    assert [(o.rat, o.bands) for o in found if isinstance(o, EnabledBands)] == [
        ("lte_m", (1, 2, 39)),
        ("nb_iot", (8, 20)),
    ]
