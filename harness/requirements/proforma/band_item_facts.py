"""What may be written of one band into an ICS, and what stands for it or against it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from harness.observations import Grade
from harness.radio.rats import same_rat
from harness.radio.tables import bands_of, is_band

from .item_fact import ItemFact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import SupportedBands
    from harness.survey.survey import Survey

    from .known_bands import KnownBands

_LAST_OF_FIRST_64, _FR2 = 64, range(257, 264)


def band_item_fact(known: KnownBands, rat: str, band: int) -> ItemFact:
    """What the device told of one band, whoever's SIM is in it."""
    fact = known.fact(rat, band)
    if fact.has and fact.grade == Grade.MEASURED:
        return ItemFact(True, fact.why, fact.grade, "told", fact.evidence)
    if fact.has:
        reason = f"{fact.why}: that is no list of what is supported"
        return ItemFact(None, reason, fact.grade, "", fact.evidence, "seen")
    if fact.has is None:
        only = _other_kinds(known.survey, rat, band)
        return ItemFact(None, only or fact.why, None, "", fact.evidence)
    open_ = _why_not_closed(known.survey, rat, band)
    if open_:
        return ItemFact(None, f"{fact.why}, but {open_}", None, "", fact.evidence)
    return ItemFact(False, fact.why, Grade.MEASURED, "told", fact.evidence)


def _other_kinds(survey: Survey, rat: str, band: int) -> str:
    """A remark where the band is told for the IoT kinds of LTE only; else empty."""
    if rat != "lte" or any(item.rat == "lte" for item in survey.supported):
        return ""
    kinds = [one.rat for one in survey.supported if one.rat in {"lte_m", "nb_iot"} and band in (one.bands or ())]
    return f"told for {' and '.join(dict.fromkeys(kinds))} only" if kinds else ""


def _why_not_closed(survey: Survey, rat: str, band: int) -> str:
    """Why the lists that lack the band are no ground for FALSE; empty where one of each kind is complete."""
    lists = [one for one in survey.supported if same_rat(rat, one.rat) and one.bands is not None]
    if not is_band(rat, band):
        return "the band is in no table that lists are read by here: the modem may have it"
    for kind in dict.fromkeys(one.rat for one in lists):
        own = [one for one in lists if one.rat == kind]
        if not any(_closed(one) for one in own):
            return "no list is known to be complete (an unfiltered capability, or a family's hardware list)"
        if not any(_closed(one) and _reaches(one, rat, band) for one in own):
            return "the list names no band of that part of the numbers: whether it could is not told"
    return ""


def _closed(one: SupportedBands) -> bool:
    if one.grade < Grade.MEASURED:
        return False
    if one.layer == "hardware":
        return one.complete is not False and one.filtered_by is None
    return one.layer == "advertised" and one.complete is True


def _reaches(one: SupportedBands, rat: str, band: int) -> bool:
    """Whether the form of the list can carry the band: masks end at 64, and a modem has lists of its own for FR2."""
    if one.complete is True:
        return True
    part = _part(rat, band)
    return part == 0 or any(_part(rat, other) == part for other in one.bands or ())


@cache
def _part(rat: str, band: int) -> int:
    if rat in {"umts", "gsm"}:
        return 0
    if rat == "lte":
        return int(band > _LAST_OF_FIRST_64)
    row = bands_of("nr").get(band)
    if row is not None and row.duplex == "SUL":
        return 1
    return 2 if band in _FR2 else 0


def any_true(facts: Iterable[ItemFact]) -> ItemFact | None:
    """The first fact that is firmly TRUE."""
    return next((one for one in facts if one.value is True and one.basis == "told"), None)
