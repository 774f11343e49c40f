"""One device -> one survey: open its links, ask, record, read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from harness.errors import DeviceGone, LinkError
from harness.links.addresses import parse_address
from harness.links.opening import open_link
from harness.observations import Observation, Reading, Source
from harness.recording.scrub import hide_address

from .model import Survey
from .other_links import RootPaths, is_node_replay, read_tools
from .same_phone import refutation
from .targets import Target, device_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from harness.links.addresses import Address
    from harness.links.base import AtLink, ShellLink
    from harness.links.host_tool import ToolLink
    from harness.recording.model import Exchange, LinkKind, RecordingInfo
    from harness.recording.writer import RecordingWriter

_KINDS: dict[str, Literal["handset", "modem"]] = {"adb": "handset", "at": "modem"}


def read_device(
    address: str | Target,
    *,
    device: str | None = None,
    evidence: Path | None = None,
    deadline_s: float | None = None,
    asking: Callable[[str], None] | None = None,
) -> Survey:
    """Read everything that a device tells, over every address of the target. Writes the evidence as it happens.

    `deadline_s` is absolute; without it the target's own counts from now. `asking` hears each request before it is
    sent. Never raises LinkError: a device that is absent or goes away gives a survey with `trouble` and what came
    until then. Raises UsageError and InputError for an address or a recording that is wrong in itself.
    """
    target = address if isinstance(address, Target) else Target(device or device_name(address), (address,))
    start = time.monotonic()
    deadline_s = start + target.deadline_s if deadline_s is None else deadline_s
    addresses = [parse_address(one) for one in target.addresses]
    info = _source_info(addresses)
    writer = _writer(evidence, target, info)
    run = _Reading(writer, deadline_s, asking)
    for one, want in _links(addresses):
        run.read(one, want)
    if writer is not None:
        # Of a device that was lost there is more to tell than was written: its recording never says complete.
        (writer.close if run.troubles else writer.finish)()
    return replace(
        run.survey(target),
        provenance=info.provenance if info else "recorded",
        sheet=target.sheet or (info.device_sheet if info else None),
        elapsed_s=time.monotonic() - start,
    )


@dataclass
class _Reading:
    """What the links of one device have told so far."""

    writer: RecordingWriter | None
    deadline_s: float
    asking: Callable[[str], None] | None
    parts: dict[str, Reading] = field(default_factory=dict)
    exchanges: list[tuple[str, Exchange]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    lost: bool = False
    """The device was there and went away."""
    dialect: str | None = None
    root: RootPaths | None = None

    def read(self, address: Address, want: LinkKind | None) -> None:
        """Read one link; its trouble is noted, and what came before it is kept."""
        known = len(self.exchanges)
        kind = want or {"at": "at", "qmi": "qmi"}.get(address.kind, "adb")
        try:
            link = open_link(address, record_to=self.writer, want=want, deadline_s=self.deadline_s)
            self.parts[kind] = Reading()
            try:
                self.parts[kind] = self._ask(kind, link)
            finally:
                link.close()
        except LinkError as error:
            self.troubles.append(error.message)
            self.lost |= isinstance(error, DeviceGone) and kind in self.parts
        cut = next((one.error for _, one in self.exchanges[known:] if one.error), None)
        if cut and kind == "adb":
            self.lost |= cut.startswith(DeviceGone.__name__)
            if not self.troubles:
                self.troubles.append(cut)

    def _ask(self, kind: str, link: ShellLink | AtLink | ToolLink) -> Reading:
        if kind == "adb":
            return self._read_adb(link)  # type: ignore[arg-type]
        if kind == "qmi":
            return read_tools(link, self.exchanges, self.asking, deadline_s=self.deadline_s)  # type: ignore[arg-type]
        if self.root is not None and is_node_replay(link):
            node = _Noting(link, self.exchanges, self.asking)  # type: ignore[arg-type]
            return self.root.read_node(node, deadline_s=self.deadline_s)
        from harness.probes.at.session import read_modem

        result = read_modem(_Noting(link, self.exchanges, self.asking), deadline_s=self.deadline_s)  # type: ignore[arg-type]
        self.dialect = result.dialect
        return result.reading

    def _read_adb(self, link: ShellLink) -> Reading:
        from harness.probes.adb.extensions import installed, read_installed
        from harness.probes.adb.plan import READ_COMMANDS, read_all
        from harness.probes.adb.rooted import ROOT_CHECK

        commands = (*READ_COMMANDS, *ROOT_CHECK, *(probe.command for probe in installed()))
        if self.asking is not None:
            self.asking(f"{len(commands)} shell commands")
        answers = {}
        for command, exchange in zip(commands, link.run(commands, deadline_s=self.deadline_s), strict=True):
            if exchange is None:
                continue
            self.exchanges.append(("adb", exchange))
            if exchange.error is None and exchange.exit_code in {0, None}:
                answers[command] = exchange.text
        warnings = self._read_root(link, answers)
        told = {command: text for command, text in answers.items() if command not in ROOT_CHECK}
        return read_all(told) + read_installed(told) + Reading((), warnings)

    def _read_root(self, link: ShellLink, answers: dict[str, str]) -> tuple[str, ...]:
        """The root paths of a handset, where it has root; an unrooted one is not asked again."""
        self.root = RootPaths.of(answers)
        if self.root is None:
            return ()
        parts, warnings = self.root.ask(link, self.writer, self.exchanges, deadline_s=self.deadline_s)
        self.parts.update(parts)
        return warnings

    def survey(self, target: Target) -> Survey:
        """All that was read, as one survey."""
        reading = Reading()
        for kind, part in self.parts.items():
            reading += _numbered(part, kind, self.exchanges)
        troubles = [hide_address(one, target.address) for one in dict.fromkeys(self.troubles)]
        observations = reading.observations
        if {"adb", "at"} <= self.parts.keys() and not troubles:
            other = refutation(self.parts["adb"].observations, self.parts["at"].observations)
            if other:
                troubles, observations = [f"the AT port is of another phone: {other}"], ()
        return Survey(
            device=target.device,
            address=target.address,
            kind=next((_KINDS.get(kind, "modem") for kind in self.parts), None),
            observations=observations,
            warnings=reading.warnings,
            trouble="; ".join(troubles) or None,
            lost=self.lost,
            exchanges=tuple(self.exchanges),
            dialect=self.dialect,
        )


def _links(addresses: list[Address]) -> Iterator[tuple[Address, LinkKind | None]]:
    """Every link behind the addresses; a recording has one for each of its files."""
    for address in addresses:
        if address.kind != "recording":
            yield address, None
            continue
        from harness.links.opening import load_address

        held = load_address(address).links
        kinds: tuple[LinkKind, ...] = ("adb", "at", "qmi")
        present = [kind for kind in kinds if kind in held]
        yield from ((address, kind) for kind in present)
        if not present:
            yield address, None


def _source_info(addresses: list[Address]) -> RecordingInfo | None:
    recording = next((one for one in addresses if one.kind == "recording"), None)
    if recording is None:
        return None
    from harness.links.opening import load_address

    return load_address(recording).info


def _writer(evidence: Path | None, target: Target, info: RecordingInfo | None) -> RecordingWriter | None:
    if evidence is None:
        return None
    from harness import __version__
    from harness.links.opening import now
    from harness.recording.model import RecordingInfo
    from harness.recording.writer import RecordingWriter

    origin = info or RecordingInfo(id=target.device, provenance="recorded", recorded_at=now())
    described = replace(
        origin,
        id=target.device,
        address=target.address,
        device_sheet=target.sheet or origin.device_sheet,
        tool=f"bandproof {__version__}",
        complete=False,
        sha256={},
        scrubbed=(),
    )
    return RecordingWriter(evidence, described)


class _Noting:
    """An AT link that also keeps every exchange in memory, for the survey."""

    def __init__(self, link: AtLink, kept: list[tuple[str, Exchange]], asking: Callable[[str], None] | None) -> None:
        self._link = link
        self._kept = kept
        self._asking = asking

    @property
    def address(self) -> str:
        return self._link.address

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        if self._asking is not None:
            self._asking(command)
        exchange = self._link.ask(command, deadline_s=deadline_s)
        if exchange is not None:
            self._kept.append(("at", exchange))
        return exchange

    def close(self) -> None:
        self._link.close()


def _numbered(reading: Reading, kind: str, exchanges: list[tuple[str, Exchange]]) -> Reading:
    """Each fact's source with its link and the number of its exchange among all of the survey."""
    places: dict[str, int] = {}
    for index, (link, exchange) in enumerate(exchanges):
        if link == kind:
            places.setdefault(exchange.request, index)
    return Reading(tuple(_placed(item, kind, places) for item in reading.observations), reading.warnings)


def _placed(item: Observation, kind: str, places: dict[str, int]) -> Observation:
    request = item.source.request if item.source else None
    if request is None:
        return item
    found = places.get(request, next((n for asked, n in places.items() if request[2:] in asked), None))
    return item if found is None else item.from_(Source(link=kind, exchange=found))
