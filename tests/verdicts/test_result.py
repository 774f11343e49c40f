"""What a device comes to at a carrier: the heaviest verdict, never a pass by a part of the requirements."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from harness.carriers.edition import Carrier, Edition
from harness.carriers.store import Selected
from harness.observations import Grade
from harness.requirements.band import BandRule
from harness.requirements.rom_region import RomRegionRule
from harness.verdicts.result import MissingBand, Result, result_of, results_of
from harness.verdicts.verdict import Attempt, Outcome, Verdict, verdict_of, worst

RULES = (
    BandRule(id="R-B4", level="recommended", rat="lte", band=4, role="capacity"),
    BandRule(id="R-B2", level="mandatory", rat="lte", band=2, role="coverage"),
    RomRegionRule(id="R-ROM", level="mandatory", any_of=("global",)),
)
EDITION = Edition(as_of="2024", sources=("test",), confidence="A", requirements=RULES)
CARRIER = Carrier(format="bandproof.profile/1", id="us/test", name="T", country="US", editions=(EDITION,))
CHOSEN = Selected(CARRIER, EDITION, date(2024, 6, 1))


def verdict(rule: str, outcome: Outcome, grade: Grade | None = Grade.MEASURED, reason: str = "") -> Verdict:
    level = next(one.level for one in RULES if one.id == rule)
    return Verdict("m", "us/test", "2024", rule, outcome, reason or f"{rule} because", level, grade)


def result(*verdicts: Verdict) -> Result:
    return result_of("m", CHOSEN, verdicts)


def test_weights_are_in_the_order_of_ttcn3() -> None:
    assert [one.name for one in sorted(Outcome, key=lambda one: one.weight)] == [
        *("NA", "PASS", "PASS_NOTE", "WAIVED", "INCONC", "FAIL", "ERROR")
    ]
    assert worst([]) is Outcome.NA


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_heaviest_is_the_groups(outcome: Outcome) -> None:
    found = result(verdict("R-B4", Outcome.PASS), verdict("R-B2", outcome), verdict("R-ROM", Outcome.NA))
    assert found.outcome is worst([Outcome.PASS, outcome])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_part_of_the_requirements_never_makes_a_pass(outcome: Outcome) -> None:
    found = result(verdict("R-B4", Outcome.PASS), verdict("R-B2", outcome))
    assert found.not_run == ("R-ROM",)
    assert found.outcome is worst([outcome, Outcome.INCONC])


def test_nothing_judged_is_open() -> None:
    assert result().outcome is Outcome.INCONC
    assert result().not_run == ("R-B4", "R-B2", "R-ROM")


def test_counts_leave_out_what_does_not_decide() -> None:
    found = result(
        verdict("R-B4", Outcome.PASS_NOTE), verdict("R-B2", Outcome.WAIVED), verdict("R-ROM", Outcome.NA, None)
    )
    assert (found.met, found.asked, found.not_applicable, found.failed, found.open) == (1, 3, 1, 0, 0)


def test_how_many_are_asked_does_not_depend_on_the_device() -> None:
    whole = result(*(verdict(rule.id, Outcome.PASS) for rule in RULES))
    part = result(verdict("R-B4", Outcome.FAIL), verdict("R-ROM", Outcome.NA, None))
    assert whole.asked == part.asked == 3
    assert (part.failed, part.open, part.not_applicable) == (1, 1, 1)


def test_the_grade_is_the_weakest_that_the_result_rests_on() -> None:
    found = result(
        verdict("R-B4", Outcome.PASS, Grade.OBSERVED),
        verdict("R-B2", Outcome.FAIL, Grade.MEASURED),
        verdict("R-ROM", Outcome.INCONC, Grade.DECLARED),
    )
    assert found.grade is Grade.OBSERVED


def test_missing_bands_are_named_mandatory_ones_first_and_nothing_else_is_one() -> None:
    failed = [verdict(rule.id, Outcome.FAIL) for rule in RULES]
    found = result(*failed)
    assert found.missing == (MissingBand("B2", "coverage"), MissingBand("B4", "capacity"))
    assert [one.requirement for one in found.failures] == ["R-ROM"]


def test_reasons_come_heaviest_and_mandatory_first_each_once() -> None:
    found = result(
        verdict("R-B4", Outcome.FAIL, reason="the same"),
        verdict("R-B2", Outcome.FAIL, reason="the same"),
        verdict("R-ROM", Outcome.INCONC, reason="the same"),
    )
    assert [(one.requirement, one.outcome.name) for one in found.told] == [("R-B2", "FAIL"), ("R-ROM", "INCONC")]


def test_results_keep_the_order_of_the_plan_and_take_no_verdict_of_another() -> None:
    verdicts = [verdict(rule.id, Outcome.PASS) for rule in RULES]
    others = [replace(one, device="n", outcome=Outcome.FAIL) for one in verdicts]
    older = [replace(one, edition="2017", outcome=Outcome.ERROR) for one in verdicts]
    mixed = [*verdicts, *others, *older]
    random.Random(1).shuffle(mixed)
    found = results_of([("n", CHOSEN), ("m", CHOSEN), ("n", CHOSEN)], mixed)
    assert [(one.device, one.outcome.name) for one in found] == [("n", "FAIL"), ("m", "PASS")]


def test_a_case_judged_again_keeps_the_heavier_verdict_and_every_attempt() -> None:
    first, second = verdict("R-B2", Outcome.INCONC, reason="lost"), verdict("R-B2", Outcome.PASS, reason="there")
    both = first.again(second)
    assert (both.outcome, both.reason) == (Outcome.INCONC, "lost")
    thrice = both.again(verdict("R-B2", Outcome.FAIL, reason="gone"))
    assert thrice.outcome is Outcome.FAIL
    assert thrice.attempts == (
        Attempt(Outcome.INCONC, "lost"),
        Attempt(Outcome.PASS, "there"),
        Attempt(Outcome.FAIL, "gone"),
    )


def test_a_verdict_travels_as_plain_values() -> None:
    one = verdict("R-B2", Outcome.PASS_NOTE, Grade.DECLARED)
    assert verdict_of(one.as_json()) == one
