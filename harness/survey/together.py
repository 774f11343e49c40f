"""Devices read at the same time, each by its own thread and deadline."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from harness.errors import BandproofError, LinkError, RecordingError
from harness.links.addresses import parse_address

from .again import ATTEMPT, read_and_retry
from .reading import read_device
from .survey import Survey
from .targets import Target, final_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

MOST_AT_ONCE = 64
"""Handsets that are opened at once: more new connections stall newer adb servers (listen backlog 128)."""
RUN_DEADLINE_S = 900.0
"""How long the reading of all devices may take, where the bench file says nothing else."""
PUT_BACK_S = 300.0
"""The same where devices are being swept: they are put back first."""
STOP_S = 2.0
"""How long a Ctrl-C waits for answers under way, so that settings are put back."""


def read_devices(
    targets: Sequence[Target],
    *,
    evidence: Path | None = None,
    told: Callable[[Survey], None] | None = None,
    asking: Callable[[str, str], None] | None = None,
    deadline_s: float = RUN_DEADLINE_S,
) -> dict[str, Survey]:
    """Read all devices at the same time; a slow or dead one delays no other. Surveys come in the order of targets.

    `told` gets each survey as its device ends, `asking` the name of a device and what it is asked next; both are
    called from several threads. `deadline_s` is for all of them, each has its own besides. Ctrl-C lets each device
    end the question it is at, for STOP_S at most, and asks no more; the evidence so far is on disk.
    """
    run_deadline_s = time.monotonic() + deadline_s
    stop = threading.Event()
    room = threading.Semaphore(MOST_AT_ONCE)
    ends: dict[str, Survey | BaseException] = {}

    def hear(name: str, place: _Place, request: str) -> None:
        place.leave()
        if stop.is_set():
            raise LinkError("stopped by the user", device=name, command=request)
        if asking is not None:
            asking(name, request)

    def read(target: Target) -> None:
        name = target.device
        try:
            with _Place(room, target, run_deadline_s) as place:
                folder = evidence / name if evidence else None
                survey = _read(
                    target,
                    evidence=folder,
                    deadline_s=min(run_deadline_s, time.monotonic() + target.deadline_s),
                    addresses=place.addresses,
                    asking=partial(hear, name, place),
                    stopped=stop.is_set,
                )
            if told is not None:
                told(survey)
            ends[name] = survey
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            ends[name] = error
        finally:
            if len(ends) == len(names):
                over.set()

    # Not by the threads themselves: a join that Ctrl-C interrupts takes a thread that runs on for ended. Nor one by one:
    # whoever waits is woken as often, in the middle of what the others read.
    names, over = {one.device for one in targets}, threading.Event()

    # Daemons: a device that hangs must not hold back a run that was told to stop.
    threads = [threading.Thread(target=read, args=(one,), name=one.device, daemon=True) for one in targets]
    for thread in threads:
        thread.start()
    try:
        while len(ends) < len(names):
            over.wait()
    except KeyboardInterrupt:
        stop.set()
        over.wait(PUT_BACK_S if any(one.sweep for one in targets) else STOP_S)
        raise
    for found in ends.values():
        if isinstance(found, BaseException):
            raise found
    return _named([(one, survey) for one in targets if isinstance(survey := ends[one.device], Survey)], evidence)


class _Place:
    """A handset's place among those that are opened; left when it is asked, so that one which is slow holds none back."""

    def __init__(self, room: threading.Semaphore, target: Target, deadline_s: float) -> None:
        self._room = room
        self.addresses = [parse_address(one) for one in target.addresses]
        """Of the target; what comes after need not look again for what they are."""
        self._wanted = any(one.kind == "adb" for one in self.addresses)
        self._deadline_s = deadline_s
        self._held = False

    def __enter__(self) -> Self:
        if self._wanted:
            self._held = self._room.acquire(timeout=max(0.0, self._deadline_s - time.monotonic()))
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    def leave(self) -> None:
        """Let the next one open."""
        if self._held:
            self._held = False
            self._room.release()


def _read(target: Target, **how: Any) -> Survey:
    """Read one device. A disk that does not take its evidence is its own trouble: the others may still fit."""
    start = time.monotonic()
    try:
        return read_and_retry(target, **how)
    except RecordingError as error:
        if any(parse_address(one).kind == "recording" for one in target.addresses):
            raise
        kept = replace(_kept(target, how["evidence"]), trouble=error.message, elapsed_s=time.monotonic() - start)
        # Facts of which not all evidence is kept are none.
        return replace(kept, observations=())


def _kept(target: Target, evidence: Path | None) -> Survey:
    """What stands in the evidence that could not be finished: the report tells of the same as its check will."""
    nothing = Survey(target.device, target.address, None)
    if evidence is None or not any(evidence.glob("*.yaml")):
        return nothing
    try:
        return replace(read_device(Target(target.device, (str(evidence),), sheet=target.sheet)), address=target.address)
    except BandproofError:
        return nothing


def _named(read: list[tuple[Target, Survey]], evidence: Path | None) -> dict[str, Survey]:
    """Surveys by their final names; the evidence of a device that was named late goes with it."""
    names = final_names(read)
    out = {}
    for target, survey in read:
        name = names[target.device]
        if name != target.device and evidence is not None:
            for end in ("", ATTEMPT):
                if (evidence / (target.device + end)).is_dir():
                    (evidence / (target.device + end)).rename(evidence / (name + end))
        out[name] = survey if survey.device == name else replace(survey, device=name)
    return out
