"""Check a finished run as a stranger would: hashes and signature, then the whole report again from the evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import msgspec

from harness import __version__
from harness.errors import BandproofError, FileError
from harness.recording.files import hash_problems
from harness.reports.document.document import REPORT_FILE, load_document

from .agreement import as_kept, document_faults, worded_otherwise
from .captures import capture_faults
from .changes import explained
from .folder import REPORTS, RUN_FILE, read_asked, rederive
from .folder import SCHEMA as RUN_SCHEMA
from .forms import Unchecked, form_faults, ics_faults
from .photographs import page_picture
from .render import document_of
from .seals.manifest import MANIFEST, ManifestFault, check, signer_of
from .seals.regular_files import read_regular, walk
from .seals.time_token import NO_TOKEN, TokenFound, examine_token
from .sources import KEY, OWN_FILES, SourceRun, source_faults, sources_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from harness.reports.document.document import Document
    from harness.verdicts.plan import Run

    from .folder import AskedRun

_TOOL = f"bandproof {__version__}"
_KNOWN_FILES = re.compile(
    r"run\.json|told\.ndjson|report\.[a-z0-9]+|waivers\.yaml|evidence/[^/]+/(?:(?:recording|adb|at|qmi|uecap|sweep)\.yaml|uecap\.pcap)"
    r"|declared/[^/]+/(?:ics|fcc)/[^/]+|ics/[^/]+\.(?:xlsx|txt)"
    r"|profiles/(?:carriers|devices)/.+\.yaml|attachments/[^/]+/[^/]+|manifest\.(?:json|sha256|sig|tsr)"
    rf"|sources/{KEY.pattern}/(?:{OWN_FILES.pattern})"
)


@dataclass(frozen=True, slots=True)
class Examination:
    """What came of checking a run."""

    faults: tuple[ManifestFault, ...]
    """What does not agree, what was changed first."""
    signer: str | None
    """The public key by which it is signed; None: not signed, or not rightly."""
    files: int
    open: tuple[str, ...] = ()
    """What could not be held against the run, with the reason."""
    sources: tuple[SourceRun, ...] = ()
    """The runs that it was joined from."""
    token: TokenFound = NO_TOKEN
    """What its time token shows, where it has one."""


def verify(directory: Path, *, trusted: str | None = None) -> list[ManifestFault]:
    """Everything that does not agree, what was changed first; empty where the run holds. Needs only the folder.

    Raises FileError where there is no run to check.
    """
    return list(examine(directory, trusted=trusted).faults)


def examine(directory: Path, *, trusted: str | None = None, tsa_roots: Path | None = None) -> Examination:
    """Check hashes and signature, read the evidence again, derive the whole report and render its forms again.

    With `trusted` a run that this public key did not sign is a fault; `tsa_roots` is a file of root certificates of
    authorities whose time tokens are trusted. Raises FileError where there is no run to check,
    or a file of it is nested too deep to be read.
    """
    faults, manifest = check(directory, trusted=trusted)
    signer, files = signer_of(directory, manifest), len(manifest["files"])
    if any(kind for _, kind in walk(directory)):
        faults.append(
            ManifestFault(None, "nothing was derived again: there are things in the folder that are no regular files")
        )
        return Examination(tuple(faults), signer, files)
    for name in (REPORT_FILE, RUN_FILE):
        _require_shallow(directory, name)
    try:
        document = load_document(directory)
    except FileError as error:
        faults.append(ManifestFault(REPORT_FILE, f"the verdicts cannot be derived again: {error.message}"))
        return Examination(tuple(faults), signer, files)
    told = [*explained(directory, document, faults), *_folder_faults(directory)]
    left: list[str] = []
    sources: tuple[SourceRun, ...] = ()
    try:
        asked = read_asked(directory)
        told += [*_manifest_faults(manifest, asked), *source_faults(directory, asked, document)]
        sources = sources_of(directory, asked)
        for found in _derived_again(directory, document, asked):
            if isinstance(found, ManifestFault):
                told.append(found)
            else:
                left.append(str(found))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, BandproofError) as error:
        words = error.message if isinstance(error, BandproofError) else f"{type(error).__name__}: {error}"
        told.append(ManifestFault(None, f"the verdicts cannot be derived again: {words}"))
    token = examine_token(directory, tsa_roots, document.run.finished)
    told += token.faults
    left += [token.open] if token.open else []
    return Examination(tuple(dict.fromkeys(told)), signer, files, tuple(left), sources, token)


def _derived_again(directory: Path, document: Document, asked: AskedRun) -> Iterator[ManifestFault | Unchecked]:
    run = rederive(directory, asked)
    verdicts = [run.verdict(case) for case in run.cases]
    again = as_kept(document, document_of(directory, run, asked, verdicts, finished=asked.finished), asked)
    is_of_this_version = asked.tool == _TOOL and asked.schema == RUN_SCHEMA
    held = document
    if not is_of_this_version:
        held = worded_otherwise(document, again)
        if held != document:
            yield Unchecked(
                f"its sentences are those of {asked.tool} ({asked.schema}): values were checked, words were not"
            )
    if document.schema != REPORTS.get(asked.schema, document.schema):
        yield ManifestFault(REPORT_FILE, f"is of {document.schema}, its run of {asked.schema}")
    yield from document_faults(held, again)
    yield from _photograph_faults(directory, document)
    yield from _time_faults(run, document)
    exchanges = {name: survey.exchanges for name, survey in run.surveys.items()}
    yield from capture_faults(directory)
    yield from ics_faults(directory, run, asked)
    yield from form_faults(directory, again, exchanges, is_ours=is_of_this_version and asked.layout is None)


def _folder_faults(directory: Path) -> Iterator[ManifestFault]:
    """Files that no run leaves, and evidence that is not what its recording says."""
    for name, _ in walk(directory):
        if not _KNOWN_FILES.fullmatch(name):
            yield ManifestFault(name, "is no file of a run")
    for folder in sorted((directory / "evidence").glob("*")):
        try:
            for problem in hash_problems(folder):
                yield ManifestFault(f"evidence/{folder.name}/recording.yaml", problem)
        except (BandproofError, OSError) as error:
            yield ManifestFault(f"evidence/{folder.name}/recording.yaml", f"cannot be read: {error}")


def _manifest_faults(manifest: Mapping[str, Any], asked: AskedRun) -> Iterator[ManifestFault]:
    for part, value in (("run", asked.id), ("tool", asked.tool)):
        if manifest.get(part) != value:
            yield ManifestFault(MANIFEST, f"its {part} is {manifest.get(part)!r}, that of run.json {value!r}")


def _photograph_faults(directory: Path, document: Document) -> Iterator[ManifestFault]:
    there = {name for name, _ in walk(directory) if name.startswith("attachments/")}
    told = {one.file for one in document.photographs}
    told |= {page_picture(PurePosixPath(one.file)).as_posix() for one in document.photographs if one.picture}
    yield from (ManifestFault(name, "is a photograph that the report does not name") for name in sorted(there - told))
    yield from (ManifestFault(name, "is a photograph that is missing") for name in sorted(told - there))


def _time_faults(run: Run, document: Document) -> Iterator[ManifestFault]:
    """A run cannot have read what was asked after its end."""
    end = document.run.finished
    for name, survey in run.surveys.items():
        late = next((one for _, one in survey.exchanges if end and one.at and one.at > end), None)
        if late is not None:
            yield ManifestFault(
                REPORT_FILE, f"{name}: `{late.request}` was asked at {late.at}, after the run's end ({end})"
            )
    if end is not None and end < document.run.started:
        yield ManifestFault(REPORT_FILE, f"the run ends ({end}) before it starts ({document.run.started})")


def _require_shallow(directory: Path, name: str) -> None:
    """Raises FileError for JSON that is nested too deep to be read."""
    try:
        msgspec.json.decode(read_regular(directory, name))
    except RecursionError:
        raise FileError("is nested too deep", path=str(directory / name)) from None
    except (OSError, ValueError):
        return
