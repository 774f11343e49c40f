"""What modems themselves hear: the lines of each family, what they tell of a band, and what they leave open."""

from __future__ import annotations

import pytest

from harness.links.read_only import is_read, is_scan
from harness.probes.at import registry
from harness.probes.at.chips.nordic_scans import read_ncellmeas
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers import fibocom_scans
from harness.probes.at.makers.fibocom_scans import read_gtccinfo_neighbours
from harness.probes.at.makers.quectel.scans import NEIGHBOURS, SCANS_5G, read_neighbours, read_qscan
from harness.probes.at.makers.sierra_scans import read_inter_frequency
from harness.probes.at.scanning import HeardCell, is_whole
from harness.recording.exchange import Exchange, Interruption
from harness.simulation.radio.tongues import TONGUES

LTE, NR = SCANS_5G


def answer(*lines, end="OK"):
    return "".join(f"\r\n{line}\r\n" for line in (*lines, end) if line)


def told(scan, rat, band, *texts):
    return scan.heard([Exchange(scan.request, text.encode()) for text in texts], rat, band)


B13 = '+QSCAN: "LTE",001,01,5230,207,-94,-13,34,113'


def test_lines_of_a_scan_are_read_by_their_first_fields():
    longer = '+QSCAN: "LTE",001,01,5230,207,-94,-13,34,113,0A0B0C1,2A3F,50,13'
    blanks = '+QSCAN: "NR5G", 001, 01, 126270, 93, -82,-12,35,0'
    without = '+QSCAN: "NR5G",001,01,648672,3,-,-,-,1'
    assert read_qscan(answer(B13, longer, blanks, without)) == (
        HeardCell(5230, True),
        HeardCell(5230, True),
        HeardCell(126270, True, nr=True),
        HeardCell(648672, False, nr=True),
    )


@pytest.mark.parametrize("text", ["", "ERROR", '+QSCAN: "LTE",001,01,5230,207,-94', "+CME ERROR: 3", "OK OK"])
def test_what_has_no_end_tells_nothing_at_all(text):
    assert read_qscan(text) is None
    assert read_neighbours(text) is None
    assert not is_whole(text)


@pytest.mark.parametrize(
    "line",
    [
        '+QSCAN: "LTE",001,01,-,207,-94',
        '+QSCAN: "GSM",001,01,5230,207,-94',
        '+QSCAN: "LTE"',
        "+QSCAN:",
        '+QSCAN: "LTE",001,01,5230x,207,-94',
    ],
)
def test_a_line_without_a_channel_is_no_cell(line):
    assert read_qscan(answer(line)) == ()


def test_a_cell_with_a_level_is_heard_and_a_whole_list_without_it_is_not():
    assert told(LTE, "lte", 13, answer(B13)) is True
    assert told(LTE, "lte", 66, answer(B13)) is False
    assert told(LTE, "lte", 13, answer()) is False
    # Of a technology that it does not look for, and where there was no answer, nothing.
    assert told(LTE, "nr", 71, answer(B13)) is None
    assert told(LTE, "lte", 13) is None
    assert told(LTE, "lte", 13, "ERROR") is None


def test_a_late_answer_is_none():
    late = Exchange(LTE.request, answer().encode(), error=Interruption("AnswerTimeout", "late"))
    assert LTE.heard([late], "lte", 13) is None


def test_a_cell_under_another_number_leaves_a_band_open():
    # 737.5 MHz as B17's channel, and as B12's.
    assert told(LTE, "lte", 12, answer('+QSCAN: "LTE",001,01,5765,207,-94,-13,34,113')) is None
    # Without a level: on air under another number.
    assert told(LTE, "lte", 13, answer('+QSCAN: "LTE",001,01,5230,207,-,-,-,-')) is None


def test_a_scan_of_nr_does_not_look_for_legs():
    n71 = '+QSCAN: "NR5G",001,01,126270,93,-82,-12,35,0'
    assert told(NR, "nr", 71, answer(n71)) is True
    assert told(NR, "nr", 41, answer(n71)) is False
    assert told(NR, "nr_nsa", 71, answer(n71)) is True
    assert told(NR, "nr_nsa", 41, answer(n71)) is None


