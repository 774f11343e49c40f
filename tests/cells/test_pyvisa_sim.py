"""The CMW500's map against pyvisa-sim, which takes exact headers only: what the map spells is what is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.cells.specs import open_spec, parse_spec
from harness.errors import StateError

pytest.importorskip("pyvisa_sim")
SIM = Path(__file__).with_name("cmw500_sim.yaml")


@pytest.fixture
def cells(tmp_path):
    text = f"scpi:TCPIP0::192.0.2.7::5025::SOCKET,map=cmw500,power=-80,visa={SIM}@sim"
    source = open_spec(parse_spec(text), journals=tmp_path)
    yield source
    source.close()


def read(cells):
    return {name: cells.changer.read(name) for name in cells.changer.items}


def test_a_band_comes_on_air_with_the_headers_of_the_map_and_goes_back(cells):
    before = read(cells)
    air = cells.on("lte", 12)
    assert air.on is True, air.words
    told = read(cells)
    assert {name.removeprefix("lte_"): value for name, value in told.items()} == {
        "cell": "on", "power": "-80", "channel": "5094", "bandwidth": "10", "band": "12", "duplex": "FDD",
    }  # fmt: skip
    assert cells.network("lte", 12).attached is True
    cells.reset()
    assert read(cells) == before


def test_a_band_that_the_box_does_not_have_is_refused_by_its_error_queue(cells):
    with pytest.raises(StateError, match="refused the write"):
        cells.on("lte", 71)
    cells.reset()
    assert read(cells)["lte_band"] == "3"
    assert cells.on("lte", 2).on is True, "the error is not told of the next band"
    cells.reset()
