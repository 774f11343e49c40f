"""The frame of every sweep: save, open the journal, try one after the other, and take the way back in any case."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Generic, Literal, TypeVar

from harness.errors import AnswerGarbled, AnswerTimeout, BandproofError, StateError
from harness.state.change import change_item, read_item
from harness.state.gate import Gate, GatedChannel
from harness.state.journal import Journal
from harness.state.restore import put_back

from . import marks
from .order import CommonOrder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from harness.state.item import StateItem

    from .link import SweepLink

_Order = TypeVar("_Order", bound=CommonOrder)

ASK_S = 30.0
"""How long one answer may take."""


class SweepFrame(ABC, Generic[_Order]):
    """One sweep under way, of whatever device. What goes wrong is a mark."""

    kind: ClassVar[Literal["at", "adb"]]
    back_s: ClassVar[float]
    """How long the way back may take."""

    def __init__(self, link: SweepLink, order: _Order, items: Mapping[str, StateItem]) -> None:
        self._link = link
        self._clock = link.clock
        self._order = order
        self._items = items
        self._before: dict[str, str | None] = {}
        self._journal: Journal | None = None
        self._channel: GatedChannel
        self.blocked: list[str] = []
        """What is not as before, in words."""

    def run(self) -> None:
        """All of it. What goes wrong is a mark; the way back is taken in any case."""
        try:
            if refused := self._save():
                self._link.mark(marks.TROUBLE, lines=[refused])
                return
            journal = self._open_journal()
        except BandproofError as error:
            self._link.mark(marks.TROUBLE, lines=[error.message])
            return
        try:
            self._trials()
        except BandproofError as error:
            self._link.mark(marks.TROUBLE, lines=[error.message])
            self._after_trouble()
        finally:
            self._link.quietly()
            self._back(journal)

    @abstractmethod
    def _save(self) -> str:
        """Read all that is changed or watched; why nothing may be changed, empty where it may."""

    @abstractmethod
    def _open_journal(self) -> Journal:
        """The journal of this device, and the gate open. Raises BandproofError where nothing may be changed."""

    @abstractmethod
    def _trials(self) -> None:
        """All that is tried. Raises BandproofError where it cannot go on."""

    @abstractmethod
    def _look_back(self, journal: Journal) -> None:
        """Put back, let it settle, look again; what is not as before comes into `blocked`."""

    @abstractmethod
    def _found_again(self) -> bool:
        """Where the device went away: whether it is there again."""

    def _after_trouble(self) -> None:
        """What the way back needs first."""

    def _journal_of(self, device: str, *, kept: bool = False) -> Journal:
        order = self._order
        self._journal = Journal(
            device,
            words=order.words,
            firmware=order.firmware,
            opened_by=order.opened_by,
            folder=order.journals,
            reached=order.reached,
            kept=kept,
        )
        return self._journal

    def _gated(self, opened_by: str, *items: StateItem, within: Mapping[str, Callable[[str], bool]]) -> GatedChannel:
        """The link behind a gate: without a word that opens it, only read forms pass."""
        self._link.gate = Gate(items, opened_by, within=within)
        return GatedChannel(self._link, self._link.gate)

    def _wait_s(self, usual: float) -> float:
        return self._order.wait_s or usual

    def _until(self, seconds: float) -> float:
        return self._clock.monotonic() + seconds

    def _read(self, item: StateItem) -> str | None:
        return read_item(self._channel, item, deadline_s=self._until(ASK_S), clock=self._clock)

    def _set(self, item: StateItem, value: str) -> None:
        """Set an item where it does not read so already; of a write without an answer the value tells."""
        if self._journal is None:
            raise StateError("there is no journal")
        try:
            change_item(
                self._channel,
                item,
                value,
                self._journal,
                items=self._items,
                deadline_s=self._until(ASK_S),
                clock=self._clock,
                only_other=True,
            )
        except (AnswerTimeout, AnswerGarbled):
            # Neither sent again nor taken back: what it reads decides.
            if self._read(item) != value:
                raise
            self._journal.note(item.name, "done")

    def _back(self, journal: Journal) -> None:
        """The way back. What is not as before stays in the journal."""
        self._link.mark(marks.BACK)
        try:
            self._look_back(journal)
            self._link.mark(marks.END, lines=self.blocked)
        finally:
            journal.finish()
            journal.close()

    def _put_back(self, journal: Journal, *, until_restart: bool = False) -> list[str]:
        """What is not put back, in words. A device that goes away meanwhile is waited for, once."""
        for _ in range(2):
            results = put_back(
                journal,
                {self.kind: self._channel},
                self._items,
                firmware=self._order.firmware,
                deadline_s=self._until(self.back_s),
                strike=False,
                until_restart=until_restart,
                clock=self._clock,
            )
            blocked = [f"{one.words}: {one.why}" for one in results if one.outcome == "blocked"]
            if not blocked or not self._found_again():
                break
        return blocked
