"""`pytest --device=…` as its users run it: outcomes, exit status, selection, the report on disk."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

MIX2 = "--device=fixture:xiaomi-mi-mix-2-global"
MIX = "--device=fixture:xiaomi-mi-mix-china"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def verdicts(folder: Path) -> dict[str, str]:
    report = json.loads(next(folder.glob("**/report.json")).read_text(encoding="utf-8"))
    assert report["schema"] == "bandproof.report/3"
    return {f"{v['carrier']}@{v['edition']}/{v['requirement']}": v["verdict"] for v in report["verdicts"]}


@pytest.mark.parametrize("carrier", ["us/att@2017-03", "us/verizon@2017-05", "us/sprint@2013-09"])
def test_mi_mix_2_fits_the_carriers_of_its_day_as_declared(carrier: str, tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, f"--carrier={carrier}")
    assert result.returncode == 0, result.stdout
    report = json.loads(next(tmp_path.glob("**/report.json")).read_text(encoding="utf-8"))
    bands = [v for v in report["verdicts"] if "supported" in v["text"] and v["verdict"] != "NA"]
    assert bands
    assert {v["verdict"] for v in bands} == {"PASS"}
    known = {v["grade"] for v in bands}
    assert known <= {"declared", "observed"}
    network = {v["verdict"] for v in report["verdicts"] if v["requirement"].endswith(("ATTACH", "REGISTERED"))}
    assert network == ({"PASS"} if carrier.startswith("us/att") else {"NA"})


def test_mi_mix_2_lacks_bands_14_and_66_today(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2024", "--report-dir=out")
    assert result.returncode == 1
    found = verdicts(tmp_path / "out")
    assert {key.rpartition("-")[2] for key, verdict in found.items() if verdict == "FAIL"} == {"B14", "B66"}
    assert result.stdout.rstrip().splitlines()[-1] == f"report {Path('out') / 'report.html'}"


@pytest.mark.parametrize("more", [[], ["-n1", "-q"]])
def test_a_reseller_is_told_once_with_the_network_that_it_uses(more: list[str], tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=mint", *more)
    assert result.stdout.count("Mint Mobile is a reseller on the network of us/t-mobile") == 1, result.stdout
    assert all(key.startswith("us/t-mobile@") for key in verdicts(tmp_path))


def test_under_service_the_missing_bands_are_notes(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2024", "--policy=service")
    assert result.returncode == 1, result.stdout  # its SIM is in, and nothing tells of VoLTE
    found = verdicts(tmp_path)
    assert [key for key, word in found.items() if word in {"FAIL", "INCONC"}] == ["us/att@2024/ATT-VOLTE"]
    assert found["us/att@2024/ATT-LTE-B14"] == "PASS_NOTE"
    assert found["us/att@2024/ATT-LTE-B66"] == "PASS_NOTE"


def test_declared_bands_are_inconclusive_where_measured_ones_are_required(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2024", "--require-grade=measured")
    assert result.returncode == 1
    found = verdicts(tmp_path)
    assert {found[f"us/att@2024/ATT-LTE-B{band}"] for band in (2, 4, 5, 12, 14, 66)} == {"INCONC"}
    assert "INCONC" in result.stdout


def test_mi_mix_lacks_the_low_band(tmp_path: Path) -> None:
    run(tmp_path, MIX, "--carrier=us/att@2017-03")
    found = verdicts(tmp_path)
    failed = {key.rpartition("-")[2] for key, verdict in found.items() if verdict == "FAIL"}
    assert failed == {"B12", "B17", "B29", "B30"}


def test_the_rom_decides_the_rom_case(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, MIX, "--carrier=intl/google-global", "--report-dir=out")
    assert result.returncode == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    by_device = {(v["device"], v["verdict"]) for v in report["verdicts"]}
    assert by_device == {("xiaomi-mi-mix-2-global", "PASS"), ("xiaomi-mi-mix-china", "FAIL")}


def test_the_sim_names_the_carrier(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--as-of=2017-06-01")
    assert {key.partition("/ATT")[0] for key in verdicts(tmp_path)} == {"us/att@2017-03"}


def test_keywords_select_and_junit_tells_the_verdict(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, "--carrier=us/att@2017-03", "-k", "LTE-B12", "--junitxml=junit.xml")
    assert result.returncode == 0
    assert list(verdicts(tmp_path)) == ["us/att@2017-03/ATT-LTE-B12"]
    told = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert 'name="verdict" value="PASS"' in told
    assert "xiaomi-mi-mix-2-global.us/att ATT-LTE-B12 PASS B12 seen in use" in told


def test_workers_judge_what_the_first_process_read(tmp_path: Path) -> None:
    plain, spread = tmp_path / "plain", tmp_path / "spread"
    for folder, more in ((plain, []), (spread, ["-n", "2"])):
        folder.mkdir()
        run(folder, MIX2, "--carrier=us/att@2024", "--report-dir=out", *more)
    assert verdicts(plain) == verdicts(spread)


def test_an_absent_device_is_an_error_for_each_of_its_cases(tmp_path: Path) -> None:
    result = run(tmp_path, "--device=/dev/no-such-port", MIX2, "--carrier=us/att@2017-03", "--report-dir=out")
    assert result.returncode == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    absent = {v["verdict"] for v in report["verdicts"] if v["device"] == "no-such-port"}
    present = {v["verdict"] for v in report["verdicts"] if v["device"] != "no-such-port"}
    assert absent == {"ERROR"}
    assert "PASS" in present
    assert "ERROR" not in present


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([MIX2, "--carrier=us/at"], "us/att"),
        (["--device=fixture:nothing-like-it"], "nothing-like-it"),
        ([MIX2, "--as-of=soon"], "YYYY-MM-DD"),
        ([MIX2, "--policy=lenient"], "strict"),
        ([MIX], "--carrier"),
    ],
)
def test_wrong_usage_is_told_in_words(arguments: list[str], words: str, tmp_path: Path) -> None:
    result = run(tmp_path, *arguments)
    assert result.returncode == 4
    told = result.stdout + result.stderr
    assert words in told
    assert "Traceback" not in told


def test_evidence_replays_to_the_same_verdicts(tmp_path: Path) -> None:
    run(tmp_path, MIX2, "--carrier=us/att@2024", "--report-dir=first")
    evidence = tmp_path / "first" / "evidence" / "xiaomi-mi-mix-2-global"
    run(tmp_path, f"--device={evidence}", "--carrier=us/att@2024", "--report-dir=second")
    first, second = (
        json.loads((tmp_path / name / "report.json").read_text(encoding="utf-8"))["verdicts"]
        for name in ("first", "second")
    )
    assert first == second


OWN_CASES = """
import time

