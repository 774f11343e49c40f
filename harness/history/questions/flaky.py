"""`history flaky`: requirements that one piece with one build met and did not meet, by the same profile, by turns.

Where build or profile are not known, they are not known to be the same. Another SIM, policy or grade asks something else.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from .answer import DECISIVE, HistoryAnswer, ask, now_utc

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

DAYS = 90
_SAME = "key, firmware, sim, require_grade, policy, carrier, edition, profile, requirement"
_OF = (
    f"row = 'verdict' AND firmware IS NOT NULL AND profile IS NOT NULL AND verdict IN {DECISIVE} AND started >= $since"
)
_IS_SAME = " AND ".join(f"d.{one} IS NOT DISTINCT FROM f.{one}" for one in _SAME.split(", "))
# What failed is little: it is numbered, and all else is first sifted by a hash, which is twice as quick as a join by texts.
_SQL = f"""
WITH failed AS MATERIALIZED (
    SELECT {_SAME}, arg_max(reason, (started, run)) AS reason, row_number() OVER () AS number
    FROM history WHERE {_OF} AND verdict = 'FAIL' GROUP BY {_SAME}
), decided AS (
    SELECT f.number, d.device, d.started, d.run, d.verdict <> 'FAIL' AS good
    FROM (
        SELECT {_SAME}, device, started, run, verdict FROM history
        WHERE {_OF} AND hash({_SAME}) IN (SELECT hash({_SAME}) FROM failed)
    ) d JOIN failed f ON {_IS_SAME}
), turns AS (
    SELECT *, lag(good) OVER (PARTITION BY number ORDER BY started, run) AS before,
        row_number() OVER (PARTITION BY number ORDER BY started DESC, run DESC) AS place
    FROM decided
), mixed AS (
    SELECT number, any_value(device) FILTER (place = 1) AS device, count(*) FILTER (good <> before) AS flips,
        count(*) AS runs, count(*) FILTER (NOT good) AS failed, max(started) AS last,
        bool_or(good AND place = 1) AS is_good
    FROM turns GROUP BY number HAVING bool_or(good)
)
SELECT m.device, f.key, f.firmware AS build, f.carrier || '@' || f.edition AS edition, f.policy, f.requirement, m.flips,
    m.runs, m.failed, m.last, if(m.is_good, 'PASS', 'FAIL') AS last_verdict, f.reason
FROM mixed m JOIN failed f USING (number)
ORDER BY m.flips DESC, m.failed DESC, m.device, f.carrier, f.edition, f.requirement, f.key, build, f.policy, f.profile, f.sim,
    f.require_grade
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
