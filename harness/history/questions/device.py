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
    SELECT *, row_number() OVER w AS place, max(edition) OVER (PARTITION BY key, policy, carrier) AS newest
    FROM mine WINDOW w AS (PARTITION BY key, policy, carrier, edition, requirement ORDER BY started DESC, run DESC)
), last AS (SELECT * FROM ranked WHERE place = 1 AND edition = newest),
streak AS (
    SELECT l.key, l.policy, l.carrier, l.edition, l.requirement, max(m.started) AS before
    FROM last l JOIN mine m USING (key, policy, carrier, edition, requirement)
    WHERE m.verdict <> l.verdict GROUP BY ALL
), since AS (
    SELECT m.key, m.policy, m.carrier, m.edition, m.requirement, min(m.started) AS since
    FROM mine m LEFT JOIN streak s USING (key, policy, carrier, edition, requirement)
    WHERE s.before IS NULL OR m.started > s.before GROUP BY ALL
)
SELECT l.key, l.device, l.policy, l.carrier, l.edition, l.requirement, l.verdict, l.grade, l.firmware, l.started, s.since,
    l.run, l.reason
FROM last l JOIN since s USING (key, policy, carrier, edition, requirement)
ORDER BY l.key, l.policy, l.carrier, l.edition, list_position({WEIGHTS}, l.verdict) DESC, l.requirement
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
