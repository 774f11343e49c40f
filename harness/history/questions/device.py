"""`history device`: the last verdicts of one piece, each with its build, its age, and since when it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .answer import WEIGHTS, HistoryAnswer, ask, days_since, now_utc

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

_SQL = f"""
WITH mine AS (
    SELECT key, device, policy, carrier, edition, requirement, verdict, grade, firmware, started, run, reason
    FROM history
    WHERE row = 'verdict' AND (key = $device OR device = $device OR sample = $device)
      AND ($carrier IS NULL OR carrier = $carrier)
), ranked AS (
    SELECT *, row_number() OVER w AS place, first_value(verdict) OVER w AS last,
        max(edition) OVER (PARTITION BY key, policy, carrier) AS newest
    FROM mine WINDOW w AS (PARTITION BY key, policy, carrier, edition, requirement ORDER BY started DESC, run DESC)
), counted AS (
    SELECT *, count(*) FILTER (verdict <> last) OVER w AS others FROM ranked WHERE edition = newest
    WINDOW w AS (PARTITION BY key, policy, carrier, requirement ORDER BY place ROWS UNBOUNDED PRECEDING)
), told AS (
    SELECT *, min(started) FILTER (others = 0) OVER (PARTITION BY key, policy, carrier, requirement) AS since FROM counted
)
SELECT key, device, policy, carrier, edition, requirement, verdict, grade, firmware, started, since, run, reason
FROM told WHERE place = 1
ORDER BY key, policy, carrier, edition, list_position({WEIGHTS}, verdict) DESC, requirement
"""  # noqa: S608 - constants


def last_verdicts(
    con: DuckDBPyConnection, device: str, *, carrier: str | None = None, now: datetime | None = None
) -> HistoryAnswer:
    """The last verdict on each requirement of the newest edition of each carrier that judged it, the heaviest first.

    `device` is a key, a sample's number or a name; of a name that several pieces had, each piece is told.
    """
    columns, rows = ask(con, _SQL, {"device": device, "carrier": carrier})
    today = now or now_utc()
    at = columns.index("started")
    aged = tuple((*row[: at + 1], days_since(row[at], today), *row[at + 1 :]) for row in rows)
    pieces = sorted({row[0] for row in rows})
    notes = [f"the name is that of {len(pieces)} pieces: {', '.join(pieces)}"] if len(pieces) > 1 else []
    if not rows:
        notes.append("no run of this history has a verdict on it")
    return HistoryAnswer(
        "device",
        f"Last verdicts of {device}",
        (*columns[: at + 1], "age_days", *columns[at + 1 :]),
        aged,
        tuple(notes),
    )
