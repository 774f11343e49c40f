"""Sierra Wireless answers."""

from __future__ import annotations

from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers.sierra import DIALECT

HEAD = "Index, Name,                        GW Band Mask     L Band Mask 1    L Band Mask 2\r\n"


def cells(text: str) -> list[ServingCell]:
    found = read(text, "AT!GSTATUS?", DIALECT).observations
    return [item for item in found if isinstance(item, ServingCell)]


def test_a_locked_table_is_unknown_and_says_what_is_needed() -> None:
    reading = read_parts("Index, Name\r\n00, All bands\r\n\r\nOK\r\n", "AT!BAND?", DIALECT, Modem())
    assert reading.told == ()
    assert "ENTERCND" in reading.warnings[0]


def test_the_second_lte_mask_begins_at_band_65() -> None:
    row = "00, All bands                     0000000000400000 0000000000000001 0000000000000002\r\nOK\r\n"
    found = read(HEAD + row, "AT!BAND=?", DIALECT).observations
    assert {(o.rat, o.bands) for o in found if isinstance(o, SupportedBands)} == {("umts", (1,)), ("lte", (1, 66))}


def test_a_row_with_too_few_masks_is_not_read() -> None:
    row = "00, All bands                     0000000000400000 0000000000000001\r\nOK\r\n"
    assert read_parts(HEAD + row, "AT!BAND?", DIALECT, Modem()).told == ()


def test_the_profile_in_force_is_enabled_and_not_supported() -> None:
    row = "09, LTE ALL                       0000000000000000 0000000000000004 0000000000000000\r\nOK\r\n"
    found = read(HEAD + row, "AT!BAND?", DIALECT).observations
    assert [o.bands for o in found if isinstance(o, EnabledBands) and o.rat == "lte"] == [(3,)]
    assert not [o for o in found if isinstance(o, SupportedBands)]


def test_the_channel_decides_over_a_wrong_band_label() -> None:
    text = (
        "!GSTATUS: \r\n"
        "LTE SSC1 state:ACTIVE      \tLTE SSC1 band: B2     \r\n"
        "LTE SSC1 bw  : 10 MHz  \t\tLTE SSC1 chan: 1599\r\n"
    )
    reading = read(text, "AT!GSTATUS?", DIALECT)
    (found,) = [o for o in reading.observations if isinstance(o, ServingCell)]
    assert (found.band, found.band_reported, found.band_source, found.active) == (3, 2, "conflict", True)
    assert reading.warnings


def test_inactive_is_not_active() -> None:
    (found,) = cells("!GSTATUS: \r\nLTE SCC1 state:INACTIVE    \tLTE SCC1 band: B1\r\nLTE SCC1 Rx chan: 500\r\n")
    assert (found.role, found.active, found.band_source) == ("scell", False, "both")


def test_dashes_are_no_cell() -> None:
    text = (
        "!GSTATUS: \r\n"
        "System mode:   LTE\r\n"
        "LTE band:      B3\t\tLTE bw:      10 MHz\r\n"
        "NR5G band:     ---\t\tNR5G bw:     ---\r\n"
    )
    assert [(o.rat, o.band) for o in cells(text)] == [("lte", 3)]


def test_endc_makes_the_nr_cell_a_pscell() -> None:
    text = (
        "!GSTATUS: \r\n"
        "System mode:   ENDC\r\n"
        "LTE band:  B3\tLTE Rx chan: 1700\r\n"
        "NR5G band:  n78\tNR5G bw: 100 MHz\r\n"
        "NR5G Rx chan: 634080\r\n"
    )
    nr = next(o for o in cells(text) if o.rat == "nr_nsa")
    assert (nr.role, nr.band, nr.bandwidth_khz) == ("pscell", 78, 100000)


def test_a_rewrapped_lte_table_reads_as_a_stream_of_words() -> None:
    text = (
        "!LTEINFO: Serving: EARFCN MCC MNC TAC CID Bd D U SNR PCI RSRQ RSRP \r\n"
        " RSSI RXLV 2000 310 410 35614 0A1FC518 4 3 3 6 269 -12.1 -94.6 -65.8 -- \r\nOK\r\n"
    )
    (found,) = read(text, "AT!LTEINFO?", DIALECT).observations
    assert isinstance(found, ServingCell)
    assert (found.band, found.pci, found.plmn, found.bandwidth_khz) == (4, 269, "310410", 10000)
