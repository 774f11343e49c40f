"""Simulated handsets on USB: the tree, the proxy before the adb server, a diagnostic port beside each handset."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from harness.simulation.diag.plugged import Plugged, PluggedProxy
from harness.simulation.diag.port import DiagOptions, DiagPortServer
from harness.simulation.diag.usb import UsbFolder
from harness.simulation.handset.airplane import AirplaneMode
from harness.simulation.modem.ports import port_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.simulation.handset.adb_process import AdbServerProcess
    from harness.simulation.handset.handset import SimulatedHandset
    from harness.simulation.loop import LoopThread


class UsbBench:
    """What hangs on USB here."""

    def __init__(self, loop: LoopThread, folder: Path, proxy: PluggedProxy) -> None:
        self.tree = UsbFolder(folder / "usb")
        self.ports: list[DiagPortServer] = []
        self._plugged = 0
        self._loop = loop
        self._proxy = proxy

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment."""
        return {**self.tree.environment, **self._proxy.environment}

    def plug(self, handset: SimulatedHandset, address: str, serial: str, options: DiagOptions | None) -> str:
        """Give a handset its place on USB, and its diagnostic port; answers its serial, which is its address now."""
        self._plugged += 1
        number = self._plugged
        path = f"3-{number}"
        if options is None:
            self._proxy.plug(Plugged(address, serial, path))
            return serial
        port = DiagPortServer(options)
        self._loop.call(_started(port))
        self.ports.append(port)
        port.on_vanish = lambda: self.tree.remove_port(path, number)
        handset.state.airplane = AirplaneMode(port.attach)
        shown = "ANOTHER01" if options.fault == "other-serial" else serial
        self.tree.add(path, number, shown, port.tty, samsung=options.baseband == "sec")
        self._proxy.plug(Plugged(address, serial, path))
        return serial

    async def stop(self) -> None:
        """Close every port and the proxy."""
        for port in self.ports:
            port.stop()
        await self._proxy.stop()


@contextmanager
def usb_bench(loop: LoopThread, server: AdbServerProcess) -> Iterator[UsbBench]:
    """A USB bench as long as the context lasts."""
    proxy = PluggedProxy(server)
    loop.call(proxy.start())
    folder = Path(port_folder("bandproof-usb-"))
    bench = UsbBench(loop, folder, proxy)
    try:
        yield bench
    finally:
        loop.call(bench.stop())
        shutil.rmtree(folder, ignore_errors=True)


async def _started(port: DiagPortServer) -> None:
    port.start()
