"""What a table needs to stay quick: small files joined, a checkpoint, the old log and files thrown away. By itself.

Whoever makes the fiftieth commit since the last time does it, under a lease that stands in the log itself and ends by
its own deadline, so that it works in every store and outlives no process. Without it 8,000 runs cost a query seconds.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from .place import HistoryError
from .store import CONFIGURATION, committing, kept, typed, with_new_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from deltalake import DeltaTable

    from .store import Store

_Done = TypeVar("_Done")

EVERY = 50
"""Commits from one upkeep to the next."""
CHECKPOINT_EVERY = 10
"""Commits from one checkpoint to the next: the log since then is read by every append and every question."""
LEASE_S = 600
_LEASE, _DONE = "bandproof.upkeep", "bandproof.upkeep.done"
_KEPT_HOURS = 1
"""How long files stay that no state of the table names any more: for readers under way."""
_LEFT_HOURS = 24
_OWN_FILE = re.compile(r"month=\d{4}-\d{2}/part-[^/]+\.parquet")


@dataclass(frozen=True, slots=True)
class Kept:
    """What an upkeep did."""

    joined: int
    """Files that were joined into larger ones."""
    took_s: float


def keep_up(store: Store, *, every: int = EVERY) -> Kept | None:
    """Do what is due; None where nothing is, or where somebody else is at it. Raises HistoryError."""
    table, commits = store.ask(lambda table: (table, table.version() - (table.transaction_version(_DONE) or 0)))
    if commits >= every:
        return under_lease(store, table)
    if not table.version() % CHECKPOINT_EVERY:
        # Where the log is gone beneath it, somebody else wrote a newer one.
        with suppress(HistoryError):
            _guarded(store, table.create_checkpoint)
    return None


def under_lease(store: Store, table: DeltaTable) -> Kept | None:
    """Do it now; None where somebody else is at it. Raises HistoryError."""
    began = time.monotonic()
    joined = _guarded(store, lambda: _kept_up(store, table))
    return None if joined is None else Kept(joined, time.monotonic() - began)


def _kept_up(store: Store, table: DeltaTable) -> int | None:
    if not _take(table):
        return None
    try:
        _configure(table)
        joined = _join(store, table)
    finally:
        _release(table)
    tidy(table)
    return joined


def _guarded(store: Store, do: Callable[[], _Done]) -> _Done:
    from deltalake.exceptions import DeltaError

    try:
        return do()
    except (DeltaError, OSError) as error:
        raise HistoryError(f"the upkeep of {store.uri} was left: {str(error)[:300]}") from None


def _configure(table: DeltaTable) -> None:
    """A table that an earlier version made is kept as one of this version."""
    from deltalake import PostCommitHookProperties
    from deltalake.exceptions import CommitFailedError

    if not CONFIGURATION.items() <= table.metadata().configuration.items():
        later = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
        wanted = {name: value for name, value in CONFIGURATION.items() if value is not None}
        # Where another commits at this moment, the next upkeep does it.
        with suppress(CommitFailedError):
            table.alter.set_table_properties(wanted, post_commithook_properties=later)


def tidy(table: DeltaTable, *, hours: int = _KEPT_HOURS) -> None:
    """Throw away files and log entries that no reader needs. Raises what delta-rs raises."""
    # Files that the log once named; one that is being written is not among them.
    table.vacuum(retention_hours=hours, enforce_retention_duration=False, dry_run=False)
    _throw_away_left(table)
    table.create_checkpoint()
    table.cleanup_metadata()


def _throw_away_left(table: DeltaTable) -> None:
    """Files that the log never named: of writers that died. A day is longer than an append, and than clocks are apart.

    Where anything else lies in the folder nothing is thrown away: delta-rs would take that, too.
    """
    vacuum = partial(table.vacuum, _LEFT_HOURS, enforce_retention_duration=False, full=True)
    left = vacuum(dry_run=True)
    if left and all(_OWN_FILE.fullmatch(one) for one in left):
        vacuum(dry_run=False)


def _take(table: DeltaTable) -> bool:
    from deltalake.exceptions import CommitFailedError, DeltaError

    now = int(time.time())
    try:
        leased = table.transaction_version(_LEASE) or 0
    except DeltaError:
        return False  # Its log is gone since it was loaded: somebody else has just kept it up.
    # Further away than a lease is long it was taken by a clock that was ahead.
    if now < leased <= now + LEASE_S:
        return False
    try:
        _note(table, {_LEASE: now + LEASE_S})
    except CommitFailedError:
        return False  # Somebody took it in this moment.
    return True


def _release(table: DeltaTable) -> None:
    table.update_incremental()
    _note(table, {_LEASE: 0, _DONE: table.version() + 1})


def _note(table: DeltaTable, versions: dict[str, int]) -> None:
    """A commit without rows that notes these transactions."""
    from deltalake import CommitProperties, Transaction, write_deltalake

    how = committing("", 0)
    how["commit_properties"] = CommitProperties(app_transactions=[Transaction(*one) for one in versions.items()])
    write_deltalake(table, kept().sql(f"SELECT {typed()} WHERE false"), mode="append", **with_new_columns(table), **how)
    table.update_incremental()


def _join(store: Store, table: DeltaTable) -> int:
    from deltalake import PostCommitHookProperties

    later = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
    joined = 0
    for month, count in Counter(store.months(table)).items():
        if count > 1:
            done = table.optimize.compact(partition_filters=[("month", "=", month)], post_commithook_properties=later)
            joined += int(done["numFilesRemoved"])
    table.update_incremental()
    return joined
