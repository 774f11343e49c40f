"""What a SIGKILL at each step of a sweep would leave: the modem as it is then, and the journal's files as they lie then.

A sweep is one thread whose only marks outside are those two, so a copy of both at a step is what a death there leaves.
That it is so, two real SIGKILLs of a forked sweep prove (`test_sweep_killed`).
"""

from __future__ import annotations

import json
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from harness.probes.at.session import identify
from harness.simulation.radio.air import Air
from harness.simulation.radio.clock import SimulatedClock
from harness.simulation.radio.memory import ModemMemory
from harness.simulation.radio.port import RadioPort
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.tongues import TONGUES
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, left_over
from harness.state.restore import put_back

_TIMES = re.compile(rb'"at": "[^"]*"')
_HEARD = []
"""Who is told of each touch of a file; an audit hook cannot be taken away again."""


def _hook(event, arguments):
    if _HEARD and (event in ("os.rename", "os.remove") or event == "open"):
        for one in _HEARD:
            one(str(arguments[0]))


@contextmanager
def file_steps(folder, step):
    """`step()` before each opening, renaming and removing of a file in the folder; yields it for further steps."""
    if not getattr(sys, "_bandproof_hooked", False):
        sys.addaudithook(_hook)
        sys._bandproof_hooked = True
    inside, busy = f"{folder}{os.sep}", []

    def guarded():
        # Whoever copies the files opens them, too.
        if not busy:
            busy.append(True)
            step()
            busy.clear()

    def heard(path):
        if path.startswith(inside):
            guarded()

    _HEARD.append(heard)
    try:
        yield guarded
    finally:
        _HEARD.remove(heard)


@dataclass
class Moment:
    """The modem and the journal's files at one step."""

    modem: str
    files: dict[str, bytes]

    @property
    def key(self):
        """The same for moments that differ in times of day alone."""
        return self.modem, tuple(sorted((name, _TIMES.sub(b"", data)) for name, data in self.files.items()))


@dataclass
class Deaths:
    """Every step of one sweep. `step` is called at each."""

    folder: Path
    moments: list[Moment] = field(default_factory=list)
    memory: ModemMemory | None = None

    def step(self):
        if self.memory is None:
            return
        # A temporary file has a name of its own each time; what lies in the journal's own file counts.
        files = {
            one.name: one.read_bytes() for one in sorted(self.folder.iterdir()) if one.name.endswith(".journal.json")
        }
        self.moments.append(Moment(state_of(self.memory), files))


def state_of(memory):
    return json.dumps([memory.nv, memory.volatile, memory.card, memory.defaults, memory.found])


def modem_of(moment):
    nv, volatile, card, defaults, found = json.loads(moment.modem)
    return ModemMemory(nv, volatile, card, {}, None, defaults, found)


def start_again(family, memory, folder, *, firmware=None, quirks=None):
    """What every start of a run does: journals of the dead are carried out on the modem that is there now."""
    results = []
    for left in left_over(folder):
        clock = SimulatedClock(1e6)
        radio = Radio(TONGUES[family](), Air(), memory, clock, quirks)
        port = RadioPort(radio, clock)
        dialect, modem = identify(port, deadline_s=1e12)
        items = unique_items(dialect.locking(modem).items)
        journal = Journal.taken_over(left.path)
        channel = GatedChannel(port, Gate(tuple(items.values()), "restore"))
        results += put_back(
            journal, {"at": channel}, items, firmware=firmware or modem.firmware, deadline_s=1e12, clock=clock
        )
        journal.close()
    return results


def changed(memory):
    """What it holds otherwise than it was found."""
    now = {**memory.nv, **memory.volatile}
    return {key: (value, now[key]) for key, value in memory.found.items() if now[key] != value}
