"""What sources of cells change, changed as everything is: items, a gate, a journal on disk before each write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import StateError
from harness.links.clock import REAL_CLOCK
from harness.state.change import change_item, read_item
from harness.state.gate import Gate, GatedChannel
from harness.state.journal import Journal
from harness.state.restore import put_back

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from harness.links.clock import Clock
    from harness.state.gate import StateChannel
    from harness.state.item import StateItem

BACK_S = 300.0
_MARGIN_S = 15.0


class Changer:
    """One instrument that is changed for a sweep. `key` names its journal, `reached` says how it is found again.

    `kind` is the channel of its items. Nothing is written to disk before the first change.
    """

    def __init__(
        self,
        channel: StateChannel,
        items: Mapping[str, StateItem],
        *,
        kind: str,
        key: str,
        words: str,
        firmware: str,
        reached: str,
        opened_by: str = "--sweep",
        journals: Path | None = None,
        clock: Clock = REAL_CLOCK,
    ) -> None:
        self.items = items
        self.words = words
        self.kind = kind
        self.key = key
        self.firmware = firmware
        self._reached = reached
        self._opened_by = opened_by
        self._journals = journals
        self._clock = clock
        self._channel = channel
        self._gated = self.gated(opened_by)
        self._journal: Journal | None = None

    def gated(self, opened_by: str) -> GatedChannel:
        """The instrument behind a gate for what can be changed of it."""
        return GatedChannel(self._channel, Gate(tuple(self.items.values()), opened_by))

    def read(self, name: str) -> str | None:
        """What an item reads now; None where it cannot be told. Raises LinkError."""
        return read_item(self._gated, self.items[name], deadline_s=self._until(_MARGIN_S), clock=self._clock)

    def set(self, name: str, value: str) -> None:
        """Set an item where it does not read so. Raises StateError, CommandRefused, LinkError."""
        if self.read(name) == value:
            return
        item = self.items[name]
        settle_s = max([item.settles_s, *(self.items[other].settles_s for other, _ in item.needs)])
        change_item(
            self._gated,
            item,
            value,
            self._opened(),
            items=self.items,
            deadline_s=self._until(settle_s + _MARGIN_S),
            clock=self._clock,
            only_other=True,
        )

    def put_back(self) -> None:
        """Everything as it was found. Raises StateError where something is not; its journal stays then."""
        journal = self._journal
        if journal is None:
            return
        try:
            results = put_back(
                journal,
                {self.kind: self._gated},
                self.items,
                firmware=self.firmware,
                deadline_s=self._until(BACK_S),
                clock=self._clock,
            )
        finally:
            self._journal = None
            journal.close()
        blocked = [f"{one.words}: {one.why}" for one in results if one.outcome == "blocked"]
        if blocked:
            raise StateError(f"{self.words} is not put back: {'; '.join(blocked)}", way_out="run `bandproof restore`")

    def _opened(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(
                self.key,
                words=self.words,
                firmware=self.firmware,
                opened_by=self._opened_by,
                folder=self._journals,
                reached=self._reached,
            )
        return self._journal

    def _until(self, seconds: float) -> float:
        return self._clock.monotonic() + seconds
