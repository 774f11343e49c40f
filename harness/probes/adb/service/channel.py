"""PhysicalChannelConfig strings of Android 9..17 -> the carriers that are in use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.equal_texts import remembered
from harness.probes.adb.language.text import integer, pairs
from harness.probes.adb.language.words import NETWORK_TYPE_RATS, rat_of

from .cell import LTE_EARFCN_MAX, valid_arfcn, valid_pci, valid_width

if TYPE_CHECKING:
    from harness.observations import Rat

MARKS = ("mConnectionStatus", "mCellBandwidthDownlinkKhz")


@dataclass(frozen=True, slots=True)
class Channel:
    """One carrier. `role` None: the entry does not say. `band` as the modem named it, 0 and absent are None."""

    role: Literal["primary", "secondary"] | None
    rat: Rat | None = None
    arfcn: int | None = None
    band: int | None = None
    pci: int | None = None
    width_khz: int | None = None
    warnings: tuple[str, ...] = ()


_ENTRY = re.compile(r"\{\s{0,40}(?:mConnectionStatus|mCellBandwidthDownlinkKhz)[^{}]*\}?")


def channels_in(text: str) -> list[Channel]:
    """The entries in order. Entries that serve nothing (status None or Unknown) are left out.

    `mContextIds=[I@hash` has no closing bracket on Android 10, so only braces bound an entry.
    """
    return list(_channels(text))


@remembered(most=128, longest=16_384)
def _channels(text: str) -> tuple[Channel, ...]:
    out = []
    for match in _ENTRY.finditer(text):
        found = pairs(match[0])
        status = found.get("mConnectionStatus")
        if status not in (None, "PrimaryServing", "SecondaryServing"):
            continue
        out.append(_channel(found, status))
    return tuple(out)


def _channel(found: dict[str, str], status: str | None) -> Channel:
    arfcn = integer(found.get("mDownlinkChannelNumber", found.get("mChannelNumber")))
    rat = _rat(found) or ("nr" if arfcn is not None and arfcn > LTE_EARFCN_MAX else None)
    pci, warnings = valid_pci(rat, integer(found.get("mPhysicalCellId")))
    band = integer(found.get("mBand"))
    return Channel(
        role=None if status is None else "primary" if status == "PrimaryServing" else "secondary",
        rat=rat,
        arfcn=valid_arfcn(rat, arfcn),
        band=band or None,
        pci=pci,
        width_khz=valid_width(rat, integer(found.get("mCellBandwidthDownlinkKhz"))),
        warnings=warnings,
    )


def _rat(found: dict[str, str]) -> Rat | None:
    word = found.get("mNetworkType", found.get("mRat"))
    if word is not None and word.isdigit():
        return NETWORK_TYPE_RATS.get(int(word)) if len(word) < 4 else None
    return rat_of(word)
