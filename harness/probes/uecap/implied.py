"""Which combinations rest on one statement only: none other in the capture equals them or has them as its fallback."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from .account import Combination, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Told:
    """The combinations (in canonical order) of one account: those that may vouch for each other, and the others.

    `shaky` could be others with one wrong bit; `loose` stand in a message that lacks what would show such a bit.
    """

    sound: frozenset[Combination]
    shaky: frozenset[Combination] = frozenset()
    loose: frozenset[Combination] = frozenset()


class Count(NamedTuple):
    """How often a combination is told, itself or by one that implies it, and by how many accounts."""

    statements: int = 0
    accounts: int = 0


def counted(accounts: Iterable[Told]) -> dict[Combination, Count]:
    """The count of each combination (in its canonical order) that the accounts tell or imply."""
    out: dict[Combination, Count] = {}
    for account in accounts:
        own: dict[Combination, int] = {}
        for combo in account.sound:
            for told in (combo, *fallbacks(combo)):
                own[told] = own.get(told, 0) + 1
        for combo in account.shaky | account.loose:  # nothing is concluded from these
            own.setdefault(combo, 1)
        for told, number in own.items():
            before = out.get(told, Count())
            out[told] = Count(before.statements + number, before.accounts + 1)
    return out


@lru_cache(maxsize=8192)
def fallbacks(combo: Combination) -> frozenset[Combination]:
    """The next smaller combinations (TS 36.306 clause 4.3.5.2: a carrier released): a component, or its uplink, less."""
    out = set()
    for place, part in enumerate(combo):
        rest = combo[:place] + combo[place + 1 :]
        if rest and any(other.ul_class for other in rest):
            out.add(rest)
            if part.ul_class and part.dl_class:
                out.add(canonical((*rest, replace(part, ul_class=None))))
    return frozenset(out)
