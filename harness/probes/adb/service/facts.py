"""All facts of one slot: its cells, its registrations, its NR state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import NrState, Reading

from .domains import registrations_of
from .forgery import HOLLOW, doubted
from .servicestate import IN_SERVICE
from .serving import rat_of_slot, serving_cells

if TYPE_CHECKING:
    from harness.observations import NrMode, Observation, ServingCell

    from .servicestate import DomainReg, ServiceState
    from .slots import Slot


def observe(slot: Slot) -> Reading:
    """All facts of one slot, and warnings that name it."""
    warnings = list(slot.notes)
    cells = serving_cells(slot, warnings)
    found: list[Observation] = [*cells, *registrations_of(slot)]
    mode = _nr_mode(slot, cells, warnings)
    if mode:
        found.append(NrState(slot=slot.slot, mode=mode, source=slot.source))
    reading = Reading(tuple(found), tuple(dict.fromkeys(warnings)))
    service = slot.service
    if service and service.lists_nothing and IN_SERVICE in (service.voice, service.data):
        reading = doubted(reading, [HOLLOW])
    where = "" if slot.slot is None else f"slot {slot.slot}: "
    return Reading(reading.observations, tuple(where + text for text in reading.warnings))


def _nr_mode(slot: Slot, cells: list[ServingCell], warnings: list[str]) -> NrMode | None:
    """Mode of NR. `nsa_connected` only on proof: nrState CONNECTED, nsaState 5, or an NR carrier beside the LTE one."""
    if not slot.attached:
        return None
    rat = next((cell.rat for cell in cells if cell.role == "pcell"), None) or rat_of_slot(slot)
    if rat == "nr":
        return "sa"
    if rat != "lte":
        return "none" if rat else None
    if any(cell.role == "pscell" for cell in cells):
        return "nsa_connected"
    reg = slot.reg("ps") or slot.reg("cs")
    mode = _endc_mode(reg, slot.service)
    if slot.override and slot.override.startswith("NR_") and mode != "nsa_connected":
        warnings.append(f"overrideNetwork={slot.override} hints at NR, but an icon is no proof of a connection")
        return "nsa_available" if mode in (None, "unknown") else mode
    return mode


def _endc_mode(reg: DomainReg | None, service: ServiceState | None) -> NrMode | None:
    if reg is not None:
        if reg.nr_state == "CONNECTED" or reg.nsa_state == 5:
            return "nsa_connected"
        if reg.nr_state == "NOT_RESTRICTED" or (reg.nsa_state is not None and 2 <= reg.nsa_state <= 4):
            return "nsa_available"
        if reg.endc_available is not None:
            return "nsa_available" if reg.endc_available and not reg.dcnr_restricted else "none"
        if reg.nr_state in ("NONE", "RESTRICTED"):
            return "none"
    if service and service.nr_bearer == 0:
        return "none"
    return "unknown" if reg else None
