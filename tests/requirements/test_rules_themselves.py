"""Each kind as a profile writes it: what it asks in words, what is wrong with it, what it tells reports, how it is answered."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from verdict_cases import IN_SERVICE, alternative, attach, band, cell, handset, listed, modem, selected, verdict

from harness.capability_facts import MfbiSupport, UeCategory
from harness.carriers.edition import Alias, Edition
from harness.observations import EnabledBands, GoogleApps, Grade, Identity, Service, Source
from harness.requirements.answers import Answer, all_of, named, told
from harness.requirements.attach import AttachRule
from harness.requirements.band import _part, only_recommended
from harness.requirements.band_enabled import BandEnabledRule
from harness.requirements.bands.layers import BandFact
from harness.requirements.coverage import CoverageRule
from harness.requirements.customisation import CustomisationRule
from harness.requirements.firmware import FirmwareRule
from harness.requirements.google_apps import GoogleAppsRule
from harness.requirements.held import HeldRule
from harness.requirements.mfbi import MfbiRule
from harness.requirements.model import ModelRule
from harness.requirements.network import is_foreign, out_of_service
from harness.requirements.outcomes import Outcome, worst
from harness.requirements.registered import RegisteredRule
from harness.requirements.rom_region import RomRegionRule
from harness.requirements.sweep import SweepRule
from harness.requirements.ue_category import UeCategoryRule
from harness.requirements.volte import VolteRule

P, N, F, I, NA = (Outcome[name] for name in ("PASS", "PASS_NOTE", "FAIL", "INCONC", "NA"))  # noqa: E741
ALIAS = Alias(band=17, satisfied_by=12, since="2015", reason="MFBI")


def edition(**more) -> Edition:
    return Edition(**{"as_of": "2024", "sources": ("t",), "confidence": "A", "requirements": (band(),), **more})


def of(kind, **more):
    return kind(**{"id": "T", "level": "mandatory", **more})


FAULTS = [
    (band(12), [], ""),
    (band(15), [("band",)], "LTE band 15"),
    (band(4, "nr"), [("band",)], "no such band in 3GPP"),
    (band(12, ul_mhz=(699.0, 716.0)), [], ""),
    (band(12, ul_mhz=(600.0, 716.0)), [("ul_mhz",)], "no part of the uplink"),
    (band(12, nr_mode="sa"), [("nr_mode",)], "nr_mode is of NR bands"),
    (band(71, "nr", level="informative", nr_mode="sa"), [], ""),
    (band(12, listed_since="2020", listed_source="a list"), [], ""),
    (band(12, listed_since="2020-02-31", listed_source="a list"), [("listed_since",)], "no date of the calendar"),
    (band(12, listed_since="2020"), [("listed_since",)], "listed_source is missing"),
    (band(71, "nr"), [("level",)], "every phone without 5G would miss it"),
    (band(71, "nr", since="2030"), [], ""),
    (band(71, "nr", level="informative"), [], ""),
    (band(4, any_of=(alternative(66),)), [], ""),
    (band(66, any_of=(alternative(4, "subset"),)), [], ""),
    (band(4, any_of=(alternative(66, "subset"),)), [("any_of", 0, "relation")], "write relation: superset"),
    (band(66, any_of=(alternative(4),)), [("any_of", 0, "relation")], "write relation: subset"),
    (band(4, any_of=(alternative(2),)), [("any_of", 0, "relation")], "its supersets: 10, 66"),
    (band(71, any_of=(alternative(2),)), [("any_of", 0, "relation")], "its supersets: none"),
    (band(4, any_of=(alternative(2, "alternative"),)), [], ""),
    (band(4, any_of=(alternative(15, "alternative"),)), [("any_of", 0, "band")], "15"),
    (band(17, any_of=(alternative(12, "legacy_alias"),)), [("any_of", 0, "relation")], "declare it under aliases"),
    (band(4, any_of=(alternative(4, "alternative"),)), [("any_of",)], "names a band twice"),
    (band(41, "nr", level="informative", any_of=(alternative(7),)), [("any_of", 0, "relation")], "LTE bands only"),
    (attach(lte=(2, 4)), [], ""),
    (attach(lte=(29,)), [("any_of", "lte", 0)], "29"),
    (of(AttachRule, any_of={"lte": ()}), [("any_of",)], "at least one band"),
    (of(AttachRule, any_of={}), [("any_of",)], "at least one band"),
    (of(RegisteredRule), [], ""),
    (of(RegisteredRule, states=()), [("states",)], "home, roaming or both"),
    (of(BandEnabledRule, rat="lte", band=28), [], ""),
    (of(BandEnabledRule, rat="lte", band=15), [("band",)], "15"),
    (of(CoverageRule, candidates={"lte": (8, 28)}), [], ""),
    (of(CoverageRule, candidates={"lte": (8, 3)}), [("candidates", "lte", 1)], "lies above 1 GHz"),
    (of(CustomisationRule), [()], "to look for"),
    (of(CustomisationRule, apps=("com.x",)), [], ""),
    (of(CustomisationRule, build=("x",)), [], ""),
    (of(CustomisationRule, carrier_config=("x",)), [], ""),
    (of(FirmwareRule), [()], "no baseband and no build"),
    (of(FirmwareRule, baseband=("x",)), [], ""),
    (of(FirmwareRule, build=("x",)), [], ""),
    (of(ModelRule, any_of=()), [("any_of",)], "at least one model number"),
    (of(ModelRule, any_of=("x",)), [], ""),
    (of(RomRegionRule, any_of=()), [("any_of",)], "at least one region"),
    (of(RomRegionRule, any_of=("eea",)), [], ""),
    (of(VolteRule, states=()), [("states",)], "at least one of available"),
    (of(VolteRule), [], ""),
    (of(SweepRule, rat="lte", band=12), [], ""),
    (of(HeldRule, rat="nr"), [], ""),
    (of(SweepRule, rat="lte_m", band=15), [("band",)], "15"),
    (of(UeCategoryRule, dl=6), [], ""),
]


@pytest.mark.parametrize(("rule", "places", "words"), FAULTS)
def test_what_is_wrong_with_a_rule_is_named_where_it_stands(rule, places, words):
    found = list(rule.faults(edition()))
    assert [one.path for one in found] == places
    assert all(words in one.message for one in found)


def test_what_depends_on_the_edition():
    legacy = band(17, any_of=(alternative(12, "legacy_alias"),))
    assert not list(legacy.faults(edition(aliases=(ALIAS,))))
    assert list(band(17, any_of=(alternative(85, "legacy_alias"),)).faults(edition(aliases=(ALIAS,))))
    for mode, level, warned in (
        *(("nsa", "mandatory", True), ("either", "recommended", True), ("sa", "mandatory", False)),
        *(("nsa", "informative", False), (None, "mandatory", False)),
    ):
        found = list(band(71, "nr", level=level, nr_mode=mode).faults(edition(nr_required=True)))
        assert [one.path for one in found] == ([("nr_mode",)] if warned else []), (mode, level)


@pytest.mark.parametrize(
    ("rule", "required", "rat"),
    [
        (band(12), False, "lte"),
        (band(12), True, "lte"),
        (band(71, "nr"), False, "nr"),
        (band(71, "nr"), True, "nr_sa"),
        (band(71, "nr", nr_mode="sa"), False, "nr_sa"),
        (band(71, "nr", nr_mode="nsa"), True, "nr_nsa"),
        (band(71, "nr", nr_mode="either"), True, "nr"),
    ],
)
def test_which_nr_is_asked(rule, required, rat):
    assert rule.wanted_rat(edition(nr_required=required)) == rat


@pytest.mark.parametrize(
    ("used", "part", "served"),
    [
        (None, (699, 716), None),
        ((704.0, 716.0), (704, 716), True),
        ((704.0, 716.0), (699, 720), True),
        ((699.0, 710.0), (704, 716), None),
        ((710.0, 720.0), (704, 716), None),
        ((699.0, 704.0), (704, 716), False),
        ((716.0, 720.0), (704, 716), False),
        ((699.0, 720.0), (704, 716), None),
    ],
)
def test_whether_a_part_of_the_band_serves(used, part, served):
    assert band(12, ul_mhz=used).served_by_part(part) is served


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (band(12, role="coverage-primary"), "B12 supported (main coverage)"),
        (band(4, any_of=(alternative(66),), role="capacity"), "B4 or B66 supported (capacity)"),
        (band(71, "nr", nr_mode="sa"), "n71 supported standalone (SA) (coverage)"),
        (band(71, "nr", nr_mode="nsa"), "n71 supported beside LTE (NSA) (coverage)"),
        (band(71, "nr", nr_mode="either"), "n71 supported (coverage)"),
        (attach(lte=(2, 4), nr=(71,)), "attached on one of B2 B4 n71"),
        (of(RegisteredRule, states=("home", "roaming")), "registered for data: home or roaming"),
        (of(BandEnabledRule, rat="nr", band=28), "n28 enabled"),
        (
            of(CustomisationRule, carrier_config=("*ATT*", "x"), apps=("com.att.*",)),
            "carrier configuration *ATT* or x; apps com.att.*",
        ),
        (of(FirmwareRule, baseband=("M*",), build=("a", "b")), "baseband M*; build a or b"),
        (of(ModelRule, any_of=("DE2118", "X")), "model number DE2118 or X"),
        (of(RomRegionRule, any_of=("global", "eea")), "ROM built for global or eea"),
        (of(VolteRule, states=("available", "provisioned")), "VoLTE available and provisioned"),
        (of(SweepRule, rat="lte", band=12), "locked to B12, it attaches on it"),
        (of(HeldRule, rat="nr"), "held to NR, it attaches on it"),
        (of(UeCategoryRule, dl=6, ul=5), "UE category at least DL 6, UL 5"),
        (of(UeCategoryRule, ul=5), "UE category at least UL 5"),
        (of(UeCategoryRule, dl=0), "UE category at least DL 0"),
    ],
)
def test_what_a_rule_asks_in_words(rule, words):
    assert rule.asks() == words


def test_what_a_rule_tells_reports():
    rule = band(4, any_of=(alternative(66),))
    told_ = {
        "role": "coverage",
        "rat": "lte",
        "bands": [4],
        "any_of": [{"band": 66, "relation": "superset", "note": ""}],
    }
    assert rule.particulars() == told_
    assert band(71, "nr", nr_mode="sa").particulars()["nr_mode"] == "sa"
    assert rule.numbers == (4, 66)
    assert rule.bands == (("lte", 4),)
    assert attach(lte=(2, 4)).particulars() == {"serving": {"lte": [2, 4]}}
    assert of(RegisteredRule).particulars() == {"states": ["home"]}
    assert of(RomRegionRule, any_of=("eea",)).particulars() == {"regions": ["eea"]}
    assert of(SweepRule, rat="nr", band=71).particulars() == {"rat": "nr", "band": 71}
    assert of(UeCategoryRule, dl=6).particulars() == {"dl_category": 6, "ul_category": None}


@pytest.mark.parametrize(
    ("rat", "level", "is_listed"),
    [
        *(("lte", "mandatory", True), ("lte", "recommended", True), ("lte", "informative", False)),
        *(("nr", "mandatory", False), ("umts", "mandatory", False)),
    ],
)
def test_lte_bands_that_decide(rat, level, is_listed):
    assert band(2, rat, level=level).is_listed_lte is is_listed


def test_only_recommended():
    recommended, mandatory = band(2, level="recommended"), band(4)
    assert only_recommended([recommended, recommended])
    assert not only_recommended([recommended, mandatory])
    assert not only_recommended([])


@pytest.mark.parametrize(
    ("whole", "part", "words"),
    [
        (66, 4, "its lower part"),
        (12, 17, "its upper part"),
        (41, 38, "a part of it"),
        (66, 66, "a part of it"),
        (66, 200, "a part of it"),
    ],
)
def test_which_part_another_band_covers(whole, part, words):
    assert _part("lte", whole, part) == words


def service(state, grade=Grade.OBSERVED, line=1):
    return Service(name="x", state=state, grade=grade, source=Source(request="r", line=line))


@pytest.mark.parametrize(
    ("states", "outcome", "words"),
    [
        ([], I, "it: not observed"),
        (["on"], P, "it: on"),
        (["registered", "present", "enabled"], P, "it: enabled, present, registered"),
        (["off"], F, "it: off"),
        (["not_registered"], F, "it: not_registered"),
        (["absent", "disabled"], F, "it: absent, disabled"),
        (["on", "off"], I, "it: sources disagree (off, on)"),
        (["unknown"], I, "it: not observed"),
        (["on", "unknown"], P, "it: on"),
    ],
)
def test_a_yes_or_no(states, outcome, words):
    found = told("it", [service(state, line=n) for n, state in enumerate(states)])
    assert (found.outcome, found.reason) == (outcome, words)
    assert found.grade is (Grade.OBSERVED if outcome in {P, F} else None)
    assert len(found.evidence) == len(states)


def test_the_best_source_of_a_yes_tells_its_grade():
    assert told("it", [service("on"), service("on", Grade.MEASURED)]).grade is Grade.MEASURED


@pytest.mark.parametrize(
    ("parts", "outcome", "words", "grade"),
    [
        ([(P, "a", Grade.MEASURED)], P, "a", Grade.MEASURED),
        ([(P, "a", Grade.MEASURED), (P, "b", Grade.OBSERVED)], P, "a; b", Grade.OBSERVED),
        ([(P, "a", Grade.MEASURED), (I, "b", None)], I, "b", None),
        ([(F, "a", Grade.MEASURED), (I, "b", None)], F, "a", Grade.MEASURED),
        ([(F, "a", Grade.MEASURED), (F, "b", None)], F, "a; b", None),
        ([(N, "a", Grade.MEASURED), (P, "b", Grade.OBSERVED)], N, "a", Grade.MEASURED),
    ],
)
def test_the_weightiest_of_several_parts(parts, outcome, words, grade):
    found = all_of([Answer(*part) for part in parts])
    assert (found.outcome, found.reason, found.grade) == (outcome, words, grade)


@pytest.mark.parametrize(
    ("facts", "names", "outcome", "words"),
    [
        ([], ("model",), I, "it: not observed"),
        ([{"model": "SM-G991U"}], ("model",), P, "it SM-G991U"),
        ([{"model": "sm-g991u"}], ("model",), P, "it sm-g991u"),
        ([{"model": "SM-X"}], ("model",), F, "it SM-X: none of SM-G991*"),
        ([{"model": "SM-G991U"}, {"model": "SM-X"}], ("model",), I, "it: sources disagree (SM-G991U, SM-X)"),
        ([{"model": "SM-G991U", "build": "y"}], ("model", "build"), P, "it SM-G991U, y"),
        ([{"build": "y"}], ("model",), I, "it: not observed"),
    ],
)
def test_a_name_against_patterns(facts, names, outcome, words):
    survey = handset(*(Identity(**fact, grade=Grade.OBSERVED, source=Source(line=1)) for fact in facts))
    found = named("it", survey, names, ("SM-G991*",))
    assert (found.outcome, found.reason) == (outcome, words)
    assert found.grade is (Grade.OBSERVED if outcome in {P, F} else None)


def test_outcomes_by_weight():
    assert [one.name for one in Outcome] == ["NA", "PASS", "PASS_NOTE", "WAIVED", "INCONC", "FAIL", "ERROR"]
    assert [one.weight for one in Outcome] == list(range(7))
    assert worst([]) is NA
    assert worst([P, F, I]) is F


ENABLED = of(BandEnabledRule, rat="lte", band=28)


@pytest.mark.parametrize(
    ("lists", "outcome", "words"),
    [
        ([], I, "B28: the enabled bands are not observed"),
        ([None], I, "not restricted, which names no band"),
        ([(3, 28)], P, "B28 is enabled"),
        ([(3,)], F, "B28 is not enabled"),
        ([(3,), (28,)], I, "sources disagree"),
        ([(28,), None], I, "not restricted"),
    ],
)
def test_an_enabled_band(lists, outcome, words):
    found = verdict(modem(*(EnabledBands(rat="lte", bands=one) for one in lists)), ENABLED, selected(ENABLED))
    assert found.outcome is outcome
    assert words in found.reason
    nr = verdict(modem(EnabledBands(rat="nr", bands=(28,))), ENABLED, selected(ENABLED))
    assert nr.outcome is I


APPS = of(GoogleAppsRule)


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (("present", "present", "present"), P),
        (("present", "present", "unknown"), P),
        (("present", "unknown", "present"), I),
        (("unknown", "present", "present"), I),
        (("absent", "present", "present"), F),
        (("present", "absent", "present"), F),
        (("present", "present", "absent"), F),
        (("disabled", "present", "present"), F),
        (("present", "disabled", "present"), F),
        (("present", "present", "disabled"), F),
    ],
)
def test_googles_apps(states, outcome):
    told_ = GoogleApps(**dict(zip(("services", "store", "framework"), states, strict=True)))
    found = verdict(handset(told_), APPS, selected(APPS))
    assert found.outcome is outcome
    assert verdict(modem(told_), APPS, selected(APPS)).outcome is NA
    assert verdict(handset(), APPS, selected(APPS)).outcome is I


def mfbi(supported, **more):
    return MfbiSupport(
        **{"rat": "lte", "supported": supported, "grade": Grade.MEASURED, "source": Source(line=1), **more}
    )


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ([], I),
        ([mfbi(True)], P),
        ([mfbi(False)], F),
        ([mfbi(True), mfbi(False)], I),
        ([mfbi(True, told_once=True)], I),
        ([mfbi(False, told_once=True)], I),
        ([mfbi(True, told_once=True), mfbi(True)], P),
        ([mfbi(True, grade=Grade.OBSERVED)], I),
        ([mfbi(True, rat="nr")], I),
    ],
)
def test_a_multi_band_indicator(facts, outcome):
    rule = of(MfbiRule)
    assert verdict(modem(*facts), rule, selected(rule)).outcome is outcome


def category(dl=None, ul=None, **more):
    return UeCategory(**{"rat": "lte", "dl": dl, "ul": ul, "grade": Grade.MEASURED, "source": Source(line=1), **more})


@pytest.mark.parametrize(
    ("facts", "asked", "outcome"),
    [
        ([], {"dl": 6}, I),
        ([category(6, 5)], {"dl": 6}, P),
        ([category(6, 5)], {"dl": 6, "ul": 5}, P),
        ([category(6, 5)], {"ul": 13}, F),
        ([category(4, 5)], {"dl": 6}, F),
        ([category(4, 5)], {"dl": 6, "ul": 5}, F),
        ([category(12, 13), category(6, 5)], {"dl": 11}, I),
        ([category(6, 5, told_once=True)], {"dl": 6}, I),
        ([category(6, 5, grade=Grade.OBSERVED)], {"dl": 6}, I),
        ([category(999, 5)], {"dl": 6}, I),
        ([category(6, 5, rat="nr")], {"dl": 6}, I),
        ([category(legacy=6)], {"dl": 6}, P),
        ([category(legacy=4)], {"dl": 6}, F),
    ],
)
def test_a_category_by_its_peak_rate(facts, asked, outcome):
    rule = of(UeCategoryRule, **asked)
    assert verdict(modem(*facts), rule, selected(rule)).outcome is outcome


def registration(state, cause=None):
    return SimpleNamespace(state=state, cause=cause)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], ""),
        ([registration("unknown")], ""),
        ([registration("denied")], "registration denied"),
        ([registration("denied", 15)], "registration denied, cause 15"),
        ([registration("not_registered")], "not in service: not registered"),
        ([registration("emergency")], "not in service: limited to emergency calls"),
        (
            [registration("emergency"), registration("not_registered")],
            "not in service: limited to emergency calls, not registered",
        ),
        (
            [registration("not_registered", 11)],
            "not in service: not registered; the network's last refusal had cause 11",
        ),
        ([registration("unknown", 11)], "the network's last refusal had cause 11"),
        ([registration("denied", 15), registration("denied", 7)], "registration denied, cause 7, 15"),
    ],
)
def test_what_a_device_without_service_tells(items, words):
    found = out_of_service(items)
    assert found.partition("; related to ")[0] == words


@pytest.mark.parametrize(
    ("plmn", "own", "host", "foreign"),
    [
        (None, False, None, False),
        ("310410", True, None, False),
        ("26201", False, None, True),
        ("26201", False, "us/att", False),
    ],
)
def test_a_foreign_network(plmn, own, host, foreign):
    assert is_foreign(plmn, SimpleNamespace(broadcasts=lambda _: own, host=host)) is foreign


def test_lists_of_a_modem_are_measured():
    assert verdict(modem(listed(12))).grade is Grade.MEASURED


def test_what_is_enabled_of_another_technology_says_nothing():
    rule = band(12)
    facts = (listed(12), EnabledBands(rat="nr", bands=(71,)), EnabledBands(rat="lte", bands=None))
    advertised = (listed(12), listed(2, layer="advertised"))
    assert verdict(modem(*facts), rule).outcome is P
    for enabled, outcome in (((71,), I), (None, I)):
        told_ = EnabledBands(rat="nr", bands=enabled)
        assert verdict(modem(*advertised, told_), rule).outcome is outcome


@pytest.mark.parametrize(("because", "outcome"), [("once", P), ("silent", P), ("unread", I), ("not_enabled", I)])
def test_a_band_in_use_is_there_where_the_lists_only_leave_it_open(monkeypatch, because, outcome):
    open_ = BandFact(12, None, because, "B12: the lists leave it open")
    monkeypatch.setattr("harness.requirements.bands.facts.measured_fact", lambda *_, own_sim: open_)
    found = verdict(handset(*IN_SERVICE, cell()), band(12))
    assert found.outcome is outcome
    if outcome is P:
        assert (found.grade, found.reason) == (Grade.OBSERVED, "B12 seen in use (attached)")
    denied = BandFact(12, False, "lists", "B12 not listed")
    monkeypatch.setattr("harness.requirements.bands.facts.measured_fact", lambda *_, own_sim: denied)
    assert verdict(handset(*IN_SERVICE, cell()), band(12)).outcome is I
