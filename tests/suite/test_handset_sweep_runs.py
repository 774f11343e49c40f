"""`pytest --sweep=lte,nr` of a handset as its users run it: on USB, the journal, the report, verify, the replay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from harness.reports.run.verify import verify
from harness.simulation.handset.adb_process import adb_binaries
from harness.simulation.handset.plan import HandsetPlan
from harness.simulation.handset.radio import ALLOWED, HandsetQuirks
from harness.simulation.rack import Rack, plan
from harness.simulation.radio.plan import cells_of

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the simulators take sockets"),
    pytest.mark.skipif(not adb_binaries(), reason="no adb"),
]
QUICK = ("--sweep-settle=0.1", "--sweep-wait=5")
FIXTURE = "fixture:oneplus-nord-n300"


def alive(cells="2,66,n71", **quirks):
    (one,) = plan([FIXTURE])
    return Rack([replace(one, alive=HandsetPlan(cells_of(cells), HandsetQuirks(**quirks), attach_s=0.4))])


def environment(folder, rack):
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ADB_", "ANDROID_"))}
    return {**own, **rack.environment, "BANDPROOF_JOURNAL": str(folder / "journal")}


def start(folder, rack, *arguments, out="out", allowed=True):
    may = "    sweep: allowed\n" if allowed else ""
    (folder / "bench.yaml").write_text(
        f"format: bandproof.bench/1\ndevices:\n  h1:\n    adb: {rack.served[0].address}\n{may}"
    )
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"--report-dir={out}", *QUICK]
    return subprocess.Popen(
        [*line, "--bench=bench.yaml", *arguments], cwd=folder, env=environment(folder, rack), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def run(folder, rack, *arguments, **more):
    process = start(folder, rack, *arguments, **more)
    output, _ = process.communicate(timeout=170)
    return process.returncode, output


def verdicts(folder: Path) -> dict[str, str]:
    told = json.loads((folder / "report.json").read_text())["verdicts"]
    return {one["requirement"]: one["verdict"] for one in told if one["carrier"] == "swept/bands"}


def test_a_handset_is_held_reported_verified_and_replayed(tmp_path):
    with alive() as rack:
        status, output = run(tmp_path, rack, "--sweep=lte,nr,12", "--sweep-data=validated")
        radio = rack.served[0].device.state.radio
        assert (radio.allowed, radio.airplane) == (ALLOWED, False)
        assert [one.rat for one in radio.attached] == ["nr", "lte", "nr"]
    told = {"SWEEP-LTE-HELD": "PASS", "SWEEP-NR-HELD": "PASS", "SWEEP-LTE-B12": "NA"}
    assert verdicts(tmp_path / "out") == told, output
    # VoLTE stays open: no carrier configuration is recorded.
    assert status == 1, output
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    reasons = {one["requirement"]: one["reason"] for one in report["verdicts"]}
    assert "attached anew on LTE, B2, EARFCN 899" in reasons["SWEEP-LTE-HELD"]
    assert "Android validated its data" in reasons["SWEEP-NR-HELD"]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Put back: everything reads as before." in page
    assert "LTE held" in page
    assert not list((tmp_path / "journal").glob("*.json"))
    assert [str(one) for one in verify(tmp_path / "out")] == []
    evidence = (tmp_path / "out" / "evidence" / "h1" / "sweep.yaml").read_text()
    assert "SIM00001" not in evidence
    # The recording alone comes to the same, whatever is asked of it.
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=again", *QUICK]
    subprocess.run(
        [*line, "--device=out/evidence/h1", "--sweep", "--carrier=us/t-mobile"], cwd=tmp_path, check=False, timeout=120,
        capture_output=True,
    )  # fmt: skip
    assert verdicts(tmp_path / "again") == told
    assert verify(tmp_path / "again") == verify(tmp_path / "out")


def test_required_of_a_handset_are_the_technologies_of_the_bands(tmp_path):
    with alive("66") as rack:
        _, output = run(tmp_path, rack, "--sweep", "--carrier=us/t-mobile")
        radio = rack.served[0].device.state.radio
        assert radio.allowed == ALLOWED
        switched = [one for one in radio.asked if "airplane-mode " in one]
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-HELD": "PASS"}, output
    # On LTE it may keep its cell: the radio is switched for it.
    assert switched[:2] == ["cmd connectivity airplane-mode enable", "cmd connectivity airplane-mode disable"]


def test_a_word_that_lies_is_told_and_nothing_passes(tmp_path):
    with alive(refuses=True) as rack:
        status, output = run(tmp_path, rack, "--sweep=lte")
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-HELD": "INCONC"}, output
    assert status == 1


def test_nobody_allowed_it(tmp_path):
    with alive() as rack:
        status, output = run(tmp_path, rack, "--sweep=lte", allowed=False)
        assert status == 4, output
        assert "nobody allowed it" in output
        # Its bands are told to be none of ours: for that nobody is asked.
        _, output = run(tmp_path, rack, "--sweep=12", allowed=False)
        assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "NA"}, output
        assert not any("set-allowed" in one for one in rack.served[0].device.state.radio.asked)


def test_a_recording_without_a_sweep_leaves_its_technologies_open(tmp_path):
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out", f"--device={FIXTURE}"]
    subprocess.run(
        [*line, "--sweep", "--carrier=us/t-mobile"], cwd=tmp_path, check=False, capture_output=True, timeout=120
    )
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-HELD": "INCONC"}


def test_the_bands_of_a_rooted_handset_are_not_set_over_its_node(tmp_path):
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out"]
    line += ["--device=fixture:xiaomi-redmi-note-8-pro-rooted", "--sweep=12,lte", "--carrier=us/t-mobile"]
    subprocess.run(line, cwd=tmp_path, check=False, capture_output=True, timeout=120)
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-B12": "NA", "SWEEP-LTE-HELD": "INCONC"}
    told = json.loads((tmp_path / "out" / "report.json").read_text())["verdicts"]
    (reason,) = [one["reason"] for one in told if one["requirement"] == "SWEEP-LTE-B12"]
    assert "its AT node is read as root and not written" in reason


def test_of_a_modem_a_technology_is_nothing_to_hold_it_to(tmp_path):
    line = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--report-dir=out"]
    line += ["--device=fixture:quectel-rm520n-gl", "--sweep=lte", "--carrier=us/t-mobile"]
    subprocess.run(line, cwd=tmp_path, check=False, capture_output=True, timeout=120)
    assert verdicts(tmp_path / "out") == {"SWEEP-LTE-HELD": "NA"}


def test_killed_while_it_is_held_the_next_command_puts_it_back(tmp_path):
    with alive() as rack:
        radio = rack.served[0].device.state.radio
        process = start(tmp_path, rack, "--sweep=lte,nr")
        until = time.monotonic() + 120
        while radio.allowed == ALLOWED and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert radio.allowed != ALLOWED
        assert list((tmp_path / "journal").glob("*.journal.json"))
        restore = subprocess.run(
            [sys.executable, "-m", "harness.cli", "restore", "--json", "--wait=1"], cwd=tmp_path,
            env={**environment(tmp_path, rack), "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert restore.returncode == 0, restore.stdout + restore.stderr
        assert radio.allowed == ALLOWED
        assert not list((tmp_path / "journal").glob("*.journal.json"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--sweep=lte", "--sweep-data=wwan0"), "whose network device is its own"),
        (("--sweep=lte,x",), "is no band"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_asked(tmp_path, arguments, words):
    with alive() as rack:
        status, output = run(tmp_path, rack, *arguments)
        assert rack.served[0].device.state.radio.asked == []
    assert status == 4
    assert words in output
