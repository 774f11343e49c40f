"""Dates as profiles write them: a year, a month or a day, each standing for a period."""

from __future__ import annotations

import calendar
import re
from datetime import date

PATTERN = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_SHAPE = re.compile(PATTERN)


def period(text: str) -> tuple[date, date]:
    """First and last day of "2017", "2017-03" or "2017-03-24". Raises ValueError for anything else."""
    if _SHAPE.fullmatch(text) is None:
        raise ValueError(f"not a date: {text!r}")
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(*parts)
        return day, day
    if len(parts) == 2:
        year, month = parts
        first = date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def first_day(text: str) -> date:
    """The day from which a fact dated `text` holds."""
    return period(text)[0]


def last_day(text: str) -> date:
    """The last day that `text` names; what a user who asks for "2017" means to include."""
    return period(text)[1]


def is_date(text: str) -> bool:
    """Whether `text` is a date of this form that the calendar has."""
    try:
        period(text)
    except ValueError:
        return False
    return True


def a_year_after(day: date) -> date:
    """The same day one year on; 1 March for a leap day."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)
