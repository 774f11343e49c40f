"""A real adb server of one's own: its own port, its own home, blind to USB and to emulators. It leaves others alone."""

from __future__ import annotations

import os
import selectors
import shutil
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import LinkError, NoAdbServer

if TYPE_CHECKING:
    import subprocess
    from typing import IO

START_S = 10.0
CONNECT_S = 15.0
USUAL_PORT = 5037
_REPLY_FD = "4"
"""Where the server writes OK when it listens, as it does for a client that starts one."""
_SERVER = ("fork-server", "server", "--reply-fd", _REPLY_FD)
_ENDS_WITH_US = (
    f'exec 3<&0; (read -r _ <&3; kill -9 $$) >/dev/null 2>&1 & exec "$@" {_REPLY_FD}>&1 >/dev/null 3<&- </dev/null'
)
"""Becomes the server; a watcher ends it when our end of the pipe closes, however we end."""


def adb_binaries() -> dict[str, str]:
    """The adb binaries of this machine by where they come from: `path` (on PATH), `adbutils` (in its wheel)."""
    found = {}
    if on_path := shutil.which("adb"):
        found["path"] = on_path
    import importlib.util

    spec = importlib.util.find_spec("adbutils")
    if spec is not None and spec.origin:
        name = "adb.exe" if os.name == "nt" else "adb"
        bundled = Path(spec.origin).parent / "binaries" / name
        if bundled.is_file():
            found["adbutils"] = str(bundled)
    return found


class AdbServerProcess:
    """A private adb server. `start` raises NoAdbServer where it does not come up."""

    def __init__(self, adb: str = "") -> None:
        binaries = adb_binaries()
        self.adb = adb or binaries.get("adbutils") or binaries.get("path") or ""
        if not self.adb:
            raise NoAdbServer("there is no adb here", way_out="install adb, or adbutils from a wheel that carries it")
        self.port = 0
        self.home = ""
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to use this server."""
        return {"ANDROID_ADB_SERVER_PORT": str(self.port)}

    @property
    def pid(self) -> int | None:
        """The server's process; None while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self, port: int = 0) -> None:
        """Start the server and wait until it answers."""
        if shutil.which(self.adb) is None:
            raise NoAdbServer(f"{self.adb} cannot be run", way_out="name the file of an adb binary")
        self.home = self.home or tempfile.mkdtemp(prefix="bandproof-adb-")
        until = time.monotonic() + START_S
        for _ in range(8):
            # Somebody else may take a free port before the server does: then the next one.
            self.port = port or _free_port()
            if self._started(until):
                return
            self._end()
        self.stop()
        raise NoAdbServer(f"{self.adb} does not start as a server", way_out=f"run `{self.adb} nodaemon server`")

    def _started(self, until: float) -> bool:
        import subprocess

        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": self.home,
            "TMPDIR": self.home,
            "ADB_USB": "0",
            "ADB_LIBUSB": "0",
            "ADB_MDNS": "0",
            "ADB_EMU": "0",
            "ADB_REJECT_KILL_SERVER": "1",
        }
        try:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", _ENDS_WITH_US, "adb-server", self.adb, "-P", str(self.port), *_SERVER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            raise NoAdbServer(f"{self.adb} cannot be run: {error.strerror}", way_out="name its file") from None
        said = self._process.stdout
        # The end of the pipe comes as soon as a server that cannot have its port is gone.
        return said is not None and _readable(said, until) and said.read(2) == b"OK"

    def ask(self, request: str, timeout_s: float = CONNECT_S) -> str:
        """One request to the server. Raises OSError, or LinkError with what the server says."""
        with socket.create_connection(("127.0.0.1", self.port), timeout_s) as stream:
            return _answer(stream, request)

    def connect(self, address: str) -> None:
        """`adb connect`. Raises LinkError with what the server says where the handset did not become usable."""
        text = self.ask(f"host:connect:{address}")
        if not text.startswith(("connected to", "already connected")):
            raise LinkError(f"adb connect {address}: {text.strip()}")

    def devices(self) -> dict[str, str]:
        """Serial -> state."""
        return _states(self.ask("host:devices"))

    def wait_for(self, serial: str, state: str, timeout_s: float = START_S) -> bool:
        """Wait until a handset is in a state; False where it is not in time."""
        until = time.monotonic() + timeout_s
        pause = 0.01
        with socket.create_connection(("127.0.0.1", self.port), timeout_s) as stream:
            # The server tells the whole list at once, and again when it changes.
            told = _answer(stream, "host:track-devices")
            while _states(told).get(serial) != state:
                if time.monotonic() >= until:
                    return False
                if _readable(stream, min(until, time.monotonic() + pause)):
                    told = _text(stream)
                else:
                    # adb 29 says nothing when a handset becomes unauthorized: what was not told is asked, ever less often.
                    told, pause = self.ask("host:devices"), min(2 * pause, 0.5)
        return True

    def kill(self) -> None:
        """Kill the server as a crash does; `start(port)` brings another one up."""
        self._end()

    def stop(self) -> None:
        """End the server and remove its home."""
        self._end()
        if self.home:
            shutil.rmtree(self.home, ignore_errors=True)
            self.home = ""

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            # A server keeps nothing that a kill could lose.
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    return port if port != USUAL_PORT and not 5554 <= port <= 5585 else _free_port()


def _readable(source: socket.socket | IO[bytes], until: float) -> bool:
    """Wait until something, or the end, can be read; False where that is not by `until`."""
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        return bool(selector.select(max(0.0, until - time.monotonic())))


def _answer(stream: socket.socket, request: str) -> str:
    """Send a request, read the text of its answer. Raises OSError, or LinkError with what the server says."""
    stream.sendall(b"%04x%s" % (len(request.encode()), request.encode()))
    status, text = _exactly(stream, 4), _text(stream)
    if status != b"OKAY":
        raise LinkError(f"the adb server says to {request}: {text or 'nothing'}")
    return text


def _text(stream: socket.socket) -> str:
    """Four digits of length and the text behind them. Raises LinkError where the server ends before."""
    size = _exactly(stream, 4)
    if len(size) < 4:
        raise LinkError("the adb server went away")
    return _exactly(stream, int(size, 16)).decode("utf-8", "replace")


def _states(text: str) -> dict[str, str]:
    lines = [line.split("\t") for line in text.splitlines()]
    return {line[0]: line[1] for line in lines if len(line) == 2}


def _exactly(stream: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = stream.recv(size - len(data))
        if not chunk:
            break
        data += chunk
    return data
