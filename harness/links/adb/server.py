"""The adb server: where it is, what is plugged in, streams to a handset. adbutils connects; its errors become ours."""

from __future__ import annotations

import os
import re
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from harness.errors import (
    AnswerTimeout,
    DeviceAbsent,
    DeviceAmbiguous,
    DeviceGone,
    DeviceOffline,
    DeviceUnauthorized,
    LinkError,
    NoAdbServer,
    NoPermission,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Sequence

START_S = 20.0
CONNECT_S = 5.0
READY_S = 5.0
LONGEST_SERVICE = 65535
RECENT_S = 0.02
"""How old a listing may be that another thread has asked for: no older than one that was asked for may become."""

_LISTED = re.compile(
    r"(?P<serial>.+?)\s+(?P<state>no permissions.*?|[a-z]+)"
    r"(?P<rest>(?:\s+(?:usb|product|model|device|features|transport_id):\S*)*)\s*"
)


@dataclass(frozen=True, slots=True)
class AdbServer:
    """Where an adb server listens. `own`: the user pointed somewhere, so nothing is started in its place."""

    host: str = "127.0.0.1"
    port: int = 5037
    path: str = ""
    """A UNIX socket instead of host and port."""
    own: bool = False

    def __str__(self) -> str:
        return f"localfilesystem:{self.path}" if self.path else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Handset:
    """One line of `adb devices -l`. `state` is adb's word: device, offline, unauthorized, no permissions ..."""

    serial: str
    state: str
    model: str = ""
    product: str = ""
    codename: str = ""
    usb: str = ""
    transport_id: str = ""

    @property
    def ready(self) -> bool:
        """Whether a shell can be asked."""
        return self.state in ("device", "recovery", "rescue")


def server_from_environment() -> AdbServer:
    """The server that ADB_SERVER_SOCKET or ANDROID_ADB_SERVER_{ADDRESS,HOST,PORT} name, else the usual one."""
    socket_name = os.environ.get("ADB_SERVER_SOCKET", "")
    if socket_name.startswith(("localfilesystem:", "local:", "unix:")):
        return AdbServer(path=socket_name.partition(":")[2], own=True)
    if match := re.fullmatch(r"tcp:(?:(.+):)?(\d+)", socket_name):
        return AdbServer(match[1] or "127.0.0.1", int(match[2]), own=True)
    host = os.environ.get("ANDROID_ADB_SERVER_ADDRESS") or os.environ.get("ANDROID_ADB_SERVER_HOST") or "127.0.0.1"
    port = os.environ.get("ANDROID_ADB_SERVER_PORT", "")
    number = int(port) if port.isdigit() and 0 < int(port) < 65536 else 5037
    return AdbServer(host, number, own=(host, number) != ("127.0.0.1", 5037))


def list_handsets(server: AdbServer | None = None, *, deadline_s: float | None = None, name: str = "") -> list[Handset]:
    """What is plugged in, in adb's order, whatever state it is in. Raises NoAdbServer.

    Where `name` is the serial of one that is here, only those of that serial: a rack that opens each of its handsets
    need not read the whole rack for each.
    """
    deadline_s = time.monotonic() + READY_S if deadline_s is None else deadline_s
    text = ask_server(server or server_from_environment(), "host:devices-l", deadline_s)
    named = [one for one in parse_listing(text, name) if one.serial == name] if name else []
    return named or parse_listing(text)


def recent_handsets(server: AdbServer, *, deadline_s: float, name: str) -> list[Handset]:
    """As `list_handsets`, from a listing at most RECENT_S old: who opens a rack at once asks once.

    What is in it may have gone meanwhile, and what is not in it may have come.
    """
    asked = _recent(server)
    if not asked.lock.acquire(timeout=remaining(deadline_s, "host:devices-l", "")):
        raise too_late("host:devices-l", "")
    try:
        if time.monotonic() - asked.at > RECENT_S:
            asked.text = ask_server(server, "host:devices-l", deadline_s)
            asked.at = time.monotonic()
        return parse_listing(asked.text, name)
    finally:
        asked.lock.release()


def forget_handsets(server: AdbServer) -> None:
    """A handset was not as the last listing had it: the next who asks is told anew."""
    _recent(server).at = float("-inf")


@dataclass(slots=True)
class _Asked:
    """What a server answered last."""

    text: str = ""
    at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)


@cache
def _recent(server: AdbServer) -> _Asked:
    return _Asked()


