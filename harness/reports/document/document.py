"""`report.json` (`bandproof.report/3`): the one document of a run. Every other form renders only this and the exchanges.

The same evidence and profiles give the same `verdicts`, byte for byte. Documents of `bandproof.report/1` and `/2` are
read too.
The published schema is `schema/report.schema.json` beside this module; `python -m harness.reports.document.schemas`
writes it anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from harness.errors import FileError
from harness.recording.writer import write_atomically
from harness.reports.document.lab_entries import LabEntry, NoteEntry, PhotographEntry, SubmissionEntry
from harness.verdicts.verdict import Outcome

from .entries import CarrierResult, DeviceEntry, EditionEntry, FileEntry, OwnCaseEntry, RunEntry, VerdictEntry, Words
from .papers import PapersEntry
from .told_facts import ToldFacts, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SCHEMA: Literal["bandproof.report/3"] = "bandproof.report/3"
REPORT_FILE = "report.json"
STATEMENT = "RF band fit only; not a carrier acceptance, and not an accredited report."

_RESTS_ON_A_GRADE = {
    "if": {"properties": {"verdict": {"enum": ["PASS", "PASS_NOTE"]}}},
    "then": {"properties": {"grade": {"type": "string"}}},
}
_IS_LEFT_OPEN = {
    "if": {"properties": {"not_run": {"minItems": 1}}},
    "then": {"properties": {"verdict": {"enum": ["INCONC", "FAIL", "ERROR"]}}},
}


class Summary(Struct, frozen=True):
    """How many of each verdict."""

    PASS: Annotated[int, Meta(ge=0)] = 0
    PASS_NOTE: Annotated[int, Meta(ge=0)] = 0
    FAIL: Annotated[int, Meta(ge=0)] = 0
    INCONC: Annotated[int, Meta(ge=0)] = 0
    ERROR: Annotated[int, Meta(ge=0)] = 0
    NA: Annotated[int, Meta(ge=0)] = 0
    WAIVED: Annotated[int, Meta(ge=0)] = 0

    def counts(self) -> dict[Outcome, int]:
        """Outcome -> count, in the order in which reports count them."""
        return {Outcome[name]: getattr(self, name) for name in self.__struct_fields__}


class Document(Struct, frozen=True, kw_only=True):
    """All that any form of a report shows."""

    schema: Literal["bandproof.report/3", "bandproof.report/2", "bandproof.report/1"]
    statement: Words
    answer: Words
    """The whole run in one sentence."""
    run: RunEntry
    lab: LabEntry
    results: tuple[Annotated[CarrierResult, Meta(extra_json_schema=_IS_LEFT_OPEN)], ...]
    devices: Annotated[tuple[DeviceEntry, ...], Meta(min_length=1)]
    editions: tuple[EditionEntry, ...]
    verdicts: tuple[Annotated[VerdictEntry, Meta(extra_json_schema=_RESTS_ON_A_GRADE)], ...]
    summary: Summary
    notes: tuple[NoteEntry, ...]
    photographs: tuple[PhotographEntry, ...]
    files: tuple[FileEntry, ...]
    submission: tuple[SubmissionEntry, ...]
    own_cases: tuple[OwnCaseEntry, ...] = ()
    """The laboratory's own cases: they decide nothing about a carrier."""
    papers: dict[str, PapersEntry] = {}
    """Per device: filled proformas and grants that were declared of it, held against it."""

    @property
    def deciding(self) -> Summary:
        """How many of each verdict of the requirements that can decide."""
        return summary_of(one for one in self.verdicts if one.level != "informative")

    @property
    def informative(self) -> str:
        """What the informative requirements came to, in words; empty where none was judged."""
        return informative_words(self.verdicts)

    @property
    def unjudged(self) -> list[tuple[str, Outcome]]:
        """Devices that no carrier judged, where others were: ERROR of one that could not be read, else INCONC."""
        judged = {one.device for one in self.results}
        rest = [one for one in self.devices if one.device not in judged] if judged else []
        return [(one.device, Outcome.ERROR if one.trouble else Outcome.INCONC) for one in rest]

    def results_of(self, device: str) -> list[CarrierResult]:
        """The results of one device."""
        return [one for one in self.results if one.device == device]

    def verdicts_of(self, device: str) -> list[VerdictEntry]:
        """The verdicts of one device."""
        return [one for one in self.verdicts if one.device == device]


def summary_of(verdicts: Iterable[VerdictEntry]) -> Summary:
    """How many of each verdict."""
    counts = dict.fromkeys(Summary.__struct_fields__, 0)
    for verdict in verdicts:
        counts[verdict.verdict.name] += 1
    return Summary(**counts)


def informative_words(verdicts: Iterable[VerdictEntry]) -> str:
    """`Informative, deciding nothing: 5 requirements, 2 of them met.`"""
    told = [one for one in verdicts if one.level == "informative"]
    met = sum(one.verdict in {Outcome.PASS, Outcome.PASS_NOTE} for one in told)
    word = "requirement" if len(told) == 1 else "requirements"
    return f"Informative, deciding nothing: {len(told)} {word}, {met} of them met." if told else ""


def encoded(document: Document) -> bytes:
    """A document as JSON in UTF-8 with one blank a level. A lone surrogate of a device becomes a question mark."""
    try:
        data = msgspec.json.encode(document, enc_hook=_plain)
    except UnicodeEncodeError:
        text = json.dumps(plain(document), ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "replace")
    return msgspec.json.format(data, indent=1) + b"\n"


def plain(part: object) -> Any:
    """A document, or a part of one, as dicts, lists, texts and numbers."""
    return msgspec.to_builtins(part, enc_hook=_plain)


def write_json(file: Path, document: Document) -> None:
    """Write the document atomically. Raises OSError."""
    write_atomically(file, encoded(document))


def load_document(run: Path) -> Document:
    """The `report.json` of a run's folder, or the file itself. Raises FileError."""
    path = run / REPORT_FILE if run.is_dir() else run
    if path.exists() and not path.is_file():
        raise FileError("is no regular file", path=str(path))
    try:
        return decoded(path.read_bytes())
    except FileNotFoundError:
        raise FileError("is no finished run: it has no report.json", path=str(run)) from None
    except (OSError, UnicodeDecodeError, msgspec.DecodeError, RecursionError) as error:
        raise FileError(f"cannot be read: {error}", path=str(path)) from None


def decoded(data: bytes) -> Document:
    """The document in JSON, be it of this schema or one before. Raises msgspec.DecodeError."""
    return msgspec.json.decode(data, type=Document, dec_hook=_told)


def document_from(told: object) -> Document:
    """The document that `plain` gave. Raises msgspec.ValidationError."""
    return msgspec.convert(told, Document, dec_hook=_told)


def _plain(part: object) -> Any:
    if isinstance(part, ToldFacts):
        return part.as_json()
    raise NotImplementedError(type(part).__name__)


def _told(wanted: type, told: Any) -> Any:
    if wanted is ToldFacts:
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            raise ValueError("facts are a list of objects")
        return facts_of(told)
    raise NotImplementedError(wanted.__name__)
