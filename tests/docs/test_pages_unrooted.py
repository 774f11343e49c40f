"""docs/unrooted.md as a new user walks it: its own lines, one after another, against the handset that it says to simulate."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.simulation.kit import adb_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SCAT = shutil.which(os.environ.get("BANDPROOF_SCAT") or "scat") or ""
pytestmark = [
    pytest.mark.skipif(not SCAT, reason="SCAT is not installed (.ci/run does)"),
    pytest.mark.skipif(not adb_binaries(), reason="no adb"),
    pytest.mark.skipif(sys.platform != "linux", reason="sysfs"),
]
LINES = re.findall(r"^    (\S.*)$", (ROOT / "docs" / "unrooted.md").read_text(encoding="utf-8"), re.MULTILINE)


def line(*words: str) -> str:
    """The page's own line with these words."""
    (found,) = [one for one in LINES if all(word in one for word in words)]
    return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """The folder where the user works, and the environment of the line that the simulation printed."""
    pytest.importorskip("pycrate_asn1dir", reason="the extra uecap is not installed")
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "examples", folder / "examples")
    tools = folder / "bin"
    tools.mkdir()
    for name, module in (("bandproof", "harness.cli"), ("pytest", "pytest")):
        (tools / name).write_text(f'#!/bin/sh\nexec {sys.executable} -m {module} "$@"\n')
        (tools / name).chmod(0o755)
    own = {
        **os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "BANDPROOF_SCAT": SCAT,
        "BANDPROOF_JOURNAL": str(folder / "journal"), "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    printed = folder / "printed.txt"
    with printed.open("w") as out:
        simulation = subprocess.Popen(
            ["sh", "-c", f"exec {line('bandproof simulate', '--diag examples/')}"], cwd=folder, env=own, stdout=out
        )
    try:
        until = time.monotonic() + 40
        while not (told := re.search(r"^((?:\w+=\S+ )+)pytest (.*)$", printed.read_text(), re.MULTILINE)):
            assert time.monotonic() < until, printed.read_text()
            time.sleep(0.1)
        yield folder, own | dict(one.split("=", 1) for one in told[1].split())
    finally:
        simulation.send_signal(signal.SIGINT)
        simulation.wait(30)


def walked(bench: tuple[Path, dict[str, str]], words: str, *more: str) -> tuple[int, str]:
    folder, environment = bench
    command = " ".join((words.replace("SERIAL", "SIM00001"), *more))
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_port_is_shown_beside_the_handset(bench: tuple[Path, dict[str, str]]) -> None:
    assert "`bandproof devices` shows the diagnostic port" in (ROOT / "docs" / "unrooted.md").read_text()
    status, output = walked(bench, "bandproof devices")
    assert (status, "SIM00001" in output, "diagnostic port" in output) == (0, True, True), output


def test_the_run_asks_for_a_hand_and_measures(bench: tuple[Path, dict[str, str]]) -> None:
    status, output = walked(bench, line("pytest", "--evidence uecap=live", "--carrier"), "--report-dir=run")
    asked = line("switch airplane mode on").partition("  ")[2].strip()
    assert asked in " ".join(output.split()), output
    assert status in {0, 1}, output
    report = (bench[0] / "run" / "report.json").read_text()
    assert report.count('"grade":"measured"') + report.count('"grade": "measured"') > 5, output
    assert walked(bench, "bandproof verify run")[0] == 6


def test_the_capture_alone_is_a_file_that_is_decoded(bench: tuple[Path, dict[str, str]]) -> None:
    status, output = walked(bench, line("bandproof capture uecap"))
    assert status == 0, output
    file = line("bandproof capture uecap").rpartition(" ")[2]
    status, output = walked(bench, f"bandproof decode uecap {file}")
    assert (status, '"supported_bands"' in output) == (0, True), output


def test_a_handset_without_the_app_or_logs_says_so(bench: tuple[Path, dict[str, str]]) -> None:
    status, output = walked(bench, line("bandproof capture bands"))
    assert (status, "by hand" in output) == (3, True), output
    status, output = walked(bench, line("bandproof collect"))
    assert (status, "no modem log" in output) == (4, True), output


def test_every_fault_that_it_speaks_of_is_listed(bench: tuple[Path, dict[str, str]]) -> None:
    status, output = walked(bench, line("bandproof simulate", "--diag examples/"), "--diag-fault=help")
    assert (status, "vanish" in output) == (2, True), output
