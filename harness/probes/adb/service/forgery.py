"""Signs that a registry dump was not printed by the phone that it is said to be of.

A field that the told Android version does not have yet, or has no more; fields of releases that never met; a list of
registrations that is empty beside IN_SERVICE. Such a dump tells nothing that could speak for a device.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from harness.observations import NrState, Reading, Registration, ServingCell

if TYPE_CHECKING:
    from harness.observations import Observation

_FIELDS: tuple[tuple[str, int, int], ...] = (
    ("mNetworkRegistrationStates=", 9, 9),
    ("mNetworkRegistrationInfos=", 10, 99),
    ("getRilDataRadioTechnology=", 10, 99),
    ("mRilDataRadioTechnology=", 8, 9),
    ("mLteEarfcnRsrpBoost=", 8, 11),
    ("mArfcnRsrpBoost=", 12, 99),
    ("rRplmn=", 11, 99),
    ("mBands=[", 11, 99),
    ("mBands = [", 11, 99),
    ("mCellIdentity=", 11, 99),
    ("mPhysicalChannelConfigs=", 12, 99),
    ("networkRegistrationState=", 14, 99),
    ("isNonTerrestrialNetwork=", 15, 99),
)
"""Field -> first and last Android release that prints it (AOSP android_24 to android_34, captures of 35 and 36)."""
_SLACK = 1
"""Releases that a maker's own port, a quarterly release or a beta may be ahead or behind."""
_STATES_END = 60_000
"""The states of all slots stand before this sign of a dump; behind it are logs."""
HOLLOW = "it says in service and lists no registration"


def impossible_fields(text: str, android: str | None) -> list[str]:
    """What the text holds that its Android version cannot have; without a version, what no one version can."""
    text = text[:_STATES_END]
    told = [(name.rstrip("=[ "), first, last) for name, first, last in _FIELDS if name in text]
    major = int(number[0]) if android and (number := re.match(r"\d{1,2}", android)) else None
    if major is not None:
        return [
            f"{name} is of Android {first if major < first else last}, the phone says it runs {android}"
            for name, first, last in told
            if not first - _SLACK <= major <= last + _SLACK
        ]
    newest = max(told, key=lambda field: field[1], default=None)
    oldest = min(told, key=lambda field: field[2], default=None)
    if newest and oldest and newest[1] > oldest[2] + _SLACK:
        return [f"{newest[0]} (Android {newest[1]} on) and {oldest[0]} (until {oldest[2]}) stand in one dump"]
    return []


def doubted(reading: Reading, signs: list[str]) -> Reading:
    """The reading with nothing in it that says the phone is registered or attached, and why."""
    if not signs:
        return reading
    note = f"the dump may be forged or put together ({'; '.join(signs)}): its registrations count as not known"
    return Reading(tuple(map(_doubt, reading.observations)), (note, *reading.warnings))


def _doubt(fact: Observation) -> Observation:
    if isinstance(fact, Registration):
        return replace(fact, state="unknown", plmn=None, cause=None)
    if isinstance(fact, ServingCell):
        return replace(fact, registered=None, band_source="conflict" if fact.band_source else None)
    return replace(fact, mode="unknown") if isinstance(fact, NrState) else fact
