"""The lines that hold a maker's module to one band and put it back, by what its manuals and public tools write.

Set forms, what a write carries along and what is never sent: reference band-lock.md sections 1 and 2.
"""

from __future__ import annotations

import pytest
from held_to_a_band import held, locking_of, value_of

RADIO = "+CFUN: 1"
CEREG = "+CEREG: 0,1"

QUECTEL_5G = (
    '+QNWPREFCFG: "mode_pref",AUTO',
    '+QNWPREFCFG: "lte_band",1:3:66',
    '+QNWPREFCFG: "nr5g_band",41:78',
)
BND = "#BND: 0,11,A7E2BB0F38DF,42,1A0290828D7,7042,81A03B0A38D7,7C42"
SIERRA = (
    "Index, Name,                        GW Band Mask     L Band Mask 1    L Band Mask 2    TDS  L3  L4",
    "13, Mine                0000000002000000 0000000000000002 0000000000000000 "
    "0000000000000000 0000000000000000 0000000000000000",
)
PREF = (
    "WCDMA,Enable Bands :1,2,4,",
    "WCDMA,Disable Bands:5,",
    "LTE,Enable Bands :1,3,66,",
    "LTE,Disable Bands:71,",
    "NR5G,Enable Bands :41,78,",
)
FIBOCOM = "+GTACT: 20,6,3,1,8,101,103,166,501,5078"


