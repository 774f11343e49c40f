from __future__ import annotations

import pytest

from harness.observations import EnabledBands, Identity, Observation, ServingCell, Signal, SupportedBands
from harness.probes.at.chips.sequans import DIALECT
from harness.probes.at.language.answer import Modem, read_answer


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    answer = read_answer("\r\n".join([*lines, "OK", ""]), command)
    last = "AT" + command.rsplit(";", maxsplit=1)[-1].removeprefix("AT")
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(last))
    items = list(reader.read(answer))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


ROWS = (
    '+SQNBANDSEL: 0,standard,"20,3,8"',
    '+SQNBANDSEL: 0,dish,"111,222"',
    '+SQNBANDSEL: 0,verizon,"13,4"',
    '+SQNBANDSEL: 1,standard,"8"',
)


def test_the_active_profile_decides_what_is_enabled() -> None:
    facts, _ = ask("AT+SQNCTM?;+SQNBANDSEL?", "+SQNCTM: verizon", *ROWS)
    assert [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)] == [("lte_m", (4, 13))]


def test_profiles_that_differ_leave_the_enabled_bands_unknown() -> None:
    facts, warnings = ask("AT+SQNBANDSEL?", *ROWS)
    assert [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)] == [("nb_iot", (8,))]
    assert any("differ by profile" in w for w in warnings)


def test_a_profile_with_nonsense_bands_is_unreadable() -> None:
    facts, warnings = ask("AT+SQNCTM?;+SQNBANDSEL?", '+SQNCTM: "dish"', *ROWS)
    assert facts == []
    assert any("unreadable" in w for w in warnings)


def test_nothing_set_is_not_an_empty_list() -> None:
    facts, warnings = ask("AT+SQNBANDSEL?")
    assert facts == []
    assert warnings


@pytest.mark.parametrize("breaks", [("",), ("", "\r\n")])
def test_supported_bands_are_read_whole_or_wrapped(breaks: tuple[str, ...]) -> None:
    text = breaks[-1].join(("+SQNBANDSEL: ", "(0,1),", '("att","standard"),', "(1,2,66)"))
    facts, warnings = ask("AT+SQNBANDSEL=?", *text.split("\r\n"))
    assert not warnings
    assert [(f.rat, f.bands) for f in facts if isinstance(f, SupportedBands)] == [
        ("lte_m", (1, 2, 66)),
        ("nb_iot", (1, 2, 66)),
    ]


def test_a_cut_test_form_is_unreadable() -> None:
    facts, warnings = ask("AT+SQNBANDSEL=?", "+SQNBANDSEL: ", "(0,1),", '("att","standard"),')
    assert facts == []
    assert warnings


def test_monitor_reads_keys_behind_a_name_with_blanks() -> None:
    line = "+SQNMONI: NL KPN Cc:204 Nc:08 RSRP:-90.00 CINR:18.00 RSRQ:-7.70 TAC:64503 Id:176 EARFCN:6400 PWR:-74.52"
    facts, warnings = ask("AT+SQNMONI=9", line)
    assert not warnings
    cell, signal = facts
    assert isinstance(cell, ServingCell)
    assert (cell.plmn, cell.band, cell.arfcn, cell.pci, cell.tac) == ("20408", 20, 6400, 176, 64503)
    assert cell.registered is None
    assert isinstance(signal, Signal)
    assert (signal.rsrp_dbm, signal.rsrq_db, signal.sinr_db) == (-90, -7.7, 18)


def test_unmeasured_levels_are_no_levels() -> None:
    facts, _ = ask("AT+SQNMONI=7", "+SQNMONI: X Cc:334 Nc:020 RSRP:-1 CINR:-1 RSRQ:-1 TAC:23330 Id:235 EARFCN:2050")
    (cell,) = facts
    assert isinstance(cell, ServingCell)
    assert (cell.plmn, cell.band) == ("334020", 4)


@pytest.mark.parametrize(
    ("band", "earfcn", "width", "want"), [(8, 3716, 20000, None), (3, 1300, 20000, 20000), (3, 1300, 777, None)]
)
def test_a_width_that_the_band_cannot_have_is_unknown(band: int, earfcn: int, width: int, want: int | None) -> None:
    line = f"+SQNMONI: S Cc:525 Nc:01 RSRP:-78.40 TAC:678 Id:472 EARFCN:{earfcn} BAND:{band} BW:{width}"
    facts, warnings = ask("AT+SQNMONI", line)
    assert isinstance(facts[0], ServingCell)
    assert facts[0].bandwidth_khz == want
    assert bool(warnings) == (want is None)


def test_several_networks_leave_the_serving_cell_unknown() -> None:
    facts, warnings = ask(
        "AT+SQNMONI=9",
        "+SQNMONI: A Cc:204 Nc:08 RSRP:-90.00 TAC:1 Id:1 EARFCN:6400",
        "+SQNMONI: B Cc:204 Nc:16 RSRP:-80.00 TAC:2 Id:2 EARFCN:3700",
    )
    assert facts == []
    assert warnings


def test_sequans_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("SEQUANS Communications", "VZM20Q"))
    assert DIALECT.claims(Modem(None, "GM02S"))
    assert not DIALECT.claims(Modem("Nordic Semiconductor ASA", "nRF9160"))


def test_the_active_profile_is_the_carrier_configuration() -> None:
    facts, _ = ask("AT+SQNCTM?", "+SQNCTM: verizon")
    assert [f.carrier_config for f in facts if isinstance(f, Identity)] == ["verizon"]
