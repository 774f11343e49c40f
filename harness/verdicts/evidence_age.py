"""How old the evidence of a device is, by the times of its own exchanges: a replay of today makes nothing new."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from .verdict import Outcome, Verdict
from .ways_out import AGAIN

if TYPE_CHECKING:
    from harness.survey.survey import Survey

_DECIDED = frozenset({Outcome.PASS, Outcome.PASS_NOTE, Outcome.FAIL, Outcome.WAIVED})


def oldest_day(survey: Survey) -> date | None:
    """The day of the oldest exchange; None where one of them does not tell its time, or there is none."""
    days = [_day(exchange.at) for _, exchange in survey.exchanges]
    return min((day for day in days if day is not None), default=None) if None not in days else None


def in_time(verdict: Verdict, survey: Survey, *, day: date, most_days: int) -> Verdict:
    """The verdict, INCONC where it rests on evidence that is older than that on the day, or of an unknown day."""
    if verdict.outcome not in _DECIDED:
        return verdict
    read = oldest_day(survey)
    limit = f"at most {most_days} days are taken; read the device again"
    if read is None:
        why = f"when the evidence was read is not told: {limit}"
    elif (day - read).days > most_days:
        why = f"the evidence is of {read}, {(day - read).days} days old: {limit}"
    elif read > day:
        why = f"the evidence is of {read}, after the run: {limit}"
    else:
        return verdict
    return replace(verdict, outcome=Outcome.INCONC, reason=f"{verdict.reason}; {why}", ways_out=(AGAIN,))


def _day(at: str | None) -> date | None:
    try:
        return date.fromisoformat((at or "")[:10])
    except ValueError:
        return None
