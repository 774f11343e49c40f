"""Published claims and what the facts say of each: the table, and a run's report (`seed_claims.yaml`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import test_seed_claims_band_17
import test_seed_claims_mi_mix
import test_seed_claims_others
from seed_claims import CLAIMS, NUMBERS, at, by_sheet

from harness.observations import Grade

# --- the table ---


def shown_by() -> dict[str, Any]:
    """The tests of all modules about claims, by name."""
    modules = (test_seed_claims_mi_mix, test_seed_claims_band_17, test_seed_claims_others)
    return {name: value for module in modules for name, value in vars(module).items()} | globals()


def test_every_claim_is_here_and_shown_by_something() -> None:
    assert [claim["id"] for claim in CLAIMS] == [f"C{number:03}" for number in NUMBERS]
    for claim in CLAIMS:
        assert claim.get("verdicts") or claim.get("tests"), claim["id"]
        assert all(callable(shown_by().get(name)) for name in claim.get("tests", ())), claim["id"]


ROWS = [
    pytest.param(row, policy, id=f"{claim['id']}-{row['device'].partition('/')[2]}-{row['at']}-{policy}")
    for claim in CLAIMS
    for row in claim.get("verdicts", ())
    for policy in ("strict", "service")
]


@pytest.mark.parametrize(("row", "policy"), ROWS)
def test_verdicts_of_the_claims(row: dict[str, Any], policy: str) -> None:
    found = by_sheet(row["device"], row["at"], policy)
    assert found.band_fit.name == row[policy], found.as_json()
    missing = set(row.get("missing", ()))
    extended = set(row.get("missing_extended", ())) if policy == "service" else set()
    if "missing" in row:
        assert set(found.numbers("missing")) == missing - extended
        assert set(found.numbers("missing_extended")) == extended
    if "have" in row:
        listed_here = {answer.rule.band for answer in found.bands}
        assert set(found.numbers("have")) == set(row["have"]) & listed_here == set(row["have"])
    if "says" in row:
        told = [found.best_rat, *found.as_json()["sentences"]]
        assert any(row["says"] in text for text in told), told


def test_nothing_declared_is_ever_measured() -> None:
    for claim in CLAIMS:
        for row in claim.get("verdicts", ()):
            grades = {answer.verdict.grade for answer in by_sheet(row["device"], row["at"]).bands}
            assert grades <= {Grade.DECLARED, None}


# --- a run and its report ---


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--device=fixture:xiaomi-mi-mix-2-global",
        *arguments,
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("run")
    result = run(folder, "--carrier=us/att@2017-03", "--report-dir=out")
    assert result.returncode == 0, result.stdout
    return json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))


def test_c025_a_report_carries_what_a_submission_needs(report: dict[str, Any]) -> None:
    assert "not an accredited report" in report["statement"]
    [device] = report["devices"]
    assert device["identity"].keys() >= {"manufacturer", "model", "codename", "hardware", "build", "baseband"}
    assert device["sims"]
    assert device["provenance"] == "composed"
    assert device["declared_by"] == "xiaomi/mi-mix-2#global"
    assert set(device["declared_bands"]) == {"gsm", "umts", "lte"}
    [edition] = report["editions"]
    assert edition["sources"]
    assert edition["edition"] == "2017-03"
    for verdict in report["verdicts"]:
        assert verdict["verdict"]
        assert verdict["reason"]
        assert verdict.keys() >= {"requirement", "grade", "evidence"}
    assert report["run"].keys() >= {"id", "started", "finished", "tool", "command", "policy"}
    assert report["files"]
    assert all(len(file["sha256"]) == 64 for file in report["files"])


def test_a_report_keeps_band_fit_apart_from_what_a_carrier_does(report: dict[str, Any]) -> None:
    """C007, C030, C031, C041: nothing in a report says that a carrier accepts, sells or carries a device."""
    assert report["statement"].startswith("RF band fit only; not a carrier acceptance")
    assert report["answer"].startswith("RF band fit:")

    def keys(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | set().union(*map(keys, value.values()))
        return set().union(*map(keys, value)) if isinstance(value, list) else set()

    words = ("accept", "certified", "approved", "sold", "offered", "carried")
    assert not [key for key in keys(report) if any(word in key.casefold() for word in words)]
    assert at("us/att@2017-03").edition.not_assessed[0].startswith("the carrier's list of accepted models")


def test_c026_what_fails_or_stays_open_stops_the_gate(tmp_path: Path) -> None:
    assert run(tmp_path, "--carrier=us/att@2024").returncode == 1
    assert run(tmp_path, "--carrier=us/att@2017-03", "--require-grade=measured").returncode == 1
