"""A whole bench on one machine: handsets behind a private adb server, modems on ttys, all on one event loop."""

from __future__ import annotations

import contextlib
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import RecordingError
from harness.recording.exchange import Recording
from harness.recording.files import load_recording, resolve_recording
from harness.simulation.diag.bench import UsbBench, usb_bench
from harness.simulation.faults import Fault, Kind, check_faults, faults_for
from harness.simulation.handset.adb_process import AdbServerProcess
from harness.simulation.handset.at_node import is_node
from harness.simulation.handset.handset import SimulatedHandset
from harness.simulation.handset.state import HandsetOptions
from harness.simulation.host_tools.tools import HostToolFolder, ServedTools
from harness.simulation.loop import LoopThread, shared_loop
from harness.simulation.modem.modem import ModemOptions, SimulatedModem
from harness.simulation.modem.ports import port_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType

    from harness.simulation.diag.port import DiagOptions
    from harness.simulation.handset.plan import HandsetPlan
    from harness.simulation.modem.ports import PortKind
    from harness.simulation.radio.plan import RadioPlan


@dataclass(frozen=True, slots=True)
class Served:
    """One simulated device. `address` is what names it to `--device` when it was brought up."""

    name: str
    link: Kind
    address: str
    recording: str
    device: SimulatedHandset | SimulatedModem | ServedTools


@dataclass(frozen=True, slots=True)
class RackPlan:
    """A device to serve."""

    name: str
    link: Kind
    recording: Recording
    radio: RadioPlan | None = None
    """The modem's radio is alive: what is written to it counts."""
    alive: HandsetPlan | None = None
    """The handset's radio is alive, and it hangs on USB."""


def read_recording(source: str | Path | Recording) -> Recording:
    """A recording by value, `fixture:NAME`, name or path. Raises UnknownName, RecordingError, FileError."""
    return source if isinstance(source, Recording) else load_recording(resolve_recording(str(source)))


def plan(recordings: Iterable[str | Path | Recording], count: int = 1) -> list[RackPlan]:
    """One device for each link of each recording, `count` times; copies and namesakes get numbers behind their names.

    The AT answers of a rooted handset's node are behind its shell, on no port of their own, and so is its qmicli.
    """
    out: list[RackPlan] = []
    loaded = [read_recording(source) for source in recordings]
    twice = {one.info.id for n, one in enumerate(loaded) if one.info.id in [o.info.id for o in loaded[:n]]}
    numbers: dict[str, int] = {}
    for recording in loaded:
        links: list[Kind] = [kind for kind in ("adb", "at", "qmi") if kind in recording.links]
        if "adb" in links:
            links = ["adb"] if is_node(recording) else [kind for kind in links if kind != "qmi"]
        if not links:
            raise RecordingError(
                f"recording {recording.info.id} has no adb.yaml, at.yaml or qmi.yaml", way_out="name one that has"
            )
        for _ in range(count):
            number = numbers[recording.info.id] = numbers.get(recording.info.id, 0) + 1
            name = f"{recording.info.id}-{number}" if count > 1 or recording.info.id in twice else recording.info.id
            out += [RackPlan(name, link, recording) for link in links]
    return out


class Rack:
    """Simulated devices that come up and go down together. Use it as a context manager.

    `start` raises LinkError where the adb server or a device does not come up, UsageError for a fault that meets no
    device; nothing is left behind then.
    """

    def __init__(
        self,
        plans: Sequence[RackPlan],
        *,
        faults: Sequence[Fault] = (),
        on: PortKind = "pty",
        adb: str = "",
        handset: HandsetOptions | None = None,
        modem: ModemOptions | None = None,
        diag: Mapping[str, DiagOptions] | None = None,
    ) -> None:
        """The handsets that `diag` names hang on USB, beside a diagnostic port."""
        check_faults(faults, [(one.name, one.link) for one in plans])
        self._plans = plans
        self._faults = faults
        self._on: PortKind = on
        self._adb = adb
        self._handset = handset or HandsetOptions()
        self._modem = modem or ModemOptions()
        self._diag = diag or {}
        self._stack = ExitStack()
        self._folder = ""
        self.usb: UsbBench | None = None
        self.server: AdbServerProcess | None = None
        self.tools: HostToolFolder | None = None
        self.served: list[Served] = []

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to see the handsets, and the modems behind tools of the host."""
        parts = [part.environment for part in (self.server, self.usb, self.tools) if part is not None]
        return {name: value for part in parts for name, value in part.items()}

    def start(self) -> Rack:
        """Bring everything up."""
        try:
            loop = self._stack.enter_context(shared_loop())
            if any(one.link == "at" for one in self._plans) and self._on != "tcp":
                self._folder = port_folder("bandproof-bench-")
                self._stack.callback(shutil.rmtree, self._folder, ignore_errors=True)
            if any(one.link == "adb" for one in self._plans):
                self.server = AdbServerProcess(self._adb)
                self._stack.callback(self.server.stop)
                self.server.start()
                if self._diag or any(one.alive for one in self._plans):
                    self.usb = self._stack.enter_context(usb_bench(loop, self.server))
            if any(one.link == "qmi" for one in self._plans):
                self.tools = HostToolFolder()
                self._stack.callback(self.tools.close)
            for number, one in enumerate(self._plans, 1):
                self.served.append(self._serve(loop, one, number))
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Take everything down."""
        self._stack.close()
        self.served.clear()
        self.server = self.tools = self.usb = None

    def __enter__(self) -> Rack:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self, loop: LoopThread, one: RackPlan, number: int) -> Served:
        faults = faults_for(self._faults, one.name, one.link)
        device: SimulatedHandset | SimulatedModem | ServedTools
        if self.tools is not None and one.link == "qmi":
            device = self.tools.add(one.recording, faults=faults, latency_s=self._modem.latency_s)
            address = device.address
        elif one.link == "adb":
            options = self._handset if self._handset.serial else replace(self._handset, serial=f"SIM{number:05d}")
            device = SimulatedHandset(one.recording, options, faults=faults, on_disaster=self._disaster)
            self._stack.callback(_stop, loop, device)
            address = loop.call(device.start())
            if self.server is not None and options.authorisation == "open":
                self.server.connect(address)
            elif self.server is not None:
                with contextlib.suppress(Exception):
                    self.server.ask(f"host:connect:{address}", 2.0)
            if one.alive is not None:
                device.state.radio = one.alive.radio(device.state.properties.get("gsm.sim.operator.numeric", ""))
            if self.usb is not None and (one.name in self._diag or one.alive is not None):
                address = self.usb.plug(device, address, options.serial, self._diag.get(one.name))
        else:
            state = one.radio.state(one.recording, number, self._modem.latency_s) if one.radio else None
            device = SimulatedModem(one.recording, self._modem, faults=faults, state=state)
            self._stack.callback(_stop, loop, device)
            place = "" if self._on == "tcp" else str(Path(self._folder) / f"{one.name}.at")
            address = loop.call(device.start(self._on, place=place))
        return Served(one.name, one.link, address, one.recording.info.id, device)

    def _disaster(self, fault: Fault) -> None:
        if fault.kind == "kill-server" and self.server is not None:
            self.server.kill()


def _stop(loop: LoopThread, device: SimulatedHandset | SimulatedModem) -> None:
    loop.call(device.stop())
