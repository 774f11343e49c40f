"""A finished run as Prometheus metrics (text format 0.0.4). No device's key or name is a label: they would never end."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.reports.document.document import Document

_Rows = list[tuple[dict[str, str], float]]


def metrics_of(document: Document) -> str:
    """The whole file."""
    run = document.run
    bench = {"lab": document.lab.name or "", "bench": run.bench or ""}
    began, ended = _seconds(run.started), _seconds(run.finished)
    results = Counter((one.carrier, one.verdict.name) for one in document.results)
    states = Counter("lost" if one.trouble else "read" for one in document.devices)
    lines = [
        *_gauge("bandproof_run_started_timestamp_seconds", "When the last run began", [(bench, began)]),
        *_gauge("bandproof_run_complete", "Whether the last run came to its end", [(bench, float(run.complete))]),
        *_gauge(
            "bandproof_verdicts",
            "Verdicts of the last run",
            [({**bench, "verdict": one.name}, count) for one, count in document.summary.counts().items()],
        ),
        *_gauge(
            "bandproof_results",
            "Devices of the last run by carrier and result",
            [({**bench, "carrier": one, "verdict": word}, count) for (one, word), count in sorted(results.items())],
        ),
        *_gauge(
            "bandproof_devices",
            "Devices of the last run, by whether they could be read to the end",
            [({**bench, "state": state}, states[state]) for state in ("read", "lost")],
        ),
    ]
    if run.finished:
        name, words = "bandproof_run_finished_timestamp_seconds", "When the report of the last run was written"
        lines += _gauge(name, words, [(bench, ended)])
    return "\n".join(lines) + "\n"


def _gauge(name: str, words: str, rows: _Rows) -> Iterator[str]:
    yield f"# HELP {name} {words}."
    yield f"# TYPE {name} gauge"
    yield from (f"{name}{_labels(labels)} {value:.15g}" for labels, value in rows)


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
