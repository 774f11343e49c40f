"""Modes and options of an ICS, as they follow from bands and combinations: FDD from an FDD band, EN-DC from EN-DC."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.capability_facts import BandCombinations
from harness.observations import Grade
from harness.radio.tables import bands_of

from .band_item_facts import any_true, band_item_fact
from .item_fact import ItemFact

if TYPE_CHECKING:
    from harness.radio.ics import IcsItem
    from harness.survey.survey import Survey

    from .known_bands import KnownBands

_DUPLEX = {
    "pc_eFDD": ("lte", "FDD"),
    "pc_eTDD": ("lte", "TDD"),
    "pc_nrFDD": ("nr", "FDD"),
    "pc_nrTDD": ("nr", "TDD"),
    "pc_NB_FDD": ("nb_iot", "FDD"),
    "pc_NB_TDD": ("nb_iot", "TDD"),
}
_OTHER_RATS = {"pc_UTRA": "umts", "pc_GERAN": "gsm"}


def mode_fact(known: KnownBands, item: IcsItem) -> ItemFact:
    """What follows for the mode of this item; blank where nothing that is read tells it."""
    name = item.mnemonic
    if name in _DUPLEX:
        rat, duplex = _DUPLEX[name]
        return _of_bands(known, rat, [band for band, row in bands_of(rat).items() if row.duplex == duplex])
    if name in _OTHER_RATS:
        return _of_bands(known, _OTHER_RATS[name], list(bands_of(_OTHER_RATS[name])))
    if name == "pc_NG_RAN_NR":
        return _stand_alone(known)
    if name == "pc_EN_DC":
        return _en_dc(known.survey)
    return ItemFact(None, f"{item.note} is not read")


def _of_bands(known: KnownBands, rat: str, bands: list[int]) -> ItemFact:
    """TRUE by one band that the device has; FALSE where complete lists have none of them."""
    if not any(one.rat.startswith(rat) for one in known.survey.supported):
        return ItemFact(None, "no source tells the supported bands")
    facts = [band_item_fact(known, rat, band) for band in bands]
    has = any_true(facts)
    if has is not None:
        return replace(has, reason=f"follows: {has.reason}", basis="implied")
    if facts and all(one.value is False for one in facts):
        return replace(facts[0], reason="follows: complete lists have none of its bands", basis="implied")
    seen = next((one for one in facts if one.support), None)
    return seen or ItemFact(None, "no band of it is measured, and no complete list denies all of them")


def _stand_alone(known: KnownBands) -> ItemFact:
    """Option 2 by a list of bands for SA; a list of NR bands alone is not one."""
    for told in known.survey.supported:
        for band in (told.bands or ()) if told.rat == "nr_sa" else ():
            fact = known.listed("nr_sa", band)
            if fact is not None and fact.has and fact.grade == Grade.MEASURED:
                return ItemFact(True, f"follows: {fact.why} for SA", fact.grade, "implied", fact.evidence)
    return ItemFact(None, "no list of NR bands for SA is told")


def _en_dc(survey: Survey) -> ItemFact:
    for told in survey.all(BandCombinations):
        firm = told.grade >= Grade.MEASURED and len(told.told_once) < len(told.combinations)
        if told.type == "en_dc" and firm:
            source = (told.source,) if told.source else ()
            return ItemFact(True, "follows: EN-DC combinations told", told.grade, "implied", source)
    return ItemFact(None, "no EN-DC combination is told")
