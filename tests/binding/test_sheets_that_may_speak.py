"""Whose list is it? A sheet speaks for a device only where no sign of the device says otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_cases import band, handset, verdict

from harness.carriers.sheets import Sheets
from harness.observations import Identity, IdentitySign
from harness.requirements.bands.declared import declared_for, declared_of, match_for
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome

SHEETS = Sheets()
MIX_2 = {
    "manufacturer": "Xiaomi",
    "model": "Mi MIX 2",
    "codename": "chiron",
    "hardware": "MDE5",
    "rom_region": "global",
}


def phone(*signs: IdentitySign, sheet: str | None = None, **identity: Any) -> Survey:
    told = {**MIX_2, **identity}
    facts = Identity(**{name: value for name, value in told.items() if value is not None})
    return replace(handset(facts, *signs), sheet=sheet)


def declares(survey: Survey) -> bool:
    return declared_for(survey, SHEETS)[0] is not None


def test_the_controls_speak() -> None:
    assert declares(phone())
    assert declares(phone(sheet="xiaomi/mi-mix-2#global"))
    assert declares(phone(hardware=None))
    assert declares(phone(hardware_region="GL"))
    assert declares(phone(verified_boot="orange", hardware_region="Global"))
    assert declares(phone(IdentitySign(what="codename", place="ro.product.vendor.name", value="chiron_global")))


CONTRADICTED: list[tuple[str, dict[str, Any]]] = [
    ("the model number MDX7, which that sheet does not list", {"hardware": "MDX7"}),
    ("hardware is of the region china, the ROM of global", {"hardware_region": "CN"}),
    ("hardware is of the region india, the ROM of eea", {"hardware_region": "India", "rom_region": "eea"}),
    ("no variant for ROM region custom", {"rom_region": "custom"}),
]


@pytest.mark.parametrize(("words", "identity"), CONTRADICTED, ids=[words for words, _ in CONTRADICTED])
def test_a_sign_that_says_otherwise_leaves_no_sheet_to_speak(words: str, identity: dict[str, Any]) -> None:
    told = phone(**identity)
    match = match_for(told, SHEETS)
    assert declared_of(match) is None, match
    assert words in match.reason
    named = phone(sheet="xiaomi/mi-mix-2#global", **identity)
    assert not declares(named)


@pytest.mark.parametrize(
    "sign",
    [
        IdentitySign(what="codename", place="ro.product.vendor.device", value="polaris"),
        IdentitySign(what="codename", place="ro.product.odm.device", value="sagit"),
        IdentitySign(what="model", place="ro.product.vendor.model", value="MDX5"),
        IdentitySign(what="model", place="ro.product.cert", value="MCE16"),
    ],
)
def test_partitions_that_name_another_phone_contradict_it(sign: IdentitySign) -> None:
    assert declared_for(phone(sign), SHEETS)[0] is None
    assert sign.place in declared_for(phone(sign), SHEETS)[1]
    assert not declares(phone(sign, sheet="xiaomi/mi-mix-2#global"))


def test_a_named_sheet_is_not_lent_to_another_maker() -> None:
    told = phone(sheet="xiaomi/mi-mix-2#global", manufacturer="Samsung", model="SM-X", codename=None, hardware=None)
    assert declared_for(told, SHEETS) == (
        None,
        "the sheet xiaomi/mi-mix-2#global is named, but the device is made by Samsung",
    )


def test_no_sheet_and_no_sheet_for_this_rom_are_two_answers() -> None:
    assert "no sheet has" in match_for(phone(codename="nobody", hardware=None, model="Y"), SHEETS).reason
    assert "no variant for ROM region" in match_for(phone(rom_region="korea"), SHEETS).reason


def test_an_unlocked_boot_loader_leaves_open_what_only_the_rom_tells() -> None:
    """The two variants of the Mi 8 differ in bands, and only their ROM tells them apart."""
    mi_8 = {"model": "MI 8", "codename": "dipper", "hardware": "M1803E1A", "rom_region": "global"}
    assert declares(phone(**mi_8))
    assert not declares(phone(**mi_8, verified_boot="orange"))
    assert "boot state is orange" in declared_for(phone(**mi_8, verified_boot="orange"), SHEETS)[1]


def test_a_list_from_memory_decides_nothing() -> None:
    told = phone(manufacturer="samsung", model="SM-G991U", codename="o1q", hardware=None, rom_region=None)
    declared, _ = declared_for(told, SHEETS)
    assert declared is not None
    assert declared.confidence == "D"
    for number in (12, 31):
        found = verdict(told, band(number), declared=declared)
        assert (found.outcome, "from memory, unverified" in found.reason) == (Outcome.INCONC, True)


def test_the_reason_tells_how_sure_the_sheet_is() -> None:
    declared, _ = declared_for(phone(), SHEETS)
    assert "confidence B" in verdict(phone(), band(12), declared=declared).reason


@settings(max_examples=40, deadline=None)
@given(
    place=st.sampled_from(["ro.product.vendor", "ro.product.odm", "ro.product.system_ext"]),
    codename=st.from_regex(r"[a-z]{4,10}", fullmatch=True).filter(lambda word: word != "chiron"),
)
def test_whatever_other_codename_a_partition_names_nothing_passes(place: str, codename: str) -> None:
    told = phone(IdentitySign(what="codename", place=f"{place}.device", value=codename))
    declared, _ = declared_for(told, SHEETS)
    found = verdict(told, band(12), declared=declared)
    assert found.outcome is Outcome.INCONC


CODENAMES: list[tuple[str, dict[str, Any], str]] = [
    ("another phone's of this maker", {"codename": "sagit"}, "which is that of xiaomi/mi-6"),
    ("another phone's, with its market", {"codename": "sagit_global"}, "which is that of xiaomi/mi-6"),
    ("nobody's, the boot loader open", {"codename": "polaris", "verified_boot": "orange"}, "the boot state is orange"),
    ("nobody's, a key of somebody", {"codename": "polaris", "verified_boot": "yellow"}, "the boot state is yellow"),
]


@pytest.mark.parametrize(("identity", "words"), [case[1:] for case in CODENAMES], ids=[case[0] for case in CODENAMES])
def test_a_strange_codename_beside_a_matching_model_number_contradicts_it(identity: dict[str, Any], words: str) -> None:
    match = match_for(phone(**identity), SHEETS)
    assert match.status == "contradicted"
    assert words in match.reason
    assert "model number MDE5 fits" in match.reason
    assert verdict(phone(**identity), band(12), declared=declared_of(match)).outcome is Outcome.INCONC


@pytest.mark.parametrize(
    "identity",
    [
        {"codename": "polaris"},  # a name of a build, for all that a sheet knows
        {"codename": "polaris", "verified_boot": "green"},
        {"codename": "chiron_global", "verified_boot": "orange", "hardware_region": "GL"},
        {"codename": "CHIRON"},
        {"codename": None},
        {"codename": " "},
    ],
)
def test_a_codename_that_may_be_the_phones_own_contradicts_nothing(identity: dict[str, Any]) -> None:
    assert declares(phone(**identity))
