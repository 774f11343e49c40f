"""Which day, whose SIM, and what was lost: what is not in force or not known never makes a PASS."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from verdict_cases import OTHER, OWN, band, cell, handset, listed, modem, registered, selected, sim

from harness.carriers.store import Profiles, Selected
from harness.requirements.bands.facts import Declared
from harness.requirements.bound import Bound
from harness.requirements.registered import RegisteredRule
from harness.survey.survey import Survey
from harness.verdicts.judge import judge
from harness.verdicts.plan import unknown_plmns
from harness.verdicts.result import result_of
from harness.verdicts.verdict import Outcome

HOME = RegisteredRule(id="T-REG", level="mandatory")
HAS_12 = modem(listed(12))
TODAY = date(2026, 11, 29)


def on(day: date, **carrier: str) -> Selected:
    chosen = selected(band(12), HOME)
    known = {"ended": None, "successor": None, **carrier}
    return replace(chosen, asked=day, carrier=_with(chosen.carrier, known))


def _with(carrier: object, changes: dict[str, str | None]) -> object:
    import msgspec

    return msgspec.structs.replace(carrier, **changes)  # type: ignore[type-var]


def outcome(survey: Survey, chosen: Selected, **bound: object) -> tuple[Outcome, str]:
    found = judge(Bound.of(survey, **bound), chosen, chosen.edition.requirements[0])  # type: ignore[arg-type]
    return found.outcome, found.reason


@pytest.mark.parametrize("ended", ["2022-06-30", "2022-06", "2022"])
def test_a_network_that_has_ended_asks_nothing_any_more(ended: str) -> None:
    chosen = on(date(2023, 1, 1), ended=ended, status="historical", successor="us/t-mobile")
    found, why = outcome(HAS_12, chosen)
    assert (found, why) == (Outcome.NA, f"ended {ended}, its customers went to us/t-mobile")
    assert outcome(modem(listed(2)), chosen)[0] is Outcome.NA


def test_a_network_ends_on_its_last_day_and_is_judged_before() -> None:
    last = date(2022, 6, 30)
    assert outcome(HAS_12, on(last, ended="2022-06-30", status="historical"))[0] is Outcome.NA
    assert outcome(HAS_12, on(date(2022, 6, 29), ended="2022-06-30", status="historical"))[0] is Outcome.PASS


def test_a_day_that_has_not_come_passes_with_a_note_at_best() -> None:
    later = on(date(2027, 1, 1))
    found, why = outcome(HAS_12, later, today=TODAY)
    assert (found, "judged for 2027-01-01 by what is announced" in why) == (Outcome.PASS_NOTE, True)
    assert outcome(modem(listed(2)), later, today=TODAY)[0] is Outcome.FAIL
    assert outcome(HAS_12, on(TODAY), today=TODAY)[0] is Outcome.PASS


def test_a_sim_that_no_profile_knows_is_not_another_carriers() -> None:
    facts = (sim("46099"), registered(), cell())
    known = judge(Bound.of(handset(*facts)), selected(HOME), HOME)
    strange = judge(Bound.of(handset(*facts), unknown_plmns=frozenset({"46099"})), selected(HOME), HOME)
    assert known.outcome is Outcome.NA
    assert (strange.outcome, "which no profile knows" in strange.reason) == (Outcome.INCONC, True)


def test_profiles_tell_which_plmns_they_do_not_know() -> None:
    survey = handset(sim("001019", slot=0), sim("310410", slot=1), sim(None, slot=2))
    assert unknown_plmns(survey, Profiles()) == {"001019"}


@pytest.mark.parametrize("kind", ["handset", "modem"])
def test_what_was_lost_before_it_was_asked_is_not_declared_instead(kind: str) -> None:
    declared = Declared("maker/model#one", {"lte": (12,)})
    whole = handset(sim(OWN)) if kind == "handset" else modem(sim(OWN))
    lost = replace(whole, trouble="the device went away", lost=True)
    assert outcome(whole, on(TODAY), declared=declared)[0] is Outcome.PASS
    found, why = outcome(lost, on(TODAY), declared=declared)
    assert (found, "was lost before it was asked" in why, "went away" in why) == (Outcome.INCONC, True, True)


def test_what_is_informative_counts_nowhere() -> None:
    rules = (band(12), band(2, level="informative"), band(4, level="informative", id="T-4i"))
    chosen = selected(*rules)
    bound = Bound.of(modem(listed(12, 2)))
    verdicts = [judge(bound, chosen, rule) for rule in rules]
    found = result_of("d", chosen, verdicts)
    assert (found.outcome, found.met, found.asked) == (Outcome.PASS, 1, 1)
    without = result_of("d", chosen, verdicts[:1])
    assert (without.outcome, without.not_run) == (Outcome.PASS, ())


def test_the_other_carriers_sim_is_still_the_other_carriers() -> None:
    found = judge(Bound.of(handset(sim(OTHER), registered())), selected(HOME), HOME)
    assert found.outcome is Outcome.NA
