"""Android's words and numbers for radio technologies and registration states."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.observations import Rat, RegistrationState

RAT_WORDS: dict[str, Rat] = {
    **dict.fromkeys(("LTE", "LTE_CA", "EUTRAN"), "lte"),
    **dict.fromkeys(("NR", "NR_SA", "NGRAN"), "nr"),
    **dict.fromkeys(("UMTS", "HSDPA", "HSUPA", "HSPA", "HSPAP", "HSPA+", "UTRAN", "WCDMA"), "umts"),
    **dict.fromkeys(("GSM", "GPRS", "EDGE", "GERAN"), "gsm"),
}
"""RAT words of ServiceState, TelephonyManager.getNetworkTypeName and the radio HAL. IWLAN and CDMA are no cell here."""

RIL_RATS: dict[int, Rat] = {1: "gsm", 2: "gsm", 16: "gsm", 3: "umts", 9: "umts", 10: "umts", 11: "umts", 15: "umts"}
RIL_RATS |= {14: "lte", 19: "lte", 20: "nr"}
"""RIL radio technology numbers (ServiceState.RIL_RADIO_TECHNOLOGY_*)."""

NETWORK_TYPE_RATS: dict[int, Rat] = {1: "gsm", 2: "gsm", 16: "gsm", 3: "umts", 8: "umts", 9: "umts", 10: "umts"}
NETWORK_TYPE_RATS |= {15: "umts", 13: "lte", 19: "lte", 20: "nr"}
"""TelephonyManager.NETWORK_TYPE_* numbers, as in PhysicalChannelConfig of Android 10."""

IWLAN = "iwlan"

STATE_WORDS: dict[str, RegistrationState] = {
    "HOME": "home",
    "ROAMING": "roaming",
    "DENIED": "denied",
    "UNKNOWN": "unknown",
    "EMERGENCY": "emergency",
    "NOT_REG_OR_SEARCHING": "not_registered",
    "NOT_REG_NOT_SEARCHING": "not_registered",
    "NOT_REG_SEARCHING": "searching",
}
"""NetworkRegistrationInfo: NOT_REG_OR_SEARCHING is RIL 0 (not searching), NOT_REG_SEARCHING is RIL 2."""

RIL_STATES: dict[int, RegistrationState] = {
    0: "not_registered",
    1: "home",
    2: "searching",
    3: "denied",
    4: "unknown",
    5: "roaming",
    10: "not_registered",
    12: "searching",
    13: "denied",
    14: "unknown",
    20: "emergency",
}
"""RIL registration states; 10 and up: the same with emergency calls possible (ril.h, IRadio RegState)."""

HAL_STATES: dict[str, RegistrationState] = {
    "NOT_REG_MT_NOT_SEARCHING_OP": "not_registered",
    "REG_HOME": "home",
    "NOT_REG_MT_SEARCHING_OP": "searching",
    "REG_DENIED": "denied",
    "UNKNOWN": "unknown",
    "REG_ROAMING": "roaming",
    "NOT_REG_MT_NOT_SEARCHING_OP_EM": "not_registered",
    "NOT_REG_MT_SEARCHING_OP_EM": "searching",
    "REG_DENIED_EM": "denied",
    "UNKNOWN_EM": "unknown",
    "REG_EM": "emergency",
}

FAIL_CAUSES = {
    "IMSI_UNKNOWN_IN_HLR": 2,
    "ILLEGAL_MS": 3,
    "IMSI_UNKNOWN_IN_VLR": 4,
    "IMEI_NOT_ACCEPTED": 5,
    "ILLEGAL_ME": 6,
    "GPRS_SERVICES_NOT_ALLOWED": 7,
    "GPRS_AND_NON_GPRS_SERVICES_NOT_ALLOWED": 8,
    "MS_IDENTITY_CANNOT_BE_DERIVED_BY_NETWORK": 9,
    "IMPLICITLY_DETACHED": 10,
    "PLMN_NOT_ALLOWED": 11,
    "LOCATION_AREA_NOT_ALLOWED": 12,
    "ROAMING_NOT_ALLOWED": 13,
    "GPRS_SERVICES_NOT_ALLOWED_IN_PLMN": 14,
    "NO_SUITABLE_CELLS": 15,
    "MSC_TEMPORARILY_NOT_REACHABLE": 16,
    "NETWORK_FAILURE": 17,
    "MAC_FAILURE": 20,
    "SYNC_FAILURE": 21,
    "CONGESTION": 22,
    "GSM_AUTHENTICATION_UNACCEPTABLE": 23,
    "NOT_AUTHORIZED_FOR_THIS_CSG": 25,
}
"""RegistrationFailCause of the radio HAL (numbers of TS 24.008 clause 10.5.5.14)."""

_NUMBER_AND_WORD = re.compile(r"(\d{1,3})\(([^()]{1,20})\)")


def rat_of(value: str | None) -> Rat | None:
    """RAT of a word (`LTE-CA`, `NR_SA`) or of `14(LTE)`; None for Unknown, IWLAN and anything else."""
    if not value:
        return None
    match = _NUMBER_AND_WORD.match(value)
    if match:
        return RAT_WORDS.get(match[2].upper().replace("-", "_")) or RIL_RATS.get(int(match[1]))
    word = value.upper().replace("-", "_")
    if word.isdigit():
        return RIL_RATS.get(int(word)) if len(word) < 4 else None
    return RAT_WORDS.get(word)


def is_iwlan(value: str | None) -> bool:
    """Whether the RAT word names calls and data over Wi-Fi, which is no registration on a cell."""
    return value is not None and "IWLAN" in value.upper()


def cause_of(value: str | None) -> int | None:
    """Reject cause as a number, from a number or a HAL word; None for 0, -1, NONE."""
    if value is None:
        return None
    if value.isdigit() and len(value) < 6:
        return int(value) or None
    return FAIL_CAUSES.get(value)


_LETTERS = {"g": "gsm", "u": "umts", "t": "td_scdma", "c": "cdma", "v": "evdo", "l": "lte", "n": "nr"}
_MODE_LETTERS = (
    *("gu", "g", "u", "gu", "cv", "c", "v", "gucv", "lcv", "lgu", "lgucv", "l", "lu", "t", "tu", "lt", "tg", "ltg"),
    *("tgu", "ltu", "ltgu", "tgucv", "ltgucv", "n", "nl", "nlcv", "nlgu", "nlgucv", "nlu", "nlt", "nltg", "nltu"),
    *("nltgu", "nltgucv"),
)
MODES: dict[int, tuple[str, ...]] = {
    mode: tuple(rat for letter, rat in _LETTERS.items() if letter in letters)
    for mode, letters in enumerate(_MODE_LETTERS)
}
"""Preferred network mode -> radio technologies (RILConstants.NETWORK_MODE_*)."""
