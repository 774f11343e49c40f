"""What a Nordic nRF91 hears: %NCELLMEAS, the serving cell and its neighbours, told unasked behind OK.

nRF91 AT Commands Reference Guide: `%NCELLMEAS: <status>,"<cell>","<plmn>","<area>",<ta>,<earfcn>,<pci>,<rsrp>,<rsrq>,<time>`,
then groups of `<earfcn>,<pci>,<rsrp>,<rsrq>,<time difference>`, and on newer firmware a last time. Levels are indices of
TS 36.133 clause 9.1.4, 255 is none. Which of LTE-M and NB-IoT a neighbour carries it does not tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.scanning import HeardCell, OwnScan, records, whole_number

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = "%NCELLMEAS:"
_SERVING, _FIRST, _GROUP = 5, 10, 5
_LEVELS = range(-17, 98)


def read_ncellmeas(text: str) -> tuple[HeardCell, ...] | None:
    """The cells of one measurement that succeeded (status 0)."""
    found = [fields for fields in records(text, _NAME) if fields[0] == "0"]
    return tuple(cell for fields in found for cell in _cells(fields)) if found else None


def _cells(fields: list[str]) -> Iterator[HeardCell]:
    groups = (len(fields) - _FIRST) // _GROUP
    for place in (_SERVING, *(_FIRST + _GROUP * number for number in range(groups))):
        channel = whole_number(fields, place)
        if channel is not None and channel >= 0:
            yield HeardCell(channel, whole_number(fields, place + 2) in _LEVELS)


SCANS = (OwnScan(request="AT%NCELLMEAS", rats=("lte_m", "nb_iot"), read=read_ncellmeas, within_s=40.0, later=_NAME),)
