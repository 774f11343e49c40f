"""A pytest session with devices: reads them first, lets the cases judge, writes the report at the end."""

from __future__ import annotations

import gc
import secrets
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness import __version__
from harness.binding.links import FILES, hold_links
from harness.carriers.store import Profiles
from harness.errors import BandproofError, UsageError
from harness.observations import Grade
from harness.plain_text import one_line
from harness.reports.run.folder import run_key
from harness.state.folder import has_journals
from harness.suite.declared import DeclaredFiles, declared_files
from harness.suite.progress import Progress
from harness.suite.writing import RunFolder
from harness.survey.bench import load_bench
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import plan_targets
from harness.survey.together import RUN_DEADLINE_S, read_devices
from harness.verdicts.case import Case
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.verdict import Outcome, verdict_of
from harness.verdicts.waivers import load_waivers, require_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from harness.reports.document.document import Document
    from harness.requirements.papers import Papers
    from harness.survey.bench import Bench
    from harness.survey.targets import Target
    from harness.verdicts.verdict import Verdict


class Inconclusive(Exception):
    """The outcome INCONC."""


class NotMet(Exception):
    """The outcome FAIL."""


class Session:
    """Everything of one run. Registered with pytest while devices are named."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.started = datetime.now(UTC)
        self.run = Run(
            policy=config.getoption("policy"),
            require_grade=Grade[config.getoption("require_grade").upper()],
            as_of=_day(config.getoption("as_of")),
            day=self.started.date(),
            max_evidence_age=config.getoption("max_evidence_age"),
        )
        self.id = secrets.token_hex(4)
        self.directory = Path()
        self.bench: Bench | None = None
        self.folder: RunFolder | None = None
        self.report: Path | None = None
        self.selected: list[str] = []
        self._document: Document | None = None
        self._found: dict[tuple[str, str, str, str], Verdict] = {}
        self.is_worker = hasattr(config, "workerinput")

    def pytest_sessionstart(self) -> None:
        """Read all devices before anything is collected; under xdist the workers replay what the first process read."""
        option = self.config.getoption
        carriers: list[str] = option("carrier")
        try:
            found = load_bench(option("bench")) if _wants_bench(option("bench"), option("device")) else None
            self.bench = found[0] if found else None
            cells = option("scrub_cells")
            targets = tuple(
                replace(one, scrub_cells=cells, shared=_is_shared(self.bench))
                for one in plan_targets(option("device"), found)
            )
            profiles = Profiles()
            if option("waivers"):
                self.run.waivers = load_waivers(Path(option("waivers")), self.started.date())
            if carriers:
                profiles.select(carriers, self.run.as_of)  # A wrong name is told before anything is asked.
            if self.is_worker:
                given: dict[str, Any] = self.config.workerinput  # type: ignore[attr-defined]
                self.directory = Path(given["bandproof_directory"])
                self.run.day = date.fromisoformat(given["bandproof_day"])
                self.run.surveys = _replayed(self.directory, given["bandproof_evidence"])
                self.run.papers = _papers_again(self.directory, self.run.surveys, targets)
            else:
                targets = _with_evidence(targets, self.config)
                papers = _papers(targets, self.config)
                self.directory = self._make_directory()
                record = _new_folder(option("record"), "--record") if option("record") else None
                self.folder = RunFolder(self.directory, self.run, self.id, self.started)
                self.folder.asked_for(carriers, _words(self.config), option("note"))
                self.folder.begin(targets, self.bench)
                _put_back(self._told)
                self.run.surveys = self._read(targets)
                self._tell_links()
                self.folder.declared(targets, papers)
                if record is not None:
                    shutil.copytree(self.directory / "evidence", record, dirs_exist_ok=True)
            own = {name: one.carriers for name, one in zip(self.run.surveys, targets, strict=True)}
            plan_run(self.run, carriers, profiles, own)
            if option("waivers"):
                require_matches(self.run.waivers, self.run.cases, option("waivers"))
            if self.folder is not None:
                self.folder.chosen(targets, profiles, Path(option("waivers")) if option("waivers") else None)
                self._warn(self.folder.warnings)
            # What was imported and read stays to the end: pytest's collections of garbage need not walk it each time.
            gc.freeze()
        except BandproofError as error:
            raise pytest.UsageError(str(error)) from error
        except OSError as error:
            kept = f"what was written before is kept in {self.directory}"
            pytest.exit(f"the run's folder cannot be written: {error}; {kept}", pytest.ExitCode.INTERNAL_ERROR)
        except KeyboardInterrupt:
            kept = f"the evidence so far is kept in {self.directory / 'evidence'}"
            pytest.exit(f"stopped while the devices were read; {kept}", pytest.ExitCode.INTERRUPTED)

    def _told(self, line: str) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None:
            terminal.write_line(line)

    def _tell_links(self) -> None:
        """What the links of each device are bound by; a pair that is not bound is a warning."""
        for name, survey in self.run.surveys.items():
            held = hold_links(survey)
            for bond in held.bonds:
                if bond.standing == "bound":
                    self._told(f"  {one_line(name)}: {one_line(str(bond))}")
            self._warn([f"{name}: {text}" for text in held.remarks])
            if held.files:
                self._warn([f"{name}: {held.loose([FILES])}"])

    def _read(self, targets: Sequence[Target]) -> dict[str, Survey]:
        """Read the devices, one line each on the terminal as it ends."""
        evidence = self.directory / "evidence"
        deadline_s = self.bench.deadlines.run_s if self.bench else RUN_DEADLINE_S
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or self.config.get_verbosity() < -1:
            return read_devices(targets, evidence=evidence, deadline_s=deadline_s)
        lab = f" · {self.bench.lab.name}" if self.bench and self.bench.lab else ""
        day = f" · as of {self.run.as_of}" if self.run.as_of else ""
        terminal.write_line(f"bandproof {__version__}{lab}{day} · evidence {evidence}")
        names = [one.device for one in targets]
        with Progress(terminal.write_line, names, terminal._tw._file, terminal._tw.fullwidth) as progress:
            return read_devices(
                targets, evidence=evidence, told=progress.told, asking=progress.asking, deadline_s=deadline_s
            )

    def _warn(self, warnings: Sequence[str]) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            return
        for words in warnings:
            terminal.write_line(f"warning: {one_line(words)}", yellow=True)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note which cases are left after -k and its like."""
        self.selected = [case.id for item in items if (case := _case_of(item)) is not None]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """The same under xdist, where only workers collect; all of them collect the same."""
        known = {case.id for case in self.run.cases}
        self.selected = [id_ for one in ids if (id_ := one.partition("[")[2].removesuffix("]")) in known]

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker where the evidence is."""
        node.workerinput["bandproof_directory"] = str(self.directory)
        node.workerinput["bandproof_day"] = self.started.date().isoformat()
        node.workerinput["bandproof_evidence"] = {
            # Where facts were dropped (another device in its place) a worker must not read them from the evidence.
            name: [survey.address, survey.trouble, None if survey.trouble and not survey.observations else survey.kind]
            for name, survey in self.run.surveys.items()
        }

    def _make_directory(self) -> Path:
        named = self.config.getoption("report_dir")
        return _new_folder(named or str(Path("reports") / run_key(self.started.isoformat(), self.id)), "--report-dir")

    def decide(self, case: Case, item: pytest.Item) -> None:
        """Judge a case and turn the verdict into pytest's outcome."""
        __tracebackhide__ = True
        verdict = item.stash[_JUDGED]
        item.user_properties.append(("verdict", verdict.outcome.name))
        item.user_properties.append(("reason", one_line(verdict.reason)))
        survey = self.run.surveys[case.device]
        if sample := survey.sample or survey.key:
            item.user_properties.append(("sample", one_line(sample)))
        item.stash[_VERDICT] = verdict
        if verdict.outcome is Outcome.FAIL:
            raise NotMet(one_line(verdict.reason))
        if verdict.outcome is Outcome.INCONC:
            raise Inconclusive(one_line(verdict.reason))
        if verdict.outcome is Outcome.NA:
            pytest.skip(one_line(verdict.reason))
        if verdict.outcome is Outcome.WAIVED:
            pytest.xfail(one_line(verdict.reason))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A device that could not be read makes its cases errors, not failures."""
        case = _case_of(item)
        if case is None:
            return
        verdict = item.stash[_JUDGED] = self.run.verdict(case)
        if verdict.outcome is Outcome.ERROR:
            item.stash[_VERDICT] = verdict
            raise DeviceError(one_line(verdict.reason))

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
            report.longrepr = f"{verdict.outcome.name}  {verdict.requirement}: {one_line(verdict.reason)}"

    @property
    def verdicts(self) -> list[Verdict]:
        """One a case, in the order in which they came."""
        return list(self._found.values())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect verdicts in the first process."""
        found: dict[str, Any] | None = getattr(report, "bandproof", None)
        if found is None or self.is_worker:
            return
        verdict = verdict_of(found)
        known = self._found.get(verdict.case)
        self._found[verdict.case] = verdict if known is None else known.again(verdict)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Write the report."""
        if self.folder is None or not self.run.surveys:
            return
        try:
            if self.config.getoption("ics"):
                self.folder.fill_ics()
            self._document, self.report = self.folder.end(self.verdicts, self.selected, ("html",))
        except OSError as error:
            pytest.exit(f"the report cannot be written: {error}", pytest.ExitCode.INTERNAL_ERROR)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """One line a device and carrier, with the reasons, out of the report that was just written."""
        if self._found and self._document is not None:
            from harness.reports.terminal import marked_lines

            terminalreporter.section("RF band fit (not a carrier acceptance)")
            for text, markup in marked_lines(self._document, terminalreporter._tw.fullwidth, int(exitstatus)):
                terminalreporter.write_line(text, **markup)

    def pytest_unconfigure(self) -> None:
        """The last line names the report."""
        if self.report is not None:
            print(f"report {self.report}")  # noqa: T201


class DeviceError(Exception):
    """The outcome ERROR."""


_JUDGED = pytest.StashKey["Verdict"]()
"""What the setup judged."""
_VERDICT = pytest.StashKey["Verdict"]()
"""What the case came to; none where its setup failed for another reason."""


def _words(config: pytest.Config) -> list[str]:
    """The command line; `--device X` and its like in one word, so that what is personal in it can be hidden."""
    words = [str(word) for word in config.invocation_params.args]
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] in {"--device", "--evidence", "--declared", "--note"}:
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _with_evidence(targets: tuple[Target, ...], config: pytest.Config) -> tuple[Target, ...]:
    """The targets with their evidence; what cannot be read or captured is told before a device is asked."""
    options: list[str] = config.getoption("evidence")
    if not options and not any(one.evidence or one.live for one in targets):
        if config.getoption("act"):
            raise UsageError("--act is for a live UE capability", way_out="add --evidence uecap=live")
        return targets
    from harness.survey.evidence_files import with_evidence
    from harness.survey.live_plan import LivePlan

    return with_evidence(targets, options, live=LivePlan(config.getoption("act"), config.getoption("scat")))


def _put_back(write: Callable[[str], None]) -> None:
    """What a run that was killed has left changed is put back before anything is asked. Raises StateError."""
    if not has_journals():
        return
    from harness.survey.putting_back import carry_out_all

    for one in carry_out_all():
        for line in one.lines:
            write(one_line(line))


def _papers(targets: Sequence[Target], config: pytest.Config) -> DeclaredFiles:
    """The papers that were declared; what a filled ICS lacks is told before a device is asked."""
    if config.getoption("ics"):
        from harness.reports.run.filled_ics import require_forms

        require_forms()
    return declared_files(targets, config.getoption("declared"))


def _papers_again(directory: Path, names: Iterable[str], targets: Sequence[Target]) -> dict[str, Papers]:
    """The papers that the first process kept, for a worker."""
    from harness.reports.run.declared_files import kept_papers

    pairs = zip(names, targets, strict=True)
    return {name: kept_papers(directory, name, target.supplied.get("fcc_id", "")) for name, target in pairs}


def _is_shared(bench: Bench | None) -> bool:
    return bench is not None and bench.evidence == "shared"


def _wants_bench(named: str | None, devices: Sequence[str]) -> bool:
    return named is not None or any(one.strip().startswith("bench:") for one in devices)


def _new_folder(name: str, option: str) -> Path:
    """The folder of that name, made now. Raises UsageError where it holds something."""
    folder = Path(name)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{option} {folder} is not empty", way_out="name a new or an empty folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{option} {folder} cannot be made: {error.strerror}") from error
    return folder


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
