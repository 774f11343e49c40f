from __future__ import annotations

import pytest

from harness.observations import EnabledBands, Observation, ServingCell
from harness.probes.at.chips.altair import DIALECT
from harness.probes.at.language.answer import Modem, read_answer

ENABLED = 'AT%GETCFG="BAND"'


def ask(command: str, *lines: str) -> tuple[list[Observation], list[str]]:
    (reader,) = (reader for reader in DIALECT.readers if reader.reads(command))
    items = list(reader.read(read_answer("\r\n".join([command, *lines, "OK", ""]), command)))
    return [i for i in items if not isinstance(i, str)], [i for i in items if isinstance(i, str)]


def test_enabled_bands_are_the_list_behind_bands() -> None:
    facts, _ = ask(ENABLED, "Bands: 13, 4")
    assert [(f.rat, f.bands) for f in facts if isinstance(f, EnabledBands)] == [("lte", (4, 13))]


@pytest.mark.parametrize("line", ["Bands:", "Bands: 4,99"])
def test_a_list_without_bands_or_with_strangers_is_unreadable(line: str) -> None:
    facts, warnings = ask(ENABLED, line)
    assert facts == []
    assert warnings


@pytest.mark.parametrize("key", ["EARFCN", "DL EARFCN", "dl earfcn "])
def test_the_channel_gives_the_band(key: str) -> None:
    facts, _ = ask("AT%PCONI", "Bandwidth: 3", "", f"{key}: 38000", "", "Physical Cell ID: 11")
    (cell,) = facts
    assert isinstance(cell, ServingCell)
    assert (cell.band, cell.arfcn, cell.pci, cell.bandwidth_khz) == (38, 38000, 11, 10000)
    assert cell.band_source == "arfcn"


@pytest.mark.parametrize("channel", ["65535", "", "n/a"])
def test_without_a_channel_there_is_no_cell(channel: str) -> None:
    facts, warnings = ask("AT%PCONI", f"EARFCN: {channel}", "Physical Cell ID: 11")
    assert facts == []
    assert warnings


def test_a_width_that_is_no_index_is_unknown() -> None:
    facts, warnings = ask("AT%PCONI", "Bandwidth: 20", "EARFCN: 38000")
    assert isinstance(facts[0], ServingCell)
    assert facts[0].bandwidth_khz is None
    assert warnings


def test_altair_claims_its_modems_and_no_others() -> None:
    assert DIALECT.claims(Modem("Altair Semiconductor", "ALT3100"))
    assert not DIALECT.claims(Modem("Sony", "XQ-AT51"))
