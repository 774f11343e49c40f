"""Waiting for a device that went away: known again by what it is, not by the name of its port."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.links.addresses import Address
    from harness.links.serial_ports import SerialPort

LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a device was: its address, and of a tty the place in the USB tree, which a new name does not change."""

    address: Address
    usb: tuple[str, str | None, int | None] | None = None


def whereabouts(address: Address) -> Whereabouts:
    """Note where a device is while it is there."""
    if address.kind != "at" or "://" in address.value:
        return Whereabouts(address)
    wanted = os.path.realpath(address.value)
    port = next((one for one in _ports() if os.path.realpath(one.device) == wanted), None)
    return Whereabouts(address, _usb(port) if port and port.usb else None)


def wait_until_back(
    was: Whereabouts, *, deadline_s: float, stopped: Callable[[], bool] = lambda: False
) -> Address | None:
    """The address under which the device can be reached again; None where it did not come back in time.

    A tty is found by its place in the USB tree under any name; a port that is no USB one by its own name. A handset is
    found by its serial number; one on the network is connected again. Nothing is asked of the device itself.
    """
    pause = threading.Event()
    while not stopped():
        found = _look(was, deadline_s)
        if found is not None:
            return found
        left = deadline_s - time.monotonic()
        if left <= 0:
            return None
        pause.wait(min(LOOK_EVERY_S, left))
    return None


def _look(was: Whereabouts, deadline_s: float) -> Address | None:
    address = was.address
    if address.kind == "adb":
        return address if _handset_is_back(address.value, deadline_s) else None
    if address.kind != "at":
        return None
    if "://" in address.value:
        return address
    if was.usb is None:
        return address if Path(address.value).exists() else None
    port = next((one for one in _ports() if one.usb and _usb(one) == was.usb), None)
    return None if port is None else replace(address, value=port.device)


def _handset_is_back(name: str, deadline_s: float) -> bool:
    """Whether a shell can be opened on it; that it is listed is not enough, an old server keeps it for a while."""
    from harness.links.adb import open_adb

    try:
        open_adb(name, deadline_s=min(deadline_s, time.monotonic() + 5)).close()
    except LinkError:
        return False
    return True


def _ports() -> list[SerialPort]:
    from harness.links.serial_ports import list_serial_ports

    return list_serial_ports()


def _usb(port: SerialPort) -> tuple[str, str | None, int | None]:
    return port.unit, port.usb, port.interface
