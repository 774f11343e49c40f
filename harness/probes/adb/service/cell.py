"""CellIdentity and CellInfo strings of Android 6..17 -> cells.

Grammar: frameworks/base CellIdentityLte.toString and its sisters, one field set per release. Only the fields before
the operator name are read, so that a name cannot pass for a field.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.equal_texts import remembered
from harness.probes.adb.language.text import closing, integer, integers, pairs, segments
from harness.radio.bandwidths import LTE_WIDTHS_KHZ, NR_WIDTHS_KHZ
from harness.radio.plmn import parse_plmn, plmn_of_numbers

if TYPE_CHECKING:
    from harness.observations import Rat

LTE_EARFCN_MAX = 262143
NR_ARFCN_MAX = 3279165
UARFCN_MAX = 16383
_ARFCN_MAX: dict[str, int] = {"lte": LTE_EARFCN_MAX, "nr": NR_ARFCN_MAX, "umts": UARFCN_MAX, "gsm": 1023}
_PCI_MAX: dict[str, int] = {"lte": 503, "nr": 1007}
_TAC_MAX: dict[str, int] = {"lte": 0xFFFD, "nr": 0xFFFFFD}
_WIDTHS_KHZ: dict[Rat | None, frozenset[int]] = {
    "lte": LTE_WIDTHS_KHZ,
    "nr": NR_WIDTHS_KHZ,
    "umts": frozenset({5000}),
    None: LTE_WIDTHS_KHZ | NR_WIDTHS_KHZ,
}


@dataclass(frozen=True, slots=True)
class AdbCell:
    """One cell as a CellIdentity tells it. None and empty: not told. `connection` is mCellConnectionStatus."""

    rat: Rat | None
    plmn: str | None = None
    arfcn: int | None = None
    bands: tuple[int, ...] = ()
    pci: int | None = None
    tac: int | None = None
    width_khz: int | None = None
    registered: bool | None = None
    connection: int | None = None
    warnings: tuple[str, ...] = ()


def valid_arfcn(rat: Rat | None, number: int | None) -> int | None:
    """The channel, or None where unset: 0 can be no carrier's centre, beyond the RAT's range is no channel."""
    if number is None or rat is None:
        return None
    return number if 0 < number <= _ARFCN_MAX.get(rat, 0) else None


def valid_width(rat: Rat | None, khz: int | None) -> int | None:
    """The bandwidth in kHz where the RAT has such a channel, else None."""
    if khz is None or khz <= 0:
        return None
    return khz if khz in _WIDTHS_KHZ.get(rat, ()) else None


def valid_tac(rat: Rat | None, tac: int | None) -> int | None:
    """The tracking area code, or None for 0 and the reserved values at the top (TS 23.003 clause 19.4.2.3)."""
    return tac if tac is not None and rat in _TAC_MAX and 0 < tac <= _TAC_MAX[rat] else None


def valid_pci(rat: Rat | None, pci: int | None) -> tuple[int | None, tuple[str, ...]]:
    """The physical cell id (TS 36.211 clause 6.11: 0..503, TS 38.211 clause 7.4.2: 0..1007) and a warning beyond."""
    if pci is None or pci == 65535:
        return None, ()
    limit = _PCI_MAX.get(rat or "nr")
    if limit is None:
        return None, ()
    return (pci, ()) if pci <= limit else (None, (f"PCI {pci} is beyond {limit}: not read",))


_IDENTITY = re.compile(
    r"CellIdentity(Lte|Nr|Wcdma|Gsm|Tdscdma|Cdma)\s{0,4}[:=]?\s{0,4}(?:\{|(?=m[A-Z][a-z]{1,9} ?= ?[\w\[]))"
)
"""An identity, in braces or, in a text trimmed by hand, without."""
_INFO = re.compile(r"CellInfo(?:Lte|Nr|Wcdma|Gsm|Tdscdma|Cdma)\s{0,4}:?\s{0,4}\{")
_RATS: dict[str, Rat] = {"Lte": "lte", "Nr": "nr", "Wcdma": "umts", "Gsm": "gsm"}
_ARFCN_KEYS: dict[str, tuple[str, ...]] = {
    "lte": ("mEarfcn",),
    "nr": ("mNrArfcn", "mNrarfcn"),
    "umts": ("mUarfcn",),
    "gsm": ("mArfcn",),
}


def has_cell(text: str) -> bool:
    """Whether a CellIdentity stands in the text."""
    return _IDENTITY.search(text) is not None


def identity_in(text: str) -> AdbCell | None:
    """The first CellIdentity of the text, or None. CDMA and TD-SCDMA have no band table here."""
    match = _IDENTITY.search(text)
    if match is None:
        return None
    rat = _RATS.get(match[1])
    if rat is None:
        return None
    start = match.end()
    names = text.find("mAlphaLong", start)
    limit = names if names >= 0 else len(text)
    end = closing(text, start, limit) if match[0].endswith("{") else limit
    other = _IDENTITY.search(text, start, end)
    return _cell(text[start : other.start() if other else end], rat)


@remembered(most=256, longest=4_096)
def _cell(body: str, rat: Rat) -> AdbCell:
    """The cell of an identity's fields, the operator's names cut away. A dump tells it several times, a rack more often."""
    found = pairs(body)
    arfcn = next((integer(found[key]) for key in _ARFCN_KEYS[rat] if key in found), None)
    arfcn = valid_arfcn(rat, arfcn)
    pci, warnings = valid_pci(rat, integer(found.get("mPci")))
    if pci == 0 and arfcn is None:
        pci = None  # a default that nobody filled in (Samsung, Android 9)
    return AdbCell(
        rat,
        plmn=_plmn(found),
        arfcn=arfcn,
        bands=tuple(band for band in integers(found.get("mBands")) if band > 0),
        pci=pci,
        tac=valid_tac(rat, integer(found.get("mTac"))),
        width_khz=valid_width(rat, integer(found.get("mBandwidth"))),
        warnings=warnings,
    )


def _plmn(found: dict[str, str]) -> str | None:
    mcc, mnc = found.get("mMcc", ""), found.get("mMnc", "")
    if not (mcc.isdigit() and mnc.isdigit() and len(mcc) <= 3 and len(mnc) <= 3):
        return None
    keys = list(found)
    first = next((key for key in keys if key in ("mCi", "mPci", "mLac", "mEarfcn")), None)
    as_numbers = len(mcc) < 3 or len(mnc) < 2 or (first is not None and keys.index("mMcc") < keys.index(first))
    # Up to Android 8.1 MCC and MNC come first and are integers: the leading zero of the MNC is lost.
    plmn = (
        plmn_of_numbers(int(mcc), int(mnc))
        if as_numbers and not (len(mnc) > 1 and mnc[0] == "0")
        else parse_plmn(mcc + mnc)
    )
    return str(plmn) if plmn else None


def infos_in(text: str) -> list[AdbCell]:
    """The cells of a CellInfo list in order; `registered` from mRegistered=YES/NO."""
    out = []
    for piece in segments(text, _INFO):
        cell = identity_in(piece)
        if cell is None:
            continue
        head = pairs(piece[: piece.find("CellIdentity")].partition("{")[2])
        word = head.get("mRegistered", "").upper()
        registered = True if word in ("YES", "TRUE") else False if word in ("NO", "FALSE") else None
        out.append(
            AdbCell(
                cell.rat,
                cell.plmn,
                cell.arfcn,
                cell.bands,
                cell.pci,
                cell.tac,
                cell.width_khz,
                registered,
                integer(head.get("mCellConnectionStatus")),
                cell.warnings,
            )
        )
    return out
