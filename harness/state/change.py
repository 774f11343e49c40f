"""Changing one item: read, note, write, read again. In this order, or not at all."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.errors import CommandRefused, LinkError, StateError
from harness.links.clock import REAL_CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.links.clock import Clock
    from harness.recording.exchange import Exchange
    from harness.state.gate import GatedChannel
    from harness.state.item import StateItem
    from harness.state.journal import Journal

_LOOK_EVERY_S = 0.2
_NO_ITEMS: Mapping[str, StateItem] = MappingProxyType({})
_UNTOUCHED = "nothing was changed"
_READ_S = 20.0
"""How long one read of an item may take, within the deadline."""


def read_item(channel: GatedChannel, item: StateItem, *, deadline_s: float, clock: Clock = REAL_CLOCK) -> str | None:
    """The value of an item now; None where it cannot be told. Raises LinkError where the device cannot be asked."""
    limit = min(deadline_s, clock.monotonic() + _READ_S)
    return item.value_in(channel.ask(item.read, deadline_s=limit))


def change_item(
    channel: GatedChannel,
    item: StateItem,
    value: str,
    journal: Journal,
    *,
    items: Mapping[str, StateItem] = _NO_ITEMS,
    deadline_s: float,
    clock: Clock = REAL_CLOCK,
    only_other: bool = False,
) -> str:
    """Set an item to a value and answer the value before. The journal tells of it before the device does.

    With `only_other` nothing is written where it reads so already: memory that keeps values wears.

    `items` are those that it couples with or needs. Raises CommandRefused before anything is written where a former value is
    unknown or could not be written back, or the value is none that may be written; StateError where the journal cannot
    be kept, or the device did not take the value; LinkError where the device went away. `put_back` then decides by
    reading.
    """
    before = _former(channel, item, deadline_s=deadline_s, clock=clock)
    if only_other and before == value:
        return before
    carries = {
        name: _former(channel, items[name], deadline_s=deadline_s, clock=clock)
        for name in item.couples
        if name in items
    }
    request = item.request(value)
    if request is None or channel.gate.item_written(request) is None:
        raise CommandRefused(f"{item.words} may not be set to {value!r}", command=request or "", way_out=_UNTOUCHED)
    prepare(channel, item, journal, items, deadline_s=deadline_s, clock=clock)
    journal.intend(item.name, item.channel, before, value, carries=carries)
    try:
        taken = item.was_accepted(write(channel, item, request, deadline_s=deadline_s))
        found = wait_for(channel, item, value, deadline_s=deadline_s, clock=clock)
    except LinkError as error:
        journal.note(item.name, "uncertain", f"{type(error).__name__} at the write")
        raise
    if found == value:
        journal.note(item.name, "done")
        return before
    journal.note(item.name, "uncertain", f"reads {found!r} after the write", seen=found)
    refused = "" if taken else ", it refused the write"
    raise StateError(
        f"{item.words} reads {found or 'nothing'} after it was set to {value}{refused}",
        way_out="what was changed is put back at the end of the run; `bandproof restore` does the same",
    )


def prepare(
    channel: GatedChannel,
    item: StateItem,
    journal: Journal,
    items: Mapping[str, StateItem],
    *,
    deadline_s: float,
    clock: Clock = REAL_CLOCK,
) -> None:
    """Bring about what an item needs to be written: a modem that takes a lock only while its radio is off."""
    for name, needed in item.needs:
        other = items.get(name)
        if other is not None:
            change_item(
                channel, other, needed, journal, items=items, deadline_s=deadline_s, clock=clock, only_other=True
            )


def write(channel: GatedChannel, item: StateItem, request: str, *, deadline_s: float) -> Exchange | None:
    """Send a write of an item, behind what lets it through. Raises LinkError, CommandRefused."""
    if item.unlocked_by:
        channel.ask(item.unlocked_by, deadline_s=deadline_s)
    return channel.ask(request, deadline_s=deadline_s)


def _former(channel: GatedChannel, item: StateItem, *, deadline_s: float, clock: Clock) -> str:
    """The value to go back to. Raises CommandRefused where there is none that could be written back."""
    before = read_item(channel, item, deadline_s=deadline_s, clock=clock)
    why = item.refusal(before)
    if why or before is None:
        raise CommandRefused(why, command=item.read, way_out=_UNTOUCHED)
    return before


def wait_for(
    channel: GatedChannel, item: StateItem, value: str, *, deadline_s: float, clock: Clock = REAL_CLOCK
) -> str | None:
    """Read an item until it has a value, as long as it may take to settle; answer what was read last."""
    until = min(deadline_s, clock.monotonic() + item.settles_s)
    while True:
        found = read_item(channel, item, deadline_s=deadline_s, clock=clock)
        left = until - clock.monotonic()
        if found == value or left <= 0:
            return found
        clock.wait(min(_LOOK_EVERY_S, left))
