"""How people name items, and what names none."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.ics.references import ForeignItem, ReferenceRefused, find, spec_of
from harness.radio.ics import items


@pytest.mark.parametrize(
    ("text", "spec", "key"),
    [
        ("pc_eBand12_Supp", "", "36.523-2#A.4.3.1-1/12"),
        ("PC_EBAND12_SUPP", "", "36.523-2#A.4.3.1-1/12"),
        ("36.523-2#A.4.3.1-2/9", "", "36.523-2#A.4.3.1-2/9"),
        ("3GPP TS 36.523-2 A.4.3.1-2/9", "", "36.523-2#A.4.3.1-2/9"),
        ("TS 36.523-2 Table A.4.3.1-2 / 9", "", "36.523-2#A.4.3.1-2/9"),
        ("A.4.3.1-1/4", "36.523-2", "36.523-2#A.4.3.1-1/4"),
        ("A.4.3.1-1/4", "38.508-2", "38.508-2#A.4.3.1-1/4"),
        ("36.521-2#A.4.6.1-3/1C", "", "36.521-2#A.4.6.1-3/CA_1C"),
        ("A.4.6.3-3/CA_1A-3A", "36.521-2", "36.521-2#A.4.6.3-3/CA_1A-3A"),
        ("A.4.6.3-3/CA_1A-3A_0", "36.521-2", "36.521-2#A.4.6.3-3/CA_1A-3A_0"),
        ("A.4.6.3-3/CA_1A-3A+1A-3A", "36.521-2", "36.521-2#A.4.6.3-3/CA_1A-3A+1A-3A"),
        ("36.521-2#A.4.6.1-3/1C_UL", "", "36.521-2#A.4.6.1-3/CA_1C_UL"),
        ("38.508-2#A.4.3.2A.3.1-3/CA_n66(2A)", "", "38.508-2#A.4.3.2A.3.1-3/CA_n66(2A)"),
    ],
)
def test_an_item_is_found(text, spec, key):
    assert find(text, spec).key == key


@pytest.mark.parametrize(
    "text", ["12", "9", "3a", "item 12", "36.523-2#12", "TS 36.523-2 12", "TS 38.508-2 item 4", "36.523-2/12"]
)
@pytest.mark.parametrize("spec", ["", "36.523-2"])
def test_a_bare_number_is_refused_with_the_reason(text, spec):
    with pytest.raises(ReferenceRefused, match="bare number: an item's number is not a band's"):
        find(text, spec)


@pytest.mark.parametrize(
    ("text", "spec", "why"),
    [
        ("A.4.3.1-1/4", "", "ambiguous without its specification"),
        ("36.523-2#A.4.3.1-1/4", "38.508-2", "stands in a sheet of TS 38.508-2"),
        ("36.508-2#A.4.3.1-1/4", "", "not among the specifications"),
        ("pc_eBand12_Sup", "", "did you mean pc_eBand12_Supp"),
        ("pc_nrBand999_Supp", "", "names no item"),
        ("Band 12", "", "names no item"),
        ("x" * 300, "", "too long"),
    ],
)
def test_what_names_none_is_refused(text, spec, why):
    with pytest.raises(ReferenceRefused, match=why) as error:
        find(text, spec)
    assert not isinstance(error.value, ForeignItem)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("pc_Attach", False),
        ("px_CellId", False),
        ("TSPC_Serv_TS11", False),
        ("36.523-2#A.4.4-1/3", False),
        ("36.523-2#A.4.3.1-1/199", True),
        ("36.521-2#A.4.6.3-3/CA_1A-3A (removed in V17.7.0)", True),
    ],
)
def test_items_of_other_matters_are_told_from_faults(text, known):
    with pytest.raises(ForeignItem) as error:
        find(text)
    assert error.value.of_known_table is known


def test_every_item_is_found_by_its_key_and_its_mnemonic():
    for item in items():
        assert find(item.key).item is item
        assert find(f"{item.table}/{item.item}", item.spec).item is item
        if item.mnemonic:
            assert find(item.mnemonic).item is item


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3GPP TS 36.523-2 V18.8.0", ("36.523-2", "18.8.0")),
        ("36.523-2", ("36.523-2", "")),
        ("36.523-2 and 36.521-2", None),
        ("Info", None),
    ],
)
def test_the_specification_of_a_sheet(text, found):
    assert spec_of(text) == found


@given(st.text(max_size=60))
def test_any_text_is_found_or_refused(text):
    try:
        find(text)
    except ReferenceRefused:
        return


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("pc_eBand12_Sup", "pc_eBand12_Supp"),
        ("pc_eBand12_Suppp", "pc_eBand12_Supp"),
        ("pc_eBnad12_Supp", "pc_eBand12_Supp"),
        ("pc_nrBnd77_Supp", "pc_nrBand77_Supp"),
    ],
)
def test_a_misspelt_mnemonic_is_compared_with_few(wrong, meant, monkeypatch):
    """Fifty thousand of them are a file that somebody waits for."""
    compared = []

    def close(word, likely, *how):
        compared.extend(likely)
        return difflib.get_close_matches(word, likely, *how)

    monkeypatch.setattr("harness.ics.references.get_close_matches", close)
    with pytest.raises(ReferenceRefused, match=f"did you mean {meant}"):
        find(wrong)
    assert len(compared) <= 12