@pytest.mark.parametrize(
    ("name", "model", "rat", "answers", "band", "lines"),
    [
        ("quectel", "RM520N-GL", "lte", QUECTEL_5G, 20,
         ['AT+QNWPREFCFG="mode_pref",LTE', 'AT+QNWPREFCFG="lte_band",20', "AT+CFUN=4", "AT+CFUN=1"]),
        ("quectel", "RM520N-GL", "nr", QUECTEL_5G, 78,
         ['AT+QNWPREFCFG="mode_pref",NR5G', 'AT+QNWPREFCFG="nr5g_band",78', "AT+CFUN=4", "AT+CFUN=1"]),
        ("quectel", "RM500U-CN", "lte", QUECTEL_5G, 3,
         ['AT+QNWPREFCFG="mode_pref",LTE', 'AT+QNWPREFCFG="lte_band",3', "AT+CFUN=4", "AT+CFUN=1"]),
        # Hexadecimal without 0x, the other masks as read, and a last 1: at once.
        ("quectel", "EG25-G", "lte", ('+QCFG: "band",0x1A0,0x80085,0x3F',), 20,
         ['AT+QCFG="nwscanmode",3,1', 'AT+QCFG="band",1a0,80000,3f,1', "AT+CFUN=4", "AT+CFUN=1"]),
        ("quectel", "BG95-M3", "lte_m", ('+QCFG: "band",0xf,0x80084,0x80084',), 66,
         ['AT+QCFG="nwscanmode",3,1', 'AT+QCFG="iotopmode",0,1', 'AT+QCFG="band",f,20000000000000000,80084,1',
          "AT+CFUN=4", "AT+CFUN=1"]),
        ("quectel", "BG95-M3", "nb_iot", ('+QCFG: "band",0xf,0x80084,0x80084',), 1,
         ['AT+QCFG="nwscanmode",3,1', 'AT+QCFG="iotopmode",1,1', 'AT+QCFG="band",f,80084,1,1',
          "AT+CFUN=4", "AT+CFUN=1"]),
        ("quectel", "EC200A-EU", "lte", ('+QCFG: "band",0x93,0x80084',), 64,
         ['AT+QCFG="nwscanmode",3,1', 'AT+QCFG="band",93,8000000000000000', "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "SIM7080G", "lte_m", ('+CBANDCFG: "CAT-M",1,2,3', '+CBANDCFG: "NB-IOT",8'), 20,
         ["AT+CNMP=38", "AT+CMNB=1", 'AT+CBANDCFG="CAT-M",20', "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "SIM7080G", "nb_iot", ('+CBANDCFG: "CAT-M",1,2,3', '+CBANDCFG: "NB-IOT",8'), 20,
         ["AT+CNMP=38", "AT+CMNB=2", 'AT+CBANDCFG="NB-IOT",20', "AT+CFUN=4", "AT+CFUN=1"]),
        # As many digits as were read.
        ("simcom", "SIM7600G-H", "lte", ("+CNBP: 0x0002000004680380,0x000001E200000095,0x0000",), 41,
         ["AT+CNMP=38", "AT+CNBP=0x0002000004680380,0x0000010000000000,0x0000", "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "SIM7600G-H", "lte", ("+CNBP: 0x0002000004680380,0x000001E200000095,0x0000",), 64,
         ["AT+CNMP=38", "AT+CNBP=0x0002000004680380,0x8000000000000000,0x0000", "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "A7672S", "lte", ("+CNBP: 0X0000000000000180,0X0000000000000095,0X0000",), 3,
         ["AT+CNMP=38", "AT+CNBP=0x0000000000000180,0x0000000000000004,0x0000", "AT+CFUN=1,1",
          "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "SIM8262E-M2", "lte", ('+CSYSSEL: "lte_band",1:3:7',), 7,
         ["AT+CNMP=38", 'AT+CSYSSEL="lte_band",7', "AT+CFUN=4", "AT+CFUN=1"]),
        ("simcom", "SIM8262E-M2", "nr", ('+CSYSSEL: "nr5g_band",1:78',), 78,
         ["AT+CNMP=71", 'AT+CSYSSEL="nr5g_band",78', "AT+CFUN=4", "AT+CFUN=1"]),
        # GSM and UMTS rows and NR masks as read, both LTE words written.
        ("telit", "FN990A28", "lte", (BND, "+WS46: 38"), 66,
         ["AT+WS46=28", "AT#BND=0,11,0,2,1A0290828D7,7042,81A03B0A38D7,7C42", "AT+CFUN=4", "AT+CFUN=1"]),
        ("telit", "FN990A28", "lte", (BND, "+WS46: 38"), 64,
         ["AT+WS46=28", "AT#BND=0,11,8000000000000000,0,1A0290828D7,7042,81A03B0A38D7,7C42", "AT+CFUN=4", "AT+CFUN=1"]),
        ("telit", "LE910C1-EU", "lte", ("#BND: 0,8,80800C5",), 20,
         ["AT+WS46=28", "AT#BND=0,8,80000", "AT#REBOOT", "AT+CFUN=4", "AT+CFUN=1"]),
        ("telit", "ME910G1-WW", "lte_m", ("#BND: 0,0,134742149,0,1048578",), 85,
         ["AT#BND=0,0,0,0,1048576", "AT#REBOOT", "AT+CFUN=4", "AT+CFUN=1"]),
        ("telit", "ME910C1-E1", "lte_m", ("#BND: 0,0,134742149",), 20,
         ["AT#BND=0,0,524288", "AT#REBOOT", "AT+CFUN=4", "AT+CFUN=1"]),
        ("sierra", "EM7565", "lte", SIERRA, 66,
         ["AT!SELRAT=06", "AT!BAND=13",
          'AT!BAND=13,"Mine",0000000002000000,0000000000000000,0000000000000002,0000000000000000,0000000000000000,'
          "0000000000000000", "AT!RESET", "AT+CFUN=4", "AT+CFUN=1"]),
        ("sierra", "MC7455", "lte", ("13, A B   0000000002000000 0000000000000002",), 64,
         ["AT!SELRAT=06", "AT!BAND=13", 'AT!BAND=13,"A B",0000000002000000,8000000000000000', "AT!RESET",
          "AT+CFUN=4", "AT+CFUN=1"]),
        ("u-blox", "SARA-R410M", "lte_m", ("+UBANDMASK: 0,185473183,1,185473183",), 20,
         ["AT+URAT=7", "AT+UBANDMASK=0,524288", "AT+CFUN=15", "AT+CFUN=4", "AT+CFUN=1"]),
        ("u-blox", "SARA-R510S", "nb_iot", ("+UBANDMASK: 0,185473183,2,1,185473183,1048578",), 66,
         ["AT+URAT=8", "AT+UBANDMASK=1,0,2", "AT+CFUN=16", "AT+CFUN=4", "AT+CFUN=1"]),
        # Written while the radio is off, two words of eight digits or one with 0x.
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","080800df","00000020"',), 20,
         ["AT+CFUN=4", 'AT^SCFG="Radio/Band/4G","00080000","00000000"', "AT+CFUN=1"]),
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","080800df","00000020"',), 41,
         ["AT+CFUN=4", 'AT^SCFG="Radio/Band/4G","00000000","00000100"', "AT+CFUN=1"]),
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","080800df","00000020"',), 33,
         ["AT+CFUN=4", 'AT^SCFG="Radio/Band/4G","00000000","00000001"', "AT+CFUN=1"]),
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","0x800c5"',), 20,
         ["AT+CFUN=4", 'AT^SCFG="Radio/Band/4G","0x80000"', "AT+CFUN=1"]),
        # Mode and preferences as read, and every NR number: what a list without them means differs.
        ("fibocom", "FM350-GL", "lte", (FIBOCOM,), 3,
         ["AT+GTACT=20,6,3,103,501,5078", "AT+CFUN=4", "AT+CFUN=1"]),
        ("fibocom", "FM350-GL", "lte", ("+GTACT: 2,,,101,150,5005",), 71,
         ["AT+GTACT=2,,,171,5005", "AT+CFUN=4", "AT+CFUN=1"]),
        ("fibocom", "L850-GL", "lte", ("+XACT: 4,2,,1,8,101,103",), 20,
         ["AT+XACT=2,2,,1,8,120", "AT+CFUN=4", "AT+CFUN=1"]),
        ("foxconn", "T99W175", "lte", (*PREF, "^SLMODE: 1,7"), 20,
         ["AT^SLMODE=0,2", "AT^BAND_PREF=LTE,2,20", "AT+CFUN=4", "AT+CFUN=1"]),
        ("zte", "MF286D", "lte", ("+ZNLOCKBAND: 80800C5,2000002680380",), 20,
         ["AT+ZNLOCKBAND=1,0,80000,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
        ("zte", "MF286D", "lte", ("+ZNLOCKBAND: 80800C5,2000002680380",), 64,
         ["AT+ZNLOCKBAND=1,0,8000000000000000,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
    ],
)  # fmt: skip
def test_the_lines_of_a_trial(
    name: str, model: str, rat: str, answers: tuple[str, ...], band: int, lines: list[str]
) -> None:
    assert held(name, model, rat, RADIO, *answers).lines(band) == lines


@pytest.mark.parametrize(
    ("name", "model", "rat", "answers", "enabled", "back"),
    [
        ("quectel", "RM520N-GL", "lte", (*QUECTEL_5G, "+C5GREG: 1,1"), {1, 3, 66},
         ['AT+QNWPREFCFG="nr5g_band",41:78', 'AT+QNWPREFCFG="lte_band",1:3:66', 'AT+QNWPREFCFG="mode_pref",AUTO',
          "AT+C5GREG=1", "AT+CEREG=0", "AT+CFUN=1"]),
        ("quectel", "BG95-M3", "nb_iot",
         ('+QCFG: "band",0xF,0x80084,0x80', '+QCFG: "nwscanmode",0', '+QCFG: "iotopmode",2'), {8},
         ['AT+QCFG="band",f,80084,80,1', 'AT+QCFG="iotopmode",2,1', 'AT+QCFG="nwscanmode",0,1',
          "AT+CEREG=0", "AT+CFUN=1"]),
        ("quectel", "BG95-M3", "lte_m", ('+QCFG: "band",0xF,0x80084,0x80',), {3, 8, 20},
         ['AT+QCFG="band",f,80084,80,1', "AT+CEREG=0", "AT+CFUN=1"]),
        ("quectel", "EC200A-EU", "lte", ('+QCFG: "band",0x93,0x80084',), {3, 8, 20},
         ['AT+QCFG="band",93,80084', "AT+CEREG=0", "AT+CFUN=1"]),
        ("simcom", "SIM7080G", "lte_m",
         ('+CBANDCFG: "CAT-M",1,2,3', '+CBANDCFG: "NB-IOT",8', "+CNMP: 2", "+CMNB: 3"), {1, 2, 3},
         ['AT+CBANDCFG="NB-IOT",8', 'AT+CBANDCFG="CAT-M",1,2,3', "AT+CMNB=3", "AT+CNMP=2", "AT+CEREG=0", "AT+CFUN=1"]),
        ("simcom", "SIM7600G-H", "lte", ("+CNBP: 0x0002000004680380,0x000001E200000095,0x0000", "+CNMP: 2"),
         {1, 3, 5, 8, 34, 38, 39, 40, 41},
         ["AT+CNBP=0x0002000004680380,0x000001E200000095,0x0000", "AT+CNMP=2", "AT+CEREG=0", "AT+CFUN=1"]),
        ("simcom", "SIM8262E-M2", "nr", ('+CSYSSEL: "lte_band",1:3', '+CSYSSEL: "nr5g_band",1:78', "+CNMP: 2"), {1, 78},
         ['AT+CSYSSEL="nr5g_band",1:78', 'AT+CSYSSEL="lte_band",1:3', "AT+CNMP=2", "AT+CEREG=0", "AT+CFUN=1"]),
        ("telit", "FN990A28", "lte", ("#BND: 0,11,5, 2,1,0,1,0", "+WS46: 38"), {1, 3, 66},
         ["AT#BND=0,11,5,2,1,0,1,0", "AT+WS46=38", "AT+CEREG=0", "AT+CFUN=1"]),
        ("telit", "ME910G1-WW", "lte_m", ("#BND: 0,0,134742149,0,1048578",), {1, 3, 8, 20, 28, 66, 85},
         ["AT#BND=0,0,134742149,0,1048578", "AT+CEREG=0", "AT+CFUN=1"]),
        ("sierra", "EM7565", "lte", SIERRA, {2},
         ['AT!BAND=13,"Mine",0000000002000000,0000000000000002,0000000000000000,0000000000000000,0000000000000000,'
          "0000000000000000", "AT!BAND=13", "AT+CEREG=0", "AT+CFUN=1"]),
        ("u-blox", "SARA-R510S", "nb_iot", ("+UBANDMASK: 0,5,0,1,4,2", "+URAT: 7,8"), {3, 66},
         ["AT+UBANDMASK=1,4,2", "AT+UBANDMASK=0,5,0", "AT+URAT=7,8", "AT+CEREG=0", "AT+CFUN=1"]),
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","080800df","00000021"',),
         {1, 2, 3, 4, 5, 7, 8, 20, 28, 33, 38},
         ['AT^SCFG="Radio/Band/4G","080800DF","00000021"', "AT+CEREG=0", "AT+CFUN=1"]),
        # The flag of the set form ("at once") is no word of the mask.
        ("cinterion", "PLS62-W", "lte", ('^SCFG: "Radio/Band/4G","0x800c5",1',), {1, 3, 7, 8, 20},
         ['AT^SCFG="Radio/Band/4G","0x800C5"', "AT+CEREG=0", "AT+CFUN=1"]),
        ("fibocom", "FM350-GL", "lte", (FIBOCOM,), {1, 3, 66},
         ["AT+GTACT=20,6,3,1,8,101,103,166,501,5078", "AT+CEREG=0", "AT+CFUN=1"]),
        ("fibocom", "L850-GL", "lte", ("+XACT: 4,2,,1,8,101,103",), {1, 3},
         ["AT+XACT=4,2,,1,8,101,103", "AT+CEREG=0", "AT+CFUN=1"]),
        ("foxconn", "T99W175", "lte", (*PREF, "^SLMODE: 1,7"), {1, 3, 66},
         ["AT^BAND_PREF=WCDMA,2,1,2,4", "AT^BAND_PREF=NR5G,2,41,78", "AT^BAND_PREF=LTE,2,1,3,66", "AT^SLMODE=1,7",
          "AT+CEREG=0", "AT+CFUN=1"]),
        ("zte", "MF286D", "lte", ("+ZNLOCKBAND: 00080800C5,2000002680380",), {1, 3, 7, 8, 20, 28},
         ["AT+ZNLOCKBAND=1,0,80800c5,0", "AT+CEREG=0", "AT+CFUN=1"]),
    ],
)  # fmt: skip
def test_what_was_read_is_what_puts_back(
    name: str, model: str, rat: str, answers: tuple[str, ...], enabled: set[int], back: list[str]
) -> None:
    modem = held(name, model, rat, RADIO, CEREG, *answers)
    assert modem.enabled == enabled
    assert modem.refusal() == ""
    assert modem.back() == back


@pytest.mark.parametrize(
    ("name", "model", "rat", "answer", "band"),
    [
        ("quectel", "EC200A-EU", "lte", '+QCFG: "band",0x93,0x80084', 65),
        ("simcom", "SIM7600G-H", "lte", "+CNBP: 0x0002000004680380,0x000001E200000095", 65),
        ("telit", "LE910C1-EU", "lte", "#BND: 0,8,80800C5", 65),
        ("telit", "LE910C1-EU", "lte", "#BND: 0,8,80800C5,2,1", 3),
        ("sierra", "MC7455", "lte", SIERRA[1].partition("0000000000000000")[0], 65),
        ("u-blox", "SARA-R410M", "lte_m", "+UBANDMASK: 0,185473183,1,185473183", 65),
        ("cinterion", "PLS62-W", "lte", '^SCFG: "Radio/Band/4G","080800df","00000020"', 65),
        ("cinterion", "PLS62-W", "lte", '^SCFG: "Radio/Band/4G","080800df"', 33),
        ("cinterion", "PLS62-W", "lte", '^SCFG: "Radio/Band/4G","0x800c5"', 21),
        ("fibocom", "FM350-GL", "lte", "+GTACT: 14,,,501,5078", 3),
        ("zte", "MF286D", "lte", "+ZNLOCKBAND: 80800C5,2000002680380", 65),
    ],
)  # fmt: skip
def test_a_band_without_a_place_is_not_written(name: str, model: str, rat: str, answer: str, band: int) -> None:
    assert None in held(name, model, rat, answer).lines(band)


@pytest.mark.parametrize(
    ("name", "model", "rat", "answer", "why"),
    [
        ("quectel", "RM520N-GL", "lte", '+QNWPREFCFG: "lte_band",0', "the list is empty"),
        ("quectel", "EG25-G", "lte", '+QCFG: "band",0x93,0x0,0x0', "the LTE mask is empty"),
        ("quectel", "EG25-G", "lte", '+QCFG: "band",0x93', "too few masks"),
        ("simcom", "SIM7600G-H", "lte", "+CNBP: 0x0002000004680380,0x0000000000000000", "the LTE mask is empty"),
        ("simcom", "SIM8262E-M2", "lte", '+CSYSSEL: "lte_band",1:2:40:8', "out of order"),
        ("simcom", "SIM8262E-M2", "lte", '+CSYSSEL: "lte_band",1:1', "out of order"),
        ("telit", "LE910C1-EU", "lte", "#BND: 0,8,0", "the LTE mask is empty"),
        ("telit", "LE910C1-EU", "lte", "#BND: 0,8,80800C5,0", "its 4 fields have no known layout"),
        ("sierra", "EM7430", "lte", f"13, X  {' '.join(['0000000000000001'] * 4)}", "a row of 4 masks"),
        ("sierra", "EM7430", "lte", f"12, X  {' '.join(['0000000000000001'] * 2)}", "cannot be read"),
        ("u-blox", "SARA-R410M", "lte_m", "+UBANDMASK: 0,0,1,185473183", "cannot be told, or is empty"),
        ("u-blox", "SARA-R410M", "lte_m", "+UBANDMASK: 1,185473183", "cannot be told, or is empty"),
        ("cinterion", "PLS62-W", "lte", '^SCFG: "Radio/Band/4G","00000000","00000000"', "the mask is empty"),
        ("foxconn", "T99W175", "lte", f"LTE,Enable Bands :{','.join(map(str, range(1, 17)))},", "16 bands are enabled"),
        ("zte", "MF286D", "lte", "+ZNLOCKBAND: 0,2000002680380", "the LTE mask is empty"),
        ("fibocom", "L850-GL", "lte", "+XACT: 4,2,,0", "no list but the module's own"),
        ("fibocom", "L850-GL", "lte", "+XACT: 1,1,,1,8", "it tells no LTE bands"),
    ],
)  # fmt: skip
def test_what_could_not_be_put_back_is_not_touched(name: str, model: str, rat: str, answer: str, why: str) -> None:
    assert why in held(name, model, rat, answer).refusal()


def test_fifteen_bands_go_back_in_one_write_of_foxconn_and_sixteen_do_not() -> None:
    text = f"LTE,Enable Bands :{','.join(map(str, range(1, 16)))},"
    assert held("foxconn", "T99W175", "lte", text).refusal() == ""
    assert held("foxconn", "T99W175", "lte", text).lock.most == 15


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("quectel", (None, "EC100Y", "EG912Y", "UC20", "BC66")),
        ("simcom", ("SIM800", "SIM9100", "A9G")),
        ("telit", (None, "LN940", "LN960A16", "HE910")),
        ("sierra", ("EM9191", "DW5811e EM7455", "MC8790", "HL7812")),
        ("u-blox", ("LARA-R211", "TOBY-L210", "SARA-U201")),
        ("fibocom", ("FM150-AE", "NL668")),
        ("foxconn", ("T77W968", "T99W640")),
        ("zte", ("ME3630",)),
    ],
)  # fmt: skip
def test_nothing_is_written_to_models_without_a_documented_lock(name: str, models: tuple[str | None, ...]) -> None:
    assert [locking_of(name, model) for model in models] == [None] * len(models)


@pytest.mark.parametrize(
    ("name", "model", "found"),
    [
        ("quectel", "RM520N-GL", {"lte": "now", "nr": "now", "nr_nsa": "now"}),
        ("quectel", "EG25-G", {"lte": "now"}),
        ("quectel", "BG77", {"lte_m": "now", "nb_iot": "now"}),
        ("simcom", "SIM7000E", {"lte_m": "next_search", "nb_iot": "next_search"}),
        ("simcom", "SIMCOM_SIM7600E", {"lte": "now"}),
        ("simcom", "A7670E", {"lte": "restart"}),
        ("telit", "LN920", {"lte": "now"}),
        ("telit", "LM960", {"lte": "now"}),
        ("telit", "LE910-EU", {"lte": "restart"}),
        ("sierra", "MC7304", {"lte": "restart"}),
        ("u-blox", "SARA-N410", {"lte_m": "restart", "nb_iot": "restart"}),
        ("cinterion", "ELS61-E", {"lte": "radio_cycle"}),
        ("fibocom", "FM350-GL", {"lte": "now"}),
        ("foxconn", "T99W373", {"lte": "now"}),
        ("foxconn", "MV31-W", {"lte": "now"}),
        ("zte", "MF286R", {"lte": "restart"}),
    ],
)  # fmt: skip
def test_when_a_lock_takes_effect(name: str, model: str, found: dict[str, str]) -> None:
    locking = locking_of(name, model)
    assert locking is not None
    assert {one.rat: one.item.takes_effect for one in locking.locks} == found
    for one in locking.locks:
        assert (one.item.restart != "") is (one.item.takes_effect == "restart")


def test_what_power_off_undoes_is_fm350s_alone_of_these() -> None:
    models = (("quectel", "EG25-G"), ("simcom", "SIM7600G-H"), ("telit", "LN920"), ("sierra", "EM7565"),
              ("u-blox", "SARA-R410M"), ("cinterion", "PLS62-W"), ("foxconn", "T99W175"), ("zte", "MF286D"),
              ("fibocom", "FM350-GL"))  # fmt: skip
    kept = {name: {one.item.kept_by for one in found.locks} for name, model in models
            if (found := locking_of(name, model))}  # fmt: skip
    assert kept.pop("fibocom") == {"volatile"}
    assert set(map(frozenset, kept.values())) == {frozenset({"nv"})}


@pytest.mark.parametrize(
    ("model", "answer", "free"),
    [
        ("RM520N-GL", '+QNWLOCK: "common/4g",0', True),
        ("RM520N-GL", '+QNWLOCK: "common/4g",1,1300,5', False),
        ("RM520N-GL", '+QNWLOCK: "common/5g",0', True),
        ("RM520N-GL", '+QNWLOCK: "common/5g",5,627264,30,78', False),
        ("RM520N-GL", '+QNWCFG: "lte_earfcn_lock",0', True),
        ("RM520N-GL", '+QNWCFG: "lte_earfcn_lock",1,1300', False),
        ("RM520N-GL", '+QNWCFG: "nr5g_earfcn_lock",0', True),
        ("RM520N-GL", '+QNWCFG: "nr5g_earfcn_lock",1,627264:30', False),
        # Only SA switched off hinders a lock of SA.
        ("RM520N-GL", '+QNWPREFCFG: "nr5g_disable_mode",0', True),
        ("RM520N-GL", '+QNWPREFCFG: "nr5g_disable_mode",1', False),
        ("RM520N-GL", '+QNWPREFCFG: "nr5g_disable_mode",2', True),
        # Unisoc: free is the bare name.
        ("RM500U-CN", '+QNWLOCK: "common/lte"', True),
        ("RM500U-CN", '+QNWLOCK: "common/lte",0', True),
        ("RM500U-CN", '+QNWLOCK: "common/5g",1,627264,5', False),
        ("EG25-G", '+QNWLOCK: "common/lte",0,38400,87,1', True),
        ("EG25-G", '+QNWLOCK: "common/lte",2,38400,87,1', False),
        ("FM350-GL", "+EMMCHLCK: 0", True),
        ("FM350-GL", "+EMMCHLCK: 1,7,0,1650,187,0", False),
    ],
)  # fmt: skip
def test_a_cell_lock_that_is_set_hinders_a_band_lock(model: str, answer: str, free: bool) -> None:
    locking = locking_of("fibocom" if model.startswith("FM") else "quectel", model)
    assert locking is not None
    told = [(one, value) for one in locking.free if (value := value_of(one.item, answer)) is not None]
    assert [one.is_free(value) for one, value in told] == [free]
    assert all(one.optional for one, _ in told)
