"""The sample report that lies in the repository."""

from __future__ import annotations

import json
from pathlib import Path

from harness.reports.document.schemas import schema
from harness.reports.run.seals.manifest import check

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


def test_the_sample_report_is_what_it_was() -> None:
    assert check(SAMPLE)[0] == []


def test_the_sample_report_follows_the_schema() -> None:
    import jsonschema

    jsonschema.validate(json.loads((SAMPLE / "report.json").read_text(encoding="utf-8")), schema())
