"""One device -> one survey: open its links, ask, record, read."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

from harness.errors import (
    DeviceAbsent,
    DeviceGone,
    LinkError,
    NoAdbServer,
)
from harness.links.addresses import parse_address
from harness.links.opening import load_recordings, open_link
from harness.observations import Reading
from harness.recording.files import CAPTURE_FILE
from harness.recording.scrubbing.scrub import hide_address
from harness.recording.writer import SAMPLE_KEY, RecordingWriter, Unwritten

from .noting import NotingAt
from .other_links import RootPaths, is_node_replay, numbered, read_tools
from .recorded_survey import (
    EXPECTED_SIM,
    SAMPLE,
    THROUGH_SHELL,
    USB_PLACES,
    as_recorded,
    evidence_writer,
    kept_word,
)
from .survey import Survey
from .targets import Target, device_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from harness.links.addresses import Address
    from harness.links.base import AtLink, ShellLink
    from harness.links.host_tool import ToolLink
    from harness.recording.exchange import Exchange, LinkKind, Recording
    from harness.survey.live.plan import LivePlan

_KINDS: dict[str, Literal["handset", "modem"]] = {"adb": "handset", "at": "modem"}


def read_device(
    address: str | Target,
    *,
    device: str | None = None,
    evidence: Path | None = None,
    deadline_s: float | None = None,
    addresses: Sequence[Address] | None = None,
    asking: Callable[[str], None] | None = None,
    writer: RecordingWriter | None = None,
    hears: Callable[[LinkError], None] | None = None,
) -> Survey:
    """Read everything that a device tells, over every address of the target. Writes the evidence as it happens.

    `deadline_s` is absolute; without it the target's own counts from now. `addresses` are the target's, where they have
    been parsed. `asking` hears each request before it is sent, `hears` why a link could not be opened or asked. A
    `writer` takes the exchanges in place of an evidence folder; to finish it is left to the caller. Never raises
    LinkError: a device that is absent or goes away gives a survey with `trouble` and what came until then. Raises
    UsageError and InputError for an address or a recording that is wrong in itself.
    """
    target = address if isinstance(address, Target) else Target(device or device_name(address), (address,))
    start = time.monotonic()
    deadline_s = start + target.deadline_s if deadline_s is None else deadline_s
    addresses = [parse_address(one) for one in target.addresses] if addresses is None else addresses
    recordings = load_recordings(addresses)
    info = next((one.info for one in recordings.values()), None)
    own = None if writer is not None else evidence_writer(evidence, target, info)
    keeps = writer or own or Unwritten(target.address, cells=target.scrub_cells, live=info is None)
    run = _Reading(keeps, deadline_s, asking, hears, walks=target.walk and info is None)
    whole = False
    try:
        for one, want in _links(addresses, recordings):
            if info is None and len(addresses) > 1:
                run.place(one)
            run.read(one, want, recordings.get(one))
        if info is not None and not info.complete and not run.troubles:
            # What was not asked any more must not count as what the device does not have, or leave to the sheet.
            run.troubles.append("its recording was stopped before everything was asked")
        survey = run.survey(target)
        live = run.live(survey, target) if target.live is not None and info is None and not run.troubles else ()
        survey = _with_files(survey, target, recordings, keeps, live)
        survey = _with_sweep(survey, target, addresses, recordings, keeps, asking)
        whole = not run.troubles
    finally:
        if own is not None:
            # Of a device that was lost there is more to tell than was written: its recording never says complete.
            (own.finish if whole else own.close)()
    return replace(
        as_recorded(survey, info),
        provenance=info.provenance if info else "recorded",
        sheet=target.sheet or (info.device_sheet if info else None),
        given_bands=target.given_bands,
        expected_sim=target.sim_plmn or kept_word(info, EXPECTED_SIM),
        elapsed_s=time.monotonic() - start,
        sample=target.sample or kept_word(info, SAMPLE),
        key=keeps.sample_key or kept_word(info, SAMPLE_KEY),
    )


@dataclass
class _Reading:
    """What the links of one device have told so far."""

    writer: RecordingWriter
    deadline_s: float
    asking: Callable[[str], None] | None
    hears: Callable[[LinkError], None] | None = None
    parts: dict[str, Reading] = field(default_factory=dict)
    exchanges: list[tuple[str, Exchange]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    absences: list[LinkError] = field(default_factory=list)
    """Why nothing was found under an address."""
    lost: bool = False
    """The device was there and went away."""
    dialect: str | None = None
    root: RootPaths | None = None
    happened: tuple[str, ...] = ()
    shell: set[str] = field(default_factory=set)
    """Links that were asked through the handset's own shell."""
    usb_places: dict[str, str] = field(default_factory=dict)
    walks: bool = False
    """The handset is walked to its band screen; else what a recording holds of a walk is read."""

    def place(self, address: Address) -> None:
        """Note where on USB an address hangs, to be held against the others of the device."""
        from harness.links.usb.places import usb_place

        if place := usb_place(address):
            self.usb_places[{"at": "at", "qmi": "qmi"}.get(address.kind, "adb")] = place
            self.writer.note(USB_PLACES, dict(self.usb_places))

    def read(self, address: Address, want: LinkKind | None, recording: Recording | None = None) -> None:
        """Read one link; its trouble is noted, and what came before it is kept."""
        known = len(self.exchanges)
        kind = want or {"at": "at", "qmi": "qmi"}.get(address.kind, "adb")
        try:
            link = open_link(address, record_to=self.writer, want=want, deadline_s=self.deadline_s, recording=recording)
            self.parts[kind] = Reading()
            self.shell.discard(kind)
            try:
                self.parts[kind] = self._ask(kind, link)
            finally:
                link.close()
        except LinkError as error:
            self.troubles.append(error.message)
            self.lost |= isinstance(error, DeviceGone)
            if isinstance(error, DeviceAbsent | NoAdbServer):
                self.absences.append(error)
            if self.hears is not None:
                self.hears(error)
        self._look_for_ends(kind, self.exchanges[known:])

    def _look_for_ends(self, kind: str, exchanges: list[tuple[str, Exchange]]) -> None:
        """The error that ended a link, live or in a recording; at a modem one late answer does not."""
        cuts = [one.error for _, one in exchanges if one.error]
        if kind != "adb":
            cuts = [cut for cut in cuts if not cut.passing]
        if cuts:
            self.lost |= cuts[0].is_loss
            if not self.troubles:
                self.troubles.append(cuts[0].message)

    def _ask(self, kind: str, link: ShellLink | AtLink | ToolLink) -> Reading:
        if kind == "adb":
            return self._read_adb(link)  # type: ignore[arg-type]
        if kind == "qmi":
            return read_tools(link, self.exchanges, self.asking, deadline_s=self.deadline_s)  # type: ignore[arg-type]
        if self.root is not None and is_node_replay(link):
            self.shell.add(kind)
            node = NotingAt(link, self.exchanges, self.asking)  # type: ignore[arg-type]
            return self.root.read_node(node, deadline_s=self.deadline_s)
        from harness.probes.at.session import read_modem

        result = read_modem(NotingAt(link, self.exchanges, self.asking), deadline_s=self.deadline_s)  # type: ignore[arg-type]
        self.dialect = result.dialect
        return result.reading

    def _read_adb(self, link: ShellLink) -> Reading:
        from harness.probes.adb.extensions import installed, read_installed
        from harness.probes.adb.plan import READ_COMMANDS, read_all
        from harness.probes.adb.rooted import ROOT_CHECK

        own = [probe.command for probe in installed()]
        link.allow_commands(own)
        commands = (*READ_COMMANDS, *ROOT_CHECK, *own)
        if self.asking is not None:
            self.asking(f"{len(commands)} shell commands")
        answers = {}
        numbers: dict[str, int | None] = {}
        for command, exchange in zip(commands, link.run(commands, deadline_s=self.deadline_s), strict=True):
            if exchange is None:
                continue
            numbers[command] = numbered(self.exchanges, "adb", exchange).number
            if exchange.error is None and exchange.exit_code in {0, None}:
                answers[command] = exchange.text
        walked = self._walk(link) if self.walks else self._walked(link)
        self.happened = warnings = self._read_root(link, answers)
        told = {command: text for command, text in answers.items() if command not in ROOT_CHECK}
        reading = (read_all(told) + read_installed(told)).placed("adb", numbers) + Reading((), warnings)
        if not reading.observations and told:
            asked = f"the handset answered {len(told)} of {len(commands)} commands"
            reading += Reading((), (f"{asked}, and nothing that it said could be understood: is it an Android phone?",))
        return reading + walked

    def _walked(self, link: ShellLink) -> Reading:
        """What a recording holds of a walk to the band screen."""
        from harness.probes.adb.band_screen import DUMP

        recording = getattr(getattr(link, "link", link), "recording", None)
        if recording is None or not any(one.request == DUMP for one in recording.links.get("adb", ())):
            return Reading()
        from harness.survey.live.band_walk import STEPS, reading_of

        found = [link.run([step], deadline_s=self.deadline_s)[0] for step in STEPS]
        return self._of_walk([one for one in found if one is not None], reading_of)

    def _walk(self, link: ShellLink) -> Reading:
        """The band screen of the handset, for which an app is opened and closed; why it told nothing is a warning."""
        from harness.links.adb.shell import open_adb
        from harness.survey.live.band_walk import exchanges_of, reading_of, walk_to_bands

        try:
            acting = open_adb(link.address, deadline_s=self.deadline_s, allow_changes=True)
            try:
                found = walk_to_bands(acting, deadline_s=self.deadline_s)
            finally:
                acting.close()
        except LinkError as error:
            told = "; ".join(filter(None, (error.message, error.way_out)))
            return Reading((), (f"the band screen was not read: {hide_address(told, link.address)}",))
        return self._of_walk([self.writer.append("adb", one) for one in exchanges_of(found)], reading_of)

    def _of_walk(self, kept: list[Exchange], read: Callable[[list[Exchange]], Reading]) -> Reading:
        numbers = {one.request: numbered(self.exchanges, "adb", one).number for one in kept}
        return read(kept).placed("adb", numbers)

    def _read_root(self, link: ShellLink, answers: dict[str, str]) -> tuple[str, ...]:
        """The root paths of a handset, where it has root; an unrooted one is not asked again."""
        self.root = RootPaths.of(answers)
        if self.root is None:
            return ()
        parts, warnings = self.root.ask(link, self.writer, self.exchanges, deadline_s=self.deadline_s)
        self.parts.update(parts)
        self.shell |= parts.keys()
        if parts:
            self.writer.note(THROUGH_SHELL, sorted(self.shell))
        return warnings

    def live(self, survey: Survey, target: Target) -> tuple[Exchange, ...]:
        """The UE capability from the handset's diagnostic port, and its capture file beside the evidence."""
        from harness.survey.live.capability import read_live

        name = next(one.value for one in map(parse_address, target.addresses) if one.kind == "adb")
        identity = survey.identity
        found = read_live(
            name,
            cast("LivePlan", target.live),
            maker=identity.manufacturer or identity.brand,
            words=survey.label,
            deadline_s=self.deadline_s,
            tell=self.asking or _unheard,
        )
        self.writer.keep_file(CAPTURE_FILE, found.pcap)
        return (found.exchange,)

    def _absent(self) -> tuple[str, str] | None:
        """Why there is no device, and what to do; None where anything answered, or something else was wrong."""
        if self.exchanges or not self.absences or len(self.absences) < len(self.troubles):
            return None
        ways = dict.fromkeys(one.way_out for one in self.absences if one.way_out)
        return "; ".join(dict.fromkeys(one.message for one in self.absences)), "; ".join(ways)

    def survey(self, target: Target) -> Survey:
        """All that was read, as one survey."""
        reading = Reading()
        for part in self.parts.values():
            reading += part
        troubles = [hide_address(one, target.address) for one in dict.fromkeys(self.troubles)]
        return Survey(
            device=target.device,
            address=target.address,
            kind=next((_KINDS.get(kind, "modem") for kind in self.parts), None),
            observations=reading.observations,
            warnings=reading.warnings,
            happened=self.happened,
            trouble="; ".join(troubles) or None,
            absent=self._absent(),
            lost=self.lost,
            exchanges=tuple(self.exchanges),
            dialect=self.dialect,
            through_shell=frozenset(self.shell),
            usb_places=dict(self.usb_places),
            imei_keys=dict(self.writer.imei_keys),
        )


