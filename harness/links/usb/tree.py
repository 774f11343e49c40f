"""USB devices as the kernel lists them: where they hang, what they call themselves, which interfaces they offer.

Read from sysfs (`/sys/bus/usb/devices/<bus-port>/` and `…:<configuration>.<interface>/`); nothing is opened. On a
system without sysfs the list is empty. BANDPROOF_USB names another root, with `sys/` and `dev/` in it: a simulated bench.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "BANDPROOF_USB"
_DEVICE = re.compile(r"\d+-\d+(?:\.\d+)*")
"""Bus and chain of ports: `3-1.2`. It stays when the device comes back with other interfaces."""


@dataclass(frozen=True, slots=True)
class UsbInterface:
    """One interface of the configuration in force."""

    number: int
    triple: str
    """Class, subclass and protocol: `ff/ff/30`."""
    endpoints: int
    folder: Path
    tty: str = ""
    """The serial port that a kernel driver has made of it, such as `ttyUSB0`."""

    @property
    def is_there(self) -> bool:
        """Whether the kernel still lists it."""
        return (self.folder / "bInterfaceNumber").is_file()


@dataclass(frozen=True, slots=True)
class UsbDevice:
    """One device. `bus` and `number` change each time it comes back, `path` does not."""

    path: str
    bus: int
    number: int
    ids: str
    """Vendor and product: `04e8:6860`."""
    serial: str
    product: str
    interfaces: tuple[UsbInterface, ...]

    @property
    def composition(self) -> str:
        """What it offers, as one text: `04e8:6860 ff/10/01 ff/42/01`."""
        return " ".join((self.ids, *(one.triple for one in self.interfaces)))

    def node(self, dev_root: Path | None = None) -> Path:
        """The file by which it is opened raw."""
        return (dev_root or roots()[1]) / "bus" / "usb" / f"{self.bus:03d}" / f"{self.number:03d}"


def roots() -> tuple[Path, Path]:
    """Where /sys and /dev are."""
    named = os.environ.get(VARIABLE)
    return (Path(named) / "sys", Path(named) / "dev") if named else (Path("/sys"), Path("/dev"))


def list_usb_devices(sys_root: Path | None = None) -> list[UsbDevice]:
    """All devices, by path."""
    folder = (sys_root or roots()[0]) / "bus" / "usb" / "devices"
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  names are all that is needed
    except OSError:
        return []
    return [found for name in names if _DEVICE.fullmatch(name) and (found := _device(folder, name))]


def usb_device(path: str, sys_root: Path | None = None) -> UsbDevice | None:
    """The device at a place of the tree (`3-1.2`); None where none is, or the name is no place."""
    if not _DEVICE.fullmatch(path):
        return None
    return _device((sys_root or roots()[0]) / "bus" / "usb" / "devices", path)


def _device(folder: Path, path: str) -> UsbDevice | None:
    own = folder / path
    bus, number = _word(own / "busnum"), _word(own / "devnum")
    if not (bus.isdecimal() and number.isdecimal()):
        return None
    return UsbDevice(
        path,
        int(bus),
        int(number),
        f"{_word(own / 'idVendor')}:{_word(own / 'idProduct')}".lower(),
        _word(own / "serial"),
        _word(own / "product"),
        tuple(sorted(_interfaces(folder, path), key=lambda one: one.number)),
    )


def _interfaces(folder: Path, path: str) -> Iterator[UsbInterface]:
    for one in (*folder.glob(f"{path}:*"), *(folder / path).glob(f"{path}:*")):
        number = _word(one / "bInterfaceNumber")
        parts = [_word(one / f"bInterface{name}").lower() for name in ("Class", "SubClass", "Protocol")]
        if not re.fullmatch(r"[0-9a-fA-F]{1,2}", number) or not all(parts):
            continue
        endpoints = _word(one / "bNumEndpoints")
        known = int(endpoints, 16) if re.fullmatch(r"[0-9a-fA-F]{1,2}", endpoints) else 0
        yield UsbInterface(int(number, 16), "/".join(parts), known, one, _tty(one))


def _tty(interface: Path) -> str:
    """`ttyUSB0` stands in the interface's folder, `ttyACM0` in its folder `tty`."""
    found = [one.name for pattern in ("ttyUSB*", "tty/tty*") for one in interface.glob(pattern)]
    return found[0] if len(found) == 1 else ""


def _word(file: Path) -> str:
    try:
        return file.read_text("utf-8", errors="replace").strip()
    except OSError:
        return ""
