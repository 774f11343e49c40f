"""A finished run as a CloudEvent (specification 1.0, structured JSON): what it came to, and no personal data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from harness.reports.run.folder import run_key

if TYPE_CHECKING:
    from harness.reports.document.document import Document

TYPE = "io.bandproof.run.finished"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def event_of(document: Document) -> dict[str, Any]:
    """The event. `source` and `id` together are of this run alone: sent twice, it is the same event."""
    run = document.run
    bench = "/".join(quote(part, safe="") for part in (document.lab.name or "lab", run.bench or "bench"))
    return {
        "specversion": "1.0",
        "id": run.key or run_key(run.started, run.id),
        "source": f"/bandproof/{bench}",
        "type": TYPE,
        "subject": run.number,
        "time": run.finished or run.started,
        "datacontenttype": "application/json",
        "data": {
            "run": run.key or run_key(run.started, run.id),
            "report": run.number,
            "tool": run.tool,
            "started": run.started,
            "finished": run.finished,
            "complete": run.complete,
            "policy": str(run.policy),
            "answer": document.answer,
            "summary": {outcome.name: count for outcome, count in document.summary.counts().items()},
            "devices": [
                {"device": one.device, "key": one.key, "label": one.label, "firmware": one.firmware}
                for one in document.devices
            ],
            "results": [
                {
                    "device": one.device,
                    "carrier": one.carrier,
                    "edition": one.edition,
                    "verdict": one.verdict.name,
                    "met": one.met,
                    "asked": one.asked,
                }
                for one in document.results
            ],
        },
    }


def encoded_event(document: Document) -> bytes:
    """The event as JSON in UTF-8."""
    return json.dumps(event_of(document), ensure_ascii=False).encode("utf-8", "replace")
