"""Handsets on the network that the adb server is made to know, and a server that ends while it is asked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from harness.errors import DeviceAbsent, DeviceGone, LinkError

from .server import ask_server, open_at_once, state_error

if TYPE_CHECKING:
    from .server import AdbServer, Handset

TAP_S = 15.0
"""How long a person may take to accept this computer on a handset that this run has connected."""
ALIVE_S = 0.5


def connect(server: AdbServer, address: str, deadline_s: float) -> None:
    """`adb connect`: make the server know a handset on the network. Raises DeviceAbsent, DeviceUnauthorized."""
    text = ask_server(server, f"host:connect:{address}", deadline_s, device=address)
    # The server says OKAY even when it failed: only the words tell.
    if text.startswith(("connected to", "already connected")):
        return
    if "authenticate" in text or "authoriz" in text:
        raise state_error(address, text)
    raise DeviceAbsent(
        f"{address} does not answer: {text.strip()}", device=address, way_out="check host, port and network"
    )


def reconnect(server: AdbServer, handset: Handset, deadline_s: float) -> None:
    """`adb disconnect` and `adb connect`, of a handset on the network that the server holds as offline.

    By itself a server finds one that was rebooted only 3 s (adb 36) to 10 s (adb 29) later, and says meanwhile that it
    is connected. Raises DeviceAbsent, DeviceUnauthorized.
    """
    disconnect(server, handset.serial, deadline_s)
    connect(server, handset.serial, deadline_s)


def disconnect(server: AdbServer, address: str, deadline_s: float) -> None:
    """`adb disconnect`: make the server forget a handset on the network."""
    with suppress(LinkError):  # Forgotten meanwhile: all the better.
        ask_server(server, f"host:disconnect:{address}", deadline_s, device=address)


def is_there(server: AdbServer) -> bool:
    """Whether anything listens where the server was; nothing is started."""
    try:
        open_at_once(server, ALIVE_S).conn.close()
    except OSError:
        return False
    return True


def server_gone(command: str, device: str) -> DeviceGone:
    """The server ended while a handset was asked: the cable has no part in it."""
    return DeviceGone(
        f"the adb server went away while {device} was asked {command!r}",
        device=device,
        command=command,
        way_out="see whether somebody restarts it (`adb kill-server`, an IDE), then run again",
    )
