"""What may be written into a proforma, and what must stay blank."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from capability_samples import SAMPLES
from ics_values import (
    AT,
    attached,
    capability,
    combination,
    combinations,
    enabled,
    hardware,
    power,
    survey,
)

from harness.errors import UnknownName
from harness.observations import Grade, Source, SupportedBands
from harness.radio.ics import items_by_key
from harness.requirements.proforma.filling import fill
from harness.requirements.proforma.item_facts import DeviceItems
from harness.survey.evidence_files import Given, keep, read_kept
from harness.survey.survey import Survey

E_FDD, E_TDD, RF, NR_FDD = "36.523-2#A.4.3.1-1", "36.523-2#A.4.3.1-2", "36.521-2#A.4.3-3", "38.508-2#A.4.3.1-1"
LTE = (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 18, 19, 20, 25, 26, 28, 32, 38, 39, 40, 41, 42, 48, 66)
NR = (1, 3, 5, 7, 8, 20, 28, 38, 40, 41, 66, 71, 77, 78)
LTE_CA = ("CA_3C", "CA_7C", "CA_1A-1A-7A", "CA_1A-7A-7A", "CA_3A-7C", "CA_1A-3A-7A", "CA_1A-3A-20A", "CA_1A-3A-7A-20A")
EN_DC = (
    "DC_1A-3C_n78(2A)",
    "DC_7C_n28A-n78A",
    "DC_1A-3A_n28A-n78A",
    "DC_1A-7A_n28A-n78A",
    "DC_1A-20A_n28A-n78A",
    "DC_3A-7A_n28A-n78A",
    "DC_1A-3A-7A-20A_n28A",
    "DC_1A-3A-7A-20A_n78A",
    "DC_1A-3A-7A_n28A-n78A",
    "DC_1A-3A-20A_n28A-n78A",
    "DC_1A-7A-20A_n28A-n78A",
    "DC_3A-7A-20A_n28A-n78A",
    "DC_1A-3A-7A-20A_n28A-n78A",
)
MODES = {"pc_eFDD", "pc_eTDD", "pc_nrFDD", "pc_nrTDD", "pc_EN_DC"}


def fact(survey_, key):
    return DeviceItems(survey_).of(items_by_key()[key])


def value(survey_, key):
    return fact(survey_, key).value


@pytest.fixture(scope="module")
def split(captures_dir):
    """The survey of the capability in three messages, of which nothing but itself is known."""
    kept = keep([Given(captures_dir / "uecap" / name) for name in SAMPLES["ueCapHexMrdcSplit"]])
    exchanges = tuple(("uecap", one) for one in kept)
    return Survey("phone", "uecap", None, observations=read_kept(kept).observations, exchanges=exchanges)


def test_a_real_capability_answers_94_items_and_denies_none(split):
    filled = fill(split)
    direct = [one for one in filled.answers if one.value is not None and one.basis != "implied"]
    assert all(one.value is True for one in filled.answers if one.value is not None)
    named = {
        *((spec, f"B{band}") for spec in ("36.523-2", "36.521-2") for band in LTE),
        *(("38.508-2", f"n{band}") for band in NR),
        *((spec, name) for spec in ("36.523-2", "36.521-2") for name in LTE_CA),
        ("36.523-2", "CA_3A-3A-7A-7A"),
        *(("38.508-2", name) for name in EN_DC),
    }
    classes = {one.item.mnemonic for one in direct if one.item.kind == "pc2"}
    assert classes == {"pc_nrBand77_PC2_Supp", "pc_nrBand78_PC2_Supp"}
    assert {(one.item.spec, one.item.label) for one in direct if one.item.kind != "pc2"} == named
    assert len(direct) == 94
    assert {one.item.mnemonic for one in filled.answers if one.basis == "implied" and one.value} == MODES
    assert filled.counts() == {"items": 2541, "true": 94, "false": 0, "implied": 5, "told_once": 19, "blank": 2442}


def test_each_answer_carries_the_hash_of_its_evidence(split):
    kept = {sha256(exchange.response).hexdigest() for _, exchange in split.exchanges}
    for one in fill(split).answers:
        if one.value is not None:
            assert set(one.sha256) == kept
            assert one.grade is not None
        else:
            assert (one.evidence, one.grade) == ((), None)
            assert one.reason


def test_a_complete_hardware_list_answers_true_and_false():
    told = survey(hardware(2, 12, 41, 66))
    assert value(told, f"{E_FDD}/2") is True
    assert value(told, f"{E_TDD}/9") is True
    assert value(told, f"{RF}/41") is True
    assert value(told, f"{E_FDD}/13") is False
    assert value(told, f"{E_FDD}/39") is False, "B71: the list reaches above 64"
    assert value(told, "36.523-2#A.4.1-1/2") is True, "TDD follows from B41"


def test_twins_are_separate_items():
    told = survey(hardware(2, 12, 41, 66))
    for number in ("4", "17", "25"):
        assert value(told, f"{E_FDD}/{number}") is False
    assert value(told, f"{E_TDD}/6") is False, "B38 lies in B41"
    told = survey(capability(12, 66))
    for number in ("4", "17"):
        assert value(told, f"{E_FDD}/{number}") is None


@pytest.mark.parametrize(
    "told",
    [
        capability(2, filtered_by=(2, 4)),
        capability(2, complete=False),
        SupportedBands(rat="lte", bands=(2,), source=AT),
        SupportedBands(rat="lte", bands=(2,), layer="policy", source=AT),
        SupportedBands(rat="lte", bands=(2,), layer="advertised", source=AT),
        hardware(2, complete=False),
        hardware(2, complete=False, filtered_by=(2, 4)),
        hardware(2, grade=Grade.OBSERVED),
    ],
)
def test_no_list_that_may_be_short_makes_a_false(told):
    assert value(survey(told), f"{E_FDD}/4") is None


def test_an_unfiltered_capability_makes_a_false():
    told = survey(capability(2, complete=True), enabled(2, 4))
    assert value(told, f"{E_FDD}/4") is None, "what is advertised may only be switched off"
    told = survey(capability(2, complete=True), hardware(2))
    assert value(told, f"{E_FDD}/4") is False


def test_a_mask_of_64_bits_says_nothing_of_higher_bands():
    told = survey(hardware(2, 41))
    found = fact(told, f"{E_FDD}/34")
    assert (found.value, "whether it could is not told" in found.reason) == (None, True)
    assert value(told, f"{E_FDD}/13") is False
    # Nor does one that says itself that it ends before the band.
    assert value(survey(replace(hardware(2), up_to=11)), f"{E_FDD}/13") is None


@pytest.mark.parametrize("key", ["38.508-2#A.4.3.1-3/1", "38.508-2#A.4.3.1-5/1"])
def test_a_family_list_of_fr1_says_nothing_of_fr2_and_of_uplink_only_bands(key):
    told = survey(hardware(2, 41, 77, rat="nr_nsa"), hardware(2, 41, 77, rat="nr_sa"))
    assert value(told, key) is None
    assert value(told, f"{NR_FDD}/4") is False


def test_bands_for_en_dc_alone_deny_nothing_of_nr():
    told = survey(hardware(2, 41, rat="nr_nsa"))
    assert value(told, f"{NR_FDD}/4") is None


def test_lists_that_contradict_each_other_answer_nothing():
    told = survey(hardware(2), SupportedBands(rat="lte", bands=(2, 4), layer="hardware", source=Source("other")))
    assert value(told, f"{E_FDD}/4") is None


def test_what_is_enabled_or_attached_writes_no_answer():
    assert value(survey(enabled(2, 4)), f"{E_FDD}/2") is None
    found = fact(survey(*attached(2, 900)), f"{E_FDD}/2")
    assert (found.value, found.support) == (None, "seen")


def test_a_declared_sheet_answers_nothing():
    """A device of which only a maker's sheet is known: it stands in no survey, so nothing can be TRUE."""
    filled = fill(survey(sheet="xiaomi/mi-mix-2"))
    assert {one.value for one in filled.answers} == {None}


