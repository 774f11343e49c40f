"""The lines that hold a modem to one band by its chip's own commands, and put it back.

Set forms and their traps: reference band-lock.md sections 1, 2.7, 2.8, 2.10 and 2.13.
"""

from __future__ import annotations

import pytest
from held_to_a_band import held, locking_of, value_of

RADIO = "+CFUN: 1"
CEREG = "+CEREG: 0,1"
SYSCFGEX = '^SYSCFGEX: "00",3fffffff,1,2,800c5,,'
ASR = "*BAND: 15, 120, 147, 482, 2785542213, 1, 1, 0"
SEQUANS = (
    "+SQNCTM: verizon",
    '+SQNBANDSEL: 0,standard,"1,2,3"',
    '+SQNBANDSEL: 0,verizon,"4,13"',
    '+SQNBANDSEL: 1,verizon,"13"',
)
NORDIC = ('%XBANDLOCK: "",""', "%XSYSTEMMODE: 1,1,1,2")


@pytest.mark.parametrize(
    ("name", "model", "rat", "answers", "band", "lines"),
    [
        # GSM and UMTS mask, roaming and domain as read; the order is LTE alone.
        ("huawei", "ME909s-120", "lte", (SYSCFGEX,), 20,
         ['AT^SYSCFGEX="03",3FFFFFFF,1,2,80000,,', "AT+CFUN=4", "AT+CFUN=1"]),
        ("huawei", "ME909s-120", "lte", (SYSCFGEX,), 64,
         ['AT^SYSCFGEX="03",3FFFFFFF,1,2,8000000000000000,,', "AT+CFUN=4", "AT+CFUN=1"]),
        ("huawei", "MT5700M-CN", "lte", ('^LTEFREQLOCK: 0,0,0,""',), 3,
         ["AT+CFUN=0", 'AT^LTEFREQLOCK=3,0,1,"3"', "AT+CFUN=1"]),
        # The high LTE word first; roaming, domain and priority as read.
        ("asr", "ASR1802", "lte", (ASR,), 20,
         ["AT*BAND=5,120,147,0,524288,1,1,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
        ("asr", "ASR1802", "lte", (ASR,), 32,
         ["AT*BAND=5,120,147,0,2147483648,1,1,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
        ("asr", "ASR1802", "lte", (ASR,), 41,
         ["AT*BAND=5,120,147,256,0,1,1,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
        ("asr", "ASR1802", "lte", (ASR,), 64,
         ["AT*BAND=5,120,147,2147483648,0,1,1,0", "AT+CFUN=1,1", "AT+CFUN=4", "AT+CFUN=1"]),
        ("altair", "ALT1250", "lte", ("Bands: 4,13",), 66,
         ['AT%SETCFG="BAND","66"', "ATZ", "AT+CFUN=4", "AT+CFUN=1"]),
        # UMTS numbers stay in the line, GSM's too.
        ("intel", "XMM 7360", "lte", ("+XACT: 6, 2, 1, 900, 1, 8, 101, 141",), 3,
         ["AT+XACT=2,2,,900,1,8,103", "AT+CFUN=4", "AT+CFUN=1"]),
        ("nordic", "nRF9160-SICA", "lte_m", NORDIC, 20,
         ["AT+CFUN=4", "AT%XSYSTEMMODE=1,0,1,2", 'AT%XBANDLOCK=2,"10000000000000000000"', "AT+CFUN=1"]),
        ("nordic", "nRF9151-LACA", "nb_iot", ('%XBANDLOCK: "",""', "%XSYSTEMMODE: 1,0,0,0,1"), 3,
         ["AT+CFUN=4", "AT%XSYSTEMMODE=0,1,0,0,1", 'AT%XBANDLOCK=2,"100"', "AT+CFUN=1"]),
        ("sequans", "GM02S", "lte_m", SEQUANS, 66,
         ["AT+CFUN=0", 'AT+SQNBANDSEL=0,"verizon","66"', "AT+CFUN=1"]),
        ("sequans", "GM02S", "nb_iot", SEQUANS, 4,
         ["AT+CFUN=0", 'AT+SQNBANDSEL=1,"verizon","4"', "AT+CFUN=1"]),
    ],
)  # fmt: skip
def test_the_lines_of_a_trial(
    name: str, model: str, rat: str, answers: tuple[str, ...], band: int, lines: list[str]
) -> None:
    assert held(name, model, rat, RADIO, *answers).lines(band) == lines


@pytest.mark.parametrize(
    ("name", "model", "rat", "answers", "enabled", "back"),
    [
        ("huawei", "ME909s-120", "lte", ('^SYSCFGEX: "0302",680380,0,2,1e200000095,,',),
         {1, 3, 5, 8, 34, 38, 39, 40, 41},
         ['AT^SYSCFGEX="0302",680380,0,2,1E200000095,,', "AT+CEREG=0", "AT+CFUN=1"]),
        ("huawei", "MT5700M-CN", "lte", ('^LTEFREQLOCK: 3,0,2,"3,41"',), {3, 41},
         ['AT^LTEFREQLOCK=3,0,2,"3,41"', "AT+CEREG=0", "AT+CFUN=1"]),
        ("huawei", "MT5700M-CN", "lte", ('^LTEFREQLOCK: 0,0,0,""',), None,
         ["AT^LTEFREQLOCK=0", "AT+CEREG=0", "AT+CFUN=1"]),
        ("asr", "ASR1802", "lte", ("*BAND: 15,120,147,258,4,1,1,0",), {3, 34, 41},
         ["AT*BAND=15,120,147,258,4,1,1,0", "AT+CEREG=0", "AT+CFUN=1"]),
        ("altair", "Type 1SC", "lte", ("Bands: 4, 13, 66",), {4, 13, 66},
         ['AT%SETCFG="BAND","4,13,66"', "AT+CEREG=0", "AT+CFUN=1"]),
        ("intel", "XMM 7360", "lte", ("+XACT: 6,2,1,900,1,8,101,199",), {1, 99},
         ["AT+XACT=6,2,1,900,1,8,101,199", "AT+CEREG=0", "AT+CFUN=1"]),
        ("nordic", "nRF9160-SICA", "lte_m", ('%XBANDLOCK: "","0000010000000000001000"', "%XSYSTEMMODE: 1,1,1,2"),
         {4, 17}, ['AT%XBANDLOCK=2,"10000000000001000"', "AT%XSYSTEMMODE=1,1,1,2", "AT+CEREG=0", "AT+CFUN=1"]),
        ("nordic", "nRF9160-SICA", "lte_m", NORDIC, None,
         ["AT%XBANDLOCK=0", "AT%XSYSTEMMODE=1,1,1,2", "AT+CEREG=0", "AT+CFUN=1"]),
        ("sequans", "GM02S", "nb_iot", SEQUANS, {13},
         ['AT+SQNBANDSEL=1,"verizon","13"', 'AT+SQNBANDSEL=0,"verizon","4,13"', "AT+CEREG=0", "AT+CFUN=1"]),
    ],
)  # fmt: skip
def test_what_was_read_is_what_puts_back(
    name: str, model: str, rat: str, answers: tuple[str, ...], enabled: set[int] | None, back: list[str]
) -> None:
    modem = held(name, model, rat, RADIO, CEREG, *answers)
    assert modem.enabled == enabled
    assert modem.refusal() == ""
    assert modem.back() == back


@pytest.mark.parametrize(
    ("name", "model", "rat", "answer", "band"),
    [("huawei", "ME909s-120", "lte", SYSCFGEX, 65), ("asr", "ASR1802", "lte", ASR, 65)],
)
def test_a_band_without_a_place_is_not_written(name: str, model: str, rat: str, answer: str, band: int) -> None:
    assert None in held(name, model, rat, answer).lines(band)


@pytest.mark.parametrize(
    ("name", "model", "rat", "answers", "why"),
    [
        ("huawei", "ME909s-120", "lte", ('^SYSCFGEX: "02",680380,0,2,0,,',), "tells no bands"),
        ("huawei", "ME909s-120", "lte", ('^SYSCFGEX: "02",680380,0,2,40000000,,',), "tells no bands"),
        # A lock to channels or a cell is none that the family writes.
        ("huawei", "MT5700M-CN", "lte", ('^LTEFREQLOCK: 1,0,1,"3","1300"',), "could not be written back"),
        ("huawei", "MT5700M-CN", "lte", ('^LTEFREQLOCK: 3,0,1,"3","1300"',), "could not be written back"),
        ("asr", "ASR1802", "lte", ("*BAND: 15,120,147,258,4,1,1",), "cannot be read"),
        ("altair", "ALT1250", "lte", ("Bands: 0",), "could not be written back"),
        ("intel", "XMM 7360", "lte", ("+XACT: 2,2,,0,101",), "no list but the module's own"),
        ("intel", "XMM 7360", "lte", ("+XACT: 3,2,,1,8,900,100,300",), "it tells no LTE bands"),
        ("nordic", "nRF9160-SICA", "lte_m", ('%XBANDLOCK: "100","1"',), "a permanent band lock is set"),
        ("sequans", "GM02S", "lte_m", SEQUANS[1:], "cannot be read"),
        ("sequans", "GM02S", "lte_m", SEQUANS[:2], "no one list of these bands"),
        ("sequans", "GM02S", "lte_m", (*SEQUANS, '+SQNBANDSEL: 0,verizon,"4"'), "no one list of these bands"),
        ("sequans", "GM02S", "lte_m", ("+SQNCTM: att", *SEQUANS), "no one list of these bands"),
        ("sequans", "GM02S", "lte_m", ("+SQNCTM: verizon", '+SQNBANDSEL: 0,verizon,""'), "no one list of these bands"),
    ],
)  # fmt: skip
def test_what_could_not_be_put_back_is_not_touched(
    name: str, model: str, rat: str, answers: tuple[str, ...], why: str
) -> None:
    assert why in held(name, model, rat, *answers).refusal()


def test_a_mask_of_half_its_words_may_be_zero() -> None:
    assert held("huawei", "ME909s-120", "lte", '^SYSCFGEX: "02",680380,0,2,40000001,,').refusal() == ""
    assert held("asr", "ASR1802", "lte", "*BAND: 5,0,0,0,4,1,1,0").enabled == {3}
    assert held("asr", "ASR1802", "lte", "*BAND: 5,0,0,0,0,1,1,0").enabled is None


@pytest.mark.parametrize(
    ("name", "model", "effects", "keeper", "off"),
    [
        ("huawei", "ME909s-120", {"lte": "now"}, "nv", "4"),
        ("huawei", "MT5700M", {"lte": "radio_cycle"}, "nv", "0"),
        ("huawei", "MH5000-31", {"lte": "radio_cycle"}, "nv", "0"),
        ("asr", "Air780E", {"lte": "restart"}, "nv", "4"),
        ("altair", "TYPE1SC", {"lte": "restart"}, "nv", "4"),
        ("intel", "XMM 7560", {"lte": "now"}, "nv", "4"),
        ("nordic", "nRF9161", {"lte_m": "radio_cycle", "nb_iot": "radio_cycle"}, "volatile", "4"),
        ("sequans", "GM01Q", {"lte_m": "radio_cycle", "nb_iot": "radio_cycle"}, "nv", "0"),
    ],
)  # fmt: skip
def test_when_a_lock_takes_effect_and_what_keeps_it(
    name: str, model: str, effects: dict[str, str], keeper: str, off: str
) -> None:
    locking = locking_of(name, model)
    assert locking is not None
    assert {one.rat: one.item.takes_effect for one in locking.locks} == effects
    assert {one.item.kept_by for one in locking.locks} == {keeper}
    assert locking.off == off
    for one in locking.locks:
        # What is written with the radio off is written in the very state that the item needs.
        assert one.while_off is ("radio_cycle" in effects.values())
        assert one.item.needs == ((("radio", off),) if one.while_off else ())
        assert (one.item.restart != "") is (one.item.takes_effect == "restart")


def test_altair_has_no_lock_for_other_chips() -> None:
    assert locking_of("altair", "ALT3100") is None
    assert locking_of("altair", None) is None


def test_the_serving_cell_is_asked_by_the_commands_of_the_series() -> None:
    told = [(locking.locks[0].serving) for model in ("ASR1802", "Air780E") if (locking := locking_of("asr", model))]
    assert told == [("AT+EEMGINFO?", "AT*BANDIND?"), ("AT+CCED=0,1", "AT*BANDIND?")]


def test_both_technologies_of_nordic_count_either_list_and_ask_for_the_cause() -> None:
    locking = locking_of("nordic", "nRF9160-SICA")
    assert locking is not None
    assert {one.told_by for one in locking.locks} == {("lte_m", "nb_iot")}
    assert locking.report == "5"


@pytest.mark.parametrize(
    ("name", "model", "item", "values"),
    [
        ("nordic", "nRF9160-SICA", "run_time_lock", ("", "1", '1,"1"', '3,"1"', '2,"0"', '2,"01"', f'2,"1{"0" * 88}"')),
        ("nordic", "nRF9160-SICA", "system_mode", ("1,0,1", "2,0,1,0", "1,0,1,5")),
        ("huawei", "ME909s-120", "syscfgex", ('"03",3FFFFFFF,1,2,0', "03,3FFFFFFF,1,2,1", '"03",3FFFFFFF,1,2')),
        ("huawei", "MT5700M", "lte_frequency_lock", ('1,0,1,"3"', '3,0,0,"3"', '3,0,1,""', '3,0,1,"03"')),
        ("asr", "ASR1802", "band", ("5", "5,0,0,0,4", "5,0,0,0,4,1,1")),
        ("altair", "ALT1250", "bands", ("", "0", "03", "1,", "1,,2")),
        ("intel", "XMM 7360", "xact", ("2,2,,0", "7,2,,103", "2,2,", "2")),
        ("sequans", "GM02S", "lte_m_bands", ('verizon","', 'verizon","0', '","4', "4")),
    ],
)
def test_what_is_never_written(name: str, model: str, item: str, values: tuple[str, ...]) -> None:
    locking = locking_of(name, model)
    assert locking is not None
    (found,) = [one for one in locking.items if one.name == item]
    assert [found.request(value) for value in values] == [None] * len(values)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("%XSYSTEMMODE: 1,0,1,4", "1,0,1,4"),
        ("%XSYSTEMMODE: 1,0,1,5", None),
        ("%XSYSTEMMODE: 1,0,1", None),
        ("%XSYSTEMMODE: 1,0,1,0,1", "1,0,1,0,1"),
    ],
)
def test_the_mode_of_nordic_has_four_numbers_or_five(answer: str, value: str | None) -> None:
    locking = locking_of("nordic", "nRF9160-SICA")
    assert locking is not None
    assert value_of(locking.beside[0], answer) == value
