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
    limit = f"this run takes evidence of at most {_days(most_days)}"
    if read is None:
        why = f"the evidence does not tell when it was read, and {limit}"
    elif (day - read).days > most_days:
        why = f"the evidence was read on {read}, {_days((day - read).days)} before, and {limit}"
    elif read > day:
        why = f"the evidence was read on {read}, after the day of the run ({day})"
    else:
        return verdict
    return replace(verdict, outcome=Outcome.INCONC, reason=f"{verdict.reason}; {why}", ways_out=(AGAIN,))


def _days(number: int) -> str:
    return f"{number} day{'' if number == 1 else 's'}"


def _day(at: str | None) -> date | None:
    try:
        return date.fromisoformat((at or "")[:10])
    except ValueError:
        return None
