"""What a device told of one item of an ICS: what may be written into it, and what can be held against an answer.

TRUE rests on measured support alone. FALSE rests on a complete list alone: a capability that no enquiry filtered, or
the hardware list of a modem's family. A band that is a superset does not fill the item of its subset (B66 not B4). What
the device was only seen on, or implies as a fallback (TS 38.306 clause 3.1), supports an answer and writes none.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from harness.capability_facts import PowerClass
from harness.observations import Grade
from harness.radio.ics import CONFIGURATIONS, POWER_CLASSES, SIDELINK_TABLE, IcsItem
from harness.radio.rats import same_rat

from .band_item_facts import band_item_fact
from .configuration_facts import CombinationIndex, configuration_fact
from .item_fact import ItemFact
from .known_bands import KnownBands
from .mode_facts import mode_fact

if TYPE_CHECKING:
    from harness.survey.survey import Survey

_GSM = {"GSM850": 850, "DCS1800": 1800, "PCS1900": 1900}
_GSM_900 = ("P-GSM900", "E-GSM900", "R-GSM900")
_NOT_READ = {
    "hd_fdd_redcap": "half-duplex FDD of RedCap UEs is not read",
    "ul_mimo": "uplink MIMO is not read",
    "txd": "transmit diversity is not read",
    "2rx": "receive antenna ports are not read",
    "4rx": "receive antenna ports are not read",
    "8rx": "receive antenna ports are not read",
}


class DeviceItems:
    """One survey, asked item by item; what was found is remembered."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.known = KnownBands(survey)
        self._facts: dict[str, ItemFact] = {}

    @cached_property
    def combinations(self) -> CombinationIndex:
        """What the capability tells of combinations."""
        return CombinationIndex(self.known)

    def of(self, item: IcsItem) -> ItemFact:
        """What the device told of the item."""
        found = self._facts.get(item.key)
        if found is None:
            found = self._facts[item.key] = self._find(item)
        return found

    def _find(self, item: IcsItem) -> ItemFact:
        if item.kind == "band":
            return _band_item(self.known, item)
        if item.kind in CONFIGURATIONS:
            return configuration_fact(self.combinations, item.name)
        if item.kind in POWER_CLASSES:
            return _power(self.known, item.rat, item.band or 0, POWER_CLASSES[item.kind])
        if item.kind == "mode":
            return mode_fact(self.known, item)
        return ItemFact(None, _NOT_READ[item.kind])


def _band_item(known: KnownBands, item: IcsItem) -> ItemFact:
    if item.rat == "gsm":
        return _gsm(known, item.name)
    if item.table == SIDELINK_TABLE:
        return ItemFact(None, "sidelink bands are not read")
    return band_item_fact(known, item.rat, item.band or 0)


def _gsm(known: KnownBands, name: str) -> ItemFact:
    if name in _GSM_900:
        fact = band_item_fact(known, "gsm", 900)
        if fact.value is False:
            return fact
        told = "a device tells GSM 900, and not which extent of it (P, E or R)" if fact.value else fact.reason
        return replace(fact, value=None, reason=told, support="")
    if name not in _GSM:
        return ItemFact(None, f"no list that is read here names {name}")
    return band_item_fact(known, "gsm", _GSM[name])


def _power(known: KnownBands, rat: str, band: int, asked: float) -> ItemFact:
    """A power class that the capability names. One that it does not name is the default, and not measured."""
    told = [one for one in known.survey.all(PowerClass) if same_rat(rat, one.rat) and one.band == band]
    sources = tuple(dict.fromkeys(one.source for one in told if one.source))
    classes = {one.power_class for one in told}
    words = ", ".join(f"{one:g}" for one in sorted(classes))
    if not told:
        return ItemFact(None, "no power class of the band was told (silence is the default class, not an answer)")
    if len(classes) > 1:
        return ItemFact(None, f"captures tell power classes {words}", None, "", sources)
    if asked not in classes:
        return ItemFact(None, f"power class {words} told: whether the band has another is not", None, "", sources)
    support = band_item_fact(known, rat, band)
    if support.value is not True:
        return ItemFact(None, f"power class {words} told, and yet: {support.reason}", None, "", sources)
    firm = any(not one.told_once and one.grade >= Grade.MEASURED for one in told)
    grade = max(one.grade for one in told)
    return ItemFact(True, f"power class {words} told", grade, "told" if firm else "told_once", sources)
