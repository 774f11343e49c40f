"""Another SIM than the bench file expects: what hangs on the SIM is open, everything else is judged as ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict_cases import (
    OTHER,
    OWN,
    POLICY_LIST,
    attach,
    band,
    cell,
    handset,
    identity,
    listed,
    modem,
    registered,
    selected,
    sim,
    verdict,
)

from harness.binding.sims import sims_in
from harness.observations import Service
from harness.requirements.customisation import CustomisationRule
from harness.requirements.registered import RegisteredRule
from harness.requirements.volte import VolteRule
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome

SECOND_OWN, STRANGER = "310150", "26201"
ATTACH, OUTSIDE = attach(), attach(lte=(71,))
HOME, ROAMING = (RegisteredRule(id="T-REG", level="mandatory", states=(state,)) for state in ("home", "roaming"))
VOLTE = VolteRule(id="T-VOLTE", level="mandatory", states=("registered",))
CONFIG = CustomisationRule(id="T-MBN", level="mandatory", carrier_config=("*ATT*",))
IMS_OFF = Service(name="ims", state="not_registered", slot=None)


def expecting(plmn: str, *facts: Any) -> Survey:
    return handset(*facts, expected_sim=plmn)


WRONG = f"the bench file expects the SIM of {OWN}, the device has that of {OTHER}"


@pytest.mark.parametrize("rule", [ATTACH, OUTSIDE, HOME, ROAMING, VOLTE])
@pytest.mark.parametrize(
    ("sims", "words"),
    [
        ([sim(OTHER)], WRONG),
        ([sim(SECOND_OWN)], f"expects the SIM of {OWN}, the device has that of {SECOND_OWN}"),
        ([sim(None, state="absent")], f"expects the SIM of {OWN}, the device has none"),
        ([sim(OTHER, slot=0), sim(STRANGER, slot=1)], f"the device has those of {OTHER}, {STRANGER}"),
        ([sim(OTHER, slot=0), sim(OWN, slot=1, state="absent")], WRONG),
    ],
)
def test_what_hangs_on_the_sim_is_open_and_says_why(rule: Any, sims: list[Any], words: str) -> None:
    survey = expecting(OWN, *sims, registered(), cell(), IMS_OFF)
    assert words in sims_in(survey).wrong
    assert sims_in(survey).remark == sims_in(survey).wrong
    found = verdict(survey, rule)
    assert (found.outcome, words in found.reason) == (Outcome.INCONC, True), found


@pytest.mark.parametrize("rule", [ATTACH, HOME])
def test_a_carrier_that_neither_sim_belongs_to_is_not_concerned(rule: Any) -> None:
    survey = expecting(STRANGER, sim(OTHER), registered(), cell())
    assert verdict(survey, rule).outcome is Outcome.NA


@pytest.mark.parametrize("rule", [ATTACH, OUTSIDE, HOME, ROAMING, VOLTE])
def test_a_carrier_whose_sim_is_in_by_mistake_is_not_judged_by_it(rule: Any) -> None:
    survey = expecting(STRANGER, sim(OWN), registered(), cell(), IMS_OFF)
    assert verdict(survey, rule).outcome is Outcome.INCONC


@pytest.mark.parametrize("sims", [[sim(OWN)], [sim(OTHER, slot=0), sim(OWN, slot=1)]])
def test_the_expected_sim_changes_nothing(sims: list[Any]) -> None:
    slot = sims[-1].slot
    survey = expecting(OWN, *sims, registered(slot=slot), cell(slot=slot), replace(IMS_OFF, slot=slot))
    assert (sims_in(survey).wrong, sims_in(survey).remark) == ("", "")
    assert verdict(survey, ATTACH).outcome is Outcome.PASS
    for rule in (ROAMING, VOLTE):
        assert verdict(survey, rule).outcome is Outcome.FAIL
    assert verdict(survey, OUTSIDE, selected(OUTSIDE, band(12))).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    "facts",
    [
        [sim(None)],
        [sim(None, slot=0), sim(OTHER, slot=1)],
        [sim(None, state="pin_required")],
        [identity(model="X")],
    ],
)
def test_a_sim_that_is_not_told_is_remarked_and_decides_nothing(facts: list[Any]) -> None:
    survey = expecting(OWN, *facts, registered(), cell())
    assert sims_in(survey).wrong == ""
    assert sims_in(survey).remark == f"the bench file expects the SIM of {OWN}; the device does not tell whose is in"
    assert verdict(survey, ATTACH) == verdict(replace(survey, expected_sim=None), ATTACH)


def test_the_network_at_which_a_modem_is_at_home_does_not_convict_its_sim() -> None:
    """An equivalent home PLMN is at home, too (TS 23.122): the SIM itself was not told."""
    survey = modem(sim(None), registered(), cell(plmn=SECOND_OWN), expected_sim=OWN)
    assert sims_in(survey).wrong == ""
    assert "does not tell" in sims_in(survey).remark
    assert sims_in(modem(sim(None), registered(), cell(plmn=OWN), expected_sim=OWN)).remark == ""


def test_a_device_that_was_not_read_says_nothing_of_its_sim() -> None:
    lost = expecting(OWN)
    assert (sims_in(lost).wrong, sims_in(lost).remark) == ("", "")


def test_a_band_that_the_policy_of_the_wrong_sim_removes_is_open() -> None:
    facts = [listed(12), listed(4, layer=POLICY_LIST), registered()]
    right = modem(sim(), *facts, expected_sim=OWN)
    assert verdict(right, band(12)).outcome is Outcome.FAIL
    wrong = modem(sim(SECOND_OWN), *facts, expected_sim=OWN)
    assert not sims_in(wrong).of(selected().carrier).is_in
    found = verdict(wrong, band(12))
    assert (found.outcome, "belongs to another SIM" in found.reason) == (Outcome.INCONC, True), found


def test_a_band_that_the_hardware_lacks_fails_with_any_sim() -> None:
    survey = modem(sim(OTHER), listed(4), expected_sim=OWN)
    assert verdict(survey, band(12)).outcome is Outcome.FAIL
    assert verdict(survey, band(4)).outcome is Outcome.PASS


def test_a_carrier_configuration_that_the_wrong_sim_brought_is_open() -> None:
    facts = [identity(carrier_config="Commercial-TMO")]
    assert verdict(expecting(OWN, sim(), *facts), CONFIG).outcome is Outcome.FAIL
    found = verdict(expecting(OWN, sim(OTHER), *facts), CONFIG)
    assert (found.outcome, WRONG in found.reason) == (Outcome.INCONC, True), found
    fits = verdict(expecting(OWN, sim(OTHER), identity(carrier_config="Commercial-ATT")), CONFIG)
    assert fits.outcome is not Outcome.FAIL
