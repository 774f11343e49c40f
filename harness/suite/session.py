"""A pytest session with devices: reads them first, lets the cases judge, writes the report at the end."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness import __version__
from harness.errors import BandproofError
from harness.observations import Grade
from harness.suite.progress import Progress
from harness.suite.run import Case, Run, plan_run, read_devices
from harness.survey.model import Survey
from harness.survey.reading import read_device
from harness.verdicts.model import Outcome

if TYPE_CHECKING:
    from datetime import date

    from harness.verdicts.model import Verdict


class Inconclusive(Exception):
    """The outcome INCONC."""


class NotMet(Exception):
    """The outcome FAIL."""


class Session:
    """Everything of one run. Registered with pytest while devices are named."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.run = Run(
            policy=config.getoption("policy"),
            require_grade=Grade[config.getoption("require_grade").upper()],
            as_of=_day(config.getoption("as_of")),
        )
        self.started = datetime.now(UTC)
        self.id = secrets.token_hex(2)
        self.directory = Path()
        self.verdicts: list[dict[str, Any]] = []
        self.is_worker = hasattr(config, "workerinput")

    def pytest_sessionstart(self) -> None:
        """Read all devices before anything is collected; under xdist the workers replay what the first process read."""
        addresses: list[str] = list(self.config.getoption("device"))
        try:
            if self.is_worker:
                given: dict[str, Any] = self.config.workerinput  # type: ignore[attr-defined]
                self.directory = Path(given["bandproof_directory"])
                self.run.surveys = _replayed(self.directory, given["bandproof_evidence"])
            else:
                self.directory = self._make_directory()
                self.run.surveys = self._read(addresses)
            plan_run(self.run, self.config.getoption("carrier"))
        except BandproofError as error:
            raise pytest.UsageError(str(error)) from error

    def _read(self, addresses: list[str]) -> dict[str, Survey]:
        """Read the devices, one line each on the terminal as it ends."""
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or self.config.get_verbosity() < -1:
            return read_devices(addresses, evidence=self.directory / "evidence")
        terminal.write_line(f"bandproof {__version__} · evidence {self.directory}")
        progress = Progress(terminal.write_line)
        return read_devices(addresses, evidence=self.directory / "evidence", told=progress.told)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where the evidence is."""
        node.workerinput["bandproof_directory"] = str(self.directory)
        node.workerinput["bandproof_evidence"] = {
            name: [survey.address, survey.trouble, survey.kind] for name, survey in self.run.surveys.items()
        }

    def _make_directory(self) -> Path:
        named = self.config.getoption("report_dir")
        directory = Path(named or Path("reports") / f"{self.started:%Y-%m-%dT%H-%M-%SZ}-{self.id}")
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise pytest.UsageError(f"--report-dir {directory} is not empty\n  name a new or an empty folder")
        directory.mkdir(parents=True, exist_ok=True)
        return directory

    def decide(self, case: Case, item: pytest.Item) -> None:
        """Judge a case and turn the verdict into pytest's outcome."""
        __tracebackhide__ = True
        verdict = self.run.verdict(case)
        item.user_properties.append(("verdict", verdict.outcome.name))
        item.user_properties.append(("reason", verdict.reason))
        item.stash[_VERDICT] = verdict
        if verdict.outcome is Outcome.FAIL:
            raise NotMet(verdict.reason)
        if verdict.outcome is Outcome.INCONC:
            raise Inconclusive(verdict.reason)
        if verdict.outcome is Outcome.NA:
            pytest.skip(verdict.reason)
        if verdict.outcome is Outcome.WAIVED:
            pytest.xfail(verdict.reason)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A device that could not be read makes its cases errors, not failures."""
        case = _case_of(item)
        if case is None:
            return
        verdict = self.run.verdict(case)
        if verdict.outcome is Outcome.ERROR:
            item.stash[_VERDICT] = verdict
            raise DeviceError(verdict.reason)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Carry the verdict with pytest's report, also from a worker; show the reason and no traceback."""
        outcome = yield
        report = outcome.get_result()
        verdict: Verdict | None = item.stash.get(_VERDICT, None)
        if verdict is None or report.when not in {"call", "setup"} or (report.when == "setup" and report.passed):
            return
        report.bandproof = verdict.as_json()
        if report.failed:
            report.longrepr = f"{verdict.outcome.name}  {verdict.requirement}: {verdict.reason}"

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect verdicts in the first process."""
        found: dict[str, Any] | None = getattr(report, "bandproof", None)
        if found is not None and not self.is_worker:
            self.verdicts.append(found)

    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        if self.is_worker or not self.run.surveys:
            return
        from harness.reports.json_report import write_json

        write_json(
            self.directory / "report.json",
            run={
                "id": self.id,
                "started": self.started.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "policy": self.run.policy,
                "require_grade": self.run.require_grade.word,
                "as_of": self.run.as_of.isoformat() if self.run.as_of else None,
            },
            surveys=tuple(self.run.surveys.values()),
            declared=self.run.declared,
            verdicts=self.verdicts,
        )

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """One line a device and carrier, with the reasons."""
        if self.verdicts:
            from harness.reports.terminal import lines

            terminalreporter.section("RF band fit (not a carrier acceptance)")
            for line in lines(self.verdicts, terminalreporter._tw.fullwidth):
                terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """The last line names the report."""
        report = self.directory / "report.json"
        if not self.is_worker and report.is_file():
            print(f"report {report}")  # noqa: T201


class DeviceError(Exception):
    """The outcome ERROR."""


_VERDICT = pytest.StashKey["Verdict"]()


def _case_of(item: pytest.Item) -> Case | None:
    call = getattr(item, "callspec", None)
    case = call.params.get("case") if call else None
    return case if isinstance(case, Case) else None


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    from harness.carriers.dates import last_day

    try:
        return last_day(text)
    except ValueError as error:
        raise pytest.UsageError(f"--as-of {text!r} is no date\n  write YYYY-MM-DD, YYYY-MM or YYYY") from error


def _replayed(directory: Path, told: dict[str, list[Any]]) -> dict[str, Survey]:
    """The surveys that the first process read, from the evidence that it wrote."""
    surveys = {}
    for name, (address, trouble, kind) in told.items():
        folder = directory / "evidence" / name
        read = read_device(str(folder), device=name) if kind else Survey(name, address, None)
        surveys[name] = replace(read, address=address, trouble=trouble)
    return surveys
