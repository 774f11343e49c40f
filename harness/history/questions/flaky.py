"""`history flaky`: requirements that one piece with one build met and did not meet, by the same profile, by turns."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .answer import DECISIVE, GOOD, HistoryAnswer, ask, now_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS = 90
_SAME = "key, firmware, policy, carrier, edition, profile, requirement"
_SQL = f"""
WITH decided AS (
    SELECT {_SAME}, device, started, verdict IN {GOOD} AS good, reason
    FROM history WHERE row = 'verdict' AND verdict IN {DECISIVE} AND started >= $since
), mixed AS (SELECT {_SAME} FROM decided GROUP BY ALL HAVING bool_or(good) AND NOT bool_and(good)),
turns AS (
    SELECT d.*, lag(good) OVER (PARTITION BY {", ".join(f"d.{one}" for one in _SAME.split(", "))} ORDER BY started)
        AS before
    FROM decided d JOIN mixed b ON {" AND ".join(f"d.{one} IS NOT DISTINCT FROM b.{one}" for one in _SAME.split(", "))}
)
SELECT arg_max(device, started) AS device, key, firmware AS build, carrier || '@' || edition AS edition, policy, requirement,
    count(*) FILTER (good <> before) AS flips, count(*) AS runs, count(*) FILTER (NOT good) AS failed,
    max(started) AS last, arg_max(if(good, 'PASS', 'FAIL'), started) AS last_verdict,
    arg_max(reason, started) FILTER (NOT good) AS reason
FROM turns GROUP BY {_SAME} ORDER BY flips DESC, failed DESC, device, edition, requirement
"""  # noqa: S608 - constants


def month_since(days: int, now: datetime | None = None) -> tuple[datetime, str]:
    """The moment so many days ago, and its month: files of months before need not be read."""
    since = (now or now_utc()) - timedelta(days=days)
    return since, since.strftime("%Y-%m")


def flaky(con: DuckDBPyConnection, since: datetime) -> HistoryAnswer:
    """Requirements that flipped since that moment. INCONC, ERROR, NA and waivers are no flips; a new build is none."""
    columns, rows = ask(con, _SQL, {"since": since})
    notes = () if rows else ("nothing was both met and not met by the same piece, build and profile",)
    return HistoryAnswer("flaky", f"Flaky requirements since {since:%Y-%m-%d}", columns, tuple(rows), notes)
