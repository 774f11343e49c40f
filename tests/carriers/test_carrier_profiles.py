"""The shipped profiles and sheets against the documented claims about devices and carriers."""

from __future__ import annotations

import pytest

from harness.carriers.edition import Edition
from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.radio import overlaps
from harness.requirements.band import BandRule

PROFILES = Profiles()
SHEETS = Sheets()


def declared(ref: str) -> tuple[int, ...]:
    bands = SHEETS.lookup(ref).bands
    assert bands is not None
    assert bands.lte is not None
    return bands.lte


def edition(ref: str) -> Edition:
    (selected,) = PROFILES.select([ref])
    return selected.edition


def lte_rules(ref: str) -> list[BandRule]:
    return [rule for rule in edition(ref).requirements if isinstance(rule, BandRule) and rule.rat == "lte"]


def missing_strict(have: tuple[int, ...], ref: str) -> list[int]:
    """Bands that decide under strict and are neither there nor served by a declared alias."""
    return sorted(
        rule.band
        for rule in lte_rules(ref)
        if rule.level != "informative"
        and rule.band not in have
        and not any(alias.satisfied_by in have for alias in edition(ref).alias_for("lte", rule.band))
    )


def missing_service(have: tuple[int, ...], ref: str) -> list[int]:
    """Mandatory bands without any of their group."""
    return sorted(r.band for r in lte_rules(ref) if r.level == "mandatory" and not set(r.numbers) & set(have))


STRICT = [
    ("xiaomi/mi-mix#china", "us/att@2017-03", [12, 17, 29, 30]),
    ("xiaomi/mi-mix#china", "us/verizon@2017-05", [13]),
    ("xiaomi/mi-mix#china", "us/t-mobile@2017-10", [12, 66, 71]),
    ("xiaomi/mi-mix-2#global", "us/att@2017-03", []),
    ("xiaomi/mi-mix-2#global", "us/verizon@2017-05", []),
    ("xiaomi/mi-mix-2#global", "us/sprint@2013-09", []),
    ("xiaomi/mi-mix-2#global", "us/t-mobile@2017-10", [66, 71]),
    ("xiaomi/mi-mix-2#global", "us/att@2024", [14, 66]),
    ("xiaomi/mi-mix-2#global", "us/firstnet@2023", [14]),
    ("xiaomi/mi-mix-2#global", "us/verizon@2024", [46, 48, 66]),
    ("xiaomi/mi-mix-2#global", "us/t-mobile@2024", [66, 71]),
    ("xiaomi/mi-6#global", "us/att@2017-03", [2, 4, 12, 17, 29, 30]),
    ("xiaomi/mi-6#global", "us/verizon@2017-05", [2, 4, 13]),
    ("xiaomi/mi-6#global", "us/t-mobile@2017-10", [2, 4, 12, 66, 71]),
    ("xiaomi/mi-6#global", "us/sprint@2013-09", [25, 26]),
    ("xiaomi/mi-5#china", "us/att@2017-03", [2, 4, 5, 12, 17, 29, 30]),
    ("xiaomi/mi-note-2#global-edition", "us/att@2017-03", []),
    ("xiaomi/mi-note-2#global-edition", "us/verizon@2017-05", []),
    ("xiaomi/mi-note-2#global-edition", "us/sprint@2013-09", []),
    ("xiaomi/mi-note-2#global-edition", "us/t-mobile@2017-10", [66, 71]),
    ("xiaomi/mi-note-2#standard", "us/att@2017-03", [2, 4, 12, 17, 29, 30]),
    ("huawei/mate-10-pro#us", "us/att@2017-03", [29, 30]),
    ("xiaomi/mi-8-explorer#china", "us/att@2017-03", [29, 30]),
    ("xiaomi/mi-8-explorer#china", "us/verizon@2017-05", [13]),
    ("xiaomi/mi-8-explorer#china", "us/t-mobile@2017-10", [66, 71]),
    ("oneplus/nord-n300-5g#us", "us/t-mobile@2024", []),
    ("oneplus/nord-n300-5g#us", "us/att@2024", [14, 29, 30]),
    ("oneplus/nord-n300-5g#us", "us/verizon@2024", [46, 48]),
    ("oneplus/nord-ce-2-5g#europe", "us/t-mobile@2024", [71]),
    ("oneplus/nord-ce-2-5g#europe", "us/verizon@2024", [13, 46, 48]),
    ("xiaomi/12s-ultra#china", "us/t-mobile@2024", [66, 71]),
    ("xiaomi/12s-ultra#china", "us/verizon@2024", [13, 46, 48, 66]),
    ("apple/iphone-12#us", "us/att@2024", []),
    ("apple/iphone-12#us", "us/verizon@2024", []),
    ("apple/iphone-12#us", "us/t-mobile@2024", []),
    ("apple/iphone-12#us", "us/firstnet@2023", []),
    ("apple/iphone-12#row", "us/t-mobile@2024", [71]),
    ("apple/iphone-5#a1428", "us/att@2013-09", []),
]


@pytest.mark.parametrize(("device", "carrier", "missing"), STRICT)
def test_strict_misses_exactly_the_documented_bands(device: str, carrier: str, missing: list[int]) -> None:
    assert missing_strict(declared(device), carrier) == missing


