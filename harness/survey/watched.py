"""A device opened for a watch: identified, its exchanges kept and followed, found again when it went away."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.errors import DeviceGone, LinkError, UsageError
from harness.links.clock import REAL_CLOCK
from harness.probes.adb.plan import GETPROP, REGISTRY, read_all
from harness.probes.at.session import identify
from harness.recording.exchange import Exchange, Interruption
from harness.state.journal import device_key
from harness.sweep.link import UNASKED
from harness.watch.course import GONE
from harness.watch.following import LEVELS, Follower, requests_to_watch
from harness.watch.watching import ASK_S, WatchedHandset, WatchedModem, WatchLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.links.addresses import Address
    from harness.links.base import ShellLink
    from harness.links.clock import Clock
    from harness.observations import Identity
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.recording.exchange import LinkKind, Recording
    from harness.recording.writer import RecordingWriter
    from harness.sweep.link import ListeningPort
    from harness.watch.watching import WatchedDevice

OPEN_S = 15.0
RETRY_S = 3.0
"""How long one try to find a lost device again may take: so soon a person who stops is heard."""
IDENTITY = "AT+CGSN"
_STILL_AWAY = Interruption(DeviceGone.__name__, "it was away to the end of the watch")
_IMEI = re.compile(r"(?<!\d)\d{14,16}(?!\d)")


@dataclass(frozen=True, slots=True)
class Opened:
    """A device that can be watched: `words` and `identity` say which it is, `regain` waits a while for it."""

    device: WatchedDevice
    follower: Follower
    keep: _Keeping
    words: str
    identity: dict[str, str]
    regain: Callable[[], bool]

    def follow(self) -> None:
        """A look is whole. Where it told no level of a cell, the standard's command is asked from now on, too."""
        self.follower.flush()
        moment = self.follower.course.moment
        if not isinstance(self.device, WatchedModem) or LEVELS in self.device.requests:
            return
        if moment is not None and moment.band and not moment.levels:
            self.follower.requests = self.device.requests = (*self.device.requests, LEVELS)

    def close(self) -> None:
        """Let go of it; how long a lost one was missed stands in the recording."""
        self.follower.flush()
        if self.follower.course.away == GONE:
            self.keep(Exchange(UNASKED, b"", elapsed_ms=0.0, at=self.keep.clock.now(), error=_STILL_AWAY))
        self.device.close()


def open_watched(address: Address, writer: RecordingWriter) -> Opened:
    """Open what an address names. Raises LinkError, UsageError for what cannot be watched."""
    if address.kind == "at":
        from harness.links.at.port import open_at

        port = open_at(address.value, deadline_s=time.monotonic() + OPEN_S)
        try:
            return watched_modem(port, writer, REAL_CLOCK, again=lambda key: _port_again(address, key))
        except BaseException:
            port.close()
            raise
    if address.kind == "adb":
        from harness.links.adb.shell import open_adb

        def opened() -> ShellLink:
            return open_adb(address.value, deadline_s=time.monotonic() + OPEN_S, exclusive=True)

        return watched_handset(opened, writer, REAL_CLOCK)
    raise UsageError(
        f"{address.text} cannot be watched",
        way_out="name an AT port or a handset; of a recording of a watch, its folder draws the picture again",
    )


def watched_modem(
    port: ListeningPort,
    writer: RecordingWriter,
    clock: Clock,
    *,
    again: Callable[[str], ListeningPort | None],
) -> Opened:
    """A modem on a port. `again` gives the port of the modem with a key, under whatever name, or None while it is away."""
    keep = _Keeping(writer, "at", clock)
    link = WatchLink(port, keep, clock)
    family, modem = identify(link, deadline_s=time.monotonic() + OPEN_S)
    if family is not None:
        writer.learn_records(family.records)
    key = _key_of(port, clock)
    follower = modem_follower(family, modem)
    keep.follower = follower
    device = WatchedModem(link, follower.requests)
    device.tell_unasked()

    def regain() -> bool:
        link.port.close()
        found = again(key)
        if found is None:
            return False
        link.again(found)
        try:
            device.tell_unasked()
        except LinkError:
            return False
        return True

    told = {"manufacturer": modem.manufacturer, "model": modem.model, "build": modem.firmware}
    words = f"{modem.manufacturer or ''} {modem.model or 'modem'}".strip()
    return Opened(device, follower, keep, words, {name: text for name, text in told.items() if text}, regain)


