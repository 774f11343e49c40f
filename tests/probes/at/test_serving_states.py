"""Whether a cell serves, as each family says it: a word or a digit that is read the other way turns a verdict round."""

from __future__ import annotations

import pytest

from harness.errors import ParseError
from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.at import read, read_parts
from harness.probes.at.chips import mediatek_masks
from harness.probes.at.language.answer import Modem
from harness.probes.at.makers import fibocom_locks, foxconn, sierra
from harness.probes.at.registry import dialect


def cells(name: str, command: str, text: str, model: str | None = None) -> list[ServingCell]:
    try:
        found = read_parts(f"{text}\r\nOK\r\n", command, dialect(name), Modem(model=model)).told
    except ParseError:
        return []
    return [item for item in found if isinstance(item, ServingCell)]


@pytest.mark.parametrize(
    ("domain", "attached"), [("0", False), ("1", True), ("2", True), ("3", True), ("4", False), ("", None)]
)
def test_telits_service_domain(domain: str, attached: bool | None) -> None:
    text = f'#SERVINFO: 1300,-90,"Net","26201",7F12345,1A2B,128,{domain},-100'
    (found,) = cells("telit", "AT#SERVINFO", text)
    assert (found.registered, found.plmn, found.tac, found.band) == (attached, "26201", 0x1A2B, 3)


def test_another_form_of_telits_servinfo_is_not_read() -> None:
    for text in (
        '#SERVINFO: 1300,-90,"Net","26201",7F12345,1A2B,128,3',
        '#SERVINFO: 512,-90,"Net","26201",12,1A2B,1,3,2',
    ):
        assert cells("telit", "AT#SERVINFO", text) == []


@pytest.mark.parametrize(
    ("state", "told"), [("NOCONN", [None]), ("CONNECT", [None]), ("LIMSRV", [False]), ("SEARCH", []), ("ODD", [])]
)
def test_simcoms_serving_state(state: str, told: list[bool | None]) -> None:
    text = f'+QENG: "servingcell","{state}","LTE","FDD",001,01,12345,77,EUTRAN-BAND3,1500,5,5,0x1A2B,-850,-94'
    found = cells("simcom", 'AT+QENG="servingcell"', text, "SIM8230G")
    assert [one.registered for one in found] == told
    assert [(one.band, one.pci, one.tac, one.plmn, one.bandwidth_khz) for one in found] == (
        [(3, 77, 0x1A2B, "00101", 20000)] * len(told)
    )


@pytest.mark.parametrize(
    ("words", "registered"),
    [
        ("EMM state: Registered Normal Service", True),
        ("EMM state: Deregistered No Cell Available", False),
        ("EMM state: Null", None),
        ("", None),
    ],
)
def test_sierras_emm_state(words: str, registered: bool | None) -> None:
    text = f"!GSTATUS: \r\nSystem mode: LTE PS state: Attached\r\nLTE band: B3 LTE bw: 20 MHz\r\nLTE Rx chan: 1300\r\n{words}"
    (found,) = cells("sierra", "AT!GSTATUS?", text)
    assert (found.registered, found.band, found.arfcn) == (registered, 3, 1300)


@pytest.mark.parametrize(
    ("mode", "words", "role", "registered"),
    [
        ("NR5G", "MM5G state: Registered", "pcell", True),
        ("NR5G", "MM5G state: Deregistered", "pcell", False),
        ("NR5G", "EMM state: Registered", "pcell", None),
        ("ENDC", "MM5G state: Registered", "pscell", None),
    ],
)
def test_sierras_5g_state_is_that_of_a_standalone_cell(
    mode: str, words: str, role: str, registered: bool | None
) -> None:
    text = f"!GSTATUS: \r\nSystem mode: {mode}\r\nNR5G band: n78\r\nNR5G Rx chan: 633333\r\n{words}"
    found = [one for one in cells("sierra", "AT!GSTATUS?", text) if one.rat != "lte"]
    assert [(one.role, one.registered) for one in found] == [(role, registered)]


@pytest.mark.parametrize(
    ("text", "name", "registered"),
    [
        ("EMM state : Registered", "EMM", True),
        ("EMM state:\tDEREGISTERED", "EMM", False),
        ("MM5G state: Registered", "EMM", None),
        ("EMM state: Registering", "EMM", None),
    ],
)
def test_the_word_of_a_sierra_state(text: str, name: str, registered: bool | None) -> None:
    assert sierra._registered(text, name) is registered


@pytest.mark.parametrize(
    ("state", "active"),
    [("ACTIVE", True), ("INACTIVE", False), ("DEACTIVATED", False), (" active ", True), ("NONE", None), (None, None)],
)
def test_whole_words_of_a_secondary_carrier(state: str | None, active: bool | None) -> None:
    assert sierra._active(state) is active


