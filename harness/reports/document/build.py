"""From a run's surveys, editions and verdicts to its document. Nothing is judged here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.verdicts.result import results_of

from .beside import Beside
from .devices import device_entry, without_address
from .document import SCHEMA, STATEMENT, Document, summary_of
from .editions import editions_of
from .entries import AttemptEntry, VerdictEntry, place_of
from .evidence_dates import age
from .results import answer, result_entry
from .submission import submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.carriers.store import Selected
    from harness.requirements.bound import Bound
    from harness.survey.survey import Survey
    from harness.verdicts.verdict import Verdict

    from .entries import RunEntry


def build_document(
    *,
    run: RunEntry,
    bound: Sequence[Bound],
    plan: Iterable[tuple[str, Selected]],
    verdicts: Iterable[Verdict],
    remarks: Mapping[str, str] | None = None,
    beside: Beside | None = None,
) -> Document:
    """The document of one run. `bound`: its devices, in their order.

    `plan` names each device with each edition that it was to be judged by. `verdicts` may be in any order; the
    document keeps them in a fixed one, as they are but for a raw address.
    """
    planned, beside = list(plan), beside or Beside()
    remarks = remarks or {}
    editions = editions_of((selected for _, selected in planned), beside.profiles)
    kept = _kept(verdicts, [one.survey for one in bound])
    devices = tuple(device_entry(one, remark=remarks.get(one.survey.device)) for one in bound)
    results = tuple(map(result_entry, results_of(planned, kept)))
    entries = tuple(map(verdict_entry, kept))
    summary = summary_of(entries)
    deciding = summary_of(one for one in entries if one.level != "informative")
    rows = submission(run, beside, devices, editions, deciding)
    return Document(
        schema=SCHEMA,
        statement=STATEMENT,
        answer=" ".join(filter(None, (answer(devices, results), age(devices, run.started)))),
        run=run,
        lab=beside.lab,
        results=results,
        devices=devices,
        editions=editions,
        verdicts=entries,
        summary=summary,
        notes=beside.notes,
        photographs=beside.photographs,
        files=beside.files,
        submission=tuple(rows),
        own_cases=beside.own_cases,
        papers=dict(beside.papers),
    )


def verdict_entry(verdict: Verdict) -> VerdictEntry:
    """One verdict as the document keeps it."""
    return VerdictEntry(
        device=verdict.device,
        carrier=verdict.carrier,
        edition=verdict.edition,
        requirement=verdict.requirement,
        text=verdict.text,
        level=verdict.level,  # type: ignore[arg-type]
        verdict=verdict.outcome,
        reason=verdict.reason,
        grade=verdict.grade.word if verdict.grade else None,
        evidence=tuple(map(place_of, verdict.evidence)),
        attempts=tuple(AttemptEntry(one.outcome, one.reason) for one in verdict.attempts) or None,
        ways_out=verdict.ways_out,
    )


def shown_command(words: Iterable[str], surveys: Iterable[Survey]) -> tuple[str, ...]:
    """The words of the command line without serial numbers and IP addresses."""
    told = tuple(words)
    for survey in surveys:
        told = tuple(without_address(survey, word) for word in told)
    return told


def _kept(verdicts: Iterable[Verdict], surveys: Iterable[Survey]) -> list[Verdict]:
    """Verdicts in order of device, carrier, edition and requirement; a reason that quotes a raw address loses it."""
    by_name = {survey.device: survey for survey in surveys}
    kept = []
    for verdict in verdicts:
        survey = by_name.get(verdict.device)
        if survey is not None and _quotes(verdict, survey.address):
            attempts = tuple(replace(one, reason=without_address(survey, one.reason)) for one in verdict.attempts)
            kept.append(replace(verdict, reason=without_address(survey, verdict.reason), attempts=attempts))
        else:
            kept.append(verdict)
    return sorted(kept, key=lambda verdict: verdict.case)


def _quotes(verdict: Verdict, address: str) -> bool:
    reasons = (verdict.reason, *(one.reason for one in verdict.attempts))
    return any(part in reason for part in address.split(" + ") for reason in reasons)
