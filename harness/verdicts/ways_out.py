"""What would decide an open verdict: a SIM, a UE capability, an AT port, another list. Words only; no verdict changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.requirements.band import BandRule

from .verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.carriers.kinds import Requirement
    from harness.observations import Grade
    from harness.requirements.bands.layers import Because
    from harness.requirements.bound import CarrierBound
    from harness.survey.survey import Survey

    from .verdict import Verdict

LEADS = "; way out: "
"""What stands between a reason and its ways out."""
AGAIN = "read the device again"
CAPABILITY = "give a UE capability of the device (--evidence uecap=FILE, or uecap=live)"
OTHER_CAPTURE = "give another capture of its UE capability (--evidence uecap=FILE)"
AT_PORT = "read it over its AT port (at: in the bench file)"
DECLARE = "declare its bands (--bands=lte=2,4 --bands-source=TEXT)"
ENABLE = "enable the band on the device and read it again"
SECOND_LIST = "a second publisher's list of the carrier's bands (docs/adding-a-carrier.md)"
CARRIERS_PART = "tell the carrier's part of the band in its profile (ul_mhz)"
SHEET = "confirm its device sheet by the maker's own page (docs/adding-a-device.md)"
WHOLE_PROFORMA = "give the maker's filled proforma (--declared ics=FILE)"
WHOLE_GRANT = "give the saved page of the FCC grant (--declared fcc=FILE)"
CARRIER_CONFIG = "read its carrier configuration over adb (dumpsys carrier_config), or from its bugreport"
MODEM_VOLTE = "no answer of a modem tells it: ask its maker or the carrier"
SWEEP = "sweep it where its cells are on air and witnessed (--sweep, --cells, docs/sweep.md)"
HOLD = "hold the handset to it where it has cover, on a cable (--sweep=lte,nr, docs/sweep.md)"
REGISTER = "let the device register on the carrier's own network, then read it again"

_MEASURE = (CAPABILITY, AT_PORT)
_OF_BAND: dict[Because, tuple[str, ...]] = {
    "untold": (*_MEASURE, DECLARE),
    "refused": (CAPABILITY,),
    "not_asked": (AGAIN,),
    "unread": (AGAIN,),
    "lost": (AGAIN,),
    "conflict": (AGAIN, CAPABILITY),
    "layers": (AGAIN, CAPABILITY),
    "contradicted": (AGAIN, CAPABILITY),
    "unrestricted": (CAPABILITY,),
    "once": (OTHER_CAPTURE,),
    "silent": (OTHER_CAPTURE, AT_PORT),
    "list_ends": (CAPABILITY,),
    "not_enabled": (ENABLE,),
    "enabled_unknown": (AT_PORT,),
    "not_listed": (CAPABILITY,),
    "unverified": (SHEET, *_MEASURE),
    "in_part": (CARRIERS_PART,),
}
"""By what leaves a band open. `removed` by the policy of another SIM asks for the carrier's."""
_OF_KIND: dict[str, tuple[str, ...]] = {
    "mfbi": (CAPABILITY,),
    "ue_category": (CAPABILITY,),
    "combination": (CAPABILITY,),
    "band_enabled": (AT_PORT,),
    "coverage": (SECOND_LIST,),
    "ics": (WHOLE_PROFORMA, CAPABILITY),
    "grant": (WHOLE_GRANT, AT_PORT),
    "sweep": (SWEEP,),
    "held": (HOLD,),
    "rom_region": ("read the handset's properties over adb, or from its bugreport",),
    "google_apps": ("read the handset's packages over adb, or from its bugreport",),
    "model": (AT_PORT, "read the handset's properties over adb, or from its bugreport"),
    "firmware": (AT_PORT, "read the handset's properties over adb, or from its bugreport"),
    "customisation": (AT_PORT, "read the handset's properties over adb, or from its bugreport"),
}


def with_ways_out(verdict: Verdict, rule: Requirement, at: CarrierBound, needed: Grade) -> Verdict:
    """An open verdict with what would decide it, at the end of its reason too; any other as it is.

    `needed`: the lowest grade of evidence that was taken.
    """
    if verdict.outcome is not Outcome.INCONC:
        return verdict
    ways = tuple(dict.fromkeys(_ways(verdict, rule, at, needed)))
    # Some reasons tell a way themselves.
    told = [way for way in ways if _gist(way) not in verdict.reason]
    reason = f"{verdict.reason}{LEADS}{', or '.join(told)}" if told else verdict.reason
    return replace(verdict, reason=reason, ways_out=ways)


def _gist(way: str) -> str:
    return way.partition(" (")[0].removesuffix(" of the device")


def _ways(verdict: Verdict, rule: Requirement, at: CarrierBound, needed: Grade) -> Iterator[str]:
    survey = at.survey
    if survey.trouble:
        yield AGAIN
    elif verdict.grade is not None and verdict.grade < needed:
        yield from _measuring(survey)
    elif rule.needs_sim or rule.kind in {"attach", "registered", "volte"}:
        yield from _of_sim(rule, at)
    elif isinstance(rule, BandRule):
        yield from _of_band(rule, at)
    else:
        yield from _fitting(_OF_KIND.get(rule.kind, (AGAIN,)), survey)


def _of_sim(rule: Requirement, at: CarrierBound) -> Iterator[str]:
    if not at.sim.is_in:
        yield sim_of(at)
        return
    if rule.kind != "volte":
        yield REGISTER
    elif at.survey.kind == "modem":
        yield MODEM_VOLTE
    else:
        yield CARRIER_CONFIG


def sim_of(at: CarrierBound) -> str:
    """A SIM of the carrier that asks, by which a modem's policy becomes the carrier's too."""
    return f"put a SIM of {at.carrier.name} into the device and read it again"


def _of_band(rule: BandRule, at: CarrierBound) -> Iterator[str]:
    """By the fact that leaves the rule open: its own, or that of a band of which one of the two is wanted."""
    facts = [at.fact(rule.rat, band) for band in rule.numbers]
    fact = next((one for one in facts if one.has is None), facts[0])
    if fact.because == "removed":
        yield sim_of(at)
    yield from _fitting(_OF_BAND.get(fact.because, () if fact.because == "removed" else (SECOND_LIST,)), at.survey)


def _measuring(survey: Survey) -> Iterator[str]:
    yield from _fitting(_MEASURE, survey)


def _fitting(ways: tuple[str, ...], survey: Survey) -> Iterator[str]:
    """Those of the ways that this device can go: a modem that answers over AT has been read there."""
    read_over_at = any(link == "at" for link, _ in survey.exchanges)
    left = [way for way in ways if not (way == AT_PORT and read_over_at) and not _is_handsets(way, survey)]
    yield from left or (AGAIN,)


def _is_handsets(way: str, survey: Survey) -> bool:
    return survey.kind == "modem" and "handset" in way
