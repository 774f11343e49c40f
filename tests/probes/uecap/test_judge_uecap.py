"""Real capabilities as people send them, case by case, against what is known of each: the judge beside the captures.

Here it reads through `bandproof decode` in this process, not in one process a case.
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


@pytest.fixture(scope="module")
def judge(captures_dir: Path) -> ModuleType:
    script = captures_dir.parent / "tools" / "judge_uecap.py"
    if not script.is_file():
        pytest.skip("no judge beside the captures")
    spec = importlib.util.spec_from_file_location("judge_uecap", script)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    written, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = written
    return module


def decode(_: str, files: list[Path]) -> tuple[list[dict[str, Any]] | None, str | None]:
    """As the judge's own `answer`: observations or None, and what was wrong."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = cli.main(["decode", "uecap", *map(str, files)])
    if status not in (0, 4):
        return None, f"wrong: exit {status} {err.getvalue().strip()[-100:]}"
    return ([] if status == 4 else json.loads(out.getvalue())["observations"]), None


def test_every_case_is_right(judge: ModuleType, captures_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "answer", decode)
    folder = captures_dir / "uecap-2"
    cases = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))["captures"]
    found = {case["id"]: judge.case3("bandproof", case, folder) for case in cases}
    assert len(found) >= 32
    assert {name: verdict for name, verdict in found.items() if verdict != "right"} == {}