def modem_follower(family: Dialect | None, modem: Modem) -> Follower:
    """What follows the exchanges of a modem."""
    return Follower(requests=requests_to_watch(family, modem), family=family, modem=modem)


def _key_of(port: ListeningPort, clock: Clock) -> str:
    """What the modem is known by when it comes back; empty where it does not tell it. It is written nowhere."""
    try:
        told = port.ask(IDENTITY, deadline_s=clock.monotonic() + ASK_S)
    except LinkError:
        return ""
    found = _IMEI.search(told.text) if told is not None else None
    return device_key("at", found[0]) if found else ""


def _port_again(address: Address, key: str) -> ListeningPort | None:
    """The modem's port: by its IMEI wherever it is now; of one that tells none, where it was."""
    from harness.links.at.port import open_at
    from harness.survey.restoring.modem_finding import reopened

    if key:
        return reopened(address.value, key, until_s=time.monotonic() + RETRY_S)
    REAL_CLOCK.wait(1.0)
    try:
        return open_at(address.value, deadline_s=time.monotonic() + RETRY_S)
    except LinkError:
        return None


def watched_handset(opened: Callable[[], ShellLink], writer: RecordingWriter, clock: Clock) -> Opened:
    """A handset. `opened` opens its shell, or raises LinkError."""
    link = opened()
    keep = _Keeping(writer, "adb", clock)
    try:
        identity = _identity(link, keep, clock)
    except BaseException:
        link.close()
        raise
    keep.follower = Follower(requests=(REGISTRY,))
    device = WatchedHandset(link, keep, clock)

    def regain() -> bool:
        device.link.close()
        clock.wait(1.0)
        try:
            found = opened()
        except LinkError:
            return False
        device.link = found
        # Another handset behind the same address is none of ours.
        try:
            return _identity(found, keep, clock) == identity
        except LinkError:
            return False

    words = " ".join(filter(None, (identity.get("manufacturer"), identity.get("model")))) or "handset"
    return Opened(device, keep.follower, keep, words, identity, regain)


def _identity(link: ShellLink, keep: _Keeping, clock: Clock) -> dict[str, str]:
    """What the handset says that it is; it stands in the recording, too."""
    (answer,) = link.run([GETPROP], deadline_s=clock.monotonic() + OPEN_S)
    if answer is None or answer.error is not None:
        raise LinkError("the handset does not tell what it is")
    told = next((one for one in read_all({GETPROP: keep(answer).text}).observations if one.kind == "identity"), None)
    return _words(told) if told is not None else {}  # type: ignore[arg-type]


def _words(identity: Identity) -> dict[str, str]:
    names = ("manufacturer", "brand", "model", "market_name", "codename", "build", "baseband")
    return {name: value for name in names if (value := getattr(identity, name))}


class _Keeping:
    """Takes each exchange of a link: written first, then followed as it was written."""

    def __init__(self, writer: RecordingWriter, kind: LinkKind, clock: Clock) -> None:
        self.follower: Follower | None = None
        self.clock = clock
        self._writer = writer
        self._kind = kind

    def __call__(self, exchange: Exchange) -> Exchange:
        written = self._writer.append(self._kind, exchange)
        if self.follower is not None:
            self.follower.take(written)
        return written


def followed(recording: Recording, slot: int | None = None) -> Follower:
    """The course of a recorded watch, from its exchanges alone. Raises UsageError where it holds none."""
    from harness.links.replay import ReplayAt

    kind: LinkKind = "adb" if "adb" in recording.links else "at"
    if kind == "adb":
        follower = Follower(requests=(REGISTRY,), slot=slot)
    else:
        family, modem = identify(ReplayAt(recording), deadline_s=time.monotonic() + OPEN_S)
        follower = modem_follower(family, modem)
        if any(one.request == LEVELS for one in recording.links.get(kind, ())):
            follower = replace(follower, requests=(*follower.requests, LEVELS))
    for exchange in recording.links.get(kind, ()):
        follower.take(exchange)
    follower.flush()
    if follower.course.looks < 2:
        raise UsageError(
            f"{recording.info.id} is no recording of a watch", way_out="`bandproof watch ADDRESS -o DIR` makes one"
        )
    return follower
