"""The submission checklist: every item has its place, and what is missing prints as missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from harness.reports.run.verify import verify

BENCH = """\
format: bandproof.bench/1
lab:
  name: Band lab 2
  address: Example Street 1
  accreditation: {body: DAkkS, number: D-PL-1, scope: radio}
  tester: TT
  approver: AA
customer: {name: Example Devices, contact: desk}
plan: {id: BAND-FIT, version: "3"}
amends: 7f3a
devices:
  mix2:
    recording: "fixture:xiaomi-mi-mix-2-global"
    carriers: [us/att@2017-03]
    supplied: {fcc_id: ABC-X1, received: "2026-11-02"}
"""


def run(folder: Path, *arguments: str) -> dict:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--report-dir=out", *arguments]
    subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def test_what_the_bench_file_gives_reaches_the_checklist(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH, encoding="utf-8")
    rows = {(one["section"], one["item"]): one for one in run(tmp_path, "--bench=bench.yaml")["submission"]}
    own = "Laboratory and customer"
    assert rows[own, "laboratory"]["value"] == "Band lab 2"
    assert rows[own, "accreditation"]["value"] == "ISO/IEC 17025: DAkkS D-PL-1, radio"
    assert rows[own, "customer"]["value"] == "Example Devices"
    assert rows[own, "authorised by"]["value"] == "AA"
    assert rows[own, "amends report"]["value"] == "7f3a"
    assert rows["Plan and method", "test plan"]["value"] == "BAND-FIT 3"
    assert rows["Item mix2", "FCC ID"] == {
        "section": "Item mix2",
        "item": "FCC ID",
        "value": "ABC-X1",
        "by": "customer",
    }
    assert rows["Item mix2", "model number"]["value"] == "Mi MIX 2"
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "supplied by the customer" in page
    assert verify(tmp_path / "out") == []


WHOLE = """\
format: bandproof.bench/1
report: R-2026-0042
lab: {name: Band lab 2, address: Example Street 1, tester: TT, approver: AA}
customer: {name: Example Devices, contact: desk}
plan: {id: BAND-FIT}
devices:
  modem:
    recording: "fixture:quectel-rm520n-gl"
    sheet: %(sheet)s
    sample: S-1
    carriers: [us/att@2024]
    supplied: &all
      {marketing_name: X, model_number: "1", hardware: H, maker: M, software_build: S, baseband: B, carrier_config: C,
       tac: "35693803", svn: "07", sim_profile: P, chipset: Q, fcc_id: F, ptcrb: "1", gcf: none, condition: new,
       received: "2026-11-02"}
  phone:
    recording: "fixture:xiaomi-mi-mix-2-global"
    sample: S-2
    carriers: [us/att@2024]
    supplied: {hardware: other, tac: "35693803", svn: "07", marketing_name: Mi MIX 2, carrier_config: C, chipset: Q,
       fcc_id: F, ptcrb: "1", gcf: none, condition: new, received: "2026-11-02"}
"""


def test_every_item_can_be_given_or_is_derived(tmp_path: Path) -> None:
    text = WHOLE.replace("&all\n      ", "") % {"sheet": "xiaomi/mi-mix-2#global"}
    (tmp_path / "bench.yaml").write_text(text, encoding="utf-8")
    document = run(tmp_path, "--bench=bench.yaml")
    assert [one for one in document["submission"] if one["value"] is None] == []
    rows = {(one["section"], one["item"]): one for one in document["submission"]}
    assert rows["Item phone", "hardware variant"]["value"] == "MDE5; the customer says other"
    assert rows["Item phone", "IMEI type code (TAC)"] == {
        "section": "Item phone",
        "item": "IMEI type code (TAC)",
        "value": "35693803",
        "by": "customer",
    }
    # A modem has no Android; its firmware is its software build.
    assert ("Item modem", "security patch") not in rows
    assert rows["Item modem", "software build (firmware)"]["value"].startswith("RM520NGLAAR03A03M4G")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<b>Performed by</b> TT" in page
    assert "<b>Authorised by</b> AA" in page
    assert verify(tmp_path / "out") == []


def test_what_nobody_gave_prints_as_missing(tmp_path: Path) -> None:
    document = run(tmp_path, "--device=fixture:quectel-rm520n-gl", "--carrier=us/att")
    empty = {one["item"] for one in document["submission"] if one["value"] is None}
    assert {"laboratory", "customer", "authorised by", "test plan", "FCC ID", "date received"} <= empty
    told = {one["item"]: one["value"] for one in document["submission"]}
    # What decides nothing is not counted among the verdicts.
    assert told["verdicts"] == "9 PASS with note, 3 not applicable"
    assert told["accreditation"] == "not an accredited report"
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<i>missing</i>") == len([one for one in document["submission"] if one["value"] is None])
