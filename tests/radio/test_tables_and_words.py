"""The band tables as they are read, their numbers and names; the words of technologies; parts of the US rules."""

from __future__ import annotations

import pytest

from harness.radio import channels, masks, plmn, rats, tables
from harness.radio.us_rules import block_edges, rule_parts, uplink_pieces, us_bands


@pytest.mark.parametrize(
    ("rat", "number", "label"),
    [
        *(("lte", 12, "B12"), ("lte_m", 12, "B12"), ("nb_iot", 12, "B12"), ("nr", 71, "n71"), ("nr_sa", 71, "n71")),
        *(("nr_nsa", 71, "n71"), ("umts", 2, "UMTS 2"), ("gsm", 850, "GSM 850")),
    ],
)
def test_the_label_of_a_band(rat, number, label):
    assert tables.band_label(rat, number) == label
    assert tables.bands_of(rat)[number].label == label
    assert tables.is_band(rat, number)


def test_how_many_bands_there_are():
    assert {rat: len(tables.bands_of(rat)) for rat in rats.RATS} == {
        **dict.fromkeys(rats.E_UTRA, 72),
        **dict.fromkeys(rats.NR, 81),
        "gsm": 4,
        "umts": 20,
    }
    with pytest.raises(KeyError):
        tables.bands_of("cdma")


@pytest.mark.parametrize(
    ("rat", "number", "duplex", "uplink", "downlink", "channels_"),
    [
        ("gsm", 850, "FDD", (824, 849), (869, 894), None),
        ("gsm", 900, "FDD", (880, 915), (925, 960), None),
        ("gsm", 1800, "FDD", (1710, 1785), (1805, 1880), None),
        ("gsm", 1900, "FDD", (1850, 1910), (1930, 1990), None),
        ("umts", 1, "FDD", (1920, 1980), (2110, 2170), (10562, 10838)),
        ("umts", 5, "FDD", (824, 849), (869, 894), (4357, 4458)),
        ("lte", 29, "SDL", None, (717, 728), (9660, 9769)),
        ("lte", 41, "TDD", (2496, 2690), (2496, 2690), (39650, 41589)),
        ("lte", 66, "FDD", (1710, 1780), (2110, 2200), (66436, 67335)),
        ("nr", 41, "TDD", (2496, 2690), (2496, 2690), (499200, 537999)),
        ("nr", 75, "SDL", None, (1432, 1517), (286400, 303400)),
        ("nr", 80, "SUL", (1710, 1785), None, None),
        ("nr", 257, "TDD", (26500, 29500), (26500, 29500), (2054166, 2104165)),
    ],
)
def test_a_row_of_each_table(rat, number, duplex, uplink, downlink, channels_):
    row = tables.bands_of(rat)[number]
    assert (row.rat, row.number, row.duplex) == (rat, number, duplex)
    assert (row.ul_mhz, row.dl_mhz, row.dl_channels) == (uplink, downlink, channels_)
    assert row.downlink_only is (duplex == "SDL")
    if rat == "nr":
        assert channels.nr_is_downlink_only(number) is (duplex == "SDL")


def test_an_nr_band_spans_all_its_rasters():
    rows = [row for row in tables.nr_rasters() if row.band == 41]
    assert len(rows) > 1
    assert tables.nr_bands()[41].dl_channels == (min(row.first for row in rows), max(row.last for row in rows))
    assert {row.raster_khz for row in rows} == {15, 30}
    assert all(row.step >= 1 and (row.last - row.first) % row.step == 0 for row in rows)
    assert not channels.nr_is_downlink_only(4)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ((1, 5), (3, 9), (1, 9)),
        ((3, 9), (1, 5), (1, 9)),
        ((1, 9), (3, 5), (1, 9)),
        (None, (1, 2), (1, 2)),
        ((1, 2), None, (1, 2)),
        (None, None, None),
    ],
)
def test_two_ranges_of_channels_as_one(one, other, both):
    assert tables._span(one, other) == both


@pytest.mark.parametrize(
    ("uplink", "downlink"), [(18000, 0), (23230, 5230), (132671, 67135), (131972, 66436), (40000, 40000), (17999, None)]
)
def test_an_uplink_channel_and_its_downlink(uplink, downlink):
    assert channels.lte_downlink_channel(uplink) == downlink
    if downlink is not None:
        assert channels.lte_uplink_channel(downlink) == uplink
        assert channels.lte_band_of_uplink(uplink) == channels.lte_band_of(downlink)
    else:
        assert channels.lte_band_of_uplink(uplink) is None


@pytest.mark.parametrize("earfcn", [67136, 67335, 9660, 9769, 5400, -1])
def test_a_channel_without_an_uplink(earfcn):
    """Above B66's uplink, downlink only, in a gap."""
    assert channels.lte_uplink_channel(earfcn) is None


