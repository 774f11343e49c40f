"""What a survey and a device sheet say together of one band: has it, has it not, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.observations import Grade, ServingCell, Source
from harness.radio.channels import EARFCN_MODULUS, lte_band_of
from harness.radio.tables import band_label, lte_bands

from .layers import NR_WORDS, SILENT, BandFact, measured_fact, same_rat, unread

if TYPE_CHECKING:
    from harness.carriers.edition import BandRule
    from harness.survey.survey import Survey

__all__ = [
    "NR_WORDS",
    "BandFact",
    "Declared",
    "band_fact",
    "band_is_certain",
    "enabled_note",
    "fact_for",
    "in_service",
    "wrap_twin",
]

_NARROWEST_LTE_MHZ = 1.4


@dataclass(frozen=True, slots=True)
class Declared:
    """What the maker declares of this device: bands by RAT (None = not published), and which sheet says so."""

    sheet: str
    bands: dict[str, tuple[int, ...] | None]
    parts: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    """Of bands that the hardware has in part only (RAT, band): that part, as its uplink in MHz."""


def band_fact(survey: Survey, declared: Declared | None, rat: str, band: int, *, own_sim: bool = True) -> BandFact:
    """What is known of one band. Measured beats observed beats declared; equals that disagree decide nothing.

    `own_sim` says whether the SIM is the carrier's that asks: only then does the modem's carrier policy concern it.
    A modem names a band by its number, so that it has a part of it only is told by its maker alone.
    """
    fact = _band_fact(survey, declared, rat, band, own_sim=own_sim)
    part = declared.parts.get((_sheet_rat(rat), band)) if declared and fact.has else None
    return replace(fact, part=part) if part else fact


def fact_for(fact: BandFact, rule: BandRule) -> BandFact:
    """The fact as the rule needs it: hardware with a part of the band serves where the carrier's part lies in it."""
    if not fact.has or fact.part is None:
        return fact
    served = rule.served_by_part(fact.part)
    if served:
        return fact
    only = f"{fact.why}, but of its uplink only {fact.part[0]:g} to {fact.part[1]:g} MHz"
    if served is None:
        return replace(fact, has=None, grade=None, why=f"{only}: whether the carrier's cells lie in it is not known")
    low, high = rule.ul_mhz or fact.part
    grade = min(fact.grade, Grade.DECLARED) if fact.grade is not None else None
    return replace(fact, has=False, grade=grade, why=f"{only}, and the carrier uses {low:g} to {high:g} MHz")


def _band_fact(survey: Survey, declared: Declared | None, rat: str, band: int, *, own_sim: bool) -> BandFact:
    label = band_label(rat, band)
    seen = _attached_on(survey, rat, band)
    measured = measured_fact(survey, rat, band, label, own_sim=own_sim)
    if measured is not None:
        if measured.has is False and seen:
            why = f"{measured.why}, and yet the device is attached on it"
            return BandFact(band, None, why, None, measured.evidence + seen)
        if measured.has is None and seen and measured.why.endswith(SILENT):
            return BandFact(band, True, f"{label} seen in use (attached)", Grade.OBSERVED, seen)
        return measured
    listed = declared.bands.get(_sheet_rat(rat)) if declared else None
    if seen:
        note = ""
        if declared and listed is not None and band not in listed:
            note = f"the sheet {declared.sheet} does not list it"
        return BandFact(band, True, f"{label} seen in use (attached)", Grade.OBSERVED, seen, note)
    if survey.refused:
        return BandFact(band, None, f"{label}: {survey.refused}")
    if declared is None or listed is None:
        return BandFact(band, None, f"{label}: no source tells the supported bands")
    if survey.kind == "modem" and (survey.dialect is None or survey.trouble):
        why = "was lost before it was asked" if survey.trouble else "speaks no dialect known here, so it was not asked"
        return BandFact(band, None, f"{label}: the modem {why}; {declared.sheet} cannot stand in for its answer")
    word = "declared" if band in listed else "not declared"
    return BandFact(band, band in listed, f"{label} {word} ({declared.sheet})", Grade.DECLARED)


def _sheet_rat(rat: str) -> str:
    return "nr" if rat in NR_WORDS else "lte" if rat in {"lte", "lte_m", "nb_iot"} else rat


def in_service(survey: Survey, slot: int | None, *, data: bool = False) -> bool:
    """Whether a registration of the slot says that the device is in service; with `data`, not only for voice."""
    return any(
        item.state in {"home", "roaming"} and (item.slot == slot or None in (item.slot, slot))
        for item in survey.registrations
        if not (data and item.domain == "cs")
    )


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
    return cell.rat not in {"lte", "lte_m", "nb_iot"} or cell.band_source in {"both", "arfcn"}


def attached_cells(survey: Survey) -> tuple[ServingCell, ...]:
    """Cells on which the device is served, on a band that stands fast; conflicts and bare camping do not count.

    A modem prints its last cell also without a SIM, and a handset one that it only camps on: a registration must say
    that the device is in service.
    """
    return tuple(
        cell
        for cell in survey.all(ServingCell)
        if cell.rat
        and band_is_certain(cell)
        and wrap_twin(cell) is None
        and cell.active is not False
        and cell.registered is not False
        and in_service(survey, cell.slot)
    )


def _attached_on(survey: Survey, rat: str, band: int) -> tuple[Source, ...]:
    """Sources of cells on which the device is served on this band."""
    return tuple(
        cell.source or Source()
        for cell in attached_cells(survey)
        if cell.rat and cell.band == band and same_rat(rat, cell.rat)
    )


def enabled_note(survey: Survey, rat: str, band: int) -> str:
    """A remark where the band is supported but not configured now, or the answer that tells it was lost; else empty."""
    told = [item for item in survey.enabled if same_rat(rat, item.rat)]
    lists = [item for item in told if item.bands is not None]
    if lists and not any(band in (item.bands or ()) for item in lists):
        return f"{band_label(rat, band)} is not enabled now"
    if not told and unread(survey, "enabled", rat):
        return f"whether {band_label(rat, band)} is enabled now could not be read"
    return ""
