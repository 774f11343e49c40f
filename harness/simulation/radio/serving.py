"""Simulated radios on ttys and sockets, for programs that take them for modems; and their cells as a source."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.links.clock import REAL_CLOCK
from harness.recording.exchange import Recording, RecordingInfo
from harness.simulation.loop import shared_loop
from harness.simulation.modem.modem import ModemOptions, SimulatedModem
from harness.simulation.modem.ports import port_folder
from harness.simulation.radio.air import Air
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.state import RadioModemState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from harness.simulation.loop import LoopThread
    from harness.simulation.modem.ports import PortKind
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.quirks import Quirks
    from harness.simulation.radio.tongue import Tongue

QUICK_S = {"lte": 0.1, "nr": 0.1, "lte_m": 0.15, "nb_iot": 0.2}
"""How long an attach takes on a served radio: real time passes there."""


@dataclass(frozen=True, slots=True)
class ServedRadio:
    """A served modem, and its radio; `call` runs its coroutines (`reset`, `unplug`) on its loop."""

    modem: SimulatedModem
    loop: LoopThread
    radio: Radio

    @property
    def address(self) -> str:
        """The tty's name, `socket://host:port`, or the path of the UNIX socket."""
        return self.modem.address

    def call(self, work: Any) -> Any:
        """Run one of the modem's coroutines and wait for it."""
        return self.loop.call(work)


@contextmanager
def serve_radio(
    tongue: Tongue,
    air: Air | None = None,
    on: PortKind = "pty",
    *,
    place: str = "",
    quirks: Quirks | None = None,
    memory: ModemMemory | None = None,
    attach_s: Mapping[str, float] | None = None,
    reset_s: float = 0.5,
) -> Iterator[ServedRadio]:
    """Serve a radio on a tty (`pty`), a TCP port or a UNIX socket. `place`: the name of the tty or socket."""
    folder = port_folder("bandproof-radio-")
    radio = Radio(tongue, air or Air(), memory or tongue.memory(), REAL_CLOCK, quirks, attach_s=attach_s or QUICK_S)
    recording = Recording(RecordingInfo(id="radio", provenance="composed"), {})
    state = RadioModemState(recording, radio)
    modem = SimulatedModem(recording, ModemOptions(reset_s=reset_s), state=state)
    try:
        with shared_loop() as loop:
            try:
                named = place if place or on == "tcp" else str(Path(folder) / "modem")
                loop.call(modem.start(on, place=named))
                yield ServedRadio(modem, loop, radio)
            finally:
                loop.call(modem.stop())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
