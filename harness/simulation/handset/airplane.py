"""The airplane mode of a simulated handset: switched and told by the commands that Android 11 and newer have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TELL = ("settings", "get", "global", "airplane_mode_on")
_SWITCH = ("cmd", "connectivity", "airplane-mode")


class AirplaneMode:
    """On or off. `attached` is called where the handset comes back to its network."""

    def __init__(self, attached: Callable[[], None]) -> None:
        self.on = False
        self.switched = 0
        """How often it was switched."""
        self.stuck = False
        """It cannot be switched off any more: the command is taken, and changes nothing."""
        self._attached = attached

    def is_about(self, words: Sequence[str]) -> bool:
        """Whether a command tells or switches it."""
        return tuple(words) == _TELL or tuple(words[:3]) == _SWITCH

    def answer(self, words: Sequence[str]) -> bytes | None:
        """What a command about it prints; None where it is about something else."""
        if tuple(words) == _TELL:
            return b"1\n" if self.on else b"0\n"
        if tuple(words[:3]) != _SWITCH:
            return None
        wanted = {"enable": True, "disable": False}.get(words[3] if len(words) == 4 else "")
        if wanted is None:
            return b"enabled\n" if self.on else b"disabled\n"
        self._switch(wanted)
        return b""

    def seen_in(self, answer: bytes) -> bytes:
        """A registry's answer as it is now: with airplane mode on no slot has service."""
        if not self.on:
            return answer
        off = re.sub(rb"=0\(IN_SERVICE\)", b"=3(POWER_OFF)", re.sub(rb"(?<=mServiceState=)0 0\b", b"3 3", answer))
        return re.sub(rb"(?<=egState=)HOME|(?<=rationState=)HOME|(?<=egState=)ROAMING", b"NOT_REG_OR_SEARCHING", off)

    def _switch(self, wanted: bool) -> None:
        if wanted == self.on or (self.stuck and self.on):
            return
        self.on = wanted
        self.switched += 1
        if not wanted:
            self._attached()
