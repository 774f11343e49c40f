"""Claims about the Mi MIX, the Mi MIX 2 and the Mi 6 (`seed_claims.yaml`)."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from seed_claims import SHEETS, US_2024, at, by_sheet, of_rules, recorded
from verdict_cases import handset, judged, outlooked

from harness.carriers.edition import OldNetwork
from harness.carriers.store import Selected
from harness.observations import Identity
from harness.probes.adb.identity.properties import read_properties
from harness.requirements.bands.declared import declared_for, declared_of
from harness.requirements.customisation import CustomisationRule
from harness.verdicts.listing import survey_without_device
from harness.verdicts.verdict import Outcome

# --- S0: the Mi MIX and the Mi MIX 2 ---


def test_c001_third_generation_is_the_fallback_and_not_all_there_is() -> None:
    """The claim says 3G only; the published list has LTE 2, 4 and 5, and UMTS without AWS-1700."""
    match = SHEETS.lookup("xiaomi/mi-mix#global")

    def best(ref: str, *umts: int) -> str:
        chosen = at(ref)
        networks = tuple(
            msgspec.structs.replace(network, bands=umts) if network.rat == "umts" else network
            for network in chosen.carrier.networks
        )
        carrier = msgspec.structs.replace(chosen.carrier, networks=networks)
        survey = survey_without_device(match)
        return outlooked(survey, Selected(carrier, chosen.edition, chosen.asked), declared_of(match)).best_rat

    att, t_mobile = best("us/att@2017-03", 2, 5), best("us/t-mobile@2017-10", 2, 4)
    assert att.startswith("LTE in part (B2 B4 B5)")
    assert att.index("; 3G (UMTS 2 UMTS 5) until 2022-02") < att.index("; 2G")
    assert t_mobile.startswith("LTE on capacity bands only")
    assert "3G (UMTS 2, not UMTS 4) until 2022-07-01" in t_mobile
    verizon = by_sheet("xiaomi/mi-mix#global", "us/verizon@2017-05").best_rat
    assert "CDMA until 2022-12-31: whether the device has it is not told" in verizon


def test_an_older_network_whose_bands_are_not_told_is_never_promised() -> None:
    chosen = at("us/att@2017-03")
    network = OldNetwork(rat="umts", status="closed", until="2022-02", bands=None)
    carrier = msgspec.structs.replace(chosen.carrier, networks=(network,))
    match = SHEETS.lookup("xiaomi/mi-mix#global")
    blank = outlooked(
        survey_without_device(match), Selected(carrier, chosen.edition, chosen.asked), declared_of(match)
    ).best_rat
    assert blank.endswith("3G until 2022-02, on bands that the profile does not tell")
    later = outlooked(
        survey_without_device(match), Selected(carrier, chosen.edition, date(2024, 1, 1)), declared_of(match)
    ).best_rat
    assert "3G" not in later


def test_c003_band_fit_is_not_service_and_acceptance_is_not_assessed() -> None:
    """A review found it working on AT&T and T-Mobile, not on Verizon or Sprint, in spite of B13, 25, 26 and 41."""
    for carrier in ("us/att@2017-03", "us/verizon@2017-05", "us/sprint@2013-09"):
        found = by_sheet("xiaomi/mi-mix-2#global", carrier)
        assert (found.band_fit, found.service) == (Outcome.PASS, Outcome.INCONC)
        assert any("accepted models" in item for item in found.not_assessed)
    att = outlooked(
        recorded("xiaomi-mi-mix-2-global"), at("us/att@2017-03"), declared_of(SHEETS.lookup("xiaomi/mi-mix-2#global"))
    )
    assert att.service is Outcome.PASS
    verizon = outlooked(
        recorded("xiaomi-mi-mix-2-global"),
        at("us/verizon@2017-05"),
        declared_of(SHEETS.lookup("xiaomi/mi-mix-2#global")),
    )
    assert (verizon.band_fit, verizon.service) == (Outcome.PASS, Outcome.NA)


@pytest.mark.parametrize(
    ("name", "rom", "apps"),
    [
        ("xiaomi-mi-mix-china", "FAIL", "FAIL"),
        ("xiaomi-mi-mix-global", "PASS", "PASS"),
        ("xiaomi-mi-mix-2-china", "FAIL", "FAIL"),
        ("xiaomi-mi-mix-2-global", "PASS", "PASS"),
    ],
)
def test_the_rom_is_read_from_the_device(name: str, rom: str, apps: str) -> None:
    """C004 and C005: the model number of the Mi MIX is the same for both ROMs."""
    found = of_rules(recorded(name), "intl/google-global")
    assert (found["RETAIL-ROM-GLOBAL"].name, found["RETAIL-GOOGLE-APPS"].name) == (rom, apps)


def test_the_rom_is_never_inferred_from_the_model() -> None:
    nameless = handset(Identity(manufacturer="Xiaomi", model="MIX", codename="lithium", hardware="2016080"))
    assert set(of_rules(nameless, "intl/google-global").values()) == {Outcome.INCONC}


def test_c006_one_variants_list_is_never_lent_to_another() -> None:
    """IV2201 is two band lists; the Mi Note 2 one name and one codename for two."""
    both = SHEETS.match(Identity(manufacturer="OnePlus", model="IV2201"))
    assert (both.status, both.bands) == ("ambiguous", None)
    assert "declare different bands" in both.reason
    for name in ("xiaomi-mi-note-2-china", "xiaomi-mi-note-2-global-edition"):
        unnamed = SHEETS.match(recorded(name).identity)
        assert unnamed.bands is None
    other = handset(
        Identity(manufacturer="OnePlus", model="IV2201", rom_region="india"), sheet="oneplus/nord-ce-2-5g#europe"
    )
    declared, reason = declared_for(other, SHEETS)
    assert declared is None
    assert "is named, but the device says that it is oneplus/nord-ce-2-5g#india" in reason


# --- S1: the Mi 6 ---


def test_c010_partial_coverage_is_told_band_by_band_with_its_role() -> None:
    document = by_sheet("xiaomi/mi-6#global", "us/att@2017-03").as_json()
    assert document["have"] == ["B5"]
    assert document["roles"]["B12"] == "coverage-primary"
    assert document["roles"]["B29"] == "supplementary-dl"
    assert set(document["roles"]) == {"B2", "B4", "B5", "B12", "B17", "B29", "B30"}


def test_c011_a_matrix_and_what_the_carriers_have_in_common() -> None:
    asked = {ref: set(at(ref).edition.bands("lte", "mandatory", "recommended")) for ref in US_2024}
    union = set().union(*asked.values())
    assert union == {2, 4, 5, 12, 13, 14, 17, 29, 30, 46, 48, 66, 71}
    big_three = [asked[ref] for ref in US_2024[:3]]
    assert set.intersection(*big_three) == {2, 4, 5, 66}
    devices = ("xiaomi/mi-mix-2#global", "apple/iphone-12#us", "oneplus/nord-n300-5g#us")
    matrix = {(device, ref): by_sheet(device, ref).band_fit.name for device in devices for ref in US_2024}
    assert [matrix["apple/iphone-12#us", ref] for ref in US_2024] == ["PASS"] * 4
    assert [matrix["xiaomi/mi-mix-2#global", ref] for ref in US_2024] == ["FAIL"] * 4
    assert [matrix["oneplus/nord-n300-5g#us", ref] for ref in US_2024] == ["FAIL", "FAIL", "PASS", "FAIL"]


def test_c012_a_customisation_that_is_missing_fails_and_one_that_is_not_seen_is_open() -> None:
    rule = CustomisationRule(id="TMO-BUILD", level="mandatory", build=("DE2118*",), needed="observed")
    chosen = at("us/t-mobile@2024")
    unlocked, carriers = recorded("oneplus-nord-n200-unlocked"), recorded("oneplus-nord-n200-t-mobile")
    assert judged(carriers, chosen, rule).outcome is Outcome.PASS
    missing = judged(unlocked, chosen, rule)
    assert missing.outcome is Outcome.FAIL
    assert "DE2117" in missing.reason
    assert judged(handset(), chosen, rule).outcome is Outcome.INCONC
    config = CustomisationRule(id="TMO-MBN", level="mandatory", carrier_config=("*TMO*",), needed="observed")
    assert judged(carriers, chosen, config).outcome is Outcome.INCONC


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("[ro.build.tags]: [test-keys]", "signed with test-keys"),
        ("[ro.boot.verifiedbootstate]: [orange]", "boot loader is unlocked"),
        ("[ro.boot.verifiedbootstate]: [yellow]", "key of somebody else"),
        ("[ro.boot.verifiedbootstate]: [red]", "signature is wrong"),
        ("[ro.build.tags]: [release-keys]", None),
        ("[ro.boot.verifiedbootstate]: [green]", None),
        ("[ro.product.model]: [MI 6]", None),
    ],
)
def test_c013_a_shop_rom_shows_by_its_keys_and_its_boot_state(line: str, words: str | None) -> None:
    warnings = read_properties(f"[ro.product.device]: [sagit]\n{line}\n").warnings
    assert warnings == () if words is None else any(words in warning for warning in warnings)
