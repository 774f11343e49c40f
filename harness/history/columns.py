"""The columns of the history: one table, one row a fact, `row` says of what. A run is one commit, whole or not at all."""

from __future__ import annotations

SCHEMA = "bandproof.history/1"

_RUN = {
    "month": "VARCHAR",
    "row": "VARCHAR",
    "run": "VARCHAR",
    "started": "TIMESTAMP",
    "lab": "VARCHAR",
    "bench": "VARCHAR",
    "tool": "VARCHAR",
    "data": "VARCHAR",
    "policy": "VARCHAR",
    "as_of": "VARCHAR",
    "require_grade": "VARCHAR",
}
_RUN_ALONE = {
    "report": "VARCHAR",
    "finished": "TIMESTAMP",
    "complete": "BOOLEAN",
    "tester": "VARCHAR",
}
_DEVICE = {
    "key": "VARCHAR",
    "device": "VARCHAR",
    "sample": "VARCHAR",
    "kind": "VARCHAR",
    "manufacturer": "VARCHAR",
    "model": "VARCHAR",
    "hardware": "VARCHAR",
    "region": "VARCHAR",
    "firmware": "VARCHAR",
    "sim": "VARCHAR",
    "provenance": "VARCHAR",
}
_DEVICE_ALONE = {"build": "VARCHAR", "baseband": "VARCHAR", "trouble": "VARCHAR"}
_JUDGED = {
    "carrier": "VARCHAR",
    "edition": "VARCHAR",
    "profile": "VARCHAR",
    "verdict": "VARCHAR",
    "grade": "VARCHAR",
}
_RESULT_ALONE = {"name": "VARCHAR", "met": "INTEGER", "asked": "INTEGER", "missing": "VARCHAR[]", "not_run": "INTEGER"}
_VERDICT_ALONE = {"requirement": "VARCHAR", "level": "VARCHAR", "reason": "VARCHAR", "evidence": "VARCHAR[]"}
_BANDS_ALONE = {"layer": "VARCHAR", "rat": "VARCHAR", "bands": "INTEGER[]", "unlimited": "BOOLEAN"}
_TRIAL_ALONE = {
    "grade": "VARCHAR",
    "rat": "VARCHAR",
    "band": "INTEGER",
    "plan": "VARCHAR",
    "why": "VARCHAR",
    "on_air": "BOOLEAN",
    "lock_state": "VARCHAR",
    "registered": "BOOLEAN",
    "fresh": "BOOLEAN",
    "served_rat": "VARCHAR",
    "served_band": "INTEGER",
    "sources_differ": "BOOLEAN",
    "network": "VARCHAR",
    "denied": "BOOLEAN",
    "cause": "INTEGER",
    "attach_s": "DOUBLE",
    "rsrp_dbm": "DOUBLE",
    "rsrq_db": "DOUBLE",
    "sinr_db": "DOUBLE",
}

VIEWS: dict[str, dict[str, str]] = {
    "runs": _RUN | _RUN_ALONE,
    "devices": _RUN | _DEVICE | _DEVICE_ALONE,
    "results": _RUN | _DEVICE | _JUDGED | _RESULT_ALONE,
    "verdicts": _RUN | _DEVICE | _JUDGED | _VERDICT_ALONE,
    "bands": _RUN | _DEVICE | _BANDS_ALONE,
    "trials": _RUN | _DEVICE | _TRIAL_ALONE,
}
"""What can be asked for -> its columns. The name without its last letter is what `row` says."""

COLUMNS: dict[str, str] = {name: kind for view in VIEWS.values() for name, kind in view.items()}


def row_of(view: str) -> str:
    """What the column `row` says of the rows of a view."""
    return view.removesuffix("s")
