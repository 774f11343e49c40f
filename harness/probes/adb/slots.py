"""What a dump tells of one SIM slot -> observations: serving cells, registrations, NR state.

Order of belief for the primary carrier (reference: adb-reading-paths section 7): the channel of the service state,
the cell identity of the data registration, of the voice registration, of the slot, of the cell list, of the physical
channel list. The band follows from the channel; what the device names itself is held against it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from harness.observations import NrState, Reading, Registration, ServingCell, Source
from harness.radio.channels import EARFCN_MODULUS, lte_band_of

from .bands import resolve
from .cell import Cell, valid_arfcn, valid_width
from .servicestate import EMERGENCY_ONLY, IN_SERVICE, OUT_OF_SERVICE, POWER_OFF, DomainReg, ServiceState

if TYPE_CHECKING:
    from harness.observations import NrMode, Observation, Rat, RegistrationState

    from .channel import Channel


@dataclass
class Slot:
    """The current state of one slot, gathered while reading. `slot` None: the text does not say which."""

    slot: int | None = None
    line: int | None = None
    service: ServiceState | None = None
    regs: tuple[DomainReg, ...] = ()
    identity: Cell | None = None
    cells: list[Cell] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    channel_line: int | None = None
    override: str | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was gathered."""
        return not (self.service or self.regs or self.identity or self.cells or self.channels)

    def reg(self, domain: Literal["cs", "ps"]) -> DomainReg | None:
        """The registration of a domain over the cellular transport."""
        for reg in self.regs:
            if reg.domain == domain:
                return reg
        return None

    @property
    def source(self) -> Source | None:
        """Where its state stands: the line that began it."""
        return Source(line=self.line) if self.line else None


def observe(slot: Slot) -> Reading:
    """All facts of one slot."""
    warnings: list[str] = []
    found: list[Observation] = list(_registrations(slot))
    attached = _attached(slot)
    cells: list[ServingCell] = []
    if attached is not False:
        cells = _only_cells(slot, warnings) if _is_cell_list(slot) else _serving(slot, attached, warnings)
    found = [*cells, *found]
    mode = _nr_mode(slot, attached, cells, warnings)
    if mode:
        found.append(NrState(slot=slot.slot, mode=mode, source=slot.source))
    where = "" if slot.slot is None else f"slot {slot.slot}: "
    return Reading(tuple(found), tuple(where + text for text in dict.fromkeys(warnings)))


def _is_cell_list(slot: Slot) -> bool:
    return slot.service is None and not slot.regs and slot.identity is None and not slot.channels


# Registration


def _domain_ok(slot: Slot, domain: Literal["cs", "ps"]) -> bool | None:
    """Whether a domain has service over a cell. The RegState of data also counts Wi-Fi: registrations come first."""
    reg = slot.reg(domain)
    if reg is not None and reg.registered is not None:
        return reg.registered
    service = slot.service
    state = (service.voice if domain == "cs" else service.data) if service else None
    if state is None or service is None:
        return None
    if domain == "ps" and service.data_over_wifi:
        return None
    return state == IN_SERVICE


def _attached(slot: Slot) -> bool | None:
    service = slot.service
    if service and service.voice is not None and service.data is not None and service.voice and service.data:
        return False
    oks = [_domain_ok(slot, "cs"), _domain_ok(slot, "ps")]
    if True in oks:
        return True
    known = [reg.registered for reg in slot.regs if reg.registered is not None]
    if oks == [False, False] or (known and not any(known) and True not in oks):
        return False
    return None


def _registrations(slot: Slot) -> list[Registration]:
    out = []
    domains: tuple[Literal["cs", "ps"], ...] = ("cs", "ps")
    for domain in domains:
        reg = slot.reg(domain)
        if reg is None and any(other.domain and other.state for other in slot.regs) and not _in_service(slot, domain):
            continue  # a list that was cut: the other domain's entry is all that is left of it
        fact = _from_reg(slot, reg) if reg and reg.state else _from_reg_state(slot, domain)
        if fact:
            out.append(fact)
    return out


