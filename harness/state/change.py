"""Changing one item: read, note, write, read again. In this order, or not at all."""

from __future__ import annotations

import threading
import time
from types import MappingProxyType
from typing import TYPE_CHECKING

from harness.errors import CommandRefused, LinkError, StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.state.gate import GatedChannel
    from harness.state.item import StateItem
    from harness.state.journal import Journal

_LOOK_EVERY_S = 0.2
_NO_ITEMS: Mapping[str, StateItem] = MappingProxyType({})
_UNTOUCHED = "nothing was changed"
_READ_S = 20.0
"""How long one read of an item may take, within the deadline."""


def read_item(channel: GatedChannel, item: StateItem, *, deadline_s: float) -> str | None:
    """The value of an item now; None where it cannot be told. Raises LinkError where the device cannot be asked."""
    limit = min(deadline_s, time.monotonic() + _READ_S)
    return item.value_in(channel.ask(item.read, deadline_s=limit))


def change_item(
    channel: GatedChannel,
    item: StateItem,
    value: str,
    journal: Journal,
    *,
    items: Mapping[str, StateItem] = _NO_ITEMS,
    deadline_s: float,
) -> str:
    """Set an item to a value and answer the value before. The journal tells of it before the device does.

    `items` are those that it couples with. Raises CommandRefused before anything is written where a former value is
    unknown or could not be written back, or the value is none that may be written; StateError where the journal cannot
    be kept, or the device did not take the value; LinkError where the device went away. `put_back` then decides by
    reading.
    """
    before = _former(channel, item, deadline_s=deadline_s)
    carries = {name: _former(channel, items[name], deadline_s=deadline_s) for name in item.couples if name in items}
    request = item.request(value)
    if request is None or channel.gate.item_written(request) is None:
        raise CommandRefused(f"{item.words} may not be set to {value!r}", command=request or "", way_out=_UNTOUCHED)
    journal.intend(item.name, item.channel, before, value, carries=carries)
    try:
        taken = item.was_accepted(channel.ask(request, deadline_s=deadline_s))
        found = wait_for(channel, item, value, deadline_s=deadline_s)
    except LinkError as error:
        journal.note(item.name, "uncertain", f"{type(error).__name__} at the write")
        raise
    if found == value:
        journal.note(item.name, "done")
        return before
    journal.note(item.name, "uncertain", f"reads {found!r} after the write")
    refused = "" if taken else ", it refused the write"
    raise StateError(
        f"{item.words} reads {found or 'nothing'} after it was set to {value}{refused}",
        way_out="what was changed is put back at the end of the run; `bandproof restore` does the same",
    )


def _former(channel: GatedChannel, item: StateItem, *, deadline_s: float) -> str:
    """The value to go back to. Raises CommandRefused where there is none that could be written back."""
    before = read_item(channel, item, deadline_s=deadline_s)
    why = item.refusal(before)
    if why or before is None:
        raise CommandRefused(why, command=item.read, way_out=_UNTOUCHED)
    return before


def wait_for(channel: GatedChannel, item: StateItem, value: str, *, deadline_s: float) -> str | None:
    """Read an item until it has a value, as long as it may take to settle; answer what was read last."""
    until = min(deadline_s, time.monotonic() + item.settles_s)
    pause = threading.Event()
    while True:
        found = read_item(channel, item, deadline_s=deadline_s)
        left = until - time.monotonic()
        if found == value or left <= 0:
            return found
        pause.wait(min(_LOOK_EVERY_S, left))
