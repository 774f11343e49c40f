"""Cases as items of our own: their ids, and that no setting of a user's project touches them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from harness import __file__ as package

NAME = "xiaomi-mi-mix-2-global"
MIX2 = f"--device=fixture:{NAME}"
ATT = "--carrier=us/att@2024"
B66 = f"{NAME}::us/att@2024::ATT-LTE-B66"


def run(
    folder: Path, *arguments: str, cache: bool = False, more: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    words = [] if cache else ["-p", "no:cacheprovider"]
    command = [sys.executable, *more, "-m", "pytest", *words, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def ids(result: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in result.stdout.splitlines() if "::" in line]


def judged(folder: Path) -> list[str]:
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return [one["requirement"] for one in report["verdicts"]]


def test_an_id_is_device_carrier_and_requirement_and_can_be_pasted_back(tmp_path: Path) -> None:
    listed = ids(run(tmp_path, MIX2, ATT, "--co", "-q"))
    assert len(listed) == 17
    assert B66 in listed
    result = run(tmp_path, MIX2, ATT, B66, f"{NAME}::us/att@2024::ATT-LTE-B12", "--report-dir=out")
    assert judged(tmp_path / "out") == ["ATT-LTE-B12", "ATT-LTE-B66"]
    assert result.returncode == 1
    run(tmp_path, MIX2, "--carrier=us/att@2017-03", ATT, f"{NAME}::us/att@2024", "--report-dir=edition")
    assert len(judged(tmp_path / "edition")) == 17


def test_an_id_that_is_none_names_the_nearest_and_writes_no_report(tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, ATT, B66.replace("66", "67"), "--report-dir=out")
    assert result.returncode == 4
    assert f"did you mean {B66}" in result.stderr
    assert not (tmp_path / "out" / "report.json").exists()


def test_ids_are_the_same_wherever_the_package_lies(tmp_path: Path) -> None:
    """Below the root of the user's project, as a checkout or a virtual environment of it may be."""
    here = ids(run(tmp_path, MIX2, ATT, "--co", "-q"))
    below = tmp_path / "project" / "vendor"
    shutil.copytree(Path(package).parents[0], below / "harness", ignore=shutil.ignore_patterns("__pycache__"))
    for data in ("profiles", "fixtures"):
        shutil.copytree(Path(package).parents[1] / data, below / "harness" / "_shipped" / data)
    (tmp_path / "project" / "pytest.ini").write_text("[pytest]\npythonpath = vendor\n", encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(below)!r}); import pytest; sys.exit(pytest.main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "-p", "no:cacheprovider", MIX2, ATT, "--co", "-q"]
    there = subprocess.run(command, cwd=tmp_path / "project", capture_output=True, text=True, timeout=60, check=False)
    assert ids(there) == here, there.stdout + there.stderr


