"""The peers beside which the tool is measured: Mobly and adbutils in an environment of their own, ModemManager."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.devices_turns import process_cpu

if TYPE_CHECKING:
    from types import TracebackType

PACKAGES = ("mobly==1.13.1", "adbutils==2.12.0")
NEEDED = ("ModemManager", "mmcli", "dbus-daemon", "dbus-send")
_PLACES = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin"
_WAIT_S = 60.0


class NoPeerError(Exception):
    """A peer cannot be had on this machine."""


def python() -> str:
    """The interpreter of the peers' environment, made at first use and kept in the user's cache. Raises NoPeerError."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bandproof-benchmarks"
    name = "-".join(re.sub(r"[^\w.]+", "-", package) for package in PACKAGES)
    folder = cache / f"{name}-py{sys.version_info[0]}.{sys.version_info[1]}"
    found = folder / "bin" / "python"
    if (folder / "complete").exists():
        return str(found)
    print(f"installing {', '.join(PACKAGES)} into {folder} ...", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    install = [str(found), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES]
    for command in ([sys.executable, "-m", "venv", str(folder)], install):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            raise NoPeerError(
                f"{PACKAGES[0]} cannot be installed: {done.stderr.decode(errors='replace')[-300:].strip()}"
            )
    (folder / "complete").touch()
    return str(found)


class ModemManager:
    """The daemon on a bus of its own, for as long as the block lasts. It has to be a new one for each modem."""

    def __init__(self) -> None:
        if missing := [name for name in NEEDED if shutil.which(name, path=_PLACES) is None]:
            raise NoPeerError(f"not installed here: {', '.join(missing)}")
        self._folder = tempfile.mkdtemp()
        self._environment = {"PATH": _PLACES, "HOME": self._folder}
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> ModemManager:
        try:
            address = self._bus()
            self._environment |= {"DBUS_SESSION_BUS_ADDRESS": address, "DBUS_SYSTEM_BUS_ADDRESS": address}
            self._daemon()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def cpu(self) -> float:
        return process_cpu(self._running[1].pid)

    def read(self, plugin: str, path: str) -> float:
        """Show it a modem behind a UNIX socket; seconds until it tells the modem's bands."""
        start = time.perf_counter()
        self._send(
            *("org.freedesktop.ModemManager1", "/org/freedesktop/ModemManager1"),
            *("org.freedesktop.ModemManager1.Test.SetProfile", f"string:{plugin}"),
            *(f"string:{plugin}", f"array:string:{path}"),
        )
        self._until(lambda: b"modem.generic.current-bands" in self._run("mmcli", "-m", "any", "-K"))
        return time.perf_counter() - start

    def _bus(self) -> str:
        command = ["dbus-daemon", "--session", "--print-address=1", "--nofork", "--nopidfile"]
        bus = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self._environment)
        self._running.append(bus)
        assert bus.stdout is not None
        address = bus.stdout.readline().decode().strip()
        bus.stdout.close()
        if not address:
            raise NoPeerError("no bus can be started here")
        return address

    def _daemon(self) -> None:
        known = self._run("ModemManager", "--help-all")
        auto_scan = "--test-no-auto-scan" if b"--test-no-auto-scan" in known else "--no-auto-scan"
        command = ["ModemManager", "--test-session", "--test-enable", "--test-no-udev", auto_scan]
        command += ["--test-no-suspend-resume", "--test-no-qrtr"]
        quiet = subprocess.DEVNULL
        self._running.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, env=self._environment))
        names = ("org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames")
        self._until(lambda: b"org.freedesktop.ModemManager1" in self._send(*names))

    def _send(self, to: str, path: str, method: str, *arguments: str) -> bytes:
        return self._run("dbus-send", "--session", "--print-reply", f"--dest={to}", path, method, *arguments)

    def _run(self, *command: str) -> bytes:
        done = subprocess.run(command, capture_output=True, check=False, env=self._environment, timeout=_WAIT_S)
        return done.stdout

    def _until(self, condition: object) -> None:
        assert callable(condition)
        until = time.monotonic() + _WAIT_S
        while not condition():
            if time.monotonic() > until or self._running[-1].poll() is not None:
                raise NoPeerError("ModemManager does not run here")
            time.sleep(0.005)

    def _end(self) -> None:
        for process in reversed(self._running):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)
