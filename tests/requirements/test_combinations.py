"""Carrier combinations, UE category and MFBI: fallbacks as 3GPP defines them, trust, grades."""

from __future__ import annotations

import pytest
from verdict_cases import OTHER, OWN, band, handset, listed, modem, registered, selected, sim, verdict

from harness.capability_facts import BandCombinations, CarrierComponent, MfbiSupport, UeCategory
from harness.carriers.configurations import (
    DL_CATEGORY_BITS,
    UL_CATEGORY_BITS,
    at_least,
    category_faults,
    faults,
    parse_configuration,
)
from harness.carriers.rules import carrier_problems
from harness.observations import Grade, ServingCell, Source, SupportedBands
from harness.requirements.capability import combination_name, serves
from harness.requirements.combination import CombinationRule, wanted_of
from harness.requirements.mfbi import MfbiRule
from harness.requirements.ue_category import UeCategoryRule

HERE = (sim(OWN), registered())


def rule(configuration: str, uplink: str = "", **more) -> CombinationRule:
    return CombinationRule(
        **{"id": "T-CA", "level": "mandatory", "configuration": configuration, "uplink": uplink, **more}
    )


def combo(text: str) -> tuple[CarrierComponent, ...]:
    """`2Aa 12A 66C n71Aa`: downlink class in capitals, uplink class behind it in small letters."""
    out = []
    for word in text.split():
        rat = "nr" if word.startswith("n") else "lte"
        digits = "".join(sign for sign in word if sign.isdigit())
        letters = word.removeprefix("n").removeprefix(digits)
        up = next((sign.upper() for sign in letters if sign.islower()), None)
        out.append(CarrierComponent(rat, int(digits), next((s for s in letters if s.isupper()), None), up))
    return tuple(out)


def told(*texts: str, kind: str = "lte_ca", **more) -> BandCombinations:
    source = Source("UE capability a.hex", link="uecap", exchange=0)
    return BandCombinations(
        **{"type": kind, "combinations": tuple(map(combo, texts)), "complete": True, "source": source, **more}
    )


# --- fallbacks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        ("2Aa 12A", "CA_2A-12A", True),
        ("2Aa 12A 66A", "CA_2A-12A", True),  # an SCell released
        ("2A 12A 66Aa", "CA_2A-12A", False),  # the PCell released: no fallback
        ("2Aa 12A", "CA_2A-66A", False),
        ("41Cc", "CA_41C", True),
        ("41Da", "CA_41C", True),
        ("41Ca", "CA_41D", False),
        ("41Ca", "CA_41A-41A", False),  # a non-contiguous one is no fallback of a contiguous one
        ("41Aa 41A", "CA_41C", False),
        ("66Ba 2A", "CA_2A-66A", True),
        ("66Ca 2A", "CA_2A-66B", False),
        ("2Aa 2A 12A", "CA_2A-2A", True),
        ("2Aa 12A", "CA_2A-2A", False),
    ],
)
def test_fallbacks_of_lte_carrier_aggregation(has, asked, expected):
    assert serves(combo(has), wanted_of(rule(asked))[1]) is expected


@pytest.mark.parametrize(
    ("has", "asked", "uplink", "expected"),
    [
        ("2Aa 12A", "CA_2A-12A", "2A", True),
        ("2Aa 12A", "CA_2A-12A", "12A", False),
        ("2Aa 12Aa", "CA_2A-12A", "2A-12A", True),
        ("2Aa 12Aa", "CA_2A-12A", "12A", True),  # the uplink of an SCell released
        ("41Cc", "CA_41C", "41C", True),
        ("41Ca", "CA_41C", "41C", False),
        ("2Aa 66A n71Aa", "DC_2A-66A_n71A", "2A_n71A", True),
        ("2Aa 66A n71Aa", "DC_2A-66A_n71A", "66A_n71A", False),
    ],
)
def test_the_uplink_that_is_asked(has, asked, uplink, expected):
    assert serves(combo(has), wanted_of(rule(asked, uplink))[1]) is expected


