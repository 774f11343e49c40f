"""USB trees as files, from what tools print of real devices and of our own."""

from __future__ import annotations

import re
from pathlib import Path

Interface = tuple[int, str, int]
"""Number, triple, endpoints."""


def plant(
    root: Path, path: str, interfaces: list[Interface], *, serial: str = "a1b2c3d4", ids: str = "05c6:9091"
) -> Path:
    """A device in a tree; answers its folder."""
    devices = root / "sys" / "bus" / "usb" / "devices"
    vendor, _, product = ids.partition(":")
    own = devices / path
    own.mkdir(parents=True)
    facts = {"busnum": path[0], "devnum": "27", "idVendor": vendor, "idProduct": product, "serial": serial}
    for name, value in facts.items():
        (own / name).write_text(f"{value}\n")
    for number, triple, endpoints in interfaces:
        folder = devices / f"{path}:1.{number}"
        folder.mkdir()
        names = ("bInterfaceClass", "bInterfaceSubClass", "bInterfaceProtocol")
        for name, value in zip(names, triple.split("/"), strict=True):
            (folder / name).write_text(f"{value}\n")
        (folder / "bInterfaceNumber").write_text(f"{number:02x}\n")
        (folder / "bNumEndpoints").write_text(f"{endpoints:02x}\n")
    return own


def printed_interfaces(text: str) -> list[Interface]:
    """The interfaces of one configuration as pyusb (SCAT) or lsusb prints them."""
    out = []
    for block in re.split(r"INTERFACE \d+|Interface Descriptor:", text)[1:]:
        values = []
        for name in (
            "bInterfaceNumber",
            "bInterfaceClass",
            "bInterfaceSubClass",
            "bInterfaceProtocol",
            "bNumEndpoints",
        ):
            found = re.search(rf"{name}\s*:?\s+(0x[0-9a-f]+|\d+)", block)
            values.append(int(found[1], 0) if found else 0)
        number, *triple, endpoints = values
        out.append((number, "/".join(f"{one:02x}" for one in triple), endpoints))
    return out
