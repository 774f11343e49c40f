"""Whose SIM is in: one answer for every kind that hangs on it, and one rule for slots that are not told."""

from __future__ import annotations

from typing import Any

import pytest
from verdict_cases import OTHER, OWN, attach, cell, handset, modem, registered, selected, sim, verdict

from harness.binding.sims import sims_in
from harness.binding.slot import Slots, same_slot
from harness.observations import Service, Sim
from harness.requirements.registered import RegisteredRule
from harness.requirements.volte import VolteRule
from harness.verdicts.verdict import Outcome

VOLTE = VolteRule(id="T-VOLTE", level="mandatory", states=("registered",))
OF_SIM = (attach(), RegisteredRule(id="T-REG", level="mandatory"), VOLTE)
SERVED = (registered(slot=0), cell(slot=0), Service(name="ims", state="registered", slot=0))
CARRIER = selected().carrier


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
@pytest.mark.parametrize("state", ["pin_required", "puk_required", "error", None])
def test_the_carriers_sim_that_is_not_ready_leaves_open_and_is_never_called_absent(
    rule: Any, state: str | None
) -> None:
    found = verdict(handset(sim(state=state, slot=0), *SERVED), rule)
    assert found.outcome is Outcome.INCONC, found
    assert str(state or "not known") in found.reason
    assert "none is in" not in found.reason


def test_the_state_that_another_answer_tells_of_the_sims_slot_is_named() -> None:
    found = verdict(modem(sim(None, state="pin_required"), sim(state=None), *SERVED[:2]), OF_SIM[0])
    assert (found.outcome, "is pin_required" in found.reason) == (Outcome.INCONC, True), found


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
@pytest.mark.parametrize(
    ("sims", "outcome"),
    [
        ([], Outcome.INCONC),
        ([sim(None, slot=0)], Outcome.INCONC),
        ([sim(OTHER, slot=0), sim(None, slot=1)], Outcome.INCONC),
        ([sim(OTHER, slot=0)], Outcome.NA),
        ([sim(OTHER, slot=0), sim(None, slot=0)], Outcome.NA),
        ([sim(None, state="absent", slot=0)], Outcome.NA),
        ([sim(OWN, slot=0)], Outcome.PASS),
    ],
)
def test_every_kind_of_the_sim_gives_the_same_answer_to_whose_is_in(
    rule: Any, sims: list[Sim], outcome: Outcome
) -> None:
    assert verdict(handset(*sims, *SERVED), rule).outcome is outcome


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
def test_a_fact_of_any_slot_is_that_of_the_only_sim_whose_slot_is_not_told(rule: Any) -> None:
    assert verdict(handset(sim(slot=None), *SERVED), rule).outcome is Outcome.PASS


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
def test_beside_another_sim_a_fact_of_a_told_slot_may_be_the_others(rule: Any) -> None:
    found = verdict(handset(sim(slot=None), sim(OTHER, slot=0), *SERVED), rule)
    assert found.outcome is Outcome.INCONC, found


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
def test_a_fact_of_another_slot_is_not_the_sims(rule: Any) -> None:
    assert verdict(handset(sim(slot=1), sim(OTHER, slot=0), *SERVED), rule).outcome is Outcome.INCONC


def test_slots() -> None:
    assert Slots(frozenset({0})).hold(None)
    assert not Slots(frozenset({0})).hold(1)
    assert not Slots(frozenset()).hold(0)
    assert Slots(frozenset(), anywhere=True).hold(1)
    assert [same_slot(0, 0), same_slot(None, 1), same_slot(1, None), same_slot(0, 1)] == [True, True, True, False]


def test_a_sim_told_in_two_parts_is_one_sim() -> None:
    """AT+CPIN? tells the state, AT+CIMI the network, and neither a slot."""
    found = sims_in(modem(sim(None), Sim(plmn=OWN, state=None))).of(CARRIER)
    assert found.is_in
    assert found.slots.hold(3)


def test_the_home_network_of_a_modem_stands_in_for_a_sim_that_tells_none() -> None:
    survey = modem(sim(None), registered(), cell(plmn=OWN))
    assert sims_in(survey).of(CARRIER).standing == "in"
    assert sims_in(modem(sim(None), registered("roaming"), cell(plmn=OWN))).of(CARRIER).standing == "not_told"
    assert sims_in(handset(sim(None), registered(), cell(plmn=OWN))).of(CARRIER).standing == "not_told"


AT_HOME = (registered(), cell(plmn=OWN))


