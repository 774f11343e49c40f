"""Which devices of a bench file are plugged in, and who holds them. Looks only: nothing is opened, no device is asked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import BandproofError
from harness.links.adb.server import AdbServer, list_handsets, server_from_environment
from harness.links.addresses import handset_on, parse_address
from harness.links.port_lock import lock_holder

if TYPE_CHECKING:
    from harness.survey.bench import Bench, BenchDevice

ADB_S = 1.5


def look(bench: Bench | None) -> dict[str, tuple[str, str]]:
    """Per device: whether it is there, and who has it, in words; empty words where nothing is known."""
    if bench is None:
        return {}
    usual = server_from_environment()
    listed: dict[str, dict[str, str] | None] = {}
    found = {}
    for name, device in bench.devices.items():
        parts, holders = [], []
        if device.recording:
            parts.append("a recording")
        if device.labgrid:
            parts.append("by the lab")
        if device.adb:
            server, serial = _server(device.adb, usual)
            if str(server) not in listed:
                listed[str(server)] = _listed(server)
            parts.append(_adb_word(listed[str(server)], serial))
            # As the lock of a run is named: the same serial at two servers is two handsets.
            holders.append(f"adb://{'' if str(server) == str(usual) else f'{server}/'}{serial}")
        ports, locks = _ports(device)
        held = dict.fromkeys(filter(None, map(lock_holder, (*holders, *locks))))
        found[name] = (", ".join(dict.fromkeys((*parts, *ports))), ", ".join(held))
    return found


def _server(address: str, usual: AdbServer) -> tuple[AdbServer, str]:
    """The adb server of a handset, and its serial there."""
    there = handset_on(address)
    return (AdbServer(there[0], there[1], own=True), there[2]) if there else (usual, address)


def _ports(device: BenchDevice) -> tuple[list[str], list[str]]:
    """Of a device's serial and QMI ports: whether they are there, and what a run that has one locks."""
    words, locks = [], []
    for port in filter(None, (device.at, device.qmi)):
        if path := _path(port):
            words.append("plugged in" if Path(path).exists() else "port is not there")
        elif "://" in port:
            words.append("over the network")
        if port == device.at and (path or "://" in port):
            locks.append(path or port)
    return words, locks


def _listed(server: AdbServer) -> dict[str, str] | None:
    try:
        handsets = list_handsets(server, deadline_s=time.monotonic() + ADB_S)
    except (BandproofError, OSError):
        return None
    return {one.serial: "plugged in" if one.ready else one.state for one in handsets}


def _adb_word(listed: dict[str, str] | None, serial: str) -> str:
    if listed is None:
        return "no adb server answers"
    # One on the network is connected by the run that reads it.
    return listed.get(serial, "not connected" if ":" in serial else "not plugged in")


def _path(port: str) -> str | None:
    try:
        parsed = parse_address(port)
    except BandproofError:
        return None
    text = port.partition(":")[2] if parsed.kind in {"qmi", "mbim"} else port
    return text if text.startswith("/") else None
