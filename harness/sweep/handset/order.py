"""What the sweep of one handset is to do, and by whose word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.sweep.order import CommonOrder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Rat
    from harness.trial_facts import PlanWord

HELD = "held"
"""Stands in marks and plans where a band's number stands else."""


@dataclass(frozen=True, slots=True)
class PlannedRat:
    """One technology: the handset is held to it, or why it is not."""

    rat: Rat
    plan: PlanWord = "tried"
    why: str = ""


def held_lines(planned: Iterable[PlannedRat]) -> list[str]:
    """The lines of a plan's mark, a technology each."""
    return [f"{one.rat} {HELD} {one.plan}: {one.why}".rstrip(": ") for one in planned]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetOrder(CommonOrder):
    """What is to be done. `serial` names the journal, and nothing that is kept.

    `no_cycle`: why airplane mode may not be switched, in words; empty where it may. `data`: Android's own proof is waited for.
    """

    rats: tuple[PlannedRat, ...]
    serial: str
    no_cycle: str = ""
    data: bool = False
