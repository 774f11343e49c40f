"""Which cells serve a device, and which of them prove a band and a mode."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verdict_cases import cell, handset, registered, sim

from harness.binding.binding import bind
from harness.binding.service import attached, wrap_twin


@pytest.mark.parametrize(
    ("number", "earfcn", "twin"),
    [
        (1, 0, 65),
        (2, 600, 65),
        (2, 900, 66),
        (12, 5010, 87),
        # Downlink-only, narrower than a carrier, or no band at all.
        (3, 1800, None),
        (4, 2300, None),
        (10, 4400, None),
        (12, 5110, None),
        (12, 5120, 106),
        (12, 5170, None),
        (66, 66786, None),
    ],
)
def test_the_longer_number_of_an_earfcn(number: int, earfcn: int, twin: int | None) -> None:
    told = cell(number, earfcn, band_source="arfcn")
    assert wrap_twin(told) == twin
    assert wrap_twin(replace(told, rat="lte_m")) is None
    assert wrap_twin(replace(told, rat="gsm")) is None
    for source in ("both", "conflict", "reported", None):
        assert wrap_twin(replace(told, band_source=source)) is None
    assert (cell(number, earfcn, band_source="arfcn") in bind(handset(sim(), registered(), told)).proving) is (
        twin is None
    )


@pytest.mark.parametrize(
    ("more", "is_served"),
    [
        ({}, True),
        ({"registered": None}, True),
        ({"registered": False}, False),
        ({"active": True}, True),
        ({"active": None}, True),
        ({"active": False}, False),
        ({"rat": None}, False),
        ({"band_source": "conflict"}, False),
        ({"band_source": "reported"}, False),
        ({"band_source": "arfcn"}, True),
        ({"band": None}, False),
        ({"bandwidth_khz": 20000}, False),
        ({"slot": 1}, True),
    ],
)
def test_a_cell_that_serves(more: Any, is_served: bool) -> None:
    told = replace(cell(), **more)
    assert bool(attached(handset(sim(), registered(), told))) is is_served
    assert not attached(handset(sim(), registered("searching"), told))
    assert not attached(handset(sim(), registered(slot=0), replace(told, slot=1)))
    assert not attached(handset(sim(), told))


@pytest.mark.parametrize(
    ("rat", "asked", "role", "proves"),
    [
        ("lte", "lte", "pcell", True),
        ("lte", "lte", "scell", True),
        ("lte", "nr", "pcell", False),
        ("nr", "nr", "pcell", True),
        ("nr", "nr", "pscell", True),
        ("nr", "nr_sa", "pcell", True),
        ("nr", "nr_sa", "pscell", False),
        ("nr", "nr_nsa", "pscell", True),
        ("nr", "nr_nsa", "pcell", False),
        ("nr", "nr_nsa", "scell", False),
    ],
)
def test_the_band_and_mode_that_a_cell_proves(rat: Any, asked: str, role: Any, proves: bool) -> None:
    number, channel = (66, 431000) if rat == "nr" else (66, 66786)
    survey = handset(sim(), registered(), cell(number, channel, rat=rat, role=role))
    for band, right in ((number - 1, False), (number, proves), (number + 1, False)):
        assert bool(bind(survey).attached_on(asked, band)) is right
