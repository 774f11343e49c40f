"""What reports cost: the writers for some two hundred verdicts, and a run of twenty thousand from first to last."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Row, alternate, bandproof, run

DEVICES = ("xiaomi-mi-mix-2-global", "quectel-rm520n-gl")
FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CARRIERS = (
    "us/att",
    "us/verizon",
    "us/t-mobile",
    "us/firstnet",
    "us/uscellular",
    "us/boost",
    "us/c-spire",
    "us/liberty",
)
MANY = 20_000
_MB = 1024


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole run: its wall time, its own peak memory in MB, and how many verdicts it told."""

    wall: float
    peak_mb: float
    verdicts: int


def reports(rounds: int) -> list[Row]:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        finished = folder / "run"
        _suite(folder, [f"--device=fixture:{one}" for one in DEVICES], CARRIERS, finished)
        count = _verdicts(finished)
        ways = {
            form: lambda number, form=form: run(
                bandproof("report", str(finished), f"--format={form}", "-o", str(folder / f"{form}-{number}"))
            )
            for form in ("html", "html,xlsx", "pdf")
        }
        found = alternate(ways, rounds)
        wall = {form: sorted(cost.wall for cost in costs)[len(costs) // 2] for form, costs in found.items()}
        cpu = {form: sorted(cost.cpu for cost in costs)[len(costs) // 2] for form, costs in found.items()}
        missed = sorted({cost.said for costs in found.values() for cost in costs if cost.status})
        whole = _many(folder)
    said = "; ".join(missed)
    return [
        Row(f"HTML of {count} verdicts, CPU of the whole command", cpu["html"], "s", note=said),
        Row("  HTML and XLSX together", cpu["html,xlsx"], "s", 2, note=f"{wall['html,xlsx']:.2f} s wall"),
        Row(
            "  PDF, beyond the HTML that it is made of",
            cpu["pdf"] - cpu["html"],
            "s",
            5,
            note=f"{wall['pdf']:.2f} s wall",
        ),
        Row(f"a run of {whole.verdicts} verdicts, wall", whole.wall, "s", 60, note="reading, judging, JSON and HTML"),
        Row("  its peak memory", whole.peak_mb, "MB", 1000),
    ]


def _many(folder: Path) -> Whole:
    """Copies of every shipped handset under names of their own, against all carriers of a country."""
    recordings = sorted(path.parent for path in FIXTURES.glob("*/adb.yaml"))
    probe = folder / "probe"
    _suite(folder, [f"--device={one}" for one in recordings], ("us",), probe)
    each = _verdicts(probe) / len(recordings)
    devices = []
    for number in range(int(MANY / each) + 1):
        copy = folder / "devices" / f"device-{number:03}"
        shutil.copytree(recordings[number % len(recordings)], copy)
        devices.append(f"--device={copy}")
    wall, peak = _suite(folder, devices, ("us",), folder / "many")
    return Whole(wall, peak, _verdicts(folder / "many"))


def _suite(folder: Path, devices: list[str], carriers: tuple[str, ...], out: Path) -> tuple[float, float]:
    """Wall time and peak memory of `pytest --device=…`. Raises RuntimeError where it wrote no report."""
    chosen = [f"--carrier={one}" for one in carriers]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *devices, *chosen, f"--report-dir={out}"]
    start = time.perf_counter()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        raise RuntimeError(f"pytest ended with {child.returncode}")
    return wall, usage.ru_maxrss / _MB


def _verdicts(out: Path) -> int:
    return len(json.loads((out / "report.json").read_text(encoding="utf-8"))["verdicts"])
