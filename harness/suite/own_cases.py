"""A laboratory's own cases beside the certification: what came of each, for the report, run.json and JUnit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from harness.plain_text import one_line
from harness.recording.scrubbing.scrub import scrub
from harness.reports.document.entries import OwnCaseEntry
from harness.suite.judging import TARGET_PROPERTIES

if TYPE_CHECKING:
    from harness.suite.session import Session

TARGET = "_bandproof_target"
"""The fixture through which every case of a device goes."""
_LONGEST = 400


class OwnCases:
    """Registered beside the session: keeps the outcome of each case that asks for a device and is no requirement."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, OwnCaseEntry] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Say in JUnit which device a case is of."""
        told = _target(item)
        if told is not None:
            item.user_properties += [
                (name, value) for name, value in zip(TARGET_PROPERTIES, told, strict=True) if value
            ]

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Carry device, carrier and words with pytest's report, also from a worker."""
        outcome = yield
        told = _target(item)
        if told is not None:
            doc = getattr(getattr(item, "function", None), "__doc__", None) or ""
            text = doc.strip().partition("\n")[0] or _in_words(getattr(item, "originalname", item.name))
            outcome.get_result().bandproof_own = (*told, text)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect outcomes in the first process: the call's, and what broke before or after it."""
        told = getattr(report, "bandproof_own", None)
        if told is None or self._session.is_worker:
            return
        if report.when != "call" and report.passed:
            return
        device, carrier, text = told
        failed = "failed" if report.when == "call" else "error"
        outcome = "skipped" if report.skipped else "passed" if report.passed else failed
        self._found[report.nodeid] = OwnCaseEntry(
            device=device,
            carrier=carrier or None,
            case=scrub(report.nodeid)[0],
            text=scrub(one_line(text, _LONGEST))[0],
            outcome=outcome,  # type: ignore[arg-type]
            reason=scrub(one_line(_reason(report), _LONGEST))[0],
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Before the report is written."""
        if self._session.folder is not None:
            self._session.folder.own_cases(tuple(self._found.values()))


def _target(item: pytest.Item) -> tuple[str, str] | None:
    call = getattr(item, "callspec", None)
    told = call.params.get(TARGET) if call else None
    return told if isinstance(told, tuple) else None


def _in_words(name: str) -> str:
    return name.removeprefix("test_").replace("_", " ")


def _reason(report: pytest.TestReport) -> str:
    """Why a case was skipped or failed, in its own words."""
    if report.passed:
        return ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    crash = getattr(report.longrepr, "reprcrash", None)
    return str(crash.message if crash is not None else report.longrepr or "")
