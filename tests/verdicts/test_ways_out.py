"""Every open verdict ends with what would decide it, and nothing that is decided tells one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict_cases import IN_SERVICE, band, cell, handset, listed, modem, no_restriction, selected, sheet, verdict

from harness.carriers.store import Profiles
from harness.observations import Grade
from harness.requirements.bound import Bound
from harness.requirements.coverage import CoverageRule
from harness.requirements.held import HeldRule
from harness.requirements.mfbi import MfbiRule
from harness.requirements.registered import RegisteredRule
from harness.requirements.sweep import SweepRule
from harness.requirements.volte import VolteRule
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.verdicts import ways_out
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.verdict import Outcome, Verdict, verdict_of
from harness.verdicts.ways_out import with_ways_out

SIM = "put a SIM of"


def told(survey: Survey, rule: Any, *, needed: Grade = Grade.DECLARED, **more: Any) -> Verdict:
    chosen = selected(rule)
    found = verdict(survey, rule, chosen, require_grade=needed, **more)
    return with_ways_out(found, rule, Bound.of(survey).at(chosen, "strict"), needed)


@pytest.mark.parametrize(
    ("survey", "rule", "way"),
    [
        (handset(), band(), ways_out.CAPABILITY),
        (handset(), band(), ways_out.DECLARE),
        (modem(*IN_SERVICE, no_restriction()), band(), ways_out.CAPABILITY),
        (modem(*IN_SERVICE, listed(2), listed(2, 12)), band(), ways_out.AGAIN),
        (handset(), CoverageRule(id="T-C", level="mandatory"), ways_out.SECOND_LIST),
        (handset(), MfbiRule(id="T-M", level="mandatory"), ways_out.CAPABILITY),
        (handset(), RegisteredRule(id="T-R", level="mandatory", states=("home",)), SIM),
        (handset(), VolteRule(id="T-V", level="mandatory"), SIM),
        (modem(listed(2, 12)), SweepRule(id="T-S", level="mandatory", rat="lte", band=12), ways_out.SWEEP),
        (handset(), HeldRule(id="T-H", level="mandatory", rat="lte"), ways_out.HOLD),
        (replace(modem(listed(2, 12)), trouble="unplugged"), band(), ways_out.AGAIN),
    ],
)
def test_an_open_verdict_ends_with_its_ways_out(survey: Survey, rule: Any, way: str) -> None:
    found = told(survey, rule)
    assert found.outcome is Outcome.INCONC
    assert any(one.startswith(way) for one in found.ways_out), found.ways_out
    last = found.ways_out[-1].partition(" (")[0].removesuffix(" of the device")
    assert last in found.reason[-160:]


def test_a_list_that_ends_before_a_band_tells_no_lack_of_it() -> None:
    """A mask of 64 bits has no place for B66: a modem that has it was said to lack it."""
    mask = replace(listed(2, 12), up_to=64)
    found = told(modem(*IN_SERVICE, mask), band(66))
    assert found.outcome is Outcome.INCONC
    assert found.reason.startswith('B66: the modem\'s list (AT+QNWPREFCFG="rf_band") ends at B64, ')
    assert found.ways_out == (ways_out.CAPABILITY,)
    assert told(modem(*IN_SERVICE, mask), band(17)).outcome is Outcome.FAIL
    # Beside it a list that was not asked for the band: the sentence is not of that one.
    asked = replace(listed(2, layer="advertised"), complete=False, filtered_by=(2,))
    assert "ends at" not in told(modem(*IN_SERVICE, mask, asked), band(66)).reason
    seen = told(modem(*IN_SERVICE, mask, cell(66, 66786)), band(66))
    assert (seen.outcome, seen.grade) == (Outcome.PASS, Grade.OBSERVED)
    assert told(modem(*IN_SERVICE, mask, replace(listed(2, 12), up_to=128)), band(66)).outcome is Outcome.FAIL


def test_evidence_that_is_too_weak_asks_for_a_stronger_one() -> None:
    rule, survey = band(), handset()
    chosen = selected(rule)
    bound = Bound.of(survey, sheet(2, 12))
    from harness.verdicts.judge import judge

    found = judge(bound, chosen, rule, require_grade=Grade.MEASURED)
    assert found.outcome is Outcome.INCONC
    found = with_ways_out(found, rule, bound.at(chosen), Grade.MEASURED)
    assert found.ways_out == (ways_out.CAPABILITY, ways_out.AT_PORT)


@pytest.mark.parametrize("bands", [(2, 12), (2,)])
def test_what_is_decided_has_none(bands: tuple[int, ...]) -> None:
    found = told(modem(*IN_SERVICE, listed(*bands)), band())
    assert found.outcome in {Outcome.PASS, Outcome.FAIL}
    assert found.ways_out == ()
    assert "way out" not in found.reason


def test_a_way_that_the_reason_tells_is_not_told_twice() -> None:
    found = told(handset(), MfbiRule(id="T-M", level="mandatory"))
    assert found.reason.count("UE capability") == 1


def test_they_travel_between_the_processes_of_a_run() -> None:
    found = told(handset(), band())
    assert verdict_of(found.as_json()) == found


@pytest.mark.parametrize("fixture", ["xiaomi-mi-mix-2-global", "quectel-rm520n-gl", "huawei-mate-10-pro-us"])
def test_no_open_verdict_of_a_run_leaves_the_reader_without_one(fixture: str) -> None:
    run = Run(surveys={"d": read_device(f"fixture:{fixture}", device="d")}, require_grade=Grade.MEASURED)
    plan_run(run, ["us", "de"], Profiles())
    found = [run.verdict(case) for case in run.cases]
    undecided = [one for one in found if one.outcome is Outcome.INCONC]
    assert undecided
    assert [one.requirement for one in undecided if not one.ways_out] == []
    assert [one.requirement for one in found if one.outcome is not Outcome.INCONC and one.ways_out] == []
