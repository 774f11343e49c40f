"""Published claims about phones and carriers, and what the facts say of each (`seed_claims.yaml`)."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from verdict_cases import handset, identity, listed, modem, sheet

from harness.carriers.model import BandRule, CustomisationRule, Network
from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles, Selected
from harness.errors import UsageError
from harness.observations import Grade, Identity, Service, SupportedBands
from harness.probes.adb.properties import read_properties
from harness.survey.model import Survey
from harness.survey.reading import read_device
from harness.verdicts.declared import declared_for, declared_of, match_for
from harness.verdicts.judge import judge
from harness.verdicts.listing import compare, survey_without_device, without_device
from harness.verdicts.model import Outcome, worst
from harness.verdicts.outlook import Outlook, outlook

CLAIMS = yaml.safe_load(Path(__file__).with_name("seed_claims.yaml").read_text(encoding="utf-8"))["claims"]
PROFILES, SHEETS = Profiles(), Sheets()
NUMBERS = (1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 13, *range(20, 27), 30, 31, 32, *range(40, 48))
US_2024 = ("us/att@2024", "us/verizon@2024", "us/t-mobile@2024", "us/firstnet@2023")


def at(ref: str) -> Selected:
    return PROFILES.select([ref])[0]


def by_sheet(ref: str, carrier: str, policy: Any = "strict") -> Outlook:
    """A device that is known by its declaration alone."""
    match = SHEETS.lookup(ref)
    return outlook(survey_without_device(match), at(carrier), declared_of(match), policy)


def synthetic(carrier: str, *lte: int, policy: Any = "strict") -> Outlook:
    return outlook(Survey("synthetic", "without device", None), at(carrier), sheet(*lte), policy)


@cache
def recorded(name: str) -> Survey:
    return read_device(f"fixture:{name}")


def of_rules(survey: Survey, ref: str) -> dict[str, Outcome]:
    chosen = at(ref)
    return {rule.id: judge(survey, chosen, rule).outcome for rule in chosen.edition.requirements}


# --- the table ---


def test_every_claim_is_here_and_shown_by_something() -> None:
    assert [claim["id"] for claim in CLAIMS] == [f"C{number:03}" for number in NUMBERS]
    for claim in CLAIMS:
        assert claim.get("verdicts") or claim.get("tests"), claim["id"]
        assert all(callable(globals().get(name)) for name in claim.get("tests", ())), claim["id"]


ROWS = [
    pytest.param(row, policy, id=f"{claim['id']}-{row['device'].partition('/')[2]}-{row['at']}-{policy}")
    for claim in CLAIMS
    for row in claim.get("verdicts", ())
    for policy in ("strict", "service")
]


@pytest.mark.parametrize(("row", "policy"), ROWS)
def test_verdicts_of_the_claims(row: dict[str, Any], policy: str) -> None:
    found = by_sheet(row["device"], row["at"], policy)
    assert found.band_fit.name == row[policy], found.as_json()
    missing = set(row.get("missing", ()))
    extended = set(row.get("missing_extended", ())) if policy == "service" else set()
    if "missing" in row:
        assert set(found.numbers("missing")) == missing - extended
        assert set(found.numbers("missing_extended")) == extended
    if "have" in row:
        listed_here = {answer.rule.band for answer in found.bands}
        assert set(found.numbers("have")) == set(row["have"]) & listed_here == set(row["have"])
    if "says" in row:
        told = [found.best_rat, *found.as_json()["sentences"]]
        assert any(row["says"] in text for text in told), told


def test_nothing_declared_is_ever_measured() -> None:
    for claim in CLAIMS:
        for row in claim.get("verdicts", ()):
            grades = {answer.verdict.grade for answer in by_sheet(row["device"], row["at"]).bands}
            assert grades <= {Grade.DECLARED, None}


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
        return outlook(survey, Selected(carrier, chosen.edition, chosen.asked), declared_of(match)).best_rat

    att, t_mobile = best("us/att@2017-03", 2, 5), best("us/t-mobile@2017-10", 2, 4)
    assert att.startswith("LTE in part (B2 B4 B5)")
    assert att.index("; 3G (UMTS 2 UMTS 5) until 2022-02") < att.index("; 2G")
    assert t_mobile.startswith("LTE on capacity bands only")
    assert "3G (UMTS 2, not UMTS 4) until 2022-07-01" in t_mobile
    verizon = by_sheet("xiaomi/mi-mix#global", "us/verizon@2017-05").best_rat
    assert "CDMA until 2022-12-31: whether the device has it is not told" in verizon


def test_an_older_network_whose_bands_are_not_told_is_never_promised() -> None:
    chosen = at("us/att@2017-03")
    network = Network(rat="umts", status="closed", until="2022-02", bands=None)
    carrier = msgspec.structs.replace(chosen.carrier, networks=(network,))
    match = SHEETS.lookup("xiaomi/mi-mix#global")
    blank = outlook(
        survey_without_device(match), Selected(carrier, chosen.edition, chosen.asked), declared_of(match)
    ).best_rat
    assert blank.endswith("3G until 2022-02, on bands that the profile does not tell")
    later = outlook(
        survey_without_device(match), Selected(carrier, chosen.edition, date(2024, 1, 1)), declared_of(match)
    ).best_rat
    assert "3G" not in later


def test_c003_band_fit_is_not_service_and_acceptance_is_not_assessed() -> None:
    """A review found it working on AT&T and T-Mobile, not on Verizon or Sprint, in spite of B13, 25, 26 and 41."""
    for carrier in ("us/att@2017-03", "us/verizon@2017-05", "us/sprint@2013-09"):
        found = by_sheet("xiaomi/mi-mix-2#global", carrier)
        assert (found.band_fit, found.service) == (Outcome.PASS, Outcome.INCONC)
        assert any("accepted models" in item for item in found.not_assessed)
    att = outlook(
        recorded("xiaomi-mi-mix-2-global"), at("us/att@2017-03"), declared_of(SHEETS.lookup("xiaomi/mi-mix-2#global"))
    )
    assert att.service is Outcome.PASS
    verizon = outlook(
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
    assert judge(carriers, chosen, rule).outcome is Outcome.PASS
    missing = judge(unlocked, chosen, rule)
    assert missing.outcome is Outcome.FAIL
    assert "DE2117" in missing.reason
    assert judge(handset(), chosen, rule).outcome is Outcome.INCONC
    config = CustomisationRule(id="TMO-MBN", level="mandatory", carrier_config=("*TMO*",), needed="observed")
    assert judge(carriers, chosen, config).outcome is Outcome.INCONC


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


# --- S2: the Mi 5, the Mi Note 2 and band 17 ---


def test_c020_a_phone_is_judged_by_the_profile_of_its_own_years() -> None:
    """The profile of China Mobile is eight years newer than the phone, and no older one is known."""
    with pytest.raises(UsageError, match="no edition as early as"):
        at("cn/china-mobile@2016-02")
    now = at("cn/china-mobile@2024-11")
    licences_of_2013 = tuple(
        rule
        for rule in now.edition.requirements
        if isinstance(rule, BandRule) and rule.band in {39, 40, 41} and rule.rat == "lte"
    )
    assert len(licences_of_2013) == 3
    then = msgspec.structs.replace(
        now.edition, as_of="2016", requirements=licences_of_2013, without_low_band="TD-LTE alone, all above 1 GHz"
    )
    match = SHEETS.lookup("xiaomi/mi-5#china")
    era = Selected(now.carrier, then, date(2016, 12, 31))
    assert outlook(survey_without_device(match), era, declared_of(match)).band_fit is Outcome.PASS
    assert by_sheet("xiaomi/mi-5#china", "us/att@2017-03").band_fit is Outcome.FAIL


def test_c021_only_a_measurement_decides_for_a_device_without_a_declaration() -> None:
    match = SHEETS.lookup("xiaomi/mi-5#us-trial")
    assert (match.status, match.bands) == ("found", None)
    assert without_device(match).outcome is Outcome.INCONC
    chosen = at("us/att@2017-03")
    unread = outlook(survey_without_device(match), chosen, declared_of(match))
    assert {answer.verdict.outcome for answer in unread.bands} == {Outcome.INCONC}
    for bands, expected in (((2, 4, 5, 12, 17, 29, 30), Outcome.PASS), ((2, 4, 5), Outcome.FAIL)):
        found = outlook(handset(SupportedBands(rat="lte", bands=bands)), chosen, declared_of(match))
        assert found.band_fit is expected
        assert {answer.verdict.grade for answer in found.bands} == {Grade.MEASURED}


def test_c022_two_model_numbers_of_one_name_have_opposite_verdicts() -> None:
    fits = {}
    for name in ("xiaomi-mi-note-2-china", "xiaomi-mi-note-2-global-edition"):
        survey = recorded(name)
        assert (survey.identity.model, survey.identity.codename) == ("Mi Note 2", "scorpio")
        declared, _ = declared_for(survey, SHEETS)
        fits[name] = outlook(survey, at("us/att@2017-03"), declared).band_fit
    assert list(fits.values()) == [Outcome.FAIL, Outcome.PASS]


def test_c023_without_band_17_the_reason_names_its_role_and_effect() -> None:
    found = synthetic("us/att@2013-09", 2, 4, 5, 7)
    assert (found.band_fit, found.numbers("missing"), found.numbers("have")) == (Outcome.FAIL, (17,), (4,))
    [answer] = [answer for answer in found.bands if answer.rule.band == 17]
    for text in (answer.sentence, answer.verdict.reason):
        assert "B17" in text
        assert "coverage-primary" in text
        assert "the main coverage band, so no service indoors and far out where only it reaches" in text
        assert "B12 does not stand in for it: no cell announced both numbers before 2015-08" in text


WITH_12, WITH_17 = (2, 4, 5, 7, 12, 29, 30), (2, 4, 5, 7, 17, 29, 30)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2013-09", "FAIL"),
        ("2014-12", "FAIL"),
        ("2015-07", "FAIL"),
        ("2015-07-31", "FAIL"),
        ("2015-08", "PASS_NOTE"),
        ("2016-01", "PASS_NOTE"),
        ("2017-03", "PASS_NOTE"),
    ],
)
@pytest.mark.parametrize("policy", ["strict", "service"])
def test_c023_band_12_stands_in_from_august_2015_and_not_before(on: str, expected: str, policy: str) -> None:
    found = synthetic(f"us/att@{on}", *WITH_12, policy=policy)
    assert found.band_fit.name == expected
    if expected == "FAIL":
        assert found.numbers("missing") == (17,)
    else:
        assert found.numbers("by_alias") == (17,)
        assert found.numbers("missing") == ()
        [answer] = [answer for answer in found.bands if answer.group == "by_alias"]
        assert "B12" in answer.verdict.reason
        assert "MFBI" in answer.verdict.reason


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2013-09", "PASS"), ("2015-07", "PASS"), ("2015-08", "PASS_NOTE"), ("2017-03", "PASS_NOTE")],
)
@pytest.mark.parametrize("policy", ["strict", "service"])
def test_c023_band_17_stands_in_for_band_12_likewise(on: str, expected: str, policy: str) -> None:
    chosen = at(f"us/att@{on}")
    found = synthetic(f"us/att@{on}", *WITH_17, policy=policy)
    assert found.band_fit.name == expected
    assert found.numbers("missing") == ()
    if expected == "PASS_NOTE":
        rule = next(r for r in chosen.edition.requirements if isinstance(r, BandRule) and r.band == 12)
        verdict = judge(Survey("s", "a", None), chosen, rule, declared=sheet(*WITH_17), policy=policy)  # type: ignore[arg-type]
        assert verdict.outcome is Outcome.PASS_NOTE
        assert "MFBI" in verdict.reason


def test_c023_without_both_nothing_stands_in() -> None:
    found = synthetic("us/att@2017-03", 2, 4, 5, 7)
    assert (found.band_fit, found.numbers("missing")) == (Outcome.FAIL, (12, 17, 29, 30))
    mandatory = {answer.rule.band for answer in found.bands if answer.rule.level == "mandatory"}
    assert mandatory >= {12, 17}
    assert not mandatory & {29, 30}


def test_c023_the_extended_bands_of_2017_decide_under_strict_alone() -> None:
    """Without 29 and 30 the device with B12 fails what AT&T lists and serves what it lives on."""
    assert synthetic("us/att@2017-03", 2, 4, 5, 7, 12).numbers("missing") == (29, 30)
    assert synthetic("us/att@2017-03", 2, 4, 5, 7, 12, policy="service").band_fit is Outcome.PASS_NOTE


def test_c024_a_maker_reads_the_gaps_before_any_laboratory() -> None:
    document = by_sheet("xiaomi/mi-6#global", "us/t-mobile@2017-10").as_json()
    assert json.loads(json.dumps(document)) == document
    assert document["missing"] == ["B12", "B4", "B2", "B66", "B71"]
    assert len(document["sentences"]) == 5
    assert all(sentence.startswith("B") for sentence in document["sentences"])


# --- a run and its report ---


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--device=fixture:xiaomi-mi-mix-2-global",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("run")
    result = run(folder, "--carrier=us/att@2017-03", "--report-dir=out")
    assert result.returncode == 0, result.stdout
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def test_c025_a_report_carries_what_a_submission_needs(report: dict[str, Any]) -> None:
    assert "not an accredited report" in report["statement"]
    [device] = report["devices"]
    assert device["identity"].keys() >= {"manufacturer", "model", "codename", "hardware", "build", "baseband"}
    assert device["sims"]
    assert device["provenance"] == "composed"
    assert device["declared_by"] == "xiaomi/mi-mix-2#global"
    assert set(device["declared_bands"]) == {"gsm", "umts", "lte"}
    [edition] = report["editions"]
    assert edition["sources"]
    assert edition["edition"] == "2017-03"
    for verdict in report["verdicts"]:
        assert verdict["verdict"]
        assert verdict["reason"]
        assert verdict.keys() >= {"requirement", "grade", "evidence"}
    assert report["run"].keys() >= {"id", "started", "finished", "tool", "command", "policy"}
    assert report["files"]
    assert all(len(file["sha256"]) == 64 for file in report["files"])


def test_a_report_keeps_band_fit_apart_from_what_a_carrier_does(report: dict[str, Any]) -> None:
    """C007, C030, C031, C041: nothing in a report says that a carrier accepts, sells or carries a device."""
    assert report["statement"].startswith("RF band fit only; not a carrier acceptance")
    assert report["answer"].startswith("RF band fit:")

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    words = ("accept", "certified", "approved", "sold", "offered", "carried")
    assert not [key for key in keys(report) if any(word in key.casefold() for word in words)]
    assert at("us/att@2017-03").edition.not_assessed[0].startswith("the carrier's list of accepted models")


def test_c026_what_fails_or_stays_open_stops_the_gate(tmp_path: Path) -> None:
    assert run(tmp_path, "--carrier=us/att@2024").returncode == 1
    assert run(tmp_path, "--carrier=us/att@2017-03", "--require-grade=measured").returncode == 1


# --- S3 and S4: Huawei, the Mi 8, OnePlus and others ---


def test_c030_roles_decide_and_impossible_bands_stay_out() -> None:
    survey = recorded("huawei-mate-10-pro-us")
    declared, _ = declared_for(survey, SHEETS)
    assert declared is not None
    assert not {6, 9} & set(declared.bands["lte"] or ())
    service = outlook(survey, at("us/att@2017-03"), declared, "service")
    assert (service.band_fit, service.numbers("missing_extended")) == (Outcome.PASS_NOTE, (29, 30))
    assert outlook(survey, at("us/att@2017-03"), declared).numbers("missing") == (29, 30)
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
    found = outlook(survey, at("us/att@2017-03"))
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
    att = outlook(survey, at("us/att@2017-03"), declared)
    assert (att.band_fit, att.numbers("have")) == (Outcome.FAIL, (5,))
    home = outlook(survey, at("de/telekom@2024-06"), declared, "service")
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
        judge(
            survey_without_device(match), chosen, rule, declared=declared_of(match), require_grade=Grade.MEASURED
        ).outcome
        for rule in chosen.edition.requirements
        if isinstance(rule, BandRule) and rule.level != "informative"
    ]
    assert set(required) == {Outcome.INCONC}
    assert worst(required) is Outcome.INCONC


def test_an_unrooted_handset_with_services_alone_stays_open() -> None:
    found = outlook(handset(Service(name="ims", state="registered")), at("us/att@2024"))
    assert {answer.verdict.outcome for answer in found.bands} == {Outcome.INCONC}
    assert found.best_rat.startswith("LTE cannot be told")
