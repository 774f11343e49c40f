"""`history model` and `history build`: which build lost or gained a band, or met a requirement no more.

Compared are builds of one variant in the order in which they were first seen, each with the last one before it in which
the same layer was read, or the same requirement of the very same profile was decided. A layer that was not read and a
profile that was changed are no loss. What a sheet declares and what a device happened to attach to say nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.history.store import quoted
from harness.radio.tables import band_label

from .answer import DECISIVE, GOOD, VARIANT, HistoryAnswer, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duckdb import DuckDBPyConnection

_BY_NAME = f"""
SELECT DISTINCT model FROM history
WHERE row = 'device' AND (model = $model OR {VARIANT} = $model OR concat_ws(' ', manufacturer, model) = $model)
"""  # noqa: S608 - constants
_SAME = "manufacturer, model, hardware, region"
_BANDS = f"""
WITH builds AS (
    SELECT {VARIANT} AS variant, layer, rat, firmware, min(first) AS first, bool_or(unlimited) AS free,
        list_distinct(flatten(list(bands) FILTER (bands IS NOT NULL))) AS bands
    FROM (
        SELECT {_SAME}, layer, rat, firmware, bands, unlimited, min(started) AS first FROM history
        WHERE row = 'band' AND layer NOT IN ('declared', 'attached') AND firmware IS NOT NULL AND $of_models GROUP BY ALL
    ) GROUP BY ALL
), steps AS (
    SELECT *, lag(firmware) OVER w AS before, lag(bands) OVER w AS had, lag(free) OVER w AS was_free
    FROM builds WINDOW w AS (PARTITION BY variant, layer, rat ORDER BY first, firmware)
), moved AS (
    SELECT * FROM (
        SELECT 'lost' AS change, variant, layer, rat, unnest(list_filter(had, lambda b: NOT list_contains(bands, b)))
            AS band, before, firmware, first
        FROM steps WHERE before IS NOT NULL AND NOT free AND NOT was_free
        UNION ALL
        SELECT 'gained', variant, layer, rat, unnest(list_filter(bands, lambda b: NOT list_contains(had, b))),
            before, firmware, first
        FROM steps WHERE before IS NOT NULL AND NOT free AND NOT was_free
    )
)
SELECT m.change, m.variant, m.layer, m.rat, m.band, m.before, m.firmware, m.first,
    (SELECT arg_min(b.firmware, b.first) FROM builds b
     WHERE b.variant = m.variant AND b.layer = m.layer AND b.rat = m.rat AND b.first > m.first
       AND (b.free OR list_contains(b.bands, m.band)) = (m.change = 'lost')) AS back
FROM moved m ORDER BY m.change DESC, m.first, m.variant, m.layer, m.rat, m.band
"""  # noqa: S608 - constants
_VERDICTS = f"""
WITH builds AS (
    SELECT {VARIANT} AS variant, * EXCLUDE ({_SAME}) FROM (
        SELECT {_SAME}, policy, carrier, edition, profile, requirement, firmware, min(started) AS first,
            bool_or(verdict IN {GOOD}) AS good, any_value(reason) FILTER (verdict = 'FAIL') AS reason
        FROM history
        WHERE row = 'verdict' AND verdict IN {DECISIVE} AND profile IS NOT NULL AND firmware IS NOT NULL AND $of_models
        GROUP BY ALL
    )
), steps AS (
    SELECT *, lag(firmware) OVER w AS before, lag(good) OVER w AS was_good
    FROM builds
    WINDOW w AS (PARTITION BY variant, policy, carrier, edition, profile, requirement ORDER BY first, firmware)
)
SELECT if(s.good, 'gained', 'lost') AS change, s.variant, s.carrier || '@' || s.edition AS edition, s.policy,
    s.requirement, s.before, s.firmware, s.first,
    (SELECT arg_min(b.firmware, b.first) FROM builds b
     WHERE b.variant = s.variant AND b.policy = s.policy AND b.carrier = s.carrier AND b.edition = s.edition
       AND b.profile = s.profile AND b.requirement = s.requirement AND b.first > s.first AND b.good <> s.good) AS back,
    s.reason
