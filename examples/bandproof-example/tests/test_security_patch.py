"""The requirement kind: a day that is told and late enough passes, and silence never does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from harness.extending import Bound, Identity, Outcome, Profiles, Survey

CHOSEN = Profiles([Path(__file__).parent.parent / "profiles"]).select(["us/nowhere-mobile"], date(2026, 7, 1))[0]
RULE = CHOSEN.edition.requirement("NW-PATCH")


@pytest.mark.parametrize(
    ("levels", "outcome"),
    [
        (["2026-05-01"], Outcome.PASS),
        (["2026-03-01"], Outcome.PASS),
        (["2026-02-28"], Outcome.FAIL),
        (["2026-05-01", "2024-01-01"], Outcome.INCONC),
        (["soon"], Outcome.INCONC),
        ([], Outcome.INCONC),
    ],
)
def test_the_level_decides_and_nothing_else(levels, outcome):
    facts = tuple(Identity(security_patch=level) for level in levels)
    answer = RULE.judge(Bound.of(Survey("d", "a", "handset", facts)).at(CHOSEN))
    assert answer.outcome is outcome


def test_a_modem_has_none():
    assert RULE.judge(Bound.of(Survey("d", "a", "modem")).at(CHOSEN)).outcome is Outcome.NA


def test_a_day_after_the_edition_is_a_fault():
    late = type(RULE)(id="X", level="mandatory", since="2026-07")
    assert [problem.path for problem in late.faults(CHOSEN.edition)] == [("since",)]
    assert not list(RULE.faults(CHOSEN.edition))
