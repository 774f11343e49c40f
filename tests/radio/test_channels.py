"""EARFCN, NR-ARFCN and UARFCN against the tables of 3GPP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.radio import channels, overlaps
from harness.radio.bandwidths import band_has_width
from harness.radio.tables import is_band, lte_bands, nr_bands, umts_additional, umts_bands, umts_ranges


@pytest.mark.parametrize(
    ("earfcn", "band", "mhz"),
    [(0, 1, 2110.0), (5780, 17, 739.0), (5110, 12, 739.0), (66786, 66, 2145.0), (1275, 3, 1812.5), (68586, 71, 617.0)],
)
def test_an_earfcn_names_one_band_and_one_frequency(earfcn: int, band: int, mhz: float) -> None:
    assert channels.lte_band_of(earfcn) == band
    assert channels.lte_downlink_mhz(earfcn) == mhz


def test_a_channel_in_a_gap_has_no_band() -> None:
    assert channels.lte_band_of(5400) is None
    assert channels.lte_downlink_mhz(5400) is None
    assert channels.lte_band_of(-1) is None
    assert channels.lte_band_of(2147483647) is None


def test_no_two_lte_bands_share_a_downlink_channel() -> None:
    ranges = sorted(band.dl_channels for band in lte_bands().values() if band.dl_channels)
    assert all(one[1] < other[0] for one, other in zip(ranges, ranges[1:], strict=False))


@given(st.sampled_from(sorted(lte_bands())), st.data())
def test_every_channel_of_a_band_goes_to_its_frequency_and_back(number: int, data: st.DataObject) -> None:
    band = lte_bands()[number]
    assert band.dl_channels is not None
    earfcn = data.draw(st.integers(*band.dl_channels))
    mhz = channels.lte_downlink_mhz(earfcn)
    assert mhz is not None
    assert channels.earfcn_at(mhz, number) == earfcn
    assert number in channels.lte_bands_at(mhz)


def test_the_twin_of_a_b17_carrier_in_b12() -> None:
    assert overlaps.earfcn_twin(5780, 12) == 5110
    assert overlaps.earfcn_twin(5110, 17) == 5780
    assert overlaps.earfcn_twin(5015, 17) is None  # the A block lies outside B17
    assert 12 in overlaps.supersets(17)
    assert 4 in overlaps.subsets(66)


@given(st.integers(0, 70705), st.sampled_from(sorted(lte_bands())))
def test_twins_share_the_frequency(earfcn: int, other: int) -> None:
    twin = overlaps.earfcn_twin(earfcn, other)
    if twin is not None:
        assert channels.lte_downlink_mhz(twin) == pytest.approx(channels.lte_downlink_mhz(earfcn))


def test_a_wrapped_earfcn_is_a_conflict_and_names_the_reported_band() -> None:
    reading = channels.read_lte_band(1275, 66)
    assert (reading.band, reading.reported, reading.source, reading.wrapped) == (66, 66, "conflict", True)


def test_an_earfcn_beats_a_band_that_contradicts_it() -> None:
    reading = channels.read_lte_band(6400, 3)
    assert (reading.band, reading.reported, reading.source, reading.wrapped) == (20, 3, "conflict", False)


def test_a_reported_number_that_is_no_band_counts_as_not_reported() -> None:
    assert channels.read_lte_band(6400, 0).source == "arfcn"
    assert channels.read_lte_band(None, 64).band is None


def test_an_nr_channel_alone_leaves_candidates() -> None:
    reading = channels.read_nr_band(648768, None)
    assert reading.band is None
    assert reading.candidates == (77, 78)
    assert channels.read_nr_band(648768, 78).band == 78
    assert channels.read_nr_band(126490, None).candidates == (71, 105)


def test_an_nr_band_outside_its_channel_is_a_conflict() -> None:
    assert channels.read_nr_band(648768, 41).conflict


def test_nr_frequencies_of_the_three_ranges() -> None:
    assert channels.nr_mhz(504990) == 2524.95
    assert channels.nr_mhz(600000) == 3000.0
    assert channels.nr_mhz(2016667) == 24250.08
    assert channels.nr_mhz(-1) is None
    assert channels.nr_mhz(3279166) is None


@given(st.sampled_from(sorted(nr_bands())), st.data())
def test_every_channel_of_an_nr_band_lists_it(number: int, data: st.DataObject) -> None:
    band = nr_bands()[number]
    if band.dl_channels is None:
        return
    assert number in channels.nr_candidates(data.draw(st.integers(*band.dl_channels)))


def test_uarfcn_ranges_lie_in_their_bands() -> None:
    from harness.radio.tables import umts_bands

    for entry in umts_ranges():
        edges = umts_bands()[entry.band].dl_mhz
        assert edges is not None
        assert edges[0] < entry.first / 5 + entry.offset_mhz < entry.last / 5 + entry.offset_mhz < edges[1]
    assert channels.umts_candidates(10562) == (1,)


def test_lte_15_and_nr_4_do_not_exist() -> None:
    assert not is_band("lte", 15)
    assert not is_band("nr", 4)


def test_additional_channels_lie_in_their_utra_band() -> None:
    for entry in umts_additional():
        low, high = umts_bands()[entry.band].dl_mhz or (0, 0)
        frequency = 0.2 * entry.first + entry.offset_mhz
        assert low + 2.4 <= frequency <= high - 2.4, entry
        assert entry.band in channels.umts_candidates(entry.first)
    assert {entry.band for entry in umts_additional()} == {2, 4, 5, 6, 7, 10, 12, 13, 14, 19, 25, 26}
    assert channels.umts_candidates(437) == (2,)
    assert channels.umts_mhz(437) == 1937.5
    assert channels.umts_candidates(438) == ()
    assert channels.umts_mhz(438) is None
    assert channels.read_umts_band(1037, 5).band == 5
    assert channels.read_umts_band(1037, None).candidates == (5, 6)


@pytest.mark.parametrize(
    ("arfcn", "classes"),
    [
        (64, (900,)),
        (0, ()),
        (125, ()),
        (190, (850,)),
        (600, (1800, 1900)),
        (811, (1800,)),
        (885, (1800,)),
        (886, ()),
        (1000, (900,)),
    ],
)
def test_gsm_channels(arfcn: int, classes: tuple[int, ...]) -> None:
    assert channels.gsm_candidates(arfcn) == classes
    assert channels.read_gsm_band(arfcn).band == (classes[0] if len(classes) == 1 else None)


@pytest.mark.parametrize(
    ("rat", "band", "khz", "has"),
    [
        *(("lte", 12, 10000, True), ("lte", 12, 20000, False), ("lte", 20, 1400, False), ("lte", 3, 1400, True)),
        *(("nr", 78, 5000, False), ("nr", 78, 100000, True), ("nr", 78, 200000, False), ("nr", 260, 40000, False)),
        *(("nr", 260, 400000, True), ("nr", 71, 5000, True), ("umts", 1, 5000, True), ("lte", 255, 20000, True)),
        *(("nr", 5, 25000, True), ("nr", 5, 30000, False), ("nr", 28, 40000, True), ("nr", 28, 50000, False)),
        *(("nr", 1, 50000, True), ("nr", 1, 60000, False), ("nr", 66, 45000, True), ("nr", 66, 50000, False)),
        *(("nr", 38, 40000, True), ("nr", 38, 50000, False), ("nr", 41, 100000, True), ("nr", 12, 20000, False)),
        *(("nr_sa", 258, 800000, False), ("nr_sa", 263, 800000, True), ("nr", 263, 50000, False)),
        *(("nr", 104, 20000, True), ("nr", 104, 10000, False), ("nr", 46, 5000, False), ("nr", 999, 100000, True)),
    ],
)
def test_a_band_has_only_its_own_bandwidths(rat: str, band: int, khz: int, *, has: bool) -> None:
    assert band_has_width(rat, band, khz) is has


@pytest.mark.parametrize(
    ("band", "above", "below"),
    [
        (4, (10, 66), ()),
        (66, (), (4, 10)),
        (10, (66,), (4,)),
        (17, (12, 85), ()),
        (12, (85,), (17,)),
        (85, (), (12, 17)),
        (2, (25,), ()),
        (25, (), (2,)),
        (5, (26,), (6, 19)),
        (26, (), (5, 6, 18, 19)),
        (38, (41,), ()),
        (41, (), (38,)),
        (71, (), ()),
        (13, (), ()),
    ],
)
def test_what_lies_in_what_is_just_this_and_no_band_lies_in_itself(band: int, above: tuple, below: tuple) -> None:
    assert (overlaps.supersets(band), overlaps.subsets(band)) == (above, below)


def test_supersets_and_subsets_are_each_others_converse() -> None:
    bands = sorted(lte_bands())
    down = {(one, other) for one in bands for other in overlaps.subsets(one)}
    assert down == {(other, one) for one in bands for other in overlaps.supersets(one)}
    assert not [pair for pair in down if pair[0] == pair[1]]


@pytest.mark.parametrize(
    ("earfcn", "uplink"), [(5110, 709.0), (9680, None), (9935, None), (66786, 1745.0), (67086, 1775.0), (999_999, None)]
)
def test_the_uplink_of_a_channel_and_none_of_a_downlink_only_band(earfcn: int, uplink: float | None) -> None:
    assert channels.lte_uplink_mhz(earfcn) == uplink


def test_ranges_that_touch_or_overlap_are_one_and_others_stay_apart() -> None:
    from harness.radio.us_rules import joined

    assert joined([]) == ()
    assert joined([(3, 4), (1, 2)]) == ((1, 2), (3, 4))
    assert joined([(1, 2), (2, 3)]) == ((1, 3),)
    assert joined([(1, 5), (2, 3)]) == ((1, 5),)
    assert joined([(1, 3), (2, 5), (7, 8)]) == ((1, 5), (7, 8))
    assert joined([(1, 2), (4, 6), (5, 8), (8, 9)]) == ((1, 2), (4, 9))


def test_every_overlap_of_one_duplex_spacing_has_twins_both_ways_and_no_other_has() -> None:
    """Whole tables, so that no pair hides behind another one."""
    for pair in overlaps.lte_overlaps():
        own, other = lte_bands()[pair.band].dl_channels, lte_bands()[pair.other].dl_channels
        assert own is not None
        assert other is not None
        shared = [one for one in range(own[0], own[1] + 1) if other[0] <= one + pair.dl_earfcn_delta <= other[1]]
        alike = pair.relation != "overlap-different-duplex-spacing"
        for earfcn in (shared[:1], shared[-1:]) if alike else (shared[:1],):
            twin = earfcn[0] + pair.dl_earfcn_delta
            assert overlaps.earfcn_twin(earfcn[0], pair.other) == (twin if alike else None), pair
            assert overlaps.earfcn_twin(twin, pair.band) == (earfcn[0] if alike else None), pair
        assert overlaps.earfcn_twin(own[0] - 1, pair.other) is None or channels.lte_band_of(own[0] - 1) is not None
