"""The maker's declaration for a surveyed device: the sheet that its recording names, or that its identity selects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.radio.rats import PUBLISHED

from .facts import Declared

if TYPE_CHECKING:
    from harness.carriers.edition import Bands
    from harness.carriers.sheets import SheetMatch, Sheets
    from harness.survey.survey import Survey


def declared_for(survey: Survey, sheets: Sheets) -> tuple[Declared | None, str]:
    """The declared bands, and in words why there are none. Raises UnknownName for a sheet that does not exist."""
    match = match_for(survey, sheets)
    return declared_of(match), match.reason


def match_for(survey: Survey, sheets: Sheets) -> SheetMatch:
    """The sheet and variants that the device is. Raises UnknownName for a named sheet that does not exist.

    A named sheet fills what the device does not tell; where the device tells another variant, with other bands, nothing
    is declared: the list of one variant is never lent to another.
    """
    own = sheets.match(survey.identity)
    if not survey.sheet:
        return own
    named = sheets.lookup(survey.sheet)
    if own.status == "none" or set(own.refs) & set(named.refs) or (named.bands and own.bands == named.bands):
        return named
    told = " and ".join(own.by)
    reason = f"the sheet {survey.sheet} is named, but the device says that it is {' or '.join(own.refs)} ({told})"
    return replace(named, status="ambiguous", reason=reason)


def declared_of(match: SheetMatch) -> Declared | None:
    """The bands that a match declares; None where it declares none."""
    if match.bands is None:
        return None
    parts = {(one.rat, one.band): one.ul_mhz for _, variant in match.fits for one in variant.partial_bands}
    return Declared(
        match.refs[0], _by_rat(match.bands), {(str(rat), band): part for (rat, band), part in parts.items()}
    )


def _by_rat(bands: Bands) -> dict[str, tuple[int, ...] | None]:
    return {rat: bands.of(rat) for rat in PUBLISHED}
