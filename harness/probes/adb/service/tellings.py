"""Several tellings of one serving cell made one: identities, the channel of the service state, the channel list.

Order of belief (reference: adb-reading-paths section 7): the channel of the service state, the cell identity of the
data registration, of the voice registration, of the slot, of the cell list, of the physical channel list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.radio.channels import EARFCN_MODULUS

from .cell import AdbCell

if TYPE_CHECKING:
    from harness.observations import Rat

    from .channel import Channel
    from .slots import Slot


def identities(slot: Slot) -> list[AdbCell]:
    """What the slot's registrations, service state, own identity and cell list say of the serving cell, in that order."""
    regs = [slot.reg("ps"), slot.reg("cs"), *(reg for reg in slot.regs if reg.domain is None)]
    cells = [reg.cell for reg in regs if reg and reg.cell and reg.registered is not False]
    cells += [cell for cell in (slot.service.cell if slot.service else None, slot.identity) if cell]
    listed = [cell for cell in slot.cells if cell.registered and cell.connection != 2]
    for cell in listed:
        known = [other.pci for other in cells if other.rat == cell.rat and other.pci is not None]
        if not known or cell.pci is None or cell.pci in known:
            cells.append(cell)
    return cells


def merge(rat: Rat | None, same: list[AdbCell], told: list[AdbCell]) -> AdbCell:
    """One cell of several tellings: the first that tells a field wins; physical fields only of the same channel."""
    pci = next((cell.pci for cell in same if cell.pci is not None), None)
    near = [cell for cell in same if cell.pci in (None, pci)]
    return AdbCell(
        rat,
        plmn=next((cell.plmn for cell in [*same, *told] if cell.plmn), None),
        bands=_bands_of(near),
        pci=pci,
        tac=next((cell.tac for cell in near if cell.tac is not None), None),
        width_khz=next((cell.width_khz for cell in near if cell.width_khz), None),
        registered=any(cell.registered for cell in near) or None,
        warnings=tuple(text for cell in same for text in cell.warnings),
    )


def _bands_of(cells: list[AdbCell]) -> tuple[int, ...]:
    return next((cell.bands for cell in cells if cell.bands), ())


def channels(
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
    if primary and (differ(primary.arfcn, arfcn, rat) or differ(primary.pci, pci)):
        warnings.append("the physical channels are not those of the registered cell (stale): left out")
        return None, []
    return primary, others


def differ(one: int | None, other: int | None, rat: Rat | None = None) -> bool:
    """Whether two tellings contradict; EARFCNs that are equal in 16 bits do not (`rat` given: they are channels)."""
    if one is None or other is None or one == other:
        return False
    return rat != "lte" or abs(one - other) != EARFCN_MODULUS


def one_channel(rat: Rat | None, arfcns: list[int], warnings: list[str]) -> int | None:
    """The first channel told; where another telling is the same plus 65536, that one: the first was cut to 16 bits."""
    if not arfcns:
        return None
    first = arfcns[0]
    if rat == "lte" and first + EARFCN_MODULUS in arfcns:
        warnings.append(f"EARFCN {first} is a 16-bit wrap of {first + EARFCN_MODULUS}, which the dump also names")
        return first + EARFCN_MODULUS
    if any(differ(first, other, rat) for other in arfcns):
        warnings.append(f"the dump names several channels of the serving cell, {sorted(set(arfcns))}: {first} is read")
    return first