def _with_files(
    survey: Survey,
    target: Target,
    recordings: Mapping[Address, Recording],
    writer: RecordingWriter,
    live: tuple[Exchange, ...],
) -> Survey:
    """The survey with the facts of files that were given as evidence, captured live or stand in its recording."""
    held = [one for recording in recordings.values() for one in recording.links.get("uecap", ())]
    if not (held or live or target.given or target.evidence):
        return survey
    from .evidence_files import given_of, with_facts

    files = [*held, *live, *given_of(target)]
    return with_facts(survey, [writer.append("uecap", one) for one in files])


def _with_sweep(
    survey: Survey,
    target: Target,
    addresses: Sequence[Address],
    recordings: Mapping[Address, Recording],
    writer: RecordingWriter,
    asking: Callable[[str], None] | None,
) -> Survey:
    """The survey with its sweep; a run without one loads nothing for it."""
    if target.sweep is None and not any("sweep" in one.links for one in recordings.values()):
        return survey
    from .sweeping import with_sweep

    return with_sweep(survey, target, addresses, recordings, writer, asking)


def _unheard(_: str) -> None:
    """Nobody watches."""


def _links(
    addresses: Sequence[Address], recordings: Mapping[Address, Recording]
) -> Iterator[tuple[Address, LinkKind | None]]:
    """Every link behind the addresses; a recording has one for each of its files."""
    for address in addresses:
        if address.kind != "recording":
            yield address, None
            continue
        held = recordings[address].links
        kinds: tuple[LinkKind, ...] = ("adb", "at", "qmi")
        present = [kind for kind in kinds if kind in held]
        yield from ((address, kind) for kind in present)
        if not present:
            yield address, None
