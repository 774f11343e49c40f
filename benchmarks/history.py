"""What a history costs: an append, and the questions at 10^5, 10^6 and 10^7 verdicts after the product's own upkeep.

The rows are made up: 200 devices of 50 models, each read every night for a year and judged by five carriers on 25
requirements each, a new build every month. `BANDPROOF_HISTORY_ROWS` names another size (`100000,1000000`).
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measuring import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.history.store import Store

DEVICES, REQUIREMENTS, CARRIERS = 200, 25, 5
EACH = REQUIREMENTS * CARRIERS
"""Verdicts of a device and night."""
COMMITS = 120
_REACH = {100_000: 0.1, 1_000_000: 0.3, 10_000_000: 1.0}
NOW = datetime(2026, 12, 31)

_ABOUT = """
    strftime(day, '%Y-%m') AS month, strftime(day, '%Y-%m-%dT22-00-00Z-') || (night * 25 + d % 25) AS run, day AS started,
    'lab' AS lab, 'bench ' || (d % 25) AS bench, 'bandproof 0' AS tool, 'strict' AS policy, 'S-' || d AS key,
    'device-' || d AS device, 'handset' AS kind, 'Maker ' || (d % 50 % 7) AS manufacturer, 'Model ' || (d % 50) AS model,
    'rev A' AS hardware, 'eu' AS region, 'BUILD.' || strftime(day, '%y%m') AS firmware
"""
_NIGHTS = """
    SELECT night, d, TIMESTAMP '2026-01-01 22:00:00' + INTERVAL 1 DAY * (night * 364 // {nights}) AS day
    FROM range({first}, {last}) n(night), range({devices}) e(d)
"""
_VERDICTS = """
    SELECT 'verdict' AS row, *, CASE WHEN h % 997 = 0 THEN 'FAIL' WHEN h % 101 = 0 THEN 'INCONC' ELSE 'PASS' END AS verdict,
        'measured' AS grade, 'R-' || q AS requirement, 'mandatory' AS level,
        'B' || q || ' is among the bands of the hardware' AS reason, ['at#' || q || ':2'] AS evidence
    FROM (SELECT *, hash(night, d, c, q) AS h, 'cc/carrier-' || c AS carrier, '2026' AS edition, 'aa' || c AS profile
          FROM ({nights}), range({carriers}) f(c), range({requirements}) g(q))
"""
_RESULTS = """
    SELECT 'result' AS row, *, CASE WHEN hash(d, c, month(day)) % 23 = 0 THEN 'FAIL' ELSE 'PASS' END AS verdict, 25 AS met,
        25 AS asked
    FROM (SELECT *, 'cc/carrier-' || c AS carrier, '2026' AS edition FROM ({nights}), range({carriers}) f(c))
"""
_BANDS = """
    SELECT 'band' AS row, *, ['hardware', 'enabled'][1 + l % 2] AS layer, ['lte', 'nr_sa', 'umts', 'gsm', 'nr_nsa'][1 + l // 2]
        AS rat, list_filter([1, 3, 7, 8, 20, 28, 38, 40], lambda b: hash(d % 50, l, b, month(day)) % 61 <> 0) AS bands,
        false AS unlimited
    FROM ({nights}), range(10) g(l)
"""
_DEVICES = "SELECT 'device' AS row, * FROM ({nights})"


def history(rounds: int) -> list[Row]:
    """The rows of the table; nothing where the extra is not installed."""
    from harness.history.place import is_installed

    if not is_installed():
        return []
    sizes = os.environ.get("BANDPROOF_HISTORY_ROWS", "100000,1000000")
    rows: list[Row] = []
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            rows += _of_size(Path(folder), size, rounds)
    return rows


def _of_size(folder: Path, size: int, rounds: int) -> list[Row]:
    from harness.history.store import Store
    from harness.history.upkeep import keep_up

    store = Store(str(folder / "table"))
    began = time.perf_counter()
    commits = _fill(store, size)
    filled = time.perf_counter() - began
    before = _slowest(store, 1)[0]
    kept = keep_up(store, every=1)
    took = kept.took_s if kept else 0.0
    slowest, name = _slowest(store, rounds)
    note = f"{commits} commits in {filled:.0f} s; {before * 1000:.0f} ms before the upkeep, which took {took:.1f} s"
    return [
        Row(f"slowest question at {size:,} verdicts ({name})", slowest, "s", _REACH.get(size), note=note),
        Row("  append of a run to it", _append(store, folder, rounds) * 1000, "ms", 60),
    ]


def _fill(store: Store, size: int) -> int:
    """Nights in commits of many, as no bench writes them, so that filling does not take an hour."""
    from deltalake import DeltaTable, write_deltalake

    from harness.history.columns import COLUMNS
    from harness.history.store import committing, connect

    con = connect()
    store._create(con)
    nights = max(1, round(size / EACH / DEVICES))
    commits = min(COMMITS, nights)
    for number in range(commits):
        first, last = nights * number // commits, nights * (number + 1) // commits
        source = _NIGHTS.format(nights=nights, first=first, last=last, devices=DEVICES)
        parts = [
            part.format(nights=f"SELECT *, {_ABOUT} FROM ({source})", carriers=CARRIERS, requirements=REQUIREMENTS)
            for part in (_VERDICTS, _RESULTS, _BANDS, _DEVICES)
        ]
        rows = " UNION ALL BY NAME ".join(f"({part})" for part in parts)
        empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
        whole = f"SELECT {', '.join(COLUMNS)} FROM ((SELECT {empty} WHERE false) UNION ALL BY NAME {rows}) ORDER BY row, key"
        typed = ", ".join(f"{name}::{kind} AS {name}" for name, kind in COLUMNS.items())
        sql = f"SELECT {typed} FROM ({whole})"
        write_deltalake(DeltaTable(store.uri), con.sql(sql), mode="append", **committing(f"made-{number}", 1))
    return commits


def _slowest(store: Store, rounds: int) -> tuple[float, str]:
    """The median time of the slowest question, opening the table included, and which it is."""
    from harness.history.questions.changes import lost_by_model
    from harness.history.questions.coverage import coverage
    from harness.history.questions.device import last_verdicts
    from harness.history.questions.flaky import flaky, month_since

    since, month = month_since(90, NOW)
    questions: dict[str, Callable[[], object]] = {
        "device": lambda: last_verdicts(store.view(), "S-17", now=NOW),
        "model": lambda: lost_by_model(store.view(), "Model 17"),
        "flaky": lambda: flaky(store.view(since=month), since),
        "coverage": lambda: coverage(store.view()),
    }
    found = {name: statistics.median(_timed(ask) for _ in range(rounds)) for name, ask in questions.items()}
    if os.environ.get("BANDPROOF_BENCHMARK_ALL"):
        print({name: f"{value * 1000:.0f} ms" for name, value in found.items()})
    name = max(found, key=found.__getitem__)
    return found[name], name


def _append(store: Store, folder: Path, rounds: int) -> float:
    """The median append of the shipped sample run."""
    from harness.history.rows import encoded_rows
    from harness.reports.document.document import load_document

    file = folder / "rows.ndjson"
    file.write_bytes(encoded_rows(load_document(Path(__file__).parent.parent / "reports" / "sample")))
    numbers = iter(range(1000))
    return statistics.median(_timed(lambda: store.append(file, f"run-{next(numbers)}")) for _ in range(max(9, rounds)))


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began
