"""`bandproof report RUN --format=html,pdf,xlsx`: a run's reports again, or the first one of a run that was stopped."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from harness.errors import FileError, UsageError

if TYPE_CHECKING:
    import argparse

    from harness.reports.document.document import Document
    from harness.reports.run.folder import AskedRun
    from harness.verdicts.plan import Run


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof report`."""
    report = commands.add_parser(
        "report", help="write a run's report in other forms, or that of a run that was stopped"
    )
    report.add_argument("run_folder", metavar="RUN", help="the folder that the run wrote")
    report.add_argument("--format", default="html", metavar="LIST", help="html, pdf, xlsx, or those of other packages")
    report.add_argument("-o", "--output", metavar="DIR", help="write here, and leave the run's folder as it is")
    report.add_argument("--template", metavar="DIR", help="the lab's own templates, looked in first")
    report.set_defaults(run=write_report)


def write_report(options: argparse.Namespace) -> int:
    """0 written, 1 the run is not what it was, 4 no run is there."""
    from harness.reports.run.seals.manifest import MANIFEST, check

    folder = Path(options.run_folder)
    _require_regular(folder)
    forms = [form.strip() for form in options.format.split(",") if form.strip()]
    if not forms:
        raise UsageError("no format named", way_out="write --format=html,pdf,xlsx")
    finished = (folder / MANIFEST).is_file()
    if finished:
        faults, _ = check(folder)
        if faults:
            raise FileError(f"{faults[0]}", path=str(folder), way_out="`bandproof verify` lists what was changed")
    out = Path(options.output) if options.output else folder
    from harness.reports.run.folder import read_asked

    read_asked(folder)  # Of what is no run nothing is made.
    out.mkdir(parents=True, exist_ok=True)
    written = _again(folder, out, forms, options.template) if finished else _first(folder, out, forms, options.template)
    for path in written:
        sys.stdout.write(f"report {path}\n")
    return 0


def _again(folder: Path, out: Path, forms: list[str], template: str | None) -> list[Path]:
    """The other forms of a finished run, from its own document."""
    from harness.reports.document.document import load_document
    from harness.reports.run.folder import read_asked, rederive

    asked = read_asked(folder)
    document = load_document(folder)
    run = rederive(folder, asked)
    written = _render(out, document, run, forms, template)
    if out == folder:
        _keep_layout(folder, asked, forms, template)
        _seal(folder, document.run.id, document.run.tool)
    return written


def _first(folder: Path, out: Path, forms: list[str], template: str | None) -> list[Path]:
    """The report of a run that was stopped: judged from the evidence that it left, and marked incomplete."""
    from harness.reports.document.document import REPORT_FILE, write_json
    from harness.reports.run.folder import read_asked, rederive
    from harness.reports.run.render import document_of

    asked = read_asked(folder)
    run = rederive(folder, asked)
    verdicts = [run.verdict(case) for case in run.cases]
    document = document_of(folder, run, asked, verdicts, finished=None)
    write_json(out / REPORT_FILE, document)
    written = _render(out, document, run, forms, template)
    if out == folder:
        # It may have been stopped after it noted its end.
        asked = replace(asked, finished=None)
        asked.write(folder)
        _keep_layout(folder, asked, forms, template)
        _seal(folder, asked.id, asked.tool)
    return written


def _render(out: Path, document: Document, run: Run, forms: list[str], template: str | None) -> list[Path]:
    from harness.reports.writers import write_form

    exchanges = {name: survey.exchanges for name, survey in run.surveys.items()}
    folders = (Path(template),) if template else ()
    return [write_form(form, out, document, exchanges, folders) for form in forms]


def _require_regular(folder: Path) -> None:
    """Raises FileError for a pipe, a device or a link in the folder: it is not opened."""
    from harness.reports.run.seals.regular_files import walk

    odd = next(((name, kind) for name, kind in walk(folder) if kind), None) if folder.is_dir() else None
    if odd is not None:
        raise FileError(f"is {odd[1]}, not a regular file", path=str(folder / odd[0]), way_out="take it out")


def _keep_layout(folder: Path, asked: AskedRun, forms: list[str], template: str | None) -> None:
    """Keep in `run.json` by whose templates the page was rendered, so that `verify` does not take it for ours."""
    if "html" not in forms:
        return
    layout = None
    if template is not None:
        digest = hashlib.sha256()
        for file in sorted(Path(template).glob("*.j2")):
            digest.update(f"{file.name}\n".encode() + file.read_bytes())
        layout = digest.hexdigest()
    if layout != asked.layout:
        replace(asked, layout=layout).write(folder)


def _seal(folder: Path, run_id: str, tool: str) -> None:
    from harness.reports.run.seals import signing
    from harness.reports.run.seals.manifest import write_manifest

    write_manifest(folder, run_id=run_id, tool=tool, key=signing.key_path())
