"""Foxconn answers."""

from __future__ import annotations

from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read
from harness.probes.at.makers.foxconn import DIALECT


def cells(text: str, command: str = "AT^DEBUG?") -> list[ServingCell]:
    return [o for o in read(text, command, DIALECT).observations if isinstance(o, ServingCell)]


def test_supported_is_enabled_and_disabled_together() -> None:
    text = "LTE,Enable Bands :1,3,\r\nLTE,Disable Bands:7,\r\nNR5G_SA,Enable Bands :78,\r\nOK\r\n"
    found = read(text, "AT^BAND_PREF_EXT?", DIALECT).observations
    assert {(o.rat, o.bands) for o in found if isinstance(o, EnabledBands)} == {("lte", (1, 3)), ("nr_sa", (78,))}
    assert {(o.rat, o.bands) for o in found if isinstance(o, SupportedBands)} == {("lte", (1, 3, 7))}


def test_slband_reads_with_and_without_the_word_enabled() -> None:
    found = read("^SLBAND: WCDMA,Enabled,1,8\r\n^SLBAND: LTE,1,3\r\nOK\r\n", "AT^SLBAND?", DIALECT).observations
    assert [(o.rat, o.bands) for o in found if isinstance(o, EnabledBands)] == [("umts", (1, 8)), ("lte", (1, 3))]


def test_band_and_channel_of_a_cell_may_stand_on_two_lines() -> None:
    text = "pcell: lte_band:3\r\nchannel:1725 pci:150\r\n\r\nscell: lte_band:1\r\nchannel:350 pci:137\r\n"
    assert [(o.role, o.band, o.arfcn, o.pci) for o in cells(text)] == [("pcell", 3, 1725, 150), ("scell", 1, 350, 137)]


def test_the_older_debug_has_the_pci_in_brackets() -> None:
    (found,) = cells("EARFCN(DL/UL): 1300/19300\r\nBAND: 3\r\nBW: 20.0 MHz\r\nPLMN: 452 02\r\neNB ID(PCI): 1-3(16)\r\n")
    assert (found.band, found.pci, found.plmn, found.bandwidth_khz) == (3, 16, "45202", 20000)


def test_a_standalone_cell_is_the_pcell() -> None:
    (found,) = cells("RAT:NR5G_SA\r\nmcc:202,mnc:01\r\nnr_band:n78\r\nnr_channel:634080\r\nnr_pci:363\r\nOK\r\n")
    assert (found.role, found.rat, found.band, found.plmn) == ("pcell", "nr_sa", 78, "20201")


def test_carriers_have_band_and_width_and_no_channel() -> None:
    text = "PCC info: Band is LTE_B3, Band_width is 10.0 MHz\r\nSCC1 info: Band is LTE_B1, Band_width is 15.0 MHz\r\n"
    found = cells(text, "AT^CA_INFO?")
    assert [(o.role, o.band, o.bandwidth_khz, o.arfcn) for o in found] == [
        ("pcell", 3, 10000, None),
        ("scell", 1, 15000, None),
    ]
