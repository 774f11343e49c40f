"""One sweep of one handset: save, look with nothing held, one trial a technology, put back, look again.

Nothing is judged here. What became of a technology is read from the exchanges that this leaves (`reading_back`).
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, BandproofError, CommandRefused, LinkError, StateError
from harness.probes.adb.state import AIRPLANE_MODE, NETWORK_TYPES, narrowed, subscription_of
from harness.state.change import change_item, read_item
from harness.state.gate import Gate, GatedChannel, unique_items
from harness.state.journal import Journal, device_key
from harness.state.restore import put_back
from harness.sweep import marks

from .look import CONNECTIVITY, PROBES, REGISTRY, look_at, registered_slots
from .order import HELD
from .proof import validated_anew

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem
    from harness.sweep.link import SweepLink

    from .look import SlotLook
    from .order import HandsetOrder, PlannedRat

WAIT_S = 60.0
"""How long an attach may take."""
DATA_S = 30.0
"""How long Android may take to validate a network behind it."""
_ASK_S, _BACK_S = 30.0, 120.0
_LEAVES_S, _OFF_S, _CELL_S = 10.0, 15.0, 10.0
"""How long a detach is looked for: by itself, with airplane mode on; and how long after an attach a cell."""
_LOOK_EVERY_S = 1.0
_RETURN_S = 60.0
"""How long a handset that went away may take to come back, for the way back."""


class HandsetSweep:
    """One sweep under way."""

    def __init__(self, link: SweepLink, order: HandsetOrder) -> None:
        self._link = link
        self._order = order
        self._clock = link.clock
        self._items = unique_items((AIRPLANE_MODE, *NETWORK_TYPES))
        self._channel = self._gated("")
        self._before: dict[str, str | None] = {}
        self._table = ""
        """The table of subscriptions as it was found: what is left is cut from this, and from nothing later."""
        self._slot = 0
        self._seen: list[Exchange] = []
        """What was told of networks in this trial, before its attach."""
        self._journal: Journal | None = None
        self.blocked: list[str] = []
        """What is not as before, in words."""

    def run(self) -> None:
        """All of it. What goes wrong is a mark; the way back is taken in any case."""
        try:
            if refused := self._save():
                self._link.mark(marks.TROUBLE, lines=[refused])
                return
            self._journal = self._open_journal()
        except BandproofError as error:
            self._link.mark(marks.TROUBLE, lines=[error.message])
            return
        try:
            self._trials()
        except BandproofError as error:
            self._link.mark(marks.TROUBLE, lines=[error.message])
        finally:
            self._link.quietly()
            self._back(self._journal)

    @property
    def _types(self) -> StateItem:
        return NETWORK_TYPES[self._slot]

    def _gated(self, opened_by: str) -> GatedChannel:
        """The shell behind a gate: nothing is ever allowed that was not, and airplane mode where it may be switched."""
        within = {item.name: partial(self._is_part, item.name) for item in NETWORK_TYPES}
        items = tuple(self._items.values())
        self._link.gate = Gate(items, opened_by, within={**within, AIRPLANE_MODE.name: self._may_fly})
        return GatedChannel(self._link, self._link.gate)

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
        order = self._order
        journal = Journal(
            device_key("adb", order.serial),
            words=order.words,
            firmware=order.firmware,
            opened_by=order.opened_by,
            folder=order.journals,
            reached=order.reached,
        )
        self._channel = self._gated(order.opened_by)
        return journal

    def _trials(self) -> None:
        self._link.mark(marks.BASELINE, lines=[f"slot {self._slot}"])
        if not self._attached(self._wait_s):
            return
        for one in self._order.rats:
            if one.plan == "tried":
                self._trial(one)

    @property
    def _wait_s(self) -> float:
        return self._order.wait_s or WAIT_S

    def _trial(self, one: PlannedRat) -> None:
        """One technology. An answer that is late or garbled costs it alone."""
        self._link.mark(marks.TRIAL, one.rat, HELD, lines=[f"wait {self._wait_s:g} s", f"slot {self._slot}"])
        self._seen = []
        try:
            value = narrowed(self._table, self._slot, one.rat)
            self._note_networks()
            self._look()
            self._set(self._types, value)
            self._leave()
            if self._attached(self._wait_s):
                self._until(lambda look: bool(look.primary), _CELL_S)
                if self._order.data:
                    self._wait_for_data()
                self._look()
            self._read(self._types)
        except (StateError, CommandRefused, AnswerTimeout, AnswerGarbled) as error:
            self._link.mark(marks.TROUBLE, one.rat, HELD, lines=[error.message])

    def _leave(self) -> None:
        """A time without a registration: one that it takes by itself, else by airplane mode where that may be switched."""
        if self._until(lambda look: look.state == "off", _LEAVES_S):
            self._note_networks()
            return
        if self._order.no_cycle or self._before[AIRPLANE_MODE.name] != "off":
            return
        self._set(AIRPLANE_MODE, "on")
        self._until(lambda look: look.state == "off", _OFF_S)
        self._note_networks()
        self._set(AIRPLANE_MODE, "off")

    def _note_networks(self) -> None:
        """Networks that are there before the attach prove nothing of it."""
        if self._order.data and (told := self._ask(CONNECTIVITY)) is not None:
            self._seen.append(told)

    def _wait_for_data(self) -> None:
        """Until Android tells that a new network of this SIM is validated, or for as long as that may take."""
        self._ask(PROBES)
        sub, until = subscription_of(self._table, self._slot), self._clock.monotonic() + DATA_S
        while not validated_anew(self._seen, [self._ask(CONNECTIVITY)], sub):
            if self._clock.monotonic() >= until:
                return
            self._pause(2 * _LOOK_EVERY_S)

    def _attached(self, within_s: float) -> bool:
        return self._until(lambda look: look.state == "on", within_s)

    def _until(self, holds: Callable[[SlotLook], bool], within_s: float) -> bool:
        """Look until something is told, as long as it may take."""
        until = self._clock.monotonic() + within_s
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
            return self._link.ask(request, deadline_s=self._clock.monotonic() + _ASK_S)
        except (AnswerTimeout, AnswerGarbled):
            return None

    def _read(self, item: StateItem) -> str | None:
        return read_item(self._channel, item, deadline_s=self._clock.monotonic() + _ASK_S, clock=self._clock)

    def _set(self, item: StateItem, value: str) -> None:
        """Set an item where it does not read so already; of a write without an answer the value tells."""
        if self._journal is None:
            raise StateError("there is no journal")
        deadline_s = self._clock.monotonic() + _ASK_S
        try:
            change_item(
                self._channel, item, value, self._journal, deadline_s=deadline_s, clock=self._clock, only_other=True
            )
        except (AnswerTimeout, AnswerGarbled):
            if self._read(item) != value:
                raise
            self._journal.note(item.name, "done")

    def _back(self, journal: Journal) -> None:
        """Put back, let it settle, look again. What is not as before stays in the journal."""
        self._link.mark(marks.BACK)
        try:
            self.blocked = self._put_back(journal)
            with suppress(BandproofError):
                if not self.blocked and not self._attached(self._wait_s):
                    self._link.mark(
                        marks.TROUBLE, lines=[f"no attach in {self._wait_s:g} s with nothing held any more"]
                    )
            self._clock.wait(self._order.settle_s)
            if self._changed_late(journal):
                self.blocked = self._put_back(journal)
            self._link.mark(marks.AFTER)
            for request in dict.fromkeys(item.read for item in self._items.values()):
                with suppress(LinkError):
                    self._ask(request)
            self._link.mark(marks.END, lines=self.blocked)
        finally:
            journal.finish()
            journal.close()

    def _put_back(self, journal: Journal) -> list[str]:
        """What is not put back, in words. A handset that goes away meanwhile is waited for, once."""
        for _ in range(2):
            deadline_s = self._clock.monotonic() + _BACK_S
            firmware = self._order.firmware
            results = put_back(
                journal,
                {"adb": self._channel},
                self._items,
                firmware=firmware,
                deadline_s=deadline_s,
                strike=False,
                clock=self._clock,
            )
            blocked = [f"{one.words}: {one.why}" for one in results if one.outcome == "blocked"]
            if not blocked or not self._link.lost or not self._is_there_again():
                break
        return blocked

    def _is_there_again(self) -> bool:
        until = self._clock.monotonic() + _RETURN_S
        while self._clock.monotonic() < until:
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
