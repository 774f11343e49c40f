"""`bandproof bench check`: the bench file, and whether its devices are there and are what it says."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.errors import BandproofError, LinkError, UsageError
from harness.plain_text import plural

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from harness.survey.bench import Bench, BenchDevice

LISTING_S = 10.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The parser of `bandproof bench`."""
    bench = commands.add_parser("bench", help="the lab's bench file")
    verbs = bench.add_subparsers(metavar="VERB", required=True)
    check = verbs.add_parser("check", help="every fault of the file; are its devices there, is each pair one phone")
    check.add_argument("file", nargs="?", help="default: BANDPROOF_BENCH, else bench.yaml here")
    check.add_argument("--offline", action="store_true", help="check the file only, look at no device")
    check.add_argument("--json", action="store_true", help="one JSON object")
    check.set_defaults(run=check_bench)
    schema = verbs.add_parser("schema", help="the JSON Schema of the bench file, for editors")
    schema.set_defaults(run=show_schema)


def show_schema(_: argparse.Namespace) -> int:
    """Print the JSON Schema."""
    from harness.survey.bench import bench_schema

    sys.stdout.write(json.dumps(bench_schema(), indent=2) + "\n")
    return 0


def check_bench(options: argparse.Namespace) -> int:
    """0 all is well, 3 a device is not there or not the one, 4 the file has faults."""
    from harness.survey import bench as bench_file

    path = Path(options.file) if options.file else bench_file.default_path()
    if not path.is_file():
        raise UsageError(f"there is no bench file {path}", way_out="name it, or write bench.yaml here")
    bench, problems = bench_file.check_bench(path)
    rows: list[dict[str, Any]] = [
        {"line": line, "column": column, "severity": problem.severity, "message": problem.message}
        for (line, column), problem in problems
    ]
    status = 4 if rows else 0
    if bench is not None and not rows:
        rows = list(_names_that_are_unknown(bench))
        status = 4 if rows else 0
    if bench is not None and not rows and not options.offline:
        rows = [row for name, device in bench.devices.items() for row in _device_rows(name, device)]
        status = 3 if any(row["severity"] == "error" for row in rows) else 0
    _print(path, rows, as_json=options.json, devices=len(bench.devices) if bench else 0)
    return status


def _names_that_are_unknown(bench: Bench) -> Iterator[dict[str, Any]]:
    """Carriers and sheets that nothing knows."""
    from harness.carriers.sheets import Sheets
    from harness.carriers.store import Profiles

    profiles, sheets = Profiles(), Sheets()
    for name, device in bench.devices.items():
        try:
            if device.carriers:
                profiles.select(list(device.carriers), None)
            if device.sheet:
                sheets.lookup(device.sheet)
        except BandproofError as error:
            yield _row(name, "error", f"{error.message}; {error.way_out}" if error.way_out else error.message)


def _device_rows(name: str, device: BenchDevice) -> Iterator[dict[str, Any]]:
    """What can be seen of one device without asking it anything but its place."""
    from harness.binding.links import same_usb_device

    usb = ""
    if device.adb:
        try:
            usb = _handset_place(device.adb)
            yield _row(name, "ok", f"{device.adb} is there")
        except LinkError as error:
            yield _row(name, "error", f"{error.message}; {error.way_out}" if error.way_out else error.message)
    place: str | None = None
    if device.at and "://" not in device.at:
        if Path(device.at).exists():
            place = _port_place(device.at)
            yield _row(name, "ok", f"{device.at} is there")
        else:
            yield _row(name, "error", f"{device.at} is not there")
    if device.adb and device.at:
        same = same_usb_device(usb, place)
        if same is None:
            words = "nothing tells whether the port is of this handset; the reading compares baseband and SIM"
            yield _row(name, "warning", words)
        elif not same:
            yield _row(name, "error", f"{device.at} ({place}) is not on the same phone as {device.adb} ({usb})")
        else:
            yield _row(name, "ok", f"serial and port are one phone ({usb})")


def _handset_place(address: str) -> str:
    """Where on USB a handset hangs; of one at a named adb server nothing is told: its places may be another computer's."""
    import time

    from harness.links.adb.server import AdbServer, find_handset, server_from_environment
    from harness.links.adb.shell import list_handsets
    from harness.links.addresses import handset_on

    there = handset_on(address)
    server = AdbServer(there[0], there[1], own=True) if there else server_from_environment()
    handsets = list_handsets(server, deadline_s=time.monotonic() + LISTING_S)
    found = find_handset(there[2] if there else address, handsets)
    return "" if there else found.usb


def _port_place(port: str) -> str | None:
    """A tty's place in the USB tree, such as `1-2:1.3`; None where it has none."""
    from serial.tools import list_ports

    wanted = str(Path(port).resolve())
    return next((one.location for one in list_ports.comports() if one.device == wanted), None)


def _row(name: str, severity: str, message: str) -> dict[str, Any]:
    return {"device": name, "severity": severity, "message": message}


def _print(path: Path, rows: list[dict[str, Any]], *, as_json: bool, devices: int) -> None:
    if as_json:
        sys.stdout.write(json.dumps({"schema": "bandproof.bench-check/1", "file": str(path), "rows": rows}) + "\n")
        return
    for row in rows:
        place = [str(path), *(str(row[key]) for key in ("line", "column") if row.get(key))]
        where = f"  {row['device']}: " if "device" in row else f"{':'.join(place)}: "
        said = "" if row["severity"] == "ok" else f"{row['severity']}: "
        sys.stdout.write(f"{where}{said}{row['message']}\n")
    faults = sum(row["severity"] == "error" for row in rows)
    sys.stdout.write(f"{path}: {plural(devices, 'device')}, {plural(faults, 'fault')}\n")
