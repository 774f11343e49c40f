"""What decides beside the band lists: profiles, locks, modes, GSM bits, NR legs."""

from __future__ import annotations

import time

import pytest

from harness.errors import ParseError
from harness.observations import (
    EnabledBands,
    Identity,
    NetworkMode,
    NrState,
    Observation,
    Registration,
    Service,
    Sim,
    SupportedBands,
)
from harness.probes.at import read, read_parts
from harness.probes.at.language.answer import Modem, read_answer
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
    ("rest", "state"), [('"common/4g",0', "off"), ('"common/4g",1,1300,5', "on"), ('"common/5g",5,627264,30,78', "on")]
)
def test_a_cell_lock_is_told(rest: str, state: str) -> None:
    command = f"AT+QNWLOCK={rest.split(',', maxsplit=1)[0]}"
    found = one("quectel", command, f"+QNWLOCK: {rest}")
    assert isinstance(found, Service)
    assert found.state == state


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
    assert isinstance(found, Service)
    assert (found.name, found.state) == ("cell_lock_5g", "off")
    assert told("foxconn", "AT^LTE_LOCK?", "^LTE_LOCK: 1,1300,5") == ()


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