def test_attached_on_a_low_band(survey, device):
    assert device.name == survey.device
    assert any(cell.band == 12 for cell in survey.primary_cells)

def test_carrier(carrier):
    assert carrier.ref == "us/att@2017-03"

def test_shell(adb):
    assert adb.run(["getprop"], deadline_s=time.monotonic() + 5)[0].exit_code == 0

def test_port(at):
    raise AssertionError("a handset has no AT port here")
"""


def test_users_cases_get_the_device_and_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(OWN_CASES, encoding="utf-8")
    result = run(tmp_path, MIX2, "--carrier=us/att@2017-03", "test_mine.py", "-k", "mine")
    assert "3 passed, 1 skipped" in result.stdout, result.stdout
    assert result.returncode == 0


def test_users_cases_are_skipped_without_a_device(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(OWN_CASES, encoding="utf-8")
    assert "4 skipped" in run(tmp_path, "test_mine.py").stdout


COUNTED = """
from collections import Counter
from harness.verdicts.plan import Run

judged, judge = Counter(), Run.verdict

def counting(run, case):
    judged[case.id] += 1
    return judge(run, case)

def pytest_configure():
    Run.verdict = counting

def pytest_unconfigure():
    print("judged", len(judged), "cases", judged.total(), "times")
"""


def test_each_case_is_judged_once(tmp_path: Path) -> None:
    (tmp_path / "counted.py").write_text(COUNTED, encoding="utf-8")
    result = run(tmp_path, "-p", "counted", MIX2, "--carrier=us/att@2017-03")
    count = len(verdicts(tmp_path))
    assert f"judged {count} cases {count} times" in result.stdout.splitlines(), result.stdout


def test_a_carrier_without_a_device_is_wrong_usage_and_not_a_run_of_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, "--carrier=us/att")
    assert result.returncode == 4
    assert "name it with --device or --bench" in result.stdout + result.stderr


def test_a_projects_own_configuration_may_name_a_carrier(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --carrier=us/att\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    assert run(tmp_path).returncode == 0


def test_asserts_of_a_users_tests_are_explained_though_ours_are_loaded_plainly(tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(survey):\n    left = survey.device\n    assert left == 1\n")
    (tmp_path / "marks.py").write_text(
        "def pytest_sessionfinish(session):\n"
        "    names = session.config.pluginmanager.rewrite_hook._rewritten_names\n"
        "    print('ours', sorted(name for name in names if name.startswith('harness.survey')))\n"
    )
    result = run(tmp_path, "-p", "marks", "-s", MIX2, "test_own.py")
    assert "assert 'xiaomi-mi-mix-2-global' == 1" in result.stdout
    assert "ours []" in result.stdout
