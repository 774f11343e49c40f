"""What `fit` says of a set of bands: gaps, the buyer's scale, what works of each generation, what one list says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import get_args

import msgspec
import pytest
from verdict_cases import OTHER, OWN, band, listed, modem, registered, selected, sim, verdict

from harness.carriers.store import Selected
from harness.carriers.words import BandRole
from harness.requirements.bands.roles import EFFECTS, effect_of_missing, missing_words, role_words
from harness.requirements.bound import Bound
from harness.verdicts.fit import usable
from harness.verdicts.fit.asked_band import gap_of, looker, serves, weight_of
from harness.verdicts.fit.buyer import SCALE, gaps_in_words, scale_of
from harness.verdicts.fit.fit_band import FitBand
from harness.verdicts.fit.gaps import SEVERITY, gap_of_role
from harness.verdicts.fit.one_list import WORDS, OneListAnswer, one_list_answer
from harness.verdicts.fit.ranking import KnownDevice, Offers
from harness.verdicts.verdict import Outcome

P, N, F, I, NA = (Outcome[name] for name in ("PASS", "PASS_NOTE", "FAIL", "INCONC", "NA"))  # noqa: E741


def has(number, there=True, *, role="coverage", level="mandatory", outcome=None, rat="lte", **more):
    """A band of an edition that is there, is missing (False) or is not known (None)."""
    outcome = outcome or {True: P, False: F, None: I}[there]
    rule = band(number, rat, role=role, level=level)
    return FitBand(rule, f"{'n' if rat == 'nr' else 'B'}{number}", there, outcome, **more)


def test_gaps_by_weight():
    heaviest_last = ["none", "open", "extended", "capacity", "capacity-primary", "coverage", "coverage-primary"]
    assert sorted(SEVERITY, key=SEVERITY.__getitem__) == heaviest_last
    assert [SEVERITY[gap] for gap in heaviest_last] == list(range(-1, 6))


_GAPS = {
    "coverage-primary": "coverage-primary",
    "capacity-primary": "capacity-primary",
    **dict.fromkeys(("public-safety-coverage", "coverage", "coverage-rural", "coverage-limited"), "coverage"),
    **dict.fromkeys(("capacity", "capacity-rural"), "capacity"),
}


@pytest.mark.parametrize("role", get_args(BandRole))
def test_the_gap_of_each_role(role):
    assert gap_of_role(role) == _GAPS.get(role, "extended")


def test_the_heavier_outcome_and_then_the_worse_gap_come_first():
    told = [has(30, False, role="extended"), has(12, None), has(2, False, role="capacity"), has(5, False)]
    assert [one.label for one in sorted(told, key=weight_of)] == ["B5", "B2", "B30", "B12"]
    assert weight_of(has(5, False)) == (-F.weight, -SEVERITY["coverage"])


@pytest.mark.parametrize(
    ("listed", "missing", "gap"),
    [
        ([], [], "open"),
        ([has(12)], [], "none"),
        ([has(12), has(2, None)], [], "open"),
        ([has(12), has(2, None, stood_in=True)], [], "none"),
        ([has(12), has(2, False)], [has(2, False, role="capacity")], "capacity"),
        ([has(12, None)], [has(2, False, role="capacity"), has(5, False)], "coverage"),
        ([], [has(30, False, role="extended"), has(12, False, role="coverage-primary")], "coverage-primary"),
    ],
)
def test_the_worst_gap(listed, missing, gap):
    assert gap_of(listed, missing) == gap


@pytest.mark.parametrize(
    ("there", "part", "rule_served", "serves_"),
    [
        (True, None, False, True),
        (False, None, True, False),
        (None, None, True, None),
        (True, (1, 2), True, True),
        (True, (1, 2), False, False),
        (False, (1, 2), True, False),
        (None, (1, 2), True, None),
    ],
)
def test_a_part_of_a_band_serves_where_the_rule_says_so(there, part, rule_served, serves_):
    state = SimpleNamespace(has=there, part=part)
    assert serves(state, SimpleNamespace(served_by_part=lambda _: rule_served)) is serves_


def test_states_are_looked_up_by_their_places():
    assert looker([])(["a", "b"]) == ()
    assert looker([1])(["a", "b"]) == "b"
    assert looker([2, 0])(["a", "b", "c"]) == ("c", "a")


@pytest.mark.parametrize(
    ("there", "stood_in", "missing"),
    [(True, False, False), (False, False, True), (False, True, False), (None, False, False)],
)
def test_what_is_missing(there, stood_in, missing):
    assert has(12, there, stood_in=stood_in).missing is missing


@pytest.mark.parametrize(
    ("outcome", "listed", "word", "scale"),
    [
        (NA, [has(12)], None, "network ended"),
        (P, [has(12)], None, "works"),
        (N, [has(12)], None, "works"),
        (N, [has(12), has(2, False)], None, "works with gaps"),
        (P, [has(12), has(2, False)], None, "works with gaps"),
        (N, [has(12), has(2, False, stood_in=True)], None, "works"),
        (F, [has(12), has(2, False)], None, "works with gaps"),
        (F, [has(2, False)], None, "does not work"),
        (F, [], None, "does not work"),
        (F, [has(29, role="supplementary-dl"), has(2, False)], None, "does not work"),
        (F, [has(46, role="extended-laa"), has(2, False)], None, "does not work"),
        (F, [has(260, rat="nr", role="millimetre-wave"), has(2, False)], None, "does not work"),
        (F, [has(17, False, by_alias=True), has(2, False)], None, "works with gaps"),
        (F, [has(12, None), has(2, False)], None, "does not work"),
        (I, [has(12)], None, "not known"),
        (I, [has(12)], "works", "one list: works"),
        (I, [has(12)], "works with gaps", "one list: gaps"),
        (I, [has(12)], "does not work", "one list: no"),
        (I, [has(12)], "cannot be told", "not known"),
        (Outcome.ERROR, [has(12)], "works", "not known"),
    ],
)
def test_the_buyers_scale(outcome, listed, word, scale):
    assert scale_of(outcome, listed, OneListAnswer(word, "B12") if word else None) == scale


def test_the_scale_is_sorted_with_the_best_first():
    assert SCALE.index("works") == 0
    assert SCALE.index("works with gaps") < SCALE.index("one list: works") < SCALE.index("one list: gaps")
    assert SCALE.index("one list: gaps") < SCALE.index("not known") < SCALE.index("one list: no")
    assert SCALE[-2:] == ("does not work", "network ended")


def test_gaps_in_words_join_bands_of_one_effect_the_worst_first():
    missing = [has(2, False, role="capacity"), has(12, False), has(66, False, role="capacity")]
    told = gaps_in_words(missing)
    assert told == f"without B12: {EFFECTS['coverage']}; without B2 and B66: {EFFECTS['capacity']}"
    assert gaps_in_words([has(2, False, role="unknown")]) == "without B2: unknown"
    assert gaps_in_words([]) == ""


def test_words_of_a_role():
    assert role_words("coverage-primary") == "main coverage"
    assert role_words("some_other-role") == "some other role"
    assert missing_words("B12", "coverage", "") == f"B12 is missing: {EFFECTS['coverage']}"
    assert missing_words("B12", "unknown", "") == "B12 is missing (unknown)"
    assert effect_of_missing("coverage", "Far out.") == f"{EFFECTS['coverage']}; Far out"


LOW, HIGH = has(12, role="coverage-primary"), has(2, role="capacity")


def lost(one, there=False, **more):
    return has(one.rule.band, there, role=one.rule.role, level=one.rule.level, rat=one.rule.rat, **more)


@pytest.mark.parametrize(
    ("bands", "words"),
    [
        ([], []),
        ([LOW, HIGH], ["LTE on all bands listed"]),
        ([HIGH], ["LTE on all bands listed, none of them below 1 GHz"]),
        ([lost(LOW), HIGH], ["LTE on capacity bands only (B2)"]),
        ([lost(LOW, None), HIGH], ["LTE in part (B2), whether on a coverage band is not known"]),
        ([LOW, lost(HIGH)], ["LTE in part (B12)"]),
        ([LOW, lost(HIGH, None)], ["LTE in part (B12)"]),
        ([lost(LOW), has(5), HIGH], ["LTE in part (B5 B2), without the main coverage band (B12)"]),
        ([lost(LOW, None), has(5), HIGH], ["LTE in part (B5 B2)"]),
        ([has(12, False), has(5)], ["LTE in part (B5)"]),
        ([lost(LOW), lost(HIGH)], ["no LTE"]),
        ([lost(LOW), lost(HIGH, None)], ["LTE not known"]),
        ([lost(LOW, by_alias=True), HIGH], ["LTE on all bands listed"]),
        ([lost(LOW, by_alias=True), lost(HIGH)], ["LTE in part (B12)"]),
        ([has(12, level="informative")], ["LTE perhaps (B12, by one publisher)"]),
        ([has(12, False, level="informative")], []),
        ([has(12, level="informative"), HIGH], ["LTE on all bands listed, none of them below 1 GHz"]),
        ([has(71, rat="nr"), LOW], ["5G on n71", "LTE on all bands listed"]),
        ([has(71, rat="nr"), has(41, rat="nr")], ["5G on n71 n41"]),
        ([has(71, False, rat="nr"), has(41, None, rat="nr"), LOW], ["LTE on all bands listed"]),
    ],
)
def test_what_works_of_nr_and_lte(bands, words):
    assert usable.newer(bands) == words


def test_one_sentence():
    assert usable.in_one(["5G on n71", "no LTE"]) == "5G on n71; no LTE"
    assert usable.in_one([]) == "none that is known"


@dataclass
class Network:
    rat: str
    bands: tuple[int, ...] | None = (2, 5)
    until: str = ""
    air: bool | None = True

    def on_air(self, day):
        assert day == DAY
        return self.air


DAY = date(2024, 6, 1)


def carrier(*networks, volte="unknown"):
    told = SimpleNamespace(networks=networks, volte=lambda edition, day: volte)
    return SimpleNamespace(carrier=told, asked=DAY, edition=None)


def known(**told):
    return lambda rat, number: told.get(f"{rat}{number}")


@pytest.mark.parametrize(
    ("network", "facts", "words"),
    [
        (Network("umts"), {"umts2": True, "umts5": True}, ["3G (UMTS 2 UMTS 5)"]),
        (Network("umts"), {"umts2": True, "umts5": False}, ["3G (UMTS 2, not UMTS 5)"]),
        (Network("umts"), {"umts2": True}, ["3G (UMTS 2)"]),
        (Network("umts"), {"umts2": False, "umts5": False}, []),
        (Network("umts"), {"umts2": False}, ["3G not known"]),
        (Network("umts", until="2022-02"), {"umts2": True}, ["3G (UMTS 2) until 2022-02"]),
        (Network("umts", until="2022-02", air=False), {"umts2": True}, []),
        (Network("umts", air=None), {"umts2": True}, ["3G (UMTS 2) if still on air"]),
        (Network("gsm", bands=(850,)), {"gsm850": True}, ["2G (GSM 850)"]),
        (Network("gsm", bands=None), {}, ["2G, on bands that the profile does not tell"]),
        (Network("cdma", bands=(0,)), {}, ["CDMA: whether the device has it is not told"]),
        (Network("cdma", bands=(0,), until="2022"), {}, ["CDMA until 2022: whether the device has it is not told"]),
    ],
)
def test_what_works_of_an_older_network(network, facts, words):
    assert usable.older(carrier(network), known(**facts)) == words


def test_the_newer_of_the_older_networks_comes_first():
    told = usable.older(
        carrier(Network("gsm", (850,)), Network("cdma", (0,)), Network("umts", (2,))), known(gsm850=True, umts2=True)
    )
    assert [words.partition(" ")[0].rstrip(":") for words in told] == ["3G", "2G", "CDMA"]


@pytest.mark.parametrize(
    ("asked", "networks", "facts", "need"),
    [
        ("required", [Network("umts")], {"umts2": True}, "required"),
        ("unknown", [], {}, "unknown"),
        ("not_required", [], {}, "not_required"),
        ("unknown", [Network("umts", air=False)], {"umts2": True}, "unknown"),
        ("unknown", [Network("umts")], {"umts2": True}, "not_required"),
        ("unknown", [Network("umts", air=None)], {"umts2": True}, "unknown"),
        ("unknown", [Network("umts")], {"umts2": False, "umts5": False}, "required"),
        ("unknown", [Network("umts")], {"umts2": False}, "unknown"),
        ("unknown", [Network("umts", bands=())], {}, "unknown"),
        ("unknown", [Network("umts", bands=None)], {}, "unknown"),
        ("unknown", [Network("cdma", bands=(0,))], {"cdma0": True}, "unknown"),
        ("not_required", [Network("umts")], {"umts2": False, "umts5": False}, "required"),
        ("unknown", [Network("umts"), Network("gsm", (900,))], {"umts2": False, "gsm900": True}, "not_required"),
    ],
)
def test_whether_calls_need_volte(asked, networks, facts, need):
    assert usable.volte_need(carrier(*networks, volte=asked), known(**facts)) == need


def edition(*bands, low=False):
    """An edition in which one publisher names these bands."""
    return SimpleNamespace(has_no_low_band=low, bands=bands)


@pytest.fixture
def named(monkeypatch):
    """One list that names the edition's bands; a band above 60 is contradicted."""

    def rules(told):
        return [SimpleNamespace(bands={(one.rule.rat, one.rule.band)}, number=one.rule.band) for one in told.bands]

    monkeypatch.setattr("harness.verdicts.fit.one_list.bands_to_live_on", rules)
    monkeypatch.setattr(
        "harness.verdicts.fit.one_list.sureness_of", lambda rule: "contradicted" if rule.number > 60 else "one_list"
    )


