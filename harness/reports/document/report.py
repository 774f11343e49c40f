"""`report.json` (`bandproof.report/1`): the one document of a run. Every other writer renders only this and the exchanges.

The same evidence and profiles give the same `verdicts`, byte for byte. The published schema is
`schema/report.schema.json` beside this module.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness import __version__
from harness.recording.writer import write_atomically

from .devices import device_part, without_address
from .editions import editions_of
from .results import answer, results_of
from .submission import submission
from .words import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.carriers.store import Selected
    from harness.survey.survey import Survey
    from harness.verdicts.facts import Declared

SCHEMA = "bandproof.report/1"
SCHEMA_FILE = Path(__file__).with_name("schema") / "report.schema.json"
STATEMENT = "RF band fit only; not a carrier acceptance, and not an accredited report."


def build_document(
    *,
    run: Mapping[str, Any],
    surveys: Sequence[Survey],
    plan: Iterable[tuple[str, Selected]],
    declared: Mapping[str, Declared | None],
    verdicts: Sequence[Mapping[str, Any]],
    remarks: Mapping[str, str] | None = None,
    lab: Mapping[str, Any] | None = None,
    files: Sequence[Mapping[str, Any]] = (),
    notes: Sequence[Mapping[str, Any]] = (),
    photographs: Sequence[Mapping[str, Any]] = (),
    supplied: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The document of one run: plain dicts, lists, texts and numbers.

    `run` holds id, started, finished (UTC, ISO 8601), policy, require_grade, as_of, adb (version or None) and command
    (list of words). `notes` are the operator's: `about` (a device, a case's id, None for the run) and `text`. `plan`
    names each device with each edition that it was to be judged by. `verdicts` are `Verdict.as_json()` in any order;
    the document keeps them in a fixed one, as they are but for a raw address.
    """
    planned = list(plan)
    pairs = list(dict.fromkeys((device, selected.ref) for device, selected in planned))
    editions = editions_of(selected for _, selected in planned)
    by_ref = {f"{edition['carrier']}@{edition['edition']}": edition for edition in editions}
    kept = _kept(verdicts, surveys)
    document = {
        "schema": SCHEMA,
        "statement": STATEMENT,
        "answer": "",
        "run": {"adb": None, **run, "command": _command(run, surveys), "tool": f"bandproof {__version__}"},
        "lab": dict(lab or {}),
        "results": results_of([(device, by_ref[ref]) for device, ref in pairs], kept),
        "devices": [
            device_part(survey, declared.get(survey.device), (remarks or {}).get(survey.device)) for survey in surveys
        ],
        "editions": editions,
        "verdicts": kept,
        "summary": summary(kept),
        "notes": [dict(note) for note in notes],
        "photographs": [dict(one) for one in photographs],
        "files": [dict(file) for file in files],
    }
    document["answer"] = answer(document)
    document["submission"] = submission(document, supplied or {})
    return document


def write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write the document atomically, as UTF-8. A lone surrogate of a device becomes a question mark. Raises OSError."""
    write_atomically(file, indented(document))


def indented(document: Mapping[str, Any]) -> bytes:
    """A document as JSON with one blank a level; as `json.dumps(indent=1)`, in a third of its time."""
    from msgspec.json import format as laid_out

    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return laid_out(text.encode("utf-8", "replace"), indent=1) + b"\n"


def summary(verdicts: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each verdict."""
    counts = Counter(verdict["verdict"] for verdict in verdicts)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def schema() -> dict[str, Any]:
    """The published JSON Schema of the document."""
    found: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return found


def _command(run: Mapping[str, Any], surveys: Iterable[Survey]) -> list[str]:
    """The words of the command line without serial numbers and IP addresses."""
    words = [str(word) for word in run.get("command") or ()]
    for survey in surveys:
        words = [without_address(survey, word) for word in words]
    return words


def _kept(verdicts: Iterable[Mapping[str, Any]], surveys: Iterable[Survey]) -> list[dict[str, Any]]:
    """Verdicts in order of device, carrier, edition and requirement; a reason that quotes a raw address loses it."""
    by_name = {survey.device: survey for survey in surveys}
    kept = [dict(verdict) for verdict in verdicts]
    for verdict in kept:
        survey = by_name.get(verdict["device"])
        if survey is not None and survey.address in verdict["reason"]:
            verdict["reason"] = without_address(survey, verdict["reason"])
    return sorted(kept, key=lambda v: (v["device"], v["carrier"], v["edition"], v["requirement"]))