def parse_listing(text: str, start: str = "") -> list[Handset]:
    """The lines of `host:devices-l`; where `start` is given only those that begin with it."""
    found = []
    for line in text.splitlines():
        if not line.startswith(start):
            continue
        match = _LISTED.fullmatch(line)
        if match is None:
            continue
        words = dict(word.split(":", 1) for word in match["rest"].split())
        found.append(
            Handset(
                match["serial"],
                match["state"],
                words.get("model", ""),
                words.get("product", ""),
                words.get("device", ""),
                f"usb:{words['usb']}" if "usb" in words else "",
                words.get("transport_id", ""),
            )
        )
    return found


def find_handset(name: str, handsets: Sequence[Handset]) -> Handset:
    """The one handset that a serial, a USB path or a model names, ready to be asked; else the error that says why."""
    matches = [handset for handset in handsets if handset.serial == name]
    if not matches and name.startswith("usb:"):
        matches = [handset for handset in handsets if handset.usb == name]
    if not matches:
        model = name.removeprefix("model:").replace(" ", "_").lower()
        matches = [h for h in handsets if model in (h.model.lower(), h.product.lower(), h.codename.lower())]
    if not matches:
        raise DeviceAbsent(f"adb knows no handset {name}", device=name, way_out=_what_is_here(handsets))
    if len(matches) > 1:
        serials = ", ".join(f"{handset.serial} ({handset.state})" for handset in matches)
        raise DeviceAmbiguous(f"{name} names {len(matches)} handsets", device=name, way_out=f"name one: {serials}")
    if not matches[0].ready:
        raise state_error(matches[0].serial, matches[0].state)
    return matches[0]


def state_error(serial: str, text: str) -> LinkError:
    """The error for a handset's state or for what the server says why it does not talk to it."""
    lower = text.lower()
    if "unauthorized" in lower or "authorizing" in lower or "authenticate" in lower:
        return DeviceUnauthorized(
            f"{serial} has not accepted this computer",
            device=serial,
            way_out="unlock the handset and tap Allow; if it does not ask, revoke USB debugging authorisations there",
        )
    if "permission" in lower:
        return NoPermission(
            f"no permission for the USB device {serial}: {text}",
            device=serial,
            way_out="install udev rules (android-sdk-platform-tools-common) or join the group plugdev, then replug",
        )
    if "not found" in lower or "no devices" in lower:
        return DeviceAbsent(
            f"adb knows no handset {serial}", device=serial, way_out="`adb devices` lists what is there"
        )
    if "more than one" in lower:
        return DeviceAmbiguous(f"{serial} names more than one handset", device=serial, way_out="name its serial")
    if "offline" in lower or "connecting" in lower:
        return DeviceOffline(
            f"{serial} is offline", device=serial, way_out="replug it or reboot it; `adb reconnect offline` may help"
        )
    return DeviceOffline(
        f"{serial} cannot be asked: {text}", device=serial, way_out="boot it into Android and replug it"
    )


def ask_server(server: AdbServer, request: str, deadline_s: float, *, device: str = "") -> str:
    """One request to the server and its answer as text."""
    connection = open_connection(server, deadline_s)
    try:
        send_request(connection, request, deadline_s, device=device)
        size = int(receive_exactly(connection.conn, 4, deadline_s, request, device), 16)
        return receive_exactly(connection.conn, size, deadline_s, request, device).decode("utf-8", "replace")
    except ValueError:
        raise NoAdbServer(f"what listens on {server} is no adb server", way_out="name adb's port") from None
    finally:
        connection.conn.close()


def open_stream(server: AdbServer, serial: str, service: str, deadline_s: float) -> socket.socket:
    """A stream to a service of a handset. Close it with `close()`: never shut one side down."""
    connection = open_connection(server, deadline_s)
    try:
        send_request(connection, f"host:transport:{serial}", deadline_s, device=serial)
        send_request(connection, service, deadline_s, device=serial)
    except BaseException:
        connection.conn.close()
        raise
    stream: socket.socket = connection.conn
    return stream


def send_request(connection: Any, request: str, deadline_s: float, *, device: str = "") -> None:
    """Send one length-prefixed request and wait for OKAY."""
    data = request.encode("utf-8")
    if len(data) > LONGEST_SERVICE:
        raise LinkError(f"a request of {len(data)} bytes is longer than adb can take", device=device)
    stream, shown = connection.conn, request[:80]
    try:
        stream.settimeout(remaining(deadline_s, shown, device))
        stream.sendall(b"%04x" % len(data) + data)
    except TimeoutError:
        raise too_late(shown, device) from None
    except OSError as error:
        raise _server_gone(shown, device, str(error)) from None
    status = receive_exactly(stream, 4, deadline_s, shown, device)
    if status == b"OKAY":
        return
    if status != b"FAIL":
        raise NoAdbServer("what answers is no adb server", device=device, raw=status, way_out="name adb's port")
    size = receive_exactly(stream, 4, deadline_s, shown, device)
    text = receive_exactly(stream, int(size, 16), deadline_s, shown, device).decode("utf-8", "replace")
    if text == "closed":
        raise DeviceGone(
            f"{device} closed the request at once",
            device=device,
            command=shown,
            way_out="replug the handset and run again",
        )
    raise state_error(device or "the handset", text)


