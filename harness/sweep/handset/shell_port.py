"""A handset's shell as the port of a sweep: one command, one answer; nothing comes of it unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, DeviceGone

if TYPE_CHECKING:
    from harness.links.base import ShellLink
    from harness.recording.exchange import Exchange

_ERRORS = {one.__name__: one for one in (AnswerTimeout, AnswerGarbled)}


class ShellPort:
    """What `SweepLink` asks. Each command opens a stream of its own, so a handset that comes back is there again."""

    def __init__(self, shell: ShellLink) -> None:
        self._shell = shell

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Run one command. Raises LinkError where its answer was cut short."""
        told = self._shell.run([command], deadline_s=deadline_s)[0]
        if told is not None and told.error is not None:
            raise _ERRORS.get(told.error.kind, DeviceGone)(str(told.error), command=command, raw=told.response)
        return told

    def listen(self, *, deadline_s: float) -> bytes:
        """Nothing: a shell does not tell by itself."""
        return b""

    def close(self) -> None:
        """End what is under way."""
        self._shell.close()
