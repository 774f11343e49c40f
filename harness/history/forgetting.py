"""Taking a piece, or a person, out of a history: out of the rows, the files, the log, and what waits in the spool."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from harness.recording.writer import write_atomically

from .place import HistoryError
from .spool import Spool
from .store import quoted
from .upkeep import tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .store import Store

_TRIES = 5


def forget_device(store: Store, device: str) -> int:
    """Take out every row of a piece, by its key, its sample's number or its name; how many. Raises HistoryError."""
    is_it = " OR ".join(f"{column} = {quoted(device)}" for column in ("key", "sample", "device"))

    def delete() -> int:
        return int(store.table().delete(is_it)["num_deleted_rows"])

    count = _tried(delete, store)
    _spooled(store.uri, lambda row: None if device in (row.get("key"), row.get("sample"), row.get("device")) else row)
    return count


def forget_tester(store: Store, tester: str) -> int:
    """Take an operator's name out of every run; how many. Raises HistoryError."""

    def update() -> int:
        done = store.table().update(updates={"tester": "CAST(NULL AS VARCHAR)"}, predicate=f"tester = {quoted(tester)}")
        return int(done["num_updated_rows"])

    count = _tried(update, store)
    _spooled(store.uri, lambda row: row | {"tester": None} if row.get("tester") == tester else row)
    return count


def _tried(change: Callable[[], int], store: Store) -> int:
    """The change, then nothing older than it: no file and no entry of the log tells any more what it took out."""
    from deltalake.exceptions import CommitFailedError, DeltaError

    for left in reversed(range(_TRIES)):
        try:
            count = change()
            break
        except CommitFailedError as error:
            if not left:
                raise HistoryError(f"{store.uri} is written all the time: {str(error)[:300]}") from None
        except (DeltaError, OSError) as error:
            raise HistoryError(f"{store.uri} cannot be changed: {str(error)[:300]}") from None
    try:
        tidy(store.table(), hours=0)
    except (DeltaError, OSError) as error:
        done = "the rows are gone" if count else "no row was found"
        raise HistoryError(f"{done}, but old files are left in {store.uri}: {str(error)[:300]}") from None
    return count


def _spooled(uri: str, kept: Callable[[dict[str, object]], dict[str, object] | None]) -> None:
    for file in Spool(uri).waiting():
        rows = [kept(json.loads(line)) for line in file.read_bytes().splitlines() if line]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows if row is not None]
        write_atomically(file, ("\n".join(lines) + "\n").encode("utf-8", "replace"), private=True)
