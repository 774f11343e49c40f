"""Addresses: how a user names a device."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from harness.errors import UsageError
from harness.recording.files import is_recording

from . import schemes

AddressKind = Literal["recording", "at", "adb", "bench", "qmi", "labgrid"]

SCHEMES = ("socket", "rfc2217", "loop", "spy", "alt", "hwgrep", "cp2110")
"""The URL schemes that pyserial brings."""

_EXAMPLES = (
    "name an adb serial, host:port, /dev/ttyUSB2, COM7, socket://host:port, qmi:/dev/cdc-wdm0, fixture:NAME, bench:NAME "
    "or the folder of a recording"
)
_ADB = re.compile(
    r"emulator-\d+|usb:\S+|(?:localfilesystem|local|vsock|acceptfd|dev):\S+|(?:[\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):\d{1,5}"
)

ADB_URL = "adb://"
"""`adb://HOST:PORT/SERIAL`: a handset of the adb server there, whatever the environment names."""
_ON_SERVER = re.compile(r"adb://([\w.-]+|\[[0-9A-Fa-f:.%\w]+\]):(\d{1,5})/(\S+)")


def handset_on(value: str) -> tuple[str, int, str] | None:
    """Host and port of the adb server that an address names, and the handset there; None where it names no server."""
    found = _ON_SERVER.fullmatch(value)
    return (found[1].strip("[]"), int(found[2]), found[3]) if found else None


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address. `value` is what the link needs, `text` what the user wrote; of a scheme both differ."""

    kind: AddressKind
    value: str
    text: str

    def __str__(self) -> str:
        return self.text


def parse_address(text: str) -> Address:
    """Read one address. Raises UsageError with the way out for what can be none."""
    value = text.strip()
    if not value or not value.isprintable():
        raise UsageError(f"no address: {text!r}", way_out=_EXAMPLES)
    for prefix, kind in (("fixture:", "recording"), ("bench:", "bench")):
        if value.startswith(prefix):
            if len(value) == len(prefix):
                raise UsageError(f"{prefix} names nothing", way_out=f"write {prefix}NAME")
            known: AddressKind = "recording" if kind == "recording" else "bench"
            return Address(known, value if kind == "recording" else value[len(prefix) :], text)
    if value.startswith(("qmi:", "mbim:")):
        return _host_port(value, text)
    if value.startswith(ADB_URL):
        if not _ON_SERVER.fullmatch(value):
            raise UsageError(f"{value}: no handset of an adb server", way_out="write adb://HOST:PORT/SERIAL")
        return Address("adb", value, text)
    if value.startswith("labgrid:"):
        if len(value) == len("labgrid:"):
            raise UsageError("labgrid: names no place", way_out="write labgrid:PLACE or labgrid:tag=value")
        return Address("labgrid", value.removeprefix("labgrid:"), text)
    if (other := schemes.resolved(value)) is not None:
        return replace(parse_address(other), text=text)
    if scheme := re.match(r"([A-Za-z][A-Za-z0-9+.-]*)://", value):
        return Address("at", _url(value, scheme[1].lower()), text)
    if _ADB.fullmatch(value):
        return Address("adb", value, text)
    if re.fullmatch(r"COM\d+", value, re.IGNORECASE) or (
        # A recording may lie in /dev/shm.
        value.startswith(("/dev/", "\\\\.\\")) and not is_recording(value)
    ):
        return Address("at", value, text)
    if (place := _place(value, text)) is not None:
        return place
    return Address("adb", value, text)


def _host_port(value: str, text: str) -> Address:
    """A QMI or MBIM port that tools of the host ask."""
    if not re.fullmatch(r"(?:qmi|mbim):(?:/dev/[\w./:-]+|qrtr://\d{1,5})", value):
        raise UsageError(f"{value}: no QMI or MBIM port", way_out="write qmi:/dev/cdc-wdm0 or mbim:/dev/cdc-wdm0")
    return Address("qmi", value, text)


def _url(value: str, scheme: str) -> str:
    if scheme in SCHEMES or _has_handler(scheme):
        return value
    raise UsageError(
        f"{value}: nothing here speaks {scheme}://",
        way_out=f"an AT port can be {', '.join(f'{s}://' for s in SCHEMES)}",
    )


def _has_handler(scheme: str) -> bool:
    """Whether pyserial has a handler for the scheme, its own or one that a program added."""
    import importlib.util

    import serial

    packages = getattr(serial, "protocol_handler_packages", [])
    name = re.sub(r"\W", "_", scheme)
    return any(importlib.util.find_spec(f"{package}.protocol_{name}") is not None for package in packages)


def _place(value: str, text: str) -> Address | None:
    """A folder or a device file; None for a word that is neither."""
    path = Path(value).expanduser()
    if is_recording(path):
        return Address("recording", str(path), text)
    looks_like_one = "/" in value or "\\" in value or value.startswith(("~", "."))
    try:
        mode = path.stat().st_mode
    except OSError:
        if looks_like_one:
            raise UsageError(f"{value} does not exist", way_out=_EXAMPLES) from None
        return None
    if stat.S_ISCHR(mode):
        return Address("at", str(path), text)
    if looks_like_one:
        raise UsageError(
            f"{value} is no recording: it has no recording.yaml", way_out="name the folder that holds recording.yaml"
        )
    return None