def _in_service(slot: Slot, domain: str) -> bool:
    return slot.service is not None and (slot.service.voice if domain == "cs" else slot.service.data) == IN_SERVICE


def _from_reg(slot: Slot, reg: DomainReg) -> Registration | None:
    state = reg.state
    service = slot.service
    level = None if service is None else service.voice if reg.domain == "cs" else service.data
    if state == "unknown" and level in (OUT_OF_SERVICE, EMERGENCY_ONLY, POWER_OFF):
        state = "not_registered"
    if state == "not_registered" and (level == EMERGENCY_ONLY or (service and service.emergency_only)):
        state = "emergency"
    if state is None:
        return None
    up = state in ("home", "roaming")
    return Registration(
        slot=slot.slot,
        domain=reg.domain,
        state=state,
        rat=reg.rat,
        plmn=reg.plmn if up else None,
        cause=reg.cause,
        source=slot.source,
    )


def _from_reg_state(slot: Slot, domain: Literal["cs", "ps"]) -> Registration | None:
    service = slot.service
    level = (service.voice if domain == "cs" else service.data) if service else None
    if service is None or level is None or (domain == "ps" and service.data_over_wifi):
        return None
    roaming = service.voice_roaming if domain == "cs" else service.data_roaming
    state: RegistrationState
    if level == IN_SERVICE:
        state = "unknown" if roaming is None else "roaming" if roaming else "home"
    elif level == EMERGENCY_ONLY or (service.emergency_only and level == OUT_OF_SERVICE):
        state = "emergency"
    else:
        state = "not_registered"
    rat = service.voice_rat if domain == "cs" else service.data_rat
    up = level == IN_SERVICE
    return Registration(
        slot=slot.slot,
        domain=domain,
        state=state,
        rat=rat if up else None,
        plmn=service.plmn if up else None,
        source=slot.source,
    )


# Serving cells


def _rat(slot: Slot) -> Rat | None:
    """RAT of the data registration, else of voice: only of a domain that is not known to be out of service."""
    service = slot.service
    for domain, word in (("ps", service.data_rat if service else None), ("cs", service.voice_rat if service else None)):
        if _domain_ok(slot, "ps" if domain == "ps" else "cs") is False:
            continue
        reg = slot.reg("ps" if domain == "ps" else "cs")
        rat = reg.rat if reg and reg.rat else word
        if rat:
            return rat
    if service and service.data_over_wifi:
        return service.voice_rat
    return None


def _serving(slot: Slot, attached: bool | None, warnings: list[str]) -> list[ServingCell]:
    rat = _rat(slot)
    told = [cell for cell in _identities(slot) if rat is None or cell.rat == rat]
    rat = rat or (told[0].rat if told else None)
    told = [cell for cell in told if cell.rat == rat]
    number = valid_arfcn(rat, slot.service.channel if slot.service else None)
    arfcns = [n for n in (number, *(cell.arfcn for cell in told)) if n is not None]
    arfcn = _one_channel(rat, arfcns, warnings)
    same = [cell for cell in told if not _differ(cell.arfcn, arfcn, rat)]
    base = _merge(rat, same, told)
    warnings += base.warnings
    primary, others = _channels(slot, rat, arfcn, base.pci, warnings)
    if not (slot.service or slot.regs or told or primary or others) or (attached is None and not (told or primary)):
        return []
    if rat is None and primary is None and arfcn is None and not others:
        return []
    if primary and primary.arfcn and arfcn:
        arfcn = _one_channel(rat, [arfcn, primary.arfcn], warnings)
    torn = rat == "lte" and len({lte_band_of(n) for n in set(arfcns) if n + EARFCN_MODULUS not in arfcns}) > 1
    # An entry without the RAT is the anchor's: the framework lists the primary carrier of the registered RAT.
    rat = rat or (primary.rat if primary else None)
    pcell = _pcell(slot, rat=rat, attached=attached, base=base, arfcn=arfcn, primary=primary, warnings=warnings)
    if torn:
        # Channels of two bands are named for one cell: a contradiction, even where one of them fits the named band.
        pcell = replace(pcell, band_source="conflict")
    # The bare name of a cell's kind is no cell: something has to be told of it.
    told_of = (attached, primary, pcell.arfcn, pcell.band, pcell.pci, pcell.plmn, pcell.tac, pcell.registered)
    out = [pcell] if any(item is not None for item in told_of) and (rat or primary or pcell.arfcn) else []
    out += _secondaries(slot, rat, others, warnings)
    widths = slot.service.widths_khz if slot.service else ()
    if len(widths) > 1 and not others:
        warnings.append(f"{len(widths)} component carriers, the bands of the secondary ones are not told")
    return out


