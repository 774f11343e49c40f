"""What a carrier may be: its width, its place in the band, its class, against the tables of TS 36.101 and TS 38.101."""

from __future__ import annotations

import pytest

from harness.radio.bandwidth_classes import carriers_of, class_range
from harness.radio.bandwidths import (
    LTE_WIDTHS_KHZ,
    NR_WIDTHS_KHZ,
    band_has_width,
    lte_khz_of_index,
    lte_khz_of_resource_blocks,
    nr_khz_of_index,
)
from harness.radio.carrier_places import why_impossible
from harness.radio.tables import lte_bands

_OF_WIDTH = {
    1400: {2, 3, 4, 5, 8, 12, 23, 25, 26, 27, 31, 35, 36, 53, 66, 72, 73, 74, 87, 88},
    3000: {2, 3, 4, 5, 8, 12, 23, 25, 26, 27, 28, 29, 31, 35, 36, 44, 50, 53, 66, 72, 73, 74, 87, 88},
    15000: {*(1, 2, 3, 4, 7, 9, 10, 18, 19, 20, 21, 22, 23, 25, 26, 28, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42)}
    | {*(43, 44, 45, 48, 50, 52, 66, 67, 68, 69, 71, 74, 75)},
    20000: {*(1, 2, 3, 4, 7, 9, 10, 20, 22, 23, 25, 28, 32, 33, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47)}
    | {*(48, 49, 50, 52, 66, 67, 69, 71, 74, 75)},
}
_TOLD = {
    *(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32),
    *(33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 52, 53, 66, 67, 68, 69, 71, 72, 73, 74),
    *(75, 87, 88),
}
_OF_WIDTH[5000] = _TOLD - {46, 47, 49}
_OF_WIDTH[10000] = _TOLD - {31, 72, 73, 87, 88}


@pytest.mark.parametrize("khz", sorted(_OF_WIDTH))
def test_the_lte_bands_of_each_width(khz):
    assert {band for band in _TOLD if band_has_width("lte", band, khz)} == _OF_WIDTH[khz]


def test_of_other_lte_bands_no_width_is_ruled_out():
    others = set(lte_bands()) - _TOLD
    assert others
    assert all(band_has_width("lte", band, khz) for band in others for khz in LTE_WIDTHS_KHZ)


def test_no_lte_band_has_a_width_that_is_none():
    assert not any(band_has_width("lte", band, khz) for band in _TOLD for khz in (1399, 1401, 5001, 9999, 30000))


@pytest.mark.parametrize(
    ("band", "lowest", "highest"),
    [
        *((2, 5, 40), (12, 5, 15), (20, 5, 20), (25, 5, 45), (38, 5, 40), (66, 5, 45)),
        *((46, 10, 100), (47, 10, 70), (77, 10, 100), (78, 10, 100), (79, 10, 100), (96, 10, 100)),
        *((102, 20, 100), (104, 20, 100), (8, 5, 35), (40, 5, 100), (7, 5, 50), (3, 5, 50)),
        *((257, 50, 400), (258, 50, 400), (259, 50, 400), (261, 50, 400), (263, 100, 2000)),
    ],
)
def test_the_narrowest_and_the_widest_nr_channel(band, lowest, highest):
    assert band_has_width("nr", band, lowest * 1000)
    assert band_has_width("nr", band, highest * 1000)
    assert not band_has_width("nr", band, highest * 1000 + 1)
    if lowest > 5:
        assert not band_has_width("nr", band, lowest * 1000 - 5000)


@pytest.mark.parametrize("khz", [50_000, 100_000, 200_000, 400_000])
def test_fr2_has_four_widths_and_60_ghz_five(khz):
    assert band_has_width("nr_nsa", 257, khz)
    assert band_has_width("nr", 263, khz) is (khz in {100_000, 400_000})
    assert not band_has_width("nr", 257, khz + 1)
    assert not band_has_width("nr", 257, khz - 1)


@pytest.mark.parametrize("khz", [100_000, 400_000, 800_000, 1_600_000, 2_000_000])
def test_60_ghz(khz):
    assert band_has_width("nr", 263, khz)
    assert not band_has_width("nr", 263, khz + 1)
    assert not band_has_width("nr", 263, khz - 1)


