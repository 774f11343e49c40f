from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.observations import EnabledBands, Observation
from harness.probes.at.chips.unisoc import DIALECT
from harness.probes.at.language.answer import Modem, read_answer
from harness.radio.masks import mask_of_bands
from harness.radio.tables import lte_bands


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(command))
    items = list(reader.read(read_answer("\r\n".join([command, *lines, "OK", ""]), command)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def bands(facts: list[Observation]) -> list[tuple[str, tuple[int, ...] | None]]:
    return [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)]


def test_the_proved_word_order() -> None:
    facts, warnings = ask("AT+SPLBAND=0", "+SPLBAND: 0,482,2056,213,0")
    assert not warnings
    assert bands(facts) == [("lte", (1, 3, 5, 7, 8, 20, 28, 34, 38, 39, 40, 41))]


def test_four_words_of_older_firmware() -> None:
    facts, _ = ask("AT+SPLBAND=0", "+SPLBAND: 0,0,8,1")
    assert bands(facts) == [("lte", (1, 20))]


@settings(max_examples=50)
@given(st.sets(st.sampled_from(sorted(n for n in lte_bands() if n <= 80)), min_size=1, max_size=12))
def test_every_list_reads_back(wanted: set[int]) -> None:
    mask = mask_of_bands(wanted)
    words = ",".join(str(mask >> first - 1 & 0xFFFF) for first in (49, 33, 17, 1, 65))
    facts, _ = ask("AT+SPLBAND=0", f"+SPLBAND: {words}")
    assert bands(facts) == [("lte", tuple(sorted(wanted)))]


@pytest.mark.parametrize("words", ["0,0,0,0,0", "0,0,0,65536,0", "0,0,0,16384,0", "1,2,3", "0,0,0,-1,0", ""])
def test_words_that_make_no_bands_are_unreadable(words: str) -> None:
    facts, warnings = ask("AT+SPLBAND=0", f"+SPLBAND: {words}")
    assert facts == []
    assert warnings


def test_known_nr_bits_are_read_with_a_warning() -> None:
    facts, warnings = ask("AT+SPLBAND=3", "+SPLBAND: 513,0,272,0")
    assert bands(facts) == [("nr", (1, 28, 41, 78))]
    assert warnings


@pytest.mark.parametrize("words", ["0,1,0", "1024,0,0", "0,0,1", "0,0,0"])
def test_other_nr_bits_are_not_guessed(words: str) -> None:
    facts, warnings = ask("AT+SPLBAND=3", f"+SPLBAND: {words}")
    assert facts == []
    assert warnings


def test_the_setting_form_is_no_read_form() -> None:
    import re

    assert not any(re.fullmatch(form, "AT+SPLBAND=1") for form in DIALECT.read_forms)
    assert all(any(re.fullmatch(form, request) for form in DIALECT.read_forms) for request in DIALECT.plan(Modem()))


def test_unisoc_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("Spreadtrum", "X"))
    assert DIALECT.claims(Modem("UNISOC", "X"))
    assert not DIALECT.claims(Modem("Quectel", "RM500U-CNV"))