def _identities(slot: Slot) -> list[Cell]:
    regs = [slot.reg("ps"), slot.reg("cs"), *(reg for reg in slot.regs if reg.domain is None)]
    cells = [reg.cell for reg in regs if reg and reg.cell and reg.registered is not False]
    if slot.identity:
        cells.append(slot.identity)
    listed = [cell for cell in slot.cells if cell.registered and cell.connection != 2]
    for cell in listed:
        known = [other.pci for other in cells if other.rat == cell.rat and other.pci is not None]
        if not known or cell.pci is None or cell.pci in known:
            cells.append(cell)
    return cells


def _merge(rat: Rat | None, same: list[Cell], told: list[Cell]) -> Cell:
    """One cell of several tellings: the first that tells a field wins; physical fields only of the same channel."""
    pci = next((cell.pci for cell in same if cell.pci is not None), None)
    near = [cell for cell in same if cell.pci in (None, pci)]
    return Cell(
        rat,
        plmn=next((cell.plmn for cell in [*same, *told] if cell.plmn), None),
        bands=_bands_of(near),
        pci=pci,
        tac=next((cell.tac for cell in near if cell.tac is not None), None),
        width_khz=next((cell.width_khz for cell in near if cell.width_khz), None),
        registered=any(cell.registered for cell in near) or None,
        warnings=tuple(text for cell in same for text in cell.warnings),
    )


def _bands_of(cells: list[Cell]) -> tuple[int, ...]:
    return next((cell.bands for cell in cells if cell.bands), ())


def _channels(
    slot: Slot, rat: Rat | None, arfcn: int | None, pci: int | None, warnings: list[str]
) -> tuple[Channel | None, list[Channel]]:
    """The primary physical channel and the secondary ones; none where the list contradicts the registered cell."""
    for channel in slot.channels:
        warnings += channel.warnings
    primaries = [c for c in slot.channels if c.role == "primary"]
    if not primaries and len(slot.channels) == 1 and slot.channels[0].role is None:
        primaries = slot.channels
    others = [c for c in slot.channels if c.role == "secondary"]
    anchor = [c for c in primaries if c.rat is None or rat is None or c.rat == rat]
    if primaries and not anchor:
        warnings.append("the physical channels are of another radio technology than the registration: left out")
        return None, []
    primary = anchor[0] if anchor else None
    if rat == "lte" and primary:
        others = [*others, *(c for c in primaries if c is not primary and c.rat == "nr")]
    if primary and (_differ(primary.arfcn, arfcn, rat) or _differ(primary.pci, pci)):
        warnings.append("the physical channels are not those of the registered cell (stale): left out")
        return None, []
    return primary, others


def _differ(one: int | None, other: int | None, rat: Rat | None = None) -> bool:
    """Whether two tellings contradict; EARFCNs that are equal in 16 bits do not (`rat` given: they are channels)."""
    if one is None or other is None or one == other:
        return False
    return rat != "lte" or abs(one - other) != EARFCN_MODULUS


def _one_channel(rat: Rat | None, arfcns: list[int], warnings: list[str]) -> int | None:
    """The first channel told; where another telling is the same plus 65536, that one: the first was cut to 16 bits."""
    if not arfcns:
        return None
    first = arfcns[0]
    if rat == "lte" and first + EARFCN_MODULUS in arfcns:
        warnings.append(f"EARFCN {first} is a 16-bit wrap of {first + EARFCN_MODULUS}, which the dump also names")
        return first + EARFCN_MODULUS
    if any(_differ(first, other, rat) for other in arfcns):
        warnings.append(f"the dump names several channels of the serving cell, {sorted(set(arfcns))}: {first} is read")
    return first