def open_connection(server: AdbServer, deadline_s: float) -> Any:
    """A connection to the server, by adbutils. The usual server is started where it does not run."""
    try:
        return _connection_class()(server, remaining(deadline_s, "the connection", ""))
    except OSError:
        pass
    if server.own:
        raise NoAdbServer(
            f"no adb server answers on {server}",
            way_out="start it there, or unset ADB_SERVER_SOCKET and ANDROID_ADB_SERVER_*",
        )
    _start_server(deadline_s)
    try:
        return _connection_class()(server, remaining(deadline_s, "the connection", ""))
    except OSError:
        raise NoAdbServer(
            f"no adb server answers on {server}", way_out="run `adb start-server` and look at what it says"
        ) from None


def open_at_once(server: AdbServer, timeout_s: float) -> Any:
    """A connection to a server that runs; none is started. Raises OSError."""
    return _connection_class()(server, timeout_s)


def remaining(deadline_s: float, command: str, device: str) -> float:
    """Seconds until the deadline. Raises AnswerTimeout past it."""
    left = deadline_s - time.monotonic()
    if left <= 0:
        raise too_late(command, device)
    return left


def too_late(command: str, device: str) -> AnswerTimeout:
    """The deadline passed."""
    who = device or "the adb server"
    return AnswerTimeout(
        f"{who} did not answer {command} in time",
        device=device,
        command=command,
        way_out="give it more time, or replug it",
    )


@cache
def _connection_class() -> Any:
    """adbutils' connection without its habit of starting a server, on 5037 whatever port was asked."""
    import socket

    from adbutils import AdbConnection

    class Connection(AdbConnection):  # type: ignore[misc]
        def __init__(self, server: AdbServer, timeout_s: float) -> None:
            self._server, self._timeout_s = server, min(timeout_s, CONNECT_S)
            super().__init__(server.host, server.port)

        def _safe_connect(self) -> socket.socket:
            # Its own way leaves the socket open when nobody answers, and knows no deadline.
            if not self._server.path:
                stream = socket.create_connection((self._server.host, self._server.port), self._timeout_s)
                stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return stream
            stream = socket.socket(socket.AF_UNIX)
            try:
                stream.settimeout(self._timeout_s)
                stream.connect(self._server.path)
            except OSError:
                stream.close()
                raise
            return stream

    return Connection


def _start_server(deadline_s: float) -> None:
    import subprocess

    from adbutils import adb_path

    try:
        command = [adb_path(), "start-server"]
        left = min(START_S, remaining(deadline_s, "adb start-server", ""))
        # Its chatter ("* daemon not running") must not get into our output.
        subprocess.run(command, timeout=left, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except (OSError, RuntimeError, subprocess.SubprocessError) as error:
        raise NoAdbServer(
            f"the adb server cannot be started: {error}", way_out="install adb (platform-tools)"
        ) from None


def receive_exactly(stream: socket.socket, size: int, deadline_s: float, command: str, device: str) -> bytes:
    """So many bytes of a server's answer."""
    data = b""
    while len(data) < size:
        try:
            stream.settimeout(remaining(deadline_s, command, device))
            chunk = stream.recv(size - len(data))
        except TimeoutError:
            raise too_late(command, device) from None
        except OSError as error:
            raise _server_gone(command, device, str(error)) from None
        if not chunk:
            raise _server_gone(command, device, "the connection was closed")
        data += chunk
    return data


def _server_gone(command: str, device: str, why: str) -> LinkError:
    # Who waits for a handset that is gone in the middle waits for this one, too: the server takes all with it.
    kind = DeviceGone if device else NoAdbServer
    return kind(
        f"the adb server went away during {command}: {why}",
        device=device,
        command=command,
        way_out="see whether somebody restarts it (`adb kill-server`, an IDE), then run again",
    )


def _what_is_here(handsets: Sequence[Handset]) -> str:
    if not handsets:
        return "no handset is plugged in: check the cable, and USB debugging on the handset"
    return "here are " + ", ".join(
        f"{handset.serial} ({handset.model or handset.codename or 'no name'}, {handset.state})"
        for handset in handsets[:12]
    )
