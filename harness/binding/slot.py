"""Which facts are about a slot: one rule for slots that are not told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class PlacedFact(Protocol):
    """A fact that may name its slot."""

    @property
    def slot(self) -> int | None:
        """The slot, from 0; None = not told."""


_Placed = TypeVar("_Placed", bound=PlacedFact)


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of some SIMs. A fact that names no slot may be about each of them."""

    told: frozenset[int]
    anywhere: bool = False
    """The SIMs' own slot is not told and no other SIM is in, so that a fact of any slot is theirs."""

    def hold(self, slot: int | None) -> bool:
        """Whether a fact of this slot is about the SIMs."""
        return slot is None or slot in self.told or self.anywhere


NO_SLOTS = Slots(frozenset())


def same_slot(one: int | None, other: int | None) -> bool:
    """Whether two facts can be about one slot: a slot that is not told can be any."""
    return one == other or None in (one, other)


def of_the_slots(
    items: Sequence[_Placed], slots: Slots, says: Callable[[_Placed], object]
) -> tuple[_Placed, ...] | None:
    """The facts that are about the SIMs: those that name their slot, else those that name none.

    None where both are there and `says` tells that they contradict each other: which of them is about the SIM is open.
    """
    named = tuple(item for item in items if item.slot is not None and slots.hold(item.slot))
    unnamed = tuple(item for item in items if item.slot is None)
    if not named or not unnamed:
        return named or unnamed
    if {says(item) for item in unnamed} - {says(item) for item in named}:
        return None
    return named
