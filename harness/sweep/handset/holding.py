"""One sweep of one handset: save, look with nothing held, one trial a technology, put back, look again.

Nothing is judged here. What became of a technology is read from the exchanges that this leaves (`reading_back`).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, BandproofError, CommandRefused, LinkError, StateError
from harness.probes.adb.state import AIRPLANE_MODE, NETWORK_TYPES, narrowed, subscription_of
from harness.state.gate import unique_items
from harness.state.journal import device_key
from harness.sweep import marks
from harness.sweep.frame import ASK_S, SweepFrame

from .look import CONNECTIVITY, PROBES, REGISTRY, look_at, registered_slots
from .order import HELD, HandsetOrder
from .proof import validated_anew

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem
    from harness.state.journal import Journal
    from harness.sweep.link import SweepLink

    from .look import SlotLook
    from .order import PlannedRat

WAIT_S = 60.0
"""How long an attach may take."""
DATA_S = 30.0
"""How long Android may take to validate a network behind it."""
_LEAVES_S, _OFF_S, _CELL_S = 10.0, 15.0, 10.0
"""How long a detach is looked for: by itself, with airplane mode on; and how long after an attach a cell."""
_LOOK_EVERY_S = 1.0
_RETURN_S = 60.0
"""How long a handset that went away may take to come back, for the way back."""


class HandsetSweep(SweepFrame[HandsetOrder]):
    """One sweep under way."""

    kind = "adb"
    back_s = 120.0

    def __init__(self, link: SweepLink, order: HandsetOrder) -> None:
        super().__init__(link, order, unique_items((AIRPLANE_MODE, *NETWORK_TYPES)))
        self._within: dict[str, Callable[[str], bool]] = {
            **{item.name: partial(self._is_part, item.name) for item in NETWORK_TYPES},
            AIRPLANE_MODE.name: self._may_fly,
        }
        """Nothing is ever allowed that was not, and airplane mode where it may be switched."""
        self._channel = self._gated("", *self._items.values(), within=self._within)
        self._table = ""
        """The table of subscriptions as it was found: what is left is cut from this, and from nothing later."""
        self._slot = 0
        self._seen: list[Exchange] = []
        """What was told of networks in this trial, before its attach."""

    @property
    def _types(self) -> StateItem:
        return NETWORK_TYPES[self._slot]

    def _is_part(self, name: str, value: str) -> bool:
        before = self._before.get(name)
        return before is not None and not int(value, 2) & ~int(before, 2)

    def _may_fly(self, value: str) -> bool:
        return not self._order.no_cycle or value == self._before.get(AIRPLANE_MODE.name)

    def _save(self) -> str:
        """Read all that is changed; which slot is held; why nothing may be changed, empty where it may."""
        self._link.mark(marks.STATE)
        self._before[AIRPLANE_MODE.name] = self._read(AIRPLANE_MODE)
        table = self._ask(NETWORK_TYPES[0].read)
        self._table = table.text if table is not None and table.error is None else ""
        for item in NETWORK_TYPES:
            self._before[item.name] = item.value_in(table)
        readable = [slot for slot, item in enumerate(NETWORK_TYPES) if self._before[item.name] is not None]
        if not readable:
            return "the allowed network types cannot be read raw, so they could not be put back: nothing is changed"
        if self._before[AIRPLANE_MODE.name] == "on":
            return "airplane mode is on: nothing is changed"
        on = registered_slots(self._ask(REGISTRY), readable)
        self._slot = (on or readable)[0]
        why = self._types.refusal(self._before[self._types.name])
        return f"{why}: nothing is changed" if why else ""

    def _open_journal(self) -> Journal:
        journal = self._journal_of(device_key("adb", self._order.serial))
        self._channel = self._gated(self._order.opened_by, *self._items.values(), within=self._within)
        return journal

    def _trials(self) -> None:
        self._link.mark(marks.BASELINE, lines=[f"slot {self._slot}"])
        if not self._attached():
            return
        for one in self._order.rats:
            if one.plan == "tried":
                self._trial(one)

    def _trial(self, one: PlannedRat) -> None:
        """One technology. An answer that is late or garbled costs it alone."""
        self._link.mark(marks.TRIAL, one.rat, HELD, lines=[f"wait {self._wait_s(WAIT_S):g} s", f"slot {self._slot}"])
        self._seen = []
        try:
            value = narrowed(self._table, self._slot, one.rat)
            self._note_networks()
            self._look()
            self._set(self._types, value)
            self._leave()
            if self._attached():
                self._seen_to(lambda look: bool(look.primary), _CELL_S)
                if self._order.data:
                    self._wait_for_data()
                self._look()
            self._read(self._types)
        except (StateError, CommandRefused, AnswerTimeout, AnswerGarbled) as error:
            self._link.mark(marks.TROUBLE, one.rat, HELD, lines=[error.message])

    def _leave(self) -> None:
        """A time without a registration: one that it takes by itself, else by airplane mode where that may be switched."""
        if self._seen_to(lambda look: look.state == "off", _LEAVES_S):
            self._note_networks()
            return
        if self._order.no_cycle or self._before[AIRPLANE_MODE.name] != "off":
            return
        self._set(AIRPLANE_MODE, "on")
        self._seen_to(lambda look: look.state == "off", _OFF_S)
        self._note_networks()
        self._set(AIRPLANE_MODE, "off")

    def _note_networks(self) -> None:
        """Networks that are there before the attach prove nothing of it."""
        if self._order.data and (told := self._ask(CONNECTIVITY)) is not None:
            self._seen.append(told)

    def _wait_for_data(self) -> None:
        """Until Android tells that a new network of this SIM is validated, or for as long as that may take."""
        self._ask(PROBES)
        sub, until = subscription_of(self._table, self._slot), self._until(DATA_S)
        while not validated_anew(self._seen, [self._ask(CONNECTIVITY)], sub):
            if self._clock.monotonic() >= until:
                return
            self._pause(2 * _LOOK_EVERY_S)

    def _attached(self) -> bool:
        return self._seen_to(lambda look: look.state == "on", self._wait_s(WAIT_S))

    def _seen_to(self, holds: Callable[[SlotLook], bool], within_s: float) -> bool:
        """Look until something is told, as long as it may take."""
        until = self._until(within_s)
        while not holds(self._look()):
            if self._clock.monotonic() >= until:
                return False
            self._pause(_LOOK_EVERY_S)
        return True

    def _pause(self, seconds: float) -> None:
        """Let time pass; a person who stops the run is heard."""
        self._link.listen(deadline_s=self._clock.monotonic())
        self._clock.wait(seconds)

    def _look(self) -> SlotLook:
        return look_at(self._ask(REGISTRY), self._slot)

    def _ask(self, request: str) -> Exchange | None:
        """A read whose answer may be late: then nothing is known of it. Raises LinkError where the handset is gone."""
        try:
            return self._link.ask(request, deadline_s=self._until(ASK_S))
        except (AnswerTimeout, AnswerGarbled):
            return None

    def _look_back(self, journal: Journal) -> None:
        """Put back, let it settle, look again. What is not as before stays in the journal."""
        self.blocked = self._put_back(journal)
        with suppress(BandproofError):
            if not self.blocked and not self._attached():
                wait_s = self._wait_s(WAIT_S)
                self._link.mark(marks.TROUBLE, lines=[f"no attach in {wait_s:g} s with nothing held any more"])
        self._clock.wait(self._order.settle_s)
        if self._changed_late(journal):
            self.blocked = self._put_back(journal)
        self._link.mark(marks.AFTER)
        for request in dict.fromkeys(item.read for item in self._items.values()):
            with suppress(LinkError):
                self._ask(request)

    def _found_again(self) -> bool:
        until = self._until(_RETURN_S)
        while self._link.lost and self._clock.monotonic() < until:
            with suppress(LinkError):
                if self._read(AIRPLANE_MODE) is not None:
                    self._link.lost = False
                    return True
            self._clock.wait(_LOOK_EVERY_S)
        return False

    def _changed_late(self, journal: Journal) -> bool:
        """Whether something reads as we wrote it once more: that is ours to put back again. Any other value is somebody's."""
        late = False
        for change in journal.page.changes:
            if change.state != "restored":
                continue
            with suppress(LinkError):
                found = self._read(self._items[change.item])
                if found is not None and found != change.before and found in change.wrote:
                    late = True
                    journal.note(change.item, "uncertain", f"reads {found!r} after a while")
        return late
