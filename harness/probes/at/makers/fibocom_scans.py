"""What an FM350-GL hears: the neighbours in +GTCCINFO?, channels in decimal, levels as indices.

`2,<rat 4|9>,<mcc>,<mnc>,<area>,<cell>,<channel>,<pci>,<band>,<rxlev>,<rsrp>,<rsrq>`, the band empty and cell and area unknown.
Modules of Qualcomm's write channels in hexadecimal: they are none of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.scanning import HeardCell, OwnScan, is_whole, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEIGHBOUR, _FIELDS = "2", 12
_TOP_INDEX = {"4": 97, "9": 127}
"""The highest RSRP index by technology (TS 36.133 clause 9.1.4, TS 38.133 clause 10.1.6); 0 stands for none as well."""


def read_gtccinfo_neighbours(text: str) -> tuple[HeardCell, ...] | None:
    """The rows of neighbours; None where the answer has no end."""
    return tuple(_rows(text)) if is_whole(text) and "+GTCCINFO:" in text else None


def _rows(text: str) -> Iterator[HeardCell]:
    for line in text.splitlines():
        fields = [field.strip() for field in line.strip().split(",")]
        if len(fields) != _FIELDS or fields[0] != _NEIGHBOUR or fields[1] not in _TOP_INDEX:
            continue
        channel, level = whole_number(fields, 6), whole_number(fields, 10)
        if channel is not None and channel >= 0:
            has_level = level is not None and 0 < level <= _TOP_INDEX[fields[1]]
            yield HeardCell(channel, has_level, nr=fields[1] == "9")


SCANS = (OwnScan(request="AT+GTCCINFO?", rats=("lte",), read=read_gtccinfo_neighbours, within_s=10.0),)