def test_the_edges_of_every_lte_band():
    for band in tables.lte_bands().values():
        low, high = band.dl_channels
        assert channels.lte_band_of(low) == channels.lte_band_of(high) == band.number
        assert channels.lte_band_of(low - 1) != band.number
        assert channels.lte_band_of(high + 1) != band.number
        assert channels.lte_downlink_mhz(low) == band.dl_mhz[0]
        assert channels.earfcn_at(band.dl_mhz[0], band.number) == low
        assert channels.earfcn_at(band.dl_mhz[0] - 0.1, band.number) is None
        assert channels.earfcn_at(band.dl_mhz[0] + (high - low + 1) * 0.1, band.number) is None
        if band.ul_channels:
            first, last = band.ul_channels
            assert channels.lte_band_of_uplink(first) == channels.lte_band_of_uplink(last) == band.number
            assert channels.lte_band_of_uplink(first - 1) != band.number
            assert channels.lte_band_of_uplink(last + 1) != band.number
    assert channels.earfcn_at(2145.0, 200) is None


@pytest.mark.parametrize(
    ("mhz", "bands"),
    [
        *((739.0, (12, 17, 44, 67, 85)), (2110, (1, 4, 10, 65, 66)), (2109.9, ()), (716, (44,)), (728, (44, 85))),
        *((3550, (22, 42, 48, 49)), (5925, ())),
    ],
)
def test_the_lte_bands_of_a_frequency(mhz, bands):
    assert channels.lte_bands_at(mhz) == bands


@pytest.mark.parametrize(
    ("nrarfcn", "mhz"),
    [
        *((0, 0.0), (1, 0.005), (599999, 2999.995), (600000, 3000.0), (600001, 3000.015), (2016666, 24249.99)),
        *((2016667, 24250.08), (2016668, 24250.14), (3279165, 99999.96), (3279166, None), (-1, None)),
    ],
)
def test_the_frequency_of_an_nr_channel(nrarfcn, mhz):
    assert channels.nr_mhz(nrarfcn) == mhz


@pytest.mark.parametrize(
    ("kind", "channel", "reported", "band", "candidates", "source"),
    [
        ("lte", None, None, None, (), None),
        ("lte", None, 3, 3, (), "reported"),
        ("lte", 1300, None, 3, (3,), "arfcn"),
        ("lte", 1300, 3, 3, (3,), "both"),
        ("lte", 5400, 3, 3, (), "conflict"),
        ("lte", 5400, None, None, (), None),
        ("lte", 5400, 64, None, (), None),
        ("nr", None, None, None, (), None),
        ("nr", None, 78, 78, (), "reported"),
        ("nr", 648768, 4, None, (77, 78), None),
        ("nr", 648768, 260, None, (77, 78), "conflict"),
        ("nr", 648768, 78, 78, (77, 78), "both"),
        ("nr", 2200000, 78, None, (), "conflict"),
        ("nr", 465000, 78, 40, (40,), "conflict"),
        ("nr", 465000, None, 40, (40,), "arfcn"),
        ("umts", None, None, None, (), None),
        ("umts", None, 1, 1, (), "reported"),
        ("umts", 10600, None, 1, (1,), "arfcn"),
        ("umts", 10600, 1, 1, (1,), "both"),
        ("umts", 10600, 2, 1, (1,), "conflict"),
        ("umts", 10600, 99, 1, (1,), "arfcn"),
        ("umts", 4400, 2, None, (5, 6), "conflict"),
        ("umts", 9_999_999, 8, 8, (), "reported"),
    ],
)
def test_a_channel_and_a_told_band(kind, channel, reported, band, candidates, source):
    read = {"lte": channels.read_lte_band, "nr": channels.read_nr_band, "umts": channels.read_umts_band}[kind]
    found = read(channel, reported)
    assert (found.band, found.candidates, found.source) == (band, candidates, source)
    assert found.conflict is (source == "conflict")
    assert not found.wrapped


def test_gsm_without_a_channel():
    assert channels.read_gsm_band(None) == channels.BandReading(None)
    assert channels.read_gsm_band(600) == channels.BandReading(None, (1800, 1900))
    assert channels.read_gsm_band(64).source == "arfcn"
    edges = {1: (900,), 124: (900,), 128: (850,), 251: (850,), 512: (1800, 1900), 810: (1800, 1900)}
    edges |= {955: (900,), 1023: (900,), 127: (), 252: (), 511: (), 954: (), 1024: ()}
    assert {arfcn: channels.gsm_candidates(arfcn) for arfcn in edges} == edges


