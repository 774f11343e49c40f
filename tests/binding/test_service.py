"""On which cells a device is attached: what the verdict calls attached is what reports and surveys show."""

from __future__ import annotations

from typing import Any

import pytest
from verdict_cases import band, cell, handset, registered, sheet, sim, verdict

from harness.binding.binding import bind
from harness.commands.views.band_grid import grids
from harness.observations import Observation, ServingCell
from harness.reports.document.devices import device_entry
from harness.requirements.bound import Bound
from harness.requirements.combination import CombinationRule
from harness.survey.survey import Survey
from harness.verdicts.verdict import Outcome


def shown(survey: Survey) -> bool:
    """Whether the report's picture of bands says that B12 is attached."""
    told = device_entry(Bound.of(survey)).layers.get("attached", {}).get("lte", ())
    return 12 in told


def surely(survey: Survey) -> bool:
    """Whether the bands of a survey, as `bandproof survey` draws them, say so without a doubt."""
    words = [grid.cells.get(12, {}).get("attached", "") for grid in grids(survey) if grid.rat == "lte"]
    return any(word and "?" not in word for word in words)


DENIED = (sim(slot=0), registered("denied", slot=0))
HOME = (sim(slot=0), registered(slot=0))
NOT_ATTACHED = {
    "registration denied": (*DENIED, cell(slot=0)),
    "no registration": (sim(slot=0), cell(slot=0)),
    "registered elsewhere": (sim(slot=0), registered(slot=1), cell(slot=0)),
    "band only reported": (*HOME, cell(arfcn=None, band_source="reported", slot=0)),
    "band in conflict": (*HOME, cell(band_source="conflict", slot=0)),
    "camped": (*HOME, cell(registered=False, slot=0)),
    "scell configured only": (*HOME, cell(role="scell", active=False, registered=None, slot=0)),
    "scell without service": (*DENIED, cell(role="scell", active=True, registered=None, slot=0)),
}


@pytest.mark.parametrize("facts", NOT_ATTACHED.values(), ids=NOT_ATTACHED)
def test_what_the_verdict_does_not_call_attached_nobody_shows_as_attached(facts: tuple[Observation, ...]) -> None:
    survey = handset(*facts)
    assert not bind(survey).attached_on("lte", 12)
    assert verdict(survey, band(12)).outcome is Outcome.INCONC
    assert (shown(survey), surely(survey)) == (False, False)


@pytest.mark.parametrize("state", ["home", "roaming"])
def test_what_the_verdict_calls_attached_is_shown(state: str) -> None:
    survey = handset(sim(slot=0), registered(state, slot=0), cell(slot=0))
    assert verdict(survey, band(12)).outcome is Outcome.PASS
    assert (shown(survey), surely(survey)) == (True, True)


def test_an_earfcn_that_may_be_stored_in_16_bits_proves_no_combination_either() -> None:
    """EARFCN 900 (B2) may be 66436 (B66): a band is not proven by it, so a combination with it is not."""
    rule = CombinationRule(id="T-CA", level="mandatory", needed="observed", configuration="CA_2A-12A")
    wrapped: dict[str, Any] = {"arfcn": 900, "band": 2, "band_source": "arfcn", "rat": "lte"}
    facts = (*HOME, ServingCell(**wrapped, slot=0), cell(role="scell", active=True, registered=None, slot=0))
    survey = handset(*facts)
    assert verdict(survey, band(2)).outcome is Outcome.INCONC
    assert verdict(survey, rule, declared=sheet(2, 12)).outcome is Outcome.INCONC
