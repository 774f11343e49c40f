"""Claims about Huawei, the Mi 8, OnePlus and others (`seed_claims.yaml`)."""

from __future__ import annotations

from pathlib import Path

import yaml
from seed_claims import SHEETS, US_2024, at, by_sheet, of_rules, recorded
from verdict_cases import handset, identity, judged, listed, modem, outlooked

from harness.observations import Grade, Identity, Service
from harness.requirements.band import BandRule
from harness.requirements.bands.declared import declared_for, declared_of, match_for
from harness.survey.reading import read_device
from harness.verdicts.listing import compare, survey_without_device, without_device
from harness.verdicts.verdict import Outcome, worst

# --- S3 and S4: Huawei, the Mi 8, OnePlus and others ---


def test_c030_roles_decide_and_impossible_bands_stay_out() -> None:
    survey = recorded("huawei-mate-10-pro-us")
    declared, _ = declared_for(survey, SHEETS)
    assert declared is not None
    assert not {6, 9} & set(declared.bands["lte"] or ())
    service = outlooked(survey, at("us/att@2017-03"), declared, "service")
    assert (service.band_fit, service.numbers("missing_extended")) == (Outcome.PASS_NOTE, (29, 30))
    assert outlooked(survey, at("us/att@2017-03"), declared).numbers("missing") == (29, 30)
    assert {a.rule.level for a in service.bands if a.rule.band in {29, 30}} == {"recommended"}
    assert service.service is Outcome.PASS


def test_c032_the_portfolio_of_2018_as_a_matrix() -> None:
    devices = ("xiaomi/mi-8-explorer#china", "xiaomi/mi-8#global", "xiaomi/mi-mix-2#global", "xiaomi/mi-a1#global")
    carriers = ("us/att@2017-03", "us/verizon@2017-05", "us/t-mobile@2017-10")
    matrix = {device: [by_sheet(device, ref, "service").band_fit.name for ref in carriers] for device in devices}
    assert matrix == {
        "xiaomi/mi-8-explorer#china": ["PASS_NOTE", "FAIL", "PASS_NOTE"],
        "xiaomi/mi-8#global": ["PASS_NOTE", "FAIL", "PASS_NOTE"],
        "xiaomi/mi-mix-2#global": ["PASS", "PASS", "PASS_NOTE"],
        "xiaomi/mi-a1#global": ["FAIL", "FAIL", "FAIL"],
    }


def test_c040_a_device_without_a_marketing_name_is_profiled(tmp_path: Path) -> None:
    """A device on trial tells a number and nothing that a list knows; its own cells still count, as a lower bound."""
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "recording.yaml").write_text(
        "schema: bandproof.recording/1\nid: trial\nprovenance: composed\nsources: [a test]\n", encoding="utf-8"
    )
    exchanges = yaml.safe_load(
        (Path(__file__).parents[2] / "fixtures/xiaomi-mi-mix-2-global/adb.yaml").read_text("utf-8")
    )
    registry = next(one for one in exchanges if one["request"] == "dumpsys telephony.registry")
    sim = "[gsm.sim.state]: [LOADED,ABSENT]\n[gsm.sim.operator.numeric]: [310410,]\n"
    getprop = {
        "request": "getprop",
        "exit_code": 0,
        "elapsed_ms": 9,
        "response": f"[ro.product.model]: [X1-EVT2]\n{sim}",
    }
    (folder / "adb.yaml").write_text(yaml.safe_dump([getprop, registry]), encoding="utf-8")
    survey = read_device(str(folder))
    assert survey.label == "X1-EVT2"
    match = match_for(survey, SHEETS)
    assert (match.status, declared_of(match)) == ("none", None)
    found = outlooked(survey, at("us/att@2017-03"))
    assert found.labels("have") == ("B12",)
    assert found.numbers("missing") == ()
    assert found.band_fit is Outcome.INCONC


def test_c042_a_listing_before_the_phone_and_the_phone_against_the_listing() -> None:
    match = SHEETS.match(Identity(model="CPH2389"))
    assert (match.refs, match.by) == (("oneplus/nord-n300-5g#us",), ("model number CPH2389",))
    before = without_device(match)
    assert before.outcome is Outcome.INCONC
    assert {line.state for line in before.lines} == {"not_observed"}
    seen = compare(recorded("oneplus-nord-n300"), match)
    assert [line.label for line in seen.of("confirmed")] == ["n71"]
    assert seen.of("confirmed")[0].grade is Grade.OBSERVED
    assert seen.outcome is Outcome.INCONC
    declared = match.bands.of("lte") if match.bands else None
    assert declared is not None
    more = compare(modem(listed(*declared, 14), identity(model="CPH2389")), match)
    assert [line.label for line in more.found_not_declared] == ["B14"]
    assert more.outcome is Outcome.FAIL
    assert {line.outcome for line in more.of("not_observed", rat="nr")} == {Outcome.INCONC}


def test_c045_google_apps_and_bands_are_two_results() -> None:
    survey = recorded("xiaomi-mi-a1")
    declared, _ = declared_for(survey, SHEETS)
    assert of_rules(survey, "intl/google-global")["RETAIL-GOOGLE-APPS"] is Outcome.PASS
    att = outlooked(survey, at("us/att@2017-03"), declared)
    assert (att.band_fit, att.numbers("have")) == (Outcome.FAIL, (5,))
    home = outlooked(survey, at("de/telekom@2024-06"), declared, "service")
    assert (home.band_fit, home.numbers("missing_extended")) == (Outcome.PASS_NOTE, (28,))


def test_c046_an_announced_name_leads_to_the_released_one() -> None:
    for said in ("12 Ultra", "Xiaomi 12S Ultra"):
        found = SHEETS.match(Identity(manufacturer="Xiaomi", market_name=said))
        assert found.refs == ("xiaomi/12s-ultra#china",)
        assert found.sheet is not None
        assert "Announced as 12 Ultra" in found.sheet.note
    number = SHEETS.match(Identity(model="2203121C", codename="thor"))
    assert number.refs == ("xiaomi/12s-ultra#china",)


def test_c047_a_declaration_alone_never_claims_a_measurement() -> None:
    for ref in US_2024:
        found = by_sheet("apple/iphone-12#us", ref)
        assert found.band_fit is Outcome.PASS
        assert {answer.verdict.grade for answer in found.bands} == {Grade.DECLARED}
    chosen = at("us/att@2024")
    match = SHEETS.lookup("apple/iphone-12#us")
    required = [
        judged(
            survey_without_device(match), chosen, rule, declared=declared_of(match), require_grade=Grade.MEASURED
        ).outcome
        for rule in chosen.edition.requirements
        if isinstance(rule, BandRule) and rule.level != "informative"
    ]
    assert set(required) == {Outcome.INCONC}
    assert worst(required) is Outcome.INCONC


def test_an_unrooted_handset_with_services_alone_stays_open() -> None:
    found = outlooked(handset(Service(name="ims", state="registered")), at("us/att@2024"))
    assert {answer.verdict.outcome for answer in found.bands} == {Outcome.INCONC}
    assert found.best_rat.startswith("LTE not known")
