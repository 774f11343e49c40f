"""Serving cells of one slot: the primary one, the secondary ones of its channel list, the cell that it camps on.

The band follows from the channel; what the device names itself is held against it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.observations import ServingCell, Source
from harness.radio.channels import EARFCN_MODULUS, lte_band_of

from .bands import Resolved, resolve, width_of
from .cell import LTE_EARFCN_MAX, AdbCell, valid_arfcn, valid_width
from .servicestate import POWER_OFF
from .tellings import channels, differ, identities, merge, one_channel

if TYPE_CHECKING:
    from harness.observations import Rat, Role

    from .channel import Channel
    from .slots import Slot


def rat_of_slot(slot: Slot) -> Rat | None:
    """RAT of the data registration, else of voice: only of a domain that is not known to be out of service."""
    service = slot.service
    for domain, word in (("ps", service.data_rat if service else None), ("cs", service.voice_rat if service else None)):
        if slot.has_service("ps" if domain == "ps" else "cs") is False:
            continue
        reg = slot.reg("ps" if domain == "ps" else "cs")
        rat = reg.rat if reg and reg.rat else word
        if rat:
            return rat
    if service and service.data_over_wifi:
        return service.voice_rat
    # Only an NR-ARFCN is that large (TS 36.101 clause 5.7.3, TS 38.104 clause 5.4.2.1).
    return "nr" if service and service.channel and service.channel > LTE_EARFCN_MAX else None


def serving_cells(slot: Slot, warnings: list[str]) -> list[ServingCell]:
    """The primary cell of a slot and its secondary ones; of a slot without service the cell that it camps on."""
    attached = slot.attached
    if attached is False:
        return _camped(slot, warnings)
    return _only_cells(slot, warnings) if _is_cell_list(slot) else _serving(slot, attached, warnings)


def _is_cell_list(slot: Slot) -> bool:
    return slot.service is None and not slot.regs and slot.identity is None and not slot.channels


def _serving(slot: Slot, attached: bool | None, warnings: list[str]) -> list[ServingCell]:
    rat = rat_of_slot(slot)
    told = [cell for cell in identities(slot) if rat is None or cell.rat == rat]
    rat = rat or (told[0].rat if told else None)
    told = [cell for cell in told if cell.rat == rat]
    number = valid_arfcn(rat, slot.service.channel if slot.service else None)
    arfcns = [n for n in (number, *(cell.arfcn for cell in told)) if n is not None]
    arfcn = one_channel(rat, arfcns, warnings)
    same = [cell for cell in told if not differ(cell.arfcn, arfcn, rat)]
    base = merge(rat, same, told)
    warnings += base.warnings
    primary, others = channels(slot, rat, arfcn, base.pci, warnings)
    if not (slot.service or slot.regs or told or primary or others) or (attached is None and not (told or primary)):
        return []
    if rat is None and primary is None and arfcn is None and not others:
        return []
    if primary and primary.arfcn and arfcn:
        arfcn = one_channel(rat, [arfcn, primary.arfcn], warnings)
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


def _pcell(
    slot: Slot,
    *,
    rat: Rat | None,
    attached: bool | None,
    base: AdbCell,
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
        bandwidth_khz=next((khz for width in widths if (khz := _width(rat, band, width, warnings))), None),
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
                bandwidth_khz=_width(rat, band, channel.width_khz, warnings),
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
        out.append(_of_cell(slot, cell, "pscell" if cell.connection == 2 else "pcell", warnings, registered=True))
    return out


def _camped(slot: Slot, warnings: list[str]) -> list[ServingCell]:
    """The cell of a registration that is none: limited service. A switched-off radio's cell is an old one."""
    if POWER_OFF in (slot.level("cs"), slot.level("ps")):
        return []
    channel = slot.service.channel if slot.service else None
    for reg in (slot.reg("cs"), slot.reg("ps")):
        cell = reg.cell if reg else None
        if cell is None or cell.arfcn is None or differ(valid_arfcn(cell.rat, channel), cell.arfcn, cell.rat):
            continue
        return [_of_cell(slot, replace(cell, plmn=None), "pcell", warnings, registered=False)]
    return []


def _of_cell(slot: Slot, cell: AdbCell, role: Role, warnings: list[str], *, registered: bool) -> ServingCell:
    band = resolve(cell.rat, cell.arfcn, cell.bands)
    warnings += (*cell.warnings, *band.warnings)
    return ServingCell(
        slot=slot.slot,
        role=role,
        rat=cell.rat,
        registered=registered,
        plmn=cell.plmn,
        arfcn=cell.arfcn,
        band=band.band,
        band_candidates=band.candidates,
        band_reported=band.reported,
        pci=cell.pci,
        tac=cell.tac,
        bandwidth_khz=_width(cell.rat, band, cell.width_khz, warnings),
        band_source=band.source,
        source=slot.source,
    )


def _width(rat: Rat | None, band: Resolved, khz: int | None, warnings: list[str]) -> int | None:
    return width_of(rat, (band.band, *(band.candidates or ()), band.reported), khz, warnings)
