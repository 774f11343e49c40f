"""Words and numbers that a rule is held against: what sorts before, what sorts behind, and what is just enough."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_rules_themselves import category, edition, of
from verdict_cases import (
    IN_SERVICE,
    OTHER,
    alternative,
    attach,
    band,
    cell,
    enabled,
    handset,
    listed,
    modem,
    registered,
    selected,
    sim,
    verdict,
)

from harness.capability_facts import BandCombinations, CarrierComponent
from harness.carriers.configurations import ConfigurationPart
from harness.observations import EnabledBands, Grade, Service, Source, SupportedBands
from harness.requirements.attach import AttachRule
from harness.requirements.band import _part
from harness.requirements.band_enabled import BandEnabledRule
from harness.requirements.bands import layers
from harness.requirements.bands.layers import _decided
from harness.requirements.capability import WantedCarrier, carriers, combination_name, said_by, serves
from harness.requirements.combination import CombinationRule
from harness.requirements.network import out_of_service
from harness.requirements.outcomes import Outcome
from harness.requirements.registered import RegisteredRule
from harness.requirements.ue_category import UeCategoryRule

P, N, F, I, NA = (Outcome[name] for name in ("PASS", "PASS_NOTE", "FAIL", "INCONC", "NA"))  # noqa: E741


@pytest.mark.parametrize("domain", ["5gs", "eps", "ps"])
def test_every_domain_but_voice_is_for_data(domain: str) -> None:
    told = registered(domain=domain)
    assert verdict(handset(sim(), told, cell()), attach()).outcome is P
    assert verdict(handset(sim(), told), of(RegisteredRule)).outcome is P
    for wrong in ("denied", "searching"):
        lost = verdict(handset(sim(), registered(wrong, domain=domain), cell()), attach())
        assert (lost.outcome, "not in service" in lost.reason or "denied" in lost.reason) == (I, True)
    # What is denied to voice alone is no word on data.
    voice = registered("denied", domain="cs", cause=11)
    assert verdict(handset(sim(), told, voice, cell()), attach()).outcome is P
    lost = verdict(handset(sim(), voice, cell()), attach())
    assert (lost.outcome, "denied" in lost.reason) == (I, False)
    other = verdict(handset(voice, cell()), attach())
    assert (other.outcome, "denied" in other.reason) == (I, False)
    assert "denied" in verdict(handset(registered("denied", domain=domain), cell()), attach()).reason


@pytest.mark.parametrize(
    ("state", "cause", "is_told"), [("denied", 15, True), ("denied", None, False), ("searching", 15, True)]
)
def test_a_cause_names_the_conformance_tests_that_it_is_related_to(state: str, cause: Any, is_told: bool) -> None:
    found = out_of_service([registered(state, cause=cause)])
    assert ("; related to TS 36.523-1 " in found) is is_told
    assert found.startswith("registration denied" if state == "denied" else "not in service: searching")


def test_a_search_of_another_domain_is_no_roaming() -> None:
    facts = (sim(), registered(domain="eps"), registered("searching", domain="5gs"), cell())
    assert verdict(handset(*facts), attach()).outcome is P


@pytest.mark.parametrize(
    ("asked", "serving", "outcome"),
    [
        ({"lte": (66,)}, cell(66, 66786), P),
        ({"nr": (66,)}, cell(66, 66786), I),
        ({"lte": (66,)}, cell(66, 431000, rat="nr"), I),
        ({"nr": (66,)}, cell(66, 431000, rat="nr"), P),
        ({"nr": (66,)}, cell(66, 431000, rat="nr_sa"), P),
    ],
)
def test_a_band_number_is_of_its_technology(asked: Any, serving: Any, outcome: Outcome) -> None:
    assert verdict(handset(*IN_SERVICE, serving), of(AttachRule, any_of=asked)).outcome is outcome


def test_the_physical_cell_is_that_of_the_cell() -> None:
    rule = attach()
    for other, words in (
        (cell(pci=7), "EARFCN 5110, PCI 7"),
        (cell(arfcn=None, band_source="reported", pci=8), "EARFCN 5110, PCI 8"),
        (cell(arfcn=5090, pci=9), "EARFCN 5110"),
    ):
        found = verdict(handset(*IN_SERVICE, cell(pci=None), other), rule)
        assert found.reason.endswith(words), found.reason
    assert verdict(handset(*IN_SERVICE, cell(pci=0)), rule).reason.endswith("PCI 0")


@pytest.mark.parametrize(
    ("rule", "faults"),
    [
        (band(5, "umts"), []),
        (band(850, "gsm"), []),
        (band(5, "umts", nr_mode="sa"), [("nr_mode",)]),
        (band(850, "gsm", nr_mode="sa"), [("nr_mode",)]),
        (band(850, "gsm", any_of=(alternative(900),)), [("any_of", 0, "relation")]),
        (band(5, "umts", any_of=(alternative(2, "subset"),)), [("any_of", 0, "relation")]),
    ],
)
def test_faults_of_bands_of_other_technologies(rule: Any, faults: Any) -> None:
    assert [one.path for one in rule.faults(edition())] == faults


@pytest.mark.parametrize("rat", ["gsm", "umts"])
def test_an_older_technology_is_no_mode_of_nr_and_no_lte(rat: str) -> None:
    rule = band(850 if rat == "gsm" else 5, rat)
    assert rule.wanted_rat(edition(nr_required=True)) == rat
    assert not rule.is_listed_lte


@pytest.mark.parametrize(
    ("rat", "whole", "part", "words"),
    [
        *(("lte", 17, 12, "its upper part"), ("lte", 4, 66, "its lower part")),
        *(("lte", 5, 26, "its upper part"), ("lte", 26, 5, "its upper part")),
        # Supplementary uplinks have no downlink.
        *(("nr", 80, 86, "its lower part"), ("nr", 80, 84, "a part of it")),
    ],
)
def test_which_part_another_band_covers_whichever_is_larger(rat: str, whole: int, part: int, words: str) -> None:
    assert _part(rat, whole, part) == words


def test_what_is_enabled_is_of_its_technology() -> None:
    for rat, other, number in (("lte", "gsm", 28), ("lte", "nr", 28), ("nr", "lte", 28), ("umts", "nr", 5)):
        rule = of(BandEnabledRule, rat=rat, band=number)
        assert verdict(modem(EnabledBands(rat=other, bands=(number,))), rule).outcome is I
        assert verdict(modem(EnabledBands(rat=rat, bands=(number,))), rule).outcome is P
        assert verdict(modem(EnabledBands(rat=rat, bands=(number - 1, number + 1))), rule).outcome is F


@pytest.mark.parametrize(
    ("rule", "topics"),
    [
        (band(12), ("band",)),
        (band(71, "nr"), ("band_nr",)),
        (band(5, "umts"), ()),
        (attach(), ("attach",)),
        (attach(nr=(71,)), ("attach", "attach_nr")),
        (of(BandEnabledRule, rat="lte", band=28), ("band",)),
        (of(BandEnabledRule, rat="nr", band=28), ("band_nr",)),
        (of(CombinationRule, configuration="CA_2A-12A"), ("lte_ca",)),
        (of(CombinationRule, configuration="CA_n41A-n71A"), ("nr_ca",)),
        (of(CombinationRule, configuration="DC_2A_n71A"), ("en_dc",)),
        (of(CombinationRule, configuration="x"), ()),
    ],
)
def test_which_conformance_tests_a_rule_is_related_to(rule: Any, topics: tuple[str, ...]) -> None:
    assert rule.topics == topics


# Layers


@pytest.mark.parametrize(
    ("told", "enabled_", "own", "has", "because"),
    [
        ({}, True, True, None, "unrestricted"),
        ({"hardware": "yes"}, None, True, True, "lists"),
        ({"hardware": "no"}, None, True, False, "lists"),
        ({None: "no"}, None, False, False, "lists"),
        ({"hardware": "yes", None: "no"}, None, True, None, "conflict"),
        ({"hardware": "no", None: "yes"}, None, True, None, "conflict"),
        ({"policy": "conflict"}, None, True, None, "conflict"),
        ({"hardware": "once"}, None, True, None, "once"),
        ({"hardware": "yes", "advertised": "once"}, None, True, None, "once"),
        ({"hardware": "unasked"}, None, True, None, "silent"),
        ({"hardware": "unasked", "policy": "unasked"}, None, True, None, "silent"),
        ({"hardware": "unasked", "policy": "yes"}, None, True, True, "lists"),
        ({"hardware": "unasked", "policy": "no"}, None, True, False, "removed"),
        ({"hardware": "no", "policy": "yes"}, None, True, None, "layers"),
        ({"hardware": "no", "policy": "no"}, None, True, False, "lists"),
        ({"hardware": "yes", "policy": "no", "advertised": "yes"}, None, True, None, "layers"),
        ({"hardware": "yes", "policy": "no", "advertised": "no"}, False, True, False, "removed"),
        ({"hardware": "yes", "policy": "no"}, None, True, False, "removed"),
        ({"hardware": "yes", "policy": "no"}, None, False, None, "removed"),
        ({"policy": "yes", "advertised": "no"}, False, True, None, "not_enabled"),
        ({"policy": "yes", "advertised": "no"}, None, True, None, "enabled_unknown"),
        ({"policy": "yes", "advertised": "no"}, True, True, False, "removed"),
        ({"policy": "yes", "advertised": "no"}, True, False, None, "removed"),
        ({"policy": "yes", "advertised": "yes"}, False, False, True, "lists"),
    ],
)
def test_what_the_layers_decide_together(told: Any, enabled_: Any, own: bool, has: Any, because: str) -> None:
    found = _decided(modem(), told, enabled_, "sides", own_sim=own)
    assert found[:2] == (has, because)


def supported(*bands: int, **more: Any) -> SupportedBands:
    return SupportedBands(**{"rat": "lte", "bands": bands, "grade": Grade.MEASURED, **more})


@pytest.mark.parametrize(
    ("lists", "answer"),
    [
        ([], None),
        ([supported(12)], "yes"),
        ([supported(2)], "no"),
        ([supported(12, told_once=(12,))], "once"),
        ([supported(12, told_once=(2,))], "yes"),
        ([supported(12, grade=Grade.OBSERVED)], "once"),
        ([supported(2, grade=Grade.OBSERVED)], "unasked"),
        ([supported(2, complete=False)], "unasked"),
        ([supported(2, up_to=11)], "unasked"),
        ([supported(2, up_to=12)], "no"),
        ([supported(2, up_to=11), supported(2)], "no"),
        ([supported(2, complete=False, filtered_by=(12,), up_to=11)], "unasked"),
        ([supported(2, complete=False, filtered_by=(12,))], "no"),
        ([supported(2, complete=False, filtered_by=(2,))], "unasked"),
        ([supported(2), supported(12)], "conflict"),
        ([supported(2), supported(12, told_once=(12,))], "conflict"),
        ([supported(12), supported(12, told_once=(12,))], "yes"),
        ([replace(supported(), bands=None, unlimited=True)], None),
        ([replace(supported(), bands=None, unlimited=True), supported(2, complete=False)], "unasked"),
        ([supported(2, complete=False), supported(12)], "yes"),
    ],
)
def test_what_the_lists_of_one_layer_say(lists: Any, answer: Any) -> None:
    assert layers._says(lists, 12) == answer


def test_a_list_of_the_mode_itself_counts_before_one_of_nr_as_a_whole() -> None:
    whole, own = supported(78, rat="nr"), supported(41, rat="nr_sa")
    assert layers._lists([whole, own], "nr_sa", None, 41) == [own]
    assert layers._lists([whole, replace(own, complete=False)], "nr_sa", None, 78) == [
        whole,
        replace(own, complete=False),
    ]
    assert layers._lists([whole, own], "nr_sa", "policy", 41) == []
    for layer in ("advertised", "hardware", "policy"):
        assert layers._lists([replace(own, layer=layer)], "nr_sa", layer, 41) == [replace(own, layer=layer)]
        assert layers._lists([replace(own, layer=layer)], "nr_sa", None, 41) == []


@pytest.mark.parametrize("layer", [None, "advertised", "hardware", "policy"])
def test_only_a_carrier_policy_is_remarked_under_another_sim(layer: Any) -> None:
    found = verdict(modem(sim(OTHER), listed(12, layer=layer)))
    assert found.outcome is (N if layer == "policy" else P)


@pytest.mark.parametrize(
    ("name", "state", "rule", "outcome"),
    [
        ("nr_sa", "off", band(71, "nr", nr_mode="sa"), I),
        ("nr_sa", "on", band(71, "nr", nr_mode="sa"), P),
        ("nr_sa", "unknown", band(71, "nr", nr_mode="sa"), P),
        ("nr_nsa", "off", band(71, "nr", nr_mode="sa"), P),
        ("nr_nsa", "off", band(71, "nr", nr_mode="nsa"), I),
        ("nr_sa", "off", band(71, "nr", nr_mode="nsa"), P),
        ("nr_sa", "disabled", band(71, "nr", nr_mode="sa"), P),
        ("nr_sa", "off", band(71, "nr"), P),
    ],
)
def test_a_mode_that_is_off(name: str, state: str, rule: Any, outcome: Outcome) -> None:
    lists = (listed(71, rat="nr_sa"), listed(71, rat="nr_nsa"))
    service = Service(name=name, state=state, source=Source(line=1))
    assert verdict(modem(*IN_SERVICE, *lists, service), rule).outcome is outcome


def test_a_band_that_is_not_enabled_is_remarked() -> None:
    for configured, outcome in (((12,), P), ((2, 13), N), ((), N)):
        assert verdict(modem(*IN_SERVICE, listed(12), enabled(*configured))).outcome is outcome
    assert verdict(modem(*IN_SERVICE, listed(12), enabled(2), enabled(12))).outcome is P
    nr = EnabledBands(rat="nr", bands=(2,))
    assert verdict(modem(*IN_SERVICE, listed(12), nr)).outcome is P


# Capabilities


def part(number: int, down: str = "A", up: str | None = "A", rat: str = "lte") -> CarrierComponent:
    return CarrierComponent(rat, number, down, up)


def wanted(number: int, letter: str = "A", up: str | None = None, rat: str = "lte") -> WantedCarrier:
    return WantedCarrier(ConfigurationPart(rat, number, letter), up)


@pytest.mark.parametrize(
    ("combination", "asked", "is_served"),
    [
        ((part(4), part(12)), (wanted(4), wanted(12)), True),
        ((part(4), part(12)), (wanted(12), wanted(4)), True),
        ((part(4), part(13)), (wanted(4), wanted(12)), False),
        ((part(4), part(5)), (wanted(4), wanted(12)), False),
        ((part(4), part(12, rat="nr")), (wanted(4), wanted(12)), False),
        ((part(4), part(12)), (wanted(4), wanted(12, rat="nr")), False),
        ((part(4), part(12), part(30)), (wanted(4), wanted(12)), True),
        ((part(4), part(12)), (wanted(4), wanted(12), wanted(30)), False),
        ((part(4), part(4)), (wanted(4), wanted(4)), True),
        ((part(4),), (wanted(4), wanted(4)), False),
        # A table without uplinks does not say which carrier may be released.
        ((part(4, up=None), part(12, up=None)), (wanted(4), wanted(12)), True),
        ((part(4, up=None), part(12, up=None), part(30, up=None)), (wanted(4), wanted(12)), False),
        ((part(4, up=None),), (wanted(4), wanted(12)), False),
        # One carrier must have an uplink, of two technologies one of each.
        ((part(4, up=None), part(12)), (wanted(4), wanted(12)), True),
        ((part(4, up=None), part(12, up=None), part(30)), (wanted(4), wanted(12)), False),
        ((part(4), part(71, rat="nr")), (wanted(4), wanted(71, rat="nr")), True),
        ((part(4), part(71, up=None, rat="nr")), (wanted(4), wanted(71, rat="nr")), False),
        ((part(4, up=None), part(71, rat="nr")), (wanted(4), wanted(71, rat="nr")), False),
        ((part(4), part(12, up=None)), (wanted(4), wanted(12, up="A")), False),
        ((part(4), part(12)), (wanted(4), wanted(12, up="A")), True),
        ((part(41, "C"), part(12)), (wanted(41, "C"), wanted(12)), True),
        ((part(41), part(12)), (wanted(41, "C"), wanted(12)), False),
    ],
)
def test_whether_a_combination_serves(combination: Any, asked: Any, is_served: bool) -> None:
    assert serves(combination, asked) is is_served


PAIR = (wanted(4), wanted(12))
HAS, LARGER, LACKS = (part(4), part(12)), (part(4), part(12), part(30)), (part(2), part(5))


def told(*combinations: Any, **more: Any) -> BandCombinations:
    return BandCombinations(
        **{"type": "lte_ca", "combinations": combinations, "complete": True, "grade": Grade.MEASURED, **more}
    )


@pytest.mark.parametrize(
    ("list_", "own", "word"),
    [
        (told(HAS), True, "yes"),
        (told(HAS), False, "yes"),
        (told(HAS, grade=Grade.OBSERVED), True, "once"),
        (told(HAS, told_once=(0,)), True, "once"),
        (told(HAS, told_once=(0,), alone=(0,)), True, "once"),
        (told(HAS, LARGER, told_once=(0, 1)), True, "yes"),
        (told(HAS, LARGER, told_once=(0, 1), alone=(1,)), True, "once"),
        (told(HAS, LARGER, told_once=(0,), alone=(0,)), True, "yes"),
        (told(LACKS), True, "no"),
        (told(LACKS), False, None),
        (told(LACKS, grade=Grade.OBSERVED), True, None),
        (told(LACKS, complete=None), True, None),
        (told(LACKS, complete=False), True, None),
        (told(LACKS, complete=False, filtered_by=("B4", "B12")), True, "no"),
        (told(LACKS, complete=False, filtered_by=("B4", "B12", "B2")), True, "no"),
        (told(LACKS, complete=False, filtered_by=("B4",)), True, None),
        # As many carriers as are asked must have been told together.
        (told((part(2),)), True, None),
        (told((part(2), part(5)), alone=(0,)), True, None),
        (told((part(2, up=None), part(5, up=None))), True, None),
        (told(), True, None),
    ],
)
def test_what_one_list_says_of_a_combination(list_: Any, own: bool, word: Any) -> None:
    assert said_by(list_, PAIR, own_type=own) == word


@pytest.mark.parametrize(
    ("more", "word"),
    [({}, "yes"), ({"uplink_once": (0,)}, "once"), ({"told_once": (0,)}, "once"), ({"alone": (0,)}, "yes")],
)
def test_an_uplink_must_be_told_by_two_messages(more: Any, word: str) -> None:
    asked = (wanted(4), wanted(12, up="A"))
    assert said_by(told(HAS, **more), asked, own_type=True) == word
    assert said_by(told(HAS, HAS, **more), asked, own_type=True) == "yes"


def test_names_and_sizes_of_combinations() -> None:
    assert combination_name((part(12), part(2))) == "CA_2A-12A"
    assert combination_name((part(71, rat="nr"), part(41, rat="nr"))) == "CA_n41A-n71A"
    assert combination_name((part(66), part(71, rat="nr"), part(2, "c"))) == "DC_2C-66A_n71A"
    assert [carriers(one) for one in (HAS, LARGER, (part(41, "C"), part(12)), (part(41, "C", rat="nr"),))] == [
        2,
        3,
        3,
        2,
    ]


@pytest.mark.parametrize(
    ("told_", "asked", "outcome"),
    [
        (category(6, 5), {"dl": 6}, P),
        (category(6, 5), {"dl": 7}, P),
        (category(6, 5), {"dl": 9}, F),
        (category(9, 5), {"dl": 6}, P),
        (category(999, 5), {"dl": 999}, P),
        (category(6, 5), {"dl": 998}, I),
        (category(6, None, legacy=4), {"ul": 5}, F),
        (category(None, None, name="m1"), {"dl": 1}, I),
        (category(6, 5), {"dl": 4, "ul": 13}, F),
    ],
)
def test_a_category_at_its_boundary(told_: Any, asked: Any, outcome: Outcome) -> None:
    rule = of(UeCategoryRule, **asked)
    assert verdict(modem(told_), rule, selected(rule)).outcome is outcome
