"""The maker's declaration for a surveyed device: the sheet that its recording names, or that its identity selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.binding.binding import told_without
from harness.binding.links import hold_links
from harness.observations import IdentitySign
from harness.radio.rats import PUBLISHED

from .facts import Declared

GIVEN = "C"
"""The confidence of bands that an operator gives: one list, and nobody else's."""

if TYPE_CHECKING:
    from harness.carriers.edition import Bands
    from harness.carriers.sheets import SheetMatch, Sheets
    from harness.survey.survey import Survey


def declared_for(survey: Survey, sheets: Sheets) -> tuple[Declared | None, str]:
    """The declared bands, and in words why there are none. Raises UnknownName for a sheet that does not exist."""
    return declared_by(survey, match_for(survey, sheets))


def declared_by(survey: Survey, match: SheetMatch) -> tuple[Declared | None, str]:
    """The same where it is known which sheet the device is.

    What the operator gives of this very device takes the place of a sheet.
    """
    if survey.given_bands is None:
        return declared_of(match), match.reason
    told = survey.given_bands.by_rat
    bands = {str(rat): told.get(str(rat)) for rat in PUBLISHED}
    remark = f"in place of the sheet {match.refs[0]}" if match.refs else ""
    return Declared(survey.given_bands.words, bands, confidence=GIVEN), remark


def variants_of(match: SheetMatch) -> tuple[Declared, ...]:
    """What each variant declares that the device may be; those without a published list are left out."""
    return tuple(
        Declared(f"{sheet.id}#{variant.id}", _by_rat(variant.bands), confidence=variant.confidence)
        for sheet, variant in match.fits
        if not variant.bands.unknown
    )


def match_for(survey: Survey, sheets: Sheets) -> SheetMatch:
    """The sheet and variants that the device is, by the links that are surely its own.

    Raises UnknownName for a named sheet that does not exist.
    """
    held = hold_links(survey)
    survey = told_without(survey, held.contradicted | held.unbound)
    signs = survey.all(IdentitySign)
    if survey.sheet:
        return sheets.named(survey.sheet, survey.identity, signs)
    return sheets.match(survey.identity, signs)


def declared_of(match: SheetMatch) -> Declared | None:
    """The bands that a match declares; None where it declares none."""
    if match.bands is None:
        return None
    parts = {(one.rat, one.band): one.ul_mhz for _, variant in match.fits for one in variant.partial_bands}
    return Declared(
        match.refs[0],
        _by_rat(match.bands),
        {(str(rat), band): part for (rat, band), part in parts.items()},
        max(variant.confidence for _, variant in match.fits),
        tuple(dict.fromkeys(source for _, variant in match.fits for source in variant.sources)),
        match.own,
        tuple(dict.fromkeys(note for sheet, variant in match.fits for note in (sheet.note, variant.note) if note)),
    )


def _by_rat(bands: Bands) -> dict[str, tuple[int, ...] | None]:
    return {rat: bands.of(rat) for rat in PUBLISHED}