def test_neighbours_tell_what_is_there_and_nothing_of_what_is_not():
    (scan,) = NEIGHBOURS
    text = answer(
        '+QENG: "neighbourcell intra","LTE",1350,240,-18,-95,-68,-,-,-,-,-',
        '+QENG: "neighbourcell inter","LTE",39148,-,-,-,-,-,37,0,30,7',
        '+QENG: "neighbourcell","WCDMA",10700,0,14,62,-91',
    )
    assert told(scan, "lte", 3, text) is True
    assert told(scan, "lte", 40, text) is None
    assert told(scan, "lte", 12, text) is None


def test_a_measurement_tells_its_cell_and_groups_of_five():
    head = '%NCELLMEAS: 0,"00A1B2C3","00101","2A3F",65535,3750,5,49,27,107504'
    groups = ",3750,251,33,4,0,475,107,255,14,25"
    cells = (HeardCell(3750, True), HeardCell(3750, True), HeardCell(475, False))
    assert read_ncellmeas(f"\r\n{head}{groups}\r\n") == cells
    # Newer firmware ends with a time.
    assert read_ncellmeas(f"\r\n{head}{groups},107504\r\n") == cells
    assert read_ncellmeas("\r\n%NCELLMEAS: 1\r\n") is None
    assert read_ncellmeas("\r\nOK\r\n") is None


SIERRA = (
    "!LTEINFO:",
    "Serving:   EARFCN MCC MNC   TAC      CID Bd D U SNR PCI  RSRQ   RSRP   RSSI RXLV",
    "              800 001 01  10815 00A1B2C3  2 5 5  22 404 -14.1  -79.6  -45.5 --",
    "IntraFreq:                                          PCI  RSRQ   RSRP   RSSI RXLV",
    "                                                    402 -20.0  -89.3  -57.6 --",
    "InterFreq: EARFCN ThresholdLow ThresholdHi Priority PCI  RSRQ   RSRP   RSSI RXLV",
    "             5110            0           0        0 272 -12.1  -80.9  -50.6   0",
    "             5780            0           0        0  17    --     --     --  --",
)


def test_rows_of_other_frequencies_are_read_however_they_are_wrapped():
    cells = (HeardCell(5110, True), HeardCell(5780, False))
    assert read_inter_frequency(answer(*SIERRA)) == cells
    assert read_inter_frequency(answer(*" ".join(SIERRA).split())) == cells
    assert read_inter_frequency(answer(*SIERRA, "GSM:  ThreshL ThreshH Prio")) == cells
    assert read_inter_frequency(answer(*SIERRA[:-3])) is None
    assert read_inter_frequency(answer(*SIERRA[:-3], "InterFreq: EARFCN PCI", "5110 272")) is None
    assert read_inter_frequency(answer("!LTEINFO:")) is None


def test_neighbours_of_an_fm350_are_read_in_decimal():
    rows = (
        "+GTCCINFO:",
        "1,4,001,01,0000,000000000,1650,187,103,100,8,44,44,19",
        "2,4,,,FFFF,00FFFFFFF,1850,41,,26,26,9",
        "2,4,,,FFFF,00FFFFFFF,275,40,,255,255,9",
        "2,9,,,FFFFFFF,00FFFFFFF,627264,420,,396,396,60",
        "2,4,,,,,189C,190,,24,24,2",
    )
    cells = (HeardCell(1850, True), HeardCell(275, False), HeardCell(627264, False, nr=True))
    assert read_gtccinfo_neighbours(answer(*rows)) == cells
    assert read_gtccinfo_neighbours(answer(*rows, end="")) is None
    assert read_gtccinfo_neighbours(answer("+CME ERROR: 4", end="")) is None
    (scan,) = fibocom_scans.SCANS
    assert told(scan, "lte", 3, answer(*rows)) is True
    assert told(scan, "lte", 1, answer(*rows)) is None
    assert told(scan, "lte", 20, answer(*rows)) is None


@pytest.mark.parametrize("family", TONGUES)
def test_no_scan_of_a_family_changes_anything(family):
    tongue = TONGUES[family]
    dialect = registry.dialect_for(modem := Modem(tongue.maker, tongue.model, tongue.revision))
    for scan in dialect.locking(modem).scans:
        assert is_read(scan.request, dialect.read_forms) or is_scan(scan.request, dialect.read_forms)
        assert "COPS" not in scan.request
        assert 0 < scan.within_s <= 200
        assert set(scan.whole_for) <= set(scan.rats)
