"""`bandproof fit`: one recording at all carriers, and many devices at all carriers, whether cost grows linearly.

Devices are made up by chance (half of all bands each, no two alike), which is the worst case: nothing that is
remembered of one helps the next. Each number of devices is measured in a process of its own, so that its memory is.
"""

from __future__ import annotations

import json
import os
import random
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from benchmarks.measuring import Row, bandproof, run

DEVICE = "fixture:xiaomi-mi-mix-2-global"
NUMBERS = (10, 100, 1000)
_SEED = 20261121


def fit(rounds: int) -> list[Row]:
    """The command on one recording; then 10, 100 and 1,000 devices in process, with every word of the table."""
    costs = [run(bandproof("fit", DEVICE)) for _ in range(rounds + 1)][1:]
    rows = [
        Row("bandproof fit of one recording, all carriers", statistics.median(c.wall for c in costs), "s wall", 1),
        Row("  the same", statistics.median(c.cpu for c in costs), "s CPU"),
    ]
    alone = [_child(1) for _ in range(rounds)]
    rows.append(Row("one device at all carriers, first", 1e3 * statistics.median(a["s"] for a in alone), "ms wall"))
    found = {number: _child(number) for number in NUMBERS}
    for number, one in found.items():
        most = number == NUMBERS[-1]
        what = f"{number} devices at {one['carriers']} carriers"
        rows.append(Row(what, one["s"], "s wall", 25 if most else None, note=f"{one['cpu']:.2f} s CPU"))
        rows.append(Row("  the process at its largest", one["mb"], "MB", 500 if most else None))
    growth = (found[NUMBERS[-1]]["cpu"] / NUMBERS[-1]) / (found[NUMBERS[0]]["cpu"] / NUMBERS[0])
    rows.append(Row("CPU a device, 1,000 against 10 (1 is linear)", growth, "x", 2))
    return rows


def _child(number: int) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.fit", str(number)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def measure(number: int) -> dict[str, Any]:
    """Fit made-up devices at all carriers; seconds after the profiles were read, and the peak of the process."""
    from datetime import date

    from harness.carriers.store import Profiles
    from harness.observations import Grade
    from harness.reports.fit.rows import FitTable, rows
    from harness.verdicts.fit.ranking import KnownDevice, Offers, ranked

    profiles = Profiles()
    selected = profiles.select(profiles.countries(), date(2026, 6, 1))
    chance = random.Random(_SEED)
    devices = [_device(index, chance) for index in range(number)]
    start, spent = time.perf_counter(), time.process_time()
    offers = Offers(selected)
    fitted: list[tuple[KnownDevice, Any]] = [(device, tuple(ranked(offers.fits(device)))) for device in devices]
    table = FitTable(date(2026, 6, 1), "service", Grade.DECLARED, len(selected), tuple(fitted))
    made = sum(1 for _ in rows(table))
    seconds, cpu = time.perf_counter() - start, time.process_time() - spent
    assert made == number * len(selected)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "s": seconds,
        "cpu": cpu,
        "mb": peak / (1024 if sys.platform != "darwin" else 1 << 20),
        "carriers": len(selected),
    }


def _device(index: int, chance: random.Random) -> Any:
    from harness.radio.tables import bands_of
    from harness.requirements.bands.facts import Declared
    from harness.requirements.bound import Bound
    from harness.survey.survey import Survey
    from harness.verdicts.fit.ranking import KnownDevice

    bands: dict[str, tuple[int, ...] | None] = {
        rat: tuple(b for b in sorted(bands_of(rat)) if chance.random() < 0.5) for rat in ("gsm", "umts", "lte", "nr")
    }
    bound = Bound.of(Survey(f"d{index}", "made up", None), Declared(f"made-up/{index}", bands))
    return KnownDevice(bound, without_device=True)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
