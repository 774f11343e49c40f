"""Putting a device back: by its journal, in reverse order, deciding by what is read and by nothing else.

An item that reads as before needs nothing; one that reads as it was written is written back; one that reads otherwise
was changed by somebody else meanwhile and is left to a person. What cannot be read is never written blindly. One that was
written, and reads as before though nobody wrote that, is written all the same: after a restart modems read free while
the lock holds, and only writing it ends that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import BandproofError, LinkError
from harness.links.clock import REAL_CLOCK
from harness.state.change import prepare, read_item, wait_for, write

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.links.clock import Clock
    from harness.state.gate import GatedChannel
    from harness.state.item import StateItem
    from harness.state.journal import ItemChange, Journal

_HOLDS_LATER = "reads as before, and holds from a restart on"


@dataclass(frozen=True, slots=True)
class PutBack:
    """What became of one item: it read as before, was written back, or is blocked (with the reason)."""

    item: str
    words: str
    before: str
    outcome: Literal["unchanged", "restored", "blocked"]
    why: str = ""
    later: bool = False
    """It reads as before, and holds when the device has restarted: whether it has since the write, nobody knows."""


def put_back(
    journal: Journal,
    channels: Mapping[str, GatedChannel],
    items: Mapping[str, StateItem],
    *,
    firmware: str,
    deadline_s: float,
    insist: bool = False,
    strike: bool = True,
    until_restart: bool = False,
    clock: Clock = REAL_CLOCK,
) -> tuple[PutBack, ...]:
    """Carry out a journal on the device that it is of, and strike it where everything reads as before.

    `firmware` is the build that runs now. With `insist` an item that somebody else changed meanwhile is written back
    as well. `strike` False leaves the journal where it is: the device is looked at once more. With `until_restart` what
    holds behind a restart alone stays open in it, until the caller has restarted the device. Never raises LinkError:
    a device that goes away leaves its changes blocked, and the journal stays.
    """
    work = _Work(journal, channels, items, firmware, deadline_s, insist, until_restart, clock)
    results: dict[str, PutBack] = {}
    # What an item needs is changed on the way, and put back behind it: the radio, last of all.
    while (change := _next(journal, items, results)) is not None:
        results[change.item] = work.back(change)
    if strike:
        journal.finish()
    return tuple(results.values())


def _next(journal: Journal, items: Mapping[str, StateItem], done: Mapping[str, PutBack]) -> ItemChange | None:
    """The change to put back next: those that others need come last."""
    left = [(_order(one, items), place, one) for place, one in enumerate(journal.page.open) if one.item not in done]
    return max(left, key=lambda one: one[:2])[2] if left else None


def _order(change: ItemChange, items: Mapping[str, StateItem]) -> int:
    item = items.get(change.item)
    return item.order if item else 0


@dataclass(frozen=True, slots=True)
class _Work:
    """One journal that is carried out."""

    journal: Journal
    channels: Mapping[str, GatedChannel]
    items: Mapping[str, StateItem]
    firmware: str
    deadline_s: float
    insist: bool
    until_restart: bool
    clock: Clock

    def back(self, change: ItemChange) -> PutBack:
        """Put one item back, and note what became of it."""
        item, channel = self.items.get(change.item), self.channels.get(change.channel)
        words = item.words if item else change.item
        why, written = "", False
        if item is None:
            why = "this version knows no such item"
        elif channel is None:
            why = f"there is no {change.channel} link to the device"
        elif self.firmware != self.journal.page.firmware:
            why = "another firmware runs on the device than when it was changed"
        else:
            try:
                why, written = self._written_back(channel, item, change)
            except LinkError as error:
                why = f"the device cannot be asked: {error.message}"
            except BandproofError as error:
                why = error.message
        # One that reads as before may have been put back by a restore that died before the restart.
        later = not why and item is not None and item.takes_effect == "restart" and bool(change.wrote)
        if later and self.until_restart:
            self.journal.note(change.item, "uncertain", _HOLDS_LATER)
        else:
            self.journal.note(change.item, "blocked" if why else "restored", why)
        outcome: Literal["unchanged", "restored", "blocked"] = (
            "blocked" if why else "restored" if written else "unchanged"
        )
        return PutBack(change.item, words, change.before, outcome, why, later)

    def _written_back(self, channel: GatedChannel, item: StateItem, change: ItemChange) -> tuple[str, bool]:
        """Why an item could not be put back (empty: it reads as before), and whether it was written for that."""
        found = read_item(channel, item, deadline_s=self.deadline_s, clock=self.clock)
        if found is None:
            return f"{item.words} cannot be read", False
        if found == change.before and not (item.read_can_lie or _is_undone(change)):
            return "", False
        # What is lost at power-off may read as after a restart.
        ours = change.carried_by or item.kept_by == "volatile" or found in {*change.wrote, change.before}
        if not ours and not self.insist:
            return f"{item.words} reads {found}: somebody else changed it, it was {change.before} before the run", False
        request = item.request(change.before)
        if request is None:
            return f"{item.words} cannot be set to {change.before!r}", False
        prepare(channel, item, self.journal, self.items, deadline_s=self.deadline_s, clock=self.clock)
        write(channel, item, request, deadline_s=self.deadline_s)
        found = wait_for(channel, item, change.before, deadline_s=self.deadline_s, clock=self.clock)
        if found == change.before:
            return "", True
        return f"{item.words} reads {found or 'nothing'} after it was set to {change.before}", True


def _is_undone(change: ItemChange) -> bool:
    """Whether a write that was sent was never written back: what reads as before came about by itself."""
    sent = change.state in {"done", "uncertain", "blocked"} and change.why != _HOLDS_LATER
    return sent and bool(change.wrote) and change.wrote[-1] != change.before
