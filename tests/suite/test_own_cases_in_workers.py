"""Cases of one device that open its links stay together, whatever else their ids hold."""

from __future__ import annotations

import pytest

from harness.suite.workers import scope_of

DEVICES = ("dut-1", "dut-10", "dut", "rack-a-dut-1", "test_own.py")


@pytest.mark.parametrize(
    ("node_id", "scope"),
    [
        ("dut-1::us/att@2024::ATT-LTE-B66", "dut-1::us/att@2024"),
        ("dut-10::us/att@2024::ATT-LTE-B66", "dut-10::us/att@2024"),
        ("tests/test_a.py::test_volte[dut-1]", "dut-1"),
        ("tests/test_b.py::TestX::test_volte[dut-1]", "dut-1"),
        ("tests/test_a.py::test_volte[dut-10]", "dut-10"),
        ("tests/test_a.py::test_volte[rack-a-dut-1]", "rack-a-dut-1"),
        ("tests/test_a.py::test_volte[fast-dut-1-again]", "dut-1"),
        ("tests/test_a.py::test_volte[dut-100]", "dut"),
        ("tests/test_a.py::test_volte[dutch]", "tests/test_a.py::test_volte[dutch]"),
        ("tests/test_a.py::test_plain", "tests/test_a.py::test_plain"),
    ],
)
def test_what_runs_together(node_id: str, scope: str) -> None:
    assert scope_of(node_id, DEVICES) == scope


def test_without_devices_each_case_is_alone() -> None:
    assert scope_of("tests/test_a.py::test_x[dut-1]", ()) == "tests/test_a.py::test_x[dut-1]"