@pytest.mark.parametrize(
    ("have", "carrier", "missing"),
    [
        ((2, 4, 5, 7), "us/att@2013-09", [17]),
        ((2, 4, 5, 7, 12), "us/att@2013-09", [17]),
        ((2, 4, 5, 7, 12), "us/att@2015-08", []),
        ((4, 17), "us/att@2015-08", []),
        ((2, 4, 5, 12, 29, 30), "us/att@2017-03", []),
        ((2, 4, 5, 17, 29, 30), "us/att@2017-03", []),
        ((2, 4, 5, 7), "us/att@2017-03", [12, 17, 29, 30]),
    ],
)
def test_band_12_serves_for_17_only_since_mfbi(have: tuple[int, ...], carrier: str, missing: list[int]) -> None:
    assert missing_strict(have, carrier) == missing


@pytest.mark.parametrize(
    ("device", "carrier", "missing"),
    [
        ("xiaomi/mi-mix-2#global", "us/att@2024", []),
        ("xiaomi/mi-mix-2#global", "us/verizon@2024", []),
        ("xiaomi/mi-mix-2#global", "us/t-mobile@2024", [71]),
        ("huawei/mate-10-pro#us", "us/att@2017-03", []),
        ("xiaomi/mi-8-explorer#china", "us/att@2017-03", []),
        ("oneplus/nord-n300-5g#us", "us/verizon@2024", []),
        ("xiaomi/mi-mix#china", "us/att@2017-03", [12, 17]),
    ],
)
def test_service_misses_only_mandatory_groups(device: str, carrier: str, missing: list[int]) -> None:
    assert missing_service(declared(device), carrier) == missing


def test_us_sets_of_2024_have_the_documented_union_and_intersection() -> None:
    listed = {
        ref: {rule.band for rule in lte_rules(ref) if rule.level != "informative"}
        for ref in ("us/att@2024", "us/verizon@2024", "us/t-mobile@2024", "us/firstnet@2023")
    }
    assert sorted(set.union(*listed.values())) == [2, 4, 5, 12, 13, 14, 17, 29, 30, 46, 48, 66, 71]
    big_three = [bands for ref, bands in listed.items() if "firstnet" not in ref]
    assert sorted(set.intersection(*big_three)) == [2, 4, 5, 66]


def test_firstnet_asks_what_its_host_makes_mandatory() -> None:
    found = edition("us/firstnet@2023")
    assert found.bands("lte", "mandatory") == (2, 4, 5, 12, 14)
    assert {rule.id for rule in found.requirements if rule.kind == "attach"} == {"FN-ATTACH"}
    assert [alias.satisfied_by for alias in found.alias_for("lte", 12)] == [17]


def test_att_writes_12_and_17_as_one_block() -> None:
    assert edition("us/att@2017-03").groups("lte") == ((2,), (4,), (5,), (12, 17), (29,), (30,))
    assert edition("us/att@2013-09").groups("lte") == ((4,), (17,))


@pytest.mark.parametrize("id_", ["us/att", "us/firstnet", "us/sprint", "us/t-mobile", "us/verizon"])
def test_us_editions_judge_attachment_and_never_decide_on_nr(id_: str) -> None:
    for one in PROFILES.carrier(id_).editions:
        kinds = [rule.kind for rule in one.requirements]
        assert {"attach", "registered"} <= set(kinds)
        assert {rule.level for rule in one.requirements if isinstance(rule, BandRule) and rule.rat == "nr"} <= {
            "informative"
        }


def test_mandatory_rests_on_two_publishers_or_the_carrier() -> None:
    for id_ in PROFILES.ids():
        for one in PROFILES.carrier(id_).editions:
            for rule in one.requirements:
                if isinstance(rule, BandRule) and rule.level == "mandatory":
                    assert rule.evidence_count >= 2 or rule.authority in {"carrier", "regulator"}, (
                        f"{id_}@{one.as_of} {rule.id}"
                    )


def test_any_of_of_shipped_profiles_nest_in_spectrum() -> None:
    for id_ in PROFILES.ids():
        for one in PROFILES.carrier(id_).editions:
            for rule in one.requirements:
                if isinstance(rule, BandRule) and rule.rat == "lte":
                    near = {*overlaps.supersets(rule.band), *overlaps.subsets(rule.band)}
                    assert all(a.band in near or a.relation == "alternative" for a in rule.any_of), rule.id


def test_the_retail_expectation_needs_a_global_rom_and_google_apps() -> None:
    (found,) = PROFILES.select(["intl/google-global"])
    kinds = {rule.kind: rule for rule in found.edition.requirements}
    assert kinds.keys() == {"rom_region", "google_apps"}
    assert "china" not in kinds["rom_region"].any_of  # type: ignore[union-attr]
    assert "global" in kinds["rom_region"].any_of  # type: ignore[union-attr]


def test_shipped_files_have_no_fault_and_no_warning() -> None:
    from harness.carriers.files import lint

    assert PROFILES.lint() == []
    assert lint(SHEETS.paths.values()) == []
