"""From a run to its reports: `report.json` first, every other form from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.reports.collection import no_collection
from harness.reports.document.beside import Beside
from harness.reports.document.build import build_document, shown_command
from harness.reports.document.document import REPORT_FILE, write_json
from harness.reports.document.entries import RunEntry
from harness.reports.document.lab_entries import NoteEntry
from harness.reports.document.papers import papers_entry
from harness.reports.writers import write_form

from .data_version import data_version, profile_hashes
from .evidence_files import hashed_files
from .photographs import photographs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from harness.reports.document.document import Document
    from harness.verdicts.plan import Run
    from harness.verdicts.verdict import Verdict

    from .folder import AskedRun


def write_reports(
    directory: Path,
    run: Run,
    asked: AskedRun,
    verdicts: Sequence[Verdict],
    *,
    finished: str | None,
    forms: Sequence[str] = ("html",),
) -> tuple[Document, Path]:
    """Write `report.json` and the other forms into the run's folder; answer the document and the file to open.

    `finished` None: the run was stopped; the report says so. Raises OSError.
    """
    with no_collection():
        document = document_of(directory, run, asked, verdicts, finished=finished)
        file = directory / REPORT_FILE
        write_json(file, document)
        exchanges = {name: survey.exchanges for name, survey in run.surveys.items()}
        for form in forms:
            file = write_form(form, directory, document, exchanges)
    return document, file


def document_of(
    directory: Path, run: Run, asked: AskedRun, verdicts: Sequence[Verdict], *, finished: str | None
) -> Document:
    """The document of a run (see `build_document`)."""
    # Where only a laboratory's own cases were chosen no carrier was to be judged.
    planned = run.planned if asked.cases is None or asked.cases else []
    return build_document(
        run=_run_entry(directory, run, asked, finished, len(verdicts)),
        bound=tuple(run.bound.values()),
        plan=planned,
        verdicts=verdicts,
        remarks=run.remarks,
        beside=Beside(
            lab=asked.lab,
            notes=_notes(asked),
            photographs=photographs_of(directory, asked.photographs),
            own_cases=asked.own_cases,
            files=hashed_files(directory),
            supplied={name: one.supplied for name, one in asked.devices.items()},
            papers={name: told for name, one in run.bound.items() if (told := papers_entry(one)) is not None},
            filled_ics=asked.filled_ics,
            profiles=profile_hashes(directory, [selected for _, selected in planned]),
        ),
    )


def _notes(asked: AskedRun) -> tuple[NoteEntry, ...]:
    noted = [NoteEntry(about or None, text) for about, texts in asked.notes.items() for text in texts]
    told = [NoteEntry(about or None, text, "told") for about, texts in asked.told.items() for text in texts]
    return (*noted, *told)


def _run_entry(directory: Path, run: Run, asked: AskedRun, finished: str | None, judged: int) -> RunEntry:
    wanted = len(run.cases) if asked.cases is None else len(asked.cases)
    return RunEntry(
        adb=asked.adb,
        id=asked.id,
        started=asked.started,
        finished=finished,
        policy=asked.policy,
        require_grade=asked.require_grade,  # type: ignore[arg-type]
        as_of=asked.as_of,
        complete=finished is not None and judged == wanted,
        command=shown_command(asked.command, run.surveys.values()),
        tool=asked.tool,
        key=asked.key,
        report=asked.report or f"{asked.started[:10]}-{asked.id}",
        bench=asked.bench,
        data=data_version(directory),
        max_evidence_age=asked.max_evidence_age,
    )
