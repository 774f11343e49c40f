"""A USB tree of files, as sysfs shows one: simulated handsets with their interfaces, and `dev` beside it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from harness.links.usb.tree import VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

DIAG = "ff/ff/30"
ADB = "ff/42/01"
_MTP = "06/01/01"
_SAMSUNG = "ff/10/01"


class UsbFolder:
    """The tree of one simulated bench."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._devices = folder / "sys" / "bus" / "usb" / "devices"
        self._devices.mkdir(parents=True)
        (folder / "dev").mkdir()

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment to look here."""
        return {VARIABLE: str(self.folder)}

    def add(self, path: str, number: int, serial: str, tty: str = "", *, samsung: bool = False) -> None:
        """A handset at a place of the tree; with a tty it has a diagnostic port, Qualcomm's or Samsung's: that tty."""
        facts = {"busnum": path.partition("-")[0], "devnum": str(number), "serial": serial, "product": "Handset"}
        vendor, product = ("04e8", "685d") if samsung else ("05c6", "9091" if tty else "901d")
        self._write(path, {**facts, "idVendor": vendor, "idProduct": product})
        triples = [_SAMSUNG if samsung else DIAG, ADB] if tty else [_MTP, ADB]
        for interface, triple in enumerate(triples):
            self._interface(f"{path}:1.{interface}", interface, triple)
        if tty:
            name = f"ttyUSB{number}"
            (self._devices / f"{path}:1.0" / name).mkdir()
            (self.folder / "dev" / name).symlink_to(tty)

    def remove_port(self, path: str, number: int) -> None:
        """The diagnostic interface goes; adb stays."""
        shutil.rmtree(self._devices / f"{path}:1.0", ignore_errors=True)
        (self.folder / "dev" / f"ttyUSB{number}").unlink(missing_ok=True)

    def _interface(self, name: str, number: int, triple: str) -> None:
        parts = dict(
            zip(("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol"), triple.split("/"), strict=True)
        )
        endpoints = "03" if triple == _MTP else "02"
        self._write(name, {**parts, "bInterfaceNumber": f"{number:02x}", "bNumEndpoints": endpoints})

    def _write(self, name: str, facts: dict[str, str]) -> None:
        folder = self._devices / name
        folder.mkdir()
        for fact, value in facts.items():
            (folder / fact).write_text(f"{value}\n")
