"""The tables that makers' numbers are read by, row by row, as the reference on AT dialects has them (sections 3 to 10)."""

from __future__ import annotations

import pytest

from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect

TELIT_ROWS = (
    "1|2|5|1 2 5|2 5|8|1 8|4|1 5|1 5 8|2 4 5|1 2 4 5 8|6|3|1 2 4 5 6|1 3 8|5 8|2 4 5 6|1 5 6 8|2 6|5 6|2 5 6|1 3 5 8|"
    "1 3|1 2 4 5|19|1 5 6 8 19"
)
TELIT_SECOND = (
    "1|2|5|1 2 5|2 5|8|1 8|4|1 5|1 5 8|2 4 5|1 2 4 5 8|1 3 5 8|3|1 3 5|3 5|1 2 3 4 5 8|1 2 8|1 2 4 5 8 9 19|"
    "1 2 4 5 6 8 9 19"
)


def told(family: str, model: str | None, command: str, line: str, kind: type, rat: str) -> list[tuple[int, ...] | None]:
    reading = read_parts(f"{line}\r\nOK\r\n", command, dialect(family), Modem(model=model))
    return [one.bands for one in reading.observations if isinstance(one, kind) and one.rat == rat]


@pytest.mark.parametrize(
    ("model", "rows"),
    [("LE910C1-EU", TELIT_ROWS), ("FN980", TELIT_SECOND), ("LM960", TELIT_SECOND), ("LE910-EU", TELIT_ROWS)],
)
def test_the_umts_rows_of_telit(model: str, rows: str) -> None:
    wanted = [tuple(map(int, row.split())) for row in rows.split("|")]
    found = [told("telit", model, "AT#BND?", f"#BND: 0,{n},4", EnabledBands, "umts") for n in range(len(wanted) + 1)]
    assert found == [*([row] for row in wanted), []]
    whole = told("telit", model, "AT#BND=?", f"#BND: (0),(0-{len(wanted) - 1}),(4)", SupportedBands, "umts")
    assert whole == [tuple(sorted({band for row in wanted for band in row}))]


def test_the_gsm_rows_of_telit() -> None:
    rows = [(), (900, 1900), (850, 1800), (850, 1900), (900, 1800, 1900), (850, 900, 1800, 1900), ()]
    for row, bands in enumerate(rows):
        found = told("telit", "LE910C1-EU", "AT#BND?", f"#BND: {row},0,4", EnabledBands, "gsm")
        assert found == ([bands] if bands else [])
    assert told("telit", "LE910C1-EU", "AT#BND=?", "#BND: (0,2),(0),(4)", SupportedBands, "gsm") == [(850, 900, 1800)]


@pytest.mark.parametrize(
    ("model", "bands"),
    [
        ("LARA-R202", {700: 12, 850: 5, 1700: 4, 1900: 2}), ("LARA-R203", {700: 12, 1700: 4, 1900: 2}),
        ("LARA-R204", {700: 13, 1700: 4}), ("LARA-R211", {800: 20, 1800: 3, 2600: 7}),
        ("LARA-R280", {700: 28, 900: 8, 1800: 3}), ("TOBY-L200", {700: 17, 850: 5, 1700: 4, 1900: 2, 2600: 7}),
        ("MPCI-L201", {850: 5, 1700: 4, 1900: 2}), ("TOBY-L210", {800: 20, 850: 5, 900: 8, 1800: 3, 2100: 1, 2600: 7}),
        ("MPCI-L280", {700: 28, 850: 5, 900: 8, 1800: 3, 2100: 1, 2600: 7}),
    ],
)  # fmt: skip
def test_the_band_that_stands_for_a_frequency_on_a_model_of_u_blox(model: str, bands: dict[int, int]) -> None:
    for mhz in (700, 800, 850, 900, 1500, 1700, 1800, 1900, 2100, 2300, 2500, 2600):
        if model == "MPCI-L201" and mhz == 700:
            continue
        found = told("u-blox", model, "AT+UBANDSEL?", f"+UBANDSEL: {mhz}", EnabledBands, "lte")
        assert found == [(bands[mhz],) if mhz in bands else ()], mhz
    both = told("u-blox", "MPCI-L201", "AT+UBANDSEL?", "+UBANDSEL: 700", EnabledBands, "lte")
    assert both == [(13, 17)]


@pytest.mark.parametrize(
    ("mhz", "bands"),
    [
        (2600, (7, 38, 41)), (2100, (1, 4, 10, 66)), (1900, (2, 25, 39)), (1800, (3, 9)), (1700, (4, 9, 10, 66)),
        (1500, (11, 21, 32)), (2300, (30, 40)), (900, (8,)), (850, (5, 18, 19, 26)), (800, (20, 27)),
        (700, (12, 13, 14, 17, 28)), (450, (31, 72)),
    ],
)  # fmt: skip
def test_what_a_name_in_mhz_can_stand_for_at_huawei(mhz: int, bands: tuple[int, ...]) -> None:
    for band in range(1, 89):
        line = f'^SYSCFGEX: ("00"),((3fffffff,"All")),(0-3),(0-4),(({1 << (band - 1):x},"LTE{mhz}"))'
        found = told("huawei", "E3372", "AT^SYSCFGEX=?", line, SupportedBands, "lte")
        assert found == ([(band,)] if band in bands else []), band


