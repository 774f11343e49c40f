"""The seam where the outside world begins: two small protocols, implemented by real links, replay and simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.at_commands import FamilyRecords
    from harness.recording.exchange import Exchange


@runtime_checkable
class ShellLink(Protocol):
    """A shell on a handset. Deadlines are absolute, in seconds of `time.monotonic()`."""

    @property
    def address(self) -> str:
        """How the user named the device."""
        ...

    def run(self, commands: Sequence[str], *, deadline_s: float) -> list[Exchange | None]:
        """Run the commands in one round trip where their length allows; answer one exchange a command, in order.

        An answer that was cut off comes back as an exchange with `error`; the ones before it are whole. None stands
        for a command that a recording does not hold (not observed). Raises LinkError when nothing could be asked.
        """
        ...

    def allow_commands(self, commands: Sequence[str]) -> None:
        """Let commands of which their author says that they only read be sent over this link, and over no other.

        They are allowed to the letter.
        """
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...


@runtime_checkable
class AtLink(Protocol):
    """An AT port. Deadlines are absolute, in seconds of `time.monotonic()`."""

    @property
    def address(self) -> str:
        """How the user named the device."""
        ...

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Send one command and wait for its final result code.

        None: a recording does not hold the command (not observed). Raises AnswerTimeout, DeviceGone, AnswerGarbled,
        or CommandRefused for a command that is no read form.
        """
        ...

    def allow_reads(self, forms: Sequence[str]) -> None:
        """Let read forms of the family that answers here be sent over this link, and over no other.

        They are regular expressions for the whole command, in capitals.
        """
        ...

    def learn_records(self, records: FamilyRecords) -> None:
        """Take what the family that answers here says of its records: which come unasked, which are personal."""
        ...

    def close(self) -> None:
        """Let go of the device."""
        ...