def _pcell(
    slot: Slot,
    *,
    rat: Rat | None,
    attached: bool | None,
    base: Cell,
    arfcn: int | None,
    primary: Channel | None,
    warnings: list[str],
) -> ServingCell:
    service = slot.service
    if arfcn is None and primary:
        arfcn = primary.arfcn
    named = (primary.band,) if primary and primary.band else base.bands
    band = resolve(rat, arfcn, named)
    warnings += band.warnings
    widths = [primary.width_khz if primary else None, base.width_khz]
    if service and service.widths_khz:
        widths.append(valid_width(rat, service.widths_khz[0]))
    reg = slot.reg("ps") or slot.reg("cs")
    plmns = (base.plmn, reg.plmn if reg and reg.registered else None, *(r.plmn for r in slot.regs if r.registered))
    return ServingCell(
        slot=slot.slot,
        role="pcell",
        rat=rat,
        registered=attached if attached is not None else base.registered,
        plmn=next((plmn for plmn in plmns if plmn), service.plmn if service else None),
        arfcn=arfcn,
        band=band.band,
        band_candidates=band.candidates,
        band_reported=band.reported,
        pci=base.pci if base.pci is not None else primary.pci if primary else None,
        tac=base.tac,
        bandwidth_khz=next((width for width in widths if width), None),
        band_source=band.source,
        source=slot.source,
    )


def _secondaries(slot: Slot, anchor: Rat | None, others: list[Channel], warnings: list[str]) -> list[ServingCell]:
    out: list[ServingCell] = []
    for channel in others:
        rat = channel.rat or (anchor if channel.band is None else None)
        band = resolve(rat, channel.arfcn, (channel.band,) if channel.band else ())
        warnings += band.warnings
        endc = rat == "nr" and anchor == "lte" and not any(cell.role == "pscell" for cell in out)
        out.append(
            ServingCell(
                slot=slot.slot,
                role="pscell" if endc else "scell",
                rat=rat,
                arfcn=channel.arfcn,
                band=band.band,
                band_candidates=band.candidates,
                band_reported=band.reported,
                pci=channel.pci,
                bandwidth_khz=channel.width_khz,
                band_source=band.source,
                source=Source(line=slot.channel_line) if slot.channel_line else slot.source,
            )
        )
    return out


def _only_cells(slot: Slot, warnings: list[str]) -> list[ServingCell]:
    """A bare list of cells: each registered one is a primary cell, two PLMNs are two SIMs. Neighbours are none."""
    out = []
    for cell in slot.cells:
        if not cell.registered:
            continue
        if cell.connection == 2 and cell.rat != "nr":
            warnings.append("a cell with mCellConnectionStatus=2 is left out: that status is not reliable")
            continue
        warnings += cell.warnings
        band = resolve(cell.rat, cell.arfcn, cell.bands)
        warnings += band.warnings
        out.append(
            ServingCell(
                slot=slot.slot,
                role="pscell" if cell.connection == 2 else "pcell",
                rat=cell.rat,
                registered=True,
                plmn=cell.plmn,
                arfcn=cell.arfcn,
                band=band.band,
                band_candidates=band.candidates,
                band_reported=band.reported,
                pci=cell.pci,
                tac=cell.tac,
                bandwidth_khz=cell.width_khz,
                band_source=band.source,
                source=slot.source,
            )
        )
    return out


# NR


def _nr_mode(slot: Slot, attached: bool | None, cells: list[ServingCell], warnings: list[str]) -> NrMode | None:
    """Mode of NR. `nsa_connected` only on proof: nrState CONNECTED, nsaState 5, or an NR carrier beside the LTE one."""
    if not attached:
        return None
    rat = next((cell.rat for cell in cells if cell.role == "pcell"), None) or _rat(slot)
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
