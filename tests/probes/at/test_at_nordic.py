from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from harness.observations import (
    EnabledBands,
    NetworkMode,
    Observation,
    Registration,
    ServingCell,
    Signal,
    SupportedBands,
)
from harness.probes.at.chips.nordic import DIALECT
from harness.probes.at.dialect import Reader
from harness.probes.at.language.answer import Modem, read_answer
from harness.radio.tables import lte_bands


def reader_of(command: str) -> Reader:
    (one,) = (reader for reader in DIALECT.readers if reader.reads(command))
    return one


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    items = list(reader_of(command).read(read_answer("\r\n".join([command, *lines, "OK", ""]), command)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def test_the_rightmost_digit_of_a_lock_is_band_1() -> None:
    facts, warnings = ask("AT%XBANDLOCK?", '%XBANDLOCK: "10000000000000001000",""')
    assert not warnings
    assert {(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)} == {("lte_m", (4, 20)), ("nb_iot", (4, 20))}


def test_no_lock_is_unlimited() -> None:
    facts, _ = ask("AT%XBANDLOCK?", '%XBANDLOCK: "",""')
    assert [(f.bands, f.unlimited) for f in facts if isinstance(f, EnabledBands)] == [(None, True)] * 2


def test_of_two_locks_only_what_both_allow_is_enabled_and_that_is_said() -> None:
    facts, warnings = ask("AT%XBANDLOCK?", '%XBANDLOCK: "1100","1010"')
    assert all(isinstance(f, EnabledBands) and f.bands == (4,) for f in facts)
    assert len(facts) == 2
    assert "differ" in warnings[0]


def test_locks_with_no_band_in_common_claim_nothing() -> None:
    facts, warnings = ask("AT%XBANDLOCK?", '%XBANDLOCK: "100","010"')
    assert facts == []
    assert warnings


def test_a_lock_that_names_no_band_of_3gpp_is_unreadable() -> None:
    for lock in ("1" + "0" * 14, "0000", "12", "0" * 89):
        facts, warnings = ask("AT%XBANDLOCK?", f'%XBANDLOCK: "{lock}",""')
        assert facts == []
        assert warnings


@settings(max_examples=50)
@given(st.sets(st.sampled_from(sorted(n for n in lte_bands() if n <= 88)), min_size=1, max_size=20))
def test_every_lock_of_real_bands_reads_back(bands: set[int]) -> None:
    digits = "".join("1" if n in bands else "0" for n in range(88, 0, -1))
    facts, _ = ask("AT%XBANDLOCK?", f'%XBANDLOCK: "{digits}",""')
    (first, *_) = facts
    assert isinstance(first, EnabledBands)
    assert first.bands == tuple(sorted(bands))
    assert all(a < b for a, b in pairwise(first.bands))


def test_supported_bands_are_read_with_either_prefix() -> None:
    for prefix in ("%XCBAND=? ", "%XCBAND: "):
        facts, _ = ask("AT%XCBAND=?", prefix + "(1,2,66)")
        assert [(f.rat, f.bands, f.layer) for f in facts if isinstance(f, SupportedBands)] == [
            ("lte_m", (1, 2, 66), "hardware")
        ]


def test_a_supported_list_with_strangers_is_unreadable() -> None:
    facts, warnings = ask("AT%XCBAND=?", "%XCBAND: (1,2,111)")
    assert facts == []
    assert warnings


def test_band_0_is_no_band() -> None:
    facts, warnings = ask("AT%XCBAND", "%XCBAND: 0")
    assert facts == []
    assert warnings


def test_monitor_reads_the_cell_and_nordics_levels() -> None:
    line = '%XMONITOR: 5,"A, B","X","24202","0901",7,20,"02024720",428,6300,53,22,"","11100000"'
    facts, warnings = ask("AT%XMONITOR", line)
    assert not warnings
    registration, cell, signal = facts
    assert isinstance(registration, Registration)
    assert registration.state == "roaming"
    assert isinstance(cell, ServingCell)
    assert (cell.rat, cell.band, cell.arfcn, cell.pci, cell.plmn, cell.tac) == ("lte_m", 20, 6300, 428, "24202", 0x901)
    assert cell.registered is True
    assert cell.band_source == "both"
    assert isinstance(signal, Signal)
    assert (signal.rsrp_dbm, signal.sinr_db) == (-87, -2)


def test_monitor_without_registration_names_no_cell() -> None:
    for status, state in ((2, "searching"), (90, "not_registered"), (3, "denied")):
        facts, _ = ask("AT%XMONITOR", f"%XMONITOR: {status}")
        (fact,) = facts
        assert isinstance(fact, Registration)
        assert fact.state == state


def test_a_cell_shown_while_searching_is_not_registered() -> None:
    facts, _ = ask("AT%XMONITOR", '%XMONITOR: 2,"","","24202","0901",9,20,"02024720",428,6300,255,127')
    cell = next(f for f in facts if isinstance(f, ServingCell))
    assert cell.registered is False
    assert not any(isinstance(f, Signal) for f in facts)


def test_a_band_that_contradicts_its_channel_is_a_conflict() -> None:
    facts, warnings = ask("AT%XMONITOR", '%XMONITOR: 1,"","","24202","0901",7,8,"02024720",428,6300,53,22')
    cell = next(f for f in facts if isinstance(f, ServingCell))
    assert (cell.band, cell.band_source) == (20, "conflict")
    assert warnings


def test_system_mode_names_the_rats() -> None:
    (fact,), _ = ask("AT%XSYSTEMMODE?", "%XSYSTEMMODE: 1,0,1,0")
    assert isinstance(fact, NetworkMode)
    assert fact.rats == ("lte_m",)


def test_cesq_uses_nordics_offset() -> None:
    (fact,), _ = ask("AT+CESQ", "+CESQ: 99,99,255,255,8,61")
    assert isinstance(fact, Signal)
    assert (fact.rsrp_dbm, fact.rsrq_db) == (-79, -16)
    assert ask("AT+CESQ", "+CESQ: 99,99,255,255,255,255") == ([], [])


def test_nordic_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("Nordic Semiconductor ASA", "nRF9160-SICA"))
    assert DIALECT.claims(Modem(None, "nRF9151-LACA"))
    assert not DIALECT.claims(Modem("Quectel", "BG95-M3", "BG95M3LAR02A03"))


def test_every_planned_request_has_a_reader() -> None:
    for request in DIALECT.plan(Modem()):
        assert reader_of(request)
