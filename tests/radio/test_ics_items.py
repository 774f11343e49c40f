"""The items of the ICS specifications, as data."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.radio.ics import (
    CONFIGURATIONS,
    POWER_CLASSES,
    IcsItem,
    errata,
    items,
    items_by_key,
    items_by_mnemonic,
    specifications,
    tables,
)
from harness.radio.tables import bands_of, is_band


def test_every_item_has_a_key_of_its_own():
    assert len(items()) == len(items_by_key()) == 2541
    assert Counter(item.spec for item in items()).keys() == specifications().keys()


def test_no_mnemonic_names_two_items():
    assert len(items_by_mnemonic()) == sum(bool(item.mnemonic) for item in items())


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("36.523-2#A.4.3.1-2/9", "B41"),
        ("36.523-2#A.4.3.1-1/4", "B4"),
        ("38.508-2#A.4.3.1-1/4", "n5"),
        ("36.523-2#A.4.3.1-1/34", "B66"),
        ("34.123-2#A.15/14", "UMTS 3"),
        ("51.010-2#A.1/2", "E-GSM900"),
        ("38.508-2#A.4.1-3/2", "EN-DC (Option 3)"),
    ],
)
def test_an_item_number_is_no_band_number(key, label):
    assert items_by_key()[key].label == label


def test_a_mnemonic_of_a_band_names_the_same_band():
    for item in items():
        if item.kind == "band" and item.mnemonic.startswith(("pc_eBand", "pc_nrBand")):
            assert f"Band{item.band}_" in item.mnemonic, item.key


def test_the_known_errors_are_the_ranges_that_contradict_the_tables():
    """Nothing else in the data contradicts TS 36.101, so no error goes unlisted."""
    wrong = set()
    for item in items():
        if item.kind != "band" or item.rat != "lte" or not is_band("lte", item.band):
            continue
        row = bands_of("lte")[item.band]
        for told, own in ((item.ul_mhz, row.ul_mhz), (item.dl_mhz, row.dl_mhz)):
            if told and own and tuple(map(float, told.split("-"))) != own:
                wrong.add(item.key)
    assert wrong == errata().keys()


def test_configurations_are_their_own_numbers():
    found = [item for item in items() if item.kind in CONFIGURATIONS]
    assert len(found) == 2007
    assert all(item.item == item.name for item in found)


def test_tables_hold_all_items():
    assert sum(map(len, tables().values())) == 2541


@pytest.mark.parametrize(
    ("name", "band"), [("12", 12), ("n71", 71), ("n257", 257), ("E-GSM900", None), ("CA_1A-3A", None), ("", None)]
)
def test_the_band_of_an_item_is_a_number_or_none(name, band):
    assert IcsItem("36.523-2", "A.1", "1", "", "band", "lte", name).band == band


@pytest.mark.parametrize(
    ("kind", "rat", "name", "note", "label"),
    [
        ("mode", "lte", "", "E-UTRA FDD", "E-UTRA FDD"),
        ("band", "lte", "41", "", "B41"),
        ("lte_ca", "lte", "CA_1A-3A", "", "CA_1A-3A"),
        ("band", "umts", "2", "", "UMTS 2"),
        ("band", "nr", "n77", "", "n77"),
        ("band", "gsm", "GSM850", "", "GSM850"),
    ],
)
def test_what_an_item_is_about_in_words(kind, rat, name, note, label):
    assert IcsItem("36.523-2", "A.1", "1", "", kind, rat, name, note=note).label == label


def test_power_classes_are_their_numbers():
    assert {kind: f"pc{number:g}" for kind, number in POWER_CLASSES.items()} == {kind: kind for kind in POWER_CLASSES}
    assert {item.kind for item in items()} >= POWER_CLASSES.keys()
