"""Foxconn answers."""

from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.observations import CellLock, EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read
from harness.probes.at.language.answer import Modem
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


HEAD = "mcc:310,mnc:410\r\nlte_tac:6699\r\nnr_tac:4660\r\n"
LTE = "pcell: lte_band:3 channel:1725 pci:150 band_width:20MHz\r\nscell: lte_band:1 channel:350 pci:137\r\n"
NR = "nr_band:n78 nr_channel:634080 nr_pci:363\r\nnr_band:n41 nr_channel:504990 nr_pci:364\r\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            HEAD + LTE,
            [("pcell", "lte", 3, 1725, 150, "310410", 6699), ("scell", "lte", 1, 350, 137, None, None)],
        ),
        (
            "RAT:LTE+NR5G_NSA\r\n" + HEAD + LTE + NR,
            [
                ("pcell", "lte", 3, 1725, 150, "310410", 6699),
                ("scell", "lte", 1, 350, 137, None, None),
                ("pscell", "nr_nsa", 78, 634080, 363, None, None),
                ("scell", "nr_nsa", 41, 504990, 364, None, None),
            ],
        ),
        (
            "RAT:NR5G_SA\r\n" + HEAD + NR,
            [
                ("pcell", "nr_sa", 78, 634080, 363, "310410", 4660),
                ("scell", "nr_sa", 41, 504990, 364, None, None),
            ],
        ),
        ("RAT:NR5G_NSA\r\n" + NR[:42] + "\r\n", [("pscell", "nr_nsa", 78, 634080, 363, None, None)]),
        # An area of NR without an LTE cell: it stands alone, whatever the word.
        ("nr_tac:4660\r\nnr_band:n78 nr_channel:634080\r\n", [("pcell", "nr_sa", 78, 634080, None, None, 4660)]),
        (HEAD + LTE[:52] + "\r\n" + NR[:42] + "\r\n", None),
        ("mcc:208,mnc:1\r\npcell: lte_band:3 channel:1725\r\n", [("pcell", "lte", 3, 1725, None, "20801", None)]),
        ("mcc:208\r\npcell: lte_band:3 channel:1725\r\n", [("pcell", "lte", 3, 1725, None, None, None)]),
        ("mcc:0,mnc:0\r\npcell: lte_band:3 channel:1725\r\n", [("pcell", "lte", 3, 1725, None, None, None)]),
    ],
)
def test_which_cell_of_a_section_has_area_and_network(text: str, told: list[tuple] | None) -> None:
    found = [(o.role, o.rat, o.band, o.arfcn, o.pci, o.plmn, o.tac) for o in cells(f"{text}OK\r\n")]
    if told is None:
        assert [(role, rat) for role, rat, *_ in found] == [("pcell", "lte"), ("pscell", "nr_nsa")]
    else:
        assert found == told


def test_nr_keys_alone_leave_open_which_cell_it_is() -> None:
    with pytest.raises(ParseError, match="PCell or PSCell is open"):
        read("nr_band:n78\r\nnr_channel:634080\r\nOK\r\n", "AT^DEBUG?", DIALECT)


@pytest.mark.parametrize(
    ("text", "command", "locks"),
    [
        ("^LTE_LOCK: Have not set cell lock before\r\n", "AT^LTE_LOCK?", [("lte", False, (), ())]),
        ("^LTE_LOCK:(150,1725),(16,1300)\r\n", "AT^LTE_LOCK?", [("lte", True, (1725, 1300), (150, 16))]),
        ("^NR5G_LOCK:(150,634080)\r\n", "AT^NR5G_LOCK?", []),
        ("^NR5G_LOCK: Have not set cell lock before\r\n", "AT^NR5G_LOCK?", [("nr", False, (), ())]),
    ],
)
def test_a_cell_lock_is_told_with_the_pci_first(text: str, command: str, locks: list[tuple]) -> None:
    if not locks:
        with pytest.raises(ParseError, match="a cell may be locked"):
            read(f"{text}OK\r\n", command, DIALECT)
        return
    found = read(f"{text}OK\r\n", command, DIALECT).observations
    assert [(o.rat, o.locked, o.arfcns, o.pcis) for o in found if isinstance(o, CellLock)] == locks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('"310 410",1725,-90,-60,-10,1A2B,255,5,128,19,2,7F12345,"310410123456789","X",3,3', (3, 1725, "310410")),
        ('"310 410",1725,-90,-60', None),
        ('"310410123456789",1725,-90,3,3', None),
    ],
)
def test_the_older_serving_answer_counts_behind_the_imsi(text: str, told: tuple | None) -> None:
    if told is None:
        with pytest.raises(ParseError, match="no known layout"):
            read(f"^RFSTS: {text}\r\nOK\r\n", "AT^RFSTS?", DIALECT)
        return
    found = read(f"^RFSTS: {text}\r\nOK\r\n", "AT^RFSTS?", DIALECT).observations
    assert [(o.band, o.arfcn, o.plmn) for o in found if isinstance(o, ServingCell)] == [told]


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("T77W968", ("AT^SLBAND?", "AT^DEBUG?", "AT^CA_INFO?")),
        ("DW5821e", ("AT^SLBAND?", "AT^DEBUG?", "AT^CA_INFO?")),
        ("T77W676", ("AT^SLBAND?", "AT^RFSTS?", "AT^CA_INFO?")),
        ("T99W640", ("AT+BAND_PREF?", "AT+DEBUG?", "AT+CA_INFO?")),
        ("T99W175", ("AT^BAND_PREF_EXT?", "AT^BAND_PREF?", "AT^DEBUG?", "AT^CA_INFO?;^LTE_LOCK?")),
        ("DW5930e", ("AT^BAND_PREF_EXT?", "AT^BAND_PREF?", "AT^DEBUG?", "AT^CA_INFO?;^LTE_LOCK?")),
    ],
)
def test_what_each_model_is_asked(model: str, asked: tuple[str, ...]) -> None:
    assert DIALECT.plan(Modem(model=model)) == asked
    assert DIALECT.claims(Modem(model=model))
    assert not DIALECT.claims(Modem(model="EC25"))
    assert DIALECT.claims(Modem(manufacturer="Foxconn Ltd"))
