"""Cases that ask the person at the bench: the fixture `operator`, INCONC where nobody answers, testimony in the report."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from harness.plain_text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

TOLD_FILE = "told.ndjson"
"""Beside the evidence while the run lasts: what persons said, one line each, also from workers."""


class Operator:
    """The person at the bench, as a case meets them."""

    def __init__(self, directory: Path, device: str) -> None:
        """`directory` is the run's."""
        self._directory = directory
        self._device = device

    def ask(self, text: str, *, within_s: float, choices: Sequence[str] = ("yes", "no"), device: str = "") -> str:
        """Ask, and answer what was chosen; the testimony goes into the report. Raises Unanswered: the case is INCONC."""
        from harness.operator import ask

        about = device or self._device
        told = ask(text, within_s=within_s, choices=choices, device=about, run=self._directory.name)
        line = json.dumps({"about": about, "text": told.sentence}) + "\n"
        file = os.open(self._directory / TOLD_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode("utf-8", "replace"))
        finally:
            os.close(file)
        return told.choice


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Iterator[None]:
    """Nobody answered: inconclusive, with no traceback."""
    outcome: Any = yield
    if call.excinfo is not None and _is_unanswered(call.excinfo.value):
        report = outcome.get_result()
        report.bandproof_unanswered = True
        report.longrepr = f"INCONC  {item.name}: {one_line(str(call.excinfo.value))}"


def _is_unanswered(error: BaseException) -> bool:
    from harness.operator import Unanswered

    return isinstance(error, Unanswered)


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, object] | None:
    """INCONC is an outcome of its own."""
    if getattr(report, "bandproof_unanswered", False) and report.failed:
        return "inconclusive", "I", ("INCONC", {"yellow": True})
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What nobody answered; pytest itself shows only what failed."""
    for report in terminalreporter.stats.get("inconclusive", []):
        if getattr(report, "bandproof_unanswered", False):
            terminalreporter.write_line(str(report.longrepr), yellow=True)


def testimonies(directory: Path) -> list[tuple[str, str]]:
    """What persons said in a run, as (device, sentence); the file is gone then, its lines are the report's."""
    file = directory / TOLD_FILE
    found = []
    with suppress(FileNotFoundError):
        for line in file.read_text(encoding="utf-8").splitlines():
            told = json.loads(line)
            found.append((str(told["about"]), str(told["text"])))
        file.unlink()
    return found
