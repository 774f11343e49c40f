"""Links as a user's own case takes them: an answer in one call, a deadline of their own, nothing but reads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.base import AtLink, ShellLink
    from harness.recording.exchange import Exchange

ANSWER_S = 10.0
"""Seconds that an answer may take where a case says nothing."""


class OwnAt:
    """`at.ask("ATI")`. The port lets commands through that only read; the answer is None where a recording lacks it."""

    def __init__(self, link: AtLink) -> None:
        self.link = link

    @property
    def address(self) -> str:
        """How the user named the device."""
        return self.link.address

    def ask(self, command: str, *, timeout_s: float = ANSWER_S, deadline_s: float | None = None) -> Exchange | None:
        """Send one command and wait for its answer: `timeout_s` seconds, or until `deadline_s` of `time.monotonic()`.

        Raises AnswerTimeout, DeviceGone, AnswerGarbled, or CommandRefused for a command that is no read form.
        """
        return self.link.ask(command, deadline_s=_until(timeout_s, deadline_s))

    def text(self, command: str, *, timeout_s: float = ANSWER_S) -> str | None:
        """The answer as text without its line ends; None where a recording lacks it."""
        answer = self.ask(command, timeout_s=timeout_s)
        return None if answer is None else "\n".join(line for line in answer.text.splitlines() if line)


class OwnShell:
    """`adb.shell("getprop ro.product.model")`."""

    def __init__(self, link: ShellLink) -> None:
        self.link = link

    @property
    def address(self) -> str:
        """How the user named the device."""
        return self.link.address

    def run(
        self, commands: Sequence[str], *, timeout_s: float = ANSWER_S, deadline_s: float | None = None
    ) -> list[Exchange | None]:
        """Run the commands in one round trip; None for one that a recording lacks. Raises LinkError."""
        return self.link.run(commands, deadline_s=_until(timeout_s, deadline_s))

    def shell(self, command: str, *, timeout_s: float = ANSWER_S) -> str | None:
        """What the command printed, without the line end behind it; None where a recording lacks it. Raises LinkError."""
        [answer] = self.run([command], timeout_s=timeout_s)
        return None if answer is None else answer.text.rstrip("\r\n")


def _until(timeout_s: float, deadline_s: float | None) -> float:
    return time.monotonic() + timeout_s if deadline_s is None else deadline_s
