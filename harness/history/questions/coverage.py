"""`history carrier` and `history coverage`: what variants come to at carriers, on their newest build.

A cell is the heaviest of what its variants came to; a variant's is the heaviest of its pieces on the newest build that
the carrier judged (builds first seen at the same moment are both), of each its last by the newest edition for each grade
that was asked for. A piece whose build is not known may be of the newest. So PASS means that every variant that was asked
passed. Never asked is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.requirements.outcomes import Outcome, worst

from .answer import VARIANT, WEIGHTS, Cell, HistoryAnswer, ask, days_since, distinct, now_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from duckdb import DuckDBPyConnection

_LEGEND = "✓ met · ≈ met with a note · ✗ missing · ? cannot be told · W waived · empty: never asked"
_NO_MODEL = "(model not told)"
_CELLS = f"""
WITH asked AS (
    SELECT coalesce(concat_ws(' ', manufacturer, model), '') AS model, {VARIANT} AS variant, key, firmware, carrier, edition,
        verdict, require_grade, grade, met, asked, missing, started, run
    FROM history
    WHERE row = 'result' AND policy = $policy AND ($carrier IS NULL OR carrier = $carrier)
      AND ($country IS NULL OR starts_with(carrier, $country || '/'))
), builds AS (
    SELECT {VARIANT} AS variant, firmware, min(started) AS first FROM history
    WHERE row = 'device' AND firmware IS NOT NULL GROUP BY ALL
), newest AS (SELECT variant, max(first) AS newest FROM builds GROUP BY ALL),
judged AS (
    SELECT a.variant, a.carrier, max(b.first) AS judged FROM asked a JOIN builds b USING (variant, firmware) GROUP BY ALL
), ranked AS (
    SELECT a.*, b.first, row_number() OVER (
        PARTITION BY a.variant, a.carrier, a.key, a.firmware, a.require_grade
        ORDER BY a.edition DESC, a.started DESC, list_position({WEIGHTS}, a.verdict) DESC, a.run DESC
    ) AS place
    FROM asked a LEFT JOIN builds b USING (variant, firmware) LEFT JOIN judged j USING (variant, carrier)
    WHERE b.first = j.judged OR (a.firmware IS NULL AND (j.judged IS NULL OR a.started >= j.judged))
)
SELECT r.model, r.variant, r.carrier, r.edition, r.verdict, r.grade, r.met, r.asked, r.missing, r.firmware,
    r.first < n.newest AS older, r.started, r.run, r.key
FROM ranked r LEFT JOIN newest n USING (variant) WHERE r.place = 1
ORDER BY r.model, r.variant, r.carrier, r.key, r.started, r.run
"""  # noqa: S608 - constants


def carrier_results(
    con: DuckDBPyConnection, carrier: str, *, policy: str = "strict", now: datetime | None = None
) -> HistoryAnswer:
    """What each piece came to at one carrier."""
    values = {"policy": policy, "carrier": carrier, "country": None}
    _, rows = ask(con, _CELLS, values)
    today = now or now_utc()
    columns = (
        *("device", "edition", "verdict", "met", "asked", "missing", "grade", "build", "older_build"),
        *("started", "age_days", "run", "key"),
    )
    told = tuple(
        (
            variant or _NO_MODEL,
            edition,
            verdict,
            met,
            asked,
            missing,
            grade,
            build,
            older,
            started,
            days_since(started, today),
            *of,
        )
        for _, variant, _, edition, verdict, grade, met, asked, missing, build, older, started, *of in rows
    )
    told = tuple(sorted(told, key=lambda row: (-Outcome[row[2]].weight, row[0], row[-1])))
    notes = () if told else (f"no run of this history was judged by {carrier} under the policy {policy}",)
    return HistoryAnswer("carrier", f"Devices at {carrier}, {policy} policy", columns, told, notes)


def coverage(con: DuckDBPyConnection, *, country: str | None = None, policy: str = "strict") -> HistoryAnswer:
    """Models against carriers; a cell that nobody asked for is None."""
    _, rows = ask(con, _CELLS, {"policy": policy, "carrier": None, "country": country})
    found: dict[str, dict[str, list[Cell]]] = {}
    for row in rows:
        model = row[0] or _NO_MODEL
        found.setdefault(model, {}).setdefault(row[2], []).append(Cell(Outcome[row[4]], bool(row[10])))
    carriers = sorted({carrier for cells in found.values() for carrier in cells})
    table = {
        model: tuple(_joined(cells[one]) if one in cells else None for one in carriers)
        for model, cells in sorted(found.items())
    }
    told = tuple((model, *(cell.word if cell else None for cell in cells)) for model, cells in table.items())
    where = f" of {country}" if country else ""
    notes = ("an empty cell was never asked",) if told else ("no run of this history answers that",)
    title = f"Models at carriers{where}, {policy} policy"

    def draw() -> str:
        from .picture import coverage_picture

        return coverage_picture(carriers, table)

    return HistoryAnswer("coverage", title, distinct(("model", *carriers)), told, notes, draw, _LEGEND)


def _joined(cells: Iterable[Cell]) -> Cell:
    told = list(cells)
    return Cell(worst(one.verdict for one in told), any(one.older for one in told))
