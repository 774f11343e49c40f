"""Several finished runs as one: one report of all their devices, with what each run was sealed with kept beside it."""

from __future__ import annotations

import shutil
from dataclasses import replace as replaced
from typing import TYPE_CHECKING, TypeVar

import msgspec
from msgspec.structs import replace

from harness import __version__
from harness.errors import UsageError
from harness.reports.document.document import load_document
from harness.reports.document.lab_entries import LabEntry
from harness.verdicts.verdict import Attempt

from .folder import SCHEMA, AskedRun, read_asked, rederive
from .render import write_reports
from .seals.manifest import write_manifest
from .seals.regular_files import walk
from .sources import OWN_FILES, SOURCES
from .verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.verdicts.plan import Run
    from harness.verdicts.verdict import Verdict

_TOOL = f"bandproof {__version__}"
_SAME = {
    "tool": "were made by different versions",
    "policy": "judged by different policies",
    "require_grade": "asked for different grades",
    "as_of": "were judged as of different days",
    "max_evidence_age": "allowed evidence of different ages",
}
_T = TypeVar("_T")


def join_runs(folders: Sequence[Path], out: Path, *, id_: str, key: Path | None) -> Path:
    """Write the joined run into `out`, new or empty; the page to open. `key` signs it, where there is one.

    Each run is verified before, and the whole afterwards. Raises UsageError where the runs cannot be one report,
    FileError where one cannot be read, OSError.
    """
    runs = [read_asked(folder) for folder in folders]
    documents = [load_document(folder) for folder in folders]
    _require_joinable(folders, runs, documents)
    for folder in folders:
        if faults := verify(folder):
            raise UsageError(f"{folder} does not verify: {faults[0]}", way_out=f"bandproof verify {folder}")
    try:
        for folder, asked in zip(folders, runs, strict=True):
            _copy(folder, out, asked.key)
        asked = _joined(folders, runs, id_)
        asked.write(out)
        run = rederive(out, asked)
        verdicts = _verdicts(run, documents)
        _, page = write_reports(out, run, asked, verdicts, finished=asked.finished)
        write_manifest(out, run_id=asked.id, tool=asked.tool, key=key)
        if faults := verify(out):
            raise UsageError(
                f"the runs cannot be one report: {faults[0]}", way_out="keep them apart, or run them by the same data"
            )
    except BaseException:
        _empty(out)
        raise
    return page


def _require_joinable(folders: Sequence[Path], runs: Sequence[AskedRun], documents: Sequence[Document]) -> None:
    if len(runs) < 2:
        raise UsageError("there is one run: nothing to join", way_out="name several runs")
    for folder, asked in zip(folders, runs, strict=True):
        if asked.joined:
            raise UsageError(f"{folder} is itself joined", way_out=f"name its runs: {', '.join(asked.joined)}")
        if not asked.keeps_all or asked.tool != _TOOL or asked.plan is None:
            raise UsageError(f"{folder} is of {asked.tool}, this is {_TOOL}", way_out="join runs of this version")
    for name, words in _SAME.items():
        if len({getattr(asked, name) for asked in runs}) > 1:
            raise UsageError(f"the runs {words}", way_out="keep them apart")
    seen: dict[str, Path] = {}
    for folder, document in zip(folders, documents, strict=True):
        for device in document.devices:
            for what in filter(None, (device.device, device.key)):
                if what in seen:
                    raise UsageError(
                        f"{device.device} is in {seen[what]} and in {folder}",
                        way_out="one report tells of a device once; name devices in the bench files",
                    )
            seen |= dict.fromkeys(filter(None, (device.device, device.key)), folder)
    waivers = {
        (folder / "waivers.yaml").read_bytes() if (folder / "waivers.yaml").is_file() else b"" for folder in folders
    }
    if len(waivers) > 1:
        raise UsageError("the runs accepted different deviations", way_out="give all of them the same --waivers")


def _copy(folder: Path, out: Path, key: str) -> None:
    """All files of a run: what it has of its own into its place, the rest among those of the others."""
    names = [name for name, _ in walk(folder)]
    for name in names:
        target = out / SOURCES / key / name if OWN_FILES.fullmatch(name) else out / name
        source = folder / name
        if target.exists():
            if target.read_bytes() != source.read_bytes():
                raise UsageError(f"the runs judged by different files: {name}", way_out="run them by the same data")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _together(parts: Iterable[Mapping[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for part in parts:
        for about, texts in part.items():
            found[about] = (*found.get(about, ()), *texts)
    return found


def _joined(folders: Sequence[Path], runs: Sequence[AskedRun], id_: str) -> AskedRun:
    """What was asked of all of them together."""
    notes = _together([{"": (_telling(runs),)}, *(asked.notes for asked in runs)])
    finished = [asked.finished for asked in runs if asked.finished]
    return replace(
        runs[0],
        schema=SCHEMA,
        id=id_,
        started=min(asked.started for asked in runs),
        finished=max(finished) if len(finished) == len(runs) else None,
        carriers=tuple(dict.fromkeys(one for asked in runs for one in asked.carriers)),
        devices=_united(asked.devices for asked in runs),
        plan=_united(asked.plan or {} for asked in runs),
        cases=_cases(folders, runs),
        command=("bandproof", "merge", *(asked.key for asked in runs)),
        adb=", ".join(dict.fromkeys(asked.adb for asked in runs if asked.adb)) or None,
        lab=_lab([asked.lab for asked in runs]),
        notes=notes,
        told=_together([asked.told for asked in runs]),
        photographs=_united(asked.photographs for asked in runs),
        filled_ics=_united(asked.filled_ics for asked in runs),
        bench=", ".join(dict.fromkeys(asked.bench for asked in runs if asked.bench)) or None,
        report=None,
        layout=None,
        joined=tuple(asked.key for asked in runs),
    )


def _telling(runs: Sequence[AskedRun]) -> str:
    parts = (f"{asked.key} ({', '.join(asked.devices)}{f'; {asked.bench}' if asked.bench else ''})" for asked in runs)
    return f"Joined from {len(runs)} runs, each kept with its own seal: {'; '.join(parts)}."


def _united(parts: Iterable[dict[str, _T]]) -> dict[str, _T]:
    found: dict[str, _T] = {}
    for part in parts:
        found |= part
    return found


def _cases(folders: Sequence[Path], runs: Sequence[AskedRun]) -> tuple[str, ...] | None:
    if all(asked.cases is None for asked in runs):
        return None
    pairs = zip(folders, runs, strict=True)
    return tuple(case.id for folder, asked in pairs for case in rederive(folder, asked).cases)


def _lab(labs: Sequence[LabEntry]) -> LabEntry:
    """What all of them say alike; what they say otherwise, nobody can say of the whole."""
    told: list[dict[str, object]] = [msgspec.to_builtins(lab) for lab in labs]
    same = {name: value for name, value in told[0].items() if all(one.get(name) == value for one in told)}
    return msgspec.convert(same, LabEntry)


def _verdicts(run: Run, documents: Sequence[Document]) -> list[Verdict]:
    """The verdicts that the runs had, derived again; with their attempts, where a case was judged more than once."""
    kept = {(one.device, *one.ref, one.requirement): one for document in documents for one in document.verdicts}
    found = []
    for case in run.cases:
        verdict = run.verdict(case)
        entry = kept.get(verdict.case)
        if entry is not None:
            attempts = tuple(Attempt(one.verdict, one.reason) for one in entry.attempts or ())
            found.append(replaced(verdict, attempts=attempts))
    return found


def _empty(out: Path) -> None:
    for one in out.iterdir() if out.is_dir() else ():
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
