"""Which devices of a bench file are plugged in, and who holds them. Looks only: nothing is opened, no device is asked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.links.adb.server import list_handsets, server_from_environment
from harness.links.addresses import parse_address
from harness.links.port_lock import lock_holder

if TYPE_CHECKING:
    from harness.survey.bench import Bench

ADB_S = 1.5


def look(bench: Bench | None) -> dict[str, tuple[str, str]]:
    """Per device: whether it is there, and who has it, in words; empty words where nothing is known."""
    if bench is None:
        return {}
    listed = _listed() if any(one.adb for one in bench.devices.values()) else {}
    found = {}
    for name, device in bench.devices.items():
        parts = []
        if device.recording:
            parts.append("a recording")
        if device.adb:
            parts.append(_adb_word(listed, device.adb))
        for port in filter(None, (device.at, device.qmi)):
            if path := _path(port):
                parts.append("plugged in" if Path(path).exists() else "port is not there")
        holders = [f"adb://{device.adb}"] if device.adb else []
        holders += [path for port in filter(None, (device.at,)) if (path := _path(port))]
        held = dict.fromkeys(filter(None, map(lock_holder, holders)))
        found[name] = (", ".join(dict.fromkeys(parts)), ", ".join(held))
    return found


def _listed() -> dict[str, str] | None:
    try:
        handsets = list_handsets(server_from_environment(), deadline_s=time.monotonic() + ADB_S)
    except (BandproofError, OSError):
        return None
    return {one.serial: "plugged in" if one.ready else one.state for one in handsets}


def _adb_word(listed: dict[str, str] | None, serial: str) -> str:
    return "no adb server answers" if listed is None else listed.get(serial, "not plugged in")


def _path(port: str) -> str | None:
    try:
        parsed = parse_address(port)
    except BandproofError:
        return None
    text = port.partition(":")[2] if parsed.kind in {"qmi", "mbim"} else port
    return text if text.startswith("/") else None
