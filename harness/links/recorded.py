"""Links that write every exchange down as it happens, scrubbed: what is shown is what the evidence holds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from harness.errors import CommandRefused, LinkError
from harness.recording.exchange import Exchange, Interruption, now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.at_commands import FamilyRecords
    from harness.recording.exchange import LinkKind
    from harness.recording.writer import RecordingWriter

    from .base import AtLink, ShellLink
    from .host_tool import Mode, ToolLink


def recorded(link: ShellLink | AtLink | ToolLink, writer: RecordingWriter) -> ShellLink | AtLink | ToolLink:
    """The same link, writing every exchange to the recording as it happens."""
    # By the method that sets them apart: isinstance with a protocol looks through each of its members, every time.
    if hasattr(link, "run"):
        return RecordingShell(cast("ShellLink", link), writer)
    if hasattr(link, "ask"):
        return RecordingAt(cast("AtLink", link), writer)
    return RecordingTools(link, writer)


def cut_of(link: object, command: str, error: LinkError) -> Exchange:
    """The exchange that an error cut short; of a link that is recorded, as its recording has it."""
    written: Exchange | None = getattr(link, "cut", None)
    if written is not None and written.request == command:
        return written
    elapsed = None if error.elapsed_s is None else round(error.elapsed_s * 1000, 3)
    return Exchange(command, error.raw, elapsed_ms=elapsed, at=now(), error=Interruption.of(error))


_Link = TypeVar("_Link", bound="AtLink | ShellLink | ToolLink")


class _Recorded(Generic[_Link]):
    """A link whose exchanges are written as they happen, those that fail with what came until then.

    Answers come back as they were written, scrubbed: what is shown is what the evidence holds.
    """

    def __init__(self, link: _Link, writer: RecordingWriter) -> None:
        self.link = link
        self.cut: Exchange | None = None
        """The last exchange that an error cut short, as it was written."""
        self._writer = writer

    @property
    def address(self) -> str:
        """The address of the link inside."""
        return self.link.address

    def close(self) -> None:
        """Close the link inside; the recording stays open."""
        self.link.close()

    def _written(self, kind: LinkKind, command: str, send: Callable[[], Exchange | None]) -> Exchange | None:
        """Send one request and write what came of it; one that was refused was never sent."""
        start = time.monotonic()
        try:
            exchange = send()
        except CommandRefused:
            raise
        except LinkError as error:
            elapsed = round((time.monotonic() - start) * 1000, 3)  # as it is written
            failed = Exchange(command, error.raw, elapsed_ms=elapsed, at=now(), error=Interruption.of(error))
            self.cut = self._writer.append(kind, failed)
            raise
        return None if exchange is None else self._writer.append(kind, exchange)


class RecordingAt(_Recorded["AtLink"]):
    """An AT link that is recorded."""

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """See `AtLink.ask`."""
        return self._written("at", command, lambda: self.link.ask(command, deadline_s=deadline_s))

    def allow_reads(self, forms: Sequence[str]) -> None:
        """See `AtLink.allow_reads`."""
        self.link.allow_reads(forms)

    def learn_records(self, records: FamilyRecords) -> None:
        """See `AtLink.learn_records`."""
        self._writer.learn_records(records)
        self.link.learn_records(records)


class RecordingTools(_Recorded["ToolLink"]):
    """A tool link that is recorded."""

    @property
    def mode(self) -> Mode:
        """The mode of the link inside."""
        return self.link.mode

    @property
    def port(self) -> str | None:
        """The port of the link inside."""
        return self.link.port

    def query(self, command: str, *, deadline_s: float) -> Exchange | None:
        """See `ToolLink.query`."""
        return self._written("qmi", command, lambda: self.link.query(command, deadline_s=deadline_s))


class RecordingShell(_Recorded["ShellLink"]):
    """A shell link that is recorded; its exchanges are written as they complete, before the whole batch has."""

    def allow_commands(self, commands: Sequence[str]) -> None:
        """See `ShellLink.allow_commands`."""
        self.link.allow_commands(commands)

    def run(self, commands: Sequence[str], *, deadline_s: float) -> list[Exchange | None]:
        """See `ShellLink.run`."""
        written: dict[int, Exchange] = {}

        def write(index: int, exchange: Exchange) -> None:
            written[index] = self._writer.append("adb", exchange)

        streaming: Callable[..., list[Exchange | None]] | None = getattr(self.link, "run_each", None)
        if streaming is not None:
            exchanges = streaming(commands, deadline_s=deadline_s, on_exchange=write)
        else:
            exchanges = self.link.run(commands, deadline_s=deadline_s)
        for index, exchange in enumerate(exchanges):
            if exchange is not None and index not in written:
                write(index, exchange)
        return [written.get(index) for index in range(len(exchanges))]
