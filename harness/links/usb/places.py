"""Where on USB a link hangs: what two links of one device have in common, whatever they answer."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import LinkError

if TYPE_CHECKING:
    from harness.links.addresses import Address

_LISTING_S = 3.0
_BRIDGES = frozenset({"0403", "10c4", "1a86", "067b", "04d8", "1fc9", "0483"})
"""Vendors of USB-to-serial bridges: such a port hangs beside its modem, not on it."""


def usb_place(address: Address, sys_root: Path | None = None) -> str | None:
    """The bus and ports of the USB device behind an address (`1-2.4`).

    None where nothing tells it: on a network, on PCIe, behind a bridge to a serial line, away from Linux.
    """
    with suppress(LinkError, OSError):
        if address.kind == "adb":
            return _of_handset(address.value)
        if address.kind in {"at", "qmi"} and "://" not in address.value:
            return _of_node(address.value, sys_root or Path("/sys"))
    return None


def _of_handset(serial: str) -> str | None:
    from harness.links.adb.server import find_handset, server_from_environment
    from harness.links.adb.shell import list_handsets

    handsets = list_handsets(server_from_environment(), deadline_s=time.monotonic() + _LISTING_S)
    usb = find_handset(serial, handsets).usb
    return usb.removeprefix("usb:") if usb.startswith("usb:") else None


def _of_node(value: str, sys_root: Path) -> str | None:
    name = Path(value.partition(":")[2] if value.startswith(("qmi:", "mbim:")) else value).resolve().name
    for kind in ("tty", "usbmisc"):
        entry = sys_root / "class" / kind / name / "device"
        if not entry.exists():
            continue
        place = entry.resolve()
        usb = next((one for one in (place, *place.parents) if (one / "idVendor").is_file()), None)
        if usb is None or (usb / "idVendor").read_text(encoding="ascii", errors="replace").strip() in _BRIDGES:
            return None
        return usb.name if re.fullmatch(r"\d+-[\d.]+", usb.name) else None
    return None