def test_a_mask_means_unlimited_only_with_all_ones_over_gaps():
    ones = (1 << 24) - 1
    assert masks.means_unlimited(ones)  # bands 15 and 16 do not exist
    assert not masks.means_unlimited((1 << 23) - 1)
    assert not masks.means_unlimited(ones & ~1)
    assert not masks.means_unlimited(ones & ~(1 << 5))
    assert not masks.means_unlimited((1 << 24) - 1, first_band=20)  # 20 to 43: all of them are bands
    assert masks.means_unlimited((1 << 26) - 1, first_band=33)  # 33 to 58: 54 to 58 lack some
    assert not masks.means_unlimited(0)
    whole = masks.mask_of_bands(tables.nr_bands())
    assert not masks.means_unlimited(whole, "nr")
    assert masks.means_unlimited((1 << 80) - 1, "nr")
    assert masks.unknown_bands("lte", (1, 15, 16, 66, 257)) == (15, 16, 257)
    assert masks.mask_of_bands([1, 3], first_band=1) == 5
    assert masks.mask_of_bands([33], first_band=33) == 1
    assert masks.bands_of_mask(0) == ()


@pytest.mark.parametrize(
    ("mcc", "mnc", "digits", "text"),
    [
        *((1, 1, None, "00101"), (2, 1, None, None), (0, 1, None, None), (199, 1, None, None), (200, 0, None, "20000")),
        *((999, 99, None, "99999"), (1000, 1, None, None), (262, 99, None, "26299"), (262, 100, None, "262100")),
        *((310, 0, None, "310000"), (310, 999, None, "310999"), (310, 1000, None, None), (262, -1, None, None)),
        *((334, 20, None, "334020"), (722, 7, None, "722007"), (310, 26, 2, "31026"), (234, 5, 3, "234005")),
    ],
)
def test_a_plmn_of_two_numbers(mcc, mnc, digits, text):
    found = plmn.plmn_of_numbers(mcc, mnc, mnc_digits=digits)
    assert (str(found) if found else None) == text


def test_three_digit_countries_are_countries():
    assert all(200 <= int(mcc) <= 799 and len(mcc) == 3 for mcc in plmn.THREE_DIGIT_MNC_COUNTRIES)
    assert {"302", *(str(n) for n in range(310, 317))} <= plmn.THREE_DIGIT_MNC_COUNTRIES
    assert not {"262", "208", "234", "440", "460", "404"} & plmn.THREE_DIGIT_MNC_COUNTRIES


_WORDS = {
    "gsm": ("GSM", "ARFCN", "gsm", "gsm"),
    "umts": ("UMTS", "UARFCN", "umts", "umts"),
    "lte": ("LTE", "EARFCN", "lte", "lte"),
    "lte_m": ("LTE-M", "EARFCN", "lte_m", "lte"),
    "nb_iot": ("NB-IoT", "EARFCN", "nb_iot", "lte"),
    "nr": ("NR", "NR-ARFCN", "nr", "nr"),
    "nr_sa": ("NR SA", "NR-ARFCN", "nr", "nr"),
    "nr_nsa": ("NR NSA", "NR-ARFCN", "nr", "nr"),
}


@pytest.mark.parametrize("rat", rats.RATS)
def test_the_words_of_a_technology(rat):
    assert (rats.label(rat), rats.channel_word(rat), rats.family(rat), rats.published(rat)) == _WORDS[rat]
    assert rats.RATS[rats.order(rat)] == rat
    same = {other for other in rats.RATS if rats.same_rat(rat, other)}
    assert same == (set(rats.NR) if rat == "nr" else {rat, "nr"} if rat in rats.NR else {rat})


def test_a_word_that_is_no_technology():
    assert rats.order("cdma") == len(rats.RATS)
    assert rats.family(None) is None
    assert rats.label("cdma") == "CDMA"


def test_the_parts_of_the_us_rules():
    assert len(rule_parts()) == 21
    assert {band for row in rule_parts() for band in row.bands} == us_bands().keys()
    assert all(low < high for low, high in (row.ul_mhz for row in rule_parts()))
    parts = {band: {row.part for row in rows} for band, rows in us_bands().items()}
    assert parts["lte", 2] == {"24E"}
    assert parts["lte", 48] == {"96"}
    assert parts["nr", 260] == {"30"}
    assert parts["lte", 5] == {"22H"}
    assert parts["lte", 26] == {"22H", "90S"}
    assert parts["nr", 77] == {"27", "96"}


@pytest.mark.parametrize(
    ("rat", "band", "pieces"),
    [
        *(("lte", 2, ((1850, 1910),)), ("lte", 26, ((814, 849),)), ("lte", 12, ((699, 716),)), ("lte", 20, ())),
        *(("nr", 77, ((3450, 3980),)), ("nr", 75, ()), ("lte", 29, ()), ("lte", 300, ()), ("nr", 41, ((2496, 2690),))),
        ("gsm", 850, ((824, 849),)),
    ],
)
def test_the_part_of_an_uplink_that_the_us_rules_know(rat, band, pieces):
    assert uplink_pieces(rat, band) == pieces


def test_edges_are_those_of_ranges_and_of_uplinks():
    edges = block_edges()
    assert {663, 698, 1850, 1915, 3450, 3550, 3980, 37000, 40000} <= edges
    assert {3300, 4200} <= edges  # of n77's uplink, which is wider than its part
    assert not edges & {869, 894, 1930}
