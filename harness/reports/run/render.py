"""From a run to its reports: `report.json` first, every other form from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.reports.collection import no_collection
from harness.reports.document.report import build_document, write_json
from harness.reports.writers import write_form

from .evidence_files import hashed_files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from harness.verdicts.plan import Run

    from .folder import Asked


def write_reports(
    directory: Path,
    run: Run,
    asked: Asked,
    verdicts: Sequence[Mapping[str, Any]],
    *,
    finished: str | None,
    forms: Sequence[str] = ("html",),
) -> Path:
    """Write `report.json` and the other forms into the run's folder; answer the one to open. Raises OSError.

    `finished` None: the run was stopped; the report says so.
    """
    with no_collection():
        document = document_of(directory, run, asked, verdicts, finished=finished)
        file = directory / "report.json"
        write_json(file, document)
        exchanges = {name: survey.exchanges for name, survey in run.surveys.items()}
        for form in forms:
            file = write_form(form, directory, document, exchanges)
    return file


def document_of(
    directory: Path, run: Run, asked: Asked, verdicts: Sequence[Mapping[str, Any]], *, finished: str | None
) -> dict[str, Any]:
    """The document of a run (see `build_document`)."""
    wanted = len(run.cases) if asked.cases is None else len(asked.cases)
    return build_document(
        run={
            "id": asked.id,
            "started": asked.started,
            "finished": finished,
            "policy": asked.policy,
            "require_grade": asked.require_grade,
            "as_of": asked.as_of,
            "complete": finished is not None and len(verdicts) == wanted,
            "adb": asked.adb,
            "command": list(asked.command),
        },
        surveys=tuple(run.surveys.values()),
        plan=[(case.device, case.selected) for case in run.cases],
        declared=run.declared,
        verdicts=verdicts,
        remarks=run.remarks,
        lab=asked.lab,
        files=hashed_files(directory),
        supplied={name: known.get("supplied") or {} for name, known in asked.devices.items()},
        notes=[{"about": about or None, "text": text} for about, texts in asked.notes.items() for text in texts],
        photographs=[{"device": name, "file": file} for name, files in asked.photographs.items() for file in files],
    )