def test_a_band_that_is_told_once_stays_blank():
    assert value(survey(capability(2, 4, told_once=(4,))), f"{E_FDD}/4") is None


def test_iot_kinds_do_not_answer_for_lte():
    found = fact(survey(hardware(2, 4, rat="lte_m")), f"{E_FDD}/2")
    assert (found.value, found.reason) == (None, "told for lte_m only")


def test_gsm_900_has_extents_that_no_device_tells():
    told = survey(hardware(850, 900, rat="gsm"))
    assert [value(told, f"51.010-2#A.1/{number}") for number in (1, 2, 3, 55, 4, 16)] == [None] * 3 + [
        True,
        False,
        None,
    ]
    told = survey(hardware(850, rat="gsm"))
    assert [value(told, f"51.010-2#A.1/{number}") for number in (1, 2, 3)] == [False] * 3


PC2_77 = next(key for key, item in items_by_key().items() if item.mnemonic == "pc_nrBand77_PC2_Supp")


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ((capability(77, rat="nr"), power(77, 2)), True),
        ((capability(77, rat="nr"), power(77, 2, told_once=True)), True),
        ((capability(77, rat="nr"), power(77, 3)), None),
        ((capability(77, rat="nr"),), None),
        ((capability(77, rat="nr"), power(77, 2), power(77, 3)), None),
        ((capability(78, rat="nr"), power(77, 2)), None),
        ((capability(77, rat="nr"), power(78, 2)), None),
    ],
)
def test_power_classes_are_answered_by_the_class_alone(facts, answer):
    assert value(survey(*facts), PC2_77) is answer


