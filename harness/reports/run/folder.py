"""What a run's folder holds beside its reports: what was asked (`run.json`), and the profiles that it judged by.

    RUN/run.json                          written before the first device is read, again when the cases are known
    RUN/evidence/<device>/…               one recording a device
    RUN/profiles/carriers/<id>.yaml       the profiles and sheets that decided, as they were
    RUN/profiles/devices/<id>.yaml
    RUN/declared/<device>/ics/…, fcc/…    filled proformas and grants that were declared of it
    RUN/waivers.yaml                      the deviations that were accepted, where there were any
    RUN/report.json, report.html, …       made from the above
    RUN/manifest.json                     name, size and hash of every file

With these a stranger re-derives every verdict; nothing outside the folder is needed.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Literal

import msgspec

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.errors import BandproofError, FileError
from harness.observations import Grade
from harness.recording.writer import write_atomically
from harness.reports.document.entries import OwnCaseEntry
from harness.reports.document.lab_entries import LabEntry
from harness.survey.given_bands import GivenBands
from harness.survey.reading import read_device
from harness.survey.survey import Survey
from harness.survey.targets import Target
from harness.verdicts.declared_papers import is_declared
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.verdict import Policy
from harness.verdicts.waivers import load_waivers

from .declared_files import kept_papers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.carriers.store import Selected

SCHEMA: Literal["bandproof.run/4"] = "bandproof.run/4"
REPORTS = {"bandproof.run/4": "bandproof.report/3", "bandproof.run/3": "bandproof.report/2"}
"""Runs whose `run.json` keeps all that a report tells beside the evidence -> the schema of their reports."""
RUN_FILE = "run.json"
WAIVERS_FILE = "waivers.yaml"


class AskedDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One device of a run: its address as strangers may see it, the sheet that was named, what went wrong."""

    address: str
    sheet: str | None = None
    trouble: str | None = None
    bands: dict[str, tuple[int, ...]] = {}
    """By RAT what the operator declared of it."""
    bands_source: str = ""
    """Where he had them from."""
    unread: bool = False
    """Nothing that the evidence holds counts: another device was in its place."""
    supplied: dict[str, str] = {}
    """What the customer says of it."""
    sample: str | None = None
    """The number that it was given as a sample."""
    key: str | None = None
    """What it is known by where it has no number: a keyed hash of its serial."""
    unknown_plmns: tuple[str, ...] = ()
    """Home PLMNs of its SIMs that no profile had on the day of the run."""
    answered: bool = True
    """Whether anything answered; where nothing did, it is not known what kind of device it is."""
    elapsed_s: float | None = None
    """How long reading took; None: not read yet, or not kept (`bandproof.run/2`)."""
    happened: tuple[str, ...] = ()
    """What befell the reading itself and no answer tells: it went away and returned."""


class AskedRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run was asked to do. `carriers` are the names given; `plan` the editions chosen for each device."""

    schema: Literal["bandproof.run/4", "bandproof.run/3", "bandproof.run/2", "bandproof.run/1"] = SCHEMA
    id: str
    started: str
    tool: str
    policy: Policy
    require_grade: str
    as_of: str | None
    carriers: tuple[str, ...] = ()
    devices: dict[str, AskedDevice] = {}
    plan: dict[str, tuple[tuple[str, str], ...]] | None = None
    """Per device: each edition (`us/att@2017-03`) and the day that was asked about. None: stopped before they were chosen."""
    cases: tuple[str, ...] | None = None
    """The ids of the cases that the run selected; None: all."""
    command: tuple[str, ...] = ()
    """The command line, addresses as strangers may see them."""
    adb: str | None = None
    """The version of the adb server that handsets were read through."""
    lab: LabEntry = LabEntry()
    notes: dict[str, tuple[str, ...]] = {}
    """The operator's notes of each device."""
    told: dict[str, tuple[str, ...]] = {}
    """What persons answered, by device."""
    photographs: dict[str, tuple[str, ...]] = {}
    """Files of the run's folder, by device."""
    filled_ics: dict[str, str] = {}
    """Per device: how many items of its ICS the run answered, in words; empty where it was not asked to."""
    bench: str | None = None
    """The bench, as its file names it."""
    report: str | None = None
    """The laboratory's own number of the report."""
    max_evidence_age: int | None = None
    """How many days old the evidence might be."""
    own_cases: tuple[OwnCaseEntry, ...] = ()
    """What came of the laboratory's own cases: their word, which no evidence gives again."""
    finished: str | None = None
    """When the report was written; None: the run was stopped (or is of `bandproof.run/2`, where it was not kept)."""
    layout: str | None = None
    """SHA-256 of the laboratory's own templates, where it rendered the report by such."""
    joined: tuple[str, ...] = ()
    """The keys of the runs that this one was joined from (`sources/`); empty for a run that read devices itself."""

    @property
    def key(self) -> str:
        """What a history counts the run by: it sorts by time, and may name a folder."""
        return run_key(self.started, self.id)

    @property
    def keeps_all(self) -> bool:
        """Whether all that a report tells beside the evidence stands here."""
        return self.schema in REPORTS

    def write(self, directory: Path) -> None:
        """Write `run.json` atomically. Raises OSError."""
        try:
            data = msgspec.json.encode(self)
        except UnicodeEncodeError:
            data = json.dumps(msgspec.to_builtins(self), ensure_ascii=False).encode("utf-8", "replace")
        write_atomically(directory / RUN_FILE, msgspec.json.format(data, indent=1) + b"\n")


def run_key(started: str, id_: str) -> str:
    """`2026-11-21T14-03-11Z-7f3a90c2` of a start in ISO 8601 and an id."""
    return f"{started[:19].replace(':', '-')}Z-{id_}"


