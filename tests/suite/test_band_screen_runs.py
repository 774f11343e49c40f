"""`--evidence bands=live` as its users run it: MediaTek's Band Mode screen of a simulated handset, within a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from harness.probes.adb.band_screen import DUMP, LOG, PACKAGE
from harness.recording.exchange import Exchange
from harness.recording.files import load_recording, resolve_recording
from harness.recording.writer import RecordingWriter
from harness.reports.run.verify import verify
from harness.simulation.kit import adb_binaries
from harness.simulation.rack import Rack, plan
from harness.survey.live.band_walk import BACK, OPEN

pytestmark = pytest.mark.skipif(not adb_binaries(), reason="no adb")
MASKS = "V BandSelect: gsm support --.>+EPBSE: 154,129,2147483669,0,0\n"
"""GSM, UMTS, then LTE in words of 32 bands, decimal: bands 1, 3, 5 and 32."""
BOXES = {1: (True, True), 3: (True, True), 7: (True, False), 20: (False, False)}
"""Band -> whether its box is enabled, and checked."""


def text(word: str, y: int) -> str:
    return f'<node text="{word}" package="{PACKAGE}" class="android.widget.TextView" bounds="[0,{y}][100,{y + 20}]"/>'


def table() -> str:
    rows = "".join(
        f'<node class="android.widget.TableRow"><node class="android.widget.CheckBox" text="Band {band}" '
        f'enabled="{str(enabled).lower()}" checked="{str(checked).lower()}"/></node>'
        for band, (enabled, checked) in BOXES.items()
    )
    return f'<node resource-id="{PACKAGE}:id/TableLayout_LTE" class="android.widget.TableLayout">{rows}</node>'


MENUS = [
    f"<hierarchy>{body}</hierarchy>"
    for body in (text("Telephony", 100), text("BandMode", 200), text("SIM1", 100), table(), table())
]


def phone(folder: Path, *, log: str = "", menus: list[str] = MENUS) -> Path:
    """A recording of a handset without root that has the app: what it answers to each step of the walk, in order."""
    known = load_recording(resolve_recording("fixture:xiaomi-mi-mix-2-global"))
    with RecordingWriter(folder, replace(known.info, id="mtk", sha256={}, extra={}), shared=True) as writer:
        for one in known.links["adb"]:
            writer.append("adb", one)
        steps = [(OPEN, "Starting: Intent { }\n"), *((DUMP, one) for one in menus), (LOG, log), (BACK, "")]
        steps += [("input tap 50 110", ""), ("input tap 50 210", "")]
        for request, told in steps:
            writer.append("adb", Exchange(request, told.encode(), exit_code=0))
    return folder


def run(folder: Path, address: str, environment: dict[str, str], *arguments: str) -> tuple[int, str, dict]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--carrier=us/att@2024", f"--device={address}"]
    done = subprocess.run(
        [*command, "--report-dir=out", *arguments],
        cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    report = folder / "out" / "report.json"
    return done.returncode, done.stdout + done.stderr, json.loads(report.read_text()) if report.is_file() else {}


def of_lte(report: dict) -> list[tuple[list[int], str]]:
    told = report["devices"][0]["observations"]
    return [(one["bands"], one["grade"]) for one in told if one["kind"] == "supported_bands" and one["rat"] == "lte"]


def asked(rack: Rack) -> list[str]:
    return rack.served[0].device.state.asked


def test_the_boxes_are_facts_of_the_run_and_of_its_replay(tmp_path: Path) -> None:
    with Rack(plan([str(phone(tmp_path / "phone"))])) as rack:
        address = rack.served[0].address
        _, output, report = run(tmp_path, address, rack.environment, "--evidence=bands=live", "--act")
        commands = asked(rack)
    assert of_lte(report) == [([1, 3, 7], "observed")], output
    assert commands.count(BACK) == 4
    assert {one for one in commands if one.startswith("input tap")} == {"input tap 50 110", "input tap 50 210"}
    assert verify(tmp_path / "out") == []
    (tmp_path / "again").mkdir()
    evidence = next((tmp_path / "out" / "evidence").iterdir())
    _, output, again = run(tmp_path / "again", str(evidence), {})
    assert of_lte(again) == of_lte(report), output
    assert [one["verdict"] for one in again["verdicts"]] == [one["verdict"] for one in report["verdicts"]]


def test_the_modems_own_masks_are_measured(tmp_path: Path) -> None:
    with Rack(plan([str(phone(tmp_path / "phone", log=MASKS))])) as rack:
        _, output, report = run(
            tmp_path,
            rack.served[0].address,
            rack.environment,
            "--evidence=bands=live",
            "--act",
            "--require-grade=measured",
        )
    ((bands, grade),) = of_lte(report)
    assert grade == "measured", output
    passed = {
        one["requirement"] for one in report["verdicts"] if (one["verdict"], one["grade"]) == ("PASS", "measured")
    }
    assert {f"ATT-LTE-B{band}" for band in bands if band in {2, 4, 5, 12, 14, 29, 30, 66}} == {
        one for one in passed if one.startswith("ATT-LTE-B")
    }
    assert 5 in bands


def test_a_screen_before_the_modems_answer_tells_nothing(tmp_path: Path) -> None:
    before = MENUS[-1].replace('checked="true"', 'checked="false"').replace('enabled="false"', 'enabled="true"')
    with Rack(plan([str(phone(tmp_path / "phone", menus=[*MENUS[:3], before, before]))])) as rack:
        _, output, report = run(tmp_path, rack.served[0].address, rack.environment, "--evidence=bands=live", "--act")
    assert of_lte(report) == [], output


def test_a_handset_without_the_app_says_so_and_the_run_goes_on(tmp_path: Path) -> None:
    with Rack(plan(["fixture:xiaomi-mi-mix-2-global"])) as rack:
        status, output, report = run(
            tmp_path, rack.served[0].address, rack.environment, "--evidence=bands=live", "--act"
        )
    assert status in {0, 1}, output
    assert any("the band screen was not read" in one for one in report["devices"][0]["warnings"])
    assert of_lte(report) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--evidence=bands=live"], "allow that: --act"),
        (["--evidence=bands=live", "--act", "--device=socket://127.0.0.1:9"], "which of the 2 devices"),
    ],
)
def test_what_was_not_allowed_is_not_done(tmp_path: Path, arguments: list[str], words: str) -> None:
    with Rack(plan([str(phone(tmp_path / "phone"))])) as rack:
        status, output, _ = run(tmp_path, rack.served[0].address, rack.environment, *arguments)
        assert OPEN not in asked(rack)
    assert status == 4, output
    assert words in output
