"""The gate: what may be written to a device, by whose word, and nothing else.

Reading links refuse whatever is no read form. A changing link exists only behind a gate: it lets the read forms of its
items through and their writes, each checked to the letter against the item's description.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from harness.errors import CommandRefused, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.links.base import ShellLink
    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem


class StateChannel(Protocol):
    """What items are read and written over: one request, one answer. An AT link is one as it is."""

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Send one request and wait for its answer until the absolute deadline. Raises LinkError."""
        ...


class ShellChannel:
    """A handset's shell as a channel."""

    def __init__(self, link: ShellLink) -> None:
        self._link = link

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Run one command."""
        return self._link.run([command], deadline_s=deadline_s)[0]


@dataclass(frozen=True, slots=True)
class Gate:
    """The items that may be written, by whose word, and the values that this device allows of them."""

    items: tuple[StateItem, ...]
    opened_by: str
    """What the user said: `--act`, `--sweep`, `bandproof restore`. Empty: the gate is shut, only read forms pass."""
    within: Mapping[str, Callable[[str], bool]] = field(default_factory=dict)
    """Item -> whether a value stays within what the device itself says it has; items without it are not limited."""

    def item_written(self, request: str) -> StateItem | None:
        """The item that a request writes, where the gate lets it through."""
        for item in self.items:
            value = item.value_set_by(request)
            if value is not None and self.opened_by and self.within.get(item.name, _any)(value):
                return item
        return None

    def reads(self, request: str) -> bool:
        """Whether a request is the read form of an item."""
        return any(request == item.read for item in self.items)

    def permits(self, request: str) -> bool:
        """Whether a request may pass: a read form of an item, or a write that the gate is open for."""
        if self.reads(request) or self.item_written(request) is not None:
            return True
        return bool(self.opened_by) and any(request in {item.unlocked_by, item.restart} - {""} for item in self.items)


def _any(_: str) -> bool:
    return True


class GatedChannel:
    """A channel behind a gate: the only thing that ever writes to a device."""

    def __init__(self, channel: StateChannel, gate: Gate) -> None:
        self.gate = gate
        self.writes = 0
        """How many writes went out: memory that keeps values wears."""
        self._channel = channel

    def ask(self, command: str, *, deadline_s: float) -> Exchange | None:
        """Send a request that the gate permits. Raises CommandRefused for any other."""
        if not self.gate.permits(command):
            raise CommandRefused(
                f"{command!r} is neither a read form nor a write of {_names(self.gate)}",
                command=command,
                way_out="changing a device takes an option: see `pytest --help`, group bandproof",
            )
        self.writes += not self.gate.reads(command) and self.gate.item_written(command) is not None
        return self._channel.ask(command, deadline_s=deadline_s)


def _names(gate: Gate) -> str:
    return ", ".join(item.words for item in gate.items) or "any state item"


def unique_items(items: tuple[StateItem, ...]) -> dict[str, StateItem]:
    """Items by name. Raises UsageError where two share one: a journal could not tell them apart."""
    named = {item.name: item for item in items}
    if len(named) != len(items):
        raise UsageError("two state items of one device have the same name")
    return named
