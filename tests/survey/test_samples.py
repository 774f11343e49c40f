"""Pieces of one model keep their identity: by the number that the lab gives, else by a keyed hash, never by an order."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import FileError
from harness.observations import Identity
from harness.recording.exchange import RecordingInfo
from harness.recording.files import load_recording
from harness.recording.writer import RecordingWriter
from harness.survey.bench import load_bench
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import Target, final_names, plan_targets, unique_names

BENCH = """\
format: bandproof.bench/1
name: rack 3
report: R-2026-0042
devices:
  one: {{recording: "fixture:xiaomi-mi-mix-2-global", sample: {one}, carriers: [us/att@2017-03]}}
  two: {{recording: "fixture:xiaomi-mi-mix-china", sample: {two}, carriers: [us/att@2017-03]}}
"""


def phone(address: str, key: str | None, model: str = "Mi MIX 2") -> tuple[Target, Survey]:
    target = Target(f"handset-{address}", (address,), named=False)
    return target, Survey(target.device, address, "handset", observations=(Identity(model=model),), key=key)


def names(*phones: tuple[Target, Survey]) -> dict[str, str]:
    found = final_names(phones)
    return {target.address: found[target.device] for target, _ in phones}


def test_two_equal_phones_have_the_same_names_in_any_order() -> None:
    phones = [phone("R5A", "aaaaaa111111"), phone("R5B", "bbbbbb222222"), phone("R5C", None), phone("R5D", None)]
    told = [names(*order) for order in itertools.permutations(phones)]
    assert all(one == told[0] for one in told)
    assert told[0] == {"R5A": "mi-mix-2-aaaaaa", "R5B": "mi-mix-2-bbbbbb", "R5C": "mi-mix-2", "R5D": "mi-mix-2-2"}


def test_one_phone_of_its_model_is_called_by_it() -> None:
    assert names(phone("R5A", "aaaaaa111111"), phone("R5B", "bbbbbb222222", "Mi 6")) == {
        "R5A": "mi-mix-2",
        "R5B": "mi-6",
    }


def test_keys_that_begin_alike_still_give_two_names() -> None:
    assert len(set(names(phone("R5A", "aaaaaa111111"), phone("R5B", "aaaaaa222222")).values())) == 2


def test_recordings_of_one_name_keep_theirs_in_any_order(tmp_path: Path) -> None:
    addresses = [str(tmp_path / folder / "phone") for folder in ("b", "a", "c")]
    for address in addresses:
        RecordingWriter(address, RecordingInfo(id="phone", provenance="recorded")).close()
    told = [unique_names(order) for order in itertools.permutations(addresses)]
    assert all(one == told[0] for one in told)
    assert list(unique_names(addresses)) == addresses


def test_the_bench_gives_a_number_and_evidence_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH.format(one="S-17", two="S-18"), encoding="utf-8")
    target = plan_targets(["bench:one"], load_bench(str(tmp_path / "bench.yaml")))[0]
    assert read_device(target, evidence=tmp_path / "kept").sample == "S-17"
    again = read_device(str(tmp_path / "kept"))
    assert (again.sample, again.key) == ("S-17", None)


def test_one_number_is_one_piece(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH.format(one="S-17", two="S-17"), encoding="utf-8")
    with pytest.raises(FileError, match="S-17 is already the sample one"):
        load_bench(str(tmp_path / "bench.yaml"))


def test_a_run_tells_number_bench_and_report_everywhere(tmp_path: Path) -> None:
    (tmp_path / "bench.yaml").write_text(BENCH.format(one="S-17", two="S-18"), encoding="utf-8")
    options = ("--bench=bench.yaml", "--device=bench:one", "--report-dir=out", "--junitxml=junit.xml")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    told = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    (device,) = told["devices"]
    assert (device["sample"], device["key"]) == ("S-17", "S-17")
    assert (told["run"]["bench"], told["run"]["report"]) == ("rack 3", "R-2026-0042")
    assert len(told["run"]["id"]) == 8
    assert told["run"]["key"].endswith(f"Z-{told['run']['id']}")
    assert 'name="sample" value="S-17"' in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<dt>Sample</dt><dd>S-17</dd>" in page
    assert "RF band fit report</b> R-2026-0042" in page
    kept = load_recording(tmp_path / "out" / "evidence" / "one")
    assert kept.info.extra["sample"] == "S-17"
