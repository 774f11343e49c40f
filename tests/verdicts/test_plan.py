"""Which carriers a run judges by when none is named: those of the SIM, at home and abroad."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from verdict_cases import cell, handset, registered, sheet, sim

from harness.carriers.store import Profiles
from harness.errors import UsageError
from harness.requirements.bound import Bound
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.verdict import Outcome

DAY = date(2026, 6, 1)
PROFILE = """\
format: bandproof.profile/1
id: us/{id}
name: "{id}"
country: US
{more}
editions:
  - as_of: "2024-01"
    confidence: B
    sources: ["test"]
    requirements:
      - {{id: {ID}-LTE-B12, kind: band, rat: lte, band: 12, role: coverage, level: mandatory}}
      - {{id: {ID}-ATTACH, kind: attach, level: mandatory, any_of: {{lte: [12]}}}}
      - {{id: {ID}-REGISTERED, kind: registered, level: mandatory}}
"""
CARRIERS = {
    "main": 'plmns: ["310990", "310991"]\nandroid_carrier_id: 9001',
    "brand": 'plmns: ["310990"]\ngid1: ["54"]\nandroid_carrier_id: 9002',
    "other": 'plmns: ["310980"]\nandroid_carrier_id: 9003',
}


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    folder = tmp_path / "carriers" / "us"
    folder.mkdir(parents=True)
    for id_, more in CARRIERS.items():
        text = PROFILE.format(id=id_, ID=id_.upper(), more=more)
        (folder / f"{id_}.yaml").write_text(text, encoding="utf-8")
    return Profiles([tmp_path])


def planned(profiles, *facts, by_device=None, carriers=(), **more):
    run = Run(as_of=DAY, surveys={"d": handset(*facts, **more)})
    plan_run(run, carriers, profiles, by_device)
    run.bound["d"] = Bound.of(run.surveys["d"], sheet(12))
    return run


def chosen(run):
    return list(dict.fromkeys(case.selected.carrier.id for case in run.cases))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([sim("310991")], ["us/main"]),
        ([sim("310990")], ["us/brand", "us/main"]),
        ([sim("310990", gid1="54AA")], ["us/brand"]),
        ([sim("310990", gid1="FFFF")], ["us/main"]),
        ([sim("310990", carrier_id=9002)], ["us/brand"]),
        ([sim(None, carrier_id=9003)], ["us/other"]),
        ([sim("310990", carrier_id=4242)], ["us/brand", "us/main"]),
        ([sim("310991", slot=0), sim("310980", slot=1)], ["us/main", "us/other"]),
        ([sim("310991", slot=0), sim("310980", slot=1, state="absent")], ["us/main"]),
        ([sim("310991"), registered("roaming", plmn="310980"), cell(plmn="310980")], ["us/main"]),
    ],
)
def test_the_sim_chooses_by_carrier_id_plmn_and_gid1(profiles, facts, found):
    assert chosen(planned(profiles, *facts)) == found


def test_in_place_of_a_wrong_sim_the_expected_one_chooses(profiles):
    assert chosen(planned(profiles, sim("310980"), expected_sim="310991")) == ["us/main"]
    assert chosen(planned(profiles, sim("310980"), expected_sim="310980")) == ["us/other"]
    assert chosen(planned(profiles, sim("310980", slot=0), sim(None, slot=1), expected_sim="310991")) == ["us/other"]
    with pytest.raises(UsageError, match="no SIM tells one"):
        planned(profiles, sim("310980"), expected_sim="00101")


def test_a_name_or_the_bench_file_comes_before_the_sim(profiles):
    assert chosen(planned(profiles, sim("310991"), carriers=["us/other"])) == ["us/other"]
    assert chosen(planned(profiles, sim("310991"), by_device={"d": ["us/other"]})) == ["us/other"]


@pytest.mark.parametrize("facts", [[], [sim(None)], [sim("00101")], [sim("310991", state="absent")]])
def test_a_sim_that_tells_no_carrier_is_said_so(profiles, facts):
    with pytest.raises(UsageError, match="no SIM tells one"):
        planned(profiles, *facts)


def test_abroad_the_home_carrier_asks_and_the_visited_network_answers_for_nothing(profiles):
    abroad = (sim("310991"), registered("roaming", plmn="310980"), cell(plmn="310980"))
    run = planned(profiles, *abroad)
    found = {verdict.requirement: verdict for verdict in map(run.verdict, run.cases)}
    assert found["MAIN-LTE-B12"].outcome is Outcome.PASS
    assert found["MAIN-ATTACH"].outcome is Outcome.INCONC
    assert "roaming on 310980" in found["MAIN-ATTACH"].reason
    assert found["MAIN-REGISTERED"].outcome is Outcome.INCONC
    assert found["MAIN-REGISTERED"].reason.startswith("roaming on 310980: abroad nothing is told")
    visited = planned(profiles, *abroad, carriers=["us/other"])
    outcomes = {verdict.requirement: verdict.outcome for verdict in map(visited.verdict, visited.cases)}
    assert outcomes["OTHER-ATTACH"] is outcomes["OTHER-REGISTERED"] is Outcome.NA


def test_the_sim_of_an_ended_carrier_names_its_successor() -> None:
    run = Run(as_of=DAY, surveys={"d": handset(sim("310120"))})
    with pytest.raises(
        UsageError, match=r"Sprint \(310120\), which ended on 2022-06-30; its successor is T-Mobile"
    ) as caught:
        plan_run(run, (), Profiles())
    assert "--carrier=us/t-mobile" in (caught.value.way_out or "")


def test_a_sim_of_nobody_known_names_no_successor() -> None:
    run = Run(as_of=DAY, surveys={"d": handset(sim("999990"))})
    with pytest.raises(UsageError, match="no SIM tells one"):
        plan_run(run, (), Profiles())


def test_with_waivers_in_a_run_what_none_of_them_fits_stays_as_it_was_judged() -> None:
    from verdict_cases import band, handset, selected, sheet

    from harness.requirements.bound import Bound
    from harness.verdicts.case import Case
    from harness.verdicts.waivers import Waiver

    rules = band(12), band(71)
    chosen = selected(*rules)
    run = Run(surveys={"d": handset()})
    run.bound["d"] = Bound.of(run.surveys["d"], sheet(2))
    other = Waiver(id="W", owner="lab", reason="agreed", expires="2999-12-31", carrier="us/test", requirement="T-71")
    cases = [Case("d", chosen, rule) for rule in rules]
    without = [run.verdict(case) for case in cases]
    run.waivers = (other,)
    waived = [run.verdict(case) for case in cases]
    assert waived[0] == without[0]
    assert [one.outcome.name for one in waived] == ["FAIL", "WAIVED"]
