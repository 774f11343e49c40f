"""Claims about the Mi 5, the Mi Note 2 and band 17 (`seed_claims.yaml`)."""

from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest
from seed_claims import SHEETS, at, by_sheet, recorded, synthetic
from verdict_cases import handset, judged, outlooked, sheet

from harness.carriers.store import Selected
from harness.errors import UsageError
from harness.observations import Grade, SupportedBands
from harness.requirements.band import BandRule
from harness.requirements.bands.declared import declared_for, declared_of
from harness.survey.survey import Survey
from harness.verdicts.listing import survey_without_device, without_device
from harness.verdicts.verdict import Outcome

# --- S2: the Mi 5, the Mi Note 2 and band 17 ---


def test_c020_a_phone_is_judged_by_the_profile_of_its_own_years() -> None:
    """China Mobile is known from its licence of 2013-12-04 on; then it had what its licence gave it, and no B3 or B8."""
    with pytest.raises(UsageError, match="no edition as early as"):
        at("cn/china-mobile@2013-12-03")
    assert at("cn/china-mobile@2016-02").edition.bands("lte") == (39, 40, 41)
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
    assert outlooked(survey_without_device(match), era, declared_of(match)).band_fit is Outcome.PASS
    assert by_sheet("xiaomi/mi-5#china", "us/att@2017-03").band_fit is Outcome.FAIL


def test_c021_only_a_measurement_decides_for_a_device_without_a_declaration() -> None:
    match = SHEETS.lookup("xiaomi/mi-5#us-trial")
    assert (match.status, match.bands) == ("found", None)
    assert without_device(match).outcome is Outcome.INCONC
    chosen = at("us/att@2017-03")
    unread = outlooked(survey_without_device(match), chosen, declared_of(match))
    assert {answer.verdict.outcome for answer in unread.bands} == {Outcome.INCONC}
    for bands, expected in (((2, 4, 5, 12, 17, 29, 30), Outcome.PASS), ((2, 4, 5), Outcome.FAIL)):
        found = outlooked(handset(SupportedBands(rat="lte", bands=bands)), chosen, declared_of(match))
        assert found.band_fit is expected
        assert {answer.verdict.grade for answer in found.bands} == {Grade.MEASURED}


def test_c022_two_model_numbers_of_one_name_have_opposite_verdicts() -> None:
    fits = {}
    for name in ("xiaomi-mi-note-2-china", "xiaomi-mi-note-2-global-edition"):
        survey = recorded(name)
        assert (survey.identity.model, survey.identity.codename) == ("Mi Note 2", "scorpio")
        declared, _ = declared_for(survey, SHEETS)
        fits[name] = outlooked(survey, at("us/att@2017-03"), declared).band_fit
    # The list of the standard edition is from memory, unverified: it decides nothing, and the other's is never lent.
    assert list(fits.values()) == [Outcome.INCONC, Outcome.PASS]


def test_c023_without_band_17_the_reason_names_its_role_and_effect() -> None:
    found = synthetic("us/att@2013-09", 2, 4, 5, 7)
    assert (found.band_fit, found.numbers("missing"), found.numbers("have")) == (Outcome.FAIL, (17,), (4,))
    [answer] = [answer for answer in found.bands if answer.rule.band == 17]
    for text in (answer.sentence, answer.verdict.reason):
        assert "B17" in text
        assert "main coverage band" in text
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
    # In 2015-08 B12 is informative: it is met with a note, and its note counts nowhere.
    [("2013-09", "PASS"), ("2015-07", "PASS"), ("2015-08", "PASS"), ("2017-03", "PASS_NOTE")],
)
@pytest.mark.parametrize("policy", ["strict", "service"])
def test_c023_band_17_stands_in_for_band_12_likewise(on: str, expected: str, policy: str) -> None:
    chosen = at(f"us/att@{on}")
    found = synthetic(f"us/att@{on}", *WITH_17, policy=policy)
    assert found.band_fit.name == expected
    assert found.numbers("missing") == ()
    if expected == "PASS_NOTE":
        rule = next(r for r in chosen.edition.requirements if isinstance(r, BandRule) and r.band == 12)
        verdict = judged(Survey("s", "a", None), chosen, rule, declared=sheet(*WITH_17), policy=policy)  # type: ignore[arg-type]
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
