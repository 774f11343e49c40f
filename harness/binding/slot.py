"""Which facts are about a slot: one rule for slots that are not told."""

from __future__ import annotations

from dataclasses import dataclass


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
