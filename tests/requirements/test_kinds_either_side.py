"""Sweep, VoLTE, coverage, customisation, ICS and combinations: words, numbers and counts to either side."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from test_rules_themselves import of
from test_sweep_rule import FAILS, PASSES, judged
from verdict_cases import IN_SERVICE, OTHER, OWN, cell, handset, listed, modem, sheet, sim, verdict

from harness.binding.binding import bind
from harness.binding.links import LinksHeld
from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers.edition import Bands, DeviceSheet, Variant
from harness.carriers.sheets import SheetMatch
from harness.observations import Grade, Identity, Service, Source, SupportedBands
from harness.requirements.bands import declared as declaring
from harness.requirements.bands.facts import Declared, band_fact
from harness.requirements.bands.layers import BandFact
from harness.requirements.bound import Bound
from harness.requirements.combination import CombinationRule, wanted_of
from harness.requirements.coverage import CoverageRule
from harness.requirements.customisation import CustomisationRule
from harness.requirements.ics import _named
from harness.requirements.outcomes import Outcome
from harness.requirements.sweep import SweepRule, verdict_of_trial
from harness.requirements.volte import VolteRule

P, N, F, I, NA = (Outcome[name] for name in ("PASS", "PASS_NOTE", "FAIL", "INCONC", "NA"))  # noqa: E741


# Sweep


@pytest.mark.parametrize(
    ("change", "outcome", "words"),
    [
        ({"network": "attached"}, P, "after 3.0 s"),
        ({"received_bytes": 0}, N, "no data was seen to come over its bearer"),
        ({"received_bytes": 5}, P, "; 5 bytes came over its bearer"),
        ({"received_bytes": 1}, P, "; 1 byte came over its bearer"),
        ({"rat": "nr", "served_rat": "nr"}, P, "attached anew on n12"),
        ({"rat": "nr", "served_rat": "nr_nsa"}, I, "it is not in force"),
        ({"rat": "nr", "served_rat": "lte"}, I, "it is not in force"),
        ({"served_rat": "nr_sa"}, I, "it is not in force"),
        ({"rat": "lte_m", "served_rat": "lte"}, I, "it is not in force"),
        ({"rat": "lte_m", "served_rat": "nb_iot"}, I, "it is not in force"),
        ({"served_band": 2}, I, "it is not in force"),
        ({"served_band": 66, "announces": (66, 4)}, P, "announced under besides B12"),
        ({"attach_s": 0.0}, P, "after 0.0 s"),
        ({"served_arfcn": 0}, P, "EARFCN 0"),
    ],
)
def test_a_trial_that_registered(change: Any, outcome: Outcome, words: str) -> None:
    found = verdict_of_trial(replace(PASSES, **change))
    assert (found.outcome, words in found.reason) == (outcome, True), found.reason


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"waited_s": 129.9}, I),
        ({"waited_s": 130.0}, F),
        ({"denied": True, "cause": 4}, I),
        ({"denied": True, "cause": 5}, F),
        ({"denied": True, "cause": 6}, F),
        ({"denied": True, "cause": 7}, I),
        ({"denied": True, "cause": None}, I),
        ({"denied": True, "cause": 5, "waited_s": None}, F),
        ({"denied": True, "cause": 5, "card_free": None}, I),
        ({"denied": True, "cause": 5, "doubt": "x"}, I),
        ({"denied": True, "cause": 5, "on_air": None}, I),
        ({"denied": True, "cause": 5, "on_air": False}, I),
        ({"why": "stopped"}, I),
    ],
)
def test_a_trial_that_did_not_register(change: Any, outcome: Outcome) -> None:
    assert verdict_of_trial(replace(FAILS, **change)).outcome is outcome


@pytest.mark.parametrize(
    ("rat", "band", "outcome"),
    [("lte", 12, P), ("lte", 2, I), ("lte", 66, I), ("nr", 12, I), ("lte_m", 12, I), ("nb_iot", 12, I)],
)
def test_a_sweep_is_judged_by_the_trial_of_its_band(rat: Any, band: int, outcome: Outcome) -> None:
    assert judged(of(SweepRule, rat=rat, band=band), PASSES).outcome is outcome


def test_the_weightiest_of_several_trials_counts() -> None:
    rule = of(SweepRule, rat="lte", band=12)
    narrow = replace(PASSES, rat="lte_m", served_rat="lte_m")
    open_ = replace(narrow, fresh=False)
    na = replace(narrow, plan="not_applicable", why="x")
    noted = replace(narrow, received_bytes=0)
    for trials, outcome in (
        ((PASSES, na), P),
        ((na,), NA),
        ((PASSES, noted), N),
        ((noted, open_), I),
        ((open_, replace(FAILS, rat="nb_iot")), F),
    ):
        assert judged(rule, *trials).outcome is outcome
        assert judged(rule, *reversed(trials)).outcome is outcome


# VoLTE, coverage, customisation, ICS


@pytest.mark.parametrize("name", ["ims", "volte_available", "volte_provisioned"])
def test_each_state_of_volte_has_a_service_of_its_own(name: str) -> None:
    states = {"available": "volte_available", "provisioned": "volte_provisioned", "registered": "ims"}
    told = Service(name=name, state="on", source=Source(line=1))
    for state, service in states.items():
        rule = of(VolteRule, states=(state,))
        assert verdict(handset(*IN_SERVICE, told), rule).outcome is (P if service == name else I)
        both = of(VolteRule, states=tuple(states))
        assert verdict(handset(*IN_SERVICE, told), both).outcome is I
    other = replace(told, slot=1)
    rule = of(VolteRule, states=tuple(state for state in states if states[state] == name))
    assert verdict(handset(sim(slot=0), other), rule).outcome is I
    assert verdict(handset(sim(slot=1), other), rule).outcome is P
    assert verdict(handset(sim(OTHER), told), rule).outcome is NA
    assert verdict(handset(told), rule).outcome is I


COVERAGE = of(CoverageRule, candidates={"lte": (5, 12), "nr": (71,)})
WORKS, LACKS = "one list says: works", "one list says: does not reach indoors"


@pytest.mark.parametrize(
    ("has", "nr", "words"),
    [
        ((5, 12), (71,), f"{WORKS} (B5, B12, n71)"),
        ((12,), (), f"{WORKS} (B12)"),
        ((2,), (71,), f"{WORKS} (n71)"),
        ((2,), (41,), f"{LACKS} and far out (no B5, B12, n71)"),
        ((5,), None, f"{WORKS} (B5)"),
        ((2,), None, ""),
        (None, (41,), ""),
    ],
)
def test_what_one_list_says_of_coverage(has: Any, nr: Any, words: str) -> None:
    lte = listed(*has) if has is not None else listed(850, rat="gsm")
    facts = (lte, *([listed(*nr, rat="nr")] if nr is not None else []))
    found = verdict(modem(*IN_SERVICE, *facts), COVERAGE)
    assert found.outcome is I
    assert words in found.reason
    assert (WORKS in found.reason, LACKS in found.reason) == (WORKS in words, LACKS in words)
    assert "(one publisher names B5, B12, n71)" in found.reason


def test_coverage_of_which_nothing_is_named() -> None:
    found = verdict(modem(listed(12)), of(CoverageRule))
    assert "(none is named), so coverage indoors and far out is not known" in found.reason
    assert "one list says" not in found.reason


@pytest.mark.parametrize(
    ("services", "outcome"),
    [
        ([], I),
        ([("app:com.att.one", "enabled")], P),
        ([("app:com.att.one", "disabled")], F),
        ([("app:com.att.one", "disabled"), ("app:com.att.two", "enabled")], P),
        ([("app:com.other", "enabled")], I),
        ([("com.att.one", "enabled")], I),
        ([("bpp:com.att.one", "enabled")], I),
    ],
)
def test_an_app_of_the_carrier(services: Any, outcome: Outcome) -> None:
    told = [Service(name=name, state=state, source=Source(line=1)) for name, state in services]
    assert verdict(handset(*told), of(CustomisationRule, apps=("com.att.*",))).outcome is outcome
    both = of(CustomisationRule, apps=("com.att.*", "com.none"))
    assert verdict(handset(*told), both).outcome is (F if outcome is F else I)


def test_a_configuration_that_the_wrong_sim_brought_fails_nothing_and_passes_what_fits() -> None:
    rule = of(CustomisationRule, carrier_config=("*ATT*",))
    for name, sims, outcome in (
        ("VoLTE-ATT", (sim(),), P),
        ("ROW", (sim(),), F),
        ("ROW", (sim(OTHER),), I),
        ("VoLTE-ATT", (sim(OTHER),), P),
    ):
        survey = modem(Identity(carrier_config=name, source=Source(line=1)), *sims, expected_sim=OWN)
        assert verdict(survey, rule).outcome is outcome


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, ""),
        (1, "B1 (open)"),
        (6, ", ".join(f"B{number} (open)" for number in range(1, 7))),
        (7, ", ".join(f"B{number} (open)" for number in range(1, 7)) + " and 1 more"),
        (9, ", ".join(f"B{number} (open)" for number in range(1, 7)) + " and 3 more"),
    ],
)
def test_six_items_of_a_proforma_are_named(count: int, words: str) -> None:
    lines: Any = [
        SimpleNamespace(item=SimpleNamespace(label=f"B{number}"), state="open") for number in range(1, count + 1)
    ]
    assert _named(lines) == words


# Combinations


def combos(*lists: Any, type_: str = "lte_ca", **more: Any) -> BandCombinations:
    told = {"type": type_, "combinations": lists, "complete": True, "grade": Grade.MEASURED}
    return BandCombinations(**{**told, "source": Source(request="uecap", line=1), **more})


def part(number: int, up: str | None = "A", rat: str = "lte") -> CarrierComponent:
    return CarrierComponent(rat, number, "A", up)


def rule_of(configuration: str, uplink: str = "") -> CombinationRule:
    return of(CombinationRule, configuration=configuration, uplink=uplink)


def test_the_uplink_of_a_combination_is_that_of_its_own_component() -> None:
    type_, wanted = wanted_of(rule_of("CA_2A-12A-66A", "12A"))
    assert type_ == "lte_ca"
    assert [(one.part.band, one.ul) for one in wanted] == [(2, None), (12, "A"), (66, None)]
    _, wanted = wanted_of(rule_of("CA_41A-41A", "41A"))
    assert sorted((one.part.band, one.ul or "") for one in wanted) == [(41, ""), (41, "A")]
    _, wanted = wanted_of(rule_of("DC_66A_n66A", "66A_n66A"))
    assert [(one.part.rat, one.ul) for one in wanted] == [("lte", "A"), ("nr", "A")]
    _, wanted = wanted_of(rule_of("CA_2A-12A"))
    assert [one.ul for one in wanted] == [None, None]
    with pytest.raises(ValueError, match="x"):
        wanted_of(rule_of("x"))


EN_DC = (part(2), part(12), part(71, rat="nr"))


@pytest.mark.parametrize(
    ("rule", "list_", "outcome"),
    [
        (rule_of("CA_2A-12A"), combos((part(2), part(12))), P),
        (rule_of("CA_2A-12A"), combos(EN_DC, type_="en_dc"), P),
        (rule_of("CA_2A-12A"), combos((part(2), part(5)), type_="en_dc"), I),
        (rule_of("CA_2A-12A"), combos((part(2), part(5))), F),
        (rule_of("CA_2A-12A"), combos((part(2), part(5)), complete=None), I),
        (rule_of("CA_n41A-n71A"), combos((part(41, rat="nr"), part(71, rat="nr")), type_="nr_ca"), P),
        (rule_of("CA_n41A-n71A"), combos((part(41, rat="nr"), part(71, rat="nr")), type_="en_dc"), I),
        (rule_of("CA_n41A-n71A"), combos((part(41, rat="nr"), part(71, rat="nr"))), I),
        (rule_of("DC_2A_n71A"), combos((part(2), part(71, rat="nr")), type_="en_dc"), P),
        (rule_of("DC_2A_n71A"), combos((part(2), part(71, rat="nr"))), I),
        (rule_of("DC_2A_n71A"), combos((part(2), part(71, rat="nr")), type_="nr_ca"), I),
    ],
)
def test_which_lists_speak_of_a_combination(rule: Any, list_: Any, outcome: Outcome) -> None:
    assert verdict(modem(*IN_SERVICE, list_), rule).outcome is outcome


def test_a_fallback_is_named_and_the_combination_itself_is_not() -> None:
    rule = rule_of("CA_2A-12A")
    two, three = (part(2), part(12)), (part(2), part(12), part(66))
    for lists, words in (
        ((two,), "CA_2A-12A measured"),
        ((three,), "CA_2A-12A measured as a fallback of CA_2A-12A-66A"),
        ((three, two), "CA_2A-12A measured"),
        (((part(2), part(12), part(30), part(66)), three), "as a fallback of CA_2A-12A-66A"),
    ):
        found = verdict(modem(*IN_SERVICE, combos(*lists)), rule)
        assert found.outcome is P
        assert found.reason.endswith(words)


def test_cells_in_use_together_are_of_one_slot() -> None:
    rule = rule_of("CA_2A-12A")
    second = {"role": "scell", "registered": None, "active": True}
    anchor = cell(2, 850)
    for cells, outcome in (
        ((anchor, cell(**second)), P),
        ((anchor, cell(**{**second, "active": False})), I),
        ((anchor,), I),
        ((replace(anchor, slot=0), cell(slot=1, **second)), I),
        ((replace(anchor, slot=0), cell(slot=0, **second)), P),
        ((anchor, cell(13, 5230, **second)), I),
        ((anchor, cell(4, 2175, **second)), I),
        ((anchor, cell(**second), cell(66, 66786, **second)), P),
    ):
        found = verdict(handset(*IN_SERVICE, *cells), replace_needed(rule))
        assert found.outcome is outcome, cells
    contradicted = verdict(handset(*IN_SERVICE, anchor, cell(**second), combos((part(2), part(5)))), rule)
    assert contradicted.outcome is I
    assert "seen in use" in contradicted.reason


def replace_needed(rule: CombinationRule) -> CombinationRule:
    """The rule where what was observed is enough."""
    return of(CombinationRule, configuration=rule.configuration, needed="observed")


# A device, bound


def test_the_note_of_a_band_is_looked_up_once_and_the_papers_are_each_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        "harness.requirements.bound.enabled_note", lambda survey, rat, band: asked.append((rat, band)) or ""
    )
    bound = Bound.of(modem(listed(12), *IN_SERVICE))
    for _ in range(2):
        assert bound.enabled_note("lte", 12) == ""
        bound.state("lte", 12, own_sim=True)
        bound.state("lte", 13, own_sim=True)
    assert asked == [("lte", 12)]
    assert bound.without(frozenset({"at"})) is bound.without(frozenset({"at"}))
    assert bound.without(frozenset({"at"})) is not bound.without(frozenset({"qmi"}))


def files(*bands: int, rat: str = "lte") -> SupportedBands:
    return SupportedBands(rat=rat, bands=bands, source=Source(link="uecap", request="a"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "variants", "words"),
    [
        (files(12), (sheet(12),), ""),
        (files(12), (sheet(2),), "it names B12, which maker/model#variant does not declare"),
        (files(2, 12), (sheet(2),), "it names B12, which"),
        (files(12, 13), (sheet(2),), "it names B12 B13, which"),
        (files(12), (sheet(2), sheet(12)), ""),
        (
            files(12),
            (sheet(2), sheet(4)),
            "it names B12, which maker/model#variant and maker/model#variant do not declare",
        ),
        (files(12), (), ""),
        (files(71, rat="nr"), (sheet(2),), ""),
        (files(71, rat="nr"), (sheet(2, nr=(41,)),), "it names n71, which"),
        (replace(files(12), source=Source(link="at", request="a")), (sheet(2),), ""),
        (replace(files(12), bands=None), (sheet(2),), ""),
    ],
)
def test_bands_of_a_file_that_no_variant_declares(told: Any, variants: Any, words: str) -> None:
    found = Bound.of(modem(told), variants=variants).denied_by_sheet
    assert found.startswith(words) if words else found == ""


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, ""), (1, "; source: s0"), (2, "; source: s0 and 1 more"), (4, "; source: s0 and 3 more")],
)
def test_where_a_declared_list_is_from(count: int, words: str) -> None:
    told = Declared("a/b#c", {}, confidence="B", sources=tuple(f"s{number}" for number in range(count)))
    assert told.words == f"a/b#c (confidence B{words})"
    assert replace(told, confidence="D").words == f"a/b#c (confidence D, from memory, unverified{words})"


def test_what_is_declared_decides_by_how_sure_it_is() -> None:
    for confidence, has, because in (("A", True, "sheet"), ("C", True, "sheet"), ("D", None, "unverified")):
        told = replace(sheet(12), confidence=confidence)
        survey = handset(*IN_SERVICE)
        found: BandFact = band_fact(survey, bind(survey), told, "lte", 12, own_sim=True)
        assert (found.has, found.because) == (has, because)


def test_a_sheet_is_matched_by_the_links_that_are_surely_the_devices(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    sheets: Any = SimpleNamespace(match=lambda identity, signs: seen.append(identity.model))
    facts = (Identity(codename="x", source=Source(link="adb")),)
    facts += tuple(Identity(model=link, source=Source(link=link)) for link in ("at", "qmi"))
    survey = handset(*facts)
    for contradicted, unbound, model in (
        ("at", "qmi", None),
        ("qmi", "at", None),
        ("at", "", "qmi"),
        ("", "qmi", "at"),
    ):
        held = LinksHeld(contradicted=frozenset({contradicted}), unbound=frozenset({unbound}))
        monkeypatch.setattr(declaring, "hold_links", lambda _, held=held: held)
        declaring.match_for(survey, sheets)
        assert seen[-1] == model


def test_variants_without_a_list_tell_nothing() -> None:
    def variant(name: str, bands: Bands) -> Variant:
        return Variant(id=name, sources=("s",), confidence="A", bands=bands)

    told = (variant("one", Bands(lte=(2,))), variant("two", Bands()), variant("three", Bands(nr=(71,))))
    sheet_ = DeviceSheet(format="bandproof.sheet/1", id="maker/model", maker="M", model="X", variants=told)
    found = declaring.variants_of(SheetMatch("found", tuple((sheet_, one) for one in told)))
    assert [(one.sheet, one.bands["lte"], one.bands["nr"]) for one in found] == [
        ("maker/model#one", (2,), None),
        ("maker/model#three", None, (71,)),
    ]
