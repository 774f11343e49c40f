"""PLMN identities (TS 23.003 clause 2.2): MCC of three digits, MNC of two or three."""

from __future__ import annotations

import re
from dataclasses import dataclass

THREE_DIGIT_MNC_COUNTRIES = frozenset({"302", "310", "311", "312", "313", "314", "315", "316"}) | frozenset(
    {"330", "334", "338", "342", "344", "346", "348", "352", "354", "356", "358", "360", "365", "366", "376"}
    | {"708", "722", "732", "750"}
)
"""MCCs whose networks use three-digit MNCs (ITU-T E.212 practice): Canada, the US, most of the Caribbean, others."""


@dataclass(frozen=True, slots=True, order=True)
class Plmn:
    """One PLMN; `str()` gives "310410". Two- and three-digit MNCs stay apart: 310-26 is not 310-026."""

    mcc: str
    mnc: str

    def __str__(self) -> str:
        return self.mcc + self.mnc


def parse_plmn(text: str) -> Plmn | None:
    """Read "310410", "310 410", "310-410" or "26201"; None for anything else, blanks such as 00000 included.

    Digits of another script are the same digits: Android formats a cell's MCC and MNC in the language of the phone.
    """
    match = re.fullmatch(r"\s*(\d{3})[\s-]?(\d{2,3})\s*", text)
    if match is None:
        return None
    mcc, mnc = (f"{int(digits):0{len(digits)}d}" for digits in match.groups())
    return None if mcc == "000" else Plmn(mcc, mnc)


def plmn_of_numbers(mcc: int, mnc: int, *, mnc_digits: int | None = None) -> Plmn | None:
    """Rebuild a PLMN from integers that lost their leading zeros (Android 7-8.1, some modems).

    The width of the MNC is taken from `mnc_digits`, else from the MCC's usage. None where the numbers are no PLMN.
    """
    if not (mcc == 1 or 200 <= mcc <= 999) or not 0 <= mnc <= 999:
        return None
    width = mnc_digits or (3 if mnc > 99 or str(mcc) in THREE_DIGIT_MNC_COUNTRIES else 2)
    return Plmn(f"{mcc:03d}", f"{mnc:0{width}d}")