def test_the_codings_of_a_width():
    assert [lte_khz_of_index(index) for index in range(-1, 7)] == [None, 1400, 3000, 5000, 10000, 15000, 20000, None]
    blocks = {6: 1400, 15: 3000, 25: 5000, 50: 10000, 75: 15000, 100: 20000}
    assert {n: khz for n in range(-1, 130) if (khz := lte_khz_of_resource_blocks(n)) is not None} == blocks
    mhz = [5, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100, 200, 400, 35, 45]
    assert [nr_khz_of_index(index) for index in range(-1, 18)] == [None, *(1000 * one for one in mhz), None]
    assert {1000 * one for one in (3, 7, *mhz)} == NR_WIDTHS_KHZ


_EDGES = {1400: (7, 6), 3000: (15, 14), 5000: (25, 24), 10000: (50, 49), 15000: (75, 74), 20000: (100, 99)}


@pytest.mark.parametrize("khz", sorted(_EDGES))
def test_the_channels_that_a_width_leaves_out_at_both_edges(khz):
    """TS 36.101 clause 5.7.3: the first 7, 15, 25, 50, 75, 100 and the last 6, 14, 24, 49, 74, 99 are not used."""
    low, high = 66436, 67335
    below, above = _EDGES[khz]
    possible = [one for one in range(low, high + 1) if not why_impossible("lte", 66, one, khz)]
    assert (possible[0], possible[-1]) == (low + below, high - above)
    assert len(possible) == high - low + 1 - below - above
    assert "too close to the edge" in why_impossible("lte", 66, low, khz)


def test_without_a_width_the_narrowest_of_the_band_decides():
    assert why_impossible("lte", 66, 66436 + 6, None)
    assert not why_impossible("lte", 66, 66436 + 7, None)
    assert why_impossible("lte", 20, 6150 + 24, None)
    assert not why_impossible("lte", 20, 6150 + 25, None)


@pytest.mark.parametrize(
    ("rat", "band", "arfcn", "khz", "primary", "words"),
    [
        ("lte", 29, 9715, 5000, True, "downlink-only"),
        ("lte", 29, 9715, 5000, False, ""),
        ("nr", 75, 290000, 20000, True, "downlink-only"),
        ("nr", 75, 290000, 20000, False, ""),
        ("lte", 12, 5095, 20000, True, "no channel of 20 MHz"),
        ("lte", 12, 5095, 1400, True, ""),
        ("lte", 20, 6300, 1400, True, "no channel of 1.4 MHz"),
        ("nr", 78, 648768, 5000, True, "no channel of 5 MHz"),
        ("nr", 78, 648768, None, True, ""),
        ("nr", 78, 620000, 100000, True, ""),
        ("lte", 200, 1, 5000, True, ""),
        ("nr", 4, 1, 5000, True, ""),
        ("lte", 66, None, 5000, True, ""),
        ("lte", 66, None, None, True, ""),
        ("lte", 66, 100, 20000, True, ""),
        ("lte", 66, 67336, 20000, True, ""),
        ("lte", 255, lte_bands()[255].dl_channels[0], 7000, True, ""),
        ("lte", 255, lte_bands()[255].dl_channels[0], 5000, True, "too close to the edge"),
    ],
)
def test_why_no_cell_can_be_so(rat, band, arfcn, khz, primary, words):
    told = why_impossible(rat, band, arfcn, khz, primary=primary)
    assert words in told
    assert bool(told) is bool(words)


@pytest.mark.parametrize(
    ("where", "counts"),
    [
        ("lte", "A1 B2 C2 D3 E4 F5 I8"),
        ("fr1", "A1 B2 C2 D3 E4 G3 H4 I5 J6 K7 L8 M3 N4 O5"),
        ("fr2", "A1 B2 C3 D2 E3 F4 G2 H3 I4 J5 K6 L7 M8 O2 P3 Q4"),
    ],
)
def test_the_carriers_of_each_bandwidth_class(where, counts):
    known = {letter: count for letter in map(chr, range(65, 91)) if (count := carriers_of(where, letter)) is not None}
    assert known == {one[0]: int(one[1]) for one in counts.split()}


@pytest.mark.parametrize(
    ("rat", "band", "where"),
    [
        *(("lte", 66, "lte"), ("lte", 257, "lte"), ("nr", 78, "fr1"), ("nr", 104, "fr1"), ("nr", 257, "fr2")),
        *(("nr", 258, "fr2"), ("nr", 263, "fr2"), ("nr", 80, "fr1"), ("nr", 999, "fr1")),
    ],
)
def test_the_table_of_a_bands_classes(rat, band, where):
    assert class_range(rat, band) == where
