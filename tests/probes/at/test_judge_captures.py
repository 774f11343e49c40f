"""Real answers of every family against what is known of the modems: nothing wrong, nothing invented.

The judge that lies beside the captures scores the facts; here it reads through `bandproof decode` in this process, not
in one process an answer.
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from harness import cli

UNKNOWN = {
    # The field of +GTCCINFO is 100: 100 MHz as its first reader has it, or 20 MHz in MediaTek's count of fifths. The
    # capture's own notes leave it open, and so do we.
    "fibocom-fm160-r2-1 bandwidth_khz: want 20000",
    # The judge knows no cell of GSM (its `rats` gives none for that word), so it finds none of these. The cells are
    # read: test_the_cells_that_the_judge_cannot_see_are_read.
    "simcom-sim7000-1 plmn: want '26203'",
    "telit-le910-1 arfcn: want 1001",
    "telit-le910-1 plmn: want '20404'",
}


@pytest.fixture(scope="module")
def judge(captures_dir: Path) -> ModuleType:
    script = captures_dir.parent / "tools" / "judge_captures.py"
    if not script.is_file():
        pytest.skip("no judge beside the captures")
    spec = importlib.util.spec_from_file_location("judge_captures", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


def decode(arguments: list[str], file: Path) -> tuple[list[dict[str, Any]] | None, str]:
    """As the judge's own `decode`: observations or None, and what was wrong."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(["decode", *arguments, str(file)])
    if status not in (0, 4):
        return None, f"exit {status}: {err.getvalue().strip()}"
    return ([] if status == 4 else json.loads(out.getvalue())["observations"]), ""


def test_every_fact_of_every_capture_is_right_or_named_here_as_unknown(
    judge: ModuleType, captures_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: str, arguments: list[str], text: str) -> tuple[list[dict[str, Any]] | None, str]:
        file = tmp_path / "answer.txt"
        file.write_text(text, encoding="utf-8", newline="")
        return decode(arguments, file)

    monkeypatch.setattr(judge, "decode", read)
    score = judge.Score()
    captures = sorted(path for folder in ("at", "at-3") for path in (captures_dir / folder).glob("*.yaml"))
    for capture in captures:
        data = yaml.load(capture.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        judge.judge_at_capture("bandproof", data, capture.stem, score)
    assert (score.wrong, score.invented) == (0, 0), "\n".join(score.lines)
    assert {line.removeprefix("unknown").strip() for line in score.lines} == UNKNOWN
    assert score.unknown == len(UNKNOWN)
    assert score.right >= 661


@pytest.mark.parametrize(
    ("name", "dialect", "request_", "arfcn", "plmn"),
    [
        ("simcom-sim7000-1", "simcom", "AT+CNMP?;+CFUN?;+CREG?;+CMNB?;+COPS?;+CPSI?", 754, "26203"),
        ("telit-le910-1", "telit", "AT#RFSTS", 1001, "20404"),
    ],
)
def test_the_cells_that_the_judge_cannot_see_are_read(
    captures_dir: Path, tmp_path: Path, name: str, dialect: str, request_: str, arfcn: int, plmn: str
) -> None:
    data = yaml.safe_load((captures_dir / "at" / f"{name}.yaml").read_text(encoding="utf-8"))
    lines = next(item["response"] for item in data["transcript"] if item["request"] == request_)
    file = tmp_path / "answer.txt"
    file.write_text("\r\n".join([*lines, ""]), encoding="utf-8", newline="")
    found, why = decode(["at", "--dialect", dialect, "--model", data["model"], "--command", request_], file)
    assert found is not None, why
    cells = [(o["rat"], o["arfcn"], o["plmn"]) for o in found if o["kind"] == "serving_cell"]
    assert ("gsm", arfcn, plmn) in cells
