"""The public test kit: simulated handsets and modems as context managers.

    with private_adb_server() as server, serve_handset("fixture:xiaomi-mi-mix-2-global", server=server) as served:
        subprocess.run([server.adb, "-P", str(server.port), "-s", served.address, "shell", "getprop"])

    with serve_modem("fixtures/my-modem", on="pty") as served:
        serial.Serial(served.address)

    with serve_tools("fixture:sierra-em7565") as served:
        subprocess.run(["qmicli", "-d", str(served.port), "--dms-get-model"], env={**os.environ, **served.environment})

As pytest fixtures: `pytest_plugins = ["harness.simulation.fixtures"]`.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.simulation.faults import Fault, parse_fault, parse_faults
from harness.simulation.handset.adb_process import AdbServerProcess, adb_binaries
from harness.simulation.handset.handset import SimulatedHandset
from harness.simulation.handset.state import HandsetOptions
from harness.simulation.host_tools.tools import ServedTools, serve_tools
from harness.simulation.loop import LoopThread, shared_loop
from harness.simulation.modem.modem import ModemOptions, SimulatedModem
from harness.simulation.modem.ports import port_folder
from harness.simulation.rack import Rack, RackPlan, Served, plan, read_recording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from harness.recording.exchange import Recording
    from harness.simulation.modem.ports import PortKind

__all__ = [
    "AdbServerProcess",
    "Fault",
    "HandsetOptions",
    "ModemOptions",
    "Rack",
    "RackPlan",
    "Served",
    "ServedHandset",
    "ServedModem",
    "ServedTools",
    "SimulatedHandset",
    "SimulatedModem",
    "adb_binaries",
    "adb_environment",
    "parse_fault",
    "plan",
    "private_adb_server",
    "serve_handset",
    "serve_modem",
    "serve_tools",
]


@dataclass(frozen=True, slots=True)
class ServedHandset:
    """A handset under simulation; `call` runs its coroutines (`reboot`, `unplug`, ...) on its loop."""

    handset: SimulatedHandset
    server: AdbServerProcess | None
    loop: LoopThread

    @property
    def address(self) -> str:
        """Its adb serial, `host:port`."""
        return self.handset.address

    def call(self, work: Any) -> Any:
        """Run one of the handset's coroutines and wait for it."""
        return self.loop.call(work)

    def drop(self) -> None:
        """Pull the cable and put it back at once: connections drop, the port listens on."""
        self.loop.loop.call_soon_threadsafe(self.handset.drop)

    def authorise(self) -> None:
        """Tap Allow."""
        self.loop.loop.call_soon_threadsafe(self.handset.authorise)


@dataclass(frozen=True, slots=True)
class ServedModem:
    """A modem under simulation; `call` runs its coroutines (`reset`, `unplug`) on its loop."""

    modem: SimulatedModem
    loop: LoopThread

    @property
    def address(self) -> str:
        """The tty's name, `socket://host:port`, or the path of the UNIX socket."""
        return self.modem.address

    def call(self, work: Any) -> Any:
        """Run one of the modem's coroutines and wait for it."""
        return self.loop.call(work)

    def say(self, data: bytes) -> None:
        """Send something unasked."""
        self.loop.loop.call_soon_threadsafe(self.modem.say, data)


@contextmanager
def private_adb_server(adb: str = "") -> Iterator[AdbServerProcess]:
    """A real adb server on a port of its own, with a home of its own. `adb`: the binary (see `adb_binaries`)."""
    server = AdbServerProcess(adb)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@contextmanager
def adb_environment(server: AdbServerProcess) -> Iterator[Mapping[str, str]]:
    """Make this process's adb clients use that server while the block lasts."""
    names = ("ADB_SERVER_SOCKET", "ANDROID_ADB_SERVER_ADDRESS", "ANDROID_ADB_SERVER_HOST", "ANDROID_ADB_SERVER_PORT")
    before = {name: os.environ.pop(name, None) for name in names}
    os.environ.update(server.environment)
    try:
        yield server.environment
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def serve_handset(
    recording: str | Path | Recording,
    *,
    server: AdbServerProcess | None = None,
    options: HandsetOptions | None = None,
    faults: Iterable[Fault | str] = (),
) -> Iterator[ServedHandset]:
    """Serve a recording's `adb.yaml` on a TCP port; connected to the server where one is given.

    Raises LinkError where the server does not accept it. An unauthorized or offline handset is not connected: that
    takes the server up to ten seconds, and fails; ask for it with `server.ask("host:connect:...")`.
    """
    options = options or HandsetOptions()

    def disaster(fault: Fault) -> None:
        if fault.kind == "kill-server" and server is not None:
            server.kill()

    with shared_loop() as loop:
        handset = SimulatedHandset(read_recording(recording), options, faults=_faults(faults), on_disaster=disaster)
        try:
            loop.call(handset.start())
            if server is not None and options.authorisation == "open":
                server.connect(handset.address)
            yield ServedHandset(handset, server, loop)
        finally:
            loop.call(handset.stop())


@contextmanager
def serve_modem(
    recording: str | Path | Recording,
    on: PortKind = "pty",
    *,
    place: str = "",
    options: ModemOptions | None = None,
    faults: Iterable[Fault | str] = (),
) -> Iterator[ServedModem]:
    """Serve a recording's `at.yaml` on a tty (`pty`), a TCP port or a UNIX socket.

    `place`: the name of the tty or socket; by default one in a folder that is removed at the end.
    """
    folder = port_folder("bandproof-modem-")
    modem = SimulatedModem(read_recording(recording), options, faults=_faults(faults))
    try:
        with shared_loop() as loop:
            try:
                named = place if place or on == "tcp" else str(Path(folder) / "modem")
                loop.call(modem.start(on, place=named))
                yield ServedModem(modem, loop)
            finally:
                loop.call(modem.stop())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _faults(faults: Iterable[Fault | str]) -> Sequence[Fault]:
    given = list(faults)
    return [*parse_faults(f for f in given if isinstance(f, str)), *(f for f in given if isinstance(f, Fault))]
