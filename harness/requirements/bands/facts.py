"""What a survey and a device sheet say together of one band: has it, has it not, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.binding.unread import unread
from harness.observations import Grade, Sim, Source
from harness.radio.rats import published, same_rat
from harness.radio.tables import band_label

from .layers import OPEN, BandFact, measured_fact
from .modes import in_mode, untold

if TYPE_CHECKING:
    from harness.binding.binding import Binding
    from harness.survey.survey import Survey


UNVERIFIED = "D"
"""The confidence of a sheet that was written from memory: it decides nothing."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What the maker declares of this device: bands by RAT (None = not published), and which sheet says so."""

    sheet: str
    bands: dict[str, tuple[int, ...] | None]
    parts: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    """Of bands that the hardware has in part only (RAT, band): that part, as its uplink in MHz."""
    confidence: str = "B"
    """Of the sheet: A the maker's own page, B published lists, C one of them, D from memory and unverified."""
    sources: tuple[str, ...] = ()
    """Where the sheet has its lists from."""
    own: bool = False
    """It is the laboratory's own sheet, that the bench names: the customer's word, not a published one."""
    notes: tuple[str, ...] = ()
    """What the sheet says beside the bands; for people."""

    @property
    def words(self) -> str:
        """`xiaomi/mi-6#global (confidence B; source: … and 2 more)`: what stands wherever a list is called declared."""
        doubt = ", from memory, unverified" if self.confidence == UNVERIFIED else ""
        more = f" and {len(self.sources) - 1} more" if len(self.sources) > 1 else ""
        source = f"; source: {self.sources[0]}{more}" if self.sources else ""
        return f"{self.sheet} (confidence {self.confidence}{doubt}{source})"


def band_fact(
    survey: Survey, binding: Binding, declared: Declared | None, rat: str, band: int, *, own_sim: bool
) -> BandFact:
    """What is known of one band. Measured beats observed beats declared; equals that disagree decide nothing.

    `own_sim` says whether the SIM is the carrier's that asks: only then does the modem's carrier policy concern it.
    A modem names a band by its number, so that it has a part of it only is told by its maker alone.
    """
    fact = _band_fact(survey, binding, declared, rat, band, own_sim=own_sim)
    part = declared.parts.get((published(rat), band)) if declared and fact.has else None
    return replace(fact, part=part) if part else fact


def _band_fact(
    survey: Survey, binding: Binding, declared: Declared | None, rat: str, band: int, *, own_sim: bool
) -> BandFact:
    label = band_label(rat, band)
    seen = tuple(cell.source or Source() for cell in binding.attached_on(rat, band))
    measured = in_mode(survey, rat, band, label, measured_fact(survey, rat, band, label, own_sim=own_sim))
    if measured is not None:
        if measured.has is False and seen:
            why = f"{measured.why}, and yet the device is attached on it"
            return BandFact(band, None, "contradicted", why, None, measured.evidence + seen)
        if measured.has is None and seen and measured.because in OPEN:
            return BandFact(band, True, "seen", f"{label} seen in use (attached)", Grade.OBSERVED, seen)
        return _under_sim(survey, binding, rat, measured, own_sim=own_sim)
    listed = declared.bands.get(published(rat)) if declared else None
    if seen:
        note = ""
        if declared and listed is not None and band not in listed:
            note = f"the sheet {declared.sheet} does not list it"
        return BandFact(band, True, "seen", f"{label} seen in use (attached)", Grade.OBSERVED, seen, note)
    if survey.refused:
        return BandFact(band, None, "refused", f"{label}: {survey.refused}")
    if declared is None or listed is None:
        return BandFact(band, None, "untold", f"{label}: no source tells the supported bands")
    if survey.trouble or (survey.kind == "modem" and survey.dialect is None):
        why = "was lost before it was asked" if survey.trouble else "speaks no dialect known here, so it was not asked"
        why = f"{label}: the {survey.kind or 'device'} {why}; {declared.sheet} cannot stand in for its answer"
        return BandFact(band, None, "not_asked", why)
    word = "declared" if band in listed else "not declared"
    why = f"{label} {word} ({declared.sheet}, confidence {declared.confidence})"
    if declared.confidence == UNVERIFIED:
        return BandFact(band, None, "unverified", f"{why}: from memory, unverified")
    return BandFact(band, band in listed, "sheet", why, Grade.DECLARED, note=untold(rat) if band in listed else "")


def _under_sim(survey: Survey, binding: Binding, rat: str, found: BandFact, *, own_sim: bool) -> BandFact:
    """A band that a carrier policy leaves is left under the SIM that is in: another carrier's says little of this one's.

    Only of an empty slot it is known that none is: a SIM that nobody told of may be anybody's.
    """
    if own_sim or not found.has or (survey.all(Sim) and not binding.sims.present):
        return found
    if not any(one.layer == "policy" and same_rat(rat, one.rat) for one in survey.supported):
        return found
    remark = "the modem's carrier policy was read without a SIM of this carrier that is ready"
    return replace(found, note="; ".join(filter(None, (found.note, remark))))


def enabled_note(survey: Survey, rat: str, band: int) -> str:
    """A remark where the band is supported but not configured now, or the answer that tells it was lost; else empty."""
    told = [item for item in survey.enabled if same_rat(rat, item.rat)]
    lists = [item for item in told if item.bands is not None]
    if lists and not any(band in (item.bands or ()) for item in lists):
        return f"{band_label(rat, band)} is not enabled now"
    if not told and unread(survey, "enabled", rat):
        return f"whether {band_label(rat, band)} is enabled now could not be read"
    return ""
