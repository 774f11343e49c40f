"""The maker's declaration for a surveyed device: the sheet that its recording names, or that its identity selects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import Declared

if TYPE_CHECKING:
    from harness.carriers.model import Bands
    from harness.carriers.sheets import Sheets
    from harness.survey.model import Survey

_RATS = ("gsm", "umts", "lte", "nr")


def declared_for(survey: Survey, sheets: Sheets) -> tuple[Declared | None, str]:
    """The declared bands, and in words why there are none. Raises UnknownName for a sheet that does not exist."""
    match = sheets.lookup(survey.sheet) if survey.sheet else sheets.match(survey.identity)
    bands = match.bands
    if bands is None:
        return None, match.reason
    return Declared(match.refs[0], _by_rat(bands)), match.reason


def _by_rat(bands: Bands) -> dict[str, tuple[int, ...] | None]:
    return {rat: bands.of(rat) for rat in _RATS}
