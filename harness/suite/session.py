"""A pytest session with devices: reads them first, lets the cases judge, writes the report at the end."""

from __future__ import annotations

import gc
import secrets
import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness import __version__
from harness.binding.links import FILES, hold_links
from harness.carriers.resellers import remarks
from harness.carriers.store import Profiles
from harness.errors import BandproofError, UsageError
from harness.observations import Grade
from harness.plain_text import one_line
from harness.recording.scrubbing.scrub import scrub
from harness.reports.run.folder import run_key
from harness.state.folder import has_journals
from harness.suite.after import AfterRun
from harness.suite.asked import (
    asked_day,
    command_words,
    is_shared,
    new_folder,
    papers_again,
    papers_of,
    require_names,
    wants_bench,
    with_evidence_of,
    with_sweeps_of,
)
from harness.suite.asking import testimonies
from harness.suite.collecting import device_nodes, picked_cases
from harness.suite.judging import Judging, case_of
from harness.suite.lab_places import with_places
from harness.suite.left_changed import NOT_PUT_BACK, left_by_captures, left_changed
from harness.suite.live import heard_by
from harness.suite.options import devices_of
from harness.suite.options import option as _option
from harness.suite.progress import Progress, as_typed
from harness.suite.unjudged import picked_unjudged, unjudged_lines, unjudged_nodes
from harness.suite.writing import RunFolder
from harness.survey.bench import load_bench
from harness.survey.giving_bands import given_to, with_given
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import plan_targets
from harness.survey.together import RUN_DEADLINE_S, read_devices
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.waivers import load_waivers, require_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from harness.reports.document.document import Document
    from harness.survey.bench import Bench
    from harness.survey.targets import Target
    from harness.verdicts.case import Case
    from harness.verdicts.plan import Unjudged


