"""One sweep of one modem: save, attach with nothing locked, one trial a band, put back, look again.

Nothing is judged here. What became of a band is read from the exchanges that this leaves (`reading_back`).
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from harness.cells.source import LiveCells
from harness.errors import AnswerGarbled, AnswerTimeout, BandproofError, CommandRefused, LinkError, StateError
from harness.state.gate import unique_items
from harness.state.journal import device_key

from . import marks
from .bands import EN_DC
from .conversation import SLICE_S, Conversation, is_refusal
from .frame import ASK_S, SweepFrame
from .legs import LegReader, look, wait_for_leg
from .order import SweepOrder
from .restarting import restart
from .scanning import scan
from .witnesses import Witnesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from harness.cells.source import CellSource
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import BandLock, Locking
    from harness.state.journal import Journal

    from .bands import PlannedBand
    from .link import SweepLink

WAIT_S = {"lte": 60.0, "nr": 60.0, "nr_nsa": 60.0, "lte_m": 180.0, "nb_iot": 300.0}
"""How long an attach may take before the next band, where nobody says that there is a cell."""
BEFORE_FAIL_S = 135.0
"""How long it may take where somebody does: a device gives up after T3410 and T3411, five times (TS 24.301 10.2)."""
_IMEI = re.compile(r"(?<!\d)\d{14,16}(?!\d)")
IDENTITY = "AT+CGSN"


class Sweep(SweepFrame[SweepOrder]):
    """One sweep under way. `reopen` gives the port again after the device went away, or raises LinkError."""

    kind = "at"
    back_s = 180.0

    def __init__(
        self,
        link: SweepLink,
        locking: Locking,
        family: Dialect,
        modem: Modem,
        order: SweepOrder,
        *,
        cells: CellSource | None = None,
        reopen: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(link, order, unique_items((*locking.items, *locking.watched)))
        self._locking = locking
        self._family = family
        self._modem = modem
        self._talk = Conversation(link, family, modem)
        self._witnesses = Witnesses(link, cells or LiveCells())
        self._reopen = reopen
        free = tuple(one.item for one in locking.free)
        self._within = {lock.item.name: partial(self._is_own, lock.item.name) for lock in locking.locks}
        self._channel = self._gated("", *self._items.values(), *free, within=self._within)

    def _is_own(self, name: str, value: str) -> bool:
        """Whether a value of a lock names no band but those that the device lists itself, or had enabled."""
        if value == self._before.get(name):
            return True
        locks = [lock for lock in self._locking.locks if lock.item.name == name]
        return all(lock.bands(value) is not None and not self._strange(lock, value) for lock in locks)

    def _strange(self, lock: BandLock, value: str) -> frozenset[int]:
        before = lock.bands(self._before.get(lock.item.name) or "") if self._before.get(lock.item.name) else None
        own = (before or frozenset()) | (self._order.listed.told_by(lock.told_by) or frozenset())
        return (lock.bands(value) or frozenset()) - own

    def hold(self, one: PlannedBand) -> None:
        """Lock to one band, and leave it so until `bandproof restore`. Raises StateError, LinkError; then it is undone."""
        lock = self._locking.lock_of(one.rat)
        if lock is None or one.plan != "tried":
            raise StateError(one.why or "there is no documented lock for this band")
        if refused := self._save():
            raise StateError(refused)
        journal = self._open_journal(kept=True)
        try:
            self._lock(one, lock)
        except BandproofError:
            self._link.quietly()
            self.blocked = self._put_back(journal)
            journal.finish()
            raise
        finally:
            journal.close()

    def _save(self) -> str:
        """Read all that is changed or watched, in order; why nothing may be changed, empty where it may."""
        self._link.mark(marks.STATE)
        rats = {one.rat for one in self._tried}
        for one in self._locking.free:
            if one.rats and not rats & set(one.rats):
                continue
            answer = self._link.ask(one.item.read, deadline_s=self._until(ASK_S))
            found = one.item.value_in(answer)
            if found is None and one.optional and is_refusal(answer):
                continue
            if found is None or not one.is_free(found):
                return f"{one.item.words} {'cannot be read' if found is None else f'reads {found}'}: nothing is changed"
        for item in self._items.values():
            self._before[item.name] = self._read(item)
        for lock in self._locks:
            beside = lock.beside_names(self._before)
            for name in (self._locking.radio.name, *beside, *lock.item.couples, lock.item.name):
                item = self._items[name]
                if why := item.refusal(self._before[name]):
                    return f"{why}: nothing is changed"
        return ""

    def _open_journal(self, *, kept: bool = False) -> Journal:
        answer = self._link.ask(IDENTITY, deadline_s=self._until(ASK_S))
        imei = _IMEI.search(answer.text) if answer is not None else None
        if imei is None:
            raise CommandRefused("the modem does not tell its IMEI, so it could not be found again to be put back")
        journal = self._journal_of(device_key("at", imei[0]), kept=kept)
        for hold in self._order.holds:
            journal.hold(*hold)
        self._channel = self._gated(self._order.opened_by, *self._items.values(), within=self._within)
        return journal

    @property
    def _tried(self) -> list[PlannedBand]:
        return [one for one in self._order.bands if one.plan == "tried"]

    @property
    def _locks(self) -> list[BandLock]:
        rats = dict.fromkeys(one.rat for one in self._tried)
        return [lock for rat in rats if (lock := self._locking.lock_of(rat)) is not None]

    @property
    def _registering(self) -> list[BandLock]:
        """A lock of each registration: with nothing locked a modem attaches to what it likes, not to what is tried."""
        return list({lock.registration.name: lock for lock in (*self._locking.locks, *self._locks)}.values())

    def _trials(self) -> None:
        self._report()
        self._link.mark(marks.BASELINE)
        self._radio(self._locking.off)
        self._radio(self._locking.on)
        if not self._talk.attached(self._registering, self._wait_s(max(WAIT_S[lock.rat] for lock in self._locks))):
            return
        for request in dict.fromkeys(request for lock in self._locks for request in lock.serving):
            self._talk.ask(request)
        self._ask_cause()
        scan(self._link, self._talk, self._locking, (one.rat for one in self._tried))
        # A leg needs LTE as it was found, and may need NR's other mode off: behind all others.
        for one in sorted(self._tried, key=lambda band: band.rat == EN_DC):
            if (own := self._locking.lock_of(one.rat)) is not None:
                self._trial(one, own)

    def _report(self) -> None:
        """Have it tell unasked of its registration, where it can."""
        for lock in self._locks:
            if self._before[lock.registration.name] is not None:
                with suppress(StateError, CommandRefused):
                    self._set(lock.registration, self._locking.report)

    def _trial(self, one: PlannedBand, lock: BandLock) -> None:
        """One band. An answer that is late or garbled costs this band alone."""
        wait_s = self._wait_s(WAIT_S[one.rat])
        self._link.mark(
            marks.TRIAL, one.rat, one.band, lines=[f"wait {wait_s:g} s", marks.DATA if self._order.bearer else ""]
        )
        try:
            air = self._witnesses.on(one)
            self._lock(one, lock)
            # Where nobody says that there is a cell, no time makes a verdict; an absent leg makes none at all.
            wait_s = max(wait_s, BEFORE_FAIL_S) if air.on and not lock.is_leg else wait_s
            attached = self._talk.attached([lock], wait_s)
            if not attached:
                self._read(lock.item)
                self._ask_cause()
            look(self._talk, lock)
            if attached:
                self._beyond_attach(one, lock)
            self._talk.ask(lock.registration.read)
            self._witnesses.again(one)
        except (StateError, CommandRefused, AnswerTimeout, AnswerGarbled) as error:
            self._link.mark(marks.TROUBLE, one.rat, one.band, lines=[error.message])
        finally:
            self._witnesses.off(one)

    def _beyond_attach(self, one: PlannedBand, lock: BandLock) -> None:
        """Whether data comes, where that is asked; then the leg, which may come with data alone."""
        bearer = self._order.bearer
        if bearer is not None:
            self._witnesses.data(one, bearer.wait(self._clock))
        if lock.is_leg:
            wait_for_leg(self._talk, self._link, LegReader(lock, self._family, self._modem), lock, bearer)

    def _ask_cause(self) -> None:
        """What refused it last: that of before a trial and that of behind it are told apart."""
        if self._family.on_denial:
            self._talk.ask(self._family.on_denial)

    def _lock(self, one: PlannedBand, lock: BandLock) -> None:
        """Narrow to the band, and make the modem leave whatever cell it is on."""
        value = lock.only(self._before[lock.item.name] or "", one.band)
        if value is None:
            raise StateError(f"{lock.item.words} has no place for this band")
        if self._strange(lock, value):
            raise StateError("the band was not enabled, and the device does not tell that it has it: not locked to it")
        if lock.while_off:
            self._radio(self._locking.off)
        for name, wanted in lock.beside_values(self._before).items():
            self._set(self._items[name], wanted)
        self._set(lock.item, value)
        if lock.item.restart:
            self._restart(lock.item.restart)
            self._still(lock, value)
        if not lock.while_off:
            self._radio(self._locking.off)
        self._talk.see_detach(lock)
        if lock.is_leg:
            look(self._talk, lock)
        self._radio(self._locking.on)

    def _still(self, lock: BandLock, value: str) -> None:
        """Whether everything that makes the lock reads as it was written. Raises StateError behind a restart that undid it."""
        for name, word in {**lock.beside_values(self._before), lock.item.name: value}.items():
            if (found := self._read(self._items[name])) != word:
                raise StateError(f"{self._items[name].words} reads {found or 'nothing'} after the restart, not {word}")
        self._report()

    def _restart(self, request: str) -> None:
        key = self._journal.page.device if self._journal is not None else ""
        restart(self._link, self._channel, self._locking, request, self._reopen and partial(self._reopen, key))

    def _radio(self, value: str) -> None:
        self._set(self._locking.radio, value)

    def _found_again(self) -> bool:
        """Where the device went away, the port again: the way back needs it."""
        if self._reopen is None or self._journal is None or not self._link.lost:
            return False
        try:
            self._reopen(self._journal.page.device)
        except LinkError as error:
            self._link.mark(marks.TROUBLE, lines=[error.message])
        else:
            self._link.lost = False
        return not self._link.lost

    def _after_trouble(self) -> None:
        self._found_again()

    def _look_back(self, journal: Journal) -> None:
        """Put back, let it settle, look again, attach again. What is not as before stays in the journal."""
        left = self._witnesses.back()
        self.blocked = self._put_back(journal, until_restart=True)
        with suppress(BandproofError):
            self._cycle(journal)
            wait_s = self._wait_s(max(WAIT_S[lock.rat] for lock in self._locks))
            # What it tells unasked is as before by now, which may be nothing.
            if not self._talk.attached(self._registering, wait_s, look_s=SLICE_S):
                self._link.mark(marks.TROUBLE, lines=[f"no attach in {wait_s:g} s with nothing locked any more"])
        self._settle(journal)
        if journal.page.open and not self.blocked:
            self.blocked = self._put_back(journal)
        self.blocked += left

    def _cycle(self, journal: Journal) -> None:
        """The radio off and on: lists that wait for a search are in force, and the attach behind it is a new one."""
        if self._before[self._locking.radio.name] != self._locking.on or self.blocked:
            return
        if request := next((lock.item.restart for lock in self._locks if lock.item.restart), ""):
            self._restart(request)
        self._radio(self._locking.off)
        self._radio(self._locking.on)
        self.blocked = self._put_back(journal)

    def _settle(self, journal: Journal) -> None:
        """Look again after a while; what has changed by itself is written once more."""
        self._clock.wait(self._order.settle_s)
        changed = [self._items[one.item] for one in journal.page.changes if one.state == "restored"]
        late = False
        for item in changed:
            with suppress(LinkError):
                found, before = self._read(item), self._before[item.name]
                if found is not None and found != before:
                    late = True
                    journal.note(item.name, "uncertain", f"reads {found!r} after a while", seen=found)
        if late:
            self.blocked += self._put_back(journal)
        self._link.mark(marks.AFTER)
        for item in self._items.values():
            with suppress(LinkError):
                self._link.ask(item.read, deadline_s=self._until(ASK_S))
