"""The verdict on one trial, by what was seen alone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from harness.carriers.kinds import rule_of
from harness.observations import Grade, Source
from harness.requirements.bound import Bound
from harness.requirements.outcomes import Outcome
from harness.requirements.sweep import SweepRule, verdict_of_trial
from harness.survey.survey import Survey
from harness.trial_facts import BandTrial

PASSES = BandTrial(
    rat="lte", band=12, plan="tried", baseline=True, lock="in_force", registered=True, fresh=True, served_band=12,
    served_rat="lte", served_arfcn=5110, attach_s=3.0, source=Source(link="sweep", exchange=9),
)  # fmt: skip
FAILS = replace(
    PASSES, registered=False, fresh=False, served_band=None, served_rat=None, served_arfcn=None, waited_s=140.0,
    on_air=True, on_air_by="a call box", network="not_attached", card_free=True, attach_s=None,
)  # fmt: skip


def test_a_new_registration_on_the_band_passes_as_measured():
    found = verdict_of_trial(PASSES)
    assert (found.outcome, found.grade) == (Outcome.PASS, Grade.MEASURED)
    assert found.evidence == (PASSES.source,)
    assert found.reason == "attached anew on B12, EARFCN 5110 after 3.0 s"


@pytest.mark.parametrize(
    "change",
    [
        {"fresh": False},
        {"served_band": 17},
        {"served_band": None},
        {"served_rat": "lte_m"},
        {"served_rat": None},
        {"disagree": True},
        {"lock": "not_read"},
        {"lock": "other"},
        {"lock": "refused"},
        {"lock": "not_sent"},
        {"baseline": False},
        {"baseline": None},
        {"registered": False},
        {"network": "not_attached"},
        {"plan": "refused"},
        {"rat": "nr"},
        {"rat": "nr", "served_rat": "nr_nsa"},
    ],
    ids=str,
)
def test_whatever_is_missing_nothing_passes(change):
    assert verdict_of_trial(replace(PASSES, **change)).outcome is Outcome.INCONC


def test_what_others_saw_too_fails():
    found = verdict_of_trial(FAILS)
    assert (found.outcome, found.grade) == (Outcome.FAIL, Grade.MEASURED)
    assert "a call box" in found.reason


@pytest.mark.parametrize(
    "change",
    [
        {"on_air": None},
        {"on_air": False},
        {"network": None},
        {"network": "attached"},
        {"card_free": None},
        {"card_free": False},
        {"waited_s": 129.0},
        {"waited_s": None},
        {"lock": "not_read"},
        {"lock": "other"},
        {"baseline": False},
        {"denied": True},
        {"denied": True, "cause": 11},
        {"denied": True, "cause": 3},
        {"doubt": "a cell lock that is not told"},
    ],
    ids=str,
)
def test_whatever_is_missing_nothing_fails(change):
    assert verdict_of_trial(replace(FAILS, **change)).outcome is Outcome.INCONC


def test_a_cause_that_speaks_of_the_device_fails_at_once():
    found = verdict_of_trial(replace(FAILS, denied=True, cause=6, waited_s=4.0))
    assert found.outcome is Outcome.FAIL
    assert "illegal ME" in found.reason
    assert verdict_of_trial(replace(FAILS, denied=True, cause=6, network=None)).outcome is Outcome.INCONC


def test_a_twin_passes_by_the_word_of_the_cells_source_alone():
    twin = replace(PASSES, band=17, announces=(12, 17))
    assert verdict_of_trial(twin).outcome is Outcome.PASS
    assert verdict_of_trial(replace(twin, announces=())).outcome is Outcome.INCONC


def judged(rule, *trials):
    survey = Survey("m1", "fixture:m1", "modem", observations=trials)
    bound = Bound.of(survey)

    class Of:
        def __init__(self):
            self.survey, self.device = survey, bound

    return rule.judge(Of())


def test_a_profile_can_ask_for_an_attach_on_a_band():
    rule = rule_of({"id": "X-ATTACH-B12", "kind": "sweep", "level": "mandatory", "rat": "lte", "band": 12})
    assert isinstance(rule, SweepRule)
    assert rule.asks() == "locked to B12, it attaches on it"
    assert judged(rule, PASSES).outcome is Outcome.PASS
    assert judged(rule).outcome is Outcome.INCONC
    assert "--sweep" in judged(rule).reason
    assert judged(rule, replace(PASSES, band=66, served_band=66)).outcome is Outcome.INCONC
    # Of an LTE-M modem the same band counts; what failed beside it outweighs.
    narrow = replace(PASSES, rat="lte_m", served_rat="lte_m")
    assert judged(rule, narrow).outcome is Outcome.PASS
    assert judged(rule, narrow, replace(FAILS, rat="nb_iot")).outcome is Outcome.FAIL


@pytest.mark.parametrize(("alone", "outcome"), [(False, Outcome.PASS), (True, Outcome.INCONC)])
def test_a_leg_beside_lte_is_no_attach_for_a_carrier_that_has_nr_alone(alone, outcome):
    rule = rule_of({"id": "X-ATTACH-N79", "kind": "sweep", "level": "mandatory", "rat": "nr", "band": 79})
    leg = replace(
        PASSES, rat="nr_nsa", band=79, served_band=79, served_rat="nr_nsa", served_arfcn=713333, anchor_rat="lte",
        anchor_band=12, leg_told=True, leg_fresh=True,
    )  # fmt: skip
    survey = Survey("m1", "fixture:m1", "modem", observations=(leg,))
    bound = SimpleNamespace(survey=survey, edition=SimpleNamespace(nr_required=alone))
    assert rule.judge(bound).outcome is outcome


def test_a_band_that_does_not_exist_is_a_fault_of_the_profile():
    wrong = SweepRule(id="X", level="mandatory", rat="lte", band=150)
    assert list(wrong.faults(None))  # type: ignore[arg-type]


WHY_OPEN = [
    (PASSES, {"fresh": False}, "B12: it never left its cell, and a cell that is kept proves no attach"),
    (PASSES, {"fresh": False, "lock": "other"}, "B12: the lock was accepted and reads otherwise"),
    (
        PASSES,
        {"fresh": False, "lock": "refused", "why": "+CME ERROR: 4"},
        "B12: the device refused the lock (+CME ERROR: 4)",
    ),
    (PASSES, {"disagree": True}, "B12: it registered, and the serving cell's band is not told, or told in two ways"),
    (PASSES, {"lock": "not_read"}, "whether the lock is in force cannot be read; it is served on B12, EARFCN 5110"),
    (PASSES, {"lock": "not_sent", "served_arfcn": None}, "it was not locked to the band; it is served on B12"),
    (
        PASSES,
        {"served_band": 17, "served_arfcn": 5780},
        "it is served on B17, EARFCN 5780: it is not in force, or that is a twin",
    ),
    (PASSES, {"network": "not_attached"}, "it tells of an attach on B12, EARFCN 5110, and the network saw none"),
    (PASSES, {"plan": "refused"}, "B12: the sweep was refused; nothing was changed"),
    (PASSES, {"plan": "refused", "why": "no SIM"}, "B12: no SIM; nothing was changed"),
    (PASSES, {"baseline": False}, "check SIM, APN and antenna"),
    (PASSES, {"baseline": False, "why": "no SIM"}, "B12: no SIM"),
    (
        PASSES,
        {"registered": False, "lock": "not_sent", "why": "stopped"},
        "B12: it was not locked to the band (stopped)",
    ),
    (
        FAILS,
        {"on_air": None},
        "no attach in 140 s; whether a cell of it is on air, nobody tells, and no second witness",
    ),
    (FAILS, {"on_air": None, "seen": True}, "the device saw a cell, and no second witness speaks"),
    (FAILS, {"on_air": None, "denied": True}, "denied; the device saw a cell, and no second witness speaks"),
    (FAILS, {"on_air": False}, "no cell of it is on air"),
    (FAILS, {"network": None}, "no attach in 140 s; the network side says nothing of it"),
    (FAILS, {"network": "attached"}, "the network says that it attached"),
    (FAILS, {"denied": True, "cause": 11}, "denied, cause 11; refused by the network: card, subscription or area"),
    (FAILS, {"doubt": "a cell lock that is not told"}, "B12: no attach in 140 s; a cell lock that is not told"),
    (
        FAILS,
        {"served_band": 66, "served_rat": "lte", "served_arfcn": 66486},
        "it tells of B66, EARFCN 66486, as its cell: the lock is not in force",
    ),
    (FAILS, {"served_band": 12, "served_rat": "nr"}, "it tells of n12, as its cell: the lock is not in force"),
    (FAILS, {"card_free": False}, "the card may be barred"),
    (FAILS, {"waited_s": 129.0}, "no attach in 129 s; 130 s must pass before that says anything"),
    (FAILS, {"waited_s": None}, "B12: no attach; 130 s must pass"),
]


@pytest.mark.parametrize(("trial", "change", "words"), WHY_OPEN, ids=str)
def test_what_is_open_says_why(trial, change, words):
    found = verdict_of_trial(replace(trial, **change))
    assert (found.outcome, found.grade) == (Outcome.INCONC, None)
    assert words in found.reason
    assert found.evidence == (PASSES.source,)


@pytest.mark.parametrize(
    ("trial", "change", "words"),
    [
        (PASSES, {"attach_s": None}, "attached anew on B12, EARFCN 5110"),
        (PASSES, {"served_arfcn": None, "attach_s": None}, "attached anew on B12"),
        (
            PASSES,
            {"band": 17, "announces": (12, 17), "attach_s": None},
            "attached anew on B12, EARFCN 5110, which the cell is announced under besides B17",
        ),
        (
            PASSES,
            {
                "rat": "nr",
                "served_rat": "nr_sa",
                "band": 71,
                "served_band": 71,
                "served_arfcn": 126490,
                "attach_s": 1.25,
            },
            "attached anew on n71, NR-ARFCN 126490 after 1.2 s",
        ),
        (FAILS, {}, "B12: no attach in 140 s under its lock, with a cell on air (a call box)"),
        (
            FAILS,
            {"served_band": 12, "served_rat": "lte"},
            "B12: no attach in 140 s under its lock, with a cell on air (a call box)",
        ),
        (FAILS, {"waited_s": 130.0}, "B12: no attach in 130 s under its lock, with a cell on air (a call box)"),
        (FAILS, {"denied": True, "cause": 5}, "B12: denied with cause 5 (IMEI not accepted)"),
    ],
)
def test_what_decides_says_where_and_when(trial, change, words):
    found = verdict_of_trial(replace(trial, **change))
    assert (found.outcome, found.grade, found.reason) == (
        Outcome.PASS if trial is PASSES else Outcome.FAIL,
        Grade.MEASURED,
        words,
    )


def test_what_does_not_apply_is_neither():
    found = verdict_of_trial(replace(PASSES, plan="not_applicable", why="the modem has no such band"))
    assert (found.outcome, found.reason) == (Outcome.NA, "the modem has no such band")
