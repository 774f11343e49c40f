"""`report.json` (`bandproof.report/1`): the same evidence and profiles give the same `verdicts`, byte for byte."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from harness import __version__
from harness.recording.writer import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from harness.survey.model import Survey
    from harness.verdicts.facts import Declared

SCHEMA = "bandproof.report/1"
STATEMENT = "RF band fit only; not a carrier acceptance, and not an accredited report."
OUTCOMES = ("PASS", "PASS_NOTE", "FAIL", "INCONC", "ERROR", "NA", "WAIVED")


def write_json(
    file: Path,
    *,
    run: Mapping[str, Any],
    surveys: Sequence[Survey],
    declared: Mapping[str, Declared | None],
    verdicts: Sequence[Mapping[str, Any]],
) -> None:
    """Write the report atomically. `verdicts` are `Verdict.as_json()`, in any order; they are put in a fixed one."""
    document = {
        "schema": SCHEMA,
        "statement": STATEMENT,
        "run": {
            **run,
            "tool": f"bandproof {__version__}",
            "finished": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        },
        "lab": {},
        "devices": [_device(survey, declared.get(survey.device)) for survey in surveys],
        "verdicts": sorted(verdicts, key=_order),
        "summary": summary(verdicts),
    }
    write_atomically(file, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())


def summary(verdicts: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many of each verdict."""
    counts = Counter(verdict["verdict"] for verdict in verdicts)
    return {outcome: counts[outcome] for outcome in OUTCOMES}


def _order(verdict: Mapping[str, Any]) -> tuple[str, str, str, str]:
    return (verdict["device"], verdict["carrier"], verdict["edition"], verdict["requirement"])


def _device(survey: Survey, declared: Declared | None) -> dict[str, Any]:
    identity = survey.identity.as_json()
    return {
        "device": survey.device,
        "address": survey.address,
        "kind": survey.kind,
        "label": survey.label,
        "provenance": survey.provenance,
        "identity": {k: v for k, v in identity.items() if v is not None and k not in {"kind", "grade", "source"}},
        "declared_by": declared.sheet if declared else None,
        "declared_bands": {rat: list(b) for rat, b in declared.bands.items() if b is not None} if declared else {},
        "trouble": survey.trouble,
        "warnings": list(survey.warnings),
        "observations": [item.as_json() for item in survey.observations],
    }