FROM steps s WHERE s.before IS NOT NULL AND s.good <> s.was_good
ORDER BY change DESC, s.first, s.variant, edition, s.policy, s.requirement
"""  # noqa: S608 - constants
_LEGEND = "✓ there · ✗ not there · empty: this build is not compared here"
_COLUMNS = ("change", "device", "what", "of", "build_before", "build", "first_seen", "undone_by", "reason")


def lost_by_model(con: DuckDBPyConnection, model: str | None) -> HistoryAnswer:
    """The first build of each variant that lost a band or a requirement; `model` None: of all models."""
    of = _of_models(con, model)
    rows = tuple(row for row in _changes(con, of) if row[0] == "lost")
    title = f"What builds of {model or 'all models'} lost"
    return HistoryAnswer("model", title, _COLUMNS, rows, _notes(con, of, rows), _picture_of(rows), _LEGEND)


def changes_of_build(con: DuckDBPyConnection, build: str, model: str | None = None) -> HistoryAnswer:
    """What a build lost and gained against the one before it."""
    of_it = f"SELECT DISTINCT {VARIANT} FROM history WHERE row = 'device' AND firmware = $build"  # noqa: S608
    _, variants = ask(con, of_it, {"build": build})
    if model is None:
        _, found = ask(
            con, "SELECT DISTINCT model FROM history WHERE row = 'device' AND firmware = $build", {"build": build}
        )
        of = _among(one for (one,) in found)
    else:
        of = _of_models(con, model)
    rows = tuple(row for row in _changes(con, of) if row[5] == build)
    notes = [f"seen on {one}" for (one,) in sorted(variants)] or [
        "no run of this history has read a device of this build"
    ]
    title = f"What build {build} changed"
    return HistoryAnswer("build", title, _COLUMNS, rows, tuple(notes), _picture_of(rows), _LEGEND)


def _picture_of(rows: tuple[tuple[Any, ...], ...]) -> Callable[[], str]:
    def draw() -> str:
        from .picture import changes_picture

        return changes_picture(rows)

    return draw


def _of_models(con: DuckDBPyConnection, model: str | None) -> str:
    """The condition on rows that are of a model, named in any of the ways; of all models where it is None."""
    if model is None:
        return "true"
    _, found = ask(con, _BY_NAME, {"model": model})
    return _among(one for (one,) in found)


def _among(models: Iterable[str | None]) -> str:
    known = [one for one in models if one is not None]
    return f"model IN ({', '.join(map(quoted, known))})" if known else "false"


def _changes(con: DuckDBPyConnection, of: str) -> list[tuple[Any, ...]]:
    _, bands = ask(con, _BANDS.replace("$of_models", of), {})
    found: list[tuple[Any, ...]] = []
    for change, variant, layer, rat, band, before, build, first, back in bands:
        found.append((change, variant, _name(rat, band), layer, before, build, first, back, None))
    _, verdicts = ask(con, _VERDICTS.replace("$of_models", of), {})
    for change, variant, edition, policy, requirement, before, build, first, back, reason in verdicts:
        found.append((change, variant, requirement, f"{edition} {policy}", before, build, first, back, reason))
    return found


def _name(rat: str, band: int) -> str:
    """`LTE B13`, `NR SA n71`, `UMTS 2`."""
    word, label = rat.upper().replace("_", " "), band_label(rat, band)
    return label if label.startswith(word) else f"{word} {label}"


def _notes(con: DuckDBPyConnection, of: str, rows: tuple[tuple[Any, ...], ...]) -> tuple[str, ...]:
    counts = (
        "SELECT count(*) FILTER (row = 'device'), count(*) FILTER (row = 'verdict' AND profile IS NULL) "  # noqa: S608
        f"FROM history WHERE row IN ('device', 'verdict') AND {of}"
    )
    _, ((devices, unhashed),) = ask(con, counts, {})
    notes = []
    if not devices:
        notes.append("no run of this history has read a device of this model")
    elif not rows:
        notes.append("no build lost anything that another build of the same variant had")
    if unhashed:
        notes.append(f"{unhashed} verdicts of older runs do not tell by which profile: they are not compared")
    return tuple(notes)
