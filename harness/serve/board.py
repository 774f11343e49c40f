"""The bench as it is now: its devices, the runs, the questions. Fed by what runs tell; nothing here asks a device."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.processes import born
from harness.requirements.outcomes import Outcome, worst

from .feed import SUFFIX

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.operator import Prompt

KEPT = timedelta(days=7)
"""How long the lines of a run that has ended are kept."""
_LONGEST_LINE = 1 << 20
_CARRIERS = 5
"""So many are named in one line of a result."""


@dataclass(slots=True)
class Seat:
    """One device of the bench, as a row shows it."""

    name: str
    label: str = ""
    firmware: str = ""
    sim: str = ""
    band: str = ""
    state: str = "not read yet"
    is_wrong: bool = False
    since: str = ""
    presence: str = ""
    holder: str = ""
    run: str = ""
    """The key of the run that has it."""


@dataclass(slots=True)
class WatchedRun:
    """One run, as its lines tell it."""

    key: str
    folder: str = ""
    bench: str = ""
    by: str = ""
    tab: str = ""
    """The page that started it; empty where none did."""
    began: str = ""
    ended: str = ""
    pid: int = 0
    born: str = ""
    devices: list[str] = field(default_factory=list)
    doing: dict[str, str] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    answer: str = ""
    complete: bool = False
    results: list[dict[str, str]] = field(default_factory=list)
    unjudged: list[dict[str, str]] = field(default_factory=list)
    """Devices that no carrier judged, and what that makes of the run."""
    own: list[dict[str, str]] = field(default_factory=list)
    """Cases of one's own that were not met: they decide about no carrier, and yet the run is no PASS."""
    died: bool = False

    @property
    def is_over(self) -> bool:
        """Whether it has ended, in whatever way."""
        return bool(self.ended) or self.died

    @property
    def outcome(self) -> str:
        """The word that is read across a room."""
        if self.died:
            return "ERROR"
        if not self.results or not self.complete:
            return "INCONC"
        words = [one["verdict"] for one in (*self.results, *self.unjudged, *self.own)]
        return worst(Outcome.__members__.get(one, Outcome.ERROR) for one in words).name

    @property
    def lines(self) -> list[tuple[str, str, str]]:
        """What it came to, the heaviest first: verdict, device, and by whom: carriers, a case of one's own, or nobody."""
        rows = [(one["verdict"], one["device"], ", judged by no carrier") for one in self.unjudged]
        rows += [(one["verdict"], one["device"], f": {one['case']}") for one in self.own]
        by: dict[tuple[str, str], list[str]] = {}
        for one in self.results:
            by.setdefault((one["verdict"], one["device"]), []).append(f"{one['carrier']}@{one['edition']}")
        for (verdict, device), carriers in by.items():
            more = f" and {len(carriers) - _CARRIERS} more" if len(carriers) > _CARRIERS else ""
            rows.append((verdict, device, f" at {', '.join(carriers[:_CARRIERS])}{more}"))
        return sorted(rows, key=lambda row: -Outcome.__members__.get(row[0], Outcome.ERROR).weight)

    @property
    def is_alive(self) -> bool:
        """Whether its process still is."""
        return not self.is_over and bool(self.born) and born(self.pid) == self.born


