"""Where the device is served: which registration counts, which cell's band stands fast, on which cells it is attached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Service, ServingCell
from harness.radio.carrier_places import why_impossible
from harness.radio.channels import EARFCN_MODULUS, lte_band_of
from harness.radio.rats import E_UTRA, NR
from harness.radio.tables import lte_bands

from .slot import same_slot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.observations import Registration
    from harness.survey.survey import Survey

_NARROWEST_LTE_MHZ = 1.4
_IN_SERVICE = frozenset({"home", "roaming"})


def in_service(survey: Survey, slot: int | None, *, data: bool = False, cell: ServingCell | None = None) -> bool:
    """Whether a registration of the slot says that the device is in service; with `data`, not only for voice or SMS.

    With `cell`, only registrations that can be those of its technology: a 5G core is another network than EPS.
    """
    told = [item for item in survey.registrations if same_slot(item.slot, slot)]
    if data:
        told = [item for item in told if item.domain != "cs" and not for_sms_alone(survey, item)]
    if cell is not None:
        told = [item for item in told if item.domain not in _strange_domains(cell, told)]
    if disputed(told):
        return False
    # What names the slot beats what names none.
    named = [item for item in told if item.slot is not None and item.slot == slot]
    return any(item.state in _IN_SERVICE for item in named or told)


def for_sms_alone(survey: Survey, item: Registration) -> bool:
    """Whether the domain is told to serve SMS alone (TS 27.007 <stat> 6 and 7), which is no registration for data."""
    name = f"{item.domain}_services"
    return any(
        one.name == name and one.state == "sms" and same_slot(one.slot, item.slot) for one in survey.all(Service)
    )


def may_be_of(cell: ServingCell, domain: str | None) -> bool:
    """Whether a registration of the domain can be that of a primary cell: EPS serves by LTE, 5GS by NR, others by any."""
    return not ((cell.rat in E_UTRA and domain == "5gs") or (cell.rat in NR and domain == "eps"))


def _strange_domains(cell: ServingCell, told: Sequence[Registration]) -> frozenset[str]:
    """The domains that say nothing of a primary cell, where the device tells the state of the cell's own."""
    if cell.role != "pcell":
        return frozenset()
    own, other = ("eps", "5gs") if cell.rat in E_UTRA else ("5gs", "eps") if cell.rat in NR else ("", "")
    return frozenset({other} if any(item.domain == own and item.state != "unknown" for item in told) else ())


def disputed(items: Sequence[Registration]) -> bool:
    """Whether of one domain it is told that the device is registered and that it is not.

    What names no slot may be any. What names no domain and denies denies all; what names none and is registered is so in
    some domain: one that is out beside another that is in does not contradict it, as CS where data alone is served.
    """
    return any(
        item.state in _IN_SERVICE
        and other.state not in {*_IN_SERVICE, "unknown"}
        and same_slot(other.slot, item.slot)
        and (other.domain in {item.domain, None} or (item.domain is None and not _is_in_a_domain(item.slot, items)))
        for item in items
        for other in items
    )


def _is_in_a_domain(slot: int | None, items: Sequence[Registration]) -> bool:
    """Whether a registration that names its domain is in service."""
    return any(one.state in _IN_SERVICE and one.domain is not None and same_slot(one.slot, slot) for one in items)


def wrap_twin(cell: ServingCell) -> int | None:
    """The band that the cell's EARFCN means if it was stored in 16 bits, where nothing beside the EARFCN tells.

    None where the device names the band, where no band has the longer number, and where the band is downlink-only or
    narrower than an LTE carrier: it could not serve.
    """
    if cell.rat != "lte" or cell.arfcn is None or cell.band_source != "arfcn":
        return None
    number = lte_band_of(cell.arfcn + EARFCN_MODULUS)
    row = lte_bands().get(number) if number is not None else None
    if row is None or row.ul_mhz is None or row.ul_mhz[1] - row.ul_mhz[0] < _NARROWEST_LTE_MHZ:
        return None
    return number


def band_is_certain(cell: ServingCell) -> bool:
    """Whether the cell's band stands fast: on LTE by its EARFCN (TS 36.101), which the device's own word cannot replace."""
    if cell.band is None or cell.band_source == "conflict":
        return False
    return cell.rat not in E_UTRA or cell.band_source in {"both", "arfcn"}


def impossible(cell: ServingCell) -> str:
    """Why the cell cannot be as it is told (TS 36.101, 38.101-1), in words; empty where it can."""
    if cell.band is None or cell.rat is None or cell.rat not in {"lte", *NR}:
        return ""
    return why_impossible(cell.rat, cell.band, cell.arfcn, cell.bandwidth_khz, primary=cell.role != "scell")


def attached(survey: Survey) -> tuple[ServingCell, ...]:
    """Cells on which the device is surely served, on a band that stands fast; conflicts and bare camping do not count.

    A modem prints its last cell also without a SIM, and a handset one that it only camps on: a registration must say
    that the device is in service.
    """
    return tuple(cell for cell in survey.all(ServingCell) if _serves(survey, cell))


def _serves(survey: Survey, cell: ServingCell) -> bool:
    return (
        cell.rat is not None
        and band_is_certain(cell)
        and not impossible(cell)
        and cell.active is not False
        and cell.registered is not False
        and in_service(survey, cell.slot, cell=cell)
    )
