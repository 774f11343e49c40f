from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.observations import EnabledBands, Observation, ServingCell, Signal, SupportedBands
from harness.probes.at.chips.mediatek import DIALECT
from harness.probes.at.language.answer import Modem, read_answer
from harness.radio.masks import mask_of_bands
from harness.radio.tables import lte_bands

NONE = "268435455"


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(command))
    items = list(reader.read(read_answer("\r\n".join([*lines, "OK", ""]), command)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def test_the_words_of_a_real_module_agree_with_its_own_list() -> None:
    facts, _ = ask("AT+EPBSE=?", "+EPBSE: 154,155,3138336991,42978,66,0,0,0,0,0")
    bands = {f.rat: f.bands for f in facts if isinstance(f, SupportedBands)}
    low = (1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 17, 18, 19, 20, 25, 26, 28, 29, 30, 32)
    assert bands == {"umts": (1, 2, 4, 5, 8), "lte": (*low, 34, 38, 39, 40, 41, 42, 43, 46, 48, 66, 71)}


@settings(max_examples=50)
@given(st.sets(st.sampled_from(sorted(n for n in lte_bands() if n <= 96)), min_size=1, max_size=12))
def test_lte_words_read_back(bands: set[int]) -> None:
    mask = mask_of_bands(bands)
    words = ",".join(str(mask >> shift & 0xFFFFFFFF) for shift in (0, 32, 64))
    facts, _ = ask("AT+EPBSE?", f"+EPBSE: 154,1,{words}")
    assert {f.rat: f.bands for f in facts if isinstance(f, EnabledBands)} == {"umts": (1,), "lte": tuple(sorted(bands))}


@pytest.mark.parametrize("words", ["1,1,16384,0", "1,1,4294967296,0", "1,1,-5,0", "1,1,0x5,0", "1,1"])
def test_words_that_make_no_bands_claim_no_lte(words: str) -> None:
    facts, warnings = ask("AT+EPBSE?", f"+EPBSE: {words}")
    assert not any(isinstance(f, EnabledBands) and f.rat == "lte" for f in facts)
    assert warnings


def test_a_word_of_0_is_not_an_empty_list() -> None:
    facts, warnings = ask("AT+EPBSE?", "+EPBSE: 154,0,1,0")
    assert [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)] == [("lte", (1,))]
    assert any("umts" in w for w in warnings)


def test_nr_words_are_not_guessed() -> None:
    facts, warnings = ask("AT+EPBSE?", "+EPBSE: 154,1,1,0,0,0,0,8192")
    assert not any(isinstance(f, EnabledBands) and f.rat.startswith("nr") for f in facts)
    assert any("NR" in w for w in warnings)


def cell(plmn: str, extra: int = 0) -> str:
    head = f'7,"01839603","1877",{plmn},128,48,22,-372,-36'
    return ",".join([head, *[NONE] * (3 + extra)])


@pytest.mark.parametrize("extra", [0, 2, 4])
def test_the_first_cell_serves_and_has_no_band(extra: int) -> None:
    line = f"+ECELL: 2,{cell('460,0', extra)},{cell(f'{NONE},{NONE}', extra)}"
    facts, warnings = ask("AT+ECELL", line)
    first, signal = facts
    assert isinstance(first, ServingCell)
    assert (first.plmn, first.pci, first.tac, first.band, first.arfcn) == ("46000", 128, 0x1877, None, None)
    assert isinstance(signal, Signal)
    assert (signal.rsrp_dbm, signal.rsrq_db) == (-93, -9)
    assert any("band" in w for w in warnings)


@pytest.mark.parametrize(
    "line",
    [
        "+ECELL: 0",
        f"+ECELL: 3,{cell('460,0')}",
        f"+ECELL: 1,{cell(f'{NONE},{NONE}')}",
        f"+ECELL: 1,9{cell('460,0')[1:]}",
        "+ECELL: 1",
        "+ECELL:",
    ],
)
def test_a_list_that_tells_no_serving_cell_claims_none(line: str) -> None:
    facts, warnings = ask("AT+ECELL", line)
    assert facts == []
    assert warnings


def test_mediatek_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("MediaTek Inc", "X"))
    assert DIALECT.claims(Modem(None, None, "MOLY.LR12A.R3.MP"))
    assert not DIALECT.claims(Modem("Qualcomm", "334", "MPSS.HI.2.0"))
