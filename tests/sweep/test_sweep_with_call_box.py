"""A sweep against a call box on a socket: its word makes FAIL possible, its troubles make no verdict, it is put back."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from swept_modem import sweep

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cells"))

from call_box import CallBox

from harness.cells.specs import named_cells
from harness.simulation.radio.air import cell_on

pytest.importorskip("pyvisa_py")


class OnAir:
    """A box whose cell is the simulated air's: what it puts on air is there, what attaches it knows."""

    def __init__(self, tmp_path):
        self.box = CallBox()
        self.box.on_write = self._changed
        self.air = None
        self.dead = ()
        """Bands on which the modem finds nothing though the cell is on: what a FAIL is about."""
        self.journals = tmp_path / "journal"

    def source(self, air):
        # One cell that is always there, as a live network: else no baseline.
        self.air = air
        air.cells.append(cell_on("lte", 4))
        return named_cells([f"scpi:{self.box.resource},map=cmw500"], journals=self.journals)

    def _changed(self, name, value):
        band = int(self.box.set_["band"][2:])
        self.air.cells[1:] = [cell_on("lte", band)] if self.box.set_["cell"] == "ON" and band not in self.dead else []
        self.box.device = _Attached(self.air, band)


class _Attached(str):
    """`ATT` once the simulated network saw an attach on the band, `ON` before."""

    def __new__(cls, air, band):
        self = super().__new__(cls, "ON")
        self.air, self.band, self.seen = air, band, len(air.attached)
        return self

    def __format__(self, spec):
        return str(self)

    def __str__(self):
        new = self.air.attached[self.seen :]
        return "ATT" if any(self.band in one.bands for one in new) else "ON"


@pytest.fixture
def bench(tmp_path):
    made = OnAir(tmp_path)
    answer = made.box._answer
    made.box._answer = lambda command: None if (told := answer(command)) is None else str(told)
    yield made
    made.box.close()


def test_bands_pass_where_the_box_has_its_cell_and_the_box_is_put_back(bench):
    before = bench.box.state
    swept = sweep("quectel-lte", "2,12,66", [], source=bench.source)
    assert {name: swept.outcome(name) for name in swept.trials} == dict.fromkeys(("B2", "B12", "B66"), "PASS")
    assert swept.trials["B12"].on_air_by.startswith("R&S CMW500: cell on, band 12")
    assert swept.trials["B12"].network == "attached"
    assert bench.box.state == before
    assert swept.changed == {}
    assert not list(bench.journals.glob("*.json"))


def test_a_modem_that_does_not_attach_fails_by_the_boxs_word(bench):
    bench.dead = (66,)
    swept = sweep("quectel-lte", "12,66,2", [], source=bench.source)
    assert swept.outcome("B66") == "FAIL", swept.reason("B66")
    assert "R&S CMW500" in swept.reason("B66")
    assert swept.outcome("B2") == "PASS"


@pytest.mark.parametrize("trouble", ["refuse", "hang", "drop"])
def test_trouble_with_the_box_costs_one_band_and_is_no_verdict(bench, trouble, monkeypatch):
    monkeypatch.setattr("harness.cells.scpi.OPEN_S", 1.0)
    getattr(bench.box, trouble).append("BAND OB66")
    before = bench.box.state
    swept = sweep("quectel-lte", "66,2", [], source=bench.source)
    assert swept.outcome("B66") == "INCONC"
    assert swept.outcome("B2") == "PASS"
    assert bench.box.state == before
    assert swept.changed == {}


def test_a_cell_that_goes_off_in_the_wait_is_no_fail(bench):
    bench.dead = (66,)

    def off(port):
        if sum("CFUN=1" in one for one in port.asked) == 2:
            bench.box.set_["cell"] = "OFF"

    swept = sweep("quectel-lte", "66", [], source=bench.source, strike=off)
    assert swept.outcome("B66") == "INCONC"
    assert "no cell of it is on air" in swept.reason("B66")


def test_a_box_that_cannot_be_put_back_is_told_and_its_journal_stays(bench):
    def other(port):
        if sum("CFUN=4" in one for one in port.asked) == 2:
            bench.box.set_["bandwidth"] = "B200"

    swept = sweep("quectel-lte", "12", [], source=bench.source, strike=other)
    assert any("somebody else" in one for one in swept.blocked)
    assert len(list(bench.journals.glob("*.json"))) == 1
    assert swept.changed == {}
