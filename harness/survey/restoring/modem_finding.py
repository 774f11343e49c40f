"""The modem of a journal among the ports of this machine: known by its IMEI, whatever its port is called now."""

from __future__ import annotations

import re
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from harness.errors import BandproofError, LinkError
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import JournalPage, device_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.links.at.port import AtPort
    from harness.survey.restoring.reached import ReachedDevice

ASK_S = 5.0
IDENTITY = "AT+CGSN"
_IMEI = re.compile(r"(?<!\d)\d{14,16}(?!\d)")
_LOOK_EVERY_S = 1.0


def reopened(url: str, key: str, *, until_s: float) -> AtPort | None:
    """The port of the modem whose journal has that key, where it was or under another name; None where it stays away."""
    while True:
        if (port := _port_of(url, key)) is not None:
            return port
        left = until_s - time.monotonic()
        if left <= 0:
            return None
        threading.Event().wait(min(_LOOK_EVERY_S, left))


def key_at(url: str) -> str:
    """The key of the modem behind a port; empty where it does not tell it, or the port is not there."""
    from harness.links.at.port import open_at

    deadline_s = time.monotonic() + ASK_S
    with suppress(LinkError), open_at(url, deadline_s=deadline_s) as port:
        told = _IMEI.search(port.ask(IDENTITY, deadline_s=deadline_s).text)
        return device_key("at", told[0]) if told else ""
    return ""


def find_modem(page: JournalPage, deadline_s: float) -> ReachedDevice | None:
    """The modem of a journal, identified and open behind a gate for what its family can put back. Raises LinkError."""
    if not any(one.channel == "at" for one in page.changes):
        return None
    port = _port_of(page.reached, page.device)
    if port is None:
        return None
    try:
        return _reached(port, deadline_s)
    except BaseException:
        port.close()
        raise


def _reached(port: AtPort, deadline_s: float) -> ReachedDevice | None:
    from harness.probes.at.session import identify
    from harness.survey.restoring.reached import ReachedDevice

    family, modem = identify(port, deadline_s=deadline_s)
    locking = family.locking(modem) if family is not None and family.locking is not None else None
    items = unique_items(locking.items) if locking is not None else {}
    channel = GatedChannel(port, Gate(tuple(items.values()), "restore"))
    return ReachedDevice({"at": channel}, items, modem.firmware or "", port.close)


def _port_of(url: str, key: str) -> AtPort | None:
    for device in _candidates(url):
        # Whoever holds a port, or does not answer, is not the one that is looked for now.
        with suppress(LinkError):
            if (port := _if_it_is(device, key)) is not None:
                return port
    return None


def _candidates(url: str) -> Iterator[str]:
    from harness.links.usb.serial_ports import list_serial_ports

    if url:
        yield url
    yield from (one.device for one in list_serial_ports() if one.takes_at and one.device != url)


def _if_it_is(url: str, key: str) -> AtPort | None:
    """The port, open for changes, where the modem behind it has the identity. Raises LinkError."""
    from harness.links.at.port import open_at

    deadline_s = time.monotonic() + ASK_S
    port = open_at(url, deadline_s=deadline_s, allow_changes=True)
    try:
        told = _IMEI.search(port.ask(IDENTITY, deadline_s=deadline_s).text)
    except BandproofError:
        port.close()
        raise
    if told is None or device_key("at", told[0]) != key:
        port.close()
        return None
    return port
