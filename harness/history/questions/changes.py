"""`history model` and `history build`: which build lost or gained a band, or met a requirement no more.

Compared are builds of one variant in the order in which they were first seen, each with the last one before it that tells
of the same thing: of a band of the same layer, or of a requirement of the very same profile. A layer that was not read, a
profile that was changed, another SIM and a build whose reads differ among themselves tell nothing; nor does what a sheet
declares or a device happened to attach to. Of builds first seen at the same moment none comes before the other.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from harness.history.store import quoted
from harness.radio.tables import band_label

from .answer import DECISIVE, HistoryAnswer, ask

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

_SAME = "manufacturer, model, hardware, region"
_BUILDS = f"""
SELECT {_SAME}, firmware, min(started), count(*) FROM history WHERE row = 'device' AND model IS NOT NULL GROUP BY ALL
"""  # noqa: S608 - constants
# What only the hardware decides does not depend on the card; what a carrier's policy enables does.
_BANDS = f"""
WITH reads AS (
    SELECT DISTINCT {_SAME}, layer, rat, if(layer = 'hardware', NULL, sim) AS sim, firmware, bands FROM history
    WHERE row = 'band' AND layer NOT IN ('declared', 'attached') AND firmware IS NOT NULL AND $of_models
)
SELECT {_SAME}, layer, rat, sim, firmware, bands FROM reads
WINDOW p AS (PARTITION BY {_SAME}, layer, rat, sim) QUALIFY min(bands) OVER p <> max(bands) OVER p
ORDER BY ALL
"""  # noqa: S608 - constants
_ASKED = "carrier, edition, policy, requirement, profile, sim, require_grade"
_VERDICTS = f"""
WITH decided AS (
    SELECT {_SAME}, {_ASKED}, firmware, verdict = 'FAIL' AS failed, max(if(verdict = 'FAIL', reason, NULL)) AS reason
    FROM history
    WHERE row = 'verdict' AND verdict IN {DECISIVE} AND profile IS NOT NULL AND firmware IS NOT NULL AND $of_models
    GROUP BY ALL
)
SELECT {_SAME}, {_ASKED}, firmware, failed, reason FROM decided
WINDOW p AS (PARTITION BY {_SAME}, {_ASKED}) QUALIFY min(failed) OVER p <> max(failed) OVER p
ORDER BY ALL
"""  # noqa: S608 - constants
_LEGEND = "✓ there · ✗ not there · empty: this build is not compared here"
_COLUMNS = ("change", "device", "what", "of", "build_before", "build", "first_seen", "undone_by", "reason")

_Variant = tuple[str | None, ...]
"""Maker, model, hardware, market: a model name is not a device."""


class _Build(NamedTuple):
    """A build of one variant."""

    first: datetime
    name: str


class _Change(NamedTuple):
    """What differs from one build to the next that tells of it."""

    is_lost: bool
    before: _Build
    build: _Build
    back: str | None


class _Seen:
    """The builds of every variant of the models that are asked about."""

    def __init__(self, con: DuckDBPyConnection, model: str | None, build: str | None = None) -> None:
        _, rows = ask(con, _BUILDS, {})
        named = {row[1] for row in rows if (model is None or model in _names(row[:4])) and (build in {None, row[4]})}
        self.rows = [row for row in rows if row[1] in named]
        self.devices = sum(row[6] for row in self.rows)
        self.of = f"model IN ({', '.join(map(quoted, sorted(named)))})" if named else "false"
        self._first = {(row[:4], row[4]): row[5] for row in self.rows}

    def build(self, variant: _Variant, name: str) -> _Build:
        """A build, and when it was first seen, whatever was read of it."""
        return _Build(self._first[variant, name], name)

    def variants_of(self, build: str) -> list[str]:
        """The variants on which a build was seen."""
        return sorted({_words(row[:4]) for row in self.rows if row[4] == build})


def lost_by_model(con: DuckDBPyConnection, model: str | None) -> HistoryAnswer:
    """The first build of each variant that lost a band or a requirement; `model` None: of all models."""
    seen = _Seen(con, model)
    found, differing = _changes(con, seen)
    rows = tuple(row for row in found if row[0] == "lost")
    notes = []
    if not seen.devices:
        notes.append("no run of this history has read a device of this model")
    elif not rows:
        notes.append("no build lost anything that another build of the same variant had")
    notes += _left_out(con, seen, differing)
    title = f"What builds of {model or 'all models'} lost"
    return HistoryAnswer("model", title, _COLUMNS, rows, tuple(notes), _picture_of(rows), _LEGEND)


def changes_of_build(con: DuckDBPyConnection, build: str, model: str | None = None) -> HistoryAnswer:
    """What a build lost and gained against the one before it."""
    seen = _Seen(con, model, build)
    found, differing = _changes(con, seen)
    rows = tuple(row for row in found if row[5] == build)
    variants = seen.variants_of(build)
    notes = [f"seen on {one}" for one in variants]
    if not variants:
        notes.append("no run of this history has read a device of this build")
    elif not rows:
        notes.append("nothing differs from a build before it that tells of the same")
    notes += _left_out(con, seen, {one for one in differing if one[1] == build})
    title = f"What build {build} changed"
    return HistoryAnswer("build", title, _COLUMNS, rows, tuple(notes), _picture_of(rows), _LEGEND)


def _names(variant: _Variant) -> set[str]:
    maker, model, *_ = variant
    return {str(model), _words((maker, model)), _words(variant)}


def _words(parts: Iterable[str | None]) -> str:
    return " ".join(one for one in parts if one is not None)


def _picture_of(rows: tuple[tuple[Any, ...], ...]) -> Callable[[], str]:
    def draw() -> str:
        from .picture import changes_picture

        return changes_picture(rows)

    return draw


def _left_out(con: DuckDBPyConnection, seen: _Seen, differing: Collection[tuple[str, str]]) -> Iterator[str]:
    """What is not compared, and why."""
    if differing:
        what = ", ".join(sorted({one for one, _ in differing})[:5])
        yield f"not told of builds whose own reads differ: {what}{' …' if len({*differing}) > 5 else ''}"
    count = f"SELECT count(*) FROM history WHERE row = 'verdict' AND profile IS NULL AND {seen.of}"  # noqa: S608
    _, ((unhashed,),) = ask(con, count, {})
    if unhashed:
        yield f"{unhashed} verdicts of older runs do not tell by which profile: they are not compared"


def _changes(con: DuckDBPyConnection, seen: _Seen) -> tuple[list[tuple[Any, ...]], set[tuple[str, str]]]:
    """The rows, and each thing and build that is left out because the reads of that build differ."""
    differing: set[tuple[str, str]] = set()
    bands = list(_bands(con, seen, differing))
    verdicts = list(_verdicts(con, seen, differing))
    bands.sort(key=lambda row: (row[0] != "lost", row[6], row[1], row[3]))
    verdicts.sort(key=lambda row: (row[0] != "lost", row[6], row[1], row[3], row[2]))
    return sorted([*bands, *verdicts], key=lambda row: row[0] != "lost"), differing


def _bands(con: DuckDBPyConnection, seen: _Seen, differing: set[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    _, reads = ask(con, _BANDS.replace("$of_models", seen.of), {})
    for (*same, layer, rat, _), rows in groupby(reads, itemgetter(slice(7))):
        variant = tuple(same)
        by_build: dict[str, list[frozenset[int] | None]] = {}
        for row in rows:
            by_build.setdefault(row[7], []).append(None if row[8] is None else frozenset(row[8]))
        named = [one for lists in by_build.values() for one in lists if one is not None]
        for band in sorted(frozenset.union(*named) - frozenset.intersection(*named)):
            states = {name: _is_there(band, lists) for name, lists in by_build.items()}
            what = _name(rat, band)
            differing |= {(what, name) for name, (_, differs) in states.items() if differs}
            told = [(seen.build(variant, name), there) for name, (there, _) in states.items() if there is not None]
            free = [seen.build(variant, name) for name, lists in by_build.items() if lists == [None]]
            for one in _steps(told, free):
                row = (_words(variant), what, layer, one.before.name, one.build.name, one.build.first, one.back, None)
                yield ("lost" if one.is_lost else "gained", *row)


def _is_there(band: int, reads: Sequence[frozenset[int] | None]) -> tuple[bool | None, bool]:
    """Whether a build has a band, None where that is not told; whether its reads differ. No restriction names no band."""
    if None in reads:
        return None, len(reads) > 1
    there = {band in one for one in reads if one is not None}
    return (there.pop(), False) if len(there) == 1 else (None, True)


def _verdicts(con: DuckDBPyConnection, seen: _Seen, differing: set[tuple[str, str]]) -> Iterator[tuple[Any, ...]]:
    _, decided = ask(con, _VERDICTS.replace("$of_models", seen.of), {})
    for (*same, carrier, edition, policy, requirement, _, _, _), rows in groupby(decided, itemgetter(slice(11))):
        variant = tuple(same)
        met: dict[str, bool | None] = {}
        reasons: dict[str, str | None] = {}
        for *_, name, failed, reason in rows:
            met[name] = None if name in met else not failed
            reasons[name] = reason or reasons.get(name)
        differing |= {(requirement, name) for name, there in met.items() if there is None}
        for one in _steps((seen.build(variant, name), there) for name, there in met.items() if there is not None):
            row = (_words(variant), requirement, f"{carrier}@{edition} {policy}", one.before.name, one.build.name)
            reason = reasons[one.build.name] if one.is_lost else None
            yield ("lost" if one.is_lost else "gained", *row, one.build.first, one.back, reason)


def _steps(told: Iterable[tuple[_Build, bool]], free: Iterable[_Build] = ()) -> Iterator[_Change]:
    """Each build that differs from those before it, of builds that have a thing or not.

    `free`: builds that restrict nothing, which gives back what was lost.
    """
    order = sorted(told)
    later = sorted([*order, *((one, True) for one in free)])
    before: list[tuple[_Build, bool]] = []
    for _, group in groupby(order, key=lambda one: one[0].first):
        now = list(group)
        if len({there for _, there in before}) == 1:
            last, had = before[-1]
            for build, there in now:
                if there != had:
                    back = (one.name for one, has in later if one.first > build.first and has == had)
                    yield _Change(had, last, build, next(back, None))
        before = now


def _name(rat: str, band: int) -> str:
    """`LTE B13`, `NR SA n71`, `UMTS 2`."""
    word, label = rat.upper().replace("_", " "), band_label(rat, band)
    return label if label.startswith(word) else f"{word} {label}"
