"""What a question comes to: one table, and what must be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from harness.history.place import HistoryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from harness.requirements.outcomes import Outcome

GOOD = "('PASS', 'PASS_NOTE')"
DECISIVE = "('PASS', 'PASS_NOTE', 'FAIL')"
"""Verdicts that say whether something is there. An INCONC says nothing, and a waiver says that somebody answers for it."""
WEIGHTS = "['NA', 'PASS', 'PASS_NOTE', 'WAIVED', 'INCONC', 'FAIL', 'ERROR']"
VARIANT = "concat_ws(' ', manufacturer, model, hardware, region)"
"""A model name is not a device: what is compared is of one hardware and one market."""


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """One table."""

    question: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    draw: Callable[[], str] = str
    """Draws the picture: only a page shows it, and to draw it takes longer than to ask."""
    legend: str = ""
    """What the signs of the picture mean."""

    @property
    def picture(self) -> str:
        """SVG, for the page; empty where there is none."""
        return self.draw()

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as plain JSON values by column."""
        return [dict(zip(self.columns, map(_plain, row), strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Cell:
    """What the variants of a model came to at a carrier."""

    verdict: Outcome
    older: bool
    """Whether a newer build of one of them was seen, which this carrier's profile has not judged."""

    @property
    def word(self) -> str:
        """As a table shows it."""
        return f"{self.verdict.name} (older build)" if self.older else self.verdict.name


def ask(con: DuckDBPyConnection, sql: str, values: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Columns and rows of a query. Raises HistoryError with the library's words."""
    import duckdb

    try:
        cursor = con.execute(_text(sql), {name: _text(value) for name, value in values.items()})
        return distinct(column[0] for column in cursor.description or ()), cursor.fetchall()
    except duckdb.Error as error:
        raise HistoryError(f"the question cannot be answered: {' '.join(str(error).split())[:400]}") from None


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """The names of columns, each once whatever the case of its letters: rows are told by them."""
    found: dict[str, str] = {}
    for name in names:
        one, number = name, 1
        while one.casefold() in found:
            number += 1
            one = f"{name} ({number})"
        found[one.casefold()] = one
    return tuple(found.values())


def days_since(moment: datetime, now: datetime) -> int:
    """Whole days that have passed; 0 where the clock of the run was ahead."""
    return max(0, (now.replace(tzinfo=None) - moment).days)


def now_utc() -> datetime:
    """The moment, as the table keeps moments: without a zone, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def _text(value: Any) -> Any:
    """What is no text, as the table keeps it."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _plain(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
