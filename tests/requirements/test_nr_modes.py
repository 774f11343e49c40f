"""NR bands by mode: what is in the list for NSA alone serves no standalone network."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from verdict_cases import IN_SERVICE, band, cell, handset, listed, modem, outlooked, selected, sheet, verdict

from harness.binding.binding import bind
from harness.carriers.store import Profiles, Selected
from harness.observations import EnabledBands, Service, Source
from harness.requirements.bound import Bound
from harness.verdicts.judge import judge

N71 = band(71, "nr")
SA_OFF = Service(name="nr_sa", state="off")


def only_nr(*rules, nr_required: bool = True) -> Selected:
    chosen = selected(*rules)
    edition = msgspec.structs.replace(chosen.edition, nr_required=nr_required)
    return Selected(msgspec.structs.replace(chosen.carrier, editions=(edition,)), edition, chosen.asked)


def outcome(survey, rule=N71, *, nr_required=True, declared=None) -> str:
    chosen = only_nr(rule, nr_required=nr_required)
    found = judge(Bound.of(survey, declared), chosen, rule)
    assert outlooked(survey, chosen, declared).bands[0].verdict == found
    return found.outcome.name


@pytest.mark.parametrize("layer", ["hardware", None, "advertised"])
@pytest.mark.parametrize("told", ["at", "uecap"])
def test_a_band_in_the_list_for_nsa_alone_serves_no_standalone_network(layer, told):
    nsa = replace(listed(71, layer=layer, rat="nr_nsa"), source=Source(link=told))
    for declared in (None, sheet(12, nr=(71,))):
        assert outcome(modem(nsa), declared=declared) == "INCONC"
        # What is advertised may only be switched off.
        missing = "INCONC" if layer == "advertised" else "FAIL"
        assert outcome(modem(nsa, listed(41, layer=layer, rat="nr_sa")), declared=declared) == missing
        assert outcome(modem(nsa, listed(71, layer=layer, rat="nr_sa")), declared=declared) == "PASS"
        assert outcome(modem(nsa), nr_required=False, declared=declared) == "PASS"


def test_with_sa_switched_off_nothing_serves_a_standalone_network():
    both = (listed(71, rat="nr_sa"), listed(71, rat="nr_nsa"))
    assert outcome(modem(*both, SA_OFF)) == "INCONC"
    assert outcome(modem(SA_OFF), declared=sheet(12, nr=(71,))) == "INCONC"
    assert outcome(modem(*both, SA_OFF), nr_required=False) == "PASS"
    assert outcome(modem(*both, Service(name="nr_sa", state="on"))) == "PASS"
    assert outcome(modem(listed(41, rat="nr_sa"), SA_OFF)) == "FAIL"


def test_a_band_that_is_not_enabled_for_sa_is_noted():
    told = (listed(71, rat="nr_sa"), EnabledBands(rat="nr_nsa", bands=(71,)), EnabledBands(rat="nr_sa", bands=(41,)))
    assert outcome(modem(*told)) == "PASS_NOTE"
    assert outcome(modem(*told), nr_required=False) == "PASS"


@pytest.mark.parametrize("mode", ["sa", "nsa", "either"])
def test_a_profile_asks_for_sa_nsa_or_either(mode):
    rule = band(71, "nr", nr_mode=mode)
    sa, nsa = (
        modem(listed(71, rat=one), listed(41, rat=other)) for one, other in (("nr_sa", "nr_nsa"), ("nr_nsa", "nr_sa"))
    )
    assert outcome(sa, rule, nr_required=False) == ("FAIL" if mode == "nsa" else "PASS")
    assert outcome(nsa, rule, nr_required=False) == ("FAIL" if mode == "sa" else "PASS")
    assert ("(SA)" in rule.asks(), "(NSA)" in rule.asks()) == (mode == "sa", mode == "nsa")
    assert rule.particulars()["nr_mode"] == mode


def test_a_source_that_names_no_mode_passes_with_a_note():
    assert outcome(modem(listed(71, rat="nr"))) == "PASS_NOTE"
    assert outcome(handset(), declared=sheet(12, nr=(71,))) == "PASS_NOTE"
    assert outcome(handset(), declared=sheet(12, nr=(71,)), nr_required=False) == "PASS"


def test_only_a_primary_cell_of_nr_shows_standalone():
    for role, mode in (("pcell", "nr_sa"), ("pscell", "nr_nsa")):
        bound = bind(
            handset(*IN_SERVICE, cell(71, 125000, rat="nr", role=role, band_source="reported", registered=None))
        )
        assert [bool(bound.attached_on(rat, 71)) for rat in ("nr", "nr_sa", "nr_nsa")] == [
            True,
            mode == "nr_sa",
            mode == "nr_nsa",
        ]


def test_lte_rules_know_no_mode():
    rule = band(12, nr_mode="sa")
    assert verdict(modem(listed(12)), rule).outcome.name == "PASS"
    assert any("nr_mode is of NR bands" in one.message for one in rule.faults(only_nr(rule).edition))
    loose = band(71, "nr", nr_mode="either")
    assert [one.severity for one in loose.faults(only_nr(loose).edition)] == ["warning"]
    assert "takes a band for either" in next(loose.faults(only_nr(loose).edition)).message


@pytest.mark.parametrize(
    ("carrier", "rule", "words"),
    [
        ("in/jio", "IN-JIO-NR-N28", "livemint 2022-11"),
        ("us/boost@2024-06", "US-BOOST-NR-N66", "phonearena.com"),
        ("us/boost@2024-06", "US-BOOST-NR-N70", "thedesk.net"),
        ("us/boost@2024-06", "US-BOOST-NR-N71", "thedesk.net"),
    ],
)
def test_shipped_profiles_ask_for_standalone_where_a_source_says_so(carrier, rule, words):
    (chosen,) = Profiles().select([carrier])
    found = next(one for one in chosen.edition.requirements if one.id == rule)
    assert (found.nr_mode, found.wanted_rat(chosen.edition)) == ("sa", "nr_sa")
    assert words in found.note
    assert "standalone (SA)" in found.asks()
