"""The shipped recordings: each says what it was composed from, holds what the read plan asks, and is judged as promised."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from harness.observations import EnabledBands, ServingCell, SupportedBands
from harness.probes.adb.plan import READ_COMMANDS
from harness.recording.files import find_recordings, load_recording
from harness.survey.reading import read_device
from harness.yamlfiles.places import shipped

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = {name: path for name, path in find_recordings().items() if path.parent == shipped("fixtures")}
MODEM, PHONE = "quectel-rm520n-gl", "samsung-galaxy-s21-5g-us"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_recording_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    recording = load_recording(SHIPPED[name])
    info = recording.info
    assert info.id == name
    assert info.description
    assert info.sources or info.provenance == "recorded"
    assert recording.links
    for exchanges in recording.links.values():
        assert all(item.response or item.exit_code or item.stderr for item in exchanges)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_recording_holds_no_personal_number(name: str) -> None:
    for exchanges in load_recording(SHIPPED[name]).links.values():
        for item in exchanges:
            long_numbers = re.findall(r"(?<![\d.*])\d{14,20}(?![\d.])", item.text)
            named = [number for number in long_numbers if set(number[6:]) - {"0"} and set(number) - set("01")]
            assert named == [], item.request


def test_the_modem_answers_everything_that_is_asked() -> None:
    survey = read_device(f"fixture:{MODEM}")
    assert survey.dialect == "quectel"
    assert survey.warnings == ()
    assert {item.layer for item in survey.all(SupportedBands)} == {"hardware", "policy", "advertised"}
    assert {item.rat for item in survey.all(EnabledBands)} == {"lte", "nr_sa", "nr_nsa", "umts"}
    cells = {(c.role, c.rat, c.band, c.arfcn, c.pci) for c in survey.all(ServingCell) if c.band}
    assert cells == {("pcell", "lte", 66, 66786, 214), ("pscell", "nr", 41, 520110, 625)}


def test_the_handset_answers_everything_that_is_asked() -> None:
    survey = read_device(f"fixture:{PHONE}")
    asked = [exchange.request for _, exchange in survey.exchanges]
    assert set(READ_COMMANDS) - set(asked) <= {"dumpsys phone"}
    cells = [(c.role, c.rat, c.band) for c in survey.all(ServingCell)]
    assert cells == [("pcell", "lte", 66), ("scell", "lte", 13), ("pscell", "nr", 5)]
    (pcell, *_) = survey.all(ServingCell)
    assert (pcell.plmn, pcell.tac, pcell.registered) == ("311480", None, True)


def run(folder: Path, device: str, *more: str) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", f"--device=fixture:{device}", *more]
    done = subprocess.run(
        [*command, "--report-dir=out"], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    return {verdict["requirement"]: verdict for verdict in report["verdicts"]}


def test_the_modem_fits_t_mobile_as_measured(tmp_path: Path) -> None:
    found = run(tmp_path, MODEM, "--carrier=us/t-mobile@2024", "--require-grade=measured")
    bands = {name: v for name, v in found.items() if "-LTE-B" in name}
    assert {v["verdict"] for v in bands.values()} == {"PASS"}
    assert {v["grade"] for v in bands.values()} == {"measured"}
    assert found["TMO-ATTACH"]["verdict"] == "PASS"
    assert found["TMO-ATTACH"]["reason"] == "attached on B66, EARFCN 66786, PCI 214"
    assert found["TMO-REGISTERED"]["verdict"] == "PASS"


def test_the_handset_fits_verizon_as_seen_and_its_sheet_decides_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, PHONE, "--carrier=us/verizon@2024")
    bands = {name: v for name, v in found.items() if "-LTE-B" in name}
    seen = {"VZW-LTE-B13", "VZW-LTE-B66"}
    assert {(bands[name]["verdict"], bands[name]["grade"]) for name in seen} == {("PASS", "observed")}
    rest = [v for name, v in bands.items() if name not in seen]
    assert {(v["verdict"], v["grade"]) for v in rest} == {("INCONC", None)}
    assert all("confidence D): from memory, unverified" in v["reason"] for v in rest)
    assert found["VZW-ATTACH"]["reason"] == "attached on B66, EARFCN 66536, PCI 214"
    assert found["VZW-REGISTERED"]["verdict"] == "PASS"


def test_the_sim_of_each_device_names_its_carrier(tmp_path: Path) -> None:
    for device, carrier in ((MODEM, "TMO"), (PHONE, "VZW")):
        (tmp_path / device).mkdir()
        assert {name.partition("-")[0] for name in run(tmp_path / device, device, "--as-of=2025-01-01")} == {carrier}


def test_the_shipped_sweep_comes_out_as_it_did_on_the_bench(tmp_path: Path) -> None:
    found = run(tmp_path, f"{MODEM}-sweep", "--sweep", "--carrier=us/t-mobile@2024")
    swept = {name: one["verdict"] for name, one in found.items() if name.startswith("SWEEP-")}
    assert swept == {
        **dict.fromkeys(("SWEEP-LTE-B2", "SWEEP-LTE-B12", "SWEEP-LTE-B66", "SWEEP-NR-N71"), "PASS"),
        **dict.fromkeys(("SWEEP-LTE-B71", "SWEEP-NR-N41"), "INCONC"),
        "SWEEP-LTE-B29": "NA",
    }
    assert "attached anew on n71" in found["SWEEP-NR-N71"]["reason"]
    assert "Put back: everything reads as before." in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_the_shipped_sweep_of_a_handset_comes_out_as_it_did_on_the_bench(tmp_path: Path) -> None:
    found = run(tmp_path, "oneplus-nord-n300-sweep", "--sweep", "--carrier=us/t-mobile@2024")
    swept = {name: one["verdict"] for name, one in found.items() if name.startswith("SWEEP-")}
    assert swept == {"SWEEP-LTE-HELD": "PASS", "SWEEP-NR-HELD": "PASS", "SWEEP-LTE-B12": "NA"}
    assert "held to LTE, attached anew on LTE, B2, EARFCN 899" in found["SWEEP-LTE-HELD"]["reason"]
    assert "held to NR, attached anew on NR, n71, NR-ARFCN" in found["SWEEP-NR-HELD"]["reason"]
    assert "Android validated its data" in found["SWEEP-NR-HELD"]["reason"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Put back: everything reads as before." in page
