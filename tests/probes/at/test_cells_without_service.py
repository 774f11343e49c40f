"""A modem that says that it has no service prints its last cell all the same: that cell is none of a registration."""

from __future__ import annotations

import pytest

from harness.observations import Registration, ServingCell, SupportedBands
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect

GSTATUS = (
    "!GSTATUS: \r\nReset Counter: 1\t\tMode:        {mode}\r\nSystem mode:   LTE        \tPS state:    {ps}     \r\n"
    "LTE band:      B12    \t\tLTE bw:      10 MHz  \r\nLTE Rx chan:   5110\t\tLTE Tx chan: 23110\r\n"
    "EMM state:     {emm} \r\nRRC state:     RRC Idle       \r\nTAC:         2A3F (10815)\r\n"
)
NORMAL = {"mode": "ONLINE         ", "ps": "Attached", "emm": "Registered     \tNormal Service"}
CPSI = "+CPSI: LTE,{},310-410,0x2A3F,12345,214,EUTRAN-BAND12,5110,3,3,-100,-930,-630,15"
CPSI_SA = "+CPSI: NR5G_SA,{},310-260,0x2A3F00,12345,625,NR5G_BAND41,520110,-980,-110,17"
CPSI_UMTS = "+CPSI: WCDMA,{},310-410,0x2A3F,12345,WCDMA 850,77,4385,0,3.5,87,33,52,500"
SMONI = "^SMONI: 4G,5110,12,10,10,FDD,310,410,2A3F,0A1B2C3,214,20,-93,-10,{}"
MENG = '+MENG: "servingcell","{}","LTE","FDD",310,410,0A1B2C3,214,5110,12,3,3,2A3F,-93,-10,-63,15,30'


def gstatus(**other: str) -> str:
    return GSTATUS.format(**{**NORMAL, **other})


@pytest.mark.parametrize(
    ("family", "command", "text", "registered"),
    [
        ("sierra", "AT!GSTATUS?", gstatus(), True),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Registered     \tLimited Service"), False),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Registered     \tNo cell available"), False),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Registered     \tPLMN search"), False),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Registered     \tAttempting to update"), False),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Registered     \tAttempting to update MM"), True),
        ("sierra", "AT!GSTATUS?", gstatus(emm="Deregistered   \tNo IMSI"), False),
        ("sierra", "AT!GSTATUS?", gstatus(mode="LOW POWER MODE"), False),
        ("sierra", "AT!GSTATUS?", gstatus(mode="OFFLINE"), False),
        ("sierra", "AT!GSTATUS?", gstatus(ps="Not attached"), False),
        ("simcom", "AT+CPSI?", CPSI.format("Online"), None),
        ("simcom", "AT+CPSI?", CPSI.format("Low Power Mode"), False),
        ("simcom", "AT+CPSI?", CPSI.format("Offline"), False),
        ("simcom", "AT+CPSI?", CPSI_SA.format("Online"), None),
        ("simcom", "AT+CPSI?", CPSI_SA.format("Low Power Mode"), False),
        ("simcom", "AT+CPSI?", CPSI_UMTS.format("Online"), None),
        ("simcom", "AT+CPSI?", CPSI_UMTS.format("Offline"), False),
        ("cinterion", "AT^SMONI", SMONI.format("NOCONN"), None),
        ("cinterion", "AT^SMONI", SMONI.format("CONN"), None),
        ("cinterion", "AT^SMONI", SMONI.format("LIMSRV"), False),
        ("meig", 'AT+MENG="servingcell"', MENG.format("NOCONN"), None),
        ("meig", 'AT+MENG="servingcell"', MENG.format("CONNECT"), None),
        ("meig", 'AT+MENG="servingcell"', MENG.format("LIMSRV"), False),
    ],
)
def test_what_the_modem_says_of_its_service_counts_for_its_cell(
    family: str, command: str, text: str, registered: bool | None
) -> None:
    told = read_parts(f"{text}\r\nOK\r\n", command, dialect(family), Modem()).observations
    assert [one.registered for one in told if isinstance(one, ServingCell)] == [registered]


@pytest.mark.parametrize(
    ("family", "command", "text", "state"),
    [
        ("simcom", "AT+CPSI?", "+CPSI: NO SERVICE,Online", "not_registered"),
        ("quectel", 'AT+QENG="servingcell"', '+QENG: "servingcell","SEARCH"', "searching"),
        ("quectel", "AT+QNWINFO", "+QNWINFO: No Service", "not_registered"),
    ],
)
def test_a_modem_without_a_cell_says_that_it_is_not_registered(
    family: str, command: str, text: str, state: str
) -> None:
    told = read_parts(f"{text}\r\nOK\r\n", command, dialect(family), Modem()).observations
    assert [one.state for one in told if isinstance(one, Registration)] == [state]


@pytest.mark.parametrize("mask", ["(0--1)", "(-1)", "-1"])
def test_a_mask_with_a_sign_names_no_band(mask: str) -> None:
    answer = f"#BND: (0),(0-11),{mask}\r\nOK\r\n"
    told = read_parts(answer, "AT#BND=?", dialect("telit"), Modem("Telit", "LE910-SVG")).observations
    assert not [one for one in told if isinstance(one, SupportedBands) and one.rat == "lte"]


@pytest.mark.parametrize(
    ("second", "bands"),
    [("LTE,Enable Bands :2,4,12,", (2, 4, 12, 71)), ("LTE,Enable Bands :2,4,", None), ("LTE,Disable Bands:12,", None)],
)
def test_lists_that_stand_there_twice_and_differ_are_not_read(second: str, bands: tuple[int, ...] | None) -> None:
    text = f"LTE,Enable Bands :2,4,12,\r\nLTE,Disable Bands:71,\r\n{second}\r\nOK\r\n"
    told = read_parts(text, "AT^BAND_PREF?", dialect("foxconn"), Modem("Foxconn", "T99W175")).observations
    lists = [one.bands for one in told if isinstance(one, SupportedBands)]
    assert lists == ([] if bands is None else [bands])