@pytest.mark.parametrize(
    ("word", "registered"), [("SRV/REGISTERED", True), ("SRV/SEARCHING", None), ("", None), ("NOTREGISTERED", None)]
)
def test_foxconns_older_status(word: str, registered: bool | None) -> None:
    text = f"EARFCN(DL/UL): 1300/19300\r\nBAND: 3\r\nSTATUS: {word}"
    (found,) = cells("foxconn", "AT^DEBUG?", text)
    assert found.registered is registered


def test_huaweis_secondary_carriers_are_read_behind_short_and_empty_lines() -> None:
    text = (
        "^LCACELL: 0,0\r\n^LCACELL: 1,0,1,1,0,0,0,0\r\n^LCACELL: 2,0,1,1,0,3,20,1300\r\n^LCACELL: 3,0,1,0,0,7,20,3100"
    )
    found = cells("huawei", "AT^LCACELL?", text)
    assert [(one.role, one.band, one.arfcn, one.active) for one in found] == [
        ("scell", 3, 1300, True),
        ("scell", 7, 3100, False),
    ]


def test_a_line_without_masks_does_not_hide_the_next_one() -> None:
    good = '+EPBSEH: "0000009a","0000009b","00000005","00000001"'
    found = read(f'+EPBSEH: "0000009a"\r\n{good}\r\nOK\r\n', "AT+EPBSEH=?", dialect("mediatek"))
    lists = {one.rat: one.bands for one in found.observations if isinstance(one, SupportedBands)}
    assert lists["lte"] == (1, 3)
    assert any("not the four quoted masks" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("text", "mask"), [("00000005", 5), ("0000000500000002", (2 << 32) + 5), ("000000000000000000000001", 1 << 64)]
)
def test_words_of_a_mask_begin_with_bands_1_to_32(text: str, mask: int) -> None:
    assert mediatek_masks.mask_of(text) == mask


@pytest.mark.parametrize(
    ("number", "is_lte", "is_nr"),
    [
        *(
            ("100", False, False),
            ("101", True, False),
            ("166", True, False),
            ("399", True, False),
            ("400", False, False),
        ),
        *(
            ("50", False, False),
            ("501", False, True),
            ("5078", False, True),
            ("50257", False, True),
            ("1", False, False),
        ),
    ],
)
def test_how_fibocom_numbers_bands(number: str, is_lte: bool, is_nr: bool) -> None:
    assert fibocom_locks._is_lte(number) is is_lte
    assert fibocom_locks._is_nr(number) is is_nr


@pytest.mark.parametrize(
    ("before", "band", "only"),
    [
        ("20,6,3,101,103,5078", 3, "20,6,3,103,5078"),
        ("2,6,3,101", 66, "2,6,3,166"),
        ("17,6,3,101,501", 12, "17,6,3,112,501"),
        ("4,6,3,101,1,2", 12, "4,6,3,112"),
        ("14,6,3,101", 3, None),
        ("20,6,3", 3, None),
    ],
)
def test_a_fibocom_list_of_one_band_keeps_mode_and_nr(before: str, band: int, only: str | None) -> None:
    assert fibocom_locks._only(before, band) == only


def test_a_cell_lock_of_foxconn_must_be_known_to_be_off_before_a_sweep() -> None:
    locking = foxconn.DIALECT.locking(Modem(model="T99W175"))
    assert locking is not None
    (lock,) = [one for one in locking.free if "LTE_LOCK" in one.item.read]
    assert lock.optional is False
    assert (lock.is_free("Have not set"), lock.is_free("(")) == (True, False)
    assert foxconn.DIALECT.locking(Modem(model="T77W968")) is None


BLOCKS = "00, All bands\r\n    1 - LTE: 0000000000000005 0000000000000002\r\n    4 - NRSA: 0000000000000001\r\n"


def test_what_stands_behind_available_is_no_block() -> None:
    """The tail spells bits out; a block that it seems to hold is not the set of the modem."""
    tail = "Available:\r\n01, Other\r\n    1 - LTE: 0000000000000001 0000000000000000\r\n"
    for text in (BLOCKS, BLOCKS + tail):
        found = read_parts(f"{text}OK\r\n", "AT!BAND=?", dialect("sierra"), Modem(model="EM9190")).told
        lists = {one.rat: one.bands for one in found if isinstance(one, SupportedBands)}
        assert lists == {"lte": (1, 3, 66), "nr_sa": (1,)}
    found = read_parts(f"{BLOCKS}{tail}OK\r\n", "AT!BAND?", dialect("sierra"), Modem(model="EM9190")).told
    assert {one.rat: one.bands for one in found if isinstance(one, EnabledBands)} == {"lte": (1, 3, 66), "nr_sa": (1,)}
