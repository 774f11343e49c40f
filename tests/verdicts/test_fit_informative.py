"""What is only informative counts nowhere in a fit, as in a run's result: neither its note nor its loss."""

from __future__ import annotations

import pytest
from verdict_cases import band, handset, known, selected, sheet

from harness.carriers.edition import Alias
from harness.verdicts.fit.ranking import Offers
from harness.verdicts.verdict import Outcome

STANDS_IN = Alias(band=12, satisfied_by=17, since="2015", reason="MFBI")


@pytest.mark.parametrize(
    ("level", "outcome"),
    [("mandatory", Outcome.PASS_NOTE), ("recommended", Outcome.PASS_NOTE), ("informative", Outcome.PASS)],
)
def test_a_band_that_decides_nothing_brings_no_note(level: str, outcome: Outcome) -> None:
    chosen = selected(band(17), band(12, level=level), aliases=(STANDS_IN,))
    [fit] = Offers([chosen]).fits(known(handset(), sheet(17)))
    assert fit.band_fit is outcome
    assert {one.rule.band: one.outcome for one in fit.answer.bands} == {17: Outcome.PASS, 12: Outcome.PASS_NOTE}


@pytest.mark.parametrize("level", ["mandatory", "informative"])
def test_a_device_that_was_not_read_has_no_fit_whatever_is_asked(level: str) -> None:
    [fit] = Offers([selected(band(12, level=level))]).fits(known(handset(trouble="unplugged"), sheet(12)))
    assert fit.band_fit is Outcome.ERROR