@pytest.mark.parametrize(
    ("has", "asked", "expected"),
    [
        ("2Aa 66A n71Aa", "DC_2A_n71A", True),
        ("2A 66Aa n71Aa", "DC_2A_n71A", False),  # releases the PCell
        ("2Aa n41Aa n71A", "DC_2A_n71A", False),  # releases the PSCell
        ("2Aa n41Ca", "DC_2A_n41A", True),
        ("2Aa n71A", "DC_2A_n71A", False),
    ],
)
def test_fallbacks_of_en_dc(has, asked, expected):
    assert serves(combo(has), wanted_of(rule(asked))[1]) is expected


@pytest.mark.parametrize(
    ("band_number", "has", "asked", "expected"),
    [
        (41, "C", "A", True),
        (41, "E", "D", True),
        (41, "G", "B", True),
        (41, "C", "B", False),  # another fallback group
        (41, "G", "C", False),
        (41, None, "A", False),
        (261, "M", "G", True),
        (261, "C", "B", True),
        (261, "D", "B", False),
        (261, "Q", "O", True),
    ],
)
def test_nr_classes_fall_back_within_their_group_only(band_number, has, asked, expected):
    assert at_least("nr", band_number, has, asked) is expected


def test_classes_of_which_it_is_not_certain_that_they_fall_back_decide_nothing():
    assert not at_least("nr", 46, "O", "B")
    assert at_least("nr", 46, "O", "B", unsure=True)
    found = verdict(handset(told("n46Oa n71A", type="nr_ca", complete=True)), rule("CA_n46B-n71A"))
    assert found.outcome.name == "INCONC"
    assert "not certain that it falls back" in found.reason


