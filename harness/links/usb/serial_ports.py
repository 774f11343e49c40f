"""The serial ports of this machine, without opening one: from sysfs on Linux, elsewhere as pyserial lists them."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .ids import layout_of, role_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .ids import Kind, Role

_WWAN_ROLES: dict[str, Role] = {"AT": "at", "QCDM": "diag", "NMEA": "gps", "XMMRPC": "other", "FASTBOOT": "other"}
_MOST_LINKS = 8
_ASKED: tuple[Role | None, ...] = (None, "at", "data")


@dataclass(frozen=True, slots=True)
class SerialPort:
    """One port. `unit` is the same for all ports of one physical device."""

    device: str
    unit: str
    kind: Kind | None = None
    """What the device is; None for a stranger and for what is no USB device."""
    role: Role | None = None
    name: str = ""
    """Maker or product, by the table, else by the USB device's own words."""
    usb: str | None = None
    """`2c7c:0125`."""
    interface: int | None = None
    links: tuple[str, ...] = ()
    """Stable names: `/dev/serial/by-id/...`."""
    console: bool = False

    @property
    def of_a_modem(self) -> bool:
        """Whether this is known to be a port of a modem."""
        return self.kind == "modem" or (self.kind == "mixed" and self.role is not None)

    @property
    def takes_at(self) -> bool:
        """Whether it may be asked: a modem's port that is for AT commands, or whose use nobody told."""
        return self.of_a_modem and self.role in _ASKED and not self.console

    @property
    def may_be_forced(self) -> bool:
        """Whether it may be asked on the user's word: anything but a console and a boot loader."""
        return not self.console and self.kind != "download"

    @property
    def why_left(self) -> str:
        """Why it is not asked, in words."""
        if self.console:
            return "a console of this machine"
        if self.kind == "download":
            return f"{self.name}: a boot loader"
        if self.of_a_modem:
            return f"the modem's {_ROLE_WORDS[self.role or 'other']}"
        if self.kind == "gps":
            return self.name
        if self.kind == "adapter":
            return f"{self.name} serial adapter: what is behind it is not known"
        return "not known to be a modem" + (f" ({self.name})" if self.name else "")


_ROLE_WORDS: dict[Role, str] = {
    "at": "AT port",
    "data": "second AT port",
    "gps": "GPS port (NMEA)",
    "diag": "diagnostic port",
    "audio": "audio port",
    "other": "port of no known use",
}


def list_serial_ports(sys_root: Path | None = None, dev_root: Path | None = None) -> list[SerialPort]:
    """All serial ports that have a device behind them, in the order of their names.

    Linux is read from `sys_root` (/sys) and `dev_root` (/dev); nothing is opened. Elsewhere pyserial lists.
    """
    if sys_root is None and not sys.platform.startswith("linux"):
        found = list(_listed_by_pyserial())
    else:
        places = (sys_root or Path("/sys"), dev_root or Path("/dev"))
        found = [*_ttys(*places), *_wwan(*places)]
    return sorted(found, key=lambda port: [(part.isdigit(), part.zfill(9)) for part in re.split(r"(\d+)", port.device)])


def serial_port_at(device: str, sys_root: Path | None = None, dev_root: Path | None = None) -> SerialPort | None:
    """The one port of that name or link, as `list_serial_ports` has it but for its stable names; None for a pty.

    Costs a look at one port, however many there are: whose name leads where only a look at all of them tells.
    """
    if sys_root is None and not sys.platform.startswith("linux"):
        real = os.path.realpath(device)
        return next((one for one in _listed_by_pyserial() if os.path.realpath(one.device) == real), None)
    places = (sys_root or Path("/sys"), dev_root or Path("/dev"))
    classes = f"{places[0]}/class"
    for name in _names(device, places[1]):
        entry = f"{classes}/tty/{name.replace('/', '!')}"
        if os.path.exists(f"{entry}/device"):  # noqa: PTH110  each modem of a rack comes by: strings cost a tenth
            return next(_ttys(*places, [Path(entry)]), None)
        if os.path.exists(f"{classes}/wwan/{name}"):  # noqa: PTH110
            return next((one for one in _wwan(*places) if Path(one.device).name == name), None)
    return None


def _names(device: str, dev_root: Path) -> Iterator[str]:
    """What a device is called below /dev: its own name, and what that links to, link by link."""
    top, path = f"{os.path.realpath(dev_root)}/", str(Path(device))
    for _ in range(_MOST_LINKS):
        # The folders on the way may be links, too; the last part must stay what it is.
        folder, _, name = path.rpartition("/")
        folder = os.path.realpath(folder or ("/" if path[:1] == "/" else "."))
        path = f"{folder.rstrip('/')}/{name}"
        if path.startswith(top):
            yield path[len(top) :]
        try:
            path = os.path.join(folder, os.readlink(path))  # noqa: PTH115, PTH118
        except OSError:
            return