class Board:
    """All of it. Used by one thread; `changed` collects what must be shown anew."""

    def __init__(self, live: Path, devices: Iterable[str]) -> None:
        self._live = live
        self._read: dict[str, int] = {}
        self.seats: dict[str, Seat] = {name: Seat(name) for name in devices}
        self.runs: dict[str, WatchedRun] = {}
        self.prompts: dict[str, Prompt] = {}
        self.changed: set[tuple[str, str]] = {("device", name) for name in self.seats}

    @property
    def last(self) -> WatchedRun | None:
        """The run that ended last; its result stands until the next one begins."""
        over = [run for run in self.runs.values() if run.is_over]
        newest = max(over, key=lambda run: run.ended or run.began, default=None)
        if newest is None or any(run.began >= newest.began and not run.is_over for run in self.runs.values()):
            return None
        return newest

    def follow(self) -> None:
        """Read what runs have told since the last look."""
        for file in sorted(self._live.glob(f"*{SUFFIX}")):
            try:
                size = file.stat().st_size
                at = self._read.get(file.name, 0)
                if size <= at:
                    continue
                with file.open("rb") as lines:
                    lines.seek(at)
                    data = lines.read(size - at)
            except OSError:
                continue
            whole, newline, _ = data.rpartition(b"\n")
            self._read[file.name] = at + len(whole) + len(newline)
            key = file.name.removesuffix(SUFFIX)
            for line in whole.split(b"\n"):
                self._line(key, line)

    def _line(self, key: str, line: bytes) -> None:
        if not line or len(line) > _LONGEST_LINE:
            return
        try:
            told = json.loads(line)
            take = _TAKES[told["event"]]
            run = self.runs.setdefault(key, WatchedRun(key))
            take(self, run, told)
        except (ValueError, KeyError, TypeError):
            return  # A line of another version, or of nobody: it is not shown.
        self._touch(run)

    def _touch(self, run: WatchedRun) -> None:
        self.changed |= {("run", run.key), ("result", "")}

    def _seat(self, name: str) -> Seat:
        self.changed.add(("device", name))
        return self.seats.setdefault(name, Seat(name))

    def _begins(self, run: WatchedRun, told: dict[str, Any]) -> None:
        run.began, run.folder, run.bench = str(told["at"]), str(told["folder"]), str(told["bench"] or "")
        run.pid, run.born, run.by, run.tab = (
            int(told["pid"]),
            str(told["born"]),
            str(told["by"]),
            str(told.get("tab", "")),
        )
        run.devices = [str(one) for one in told["devices"]]
        for name in run.devices:
            seat = self._seat(name)
            seat.state, seat.since, seat.run, seat.is_wrong = "waits to be read", run.began, run.key, False

    def _asks(self, run: WatchedRun, told: dict[str, Any]) -> None:
        name = str(told["device"])
        run.doing[name] = str(told["request"])
        seat = self._seat(name)
        seat.state = f"reading: {told['request']}"
        if seat.run != run.key:
            seat.run, seat.since = run.key, str(told["at"])

    def _reads(self, run: WatchedRun, told: dict[str, Any]) -> None:
        name = str(told["device"])
        run.doing.pop(name, None)
        seat = self._seat(name)
        trouble = told.get("trouble")
        seat.state, seat.is_wrong = (f"lost: {trouble}", True) if trouble else ("read", False)
        seat.since = str(told["at"])
        for part in ("label", "firmware", "sim", "band"):
            if told.get(part) or not trouble:
                setattr(seat, part, str(told.get(part) or ""))

    def _counts(self, run: WatchedRun, told: dict[str, Any]) -> None:
        run.done, run.total = int(told["done"]), int(told["total"])
        run.verdicts = {str(word): int(count) for word, count in told["verdicts"].items()}

    def _ends(self, run: WatchedRun, told: dict[str, Any]) -> None:
        run.ended, run.answer, run.complete = str(told["at"]), str(told["answer"]), bool(told["complete"])
        run.verdicts = {str(word): int(count) for word, count in told["verdicts"].items()}
        run.results, run.unjudged, run.own = (
            [{str(name): str(value) for name, value in one.items()} for one in told.get(part, ())]
            for part in ("results", "unjudged", "own")
        )
        self._leave(run)

    def _leave(self, run: WatchedRun) -> None:
        for name in run.devices:
            if self.seats[name].run == run.key:
                seat = self._seat(name)
                seat.run = ""
                if run.died and not seat.is_wrong:
                    seat.state, seat.since = "its run was ended before it was done", now()

    def bury(self) -> None:
        """Runs whose process is gone without a word have died; what is long over is forgotten."""
        for run in list(self.runs.values()):
            if not run.is_over and not run.is_alive:
                # What it told last may not have been read yet.
                self.follow()
                if not run.is_over:
                    run.died = True
                    self._leave(run)
                    self._touch(run)
            elif run.is_over and _age(run.ended or run.began) > KEPT:
                self._forget(run)

    def _forget(self, run: WatchedRun) -> None:
        (self._live / f"{run.key}{SUFFIX}").unlink(missing_ok=True)
        self._read.pop(f"{run.key}{SUFFIX}", None)
        del self.runs[run.key]
        self._touch(run)

    def ask(self, standing: Iterable[Prompt]) -> None:
        """The questions that stand now."""
        found = {one.id: one for one in standing}
        self.changed |= {("prompt", id_) for id_ in found.keys() ^ self.prompts.keys()}
        self.prompts = found

    def see(self, presence: dict[str, tuple[str, str]]) -> None:
        """Per device: whether it is plugged in, and who has it, in words."""
        for name, (there, holder) in presence.items():
            seat = self.seats.get(name)
            if seat is not None and (seat.presence, seat.holder) != (there, holder):
                seat.presence, seat.holder = there, holder
                self.changed.add(("device", name))


_TAKES = {
    "run": Board._begins,
    "ask": Board._asks,
    "read": Board._reads,
    "count": Board._counts,
    "end": Board._ends,
}


def now() -> str:
    """This moment, as runs tell moments."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _age(moment: str) -> timedelta:
    try:
        return datetime.now(UTC) - datetime.fromisoformat(moment)
    except (ValueError, TypeError):
        return timedelta()
