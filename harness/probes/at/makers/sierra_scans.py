"""What a Sierra EM or MC hears: the neighbours on other frequencies of !LTEINFO?, while it is served on LTE."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.probes.at.scanning import HeardCell, OwnScan, is_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = ["InterFreq:", "EARFCN", "ThresholdLow", "ThresholdHi", "Priority", "PCI", "RSRQ", "RSRP", "RSSI", "RXLV"]
_WIDTH = len(_HEAD) - 1
_LEVEL = re.compile(r"-\d{2,3}\.\d")


def read_inter_frequency(text: str) -> tuple[HeardCell, ...] | None:
    """The rows behind `InterFreq:`, as one stream of words: routers re-wrap the table inside its rows."""
    words = text.split()
    if not is_whole(text) or _HEAD[0] not in words:
        return None
    start = words.index(_HEAD[0])
    if words[start : start + len(_HEAD)] != _HEAD:
        return None
    return tuple(_rows(words[start + len(_HEAD) :]))


def _rows(words: list[str]) -> Iterator[HeardCell]:
    for place in range(0, len(words) - _WIDTH + 1, _WIDTH):
        row = words[place : place + _WIDTH]
        if any(word.endswith(":") for word in row) or not re.fullmatch(r"\d{1,6}", row[0]):
            return
        yield HeardCell(int(row[0]), _LEVEL.fullmatch(row[6]) is not None)


SCANS = (OwnScan(request="AT!LTEINFO?", rats=("lte",), read=read_inter_frequency, within_s=10.0),)