@pytest.mark.parametrize(
    ("prefix", "outcome"),
    [
        (None, Outcome.PASS),
        ("31041", Outcome.PASS),
        ("310410", Outcome.PASS),
        ("31026", Outcome.INCONC),
        ("40584", Outcome.INCONC),
    ],
)
@pytest.mark.parametrize("plmns", [(OWN,), (OTHER,), ("405840", "40584")], ids=["own", "other", "by the IMSI"])
def test_a_home_network_is_not_guessed_against_the_imsi_for_any_carrier(prefix, outcome, plmns) -> None:
    """The digits of the IMSI deny the network of the registration: whose SIM is in is open for both."""
    found = sims_in(modem(Sim(state="ready", plmn=None, imsi_prefix=prefix), *AT_HOME))
    carrier = replace_plmns(plmns)
    standing = found.of(carrier).standing
    if outcome is Outcome.INCONC:
        assert standing == "not_told"
        assert str(prefix) in found.of(carrier).why
    else:
        assert standing == ("in" if plmns == (OWN,) else "other")


def replace_plmns(plmns):
    import msgspec

    return msgspec.structs.replace(CARRIER, plmns=plmns)


def test_the_imsi_of_a_country_with_two_widths_keeps_what_both_have_in_common() -> None:
    from harness.probes.at import read

    (told,) = (
        item for item in read("AT+CIMI\r\n405840123456789\r\nOK\r\n", "AT+CIMI").observations if item.kind == "sim"
    )
    assert (told.plmn, told.imsi_prefix) == (None, "40584")


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ({"slot": 0}, {"slot": 0}, Outcome.INCONC),
        ({"slot": 0}, {"slot": 1}, Outcome.PASS),
    ],
)
def test_sources_that_tell_two_networks_of_one_sim_decide_for_neither(rule, one, other, outcome) -> None:
    survey = handset(sim(OWN, **one), sim(OTHER, **other), *SERVED)
    assert verdict(survey, rule).outcome is outcome


def test_two_networks_of_a_modems_one_sim_decide_for_neither() -> None:
    found = sims_in(modem(sim(OWN), sim(OTHER), *AT_HOME))
    assert {found.of(CARRIER).standing, found.of(replace_plmns((OTHER,))).standing} == {"not_told"}
    assert found.of(replace_plmns(("20801",))).standing == "other"
    assert sims_in(modem(sim("31041"), sim(OWN), *AT_HOME)).of(CARRIER).is_in


@pytest.mark.parametrize(
    ("registrations", "guessed"),
    [
        ((registered(),), True),
        ((registered("roaming"),), False),
        ((registered("searching"),), False),
        ((registered(), registered("roaming", domain="cs")), False),
        ((), False),
    ],
)
def test_a_home_network_is_guessed_at_home_alone(registrations, guessed: bool) -> None:
    found = sims_in(modem(Sim(state="ready"), *registrations, cell(plmn=OWN)))
    assert (found.plmns == (OWN,)) is guessed
    assert found.of(CARRIER).standing == ("in" if guessed else "not_told")


def test_a_home_network_is_not_guessed_from_an_unread_registration_or_two_networks() -> None:
    from harness.observations import Unread

    lost = Unread(what="registration", request="AT+C5GREG?", why="late")
    for more in ((lost,), (cell(2, 850, plmn=OTHER),)):
        assert sims_in(modem(Sim(state="ready"), registered(), cell(plmn=OWN), *more)).plmns == ()
    camped = cell(plmn=OWN, registered=False)
    assert sims_in(modem(Sim(state="ready"), registered(), camped)).plmns == ()
    assert sims_in(handset(Sim(state="ready"), registered(), cell(plmn=OWN))).plmns == ()


@pytest.mark.parametrize("rule", OF_SIM, ids=lambda rule: rule.kind)
def test_a_subscription_of_a_slot_that_is_not_ready_is_no_sim_in_the_device(rule: Any) -> None:
    """Android remembers what was in: NOT_READY beside its PLMN is a slot without a SIM."""
    only = sims_in(handset(sim(state="not_ready", slot=0)))
    assert (only.present, only.of(CARRIER).standing) == ((), "none")
    assert verdict(handset(sim(state="not_ready", slot=0), *SERVED), rule).outcome is Outcome.NA
    beside = sims_in(handset(sim(state="not_ready", slot=0), sim(OTHER, slot=1)))
    assert beside.of(CARRIER).standing == "other"
    ready = sims_in(handset(sim(state="not_ready", slot=1), sim(slot=0)))
    assert (ready.of(CARRIER).standing, ready.of(CARRIER).slots) == ("in", Slots(frozenset({0})))
