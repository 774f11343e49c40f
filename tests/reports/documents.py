"""Documents for tests of writers: of real runs, made in the process, and of a few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from msgspec import convert

from harness.carriers.sheets import Sheets
from harness.carriers.store import Profiles
from harness.recording.exchange import Exchange
from harness.reports.document.beside import Beside
from harness.reports.document.build import build_document, shown_command
from harness.reports.document.document import Document, document_from, plain
from harness.reports.document.entries import FileEntry, RunEntry
from harness.reports.document.lab_entries import LabEntry, NoteEntry, PhotographEntry
from harness.reports.html.report import render_html
from harness.survey.survey import Survey
from harness.verdicts.plan import Run, plan_run
from harness.verdicts.verdict import Attempt, Outcome, Verdict, verdict_of

Made = tuple[dict[str, Any], dict[str, Sequence[tuple[str, Exchange]]]]
Make = Callable[..., Made]
RUN = {
    "id": "7f3a90c2",
    "key": "2026-11-21T14-03-11Z-7f3a90c2",
    "report": "2026-11-21-7f3a90c2",
    "started": "2026-11-21T14:03:11.000Z",
    "finished": "2026-11-21T14:03:12.500Z",
    "policy": "strict",
    "require_grade": "declared",
    "as_of": None,
    "adb": None,
    "tool": "bandproof 0.1.0",
    "command": ["pytest", "--device=fixture:x"],
}
CARRIERS = ("us/att@2017-03", "us/att@2024", "us/verizon@2024", "us/t-mobile@2024")


def made_of(surveys: Sequence[Survey], carriers: Sequence[str] = CARRIERS, **more: Any) -> Made:
    """The document of a run as plain values, for tests that look into it or change it; `typed` is the way back."""
    document, exchanges = built(surveys, carriers, **more)
    return plain(document), exchanges


def built(
    surveys: Sequence[Survey],
    carriers: Sequence[str] = CARRIERS,
    *,
    run: Mapping[str, Any] = RUN,
    verdicts: Sequence[Any] | None = None,
    **beside: Any,
) -> tuple[Document, dict[str, Sequence[tuple[str, Exchange]]]]:
    """The document of a run. `run`, `verdicts` and what stands beside them may be plain values."""
    planned = Run(surveys={survey.device: survey for survey in surveys})
    plan_run(planned, carriers, Profiles(), None, Sheets())
    judged = [planned.verdict(case) for case in planned.cases] if verdicts is None else map(_verdict, verdicts)
    told = {**RUN, **run}
    document = build_document(
        run=convert({**told, "command": shown_command(told["command"], surveys)}, RunEntry),
        bound=tuple(planned.bound.values()),
        plan=[(case.device, case.selected) for case in planned.cases],
        verdicts=judged,
        remarks=beside.pop("remarks", planned.remarks),
        beside=Beside(**{name: convert(value, _BESIDE[name]) for name, value in beside.items()}),
    )
    return document, {survey.device: survey.exchanges for survey in surveys}


_BESIDE: dict[str, Any] = {
    "lab": LabEntry,
    "notes": tuple[NoteEntry, ...],
    "photographs": tuple[PhotographEntry, ...],
    "files": tuple[FileEntry, ...],
    "supplied": dict[str, dict[str, str]],
    "profiles": dict[str, str],
}


def _verdict(told: Any) -> Verdict:
    if isinstance(told, Verdict):
        return told
    attempts = tuple(Attempt(Outcome[one["verdict"]], one["reason"]) for one in told.get("attempts", ()))
    return replace(verdict_of(told), attempts=attempts)


def typed(document: Mapping[str, Any]) -> Document:
    """The document of plain values, as writers take it."""
    return document_from(document)


def page_of(document: Document | Mapping[str, Any], exchanges: Any) -> str:
    """The HTML report."""
    return render_html(document if isinstance(document, Document) else typed(document), exchanges)


_DEVICE = {
    "device": "phone",
    "address": "phone",
    "kind": "handset",
    "label": "A phone",
    "provenance": None,
    "identity": {},
    "sims": [],
    "connection": {"links": [], "dialect": None, "elapsed_s": 0},
    "declared_by": None,
    "declared_bands": {},
    "sheet_remark": None,
    "layers": {},
    "disagreements": [],
    "trouble": None,
    "warnings": [],
    "observations": [],
    "exchanges": [],
}
_PARTS: dict[str, dict[str, Any]] = {
    "devices": _DEVICE,
    "results": {
        "device": "phone",
        "carrier": "us/att",
        "name": "AT&T",
        "edition": "2024",
        "verdict": "PASS",
        "met": 1,
        "asked": 1,
        "grade": None,
        "bands_asked": "",
        "missing": [],
        "missing_roles": [],
        "reasons": [],
        "not_run": [],
        "sentence": "meets",
    },
    "editions": {
        "carrier": "us/att",
        "name": "AT&T",
        "country": "US",
        "nature": "carrier",
        "plmns": [],
        "edition": "2024",
        "asked": "2024-12-31",
        "stale": False,
        "ended": None,
        "confidence": "A",
        "sources": [],
        "note": "",
        "not_assessed": [],
        "bands_asked": "",
        "requirements": [],
        "aliases": [],
        "voice": None,
    },
    "verdicts": {
        "device": "phone",
        "carrier": "us/att",
        "edition": "2024",
        "requirement": "R",
        "text": "",
        "level": "mandatory",
        "verdict": "PASS",
        "reason": "because",
        "grade": None,
        "evidence": [],
    },
}
_REQUIREMENT = {
    "id": "R",
    "kind": "band",
    "text": "",
    "level": "mandatory",
    "needed": "declared",
    "publishers": [],
    "authority": None,
    "as_of": None,
    "note": "",
}
_EXCHANGE = {
    "number": 0,
    "link": "adb",
    "request": "getprop",
    "at": None,
    "elapsed_ms": None,
    "exit_code": 0,
    "bytes": 0,
    "error": None,
}


def completed(told: Mapping[str, Any]) -> dict[str, Any]:
    """A whole document, plain, of the few parts that a test tells of it."""
    out = {
        "schema": "bandproof.report/3",
        "statement": "a statement",
        "answer": "an answer",
        "lab": {},
        "summary": {},
        **{name: [] for name in ("results", "editions", "verdicts", "notes", "photographs", "files", "submission")},
        "devices": [{}],
        **told,
        "run": {**RUN, **told.get("run", {})},
    }
    for name, part in _PARTS.items():
        out[name] = [{**part, **one} for one in out[name]]
    for edition in out["editions"]:
        edition["requirements"] = [{**_REQUIREMENT, **one} for one in edition["requirements"]]
    for device in out["devices"]:
        device["exchanges"] = [{**_EXCHANGE, "number": n, **one} for n, one in enumerate(device["exchanges"])]
    return out
