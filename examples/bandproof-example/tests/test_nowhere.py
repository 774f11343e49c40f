"""What the modems of Nowhere Wireless answer, whole and damaged."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from harness.extending import (
    EnabledBands,
    Modem,
    SupportedBands,
    Unread,
    dialect,
    dialect_for,
    load_recording,
    read_device,
    read_parts,
)

from bandproof_example.nowhere import DIALECT

RECORDING = Path(__file__).parent.parent / "recordings" / "nowhere-nw200-us"
OWN = [one for one in load_recording(RECORDING).links["at"] if "+NW" in one.request]
HARDWARE = (2, 4, 5, 12, 14, 17, 25, 26, 30, 41, 46, 48, 66, 71)


def told(text: str, command: str):
    return tuple(one for one in read(text, command) if not isinstance(one, Unread))


def read(text: str, command: str):
    return read_parts(text, command, DIALECT, Modem()).observations


def test_the_family_is_found_by_its_names_and_claims_its_modems_and_no_others():
    assert dialect("Nowhere Wireless").name == "nowhere"
    assert dialect_for(Modem("Nowhere Wireless", "NW200-US", None)).name == "nowhere"
    assert dialect_for(Modem("Quectel", "EC25-A", None)).name == "quectel"


def test_the_recording_tells_what_the_modem_has():
    survey = read_device(str(RECORDING))
    assert (survey.dialect, survey.trouble, survey.warnings) == ("nowhere", None, ())
    assert {item.rat: item.bands for item in survey.all(SupportedBands)} == {
        "lte": HARDWARE,
        "nr": (2, 5, 41, 66, 71, 77),
    }
    assert all(item.unlimited and item.bands is None for item in survey.all(EnabledBands))
    cell = survey.primary_cells[0]
    assert (cell.plmn, cell.arfcn, cell.band, cell.pci, cell.tac) == ("310410", 5110, 12, 214, 0x2A3F)


@pytest.mark.parametrize("seed", range(20))
def test_every_set_of_bands_reads_back(seed):
    bands = sorted(random.Random(seed).sample([2, 5, 12, 30, 41, 65, 66, 71, 85, 88], 4))
    mask = sum(1 << (band - 1) for band in bands)
    (fact,) = told(f"+NWBAND: LTE,{mask:X}\r\n\r\nOK\r\n", "AT+NWBAND=?")
    assert fact.bands == tuple(bands)


@pytest.mark.parametrize(
    "line", ["LTE,", "LTE,12G4", "LTE,40000000000000", "NR,2:x", "NR,2:999", "GSM,1", "LTE", "LTE,ALL,1"]
)
def test_a_damaged_list_tells_nothing_and_counts_as_not_read(line):
    (lost,) = read(f"+NWBAND: {line}\r\n\r\nOK\r\n", "AT+NWBAND=?")
    assert isinstance(lost, Unread)
    assert lost.what == "supported"


def test_a_cell_without_service_is_not_a_registered_one():
    text = "+NWCELL: LTE,310,410,5110,12,214,2A3F,CAMP\r\nOK\r\n"
    assert [cell.registered for cell in told(text, "AT+NWCELL")] == [False]
    assert told("+NWCELL: NONE\r\nOK\r\n", "AT+NWCELL") == ()


@pytest.mark.parametrize("exchange", OWN, ids=lambda one: one.request)
def test_an_answer_cut_at_any_byte_tells_the_same_or_less(exchange):
    whole = set(told(exchange.text, exchange.request))
    for end in range(len(exchange.text)):
        assert set(told(exchange.text[:end], exchange.request)) <= whole


@pytest.mark.parametrize("exchange", OWN, ids=lambda one: one.request)
@pytest.mark.parametrize("line", ["+CREG: 2", "RING", "NO CARRIER", '+CIEV: "signal",3', "+NWIND: 7", "NWREADY"])
def test_codes_that_come_unasked_change_nothing(exchange, line):
    lines = exchange.text.splitlines()
    whole = [fact.as_json() | {"source": None} for fact in told(exchange.text, exchange.request)]
    for at in range(len(lines)):
        text = "\r\n".join([*lines[:at], line, *lines[at:], ""])
        assert [fact.as_json() | {"source": None} for fact in told(text, exchange.request)] == whole


def test_personal_records_of_the_family_are_not_written_down(tmp_path):
    """`+NWBOARD` is a record that only this family has: its serial number, and the tracking area of its `+NWCELL`."""
    shutil.copytree(RECORDING, tmp_path / "modem")
    file = tmp_path / "modem" / "at.yaml"
    text = file.read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if one.strip().startswith("+NWCELL: LTE"))
    blanks = line[: len(line) - len(line.lstrip())]
    file.write_text(text.replace(line, f"{blanks}+NWBOARD: NWB7K2M9Q41\n{line}"), encoding="utf-8")
    survey = read_device(str(tmp_path / "modem"), evidence=tmp_path / "evidence")
    assert (survey.dialect, survey.primary_cells[0].tac) == ("nowhere", 0x2A3F)
    written = (tmp_path / "evidence" / "at.yaml").read_text(encoding="utf-8")
    assert "+NWBOARD: " in written
    assert "NWB7K2M9Q41" not in written