class Session(Judging):
    """Everything of one run. Registered with pytest while devices are named."""

    def __init__(self, config: pytest.Config, *, certifies: bool, picked: Sequence[str] = ()) -> None:
        self.started = datetime.now(UTC)
        run = Run(
            policy=_option(config, "policy"),
            require_grade=Grade[_option(config, "require_grade").upper()],
            as_of=asked_day(_option(config, "as_of")),
            day=self.started.date(),
            max_evidence_age=_option(config, "max_evidence_age"),
        )
        super().__init__(config, run)
        self._certifies = certifies
        self._picked = picked
        self._chosen: list[Case] = []
        """The cases that were picked by their ids, or all."""
        self._unjudged_chosen: dict[str, Unjudged] = {}
        self.id = secrets.token_hex(4)
        self.directory = Path()
        self.bench: Bench | None = None
        self.folder: RunFolder | None = None
        self.report: Path | None = None
        self.after: AfterRun | None = None
        self.selected: list[str] = []
        self.left: list[str] = []
        """What an earlier run changed and could not be put back."""
        self._live: tuple[str, ...] = ()
        """Devices whose capability was captured in this run."""
        self._status = 0
        """What the run ends with where that is not the cases' doing."""
        self._document: Document | None = None
        self._only_collects = bool(config.option.collectonly)
        self._was_there = False
        self._any = True
        """Whether a case of any kind is left."""

    def pytest_sessionstart(self) -> None:
        """Read all devices before anything is collected; under xdist the workers replay what the first process read."""
        option = partial(_option, self.config)
        devices = devices_of(self.config)
        carriers: list[str] = option("carrier")
        try:
            found = load_bench(option("bench")) if wants_bench(option("bench"), devices) else None
            self.bench = found[0] if found else None
            cells = option("scrub_cells")
            targets = tuple(
                replace(
                    one,
                    scrub_cells=cells,
                    shared=is_shared(self.bench),
                    deadline_s=option("deadline") or one.deadline_s,
                )
                for one in plan_targets(*with_places(self.config, found, self.started, self.id))
            )
            targets = given_to(targets, option("bands"), scrub(option("bands_source"))[0])
            profiles = Profiles()
            if option("waivers"):
                self.run.waivers = load_waivers(Path(option("waivers")), self.started.date())
            if carriers:
                profiles.select(carriers, self.run.as_of)  # A wrong name is told before anything is asked.
            require_names(targets, profiles, self.run.as_of)
            if self.is_worker:
                given: dict[str, Any] = self.config.workerinput  # type: ignore[attr-defined]
                self.directory = Path(given["bandproof_directory"])
                self.run.day = date.fromisoformat(given["bandproof_day"])
                self.run.surveys = with_given(_replayed(self.directory, given["bandproof_evidence"]), targets)
                self.run.papers = papers_again(self.directory, self.run.surveys, targets)
            else:
                self.after = AfterRun(self.config, found, run_key(self.started.isoformat(), self.id))
                targets = self._begin(targets, carriers, profiles)
            own = {name: one.carriers for name, one in zip(self.run.surveys, targets, strict=True)}
            plan_run(self.run, carriers, profiles, own)
            self._unjudged_chosen, left = picked_unjudged(self.run.unjudged, self._picked)
            self._chosen = [] if left is None else picked_cases(self.run.cases, left)
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

    def _begin(self, targets: tuple[Target, ...], carriers: Sequence[str], profiles: Profiles) -> tuple[Target, ...]:
        """Make the run's folder and read the devices; what is wrong with a file is told before any is asked."""
        targets = with_evidence_of(targets, self.config)
        targets = with_sweeps_of(targets, self.config, profiles, self.run.as_of, self.bench)
        papers = papers_of(targets, self.config)
        self.directory = self._make_directory()
        named = None if self._only_collects else _option(self.config, "record")
        record = new_folder(named, "--record") if named else None
        self.folder = RunFolder(self.directory, self.run, self.id, self.started)
        self.folder.asked_for(carriers, command_words(self.config), _option(self.config, "note"))
        self.folder.begin(targets, self.bench)
        self.left = _put_back(self._told)
        self.run.surveys = self._read(targets)
        self._require_some(targets)
        self._tell_links()
        for line in remarks(dict.fromkeys((*carriers, *(name for one in targets for name in one.carriers)))):
            self._told(f"  {line}")
        self._live = tuple(name for name, one in zip(self.run.surveys, targets, strict=True) if one.live)
        self.folder.declared(targets, papers)
        if record is not None:
            shutil.copytree(self.directory / "evidence", record, dirs_exist_ok=True)
        return targets

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
        live = self.after.begin(self.directory, targets) if self.after else None
        deadline_s = self.bench.deadlines.run_s if self.bench else RUN_DEADLINE_S
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None or self.config.get_verbosity() < -1:
            quiet = heard_by(live)
            return read_devices(targets, evidence=evidence, told=quiet.told, asking=quiet.asking, deadline_s=deadline_s)
        lab = f" · {self.bench.lab.name}" if self.bench and self.bench.lab else ""
        day = f" · as of {self.run.as_of}" if self.run.as_of else ""
        terminal.write_line(f"bandproof {__version__}{lab}{day} · evidence {evidence}")
        with Progress(terminal.write_line, targets, terminal._tw._file, terminal._tw.fullwidth) as progress:
            heard = heard_by(live, progress)
            surveys = read_devices(
                targets, evidence=evidence, told=heard.told, asking=heard.asking, deadline_s=deadline_s
            )
            progress.named(surveys.values())
            return surveys

    def _require_some(self, targets: Sequence[Target]) -> None:
        """Raises UsageError where none of the devices is there: there is nothing to report on."""
        absent = [one.absent for one in self.run.surveys.values() if one.absent]
        if len(absent) < len(targets):
            return
        shutil.rmtree(self.directory)
        if self._was_there:
            self.directory.mkdir()
        elif not _option(self.config, "report_dir"):
            with suppress(OSError):  # `reports/`, where it holds other runs.
                self.directory.parent.rmdir()
        why, way_out = absent[0]
        if len(absent) > 1:
            named = ", ".join(one.address for one in targets[:_MOST_NAMED])
            more = f" and {len(targets) - _MOST_NAMED} more" if len(targets) > _MOST_NAMED else ""
            why = f"none of the {len(targets)} devices is there: {named}{more}"
        raise UsageError(why, way_out=one_line(way_out or "`bandproof devices` tells what is", 600))

    def _warn(self, warnings: Sequence[str]) -> None:
        terminal = self.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            return
        for words in warnings:
            terminal.write_line(f"warning: {one_line(words)}", yellow=True)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """Put the devices before what the user's own files hold."""
        report = yield
        if isinstance(collector, pytest.Session) and report.passed and self._certifies:
            left_out = unjudged_nodes(collector, self, self._unjudged_chosen)
            report.result = [*device_nodes(collector, self, self._chosen), *left_out, *report.result]
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note which cases are left after -k and its like."""
        self._any = bool(items)
        self.selected = [case.id for item in items if (case := case_of(item)) is not None]

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """The same under xdist, where only workers collect; all of them collect the same."""
        self._any = bool(ids)
        known = {case.node_id: case.id for case in self.run.cases}
        self.selected = [known[one] for one in ids if one in known]

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

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Any:
        """Keep the own cases of a device in one xdist worker."""
        from harness.suite.workers import by_device

        return by_device(config, log, self.run.surveys)

    def _make_directory(self) -> Path:
        """Where the run's files go; of a run that judges nothing they are thrown away."""
        if self._only_collects:
            return Path(tempfile.mkdtemp(prefix="bandproof-"))
        named = _option(self.config, "report_dir")
        self._was_there = bool(named) and Path(named).exists()
        return new_folder(named or str(Path("reports") / run_key(self.started.isoformat(), self.id)), "--report-dir")

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the report; say in JUnit what the verdicts are. A device that could not be put back is the run's status."""
        if self.folder is None or not self.run.surveys or self._only_collects:
            return
        captured = left_by_captures(self.run.surveys[one] for one in self._live)
        if left := (*self.left, *left_changed(self.run.surveys), *captured):
            session.exitstatus = self._status = NOT_PUT_BACK
            self._warn(left)
        try:
            if getattr(self.config.option, "xmlpath", None):
                from harness.suite.junit import finish

                finish(self)
            if not self._any:
                self._told(f"nothing was chosen, so there is no report; the evidence is kept in {self.directory}")
                return
            if _option(self.config, "ics"):
                self.folder.fill_ics()
            self.folder.heard(testimonies(self.directory))
            self._document, self.report = self.folder.end(self.verdicts, self.selected, ("html",))
        except OSError as error:
            pytest.exit(f"the report cannot be written: {error}", pytest.ExitCode.INTERNAL_ERROR)
        if self.after is not None:
            self.after.end(self.directory, self._document)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
        """One line a device and carrier, with the reasons, out of the report that was just written."""
        if self._found and self._document is not None:
            from harness.reports.terminal import marked_lines

            terminalreporter.section("RF band fit (not a carrier acceptance)")
            typed = [survey.address for survey in self.run.surveys.values()]
            for text, markup in marked_lines(
                self._document, terminalreporter._tw.fullwidth, self._status or int(exitstatus)
            ):
                terminalreporter.write_line(as_typed(text, typed), **markup)
            for words in unjudged_lines(self._unjudged_chosen if self._certifies else {}):
                terminalreporter.write_line(as_typed(f"  {words}", typed), yellow=True)
            for words in self.profile_lines():
                terminalreporter.write_line(f"  {words}", yellow=True)
        if {*self.config.option.reportchars} & {*"faA"}:
            # pytest lists the outcomes that it knows; this is where a user looks for the others.
            for report in terminalreporter.stats.get("inconclusive", []):
                if told := getattr(report, "bandproof", None):
                    terminalreporter.write_line(f"INCONC {report.nodeid} - {one_line(told['reason'])}", yellow=True)

    def pytest_unconfigure(self) -> None:
        """The last line names the report."""
        if self._only_collects and self.folder is not None:
            shutil.rmtree(self.directory, ignore_errors=True)
        if self.report is not None:
            for line in self.after.lines() if self.after else ():
                print(line)  # noqa: T201
            print(f"report {self.report}")  # noqa: T201


_MOST_NAMED = 5
"""Names in one line."""


def _put_back(write: Callable[[str], None]) -> list[str]:
    """What a run that was killed has left changed is put back before anything is asked; what needs a person."""
    if not has_journals():
        return []
    from harness.survey.restoring.putting_back import carry_out_all

    blocked = []
    for one in carry_out_all():
        for line in one.lines:
            write(one_line(line))
        blocked += [one_line(line) for line in one.lines if any(two.outcome == "blocked" for two in one.put_back)]
    return blocked


def _replayed(directory: Path, told: dict[str, list[Any]]) -> dict[str, Survey]:
    """The surveys that the first process read, from the evidence that it wrote."""
    surveys = {}
    for name, (address, trouble, kind) in told.items():
        folder = directory / "evidence" / name
        read = read_device(str(folder), device=name) if kind else Survey(name, address, None)
        surveys[name] = replace(read, address=address, trouble=trouble)
    return surveys
