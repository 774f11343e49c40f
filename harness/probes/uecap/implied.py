"""Which combinations rest on one statement only: none other in the capture equals them or has them as its fallback."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .account import Combination, canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def told_once(combos: Iterable[Combination], sure: Iterable[Combination]) -> tuple[int, ...]:
    """Indexes into `combos` of those that `sure` holds at most once and that no other of `sure` implies."""
    count: dict[Combination, int] = {}
    implied: set[Combination] = set()
    for combo in sure:
        key = canonical(combo)
        count[key] = count.get(key, 0) + 1
        implied.update(fallbacks(key))
    return tuple(
        place
        for place, combo in enumerate(combos)
        if count.get(canonical(combo), 0) < 2 and canonical(combo) not in implied
    )


def fallbacks(combo: Combination) -> Iterator[Combination]:
    """The next smaller combinations (TS 36.306 clause 4.3.5.2: a carrier released): a component, or its uplink, less."""
    for place, part in enumerate(combo):
        rest = combo[:place] + combo[place + 1 :]
        if rest and any(other.ul_class for other in rest):
            yield rest
        if part.ul_class and part.dl_class and any(other.ul_class for other in rest):
            yield canonical((*rest, replace(part, ul_class=None)))
