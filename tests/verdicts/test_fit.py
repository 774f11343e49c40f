"""Fits are what `judge` says, made fast: the same outcomes for every device and carrier, and honest words."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_cases import (
    ADVERTISED_LIST,
    IN_SERVICE,
    OWN,
    POLICY_LIST,
    alternative,
    attach,
    band,
    cell,
    enabled,
    handset,
    identity,
    known,
    listed,
    modem,
    no_restriction,
    registered,
    selected,
    sheet,
    sim,
)

from harness.carriers.edition import Alias, OldNetwork
from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles, Selected
from harness.observations import Grade
from harness.radio.tables import bands_of
from harness.requirements.band import BandRule
from harness.requirements.bands.declared import declared_for, declared_of
from harness.requirements.bound import Bound
from harness.requirements.coverage import CoverageRule
from harness.requirements.registered import RegisteredRule
from harness.requirements.rom_region import RomRegionRule
from harness.requirements.volte import VolteRule
from harness.survey.reading import read_device
from harness.verdicts.fit.ranking import Fit, KnownDevice, Offers, ranked
from harness.verdicts.judge import judge
from harness.verdicts.listing import survey_without_device
from harness.verdicts.verdict import Outcome, worst

FIXTURES = sorted(path.name for path in (Path(__file__).parents[2] / "fixtures").iterdir() if path.is_dir())
DAYS = (date(2014, 1, 1), date(2026, 6, 1))


def everywhere(day: date) -> list[Selected]:
    profiles = Profiles()
    carriers = [profiles.carrier(id_) for id_ in profiles.ids()]
    return [Selected(one, found, day) for one in carriers if (found := profiles.edition(one, day)) is not None]


def one(device: KnownDevice, chosen: Selected, **more) -> Fit:
    return Offers([chosen], **more).fits(device)[0]


def judged(device: KnownDevice, chosen: Selected, policy: str, grade: Grade) -> dict[str, Outcome]:
    return {
        rule.id: judge(device.bound, chosen, rule, policy=policy, require_grade=grade).outcome
        for rule in chosen.edition.requirements
    }


def told(fit: Fit) -> dict[str, Outcome]:
    return {
        **{answer.rule.id: answer.outcome for answer in fit.answer.bands},
        **{verdict.requirement: verdict.outcome for verdict in fit.others},
    }


def assert_as_judged(device: KnownDevice, offers: Offers, policy: str, grade: Grade) -> None:
    for fit in offers.fits(device):
        edition = fit.selected.edition
        asked = judged(device, fit.selected, policy, grade)
        coverage = {rule.id for rule in edition.requirements if isinstance(rule, CoverageRule)}
        assert told(fit) == {id_: outcome for id_, outcome in asked.items() if id_ not in coverage}, fit.selected.ref
        bands = [
            rule.id
            for rule in edition.requirements
            if isinstance(rule, BandRule | CoverageRule) and rule.level != "informative"
        ]
        assert tuple(verdict.outcome for verdict in fit.others) == fit.other_outcomes
        # A device that was not read is lost, also where nothing that decides is asked of it.
        lost = [Outcome.ERROR] if device.unread else []
        whole = worst([*(asked[id_] for id_ in bands), *lost])
        if fit.selected.ended():
            assert fit.band_fit is Outcome.NA
        elif whole in {Outcome.INCONC, Outcome.FAIL, Outcome.ERROR}:
            assert fit.band_fit is whole
        else:
            assert fit.band_fit in {whole, Outcome.INCONC}


@pytest.mark.parametrize("policy", ["service", "strict"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_fixture_fits_as_it_is_judged_at_every_carrier(policy, day):
    everyone, sheets = everywhere(day), Sheets()
    grades = {"service": Grade.DECLARED, "strict": Grade.OBSERVED if day == DAYS[0] else Grade.DECLARED}
    offers = Offers(everyone, policy, grades[policy])
    for name in FIXTURES if day == DAYS[1] else FIXTURES[::4]:
        survey = read_device(f"fixture:{name}")
        assert_as_judged(known(survey, declared_for(survey, sheets)[0]), offers, policy, grades[policy])


NUMBERS = (2, 4, 12, 17, 66, 71)
FACTS = st.lists(
    st.sampled_from(
        [
            listed(2, 4, 12),
            listed(2, 17, 66, layer=POLICY_LIST),
            listed(12, 66, layer=ADVERTISED_LIST),
            listed(2, 4, layer=None),
            no_restriction(),
            enabled(2, 66),
            cell(12),
            cell(17, None, band_source="reported"),
            cell(66, 66786, active=False),
            sim(),
            sim("310260"),
            sim(None),
            sim(OWN, state="pin_required"),
            registered(),
            registered("denied", cause="15"),
            identity(rom_region="china"),
        ]
    ),
    max_size=6,
)
RULES = st.lists(
    st.builds(
        band,
        st.sampled_from(NUMBERS),
        level=st.sampled_from(["mandatory", "recommended", "informative"]),
        needed=st.sampled_from(["declared", "observed", "measured"]),
        any_of=st.lists(
            st.builds(alternative, st.sampled_from((4, 66, 25)), st.sampled_from(["superset", "alternative"])),
            max_size=2,
            unique_by=lambda other: other.band,
        ).map(tuple),
    ),
    max_size=4,
    unique_by=lambda rule: rule.band,
)
OTHERS = (
    attach(),
    RegisteredRule(id="T-REGISTERED", level="mandatory"),
    VolteRule(id="T-VOLTE", level="recommended"),
    RomRegionRule(id="T-ROM", level="mandatory", any_of=("global",)),
    CoverageRule(id="T-COVERAGE", level="mandatory"),
)
ALIASES = (
    Alias(band=17, satisfied_by=12, since="2015-08", reason="MFBI"),
    Alias(band=12, satisfied_by=17, since="2015-08", reason="MFBI"),
)


@settings(max_examples=150, deadline=None)
@given(
    facts=st.lists(FACTS, min_size=1, max_size=4),
    declared=st.lists(st.one_of(st.none(), st.frozensets(st.sampled_from(NUMBERS))), min_size=4, max_size=4),
    rules=st.lists(RULES, min_size=1, max_size=3),
    others=st.sets(st.sampled_from(range(len(OTHERS)))),
    policy=st.sampled_from(["service", "strict"]),
    grade=st.sampled_from(list(Grade)),
    make=st.sampled_from([modem, handset]),
    trouble=st.sampled_from([None, None, "went away"]),
)
def test_what_is_remembered_of_one_device_never_answers_for_another(
    facts, declared, rules, others, policy, grade, make, trouble
):
    more = [OTHERS[index] for index in others]
    carriers = [
        selected(*found, *more, aliases=ALIASES if index else (), host="us/att" if index == 2 else None)
        for index, found in enumerate(rules)
        if found or more
    ]
    offers = Offers(carriers, policy, grade)
    for number, told_ in enumerate(facts):
        lists = declared[number]
        device = known(make(*told_, trouble=trouble), None if lists is None else sheet(*lists))
        assert_as_judged(device, offers, policy, grade)


def test_a_carrier_without_a_confirmed_low_band_is_never_a_pass():
    chosen = selected(band(3, role="capacity"), band(20, role="coverage", level="informative"))
    fit = one(known(handset(), sheet(3, 20)), chosen)
    assert fit.band_fit is Outcome.INCONC
    assert "no band below 1 GHz of this carrier has two publishers" in fit.reason


def test_a_carrier_that_truly_has_no_low_band_can_pass():
    chosen = selected(band(3, role="capacity"))
    edition = replace_edition(chosen, without_low_band="licence at 1800 MHz only")
    assert one(known(handset(), sheet(3)), edition).band_fit is Outcome.PASS


def replace_edition(chosen: Selected, **more) -> Selected:
    import msgspec

    return replace(chosen, edition=msgspec.structs.replace(chosen.edition, **more))


def test_no_shipped_profile_without_a_confirmed_low_band_passes_a_device_with_every_band():
    everything = sheet(*bands_of("lte"), nr=tuple(bands_of("nr")), umts=tuple(bands_of("umts")))
    by_id = {fit.selected.carrier.id: fit for fit in Offers(everywhere(DAYS[1])).fits(known(handset(), everything))}
    for id_ in ("sg/m1", "vn/viettel-mobile", "za/telkom", "za/rain", "sa/mobily"):
        assert by_id[id_].band_fit is Outcome.INCONC, id_
        assert "no band below 1 GHz of this carrier has two publishers" in by_id[id_].reason
    assert by_id["us/att"].band_fit is Outcome.PASS


def test_an_edition_that_asks_for_no_band_is_open():
    fit = one(known(handset(), sheet(3)), selected(RegisteredRule(id="T-R", level="mandatory")))
    assert fit.band_fit is Outcome.INCONC
    assert fit.reason


def test_an_ended_network_serves_nobody():
    import msgspec

    chosen = selected(band(12))
    gone = replace(chosen, carrier=msgspec.structs.replace(chosen.carrier, ended="2020", status="historical"))
    fit = one(known(handset(), sheet(12)), gone)
    assert fit.band_fit is Outcome.NA
    assert fit.best_rat == "none: the network ended 2020"


@pytest.mark.parametrize("order", [1, -1])
def test_what_ended_or_is_only_announced_never_answers_for_what_is_on(order):
    import msgspec

    chosen = selected(band(12), attach())
    gone = replace(chosen, carrier=msgspec.structs.replace(chosen.carrier, ended="2020", status="historical"))
    later = replace(chosen, asked=date(2030, 1, 1))
    offers = Offers([chosen, gone, later][::order])
    survey, declared = handset(), sheet(12)
    for today in (None, date(2026, 6, 1), date(2031, 1, 1))[::order]:
        device = KnownDevice(Bound.of(survey, declared, today=today))
        assert_as_judged(device, offers, "service", Grade.DECLARED)
        foretold = Outcome.PASS_NOTE if today == date(2026, 6, 1) else Outcome.PASS
        assert [fit.band_fit for fit in offers.fits(device)][::order] == [Outcome.PASS, Outcome.NA, foretold]


def test_the_reason_names_the_worst_missing_role():
    chosen = selected(
        band(2, role="capacity"), band(71, role="extended"), band(12, role="coverage-primary"), band(4, role="capacity")
    )
    fit = one(known(handset(), sheet(4)), chosen)
    assert fit.answer.gap == "coverage-primary"
    assert fit.reason.startswith("without B12: the main coverage band, so no service indoors")
    assert fit.reason.index("without B2: a capacity band") < fit.reason.index("without B71: an extended band")


def test_a_missing_recommended_band_is_noted_and_named():
    fit = one(known(handset(), sheet(12)), selected(band(12), band(2, level="recommended", role="capacity")))
    assert fit.band_fit is Outcome.PASS_NOTE
    assert fit.answer.missing == ("B2",)
    assert fit.answer.gap == "capacity"


def test_a_band_that_another_stands_in_for_is_not_missing():
    chosen = selected(band(12), band(4, any_of=(alternative(66),)))
    fit = one(known(handset(), sheet(12, 66)), chosen)
    assert (fit.band_fit, fit.answer.missing, fit.answer.stood_in) == (Outcome.PASS_NOTE, (), ("B4",))
    assert fit.best_rat == "LTE in part (B12)"  # it may miss cells outside its part
    strict = one(known(handset(), sheet(12, 66)), chosen, policy="strict")
    assert (strict.band_fit, strict.answer.missing) == (Outcome.FAIL, ("B4",))


def test_a_declared_alias_is_a_band_that_works():
    chosen = selected(band(17, role="coverage-primary"), aliases=ALIASES)
    fit = one(known(handset(), sheet(12)), chosen)
    assert (fit.band_fit, fit.best_rat) == (Outcome.PASS_NOTE, "LTE on all bands listed")


def test_a_handset_that_tells_nothing_and_has_no_sheet_is_open_everywhere():
    fits = Offers(everywhere(DAYS[1])).fits(known(handset()))
    assert {fit.band_fit for fit in fits if not fit.selected.ended()} == {Outcome.INCONC}
    assert {fit.answer.gap for fit in fits} == {"open"}


def test_a_device_that_could_not_be_read_is_an_error_whatever_others_were():
    offers = Offers([selected()])
    assert offers.fits(known(handset(), sheet(12)))[0].band_fit is Outcome.PASS
    gone = offers.fits(known(handset(trouble="unplugged"), sheet(12)))[0]
    assert (gone.band_fit, gone.reason) == (Outcome.ERROR, "unplugged")


def test_a_network_that_ended_asks_nothing_of_a_device_that_could_not_be_read():
    import msgspec

    chosen = selected(band(12), RegisteredRule(id="T-REG", level="mandatory"))
    ended = replace(chosen, carrier=msgspec.structs.replace(chosen.carrier, ended="2020", status="historical"))
    device = known(handset(trouble="unplugged"), sheet(12))
    fit = one(device, ended)
    assert (fit.band_fit, fit.reason) == (Outcome.NA, "the network ended 2020")
    assert set(judged(device, ended, "service", Grade.DECLARED).values()) == {*told(fit).values()} == {Outcome.NA}


@pytest.mark.parametrize("level", ["mandatory", "recommended"])
@pytest.mark.parametrize("policy", ["service", "strict"])
def test_a_device_with_none_of_a_carriers_lte_bands_fails_whatever_their_level(level, policy):
    rules = [band(number, level=level) for number in (12, 2)]
    chosen = selected(*rules, band(71, level="informative"), band(66, "nr", level="recommended"))
    offers = Offers([chosen], policy)
    for lte, outcome in (((71,), Outcome.FAIL), ((2, 71), None), ((), Outcome.FAIL)):
        device = known(handset(), sheet(*lte, nr=(66,)))
        fit = offers.fits(device)[0]
        assert told(fit) == judged(device, chosen, policy, Grade.DECLARED)
        assert fit.band_fit is (
            outcome or (Outcome.PASS_NOTE if (level, policy) == ("recommended", "service") else Outcome.FAIL)
        )
        if level == "recommended" and policy == "service":
            assert ("none of the carrier's LTE bands" in fit.offer.verdict(device, rules[0]).reason) is (
                outcome is not None
            )


def test_a_band_that_is_open_or_stood_in_for_is_not_none_at_all():
    stood = band(12, level="recommended", any_of=(alternative(17, "subset"),))
    chosen = selected(stood, band(2, level="recommended"))
    for device in (known(handset(), sheet(17)), known(modem(listed(4), enabled(4)), None)):
        for fit in Offers([chosen], "service").fits(device):
            assert told(fit) == judged(device, chosen, "service", Grade.DECLARED)
    assert one(known(handset(), sheet(17)), chosen).band_fit is Outcome.PASS_NOTE
    assert one(known(handset()), chosen).band_fit is Outcome.INCONC


def test_without_a_device_nothing_of_a_sim_is_asked_and_all_is_declared():
    match = Sheets().lookup("xiaomi/mi-mix-2#global")
    device = known(survey_without_device(match), declared_of(match), without_device=True)
    fits = Offers(everywhere(DAYS[1])).fits(device)
    kinds = {"ATTACH", "REGISTERED", "VOLTE"}
    assert not [v for fit in fits for v in fit.others if v.requirement.rpartition("-")[2] in kinds]
    assert {fit.answer.grade for fit in fits if fit.answer.listed} == {Grade.DECLARED}


def networks(*of: OldNetwork) -> Selected:
    import msgspec

    chosen = selected(band(12, role="coverage-primary"), band(2, role="capacity"))
    return replace(chosen, carrier=msgspec.structs.replace(chosen.carrier, networks=of))


CLOSED = OldNetwork(rat="umts", status="closed", until="2022-02", bands=(2, 5))
DAY_AFTER, DAY_BEFORE = date(2024, 6, 1), date(2021, 6, 1)


@pytest.mark.parametrize(
    ("day", "lte", "umts", "words", "volte"),
    [
        (DAY_BEFORE, (2,), (2, 5), "LTE on capacity bands only (B2); 3G (UMTS 2 UMTS 5) until 2022-02", "not_required"),
        (
            DAY_BEFORE,
            (2,),
            (2,),
            "LTE on capacity bands only (B2); 3G (UMTS 2, not UMTS 5) until 2022-02",
            "not_required",
        ),
        (DAY_BEFORE, (2, 12), (1,), "LTE on all bands listed", "required"),
        (DAY_BEFORE, (2, 12), None, "LTE on all bands listed; 3G until 2022-02 not known", "unknown"),
        (DAY_AFTER, (2,), (2, 5), "LTE on capacity bands only (B2)", "required"),
        (DAY_AFTER, (12,), (2, 5), "LTE in part (B12)", "required"),
        (DAY_AFTER, (), (2, 5), "no LTE", "required"),
    ],
)
def test_the_best_usable_technology_in_words(day, lte, umts, words, volte):
    chosen = replace(networks(CLOSED), asked=day)
    fit = one(known(handset(), sheet(*lte, umts=umts)), chosen)
    assert (fit.best_rat, fit.volte) == (words, volte)


@pytest.mark.parametrize(
    ("network", "words", "volte"),
    [
        (
            OldNetwork(rat="umts", status="planned", until="2023-01", bands=(1,)),
            "3G (UMTS 1) if still on air",
            "unknown",
        ),
        (OldNetwork(rat="umts", status="unknown", bands=(1,)), "3G (UMTS 1) if still on air", "unknown"),
        (OldNetwork(rat="gsm", status="live"), "2G, on bands that the profile does not tell", "unknown"),
        (OldNetwork(rat="cdma", status="live"), "CDMA: whether the device has it is not told", "unknown"),
        (OldNetwork(rat="umts", status="live", bands=(1,)), "3G (UMTS 1)", "not_required"),
    ],
)
def test_what_the_profile_does_not_know_of_an_older_network_stays_unknown(network, words, volte):
    fit = one(known(handset(), sheet(2, 12, umts=(1,))), networks(network))
    assert (fit.best_rat, fit.volte) == (f"LTE on all bands listed; {words}", volte)


def test_capacity_bands_only_is_not_said_while_the_coverage_band_is_open():
    fit = one(known(modem(listed(2, layer=POLICY_LIST), *IN_SERVICE)), selected(band(2, role="capacity"), band(12)))
    assert "capacity bands only" in fit.best_rat  # the policy of this carrier's own SIM removed it
    open_ = one(known(handset(cell(2, 900), *IN_SERVICE)), selected(band(2, role="capacity"), band(12)))
    assert open_.best_rat == "LTE in part (B2), whether on a coverage band is not known"


def test_the_best_fit_stands_first():
    good, noted = selected(band(12)), selected(band(12), band(2, level="recommended", role="capacity"))
    open_, bad = selected(band(12), CoverageRule(id="T-C", level="mandatory")), selected(band(12), band(71))
    fits = ranked(Offers([bad, open_, noted, good]).fits(known(handset(), sheet(12))))
    assert [fit.band_fit.name for fit in fits] == ["PASS", "PASS_NOTE", "FAIL", "INCONC"]
    assert [fit.answer.scale for fit in fits] == ["works", "works with gaps", "works with gaps", "not known"]


def test_one_more_device_costs_far_less_than_its_fifty_milliseconds():
    match = Sheets().lookup("xiaomi/mi-mix-2#global")
    offers = Offers(everywhere(DAYS[1]))
    start = time.process_time()
    for _ in range(10):
        device = known(survey_without_device(match), declared_of(match), without_device=True)
        assert len([fit.reason for fit in ranked(offers.fits(device))]) > 200
    assert (time.process_time() - start) / 10 < 0.05
