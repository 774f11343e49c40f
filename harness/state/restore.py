"""Putting a device back: by its journal, in reverse order, deciding by what is read and by nothing else.

An item that reads as before needs nothing; one that reads as it was written is written back; one that reads otherwise
was changed by somebody else meanwhile and is left to a person. What cannot be read is never written blindly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import LinkError
from harness.state.change import read_item, wait_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.state.gate import GatedChannel
    from harness.state.item import StateItem
    from harness.state.journal import ItemChange, Journal


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of one item: it read as before, was written back, or is blocked (with the reason)."""

    item: str
    words: str
    before: str
    outcome: Literal["unchanged", "restored", "blocked"]
    why: str = ""


def put_back(
    journal: Journal,
    channels: Mapping[str, GatedChannel],
    items: Mapping[str, StateItem],
    *,
    firmware: str,
    deadline_s: float,
    insist: bool = False,
) -> tuple[PutBack, ...]:
    """Carry out a journal on the device that it is of, and strike it where everything reads as before.

    `firmware` is the build that runs now. With `insist` an item that somebody else changed meanwhile is written back
    as well. Never raises LinkError: a device that goes away leaves its changes blocked, and the journal stays.
    """
    by_order = sorted(enumerate(journal.page.open), key=lambda one: (_order(one[1], items), one[0]), reverse=True)
    results = [
        _back(journal, change, channels, items, firmware=firmware, deadline_s=deadline_s, insist=insist)
        for _, change in by_order
    ]
    journal.finish()
    return tuple(results)


def _order(change: ItemChange, items: Mapping[str, StateItem]) -> int:
    item = items.get(change.item)
    return item.order if item else 0


def _back(
    journal: Journal,
    change: ItemChange,
    channels: Mapping[str, GatedChannel],
    items: Mapping[str, StateItem],
    *,
    firmware: str,
    deadline_s: float,
    insist: bool,
) -> PutBack:
    item, channel = items.get(change.item), channels.get(change.channel)
    words = item.words if item else change.item
    why, written = "", False
    if item is None:
        why = "this version knows no such item"
    elif channel is None:
        why = f"there is no {change.channel} link to the device"
    elif firmware != journal.page.firmware:
        why = "another firmware runs on the device than when it was changed"
    else:
        try:
            why, written = _written_back(channel, item, change, deadline_s=deadline_s, insist=insist)
        except LinkError as error:
            why = f"the device cannot be asked: {error.message}"
    journal.note(change.item, "blocked" if why else "restored", why)
    outcome: Literal["unchanged", "restored", "blocked"] = "blocked" if why else "restored" if written else "unchanged"
    return PutBack(change.item, words, change.before, outcome, why)


def _written_back(
    channel: GatedChannel, item: StateItem, change: ItemChange, *, deadline_s: float, insist: bool
) -> tuple[str, bool]:
    """Why an item could not be put back (empty: it reads as before), and whether it was written for that."""
    found = read_item(channel, item, deadline_s=deadline_s)
    if found is None:
        return f"{item.words} cannot be read", False
    if found == change.before and not item.read_can_lie:
        return "", False
    ours = change.carried_by or found in {*change.wrote, change.before}
    if not ours and not insist:
        return f"{item.words} reads {found}: somebody else changed it, it was {change.before} before the run", False
    request = item.request(change.before)
    if request is None:
        return f"{item.words} cannot be set to {change.before!r}", False
    channel.ask(request, deadline_s=deadline_s)
    found = wait_for(channel, item, change.before, deadline_s=deadline_s)
    if found == change.before:
        return "", True
    return f"{item.words} reads {found or 'nothing'} after it was set to {change.before}", True
