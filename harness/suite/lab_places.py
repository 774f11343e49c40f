"""`--device=labgrid:PLACE`, and `labgrid` of a bench file: places become devices of the bench, and are given back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from msgspec.structs import replace

from harness.errors import UsageError
from harness.links import opening
from harness.plain_text import one_line
from harness.reports.run.folder import run_key
from harness.suite.options import devices_of, option

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from harness.lab.places import AcquiredPlace, LabSession
    from harness.survey.bench import Bench, BenchDevice

_PREFIX = "labgrid:"
_PLUGIN, _TOLD = "bandproof-lab", "bandproof_places"
_Row = tuple[str, str, list[str], str]
"""What was wanted, the place, its addresses, why it is lost."""


class LabPlaces:
    """The places of a run. A plugin, so that they are given back however the run ends."""

    def __init__(self, session: LabSession | None, rows: Sequence[_Row]) -> None:
        self._session = session
        self.rows = list(rows)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell an xdist worker which places there are: only the first process has a session with the lab."""
        node.workerinput[_TOLD] = self.rows

    def pytest_unconfigure(self) -> None:
        """Give the places back."""
        if self._session is None:
            return
        self._session.close()
        for note in self._session.notes:
            print(f"warning: {one_line(note)}")  # noqa: T201


def with_places(
    config: pytest.Config, found: tuple[Bench, Path] | None, started: datetime, id_: str
) -> tuple[list[str], tuple[Bench, Path] | None]:
    """The addresses and the bench, where each place of a lab that is meant stands as a device with its addresses.

    Raises UsageError, UnknownName, PortBusy where a place is held, LinkError where no coordinator answers.
    """
    devices = _named(config)
    bench, path = found or (None, Path("bench.yaml"))
    named = {name: one.labgrid for name, one in (bench.devices if bench else {}).items() if one.labgrid}
    if devices:
        asked = {one.removeprefix("bench:") for one in devices if one.startswith("bench:")}
        named = {name: place for name, place in named.items() if name in asked}
    wanted = [one.removeprefix(_PREFIX) for one in devices if one.startswith(_PREFIX)]
    if not named and not wanted:
        return devices, found
    rows = _rows(config, [*named.values(), *wanted], bench, run_key(started.isoformat(), id_))
    return _placed(devices, bench, path, named, rows)


def _named(config: pytest.Config) -> list[str]:
    """The addresses as they were named: tags that are named twice mean two places, any other device is one."""
    if hasattr(config, "workerinput"):
        return devices_of(config)
    told = [str(one).strip() for one in option(config, "device")]
    return [one for number, one in enumerate(told) if one.startswith(_PREFIX) or one not in told[:number]]


def _rows(config: pytest.Config, wanted: Sequence[str], bench: Bench | None, key: str) -> list[_Row]:
    """What came of each; a worker takes what the first process has."""
    if hasattr(config, "workerinput"):
        told: list[Any] = config.workerinput[_TOLD]
        rows = [(str(one), str(name), list(addresses), str(lost)) for one, name, addresses, lost in told]
        _note_lost(rows)
        return rows
    from harness.lab.places import COORDINATOR, LabSession

    address = os.environ.get(COORDINATOR) or (bench.coordinator if bench else None)
    if not address:
        raise UsageError("no lab is named", way_out=f"{COORDINATOR}=HOST:PORT, or `coordinator` of the bench file")
    session = LabSession(address, key)
    session.open()
    # From here on places may be held: they are given back also where the next one is refused.
    plugin = LabPlaces(session, [])
    config.pluginmanager.register(plugin, _PLUGIN)
    plugin.rows = [_row(one) for one in session.acquire_all(wanted)]
    _note_lost(plugin.rows)
    return plugin.rows


def _row(place: AcquiredPlace) -> _Row:
    return place.wanted, place.name, list(place.addresses), place.lost


def _note_lost(rows: Sequence[_Row]) -> None:
    opening.UNREACHABLE.update({name: lost for _, name, _, lost in rows if lost})


def _placed(
    devices: list[str], bench: Bench | None, path: Path, named: Mapping[str, str], rows: Sequence[_Row]
) -> tuple[list[str], tuple[Bench, Path]]:
    from harness.survey.bench import FORMAT, Bench

    whole = bench or Bench(format=FORMAT, devices={})
    left = list(rows)
    known = dict(whole.devices)
    for name in named:
        known[name] = _device(known[name], left.pop(0))
    shown = []
    for one in devices or [f"bench:{name}" for name in known]:
        if not one.startswith(_PREFIX):
            shown.append(one)
            continue
        row = left.pop(0)
        name = _free(row[1], known)
        known[name] = _device(None, row)
        shown.append(f"bench:{name}")
    return shown, (replace(whole, devices=known), path)


def _free(place: str, known: dict[str, BenchDevice]) -> str:
    import re

    base = re.sub(r"[^A-Za-z0-9.-]+", "-", place).strip("-.") or "place"
    name, number = base, 2
    while name in known:
        name, number = f"{base}-{number}", number + 1
    return name


def _device(device: BenchDevice | None, row: _Row) -> BenchDevice:
    """A device of the bench at the addresses that its place has; of a lost place it keeps the place."""
    from harness.survey.bench import BenchDevice

    _, place, addresses, lost = row
    base = replace(device or BenchDevice(), labgrid=place if lost else None)
    note = f"place {place} of the lab{f': {lost}' if lost else ''}"
    adb = next((one for one in addresses if "://" not in one or one.startswith("adb://")), None)
    at = next((one for one in addresses if one.startswith(("socket://", "rfc2217://"))), None)
    return replace(base, adb=adb, at=at, notes=(*base.notes, note))
