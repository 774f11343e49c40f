"""What USB ids and interface numbers tell of a serial port: a modem's AT port, its GPS or DIAG, or no modem at all.

The table `data/usb_ports.csv` holds published facts: makers' port descriptions, the ids that the Linux kernel and
ModemManager know. Ports: interface number in hex (`02=at`), or class, subclass and protocol (`ff0102=at`).
A row without products holds for all products of a vendor; the row of a product goes before it.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

Role = Literal["at", "data", "gps", "diag", "audio", "other"]
"""`data` also takes AT commands (the second AT port, or the one for dial-up); `other` is of no known use."""

Kind = Literal["modem", "mixed", "adapter", "gps", "download"]
"""`mixed`: a vendor of modems and of other things, of which only ports that the table names are a modem's.
`download`: a boot loader, to which nothing may be written."""

_WORDS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    ("gps", re.compile(r"\b(?:NMEA|GPS|GNSS)\b", re.IGNORECASE)),
    ("diag", re.compile(r"\b(?:DIAG\w*|QCDM|DM|LOG|TRACE|DEBUG)\b", re.IGNORECASE)),
    ("audio", re.compile(r"\b(?:AUDIO|VOICE|PCM)\b", re.IGNORECASE)),
    ("at", re.compile(r"\b(?:AT|PCUI|COMMAND)\b", re.IGNORECASE)),
    ("data", re.compile(r"\b(?:MODEM|PPP)\b", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """One row of the table: what a USB device is, and the role of each of its ports as far as it is known."""

    kind: Kind
    name: str
    ports: Mapping[str, Role]


def layout_of(vendor: int, product: int) -> Layout | None:
    """The row of a USB device: of its product, else of its vendor; None for a stranger."""
    table = _table()
    return table.get((f"{vendor:04x}", f"{product:04x}")) or table.get((f"{vendor:04x}", ""))


def role_of(layout: Layout, interface: int | None, code: str = "", words: str = "") -> Role | None:
    """What one interface is for: by its number, its class codes (`ff0102`), else by its name; None where unknown."""
    by_number = layout.ports.get(f"{interface:02x}") if interface is not None else None
    return by_number or layout.ports.get(code.lower()) or role_in_words(words)


def role_in_words(words: str) -> Role | None:
    """What a port's own name says that it is for: `AT`, `NMEA`, `Modem DIAG` ..."""
    return next((role for role, pattern in _WORDS if pattern.search(words)), None)


@cache
def _table() -> dict[tuple[str, str], Layout]:
    text = (files(__package__) / "data" / "usb_ports.csv").read_text(encoding="utf-8")
    table: dict[tuple[str, str], Layout] = {}
    for row in csv.DictReader(text.splitlines()):
        ports: dict[str, Role] = {}
        for entry in row["ports"].split():
            key, _, role = entry.partition("=")
            if role not in get_args(Role):
                raise ValueError(f"usb_ports.csv: {row['name']}: unknown role {role!r}")
            ports[key] = role  # type: ignore[assignment]
        if row["kind"] not in get_args(Kind):
            raise ValueError(f"usb_ports.csv: {row['name']}: unknown kind {row['kind']!r}")
        layout = Layout(row["kind"], row["name"], ports)  # type: ignore[arg-type]
        for product in row["products"].split() or [""]:
            if table.setdefault((row["vendor"], product), layout) is not layout:
                raise ValueError(f"usb_ports.csv: {row['vendor']}:{product} stands there twice")
    return table
