"""The fault matrix in CI. BANDPROOF_MATRIX=full tries each fault at every request of the device."""

from __future__ import annotations

import os

import pytest

from harness.simulation import kit
from harness.simulation.faults import KINDS

from .cells import LINKS, TROUBLES, links_here, usual_cells
from .disasters import disasters
from .running import Verdicts, compare
from .whole import Matrix, run_matrix, table

FULL = os.environ.get("BANDPROOF_MATRIX") == "full"
MOST_TIMES_EMPTY = 4.0
"""Processor time of a run with its three devices, by that of an empty test: seconds are of one machine, and the same runs
took 215 on one and 334 on another. `make test` runs the matrix when nothing else runs."""

pytestmark = pytest.mark.skipif(not kit.adb_binaries(), reason="no adb here")


@pytest.fixture(scope="module")
def matrix(request: pytest.FixtureRequest) -> Matrix:
    found = run_matrix(full=FULL)
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        terminal.write_line("")
        terminal.write_line(table(found))
    return found


def test_the_run_without_a_fault_leaves_nothing_unknown(matrix: Matrix) -> None:
    assert [one.problems for one in matrix.free if one.problems] == []
    assert all(len(one.verdicts) > 90 for one in matrix.free)


@pytest.mark.parametrize("cell", usual_cells(links_here()), ids=lambda cell: cell.name)
def test_a_faulty_device_spoils_no_run(matrix: Matrix, cell) -> None:
    assert matrix.cells[cell].problems == []


@pytest.mark.parametrize("name", [one.name for one in disasters()])
def test_a_disaster_spoils_no_evidence(matrix: Matrix, name: str) -> None:
    assert matrix.runs[name].problems == []


@pytest.mark.skipif(not FULL, reason="BANDPROOF_MATRIX=full")
def test_no_fault_at_any_request_spoils_a_run(matrix: Matrix) -> None:
    usual = set(usual_cells(links_here()))
    assert {one.cell: one.problems for cell, one in matrix.cells.items() if cell not in usual and one.problems} == {}


@pytest.mark.skipif(FULL, reason="only what CI runs has a limit")
def test_the_matrix_is_whole_and_soon_done(matrix: Matrix) -> None:
    assert {(c.trouble.fault.kind, c.link.kind) for c in matrix.cells} == {
        (kind, link) for kind, about in KINDS.items() for link in about.links
    }
    assert {c.link for c in matrix.cells} == set(links_here())
    assert matrix.times_empty < MOST_TIMES_EMPTY


def test_every_kind_of_fault_is_tried_on_every_link_that_can_have_it() -> None:
    tried = {(one.trouble.fault.kind, one.link.name) for one in usual_cells()}
    assert tried == {(kind, link.name) for kind, about in KINDS.items() for link in LINKS if link.kind in about.links}
    assert {one.fault.kind for one in TROUBLES} == set(KINDS)


def _one(device: str, verdict: str, reason: str = "r") -> Verdicts:
    return {(device, "c@1/R"): {"verdict": verdict, "reason": reason}}


@pytest.mark.parametrize(
    ("found", "free", "problem"),
    [
        (_one("faulty", "PASS"), _one("faulty", "FAIL"), "FALSE PASS"),
        (_one("faulty", "PASS"), _one("faulty", "PASS_NOTE"), "FALSE PASS"),
        (_one("faulty", "PASS_NOTE"), _one("faulty", "NA"), "FALSE PASS"),
        (_one("faulty", "FAIL"), _one("faulty", "PASS"), "FAIL (r) instead of PASS"),
        (_one("left", "PASS", "other"), _one("left", "PASS"), "of a healthy device"),
        (_one("left", "ERROR"), _one("left", "PASS"), "of a healthy device"),
        ({}, _one("faulty", "PASS"), "no verdict on"),
        (_one("faulty", "PASS"), {}, "has not"),
    ],
)
def test_the_comparison_finds_what_must_not_be(found: Verdicts, free: Verdicts, problem: str) -> None:
    problems: list[str] = []
    compare(found, free, problems)
    assert len(problems) == 1
    assert problem in problems[0]


def test_the_comparison_takes_what_is_unknown() -> None:
    problems: list[str] = []
    assert compare(_one("faulty", "INCONC"), _one("faulty", "PASS"), problems) == "0 known, 1 not"
    assert compare(_one("faulty", "PASS_NOTE"), _one("faulty", "PASS"), problems) == "0 known, 1 not"
    assert compare(_one("faulty", "ERROR"), _one("faulty", "FAIL"), problems) == "ERROR"
    assert compare(_one("faulty", "FAIL"), _one("faulty", "FAIL"), problems) == "as fault-free"
    assert problems == []
