"""What SQL answers, held against the same told naively over made-up rows: nothing known, same moments, every verdict."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from datetime import datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pytest

from harness.history.questions.changes import lost_by_model
from harness.history.questions.device import last_verdicts
from harness.history.questions.flaky import flaky
from harness.history.store import _reading, connect

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
NOW = datetime(2026, 12, 1)
SINCE = datetime(2026, 11, 2)
SEEDS = range(12)
WORDS = ("PASS", "PASS", "FAIL", "FAIL", "PASS_NOTE", "INCONC", "ERROR", "NA", "WAIVED")
DECIDED = {"PASS": True, "PASS_NOTE": True, "FAIL": False}


def _made(seed: int) -> list[Row]:
    """Runs of few pieces, builds, moments and texts, so that all meet; a third of what may be unknown is."""
    chance = random.Random(seed)

    def one_of(*values: Any) -> Any:
        return chance.choice(values)

    rows: list[Row] = []
    for number in range(60):
        run = {
            "run": f"run-{number:03}",
            "month": "2026-11",
            "started": f"2026-11-{chance.randint(1, 8):02} 10:00:00.000",
            "policy": one_of("strict", "strict", "service"),
            "require_grade": one_of("measured", "measured", "declared"),
        }
        about = run | {
            "key": one_of("S-1", "S-2"),
            "device": one_of("dut-1", "it's"),
            "sample": one_of(None, "S-2"),
            "manufacturer": one_of("Maker", None),
            "model": one_of("X", "X", None),
            "hardware": one_of("rev A", "rev A", None),
            "region": None,
            "firmware": one_of("A", "B", "C", None),
            "sim": one_of("0:310410", "0:310410", None),
        }
        rows.append(about | {"row": "device"})
        for layer in ("hardware", "enabled", "attached"):
            if chance.random() < 0.6:
                bands = one_of([2], [2, 12], [2, 12], None)
                rows.append(
                    about | {"row": "band", "layer": layer, "rat": "lte", "bands": bands, "unlimited": not bands}
                )
        for carrier in ("us/att", "us/verizon"):
            judged = {"carrier": carrier, "edition": one_of("2024", "2025"), "profile": one_of("a", "a", None)}
            for name in ("R-1", "R-2"):
                word = one_of(*WORDS)
                rows.append(
                    about
                    | judged
                    | {"row": "verdict", "requirement": name, "verdict": word, "reason": f"{word} {number}"}
                )
    chance.shuffle(rows)
    return rows


def _asked(folder: Path, rows: list[Row]) -> DuckDBPyConnection:
    file = folder / "rows.ndjson"
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    con = connect()
    con.execute(f"CREATE TABLE history AS {_reading(file)}")
    return con


def _moment(row: Row) -> datetime:
    return datetime.fromisoformat(row["started"])


@pytest.mark.parametrize("seed", SEEDS)
def test_flaky_is_what_turns_on_the_same(tmp_path: Path, seed: int) -> None:
    rows = _made(seed)
    same = ("key", "firmware", "sim", "require_grade", "policy", "carrier", "edition", "profile", "requirement")
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one["started"], one["run"])):
        is_known = row["firmware"] and row.get("profile")
        if row["row"] == "verdict" and row["verdict"] in DECIDED and is_known and _moment(row) >= SINCE:
            groups[tuple(row[name] for name in same)].append(row)
    wanted = []
    for group in groups.values():
        good = [DECIDED[row["verdict"]] for row in group]
        if len(set(good)) == 2:
            last = group[-1]
            flips = sum(one != other for one, other in zip(good, good[1:], strict=False))
            failed = [row for row in group if row["verdict"] == "FAIL"]
            of = f"{last['carrier']}@{last['edition']}"
            wanted.append(
                (
                    *(last["device"], last["key"], last["firmware"], of, last["policy"], last["requirement"], flips),
                    *(len(group), len(failed), _moment(last), "PASS" if good[-1] else "FAIL", failed[-1]["reason"]),
                )
            )
    found = flaky(_asked(tmp_path, rows), SINCE).rows
    assert sorted(found, key=repr) == sorted(wanted, key=repr)
    assert [row[6] for row in found] == sorted((row[6] for row in found), reverse=True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("named", ["S-2", "it's"])
def test_the_last_verdict_is_the_last(tmp_path: Path, seed: int, named: str) -> None:
    rows = _made(seed)
    mine = [row for row in rows if row["row"] == "verdict" and named in (row["key"], row["device"], row["sample"])]
    groups: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    newest: dict[tuple[Any, ...], str] = defaultdict(str)
    for row in sorted(mine, key=lambda one: (one["started"], one["run"])):
        of = row["key"], row["policy"], row["carrier"]
        newest[of] = max(newest[of], row["edition"])
        groups[*of, row["edition"], row["requirement"]].append(row)
    wanted = []
    for (*of, edition, _), group in groups.items():
        if newest[tuple(of)] == edition:
            last = group[-1]
            alike = list(takewhile(lambda row, last=last: row["verdict"] == last["verdict"], reversed(group)))
            wanted.append((last["run"], last["requirement"], last["verdict"], last["firmware"], alike[-1]["started"]))
    told = last_verdicts(_asked(tmp_path, rows), named, now=NOW).dicts()
    found = [
        (*(row[name] for name in ("run", "requirement", "verdict", "firmware")), row["since"][:23].replace("T", " "))
        for row in told
    ]
    assert sorted(found, key=repr) == sorted(wanted, key=repr)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_loss_is_what_no_read_of_a_build_has_and_every_read_before_it_had(tmp_path: Path, seed: int) -> None:
    rows = [row for row in _made(seed) if row["model"]]
    variant = ("manufacturer", "model", "hardware")
    first: dict[Any, str] = {}
    told: dict[Any, dict[str, set[bool | None]]] = defaultdict(lambda: defaultdict(set))
    for row in sorted(rows, key=lambda one: one["started"]):
        who = tuple(row[name] for name in variant)
        first.setdefault((who, row["firmware"]), row["started"])
        if row["firmware"] is None:
            continue
        if row["row"] == "band" and row["layer"] != "attached":
            sim = row["sim"] if row["layer"] == "enabled" else None
            there = None if row["bands"] is None else 12 in row["bands"]
            told[who, "LTE B12", row["layer"], sim][row["firmware"]].add(there)
        if row["row"] == "verdict" and row["verdict"] in DECIDED and row["profile"]:
            of = f"{row['carrier']}@{row['edition']} {row['policy']}"
            asked = row["requirement"], of, row["sim"], row["require_grade"]
            told[who, *asked][row["firmware"]].add(DECIDED[row["verdict"]])
    wanted = []
    for (who, what, of, *_), builds in told.items():
        clear = {name: had.copy().pop() for name, had in builds.items() if len(had) == 1 and None not in had}
        for name, there in clear.items():
            moment = first[who, name]
            before = [one for one in clear if first[who, one] < moment]
            last = [one for one in before if first[who, one] == max(first[who, other] for other in before)]
            if not there and last and all(clear[one] for one in last):
                after = [one for one, had in builds.items() if had in ({True}, {None}) and first[who, one] > moment]
                back = min(after, key=lambda one: (first[who, one], one), default=None)
                wanted.append((" ".join(filter(None, who)), what, of, max(last), name, moment[:10], back))
    answer = lost_by_model(_asked(tmp_path, rows), None)
    found = [(*row[1:6], f"{row[6]:%Y-%m-%d}", row[7]) for row in answer.rows]
    assert sorted(found, key=repr) == sorted(wanted, key=repr)
    assert all((row[8] or "").startswith("FAIL") == row[2].startswith("R-") for row in answer.rows)