@pytest.mark.parametrize(
    ("bands", "low", "word", "told"),
    [
        ([has(12), has(2)], False, "works", "B12, B2"),
        ([has(2), has(12)], False, "works", "B12, B2"),
        ([has(2)], False, "works with gaps", "B2; no band below 1 GHz is named"),
        ([has(2)], True, "works", "B2"),
        ([has(12), has(2, False)], False, "works with gaps", "B12; not B2"),
        ([has(12, False), has(2, False)], False, "does not work", "not B12, B2"),
        ([has(12, None), has(2, False)], False, "cannot be told", "not B2"),
        ([has(12, None), has(2, None)], False, "cannot be told", ""),
        ([has(12, False, by_alias=True), has(2)], False, "works", "B12, B2"),
        ([has(12, None), has(2)], False, "works with gaps", "B2"),
        ([has(12), has(66, False)], False, "works", "B12"),
        ([has(66)], False, None, None),
        ([], False, None, None),
    ],
)
def test_what_one_list_says(named, bands, low, word, told):
    found = one_list_answer(edition(*bands, low=low), bands)
    if word is None:
        assert found is None
        return
    assert (found.word, found.bands) == (word, told)
    assert found.sentence == f"one list says: {word}{f' ({told})' if told else ''}"
    assert found.rank == WORDS.index(word)


def test_the_words_of_one_list_are_sorted_with_the_best_first():
    assert WORDS == ("works", "works with gaps", "cannot be told", "does not work")


def test_what_the_policy_of_a_sim_removes_counts_for_its_own_carrier_alone():
    """Of one device each carrier gets the states that are its own: those under its SIM, or those under a stranger's."""
    chosen = selected(band(12))
    other = msgspec.structs.replace(chosen.carrier, id="us/other", plmns=(OTHER,))
    offers = Offers([chosen, Selected(other, chosen.edition, chosen.asked)])
    removed = modem(sim(OWN), registered(), listed(2, 12), listed(2, layer="policy"))
    own, stranger = offers.fits(KnownDevice(Bound.of(removed)))
    assert (own.band_fit, stranger.band_fit) == (F, I)
    assert own.band_fit is verdict(removed, band(12), chosen).outcome
    own, stranger = offers.fits(KnownDevice(Bound.of(modem(listed(2, 12), listed(2, layer="policy")))))
    assert (own.band_fit, stranger.band_fit) == (I, I)
