"""What one answer of a handset tells of one SIM slot: whether it is registered for data, by what, and on which cell. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from harness.observations import NrState, Registration, ServingCell
from harness.probes.adb import read_answer
from harness.probes.adb.plan import CONNECTIVITY, REGISTRY
from harness.probes.adb.validated import PROBES
from harness.sweep.states import REGISTERED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Observation, Rat
    from harness.recording.exchange import Exchange

__all__ = ["CONNECTIVITY", "PROBES", "REGISTRY", "SlotLook", "look_at", "registered_slots"]

_OFF: Final = frozenset({"not_registered", "searching", "denied", "emergency"})


@dataclass(frozen=True, slots=True)
class SlotLook:
    """`state` empty: it is not told, or told in two ways."""

    state: Literal["on", "off", ""] = ""
    rat: Rat | None = None
    denied: bool = False
    cause: int | None = None
    cells: tuple[ServingCell, ...] = ()
    """Those that serve, the primary one and any beside it."""
    beside_nr: bool = False
    """NR serves as a second leg (EN-DC)."""

    @property
    def primary(self) -> tuple[ServingCell, ...]:
        """The primary cells that are told: one, where all of the answer agrees."""
        return tuple(one for one in self.cells if one.role == "pcell" and one.rat is not None)


def look_at(exchange: Exchange | None, slot: int) -> SlotLook:
    """What an answer of the registry tells of a slot; nothing where it was cut or is something else."""
    if exchange is None or exchange.error is not None or exchange.request != REGISTRY:
        return SlotLook()
    told = [one for one in read_answer(exchange.text, REGISTRY, pasted=False).observations if _is_of(one, slot)]
    packet = [one for one in told if isinstance(one, Registration) and one.domain != "cs"]
    states = {one.state for one in packet}
    on, off = bool(states) and states <= REGISTERED, bool(states) and states <= _OFF
    rats = {one.rat for one in packet if one.state in REGISTERED}
    cells = tuple(one for one in told if isinstance(one, ServingCell) and one.registered is not False)
    return SlotLook(
        state="on" if on else "off" if off else "",
        rat=rats.pop() if len(rats) == 1 else None,
        denied="denied" in states,
        cause=next((one.cause for one in packet if one.cause), None),
        cells=cells,
        beside_nr=any(one.role == "pscell" and one.rat == "nr" and one.active is not False for one in cells)
        or any(one.mode == "nsa_connected" for one in told if isinstance(one, NrState)),
    )


def registered_slots(exchange: Exchange | None, slots: Iterable[int]) -> list[int]:
    """Of these slots those that are registered for data."""
    return [slot for slot in slots if look_at(exchange, slot).state == "on"]


def _is_of(one: Observation, slot: int) -> bool:
    """Whether a fact is of a slot; what names none is of the only one there is."""
    named = getattr(one, "slot", None)
    return named == slot or (named is None and slot == 0)