WIDEST = {5: (31, 72, 73, 87, 88), 10: (5, 6, 8, 11, 12, 13, 14, 17, 24, 27, 29, 30, 85), 15: (18, 19, 21, 26, 34, 68)}


def test_the_widest_channel_of_a_band_at_sequans() -> None:
    """TS 36.101 table 5.6.1-1. What is too wide is told as a value that cannot be."""
    for band in (1, 3, 20, 28, 66, 71, *(one for each in WIDEST.values() for one in each)):
        widest = next((mhz for mhz, bands in WIDEST.items() if band in bands), 20)
        for mhz in (5, 10, 15, 20):
            line = f"+SQNMONI: Cc:262 Nc:01 EARFCN:65535 BAND:{band} BW:{mhz}000 TAC:6699 Id:3"
            reading = read_parts(f"{line}\r\nOK\r\n", "AT+SQNMONI=7", dialect("sequans"), Modem(model="GM02S"))
            refused = any(f"BW:{mhz}000 cannot be" in warning for warning in reading.warnings)
            assert refused is (mhz > widest), (band, mhz)


@pytest.mark.parametrize(
    ("low", "high", "mhz"), [(0, 124, 900), (128, 251, 850), (512, 810, 1900), (811, 885, 1800), (975, 1023, 900)]
)
def test_the_class_of_a_gsm_channel_at_quectel(low: int, high: int, mhz: int) -> None:
    """TS 45.005 clause 2; 512 to 810 is PCS 1900 by the indicator 1."""
    for arfcn in (low, high):
        assert gsm(arfcn) == (arfcn, mhz)
    assert gsm(low - 1)[1] != mhz or low == 975
    assert gsm(high + 1)[1] != mhz


def gsm(arfcn: int) -> tuple[int | None, int | None]:
    line = f'+QENG: "servingcell","NOCONN","GSM",262,01,1A2B,1A2B,12,{arfcn},1,-90'
    reading = read_parts(f"{line}\r\nOK\r\n", 'AT+QENG="servingcell"', dialect("quectel"), Modem(model="EC25-E"))
    cells = [one for one in reading.observations if isinstance(one, ServingCell)]
    return (cells[0].arfcn, cells[0].band) if cells else (None, None)


@pytest.mark.parametrize(
    ("words", "rat", "channel", "told_"),
    [
        ("FDD LTE", "lte", 262143, True), ("FDD LTE", "lte", 262144, False), ("FDD LTE", "lte", 65535, False),
        ("FDD LTE", "lte", 0, True), ("WCDMA", "umts", 16383, True), ("WCDMA", "umts", 16384, False),
        ("WCDMA", "umts", 0, False), ("WCDMA", "umts", 1, True), ("GSM", "gsm", 1023, True), ("GSM", "gsm", 1024, False),
        ("GSM", "gsm", 0, True), ("TDD NR5G", "nr", 3279165, True), ("TDD NR5G", "nr", 3279166, False),
        ("TDD NR5G", "nr", 0, False), ("TDD NR5G", "nr", 1, True),
    ],
)  # fmt: skip
def test_the_channels_that_a_technology_has(words: str, rat: str, channel: int, told_: bool) -> None:
    text = f'+QNWINFO: "{words}","26201","",{channel}\r\nOK\r\n'
    reading = read_parts(text, "AT+QNWINFO", dialect("quectel"), Modem(model="RM520N-GL"))
    cells = [one for one in reading.observations if isinstance(one, ServingCell)]
    assert [(one.rat, one.arfcn) for one in cells] == ([(rat, channel)] if told_ else [])


@pytest.mark.parametrize(
    ("words", "rat"),
    [
        ("eMTC", "lte_m"), ("CAT-M", "lte_m"), ("CAT-M1", "lte_m"), ("LTE-M", "lte_m"), ("NBIoT", "nb_iot"),
        ("CAT-NB", "nb_iot"), ("CAT NB1", "nb_iot"), ("CAT-NB2", "nb_iot"), ("TDD LTE", "lte"), ("HSDPA", "umts"),
        ("HSUPA", "umts"), ("UMTS", "umts"), ("GPRS", "gsm"), ("EGPRS", "gsm"), ("NR", "nr"),
    ],
)  # fmt: skip
def test_the_words_for_a_technology_at_quectel(words: str, rat: str) -> None:
    text = f'+QNWINFO: "{words}","26201","",100\r\nOK\r\n'
    reading = read_parts(text, "AT+QNWINFO", dialect("quectel"), Modem(model="BG95-M3"))
    assert {one.rat for one in reading.observations if isinstance(one, ServingCell)} == {rat}


@pytest.mark.parametrize(
    ("mcc", "mnc", "plmn"),
    [
        ("262", "01", "26201"), ("310", "410", "310410"), ("262", "1", "26201"), ("310", "4", "310004"), ("26", "01", None),
        ("1", "1", "00101"), ("2620", "1", None), ("262", "0001", None), ("", "", None), ("000", "00", None),
    ],
)  # fmt: skip
def test_the_network_of_two_fields_at_quectel(mcc: str, mnc: str, plmn: str | None) -> None:
    line = f'+QENG: "servingcell","NOCONN","LTE","FDD",{mcc},{mnc},1A2B301,318,1650,3,5,5,1A2B'
    reading = read_parts(f"{line}\r\nOK\r\n", 'AT+QENG="servingcell"', dialect("quectel"), Modem(model="EC25-E"))
    assert [one.plmn for one in reading.observations if isinstance(one, ServingCell)] == [plmn]
