"""What pins a device to cells, channels or one technology: a cell that it had no choice of says little of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import CellLock, Grade, NetworkMode
from harness.radio.rats import channel_word, family, label

from .slot import same_slot

if TYPE_CHECKING:
    from harness.observations import ServingCell
    from harness.survey.survey import Survey


def locks_in_force(survey: Survey) -> tuple[str, ...]:
    """Every lock that the device says to be in force, in words."""
    cells = [_cell_lock(lock) for lock in survey.all(CellLock) if lock.locked]
    modes = [words for mode in survey.all(NetworkMode) if (words := _one_technology(survey, mode))]
    return tuple(dict.fromkeys([*cells, *modes]))


def lock_on(survey: Survey, cell: ServingCell) -> str:
    """What the device was pinned by while the cell served it, in words; empty where nothing did."""
    told = [_cell_lock(lock) for lock in survey.all(CellLock) if lock.locked and _about(lock.rat, cell)]
    told += [
        words
        for mode in survey.all(NetworkMode)
        if same_slot(mode.slot, cell.slot) and (words := _one_technology(survey, mode))
    ]
    return "; ".join(dict.fromkeys(told))


def unsure_of_lock(survey: Survey, cell: ServingCell) -> str:
    """That the device's "no lock" is a word that it also gives while a lock holds, in words; else empty.

    MediaTek's `+EMMCHLCK` says 0 after a restart and the lock is in force (reference band-lock.md section 1). A lock that
    another answer tells of decides; one that a trusted answer denies is none.
    """
    told = [lock for lock in survey.all(CellLock) if _about(lock.rat, cell)]
    if not told or any(lock.trusted for lock in told):
        return ""
    return "whether it is pinned to a cell is not known: its modem says that no lock is in force also while one is"


def is_pinned(survey: Survey, cell: ServingCell) -> bool:
    """Whether a lock to cells, channels or bands was in force on the cell's technology: it had no choice of another."""
    return any(lock.locked and _about(lock.rat, cell) and not lock.contradicts(cell) for lock in survey.all(CellLock))


def _about(rat: str | None, cell: ServingCell) -> bool:
    return None in (rat, cell.rat) or family(rat) == family(cell.rat)


def _cell_lock(lock: CellLock) -> str:
    """`the modem is pinned to LTE EARFCN 5110, PCI 214`."""
    rat = lock.rat or ""
    parts = [f"{channel_word(rat)} {' '.join(map(str, lock.arfcns))}"] if lock.arfcns else []
    parts += [f"PCI {' '.join(map(str, lock.pcis))}"] if lock.pcis else []
    where = ", ".join(parts) or "cells that it does not name"
    return f"the modem is pinned to {f'{label(rat)} ' if rat else ''}{where}"


def _one_technology(survey: Survey, mode: NetworkMode) -> str:
    """That one of its technologies alone is allowed; empty where there is a choice, or nothing is told.

    What a build sets as its default is no setting, and a modem that lists one technology has no other to choose.
    """
    families = dict.fromkeys(family(rat) for rat in mode.rats or ())
    if len(families) != 1 or mode.grade <= Grade.DECLARED:
        return ""
    (only,) = families
    others = {family(one.rat) for one in survey.supported} - {only}
    return f"only {label(str(only))} is allowed on the device" if others or survey.kind == "handset" else ""