def _ttys(sys_root: Path, dev_root: Path, entries: Sequence[Path] | None = None) -> Iterator[SerialPort]:
    links = _links(dev_root) if entries is None else {}
    consoles = set(_text(sys_root / "class/tty/console/active").split())
    for entry in _children(sys_root / "class" / "tty") if entries is None else entries:
        if not (entry / "device").exists() or (entry.name.startswith("ttyS") and _text(entry / "type") == "0"):
            continue
        device = str(dev_root / entry.name.replace("!", "/"))
        known = {"links": tuple(links.get(device, ())), "console": entry.name in consoles}
        place = (entry / "device").resolve()
        interface = _above(place, "bInterfaceNumber", sys_root)
        usb = _above(place, "idVendor", sys_root)
        if usb is None:
            yield SerialPort(device, device, name="built in", **known)  # type: ignore[arg-type]
        else:
            yield _usb_port(device, usb, interface, known)


def _usb_port(device: str, usb: Path, interface: Path | None, known: dict[str, object]) -> SerialPort:
    number = _hex(_text(interface / "bInterfaceNumber")) if interface else None
    codes = [_text(interface / f"bInterface{part}") for part in ("Class", "SubClass", "Protocol")] if interface else []
    words = _text(interface / "interface") if interface else ""
    own_name = " ".join(filter(None, (_text(usb / "manufacturer"), _text(usb / "product"))))
    vendor, product = _hex(_text(usb / "idVendor")), _hex(_text(usb / "idProduct"))
    return _named(device, str(usb), (vendor, product), number, "".join(codes), words, own_name, known)


def _named(
    device: str,
    unit: str,
    ids: tuple[int | None, int | None],
    interface: int | None,
    code: str,
    words: str,
    own_name: str,
    known: dict[str, object],
) -> SerialPort:
    """A USB port with what the table says of it."""
    vendor, product = ids
    if vendor is None or product is None:
        return SerialPort(device, unit, name=own_name, interface=interface, **known)  # type: ignore[arg-type]
    layout = layout_of(vendor, product)
    shown = f"{vendor:04x}:{product:04x}"
    if layout is None:
        name = f"{own_name} {shown}".strip()
        return SerialPort(device, unit, name=name, usb=shown, interface=interface, **known)  # type: ignore[arg-type]
    role = role_of(layout, interface, code, words)
    if layout.kind == "mixed" and code.lower() not in layout.ports:
        role = None  # A word in the name does not make a handset of this vendor a modem.
    return SerialPort(device, unit, layout.kind, role, layout.name, shown, interface, **known)  # type: ignore[arg-type]


def _wwan(sys_root: Path, dev_root: Path) -> Iterator[SerialPort]:
    """Ports of modems on PCIe that the kernel's WWAN subsystem names (Linux 5.13 and later)."""
    for entry in _children(sys_root / "class" / "wwan"):
        role = _WWAN_ROLES.get(_text(entry / "type").upper())
        unit = re.match(r"wwan\d+", entry.name)
        if role is not None and unit is not None:
            yield SerialPort(str(dev_root / entry.name), f"wwan:{unit[0]}", "modem", role, "WWAN modem")


def _listed_by_pyserial() -> Iterator[SerialPort]:
    from serial.tools.list_ports import comports

    for port in comports():
        location = port.location or ""
        number = re.search(r"[:&](?:\d+|x)\.(\d+)$", location)
        unit = f"usb:{location.partition(':')[0]}:{port.serial_number or ''}" if location else port.device
        words = " ".join(filter(None, (port.interface, port.description)))
        name = " ".join(filter(None, (port.manufacturer, port.product)))
        yield _named(port.device, unit, (port.vid, port.pid), int(number[1]) if number else None, "", words, name, {})


def _links(dev_root: Path) -> dict[str, list[str]]:
    """Device -> its stable names, by-id before by-path."""
    found: dict[str, list[str]] = {}
    for folder in ("by-id", "by-path"):
        for link in _children(dev_root / "serial" / folder):
            try:
                target = os.path.normpath(link.parent / link.readlink())
            except OSError:
                continue
            found.setdefault(target, []).append(str(link))
    return found


def _above(place: Path, name: str, end: Path) -> Path | None:
    """The nearest folder upwards that holds a file of this name."""
    end = end.resolve()
    for folder in (place, *place.parents):
        if folder == end:
            return None
        if (folder / name).is_file():
            return folder
    return None


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _hex(text: str) -> int | None:
    try:
        return int(text, 16)
    except ValueError:
        return None
