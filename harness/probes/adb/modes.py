"""Preferred and allowed network types: `settings get global preferred_network_mode*`, `cmd phone get-allowed-...`."""

from __future__ import annotations

import re

from harness.observations import NetworkMode, Reading

from .language.words import MODES

_BITS: dict[str, tuple[int, ...]] = {
    "gsm": (1, 2, 16),
    "umts": (3, 8, 9, 10, 15),
    "td_scdma": (17,),
    "cdma": (4, 7),
    "evdo": (5, 6, 12, 14),
    "lte": (13, 19),
    "nr": (20,),
}
"""TelephonyManager.NETWORK_TYPE_* numbers; type n is bit n-1 of a network type bitmask."""
_WORDS = {
    "gsm": {"GSM", "GPRS", "EDGE"},
    "umts": {"UMTS", "HSDPA", "HSUPA", "HSPA", "HSPA+", "HSPAP"},
    "td_scdma": {"TD_SCDMA"},
    "cdma": {"CDMA", "1XRTT", "CDMA - 1XRTT"},
    "evdo": {
        "EVDO_0",
        "EVDO_A",
        "EVDO_B",
        "EHRPD",
        "CDMA - EVDO REV. 0",
        "CDMA - EVDO REV. A",
        "CDMA - EVDO REV. B",
        "CDMA - EHRPD",
    },
    "lte": {"LTE", "LTE_CA"},
    "nr": {"NR"},
}


def type_bits(rat: str) -> int:
    """The bits of one technology in a bitmask of network types."""
    return sum(1 << (number - 1) for number in _BITS[rat])


def read_preferred_mode(text: str) -> Reading:
    """An integer of RILConstants, or one a slot joined by commas. `null` (never set) tells nothing."""
    answer = text.strip()
    if not re.fullmatch(r"\d{1,2}(?:,\d{0,2}){0,3}", answer):
        return Reading()
    items = answer.split(",")
    several = len(items) > 1
    return Reading(
        tuple(
            NetworkMode(slot=slot if several else None, rats=MODES.get(int(item)), raw=item)
            for slot, item in enumerate(items)
            if item
        )
    )


def read_allowed_types(text: str, slot: int | None) -> Reading:
    """A bit string (right-most bit: GPRS, bit 19: NR), a decimal mask, or names joined by `|` or commas."""
    answer = text.strip().splitlines()[-1].strip() if text.strip() else ""
    rats = _of_mask(answer) if answer.isdigit() else _of_words(answer)
    return Reading((NetworkMode(slot=slot, rats=rats, raw=answer),)) if rats is not None else Reading()


def allowed_of_reasons(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """`user=840583,carrier=840583` -> what all reasons together allow, and the reasons that leave NR out.

    A type is allowed where every reason has its bit (TelephonyManager.setAllowedNetworkTypesForReason).
    """
    masks: dict[str, int] = {}
    for item in text.split(","):
        name, _, value = item.partition("=")
        if not re.fullmatch(r"[a-z_0-9]{1,24}", name) or not re.fullmatch(r"\d{1,12}", value):
            return None
        masks[name] = int(value)
    together = -1
    for mask in masks.values():
        together &= mask
    if not 0 <= together < 1 << 32:
        return None
    nr = 1 << (_BITS["nr"][0] - 1)
    return _of_bits(together), tuple(name for name, mask in masks.items() if not mask & nr)


def _of_mask(answer: str) -> tuple[str, ...] | None:
    if len(answer) > 32:
        return None
    mask = int(answer, 2) if set(answer) <= {"0", "1"} and len(answer) > 4 else int(answer)
    if mask <= 0 or mask >= 1 << 32:
        return None
    return _of_bits(mask)


def _of_bits(mask: int) -> tuple[str, ...]:
    return tuple(rat for rat, types in _BITS.items() if any(mask >> (number - 1) & 1 for number in types))


def _of_words(answer: str) -> tuple[str, ...] | None:
    if len(answer) > 400:
        return None
    words = {word.strip().upper() for word in re.split(r"[|,]", answer)}
    rats = tuple(rat for rat, names in _WORDS.items() if words & names)
    return rats if rats and words & set().union(*_WORDS.values()) == words - {"IWLAN", "IDEN", "UNKNOWN"} else None
