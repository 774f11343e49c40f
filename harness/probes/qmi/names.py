"""Names and numbers of bands as QMI, libqmi and ModemManager write them (reference qmi-mbim.md sections 2 and 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.observations import Rat

_LTE_ACTIVE = (
    *((120 + n, 1 + n) for n in range(14)),
    (134, 17),
    *((135 + n, 33 + n) for n in range(8)),
    *((143 + n, 18 + n) for n in range(4)),
    *((147, 24), (148, 25), (149, 41), (150, 42), (151, 43), (152, 23), (153, 26), (154, 32)),
    *((158, 28), (159, 29), (160, 30), (161, 66), (163, 46), (164, 27), (165, 31), (166, 47), (167, 48), (168, 71)),
)
_NR_FIRST = (1, 2, 3, 5, 7, 8, 20, 28, 38, 41, 50, 51, 66, 70, 71, *range(74, 86), *range(257, 262))
_NR_MORE = (12, 25, 34, 39, 40, 65, 86, 48, 14, 13, 18, 26, 30, 29, 53, 46, 91, 92, 93, 94)
ACTIVE_BANDS: dict[int, tuple[Rat, int]] = {
    **{value: ("lte", band) for value, band in _LTE_ACTIVE},
    **{250 + index: ("nr", band) for index, band in enumerate((*_NR_FIRST, *_NR_MORE))},
}
"""QMI's "active band" enumeration. The value is not the band: 122 is LTE band 3."""

ALWAYS_NAMED = (*range(1, 15), *range(17, 22), 24, 25, *range(33, 44))
"""LTE bands for which every version of libqmi has a name in the list of 64 bits: only these can be missing in it."""

RADIO_INTERFACES: dict[str, Rat] = {
    "gsm": "gsm",
    "umts": "umts",
    "wcdma": "umts",
    "lte": "lte",
    "5gnr": "nr",
    "nr5g": "nr",
}
RADIO_INTERFACE_VALUES: dict[int, Rat] = {0x04: "gsm", 0x05: "umts", 0x08: "lte", 0x0C: "nr"}

_UMTS: dict[str, int] = {
    "wcdma-2100": 1,
    "wcdma-pcs-1900": 2,
    "wcdma-dcs-1800": 3,
    "wcdma-1700-us": 4,
    "wcdma-850": 5,
    "wcdma-850-us": 5,
    "wcdma-800": 6,
    "wcdma-2600": 7,
    "wcdma-900": 8,
    "wcdma-1700-japan": 9,
    "wcdma-1500-japan": 11,
    "wcdma-850-japan": 19,
    "u2100": 1,
    "u1900": 2,
    "u1800": 3,
    "u17iv": 4,
    "u850": 5,
    "u800": 6,
    "u2600": 7,
    "u900": 8,
    "u17ix": 9,
}
_GSM: dict[str, int] = {
    "gsm-850": 850,
    "gsm-900-extended": 900,
    "gsm-900-primary": 900,
    "gsm-900-railways": 900,
    "gsm-dcs-1800": 1800,
    "gsm-pcs-1900": 1900,
    "g850": 850,
    "egsm": 900,
    "dcs": 1800,
    "pcs": 1900,
}
_OTHER_SYSTEMS = re.compile(
    r"bc-?\d.*|cdma.*|gsm-(?:450|480|750)|g(?:380|410|450|480|710|750|810|t-?)\w*|tdscdma.*|any|none"
)
_NUMBERED = re.compile(r"(eutran|utran|ngran|nr5g)(?:-band)?-([0-9]{1,3}|[ivxl]{1,8})")
_FAMILIES: dict[str, Rat] = {"eutran": "lte", "utran": "umts", "ngran": "nr", "nr5g": "nr"}
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}


def band_of_name(name: str) -> tuple[Rat, int] | None:
    """`eutran-20`, `eutran-xx`, `nr5g-41`, `ngran-78`, `wcdma-2100`, `utran-1`, `egsm`; None for any other word."""
    word = name.strip().lower()
    if word in _UMTS:
        return "umts", _UMTS[word]
    if word in _GSM:
        return "gsm", _GSM[word]
    match = _NUMBERED.fullmatch(word)
    if match is None:
        return None
    number = int(match[2]) if match[2].isdigit() else _roman(match[2])
    return None if number is None else (_FAMILIES[match[1]], number)


def is_other_system(name: str) -> bool:
    """Whether a name is of a system that carries no band here: CDMA, TD-SCDMA, GSM below 500 MHz, `any`, `none`."""
    return _OTHER_SYSTEMS.fullmatch(name.strip().lower()) is not None


def _roman(text: str) -> int | None:
    values = [_ROMAN[sign] for sign in text]
    total = sum(-v if any(v < later for later in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
    return total if 0 < total < 90 else None
