"""The diagnostic port of a handset: which of its USB interfaces it is, who speaks there, how it is opened.

The triples of class, subclass and protocol are those by which QCSuper and SCAT's users know the port; a table of
interface numbers would be wrong for the next model. The interface of adb itself is never taken: it drops adb.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.links.usb.tree import UsbDevice, UsbInterface, list_usb_devices, roots, usb_device

if TYPE_CHECKING:
    from pathlib import Path

ADB = "ff/42/01"
_QUALCOMM = "ff/ff/30"
_QUALCOMM_OLDER = "ff/ff/ff"
_SAMSUNG = "ff/10/01"

Baseband = Literal["qc", "sec"]
"""Whose protocol the port speaks, in SCAT's words: Qualcomm's, Samsung's."""


@dataclass(frozen=True, slots=True)
class DiagPort:
    """A diagnostic port: the interface, the device that it belongs to."""

    device: UsbDevice
    interface: UsbInterface
    baseband: Baseband

    @property
    def words(self) -> str:
        """The port for people: `3-1.2 interface 0 (ff/ff/30)`."""
        return f"{self.device.path} interface {self.interface.number} ({self.interface.triple})"

    @property
    def node(self) -> Path:
        """The file that is opened: the serial port where a driver has made one, else the raw device."""
        return roots()[1] / self.interface.tty if self.interface.tty else self.device.node()

    @property
    def arguments(self) -> tuple[str, ...]:
        """How SCAT is told of it."""
        if self.interface.tty:
            return ("-s", str(self.node), "--no-rts", "--no-dsr")
        return ("-u", "-a", f"{self.device.bus:03d}:{self.device.number:03d}", "-i", str(self.interface.number))

    @property
    def is_there(self) -> bool:
        """Whether it is still plugged in, as the very same device."""
        if not self.interface.is_there:
            return False
        now = usb_device(self.device.path)
        return now is not None and (now.bus, now.number) == (self.device.bus, self.device.number)

    @property
    def may_be_opened(self) -> bool:
        """Whether this user may read and write it."""
        return os.access(self.node, os.R_OK | os.W_OK)


def diag_port_of(device: UsbDevice) -> DiagPort | None:
    """The diagnostic port of a handset, or None where it offers none."""
    others = [one for one in device.interfaces if one.triple != ADB]
    if found := next((one for one in others if one.triple == _QUALCOMM and one.endpoints == 2), None):
        return DiagPort(device, found, "qc")
    if found := next((one for one in others if one.triple == _SAMSUNG), None):
        return DiagPort(device, found, "sec")
    if found := next((one for one in others if one.triple == _QUALCOMM_OLDER and one.endpoints == 2), None):
        return DiagPort(device, found, "qc")
    return None


def device_of_handset(path: str, serial: str) -> UsbDevice | None:
    """The USB device of a handset: by its place as adb tells it (`usb:3-1.2`), else by its serial where one has it."""
    if path:
        return usb_device(path.removeprefix("usb:"))
    alike = [one for one in list_usb_devices() if serial and one.serial == serial]
    return alike[0] if len(alike) == 1 else None
