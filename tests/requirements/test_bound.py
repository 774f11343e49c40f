"""One device, bound: each band is looked up once, and fits are keyed by all that an outcome can depend on."""

from __future__ import annotations

from dataclasses import fields

import pytest
from verdict_cases import IN_SERVICE, OWN, handset, listed, modem, selected, sheet, sim

from harness.requirements.bands.layers import BandFact, BandState
from harness.requirements.bound import Bound


def test_a_band_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    real = Bound.of(modem(listed(12), *IN_SERVICE))
    monkeypatch.setattr(
        "harness.requirements.bound.band_fact",
        lambda *given, **more: asked.append(given[3:]) or BandFact(given[4], True, "lists", "has it"),
    )
    for _ in range(3):
        assert real.fact("lte", 12, own_sim=True).has
        assert real.at(selected()).fact("lte", 12).has
        assert real.fact("lte", 66, own_sim=True).has
    assert asked == [("lte", 12), ("lte", 66)]


def test_the_carriers_of_one_device_do_not_mix() -> None:
    bound = Bound.of(handset(sim(OWN)), sheet(12))
    own, other = selected(), selected(host="us/other")
    assert bound.at(own) is bound.at(own)
    assert bound.at(own).selected is own
    assert bound.at(other).selected is other
    assert bound.at(own, "service").policy == "service"
    assert bound.at(own).policy == "strict"


def test_the_state_that_fits_are_keyed_by_leaves_out_words_and_sources_alone() -> None:
    """A field that is added to the facts must be weighed: outcomes are remembered by this state."""
    kept = {field.name for field in fields(BandFact)} - {"band", "why", "evidence", "note"}
    assert kept | {"noted", "apart"} == set(BandState._fields)
