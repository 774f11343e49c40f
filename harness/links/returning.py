"""Waiting for a device that went away: known again by what it is, not by the name of its port."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import LinkError

from .opening import open_link

if TYPE_CHECKING:
    from collections.abc import Callable

    from .addresses import Address
    from .usb.serial_ports import SerialPort

LOOK_EVERY_S = 0.2
OPEN_S = 5.0
"""How long one try to open the device may take."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a device was: its address, and of a tty the place in the USB tree, which a new name does not change."""

    address: Address
    usb: tuple[str, str | None, int | None] | None = None


def whereabouts(address: Address) -> Whereabouts:
    """Note where a device is while it is there."""
    if address.kind != "at" or "://" in address.value:
        return Whereabouts(address)
    port = _port(address.value)
    return Whereabouts(address, _usb(port) if port and port.usb else None)


def wait_until_back(
    was: Whereabouts, *, deadline_s: float, stopped: Callable[[], bool] = lambda: False
) -> Address | None:
    """The address under which the device can be reached again; None where it did not come back in time.

    It is back when it can be opened: a listing may name it for a while after it went, and before it can be used. A tty
    is found by its place in the USB tree under any name, one that is no USB one by its own (stable) name; a handset by
    its serial number, one on the network is connected again. Nothing is asked of the device itself.
    """
    pause = threading.Event()
    while not stopped():
        found = _now(was)
        if found is not None and _opens(found, deadline_s):
            return found
        left = deadline_s - time.monotonic()
        if left <= 0:
            return None
        pause.wait(min(LOOK_EVERY_S, left))
    return None


def _now(was: Whereabouts) -> Address | None:
    """Its address now; None where it can be seen that it is not there."""
    address = was.address
    if was.usb is not None:
        port = next((one for one in _ports() if one.usb and _usb(one) == was.usb), None)
        return None if port is None else replace(address, value=port.device)
    if address.kind == "at" and "://" not in address.value and not Path(address.value).exists():
        return None
    return address


def _opens(address: Address, deadline_s: float) -> bool:
    try:
        open_link(address, deadline_s=min(deadline_s, time.monotonic() + OPEN_S)).close()
    except LinkError:
        return False
    return True


def _ports() -> list[SerialPort]:
    from .usb.serial_ports import list_serial_ports

    return list_serial_ports()


def _port(device: str) -> SerialPort | None:
    from .usb.serial_ports import serial_port_at

    return serial_port_at(device)


def _usb(port: SerialPort) -> tuple[str, str | None, int | None]:
    return port.unit, port.usb, port.interface
