"""A simulated handset held in this process on a simulated clock: what was seen, what it comes to, what is left."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from swept_modem import IN_MEMORY, cells

from harness.errors import DeviceGone
from harness.links.read_only import is_shell_read
from harness.recording.exchange import Exchange
from harness.requirements.held import verdict_of_holding
from harness.simulation.handset.radio import HandsetQuirks, HandsetRadio
from harness.simulation.radio.air import Air
from harness.simulation.radio.clock import SimulatedClock
from harness.sweep import marks
from harness.sweep.bands import RATS
from harness.sweep.handset.holding import HandsetSweep
from harness.sweep.handset.order import HandsetOrder, PlannedRat, held_lines
from harness.sweep.handset.reading_back import read_held
from harness.sweep.handset.shell_port import ShellPort
from harness.sweep.link import SweepLink
from harness.trial_facts import RatTrial, StateCompared

FIRMWARE = "a build"
os.environ.setdefault("BANDPROOF_JOURNAL", str(Path(tempfile.gettempdir()) / "no-journal-of-ours"))


class Shell:
    """The shell of one handset. `strike(command)` is called before each command, and may raise LinkError."""

    address = "SERIAL1"

    def __init__(self, radio, clock, strike=None):
        self.radio, self.clock, self.strike = radio, clock, strike
        self.lost_answer = ()
        """Commands that are carried out, and whose answer is lost."""

    def run(self, commands, *, deadline_s):
        return [self._one(one) for one in commands]

    def _one(self, command):
        if self.strike is not None:
            self.strike(command)
        self.clock.wait(0.05)
        at = self.clock.now()
        told = self.radio.answer(command.split())
        if any(one in command for one in self.lost_answer):
            raise DeviceGone("it went away")
        if told is None:
            told = f"{FIRMWARE}\n".encode()
        return Exchange(command, told, exit_code=0, elapsed_ms=50.0, at=at)

    def close(self):
        pass


@dataclass
class Held:
    """One sweep that has ended."""

    radio: HandsetRadio
    trials: dict[str, RatTrial]
    compared: dict[str, StateCompared]
    exchanges: list
    blocked: list[str]
    shell: Shell

    def outcome(self, rat):
        return verdict_of_holding(self.trials[rat]).outcome.name

    def reason(self, rat):
        return verdict_of_holding(self.trials[rat]).reason

    @property
    def is_back(self):
        return self.radio.allowed == self.radio.found and not self.radio.airplane


def radio_of(on_air=("2", "n71"), quirks=None, clock=None, **more):
    return HandsetRadio(Air(cells(*on_air)), HandsetQuirks(**(quirks or {})), clock=clock or SimulatedClock(), **more)


def hold(
    *, on_air=("2", "n71"), rats=RATS, quirks=None, data=False, no_cycle="", journals=None, setup=None, strike=None,
    radio=None, clock=None, settle_s=60.0, opened_by="a test", tell=None, lost=(), wait_s=0.0,
) -> Held:  # fmt: skip
    """Hold it to each technology."""
    clock = clock or SimulatedClock()
    radio = radio or radio_of(on_air, quirks, clock)
    clock.wait(5)
    if setup is not None:
        setup(radio)
    shell = Shell(radio, clock, strike)
    shell.lost_answer = lost
    kept: list = []
    link = SweepLink(
        ShellPort(shell), lambda one: kept.append(replace(one, number=len(kept))), clock, reads=is_shell_read, tell=tell
    )
    planned = tuple(PlannedRat(rat) for rat in rats)
    link.mark(marks.PLAN, lines=[marks.VERSION, *held_lines(planned)])
    order = HandsetOrder(
        rats=planned, opened_by=opened_by, serial="SERIAL1", words="a handset", firmware=FIRMWARE, no_cycle=no_cycle,
        data=data, settle_s=settle_s, wait_s=wait_s, journals=journals or Path(tempfile.mkdtemp(dir=IN_MEMORY)),
    )  # fmt: skip
    run = HandsetSweep(link, order)
    run.run()
    facts = read_held(kept).observations
    trials = {one.rat: one for one in facts if isinstance(one, RatTrial)}
    compared = {one.item: one for one in facts if isinstance(one, StateCompared)}
    return Held(radio, trials, compared, kept, run.blocked, shell)