def test_the_rates_of_categories_are_those_of_their_release():
    assert [DL_CATEGORY_BITS[n] // 1000 for n in (1, 2, 3, 4, 5, 6, 9, 11)] == [10, 51, 102, 150, 299, 301, 452, 603]
    assert [DL_CATEGORY_BITS[n] // 1000 for n in (13, 16, 18, 19, 22)] == [391, 978, 1174, 1566, 2349]
    assert [UL_CATEGORY_BITS[n] // 1000 for n in (3, 5, 7, 13, 15, 16, 18, 26)] == [
        51,
        75,
        102,
        150,
        226,
        105,
        211,
        844,
    ]


def test_a_table_without_uplinks_shows_only_what_stands_in_it():
    assert serves(combo("2A 12A"), wanted_of(rule("CA_2A-12A"))[1])
    assert not serves(combo("2A 12A 66A"), wanted_of(rule("CA_2A-12A"))[1])
    assert not serves(combo("2A 12A"), wanted_of(rule("CA_2A-12A", "2A"))[1])


# --- verdicts -------------------------------------------------------------------------------------------------------


def test_a_combination_told_is_measured_and_its_source_named():
    found = verdict(handset(told("2Aa 12A")), rule("CA_2A-12A"))
    assert (found.outcome.name, found.grade, found.reason) == ("PASS", Grade.MEASURED, "CA_2A-12A measured")
    assert found.evidence[0].link == "uecap"


def test_a_fallback_names_what_it_falls_back_from():
    found = verdict(handset(told("2Aa 12A 66A")), rule("CA_2A-12A"))
    assert found.reason == "CA_2A-12A measured as a fallback of CA_2A-12A-66A"


def test_one_that_stands_in_the_list_itself_is_no_fallback_whatever_larger_ones_there_are():
    for texts in (("2Aa 12A 66A", "2Aa 12A"), ("2Aa 12A", "2Aa 12A 66A", "2Aa 12A 66A 30A")):
        assert verdict(handset(told(*texts)), rule("CA_2A-12A")).reason == "CA_2A-12A measured"
    # As many carriers, in another arrangement: 41D has three, as 41C and 2A have.
    assert verdict(handset(told("41Da")), rule("CA_41C")).reason == "CA_41C measured as a fallback of CA_41D"


def test_a_fallback_is_named_from_the_list_that_tells_it_and_not_from_one_that_is_unsure():
    unsure = told("2Aa 12A", told_once=(0,))
    sure = told("2Aa 12A 66A", source=Source("UE capability b.hex", link="uecap", exchange=1))
    found = verdict(handset(unsure, sure), rule("CA_2A-12A"))
    assert found.reason == "CA_2A-12A measured as a fallback of CA_2A-12A-66A"


def test_what_is_told_once_decides_nothing_but_two_that_imply_it_do():
    once = verdict(handset(told("2Aa 12A", told_once=(0,))), rule("CA_2A-12A"))
    assert once.outcome.name == "INCONC"
    assert "give another capture" in once.reason
    twice = told("2Aa 12A 66A", "2Aa 12A 30A", told_once=(0, 1))
    assert verdict(handset(twice), rule("CA_2A-12A")).outcome.name == "PASS"
    doubtful = told("2Aa 12A", "2Aa 12A 30A", grade=Grade.OBSERVED)
    assert verdict(handset(doubtful), rule("CA_2A-12A")).outcome.name == "INCONC"


def test_a_complete_list_without_it_is_a_fail_for_the_own_sim_only():
    assert verdict(handset(told("2Aa 66A"), *HERE), rule("CA_2A-12A")).outcome.name == "FAIL"
    other = handset(told("2Aa 66A"), sim(OTHER), registered())
    assert verdict(other, rule("CA_2A-12A")).outcome.name == "INCONC"


@pytest.mark.parametrize("asked", [None, (), ("B2",), ("B2", "B66")])
def test_what_the_network_did_not_ask_for_is_not_thereby_absent(asked):
    found = verdict(handset(told("2Aa 66A", complete=False, filtered_by=asked), *HERE), rule("CA_2A-12A"))
    assert found.outcome.name == "INCONC"


def test_a_filter_that_has_all_its_bands_makes_an_absence_count():
    survey = handset(told("2Aa 66A", complete=False, filtered_by=("B2", "B12")), *HERE)
    assert verdict(survey, rule("CA_2A-12A")).outcome.name == "FAIL"


def test_more_carriers_than_any_told_may_not_have_been_asked_for():
    assert verdict(handset(told("2Aa 66A"), *HERE), rule("CA_2A-12A-66A")).outcome.name == "INCONC"


def test_without_a_capability_the_reason_says_what_would_tell():
    found = verdict(handset(*HERE), rule("CA_2A-12A"))
    assert found.outcome.name == "INCONC"
    assert "--evidence uecap=FILE" in found.reason


def test_a_band_that_is_not_in_the_device_fails_its_combinations():
    found = verdict(modem(listed(2, 66)), rule("CA_2A-12A"))
    assert (found.outcome.name, found.grade) == ("FAIL", Grade.MEASURED)
    assert "B12 not supported" in found.reason


def test_a_combination_of_a_band_that_the_modem_lacks_is_a_contradiction():
    found = verdict(modem(listed(2, 66), told("2Aa 12A")), rule("CA_2A-12A"))
    assert found.outcome.name == "INCONC"
    assert "and yet B12 not supported" in found.reason


def test_two_lists_that_disagree_decide_nothing_and_both_are_named():
    other = told("2Aa 66A", source=Source("UE capability b.hex", link="uecap", exchange=1))
    found = verdict(handset(told("2Aa 12A"), other, *HERE), rule("CA_2A-12A"))
    assert found.outcome.name == "INCONC"
    assert "a.hex" in found.reason
    assert "b.hex" in found.reason


def test_en_dc_without_its_scg_is_carrier_aggregation_but_its_silence_is_none():
    dual = told("2Aa 12A n71Aa", kind="en_dc")
    assert verdict(handset(dual, *HERE), rule("CA_2A-12A")).outcome.name == "PASS"
    assert verdict(handset(dual, *HERE), rule("CA_2A-66A")).outcome.name == "INCONC"


def serving(number: int, role: str = "pcell", rat: str = "lte", **more) -> ServingCell:
    return ServingCell(**{"rat": rat, "band": number, "role": role, "band_source": "both", "active": True, **more})


def test_carriers_in_use_together_are_a_lower_bound():
    survey = modem(serving(2), serving(12, "scell"), registered())
    low = verdict(survey, rule("CA_2A-12A", needed="observed"))
    assert (low.outcome.name, low.grade) == ("PASS", Grade.OBSERVED)
    assert verdict(survey, rule("CA_2A-12A")).outcome.name == "INCONC"
    assert verdict(survey, rule("CA_2A-66A", needed="observed")).outcome.name == "INCONC"
    dual = modem(serving(2), serving(71, "pscell", "nr", band_source="reported"), registered())
    assert verdict(dual, rule("DC_2A_n71A", needed="observed")).grade == Grade.OBSERVED


def test_two_carriers_of_one_band_in_use_do_not_tell_how_they_lie():
    survey = modem(serving(41), serving(41, "scell"), registered())
    for name in ("CA_41C", "CA_41A-41A"):
        assert verdict(survey, rule(name, needed="observed")).outcome.name == "INCONC"


def test_a_cell_that_is_configured_only_or_out_of_service_is_not_in_use():
    idle = modem(serving(2), serving(12, "scell", active=False), registered())
    assert verdict(idle, rule("CA_2A-12A", needed="observed")).outcome.name == "INCONC"
    searching = modem(serving(2), serving(12, "scell"), registered("searching"))
    assert verdict(searching, rule("CA_2A-12A", needed="observed")).outcome.name == "INCONC"


def test_cells_of_the_other_slot_hide_no_carriers_in_use_and_add_none():
    own = (serving(2, slot=0), serving(12, "scell", slot=0), registered(slot=0), registered(slot=1))
    asked = rule("CA_2A-12A", needed="observed")
    assert verdict(handset(serving(4, slot=1), *own), asked).outcome.name == "PASS"
    apart = (
        serving(2, slot=0),
        serving(12, "scell", slot=1),
        serving(4, slot=1),
        registered(slot=0),
        registered(slot=1),
    )
    assert verdict(handset(*apart), asked).outcome.name == "INCONC"


def test_a_recommended_combination_is_a_note_under_service():
    survey = handset(told("2Aa 66A"), *HERE)
    asked = rule("CA_2A-12A", level="recommended")
    assert verdict(survey, asked).outcome.name == "FAIL"
    assert verdict(survey, asked, policy="service").outcome.name == "PASS_NOTE"
    assert verdict(survey, rule("CA_2A-12A", level="informative")).outcome.name == "NA"


def test_an_nr_band_is_asked_like_any_band():
    lists = SupportedBands(rat="nr", bands=(71,), layer="advertised", complete=True)
    assert verdict(handset(lists), band(71, "nr")).grade == Grade.MEASURED


# --- category and MFBI ----------------------------------------------------------------------------------------------


def category(**asked) -> UeCategoryRule:
    return UeCategoryRule(id="T-CAT", level="mandatory", **asked)


@pytest.mark.parametrize(
    ("own", "asked", "expected"),
    [
        ({"dl": 16, "ul": 13}, {"dl": 16}, "PASS"),
        ({"dl": 16, "ul": 13}, {"dl": 9, "ul": 5}, "PASS"),
        ({"dl": 13, "ul": 5}, {"dl": 12}, "FAIL"),  # category 13 is slower than 12
        ({"dl": 20}, {"dl": 20}, "PASS"),
        ({"dl": 20}, {"dl": 12}, "INCONC"),  # the rate of category 20 is no product of blocks: nothing is said of it
        ({"dl": 16}, {"dl": 21}, "INCONC"),
        ({"ul": 22}, {"ul": 21}, "PASS"),
        ({"ul": 16}, {"ul": 5}, "PASS"),
        ({"ul": 16}, {"ul": 13}, "FAIL"),
        ({"legacy": 4}, {"dl": 3, "ul": 4}, "PASS"),
        ({"name": "m1"}, {"dl": 1}, "INCONC"),
        ({"dl": 77}, {"dl": 4}, "INCONC"),
        ({"dl": 16, "ul": 5}, {"dl": 12, "ul": 13}, "FAIL"),
    ],
)
def test_a_category_at_least(own, asked, expected):
    assert verdict(handset(UeCategory(**own)), category(**asked)).outcome.name == expected


def test_an_uplink_needs_two_messages():
    once = told("2Aa 12A 66A", "2Aa 12A 30A", uplink_once=(0, 1))
    assert verdict(handset(once), rule("CA_2A-12A")).outcome.name == "PASS"
    assert verdict(handset(once), rule("CA_2A-12A", "2A")).outcome.name == "INCONC"
    assert verdict(handset(told("2Aa 12A")), rule("CA_2A-12A", "2A")).outcome.name == "PASS"


def test_a_reading_in_two_parts_is_one_source():
    parts = (told("2Aa 12A", complete=True), told("2Aa 30A", complete=True, told_once=(0,), grade=Grade.OBSERVED))
    found = verdict(handset(*parts), rule("CA_2A-30A"))
    assert found.outcome.name == "INCONC"
    assert "told once only" in found.reason


def test_category_and_mfbi_that_are_told_once_or_contradict_decide_nothing():
    assert verdict(handset(UeCategory(dl=16, told_once=True)), category(dl=4)).outcome.name == "INCONC"
    assert verdict(handset(UeCategory(dl=16), UeCategory(dl=4)), category(dl=9)).outcome.name == "INCONC"
    assert verdict(handset(UeCategory(dl=16), UeCategory(dl=12)), category(dl=9)).outcome.name == "PASS"
    follows = MfbiRule(id="T-MFBI", level="mandatory")
    for facts, expected in (
        ((MfbiSupport(supported=True),), "PASS"),
        ((MfbiSupport(supported=False),), "FAIL"),
        ((MfbiSupport(supported=True, told_once=True),), "INCONC"),
        ((MfbiSupport(supported=True), MfbiSupport(supported=False)), "INCONC"),
        ((), "INCONC"),
    ):
        assert verdict(handset(*facts), follows).outcome.name == expected


# --- notation and lint ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "type_", "names"),
    [
        ("CA_2A-12A", "lte_ca", "B2A B12A"),
        ("CA_41C", "lte_ca", "B41C"),
        ("CA_n41(2A)", "nr_ca", "n41A n41A"),
        ("CA_n41(A-C)-n71A", "nr_ca", "n41A n41C n71A"),
        ("DC_2A-66A_n41A-n71A", "en_dc", "B2A B66A n41A n71A"),
    ],
)
def test_configurations_are_read_as_3gpp_writes_them(text, type_, names):
    assert parse_configuration(text) is not None
    found, parts = parse_configuration(text)
    assert (found, " ".join(part.label for part in parts)) == (type_, names)
    assert not list(faults(text, ""))


@pytest.mark.parametrize(
    "text", ["CA_2A_12A", "DC_2A-66A", "CA_2A-n71A", "DC_n71A_2A", "CA_", "CA_2", "2A-12A", "CA_2A-"]
)
def test_other_texts_are_no_configuration(text):
    assert parse_configuration(text) is None


def problems(*rules) -> list[tuple[str, str]]:
    carrier = selected(band(12), *rules).carrier
    return [(str(one.path[-1]), one.message) for one in carrier_problems(carrier) if one.severity == "error"]


@pytest.mark.parametrize(
    ("asked", "key", "words"),
    [
        (rule("CA_2A"), "configuration", "one carrier only"),
        (rule("CA_2A-15A"), "configuration", "no such band"),
        (rule("CA_2A-12G"), "configuration", "no bandwidth class G"),
        (rule("CA_2A-12A", "66A"), "uplink", "B66A is not in"),
        (rule("DC_2A_n71A", "2A"), "uplink", "needs an uplink on LTE and one on NR"),
        (rule("CA_2A-12A", "x"), "uplink", "no list of carriers"),
        (category(), "dl", "no category"),
        (category(dl=40), "dl", "not in TS 36.306"),
    ],
)
def test_lint_names_the_fault_and_its_key(asked, key, words):
    ((where, message),) = problems(asked)
    assert where == key
    assert words in message


def test_lint_takes_what_is_right():
    assert not problems(rule("DC_2A-66A_n71A", "66A_n71A"), category(dl=16, ul=13), MfbiRule(id="M", level="mandatory"))
    assert not list(category_faults(dl=16, ul=None))


def test_names_of_combinations():
    assert combination_name(combo("n71Aa 66A 2Aa")) == "DC_2A-66A_n71A"
    assert combination_name(combo("12A 2Aa")) == "CA_2A-12A"