def read_asked(directory: Path) -> AskedRun:
    """The `run.json` of a run's folder. Raises FileError."""
    path = directory / RUN_FILE
    if path.exists() and not path.is_file():
        raise FileError("is no regular file", path=str(path))
    try:
        return msgspec.json.decode(path.read_bytes(), type=AskedRun)
    except FileNotFoundError:
        raise FileError("is no run's folder: it has no run.json", path=str(directory)) from None
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None


def keep_profiles(directory: Path, run: Run, profiles: Profiles, sheets: Sheets) -> None:
    """Copy the profiles and sheets that the run judges by into its folder. Raises OSError."""
    for selected in {case.selected.ref: case.selected for case in run.cases}.values():
        for id_ in carriers_of(selected):
            _keep(directory, "carriers", id_, profiles.source(id_))
    for survey in run.surveys.values():
        named = sheets.lookup(survey.sheet).refs if survey.sheet else ()
        for id_ in {ref.partition("#")[0] for ref in (*named, *sheets.match(survey.identity).refs)}:
            _keep(directory, "devices", id_, sheets.paths.get(id_))


def carriers_of(selected: Selected) -> Iterable[str]:
    """The carrier, and the host that it inherits from."""
    yield selected.carrier.id
    if selected.carrier.host:
        yield selected.carrier.host
    for edition in selected.carrier.editions:
        if edition.inherits is not None:
            yield edition.inherits.carrier


def _keep(directory: Path, kind: str, id_: str, source: Path | None) -> None:
    if source is None:
        return
    kept = directory / "profiles" / kind / f"{id_}.yaml"
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, kept)


def rederive(directory: Path, asked: AskedRun) -> Run:
    """Read the evidence again and judge it by the profiles that the run kept. Raises the errors of the tree.

    Where the run was stopped before it kept its profiles, the installed ones are taken.
    """
    kept = directory / "profiles"
    folders = [kept] if asked.plan is not None else None
    profiles, sheets = Profiles(folders), Sheets([kept] if folders else None)
    day = date.fromisoformat(asked.as_of) if asked.as_of else None
    began = date.fromisoformat(asked.started[:10])
    run = Run(
        policy=asked.policy,
        require_grade=Grade[asked.require_grade.upper()],
        as_of=day,
        day=began,
        max_evidence_age=asked.max_evidence_age,
    )
    if (directory / WAIVERS_FILE).is_file():
        run.waivers = load_waivers(directory / WAIVERS_FILE, began)
    for name in _devices(directory, asked):
        run.surveys[name] = _replay(directory, name, asked.devices.get(name))
    run.papers = {name: kept_papers(directory, name, _fcc_id(asked, name)) for name in run.surveys}
    if asked.plan is None:
        plan_run(run, asked.carriers, profiles, sheets=sheets)
        return run
    for name, chosen in asked.plan.items():
        for ref, on in chosen:
            run.add(name, profiles.exactly(ref, date.fromisoformat(on)))
        run.add_papers(name)
    run.bind(sheets, {name: frozenset(known.unknown_plmns) for name, known in asked.devices.items()})
    if asked.cases is not None:
        wanted = set(asked.cases)
        run.cases = [case for case in run.cases if case.id in wanted]
    return run


def _devices(directory: Path, asked: AskedRun) -> list[str]:
    """The devices of a run in its order; those of a run that was stopped early as its evidence names them."""
    evidence = directory / "evidence"
    found = sorted(one.name for one in evidence.iterdir()) if evidence.is_dir() else []
    return [*asked.devices, *(name for name in found if name not in asked.devices and ".attempt-" not in name)]


def _replay(directory: Path, name: str, known: AskedDevice | None) -> Survey:
    folder = directory / "evidence" / name
    known = known or AskedDevice(str(folder))
    if not folder.is_dir() or (known.trouble and not any(folder.glob("*.yaml"))):
        survey = Survey(name, known.address, None, trouble="no evidence of it is left")
    else:
        try:
            survey = read_device(Target(name, (str(folder),), sheet=known.sheet, given_bands=_given(known)))
        except BandproofError as error:
            survey = Survey(name, known.address, None, trouble=error.message)
    if known.unread:
        survey = replace(survey, observations=())
    survey = replace(survey, warnings=(*known.happened, *survey.warnings))
    if not known.answered:
        survey = replace(survey, kind=None)
    if known.elapsed_s is not None:
        survey = replace(survey, elapsed_s=known.elapsed_s)
    # Of a run that was stopped only the evidence tells that there was more to ask.
    return replace(
        survey,
        address=known.address,
        trouble=known.trouble or survey.trouble,
        sample=known.sample or survey.sample,
        key=known.key or survey.key,
    )


def _given(known: AskedDevice) -> GivenBands | None:
    return GivenBands(tuple(known.bands.items()), known.bands_source) if known.bands else None


def _fcc_id(asked: AskedRun, name: str) -> str:
    """What the customer says that the item's FCC ID is."""
    known = asked.devices.get(name)
    return known.supplied.get("fcc_id", "") if known else ""


def plan_of(run: Run) -> dict[str, tuple[tuple[str, str], ...]]:
    """The editions of each device, as `run.json` keeps them; those of papers follow from what the folder keeps."""
    carriers = (case for case in run.cases if not is_declared(case.selected.carrier.id))
    pairs = dict.fromkeys((case.device, case.selected.ref, case.selected.asked.isoformat()) for case in carriers)
    return {name: tuple((ref, on) for device, ref, on in pairs if device == name) for name in run.surveys}
