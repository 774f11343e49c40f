"""Runs with `--evidence uecap=live` against a rack of simulated handsets with diagnostic ports, through the real SCAT."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from harness.simulation.kit import adb_binaries

if TYPE_CHECKING:
    from harness.simulation.rack import Rack

FIXTURE = "fixture:xiaomi-mi-mix-2-global"
CARRIER = "--carrier=us/att@2024"
SCAT = shutil.which(os.environ.get("BANDPROOF_SCAT") or "scat") or ""
NEEDS = [
    pytest.mark.skipif(not SCAT, reason="SCAT is not installed (.ci/run does)"),
    pytest.mark.skipif(not adb_binaries(), reason="no adb"),
    pytest.mark.skipif(sys.platform != "linux", reason="sysfs"),
]
WAIT_S = 45


def run(folder: Path, rack: Rack, *arguments: str, names: tuple[str, ...] = (), wait_s: int = WAIT_S, scat: str = SCAT):
    served = [one for one in rack.served if not names or one.name in names]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", CARRIER, "--report-dir=out", *arguments]
    for one in served:
        command += [f"--device={one.address}", f"--evidence={one.address}:uecap=live,wait={wait_s}"]
    return subprocess.Popen(
        command, cwd=folder, env=environment(folder, rack, scat), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )  # fmt: skip


def environment(folder: Path, rack: Rack, scat: str = SCAT) -> dict[str, str]:
    return {**os.environ, **rack.environment, "BANDPROOF_SCAT": scat, "BANDPROOF_JOURNAL": str(folder / "journal")}


def finished(process: subprocess.Popen[str]) -> tuple[int, str]:
    output, _ = process.communicate(timeout=400)
    return process.returncode, output


def scats_of(rack: Rack) -> list[str]:
    """Processes of SCAT that have one of these ports open or named."""
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes()
        except OSError:
            continue
        if rack.usb is not None and str(rack.usb.tree.folder).encode() in words:
            found.append(words.decode())
    return found
