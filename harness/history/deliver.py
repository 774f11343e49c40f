"""Appending in a process of its own: a run waits a moment for the word, and for nothing else.

The libraries may hang on a store that does not answer, and panic in ways that no `except Exception` catches; here that
costs a process that nobody waits for. What it does not bring in stays in the spool for the next run.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .place import is_installed
from .spool import Spool, taken

if TYPE_CHECKING:
    from collections.abc import Iterator

WORD_S = 3.0
"""How long a run waits at its end for word of its append."""


class Delivery:
    """A run on its way into a history."""

    def __init__(self, uri: str, key: str, rows: bytes) -> None:
        """Keep the rows and start. Raises OSError where they cannot be kept."""
        self._uri = uri
        self._process: subprocess.Popen[bytes] | None = None
        file = Spool(uri).put(key, rows)
        if is_installed():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "harness.history.deliver", uri, key, str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def word(self, within_s: float = WORD_S) -> Iterator[str]:
        """What a person should know, in lines; none where all went well."""
        if self._process is None:
            yield "the run is kept for its history, which needs two more packages: pip install 'bandproof[history]'"
            return
        told = _line(self._process, within_s)
        if told is None:
            yield f"the history {self._uri} has not answered yet; the run is kept, and this or the next run appends it"
        elif told["outcome"] == "failed":
            waiting = int(told["waiting"])
            more = f" ({waiting} runs wait)" if waiting > 1 else ""
            yield f"not in the history: {told['message']}; the run is kept, and the next run appends it{more}"


def _line(process: subprocess.Popen[bytes], within_s: float) -> dict[str, Any] | None:
    pipe = process.stdout
    if pipe is None:
        return None
    with pipe:
        ready, _, _ = select.select([pipe], [], [], within_s)
        line = pipe.readline() if ready else b""
    # It goes on with what waited before; nobody waits for it.
    process.returncode = 0
    if not ready:
        return None
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        return {"outcome": "failed", "message": "the program that appends it ended without a word", "waiting": 0}
    return told


def main(uri: str, key: str, file: Path) -> int:
    """Append one run, say how it went, then what waited before, then the upkeep."""
    from .place import HistoryError
    from .store import Store
    from .upkeep import keep_up

    with suppress(OSError, AttributeError):
        os.nice(5)
    spool = Spool(uri)
    try:
        outcome: dict[str, Any] = {"outcome": Store(uri).append(file, key), "message": ""}
        taken(file)
    except BaseException as error:  # noqa: BLE001 - a panic of the library is no Exception
        outcome = {"outcome": "failed", "message": str(getattr(error, "message", error))[:300]}
    outcome["waiting"] = len(spool.waiting())
    _tell(outcome)
    if outcome["outcome"] == "failed":
        return 1
    with suppress(HistoryError, OSError):
        empty(spool)
    with suppress(HistoryError, OSError):
        keep_up(Store(uri))
    return 0


def empty(spool: Spool) -> int:
    """Append what waits; how many runs that were. Raises HistoryError, OSError; DamagedRun when the others are in."""
    from .place import DamagedRun
    from .store import Store

    count, damaged = 0, None
    with spool.emptying() as is_mine:
        for file in spool.waiting() if is_mine else ():
            try:
                Store(spool.uri).append(file, file.stem)
            except DamagedRun as error:
                damaged = error
                continue
            taken(file)
            count += 1
    if damaged is not None:
        raise damaged
    return count


def _tell(outcome: dict[str, Any]) -> None:
    with suppress(OSError):
        os.write(1, json.dumps(outcome).encode() + b"\n")
        # The run need not wait for what else is done here.
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123
            os.dup2(nowhere.fileno(), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
