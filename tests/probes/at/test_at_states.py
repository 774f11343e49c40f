"""What decides beside the band lists: profiles, locks, modes, GSM bits, NR legs."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from harness.errors import ParseError
from harness.observations import (
    CellLock,
    EnabledBands,
    Identity,
    NetworkMode,
    NrState,
    Observation,
    Registration,
    Service,
    ServingCell,
    Sim,
    SupportedBands,
)
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem, read_answer
from harness.probes.at.locks import beside_locks
from harness.probes.at.registry import dialect


def told(name: str, command: str, text: str, model: str | None = None) -> tuple[Observation, ...]:
    return read_parts(f"{text}\r\nOK\r\n", command, dialect(name), Modem(model=model)).observations


def one(name: str, command: str, text: str, model: str | None = None) -> Observation:
    (found,) = told(name, command, text, model)
    return found


def test_the_active_carrier_profile_is_named() -> None:
    text = (
        '+QMBNCFG: "List",0,0,0,"ROW_Generic_3GPP",0x0A010809,202101111\r\n'
        '+QMBNCFG: "List",1,1,1,"Commercial-TMO",0x0A010505,202105171\r\n'
    )
    found = one("quectel", 'AT+QMBNCFG="list"', text)
    assert isinstance(found, Identity)
    assert found.carrier_config == "Commercial-TMO"
    assert told("quectel", 'AT+QMBNCFG="List"', text.replace("1,1,1", "1,1,0")) == ()


@pytest.mark.parametrize(
    ("rest", "model", "lock"),
    [
        ('"common/4g",0', "RM520N-GL", ("lte", False, (), ())),
        ('"common/4g",2,1300,5,525,77', "RM520N-GL", ("lte", True, (1300, 525), (5, 77))),
        ('"common/5g",0', "RM520N-GL", ("nr", False, (), ())),
        ('"common/5g",5,627264,30,78', "RM520N-GL", ("nr", True, (627264,), (5,))),
        ('"common/5g"', "RM500U-CN", ("nr", False, (), ())),
        ('"common/5g",1,627264,5', "RM500U-CN", ("nr", True, (627264,), (5,))),
        ('"common/lte"', "RM500U-CN", ("lte", False, (), ())),
        ('"common/lte",1,38950,0', "EC25-E", ("lte", True, (38950,), ())),
        ('"common/lte",2,38950,87,0', "EC25-E", ("lte", True, (38950,), (87,))),
        ('"common/lte",0,38950,87,1', "EC25-E", ("lte", False, (), ())),
    ],
)
def test_a_cell_lock_is_told(rest: str, model: str, lock: tuple[object, ...]) -> None:
    command = f"AT+QNWLOCK={rest.split(',', maxsplit=1)[0]}"
    family = dialect("quectel")
    (found,) = read_parts(f"+QNWLOCK: {rest}\r\nOK\r\n", command, family, Modem(model=model)).observations
    assert isinstance(found, CellLock)
    assert (found.rat, found.locked, found.arfcns, found.pcis) == lock


@pytest.mark.parametrize(
    ("rest", "lock"),
    [
        ('"lte_earfcn_lock",0', ("lte", False, ())),
        ('"lte_earfcn_lock",2,1300:525', ("lte", True, (1300, 525))),
        ('"nr5g_earfcn_lock",1,627264:30', ("nr", True, (627264,))),
        ('"nr5g_earfcn_lock",2,627264:30', None),
        ('"lte_earfcn_lock",1,x', None),
    ],
)
def test_a_channel_lock_is_told(rest: str, lock: tuple[object, ...] | None) -> None:
    found = told("quectel", f"AT+QNWCFG={rest.split(',', maxsplit=1)[0]}", f"+QNWCFG: {rest}")
    assert [(one.rat, one.locked, one.arfcns) for one in found if isinstance(one, CellLock)] == ([lock] if lock else [])


def test_locks_that_are_asked_jointly_are_told_once_each() -> None:
    asked = 'AT+QNWLOCK="common/4g";+QNWLOCK="common/5g";+QNWCFG="lte_earfcn_lock";+QNWCFG="nr5g_earfcn_lock"'
    answer = (
        '+QNWLOCK: "common/4g",1,1300,5\r\n\r\n+QNWLOCK: "common/5g",0\r\n\r\n'
        '+QNWCFG: "lte_earfcn_lock",0\r\n\r\n+QNWCFG: "nr5g_earfcn_lock",1,627264:30\r\n'
    )
    found = [item for item in told("quectel", asked, answer, "RM520N-GL") if isinstance(item, CellLock)]
    assert [(item.rat, item.locked, item.arfcns) for item in found] == [
        ("lte", True, (1300,)),
        ("nr", False, ()),
        ("lte", False, ()),
        ("nr", True, (627264,)),
    ]


def test_mediateks_word_that_nothing_is_locked_is_not_to_be_trusted() -> None:
    on = one("fibocom", "AT+EMMCHLCK?", "+EMMCHLCK: 1,7,0,1650,187,0")
    off = one("fibocom", "AT+EMMCHLCK?", "+EMMCHLCK: 0")
    assert isinstance(on, CellLock)
    assert isinstance(off, CellLock)
    assert (on.rat, on.locked, on.arfcns, on.pcis, on.trusted) == ("lte", True, (1650,), (187,), True)
    assert (off.locked, off.trusted) == (False, False)


def test_a_lock_that_the_serving_cell_contradicts_is_named() -> None:
    lock = CellLock(rat="lte", locked=True, arfcns=(6300,))
    on = ServingCell(rat="lte", arfcn=1300, band=3, band_source="both")
    bands = EnabledBands(rat="lte", bands=(20,))
    assert list(beside_locks((lock, on, bands))) == [
        "locked to B20 (EARFCN 6300) but served on B3 (EARFCN 1300): the lock is not in force",
        "enabled are B20 alone, but the modem is served on B3: the list is not in force",
    ]
    assert list(beside_locks((lock, replace(on, arfcn=6300, band=20), bands))) == []
    assert list(beside_locks((replace(lock, rat="nr"), replace(on, role="scell"), bands))) == []


def test_a_missing_sim_is_told_and_one_that_is_there_is_not_ready_for_that() -> None:
    found = one("quectel", "AT+QSIMSTAT?", "+QSIMSTAT: 0,0")
    assert isinstance(found, Sim)
    assert found.state == "absent"
    assert told("quectel", "AT+QSIMSTAT?", "+QSIMSTAT: 0,1") == ()


SIERRA_GSM = "Index, Name, GW Band Mask L Band Mask\r\n00, All 0000000000280180 0000000000000001"


@pytest.mark.parametrize(
    ("name", "command", "text", "bands"),
    [
        ("sierra", "AT!BAND?", SIERRA_GSM, (850, 900, 1800, 1900)),
        ("simcom", "AT+CNBP?", "+CNBP: 0x0000000000280180,0x0000000000000001,0x0", (850, 900, 1800, 1900)),
        ("cinterion", 'AT^SCFG="Radio/Band/2G"', '^SCFG: "Radio/Band/2G","0000000f"', (850, 900, 1800, 1900)),
        ("cinterion", 'AT^SCFG="Radio/Band/2G"', '^SCFG: "Radio/Band/2G","00000074"', (850, 900, 1800, 1900)),
        ("cinterion", 'AT^SCFG="Radio/Band/2G"', '^SCFG: "Radio/Band/2G","00000004"', None),
        ("u-blox", "AT+UBANDMASK?", "+UBANDMASK: 2,2621824", (850, 900, 1800, 1900)),
        ("u-blox", "AT+UBANDMASK?", "+UBANDMASK: 2,256", None),
    ],
)  # fmt: skip
def test_gsm_bits(name: str, command: str, text: str, bands: tuple[int, ...] | None) -> None:
    found = [o for o in told(name, command, text, "SARA-R412M") if isinstance(o, EnabledBands) and o.rat == "gsm"]
    assert [o.bands for o in found] == ([] if bands is None else [bands])


def test_the_gsm_mask_of_the_test_form_is_hardware() -> None:
    text = '^SCFG: "Radio/Band/2G",("00000001"-"0000000f")'
    found = one("cinterion", "AT^SCFG=?", text)
    assert isinstance(found, SupportedBands)
    assert (found.rat, found.bands, found.layer) == ("gsm", (850, 900, 1800, 1900), "hardware")


@pytest.mark.parametrize(
    ("text", "rats"),
    [("+URAT: 7,8", ("lte_m", "nb_iot")), ("+URAT: 6,3", ("umts", "lte")), ("+URAT: 7,77", None)],
)
def test_the_order_of_rats_of_u_blox(text: str, rats: tuple[str, ...] | None) -> None:
    found = one("u-blox", "AT+URAT?", text)
    assert isinstance(found, NetworkMode)
    assert found.rats == rats


def test_the_operator_profile_of_u_blox() -> None:
    found = one("u-blox", "AT+UMNOPROF?", "+UMNOPROF: 90")
    assert isinstance(found, Identity)
    assert found.carrier_config == "UMNOPROF 90"


@pytest.mark.parametrize(
    ("text", "state", "rat"),
    [
        ('^SYSINFOEX: 2,3,0,1,,6,"LTE",101,"LTE"', "home", "lte"),
        ('^SYSINFOEX: 2,3,1,1,,11,"NR-5GC",111,"NR-5GC"', "roaming", "nr"),
        ('^SYSINFOEX: 0,0,0,1,,0,"NO SERVICE",0,"NO SERVICE"', "not_registered", None),
    ],
)
def test_the_system_state_of_huawei(text: str, state: str, rat: str | None) -> None:
    found = one("huawei", "AT^SYSINFOEX", text)
    assert isinstance(found, Registration)
    assert (found.state, found.rat) == (state, rat)


def test_a_restricted_service_is_no_registration() -> None:
    assert told("huawei", "AT^SYSINFOEX", '^SYSINFOEX: 1,3,0,1,,6,"LTE",101,"LTE"') == ()
    found = one("huawei", "AT^SYSINFOEX", '^SYSINFOEX: 1,0,0,255,,6,"LTE",101,"LTE"')
    assert isinstance(found, Sim)


def test_an_nr_leg_of_huawei_is_told_only_where_it_is() -> None:
    found = one("huawei", "AT^LENDC?", "^LENDC: 1,1,1,0,1")
    assert isinstance(found, NrState)
    assert found.mode == "nsa_connected"
    assert told("huawei", "AT^LENDC?", "^LENDC: 1,1,0,0,0") == ()


def test_the_words_of_an_open_foxconn_lock() -> None:
    found = one("foxconn", "AT^NR5G_LOCK?", "NR5G_LOCK:Have not set cell lock before")
    assert isinstance(found, CellLock)
    assert (found.rat, found.locked) == ("nr", False)
    assert told("foxconn", "AT^LTE_LOCK?", "^LTE_LOCK: 1,1300,5") == ()
    pairs = one("foxconn", "AT^LTE_LOCK?", "^LTE_LOCK:(213,1275),(224,550),")
    assert isinstance(pairs, CellLock)
    assert (pairs.arfcns, pairs.pcis) == ((1275, 550), (213, 224))


def test_the_package_of_fibocom_is_its_build() -> None:
    found = one("fibocom", "AT+GTPKGVER?", '+GTPKGVER: "18500.5001.00.05.27.16_5001.05.001.033"')
    assert isinstance(found, Identity)
    assert found.build == "18500.5001.00.05.27.16_5001.05.001.033"


def test_5g_that_is_off_is_told_and_the_rest_is_a_warning() -> None:
    found = one("telit", "AT#5GCTL?", "#5GCTL: 0")
    assert isinstance(found, Service)
    assert told("telit", "AT#5GCTL?", "#5GCTL: 2") == ()


def test_answers_that_run_together_are_told_apart_by_name_or_not_at_all() -> None:
    late = '+QNWINFO: "FDD LTE","26201","LTE BAND 3",1300\r\nOK\r\n'
    own = '+QCFG: "band",0x93,0x80800c5,0x0\r\nOK\r\n'
    found = read(late + own, 'AT+QCFG="band"', "quectel", model="EG25-G").observations
    assert {o.kind for o in found} == {"enabled_bands"}
    with pytest.raises(ParseError, match="run together"):
        read("Quectel\r\nOK\r\nEG25-G\r\nOK\r\n", "AT+CGMM")
    with pytest.raises(ParseError, match="run together"):
        read(own + own.replace("c5", "c4"), 'AT+QCFG="band"', "quectel", model="EG25-G")
    (identity,) = read("Quectel\r\nOK\r\nAT+CGMM\r\nEG25-G\r\nOK\r\n", "AT+CGMM").observations
    assert isinstance(identity, Identity)
    assert identity.model == "EG25-G"


@pytest.mark.parametrize(
    "sign", ["\r", "\n", "\r\n", ",", '"', "(", "+", "A", " ", "0", "+COPS: (", "AT+COPS?", "+CREG: 1\r"]
)
def test_a_long_text_takes_linear_time(sign: str) -> None:
    """Four million characters of one kind; a square of that would take hours."""
    text = sign * (1_000_000 // len(sign))
    started = time.process_time()
    for command, name in (("AT+COPS=?", None), ("AT!GSTATUS?", "sierra"), ('AT+QENG="servingcell"', "quectel")):
        with pytest.raises(ParseError):
            read(text, command, name)
    read_answer(text, "ATI")
    assert time.process_time() - started < 20
