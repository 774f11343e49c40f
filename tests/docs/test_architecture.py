"""The page that a newcomer opens first: its lines run, and what it names is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.reports.html.report import render_html
from harness.reports.run.folder import AskedRun
from harness.reports.run.render import document_of
from harness.survey.targets import plan_targets
from harness.survey.together import read_devices
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.result import results_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_path_of_the_page_runs(tmp_path: Path) -> None:
    (block,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(ast.parse(block).body) == 8
    (tmp_path / "evidence").mkdir()
    names = {
        "plan_targets": plan_targets,
        "read_devices": read_devices,
        "Run": Run,
        "plan_run": plan_run,
        "Profiles": Profiles,
        "Sheets": Sheets,
        "results_of": results_of,
        "AskedRun": AskedRun,
        "document_of": document_of,
        "render_html": render_html,
        "folder": tmp_path,
    }
    exec(block, names)
    (result,) = names["results"]  # type: ignore[misc]
    assert result.outcome.name == "PASS"
    assert "AT&amp;T" in names["page"]  # type: ignore[operator]


def test_every_room_that_the_page_names_is_there() -> None:
    for path in set(re.findall(r"`((?:harness|profiles)/[\w./-]*)`", PAGE)):
        assert (ROOT / path).exists(), path


def test_every_room_stands_in_the_table_of_floors() -> None:
    rooms = {one.name for one in (ROOT / "harness").iterdir() if (one / "__init__.py").exists()}
    missing = {room for room in rooms if f"`harness/{room}/`" not in PAGE}
    assert not missing