@pytest.mark.parametrize(
    "setting",
    ["python_functions = check_*", "python_classes = Check*", "python_files = check_*.py", "testpaths = cases"],
)
def test_settings_of_a_project_hide_no_case(setting: str, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(f"[pytest]\n{setting}\n", encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "test_own.py").write_text("def test_own():\n    raise AssertionError\n", encoding="utf-8")
    assert len(ids(run(tmp_path, MIX2, ATT, "--co", "-q"))) == 17


def test_an_id_shown_in_a_folder_below_the_root_is_taken_there(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    below = tmp_path / "lab"
    below.mkdir()
    result = run(below, MIX2, ATT, "-v", "-k", "B66")
    shown = next(line.split(" ")[0] for line in result.stdout.splitlines() if "::" in line)
    run(below, MIX2, ATT, shown, "--report-dir=out")
    assert judged(below / "out") == ["ATT-LTE-B66"]


@pytest.mark.parametrize(
    "words",
    [
        ("--bench", "bench.yaml"),
        ("--bench=bench.yaml",),
        ("--bench", "bench.yaml", "--junitxml", "junit.xml"),
        ("--device", "rec", "--carrier", "us/att@2024"),
        ("--dut", "rec", "--carrier", "us/att@2024"),
        ("-c", "own.ini", "--bench", "bench.yaml"),
        ("--rootdir", "lab", "--bench", "bench.yaml"),
        ("--report-dir", "lab", "--bench", "bench.yaml"),
        ("--note", "lab", "--bench", "bench.yaml"),
    ],
    ids=" ".join,
)
def test_values_of_options_are_no_paths(words: tuple[str, ...], tmp_path: Path) -> None:
    bench = f"format: bandproof.bench/1\ndevices:\n  mix2: {{recording: 'fixture:{NAME}', carriers: [us/att@2024]}}\n"
    (tmp_path / "bench.yaml").write_text(bench, encoding="utf-8")
    (tmp_path / "junit.xml").write_text("<testsuites/>", encoding="utf-8")
    (tmp_path / "own.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "lab").mkdir()
    shutil.copytree(Path(package).parents[1] / "fixtures" / NAME, tmp_path / "rec")
    result = run(tmp_path, *words)
    assert "2 failed" in result.stdout, result.stdout + result.stderr
    assert result.returncode == 1


def test_last_failed_runs_those_that_failed(tmp_path: Path) -> None:
    run(tmp_path, MIX2, ATT, cache=True)
    again = run(tmp_path, MIX2, ATT, "--lf", "--report-dir=out", cache=True)
    assert set(judged(tmp_path / "out")) == {"ATT-LTE-B66", "ATT-LTE-B14", "ATT-VOLTE"}, again.stdout


def test_deselecting_and_stopping_at_the_first(tmp_path: Path) -> None:
    run(tmp_path, MIX2, ATT, "--deselect", B66, "-x", "--report-dir=out")
    found = judged(tmp_path / "out")
    assert "ATT-LTE-B14" in found
    assert not {"ATT-LTE-B66", "ATT-VOLTE"} & set(found)


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_own_cases_and_ours_run_together(more: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "test_own.py").write_text("def test_own(device):\n    assert device.name\n", encoding="utf-8")
    result = run(tmp_path, MIX2, ATT, "test_own.py", "--report-dir=out", *more)
    assert "2 failed, 10 passed" in result.stdout, result.stdout
    assert len(judged(tmp_path / "out")) == 17


@pytest.mark.parametrize("words", [("--co",), ("--co", "-q"), ("--collect-only", "-k", "B66")])
def test_listing_cases_leaves_nothing_behind(words: tuple[str, ...], tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, ATT, *words)
    assert result.returncode == 0
    assert "report" not in result.stdout.splitlines()[-1]
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("more", [(), ("-n", "2")])
def test_where_nothing_is_chosen_there_is_no_report(more: tuple[str, ...], tmp_path: Path) -> None:
    result = run(tmp_path, MIX2, ATT, "-k", "nothing", "--report-dir=out", *more)
    assert result.returncode == 5
    assert not (tmp_path / "out" / "report.json").exists()
    assert not (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-rA",), ["PASSED xiaomi-mi-mix-2-global::us/att@2024::ATT-LTE-B12", "FAILED " + B66 + " - B66 not"]),
        (("-ra",), ["INCONC xiaomi-mi-mix-2-global::us/att@2024::ATT-VOLTE - VoLTE available: not observed"]),
        (("-rf",), ["FAILED " + B66 + " - B66 not"]),
        (("-rs",), ["SKIPPED [1] xiaomi-mi-mix-2-global: informative, decides nothing: n5"]),
        (("-v",), [f"{B66} FAILED", "ATT-VOLTE INCONC"]),
        (("--tb=short",), ["FAIL  ATT-LTE-B66: B66 not declared"]),
        (("--tb=long",), ["FAIL  ATT-LTE-B66: B66 not declared"]),
        (("-p", "no:terminal"), ["report "]),
        (("-q",), ["RF band fit"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_pytest_shows_is_what_its_users_ask_for(words: tuple[str, ...], told: list[str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", MIX2, ATT, *words]
    environment = {"COLUMNS": "300", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    result = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False, env=environment
    )
    assert result.returncode == 1, result.stdout + result.stderr
    for one in told:
        assert one in result.stdout, result.stdout
    for noise in ("Traceback", "NotMet", "Inconclusive", "session.py", "judging.py"):
        assert noise not in result.stdout


def test_a_verdict_costs_no_traceback(tmp_path: Path) -> None:
    """pytest would parse the source of every frame to write one that nobody sees."""
    (tmp_path / "counted.py").write_text(
        "import pytest\n"
        "made = []\n"
        "plain = pytest.ExceptionInfo.getrepr\n"
        "def counting(*words, **more):\n    made.append(1)\n    return plain(*words, **more)\n"
        "pytest.ExceptionInfo.getrepr = counting\n"
        "def pytest_unconfigure():\n    print('tracebacks', len(made))\n",
        encoding="utf-8",
    )
    result = run(tmp_path, "-p", "counted", MIX2, "--device=/dev/no-such-port", ATT)
    assert result.returncode == 1
    assert "tracebacks 0" in result.stdout.splitlines()


def test_a_case_is_told_by_its_id() -> None:
    """Allure and its like know a case of yesterday by the text of its parameters."""
    from harness.carriers.store import Profiles
    from harness.verdicts.case import Case

    (att,) = Profiles().select(["us/att@2024"], None)
    case = Case(NAME, att, att.edition.requirements[0])
    assert repr(case) == case.id == f"{NAME}/us/att@2024/{case.rule.id}"
    assert case.node_id == f"{NAME}::us/att@2024::{case.rule.id}"
