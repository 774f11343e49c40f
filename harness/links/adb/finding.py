"""Which handset a name means at an adb server; one on the network is connected, and forgotten where it is none."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from harness.errors import DeviceAbsent, DeviceOffline, DeviceUnauthorized, LinkError

from .network import TAP_S, connect, disconnect, reconnect
from .server import (
    READY_S,
    find_handset,
    list_handsets,
    open_connection,
    receive_exactly,
    recent_handsets,
    send_request,
)

if TYPE_CHECKING:
    from .server import AdbServer, Handset

_NETWORK = re.compile(r"(?:[\w.-]+|\[[^\]]+\]):\d{1,5}|localfilesystem:.+|vsock:.+")
_MOST_OF_IT = 0.8
"""Of the time that is left: the rest is for the listing, which says what state the handset is in."""


def find(server: AdbServer, name: str, deadline_s: float) -> Handset:
    """The handset that a name says, connected where it is an address on the network that the server does not know.

    Raises DeviceAbsent, DeviceAmbiguous, DeviceUnauthorized, DeviceOffline, NoPermission.
    """
    # What a neighbour has just been told saves a rack most of its questions; only good news are taken from it.
    known = recent_handsets(server, deadline_s=deadline_s, name=name)
    if len(known) == 1 and known[0].serial == name and known[0].ready:
        return known[0]
    handsets = list_handsets(server, deadline_s=deadline_s, name=name)
    try:
        return find_handset(name, handsets)
    except LinkError as error:
        if not _NETWORK.fullmatch(name) or not (isinstance(error, DeviceAbsent) or "offline" in str(error)):
            raise
        stale = next((one for one in handsets if one.serial == name and one.state == "offline"), None)
        if stale is not None:
            reconnect(server, stale, deadline_s)
            _wait_until_ready(server, name, deadline_s, READY_S)
            return find_handset(name, list_handsets(server, deadline_s=deadline_s, name=name))
        return _connected(server, name, deadline_s)


def _connected(server: AdbServer, name: str, deadline_s: float) -> Handset:
    """A handset that this run makes the server know; what turns out to be none is forgotten again."""
    wait_s = READY_S
    refused = None
    try:
        connect(server, name, deadline_s)
    except DeviceUnauthorized as error:
        wait_s, refused = TAP_S, error
    except DeviceAbsent:
        # A server that waited in vain for adbd's first word says "failed", and keeps the address as offline.
        if any(one.serial == name for one in list_handsets(server, deadline_s=deadline_s, name=name)):
            raise _no_adbd(server, name, deadline_s) from None
        raise
    _wait_until_ready(server, name, deadline_s, wait_s)
    try:
        return find_handset(name, list_handsets(server, deadline_s=deadline_s, name=name))
    except DeviceAbsent as error:
        raise refused or error from None
    except DeviceOffline:
        raise _no_adbd(server, name, deadline_s) from None


def _no_adbd(server: AdbServer, name: str, deadline_s: float) -> DeviceAbsent:
    """What was connected speaks otherwise: it is disconnected again."""
    disconnect(server, name, deadline_s)
    return DeviceAbsent(
        f"what listens on {name} does not speak as adbd does",
        device=name,
        way_out="check host and port: `adb tcpip 5555`, or wireless debugging on the handset, tells them",
    )


def _wait_until_ready(server: AdbServer, name: str, deadline_s: float, wait_s: float) -> None:
    """The server answers `connect` before the handset can be used; it waits for us, so nothing here polls."""
    now = time.monotonic()
    until = now + min(wait_s, _MOST_OF_IT * (deadline_s - now))
    connection = open_connection(server, until)
    try:
        send_request(connection, f"host-serial:{name}:wait-for-any-device", until, device=name)
        receive_exactly(connection.conn, 4, until, "wait-for-any-device", name)
    except LinkError:
        pass  # The listing says what state it is in.
    finally:
        connection.conn.close()
