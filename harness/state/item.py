"""One thing that can be changed, as data: how it is read, written and put back, what it couples with, what keeps it.

A modem family, a handset, an attenuator and a call box describe theirs alike; gate, journal and restore execute these
descriptions and know no command. Words and traps behind the fields: what holds across families of band locks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.recording.exchange import Exchange

Effect = Literal["now", "next_search", "radio_cycle", "restart"]
"""When a written value takes effect."""
Keeper = Literal["volatile", "nv", "sim"]
"""What keeps a written value: nothing beyond a power cycle, the device's memory (which wears), the card."""

_VALUE = "{value}"


def _same(value: str) -> str:
    return value


def _writable(value: str) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateItem:
    """One state item. A value is text, in the item's own normal spelling.

    `answer` is a regular expression with a group `value`; an answer that fits it nowhere, or with two different values,
    is unreadable. `meanings` turns the device's text into a value (`"1"` -> `"on"`); without it the text, spelled by
    `normal`, is the value.
    """

    name: str
    """Its name in journals, unique among the items of a device: `lte_bands`, `airplane_mode`."""
    words: str
    """How people call it: "airplane mode"."""
    channel: str
    """The kind of link that it is read and written over: `adb`, `at`, `qmi`, `scpi`, `http` ..."""
    read: str
    """The request that reads it."""
    answer: str
    meanings: Mapping[str, str] = field(default_factory=dict)
    normal: Callable[[str], str] = _same
    """The one spelling of a value that can be written in several: what is compared when it is read back."""
    write: str | Mapping[str, str]
    """The request that sets it: a text with `{value}`, or one whole request a value; none: it is only watched."""
    values: str = ""
    """Regular expression of the values that may be written at all; empty where `write` names each."""
    accepted: str = ""
    """Regular expression that stands in the answer of a write that was taken; empty: a good exit code is enough."""
    unlocked_by: str = ""
    """The request that lets writes through until power-off, where the device wants one; it changes nothing else."""
    restart: str = ""
    """The request that restarts the device, where a written value takes effect with that alone."""
    takes_effect: Effect = "now"
    kept_by: Keeper = "nv"
    settles_s: float = 5.0
    """How long after a write the old value may still be read."""
    couples: tuple[str, ...] = ()
    """Names of items that a write of this one carries along, and which are saved and put back with it."""
    needs: tuple[tuple[str, str], ...] = ()
    """Items and the values that they must have for this one to be written; they are set, and put back, with it."""
    order: int = 100
    """Items are saved in this order and put back in reverse: what all others need stands first."""
    read_can_lie: bool = False
    """The value that is read need not be in force: it is written back in any case."""
    cannot: Callable[[str], str] = _writable
    """Why a former value could not be written back exactly, as words; empty where it can."""

    @property
    def only_watched(self) -> bool:
        """Whether nothing of ours writes it: it is compared before and after."""
        return not self.write

    def request(self, value: str) -> str | None:
        """The request that sets a value; None where this value may not be written."""
        if not isinstance(self.write, str):
            return self.write.get(value)
        if not value.isprintable() or not self.values or not re.fullmatch(self.values, value):
            return None
        return self.write.replace(_VALUE, value)

    def value_in(self, exchange: Exchange | None) -> str | None:
        """The value that an answer to `read` tells; None where it cannot be told."""
        if exchange is None or exchange.error is not None or exchange.exit_code not in {0, None}:
            return None
        told = {found["value"].strip() for found in re.finditer(self.answer, exchange.text, re.MULTILINE)}
        if len(told) != 1:
            return None
        text = told.pop()
        return self.meanings.get(text) if self.meanings else self.normal(text)

    def value_set_by(self, request: str) -> str | None:
        """The value that a request would set; None where it is no write of this item, or none that may be sent."""
        if not isinstance(self.write, str):
            return next((value for value, text in self.write.items() if text == request), None)
        before, _, after = self.write.partition(_VALUE)
        if not request.startswith(before) or not request.endswith(after) or len(request) < len(before) + len(after):
            return None
        value = request[len(before) : len(request) - len(after)]
        return value if self.request(value) == request else None

    def was_accepted(self, exchange: Exchange | None) -> bool:
        """Whether the answer to a write says that it was taken. That it is in force, only reading it can tell."""
        if exchange is None or exchange.error is not None or exchange.exit_code not in {0, None}:
            return False
        return not self.accepted or re.search(self.accepted, exchange.text, re.MULTILINE) is not None

    def refusal(self, before: str | None) -> str:
        """Why the item must not be changed from its former value, as words; empty where it may."""
        if before is None:
            return f"{self.words} cannot be read, so it could not be put back"
        if why := self.cannot(before):
            return f"{self.words}: {why}"
        return (
            ""
            if self.request(before) is not None
            else f"{self.words} reads {before!r}, which could not be written back"
        )
