"""A simulated radio swept in this process on a simulated clock: what was seen, what it comes to, what is left."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from harness.cells.source import AirWord, NetworkWord
from harness.errors import DeviceAbsent
from harness.probes.at import registry
from harness.probes.at.session import read_modem
from harness.radio.tables import band_label
from harness.requirements.sweep import verdict_of_trial
from harness.simulation.radio.air import Air, AirCell, cell_on
from harness.simulation.radio.clock import SimulatedClock
from harness.simulation.radio.memory import ModemMemory
from harness.simulation.radio.port import RadioPort
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.tongues import TONGUES
from harness.sweep import marks
from harness.sweep.bands import OwnBands, parse_bands, plan_band
from harness.sweep.link import SweepLink
from harness.sweep.order import SweepOrder
from harness.sweep.reading_back import plan_lines, read_sweep
from harness.sweep.runner import Sweep
from harness.trial_facts import BandTrial, StateCompared

IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where journals lie that no test looks at: each is synced some twenty times a band."""


class AirWitness:
    """The cells of an air as a source that knows them; `mute` ones tell nothing of the network."""

    name = "simulated cells"

    def __init__(self, air: Air, *, mute: bool = False) -> None:
        self.air = air
        self.mute = mute
        self._seen = 0

    def possible(self):
        return frozenset((one.rat, one.band) for one in self.air.cells)

    def on(self, rat, band):
        self._seen = len(self.air.attached)
        return self.on_air(rat, band)

    def off(self, rat, band):
        pass

    def on_air(self, rat, band):
        cell = self.air.of(rat, band)
        return AirWord(cell is not None, self.name, tuple(sorted(cell.bands)) if cell else ())

    def network(self, rat, band):
        behind = self.air.attached[self._seen :]
        # Beside which LTE cell a leg was added, a core does not tell.
        new = [one for one in behind if (one.rat == "lte" if rat == "nr_nsa" else one.rat == rat and band in one.bands)]
        return NetworkWord(None if self.mute else bool(new))

    def reset(self):
        pass


@dataclass
class Swept:
    """One sweep that has ended."""

    radio: Radio
    trials: dict[str, BandTrial]
    compared: dict[str, StateCompared]
    exchanges: list
    blocked: list[str]
    clock: SimulatedClock
    port: RadioPort
    facts: tuple = field(default=())

    def outcome(self, label: str) -> str:
        return verdict_of_trial(self.trials[label]).outcome.name

    def reason(self, label: str) -> str:
        return verdict_of_trial(self.trials[label]).reason

    @property
    def changed(self) -> dict[str, tuple[str, str]]:
        """What the modem holds otherwise than it was found."""
        now = {**self.radio.memory.nv, **self.radio.memory.volatile}
        return {key: (value, now[key]) for key, value in self.radio.memory.found.items() if now[key] != value}


def cells(*labels: str, **more) -> list[AirCell]:
    """Cells by their labels: `12`, `n71`, `m12`; `e79` is a leg of EN-DC."""
    kinds = {"": "lte", "n": "nr", "e": "nr_nsa", "m": "lte_m", "i": "nb_iot"}
    return [cell_on(kinds[label.rstrip("0123456789")], int(label.strip("nmie")), **more) for label in labels]


def sweep(
    family: str,
    bands: str,
    on_air: list[AirCell],
    quirks: Quirks | None = None,
    *,
    witness: bool = True,
    mute: bool = False,
    source=None,
    journals: Path | None = None,
    memory: ModemMemory | None = None,
    settle_s: float = 60.0,
    opened_by: str = "a test",
    setup=None,
    tell=None,
    strike=None,
    reopen=None,
    bearer=None,
) -> Swept:
    """Read the modem and sweep it. `strike(port)` is called before each request of the sweep.

    `source(air)` makes another source of cells than the witness of the air.
    """
    tongue = TONGUES[family]()
    clock = SimulatedClock()
    air = Air(on_air)
    radio = Radio(tongue, air, memory or tongue.memory(), clock)
    if setup is not None:
        setup(radio)
    port = RadioPort(radio, clock)
    read = read_modem(port, deadline_s=1e12)
    dialect = registry.dialect(read.dialect)
    locking = dialect.locking(read.modem)
    listed = OwnBands.of(read.reading.observations)
    planned = tuple(plan_band(one, locking, listed) for one in parse_bands(bands))
    kept: list = []
    radio.quirks = quirks or Quirks()
    port.asked.clear()
    link = SweepLink(
        port, lambda one: kept.append(replace(one, number=len(kept))), clock, forms=dialect.read_forms, tell=tell
    )
    link.mark(marks.PLAN, lines=plan_lines([(one.rat, one.band, one.plan, one.why) for one in planned]))
    order = SweepOrder(
        bands=planned, opened_by=opened_by, words="a modem", firmware=read.modem.firmware or "", listed=listed,
        settle_s=settle_s, bearer=bearer, journals=journals or Path(tempfile.mkdtemp(dir=IN_MEMORY)),
    )  # fmt: skip
    cells_of = source(air) if source else AirWitness(air, mute=mute) if witness else None
    port.strike = strike

    def again(key):
        if port.come_back():
            return
        if reopen is not None:
            reopen(radio, key)
        elif link.lost and radio.quirks.vanishes_at:
            raise DeviceAbsent("it does not come back")

    run = Sweep(link, locking, dialect, read.modem, order, cells=cells_of, reopen=again)
    run.run()
    facts = read_sweep(kept, dialect, read.modem, locking).observations
    trials = {band_label(one.rat, one.band): one for one in facts if isinstance(one, BandTrial)}
    compared = {one.item: one for one in facts if isinstance(one, StateCompared)}
    return Swept(radio, trials, compared, kept, run.blocked, clock, port, facts)
