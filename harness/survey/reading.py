"""One device -> one survey: open its link, ask, record, read."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from harness.errors import LinkError
from harness.links.addresses import parse_address
from harness.links.opening import open_link
from harness.observations import Observation, Reading, Source

from .model import Survey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from harness.links.base import AtLink, ShellLink
    from harness.recording.model import Exchange, LinkKind, RecordingInfo
    from harness.recording.writer import RecordingWriter

DEVICE_DEADLINE_S = 60.0
"""How long one device may take in all."""


def read_device(
    address: str, *, device: str | None = None, evidence: Path | None = None, deadline_s: float | None = None
) -> Survey:
    """Read everything that a device tells. Writes the evidence as it happens where a folder is given.

    Never raises LinkError: a device that is absent or goes away gives a survey with `trouble` and what came until
    then. Raises UsageError and InputError for an address or a recording that is wrong in itself.
    """
    start = time.monotonic()
    deadline_s = start + DEVICE_DEADLINE_S if deadline_s is None else deadline_s
    target = parse_address(address)
    info = _source_info(address)
    name = device or device_name(address)
    exchanges: list[tuple[str, Exchange]] = []
    writer = _writer(evidence, name, address, info)
    kind: LinkKind | None = None
    reading, dialect, trouble = Reading(), None, None
    try:
        link = open_link(target, record_to=writer, deadline_s=deadline_s)
        try:
            kind = "at" if hasattr(link, "ask") else "adb"
            reading, dialect = (
                _read_at(link, exchanges, deadline_s)  # type: ignore[arg-type]
                if kind == "at"
                else (_read_adb(link, exchanges, deadline_s), None)  # type: ignore[arg-type]
            )
        finally:
            link.close()
    except LinkError as error:
        trouble = error.message
    cut = next((exchange.error for _, exchange in exchanges if exchange.error), None)
    if writer is not None:
        writer.finish()
    return Survey(
        device=name,
        address=address,
        kind={"at": "modem", "adb": "handset"}[kind] if kind in {"at", "adb"} else None,  # type: ignore[arg-type]
        observations=reading.observations,
        warnings=reading.warnings,
        trouble=trouble or (cut if kind == "adb" else None),
        provenance=info.provenance if info else "recorded",
        sheet=info.device_sheet if info else None,
        exchanges=tuple(exchanges),
        elapsed_s=time.monotonic() - start,
        dialect=dialect,
    )


def device_name(address: str) -> str:
    """A short name for test ids: the recording's name, the serial, the port; only letters, digits, dot and dash."""
    text = address.removeprefix("fixture:").rstrip("/").rpartition("/")[2] or address
    return re.sub(r"[^A-Za-z0-9.-]+", "-", text).strip("-") or "device"


def _source_info(address: str) -> RecordingInfo | None:
    target = parse_address(address)
    if target.kind != "recording":
        return None
    from harness.links.opening import load_address

    return load_address(target).info


def _writer(evidence: Path | None, name: str, address: str, info: RecordingInfo | None) -> RecordingWriter | None:
    if evidence is None:
        return None
    from dataclasses import replace

    from harness import __version__
    from harness.links.opening import now
    from harness.recording.model import RecordingInfo
    from harness.recording.writer import RecordingWriter

    origin = info or RecordingInfo(id=name, provenance="recorded", recorded_at=now())
    described = replace(
        origin, id=name, address=address, tool=f"bandproof {__version__}", complete=False, sha256={}, scrubbed=()
    )
    return RecordingWriter(evidence, described)


class _Noting:
    """An AT link that also keeps every exchange in memory, for the survey."""

    def __init__(self, link: AtLink, kept: list[tuple[str, Exchange]]) -> None:
        self._link = link
        self._kept = kept

    @property
    def address(self) -> str:
        return self._link.address

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        exchange = self._link.ask(command, deadline_s=deadline_s)
        if exchange is not None:
            self._kept.append(("at", exchange))
        return exchange

    def close(self) -> None:
        self._link.close()


def _read_at(link: AtLink, exchanges: list[tuple[str, Exchange]], deadline_s: float) -> tuple[Reading, str | None]:
    from harness.probes.at.session import read_modem

    result = read_modem(_Noting(link, exchanges), deadline_s=deadline_s)
    return _numbered(result.reading, exchanges), result.dialect


def _read_adb(link: ShellLink, exchanges: list[tuple[str, Exchange]], deadline_s: float) -> Reading:
    from harness.probes.adb.plan import READ_COMMANDS, read_all

    answers = {}
    for command, exchange in zip(READ_COMMANDS, link.run(READ_COMMANDS, deadline_s=deadline_s), strict=True):
        if exchange is None:
            continue
        exchanges.append(("adb", exchange))
        if exchange.error is None and exchange.exit_code in {0, None}:
            answers[command] = exchange.text
    return _numbered(read_all(answers), exchanges)


def _numbered(reading: Reading, exchanges: list[tuple[str, Exchange]]) -> Reading:
    """Each fact's source with its link and the number of its exchange."""
    places: dict[str, tuple[str, int]] = {}
    for index, (kind, exchange) in enumerate(exchanges):
        places.setdefault(exchange.request, (kind, index))
    return Reading(tuple(_placed(item, places) for item in reading.observations), reading.warnings)


def _placed(item: Observation, places: dict[str, tuple[str, int]]) -> Observation:
    request = item.source.request if item.source else None
    if request is None:
        return item
    found = places.get(request) or next((p for asked, p in places.items() if request[2:] in asked), None)
    return item if found is None else item.from_(Source(link=found[0], exchange=found[1]))


def unique_names(addresses: Iterable[str]) -> dict[str, str]:
    """A name for each address; devices that would share one get numbers behind it."""
    names: dict[str, str] = {}
    for address in addresses:
        base = name = device_name(address)
        number = 2
        while name in names.values():
            name, number = f"{base}-{number}", number + 1
        names[address] = name
    return names