CA = "36.523-2#A.4.3.3.3-4/CA_1A-3A-7A"
FALLBACK = "36.523-2#A.4.3.3.3-3/CA_1A-3A"
TOLD = combinations("lte_ca", combination("1A/A", "3A", "7A"))


def test_a_configuration_is_answered_where_it_is_named():
    told = survey(TOLD)
    assert value(told, CA) is True
    found = fact(told, FALLBACK) if FALLBACK in items_by_key() else None
    if found is not None:
        assert (found.value, found.support) == (None, "fallback")


def test_a_configuration_that_is_told_once_says_so():
    told = survey(combinations("lte_ca", combination("1A/A", "3A", "7A"), told_once=(0,)))
    assert (fact(told, CA).value, fact(told, CA).basis) == (True, "told_once")


@pytest.mark.parametrize(
    ("list_", "answer"),
    [
        (combinations("lte_ca", combination("1A/A", "3A", "20A")), None),
        (combinations("lte_ca", combination("1A/A", "3A", "20A"), complete=True), False),
        (combinations("lte_ca", combination("1A/A", "3A"), complete=True), None),
        (combinations("lte_ca", combination("1A", "3A", "20A"), complete=True), None),
        (
            combinations("lte_ca", combination("1A/A", "3A", "20A"), complete=False, filtered_by=("B1", "B3", "B7")),
            None,
        ),
        (combinations("lte_ca", combination("1A/A", "3A", "20A"), complete=True, grade=Grade.OBSERVED), None),
        (combinations("lte_ca", combination("1A/A", "3A", "7A", "20A"), complete=True), None),
        (combinations("nr_ca", combination("n1A/A", "n3A", "n7A"), complete=True), None),
    ],
)
def test_a_configuration_is_denied_by_a_complete_list_that_reaches_as_far(list_, answer):
    assert value(survey(list_), CA) is answer


def test_a_configuration_of_a_band_that_the_device_lacks_is_open():
    assert value(survey(TOLD, hardware(1, 3)), CA) is None


def test_carriers_side_by_side_are_not_told():
    told = survey(combinations("en_dc", combination("71A/A", "n71A/A")))
    assert value(told, "38.508-2#A.4.3.2B.2.1-2/DC_(n)71AA") is None


def test_supplementary_uplink_is_no_nr_ca():
    told = survey(combinations("nr_ca", combination("n78A", "n80/A")))
    assert value(told, "38.508-2#A.4.3.2C.2-1/SUL_n78A-n80A") is True
    assert value(told, "38.508-2#A.4.1-3/2") is None


def test_modes_follow_from_what_is_firm():
    assert value(survey(combinations("en_dc", combination("1A/A", "n78A/A"))), "38.508-2#A.4.1-3/2") is True
    once = combinations("en_dc", combination("1A/A", "n78A/A"), told_once=(0,))
    assert value(survey(once), "38.508-2#A.4.1-3/2") is None
    assert value(survey(hardware(78, rat="nr_nsa")), "38.508-2#A.4.1-3/2") is None, "bands for EN-DC are no EN-DC"
    assert value(survey(hardware(78, rat="nr")), "38.508-2#A.4.1-3/1") is None, "NR bands are no stand-alone NR"
    assert value(survey(hardware(78, rat="nr_sa")), "38.508-2#A.4.1-3/1") is True


def test_only_the_specifications_that_are_asked():
    filled = fill(survey(hardware(2)), specs=("36.523-2",))
    assert {one.item.spec for one in filled.answers} == {"36.523-2"}
    with pytest.raises(UnknownName, match=r"36\.523-1"):
        fill(survey(hardware(2)), specs=("36.523-1",))


def test_the_head_is_the_device_itself():
    head = fill(survey(hardware(2)), date="2026-01-02", laboratory="Band lab").head
    assert (head.model, head.software, head.date, head.laboratory) == (
        "NW-200",
        "NW200_01.02.03",
        "2026-01-02",
        "Band lab",
    )


def test_a_device_of_which_a_strangers_file_was_given_says_so():
    filled = fill(survey(hardware(2), refused="the UE capability given is of another device"))
    assert "another device" in filled.remarks[0]
