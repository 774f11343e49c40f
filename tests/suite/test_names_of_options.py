"""Names of our options that another plugin or a user's conftest has: neither ends the other."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MIX2 = "fixture:xiaomi-mi-mix-2-global"
OTHER = """
def pytest_addoption(parser):
    parser.getgroup("other").addoption("--device", default=None, help="emulated")

def pytest_report_header(config):
    return f"other: {config.getoption('device')}"
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("where", ["before", "after", "conftest"])
def test_a_name_that_another_has_taken_is_left_to_it(where: str, tmp_path: Path) -> None:
    (tmp_path / ("conftest.py" if where == "conftest" else "other.py")).write_text(OTHER, encoding="utf-8")
    loaded = {"before": ("-p", "other"), "after": (), "conftest": ()}[where]
    if where == "after":
        # As an entry point that is loaded after ours.
        folder = tmp_path / "other-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: zz-other\nVersion: 1.0\n", encoding="utf-8")
        (folder / "entry_points.txt").write_text("[pytest11]\nother = other\n", encoding="utf-8")
    result = run(tmp_path, *loaded, f"--dut={MIX2}", "--carrier=us/att@2017-03", "--device=iPhone 13")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "other: iPhone 13" in result.stdout
    assert "another plugin has --device here; write --dut" in result.stdout
    plain = run(tmp_path, *loaded, "--device=iPhone 13")
    assert plain.returncode == 5, plain.stdout + plain.stderr
    half = run(tmp_path, *loaded, "--device=iPhone 13", "--carrier=us/att")
    assert half.returncode == 4
    assert "name it with --dut or --bench" in half.stderr


def test_another_option_that_is_taken_gets_our_name_before_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(OTHER.replace("--device", "--policy").replace("'device'", "'policy'"))
    words = (f"--device={MIX2}", "--carrier=us/att@2024", "-k", "B66")
    strict = run(tmp_path, *words, "--policy=theirs")
    assert strict.returncode == 1, strict.stdout + strict.stderr
    assert "another plugin has --policy here; write --bandproof-policy" in strict.stdout
    assert run(tmp_path, *words, "--bandproof-policy=service").returncode == 0


def test_both_spellings_name_devices(tmp_path: Path) -> None:
    result = run(
        tmp_path, f"--device={MIX2}", "--dut=fixture:xiaomi-mi-mix-china", "--carrier=us/att@2017-03", "--co", "-q"
    )
    devices = {line.partition("::")[0] for line in result.stdout.splitlines() if "::" in line}
    assert devices == {"xiaomi-mi-mix-2-global", "xiaomi-mi-mix-china"}


def test_the_options_are_told_by_help(tmp_path: Path) -> None:
    told = run(tmp_path, "--help").stdout
    for name in ("--dut", "--device", "--carrier", "--inconclusive", "--strict-profiles"):
        assert name in told


def test_conftests_of_the_project_are_found_whatever_device_is_named(tmp_path: Path) -> None:
    """Its name is no path, though pytest looks for conftests before it knows our options."""
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = cases\n", encoding="utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "conftest.py").write_text(OTHER.replace("--device", "--mine").replace("'device'", "'mine'"))
    result = run(tmp_path, "--device", MIX2, "--carrier", "us/att@2017-03", "--mine=7")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "other: 7" in result.stdout


def test_a_conftest_that_names_the_plugin_ends_no_run(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("pytest_plugins = ['harness.plugin']\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    pass\n", encoding="utf-8")
    assert run(tmp_path, "-p", "no:bandproof", "test_own.py").returncode == 0
