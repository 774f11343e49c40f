"""What Quectel modules hear: +QSCAN on 5G modules, neighbours of the serving cell on LTE modules.

RG50xQ and RM5xxQ manual section 5.23: up to 180 s, cells of EN-DC are not looked for. Newer firmware adds fields behind
those that are read here. Without its second parameter it tells no cell ids and no areas. LTE modules have another scan
(+QOPSCFG and +QOPS), which wants settings of its own, and is not asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.scanning import HeardCell, OwnScan, is_whole, records, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCAN_S = 190.0
_NEIGHBOURS_S = 10.0
_LEVELS = range(-156, -20)
"""dBm; beyond are placeholders."""
_KINDS = {"LTE": False, "NR5G": True}


def read_qscan(text: str) -> tuple[HeardCell, ...] | None:
    """`+QSCAN: "LTE"|"NR5G",<mcc>,<mnc>,<channel>,<pci>,<rsrp>,…`; a cell without a level is on air under another number."""
    return tuple(_scanned(text)) if is_whole(text) else None


def _scanned(text: str) -> Iterator[HeardCell]:
    for fields in records(text, "+QSCAN:"):
        channel = whole_number(fields, 3)
        if fields[0] in _KINDS and channel is not None and channel >= 0:
            yield HeardCell(channel, whole_number(fields, 5) in _LEVELS, _KINDS[fields[0]])


def read_neighbours(text: str) -> tuple[HeardCell, ...] | None:
    """`+QENG: "neighbourcell intra|inter","LTE",<earfcn>,<pci>,<rsrq>,<rsrp>,…`; frequencies alone have `-` for levels."""
    return tuple(_neighbours(text)) if is_whole(text) else None


def _neighbours(text: str) -> Iterator[HeardCell]:
    for fields in records(text, "+QENG:"):
        channel = whole_number(fields, 2)
        if fields[0].startswith("neighbourcell") and fields[1:2] == ["LTE"] and channel is not None and channel >= 0:
            yield HeardCell(channel, whole_number(fields, 5) in _LEVELS)


SCANS_5G = (
    OwnScan(request="AT+QSCAN=1", rats=("lte",), read=read_qscan, within_s=_SCAN_S, whole_for=("lte",)),
    OwnScan(request="AT+QSCAN=2", rats=("nr", "nr_nsa"), read=read_qscan, within_s=_SCAN_S, whole_for=("nr",)),
)
NEIGHBOURS = (OwnScan(request='AT+QENG="neighbourcell"', rats=("lte",), read=read_neighbours, within_s=_NEIGHBOURS_S),)
