"""The verdict on one trial, by what was seen alone."""

from __future__ import annotations

from dataclasses import replace

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


def test_a_band_that_does_not_exist_is_a_fault_of_the_profile():
    wrong = SweepRule(id="X", level="mandatory", rat="lte", band=150)
    assert list(wrong.faults(None))  # type: ignore[arg-type]
