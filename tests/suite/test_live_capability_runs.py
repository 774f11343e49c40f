"""`--evidence uecap=live` as its users run it: the real SCAT against simulated diagnostic ports, every fault at once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_runs import FIXTURE, NEEDS, SCAT, environment, finished, run, scats_of

from harness.reports.run.seals.manifest import write_manifest
from harness.reports.run.verify import verify
from harness.simulation.diag.port import DiagOptions
from harness.simulation.rack import Rack, plan

sys.path.insert(0, str(Path(__file__).parents[1] / "probes" / "uecap"))

BANDS = (2, 4, 5, 12, 14, 29, 30, 66)
pytestmark = NEEDS


def messages():
    make = pytest.importorskip("uecap_samples")
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    combos = tuple(((band, "a", "a"),) for band in BANDS)
    lte = make.eutra(bands=BANDS, combos=combos, nsa=(78,), sa=())
    endc = make.mrdc(combos=((("eutra", 66, "a", "a"), ("nr", 78, "a", "a")),))
    return (
        ("lte_dl", make.lte_enquiry(("eutra", "nr", "eutra-nr"))),
        ("lte_ul", make.lte_message(("eutra", lte), ("nr", make.nr()), ("eutra-nr", endc))),
        ("nr_ul", make.nr_message(("nr", make.nr()))),
    )


FAULTS = ("", "never", "silent", "cut", "unknown", "vanish", "other-serial", "two-sims")


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """One run of eight handsets, each with a fault of its own; airplane mode switched by the run."""
    folder = tmp_path_factory.mktemp("live")
    plans = plan([FIXTURE], len(FAULTS))
    options = {
        one.name: DiagOptions(((), messages()) if fault == "two-sims" else (messages(),), fault.replace("two-sims", ""))
        for one, fault in zip(plans, FAULTS, strict=True)
    }
    with Rack(plans, diag=options) as rack:
        status, output = finished(run(folder, rack, "--act"))
        states = [one.device.state.airplane for one in rack.served]
        left = scats_of(rack)
    report = json.loads((folder / "out" / "report.json").read_text())
    return folder, status, output, report, states, left


def of_fault(report: dict, fault: str) -> dict[str, dict]:
    device = report["devices"][FAULTS.index(fault)]["device"]
    return {one["requirement"]: one for one in report["verdicts"] if one["device"] == device}


@pytest.mark.parametrize("fault", ["", "two-sims"])
def test_lte_nr_and_en_dc_become_measured_over_the_whole_path(ended, fault):
    _, _, output, report, _, _ = ended
    found = of_fault(report, fault)
    lte = {found[f"ATT-LTE-B{band}"]["verdict"] for band in (2, 4, 5, 12, 14, 66)}
    assert lte == {"PASS"}, output
    assert {found[f"ATT-LTE-B{band}"]["grade"] for band in (2, 4, 5, 12, 14, 66)} == {"measured"}
    device = report["devices"][FAULTS.index(fault)]
    kinds = {(one["kind"], one.get("rat") or one.get("type")) for one in device["observations"]}
    assert {("supported_bands", "lte"), ("supported_bands", "nr"), ("band_combinations", "en_dc")} <= kinds


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("never", "sent no UE capability in time"),
        ("never", "the handset attached meanwhile"),
        ("silent", "said nothing"),
        ("silent", "the handset attached meanwhile; its firmware blocks it"),
        ("cut", "SCAT"),
        ("unknown", "proves nothing"),
        ("vanish", "went away"),
        ("other-serial", "another serial"),
    ],
)
def test_each_fault_ends_inconclusive_with_its_reason(ended, fault, words):
    _, _, _, report, _, _ = ended
    verdict = of_fault(report, fault)["ATT-LTE-B66"]
    assert verdict["verdict"] == "INCONC"
    assert words in verdict["reason"]


def test_airplane_mode_was_switched_once_and_is_as_before_on_each(ended):
    folder, status, _, _, states, left = ended
    assert status == 1
    assert {(one.on, one.switched) for one in states} == {(False, 2)}
    assert left == []
    assert not list((folder / "journal").glob("*.json"))


def test_usb_before_and_after_stands_in_the_report(ended):
    _, _, _, report, _, _ = ended
    remarks = " ".join(report["devices"][0]["warnings"])
    assert "bound to the handset by its place on USB and its serial" in remarks
    assert "USB 05c6:9091 ff/ff/30 ff/42/01" in remarks
    assert "modem build MPSS." in remarks


def test_the_run_verifies_and_tells_no_serial(ended):
    folder, *_ = ended
    assert verify(folder / "out") == []
    kept = list((folder / "out" / "evidence").rglob("uecap.*"))
    assert len([one for one in kept if one.suffix == ".pcap"]) == len(FAULTS)
    for file in (folder / "out").rglob("*"):
        if file.is_file():
            assert b"SIM0000" not in file.read_bytes(), file


def test_a_capture_file_that_is_not_what_was_told_is_found(ended, tmp_path):
    out = Path(shutil.copytree(ended[0] / "out", tmp_path / "out"))
    whole, other = (out / "evidence" / name / "uecap.pcap" for name in ("mi-mix-2", "mi-mix-2-2"))
    before, after = (hashlib.sha256(one.read_bytes()).hexdigest() for one in (whole, other))
    shutil.copyfile(other, whole)
    info = whole.parent / "recording.yaml"
    info.write_text(info.read_text().replace(before, after))
    told = json.loads((out / "run.json").read_text())
    write_manifest(out, run_id=told["id"], tool=told["tool"], key=None)
    faults = {one.file: one.message for one in verify(out)}
    assert "does not hold the messages" in faults["evidence/mi-mix-2/uecap.pcap"]


def test_where_no_hand_switches_it_the_reason_says_that_nothing_attached(tmp_path):
    plans = plan([FIXTURE])
    with Rack(plans, diag={plans[0].name: DiagOptions((messages(),))}) as rack:
        status, output = finished(run(tmp_path, rack, wait_s=8))
        left = scats_of(rack)
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    reason = next(one["reason"] for one in report["verdicts"] if one["requirement"] == "ATT-LTE-B66")
    assert "in service all the time, so it did not attach anew" in reason, output
    assert "switch airplane mode on" in output
    assert (status, left) == (1, [])


def test_killed_with_airplane_mode_on_the_next_command_puts_it_back(tmp_path):
    plans = plan([FIXTURE])
    with Rack(plans, diag={plans[0].name: DiagOptions((messages(),))}) as rack:
        process = run(tmp_path, rack, "--act")
        airplane = rack.served[0].device.state.airplane
        until = time.monotonic() + 120
        while not airplane.on and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        assert airplane.on
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert list((tmp_path / "journal").glob("*.journal.json"))
        restore = subprocess.run(
            [sys.executable, "-m", "harness.cli", "restore", "--json", "--wait=1"], cwd=tmp_path,
            env={**environment(tmp_path, rack), "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert restore.returncode == 0, restore.stdout + restore.stderr
        assert json.loads(restore.stdout)["devices"][0]["items"][0]["outcome"] == "restored"
        assert not airplane.on
        assert not list((tmp_path / "journal").glob("*.journal.json"))
        until = time.monotonic() + 20
        while scats_of(rack) and time.monotonic() < until:
            time.sleep(0.1)
        assert scats_of(rack) == []


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="takes root to become another user")
def test_a_port_that_the_user_may_not_open_is_told(tmp_path):
    other = tmp_path / "scat"
    other.write_text(f'#!/bin/sh\nexec setpriv --reuid=65534 --clear-groups {SCAT} "$@"\n')
    other.chmod(0o755)
    plans = plan([FIXTURE])
    with Rack(plans, diag={plans[0].name: DiagOptions((messages(),), "denied")}) as rack:
        status, output = finished(run(tmp_path, rack, scat=str(other)))
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    reasons = {one["reason"] for one in report["verdicts"] if one["requirement"] == "ATT-LTE-B66"}
    assert "this user may not open it" in reasons.pop(), output
    assert status == 1
