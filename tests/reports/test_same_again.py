"""The same evidence and profiles give the same verdicts and the same page, in any process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

DEVICES = ("--device=fixture:xiaomi-mi-mix-2-global", "--device=fixture:quectel-rm520n-gl")
TIMES = (
    re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| UTC)?"),
    re.compile(r"\b\d+(?:\.\d+)? m?s\b"),
)


def run(*command: str, cwd: Path, seed: int) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "TZ": ("UTC", "Asia/Tokyo")[seed % 2]}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=cwd, env=environment, capture_output=True, timeout=120, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    work = tmp_path_factory.mktemp("same")
    for seed in (1, 2):
        options = (*DEVICES, "--carrier=us", "--as-of=2024-06-30", f"--report-dir=out-{seed}")
        run("pytest", "-q", "-p", "no:cacheprovider", *options, cwd=work, seed=seed)
    return [work / "out-1", work / "out-2"]


def plain(out: Path) -> str:
    """The page without what is the run's own: its id, its folder, its times and the hashes of what holds them."""
    asked = json.loads((out / "run.json").read_text(encoding="utf-8"))
    page = (out / "report.html").read_text(encoding="utf-8")
    page = re.sub(rf"\b{asked['id']}\b", "ID", page).replace(out.name, "OUT")
    for times in TIMES:
        page = times.sub("TIME", page)
    page = re.sub(r"\b[0-9a-f]{64}\b", "HASH", page)
    page = re.sub(r"sha256-[A-Za-z0-9+/=]{44}", "STYLE", page)
    # The timeline is drawn from the times.
    return re.sub(r'<svg[^>]*class="[^"]*time.*?</svg>', "TIMELINE", page, flags=re.DOTALL)


def test_two_runs_of_the_same_evidence_agree(runs: list[Path]) -> None:
    documents = [json.loads((out / "report.json").read_text(encoding="utf-8")) for out in runs]
    first, second = ((out / "report.json").read_text(encoding="utf-8") for out in runs)
    cut = [text[text.index('"verdicts": [') : text.index('"summary": {')] for text in (first, second)]
    assert cut[0] == cut[1]
    assert len(documents[0]["verdicts"]) > 100
    assert documents[0]["editions"] == documents[1]["editions"]
    assert documents[0]["results"] == documents[1]["results"]
    assert documents[0]["run"]["id"] != documents[1]["run"]["id"]


def test_two_runs_give_the_same_page_but_for_their_times(runs: list[Path]) -> None:
    first, second = (plain(out).splitlines() for out in runs)
    differ = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    assert not differ, differ[:5]


def test_a_page_drawn_again_elsewhere_is_the_same_byte_for_byte(runs: list[Path], tmp_path: Path) -> None:
    written = []
    for seed in (3, 4, 5):
        out = tmp_path / f"again-{seed}"
        run("harness.cli", "report", str(runs[0]), "--format=html", "-o", str(out), cwd=tmp_path, seed=seed)
        written.append((out / "report.html").read_bytes())
    assert written[0] == written[1] == written[2]
    assert written[0] == (runs[0] / "report.html").read_bytes()
