from __future__ import annotations

import pytest

from harness.observations import EnabledBands, Observation, ServingCell
from harness.probes.at.chips.asr import DIALECT
from harness.probes.at.language.answer import Modem, read_answer


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(command))
    items = list(reader.read(read_answer("\r\n".join([*lines, "OK", ""]), command, names=reader.names)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def cell_of(*values: object) -> tuple[ServingCell | None, list[str]]:
    facts, warnings = ask("AT+EEMGINFO?", "+EEMLTESVC:" + ", ".join(str(v) for v in values), "+EEMGINFO : 3, 2")
    return next((f for f in facts if isinstance(f, ServingCell)), None), warnings


def test_the_high_word_comes_first() -> None:
    facts, warnings = ask("AT*BAND?", "*BAND:15,74,129,482,149,0,2,0")
    assert not warnings
    assert {f.rat: f.bands for f in facts if isinstance(f, EnabledBands)} == {
        "umts": (1, 8),
        "lte": (1, 3, 5, 8, 34, 38, 39, 40, 41),
    }


@pytest.mark.parametrize(
    "words", ["15,74,129", "15,74,129,482,4294967296", "15,74,129,0,16384", "15,74,129,0,0", "15,74,129,x,149"]
)
def test_words_that_make_no_bands_claim_no_lte(words: str) -> None:
    facts, warnings = ask("AT*BAND?", f"*BAND:{words}")
    assert not any(isinstance(f, EnabledBands) and f.rat == "lte" for f in facts)
    assert warnings


@pytest.mark.parametrize(
    ("mcc", "digits", "mnc", "plmn"),
    [
        (1120, 2, 0, "46000"),
        (1120, 2, 17, "46011"),
        (784, 3, 1040, "310410"),
        (784, 3, 38, "310026"),
        (1120, 2, 15, None),
        (0, 2, 0, None),
    ],
)
def test_mcc_and_mnc_are_decimals_of_hexadecimal_digits(mcc: int, digits: int, mnc: int, plmn: str | None) -> None:
    cell, _ = cell_of(mcc, digits, mnc, 14084, 38, 1825, 19825, 3, 4, 57685298)
    assert cell is not None
    assert cell.plmn == plmn


def test_the_cell_is_the_first_nine_values_in_both_layouts() -> None:
    for rest in ((57685298, 0, 59), (50, 23, 24, 2, 10, 0, 1, "t3402:720")):
        cell, warnings = cell_of(1120, 2, 0, 13112, 77, 38950, 38950, 40, 5, *rest)
        assert not warnings
        assert cell is not None
        assert (cell.band, cell.arfcn, cell.pci, cell.tac, cell.bandwidth_khz) == (40, 38950, 77, 13112, 20000)
        assert cell.band_source == "both"


def test_a_line_of_zeros_is_no_cell() -> None:
    cell, warnings = cell_of(*[0] * 30)
    assert cell is None
    assert warnings


def test_a_short_line_is_no_cell() -> None:
    cell, warnings = cell_of(1120, 2, 0, 13112)
    assert cell is None
    assert warnings


def test_a_band_that_contradicts_its_channel_is_a_conflict() -> None:
    cell, warnings = cell_of(1120, 2, 0, 13112, 77, 38950, 38950, 3, 5)
    assert cell is not None
    assert (cell.band, cell.band_source) == (40, "conflict")
    assert warnings


def test_the_band_indicator_needs_the_technology() -> None:
    facts, _ = ask("AT*BANDIND?", "*BANDIND: 0, 40, 7")
    assert [(f.rat, f.band) for f in facts if isinstance(f, ServingCell)] == [("lte", 40)]
    for line in ("*BANDIND: 0", "*BANDIND: 0,3", "*BANDIND: 0,3,2", "*BANDIND: 0,99,7"):
        facts, warnings = ask("AT*BANDIND?", line)
        assert facts == []
        assert warnings


def test_asr_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("Marvell", "PXA1802"))
    assert DIALECT.claims(Modem(None, "Luat", "Luat_V0025_ASR1802"))
    assert not DIALECT.claims(Modem("Nasrcom", "X"))
