"""`--evidence uecap=live` where the port speaks Samsung's protocol: the real SCAT with `-t sec`, found by the triple alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from live_runs import NEEDS, finished, run, scats_of
from test_live_capability_runs import messages

from harness.reports.run.verify import verify
from harness.simulation.diag import sdm
from harness.simulation.diag.port import DiagOptions
from harness.simulation.rack import Rack, plan

pytestmark = NEEDS
FAULTS = ("", "never", "cut", "two-sims")
HANDSET = "fixture:samsung-galaxy-s21-5g-us"


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("samsung")
    plans = plan([HANDSET], len(FAULTS))
    options = {
        one.name: DiagOptions(
            ((), messages()) if fault == "two-sims" else (messages(),), fault.replace("two-sims", ""), baseband="sec"
        )
        for one, fault in zip(plans, FAULTS, strict=True)
    }
    with Rack(plans, diag=options) as rack:
        status, output = finished(run(folder, rack, "--act", wait_s=25))
        left = scats_of(rack)
    assert (folder / "out" / "report.json").is_file(), output
    return folder, status, output, json.loads((folder / "out" / "report.json").read_text()), left


def of_fault(report: dict[str, Any], fault: str) -> tuple[dict[str, Any], dict[str, Any]]:
    device = report["devices"][FAULTS.index(fault)]
    return device, {one["requirement"]: one for one in report["verdicts"] if one["device"] == device["device"]}


@pytest.mark.parametrize("fault", ["", "two-sims"])
def test_lte_nr_and_en_dc_are_measured(ended: Any, fault: str) -> None:
    device, found = of_fault(ended[3], fault)
    bands = [found[f"ATT-LTE-B{band}"] for band in (2, 4, 5, 12, 14, 66)]
    assert {(one["verdict"], one["grade"]) for one in bands} == {("PASS", "measured")}, ended[2]
    kinds = {(one["kind"], one.get("rat") or one.get("type")) for one in device["observations"]}
    assert {("supported_bands", "lte"), ("supported_bands", "nr"), ("band_combinations", "en_dc")} <= kinds
    assert any("interface 0 (ff/10/01)" in one and "USB 04e8:685d" in one for one in device["warnings"])


@pytest.mark.parametrize(
    ("fault", "words"), [("never", "sent no UE capability in time"), ("cut", "the handset attached")]
)
def test_without_a_capability_it_is_inconclusive_and_the_reason_tells_of_the_attach(
    ended: Any, fault: str, words: str
) -> None:
    _, found = of_fault(ended[3], fault)
    assert found["ATT-LTE-B14"]["verdict"] == "INCONC"
    assert words in found["ATT-LTE-B14"]["reason"]
    assert "the handset attached meanwhile" in found["ATT-LTE-B14"]["reason"]


def test_the_run_verifies_and_leaves_no_child(ended: Any) -> None:
    assert ended[1] == 1
    assert ended[4] == []
    assert verify(ended[0] / "out") == []


def test_commands_are_taken_apart_however_they_come() -> None:
    sent = sdm.frame(0, 0x02, bytes(4)) + sdm.frame(0, 0x90, b"\x7e\x7f\x7e\x7f") + sdm.frame(0, 0x12, b"\xff")
    assert sdm.commands_in(sent) == ([0x02, 0x90, 0x12], b"")
    for at in range(len(sent)):
        first, rest = sdm.commands_in(sent[:at])
        second, left = sdm.commands_in(rest + sent[at:])
        assert (first + second, left) == ([0x02, 0x90, 0x12], b"")
