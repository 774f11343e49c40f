"""Qualcomm log items 0xB0CD (LTE CA) and 0xB826 (NR CA, EN-DC) as octets.

The layouts are not published. So none is believed by its version alone: the layouts in question are tried, and one is
taken only where it uses every octet, every band is in the 3GPP tables, classes and antennas agree, and no other layout
reads anything else. Otherwise the item is refused.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.errors import ParseError
from harness.observations import CarrierComponent
from harness.radio.tables import is_band

from .account import Account, Combination, canonical
from .ca_table import account_of

if TYPE_CHECKING:
    from collections.abc import Iterator

Item = Literal["0xB0CD", "0xB826"]
_CODES: dict[int, Item] = {0xB0CD: "0xB0CD", 0xB826: "0xB826"}
_ANTENNAS = frozenset({0, 1, 2, 4, 8})
_MOST_COMPONENTS = {"0xB0CD": 6, "0xB826": 12}
PACKED = 8
"""From this version on 0xB826 is packed into bits."""
INFERRED = "the layout of the item is not published and was inferred"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Places of the fields in one component's record, after a count of components of one octet."""

    header: int
    """Octets before the count of combinations."""
    count_width: int
    band_width: int
    dl: int
    dl_antennas: int
    ul: int
    ul_antennas: int
    size: int
    rat: int | None = None
    fixed: int = 0
    """Components that every combination has room for; 0: as many as its count says."""


def item_of(data: bytes) -> tuple[Item, bytes] | None:
    """The item and its body, where the octets carry a log header (length, code, time; also behind DIAG's own)."""
    for start in (0, 4):
        if len(data) < start + 13:
            continue
        length, code = struct.unpack_from("<HH", data, start)
        if code in _CODES and length == len(data) - start and (start == 0 or data[0] == 0x10):
            return _CODES[code], data[start + 12 :]
    return None


def read_item(data: bytes, item: Item, origin: str) -> Account:
    """The account of an item's body. Raises ParseError where no layout, or more than one reading, fits."""
    if item == "0xB826" and len(data) > 1 and data[1] == 0 and data[0] >= PACKED:
        raise ParseError(
            f"{origin}: 0xB826 of version {data[0]} packs its fields into bits in a way that is not published",
            way_out="give the table as QCAT's text, or the RRC messages",
        )
    readings: dict[tuple[Combination, ...], list[Combination]] = {}
    for layout in _layouts(item):
        found = _try(data, layout, item)
        if found:
            readings.setdefault(tuple(sorted(map(canonical, found), key=str)), found)
    if not readings:
        raise ParseError(f"{origin}: no known layout of {item} fits all {len(data)} octets")
    if len(readings) > 1:
        raise ParseError(f"{origin}: {item} can be read in {len(readings)} ways that differ")
    return account_of(next(iter(readings.values())), origin, (INFERRED,))


def _layouts(item: Item) -> Iterator[_Layout]:
    headers = ((1, 1), (1, 2), (2, 2), (4, 2)) if item == "0xB0CD" else ((2, 2), (4, 2), (5, 2), (6, 2), (8, 2))
    rooms = (0, _MOST_COMPONENTS[item]) if item == "0xB0CD" else (0,)
    for header, count_width in headers:
        for band_width in (1, 2):
            rat = None if item == "0xB0CD" else band_width
            base = band_width + (rat is not None)
            # the order of QCAT's columns, and both classes before both antennas
            for order in ((0, 1, 2, 3), (0, 2, 1, 3)):
                dl, dl_antennas, ul, ul_antennas = (base + place for place in order)
                for extra in range(3):
                    for fixed in rooms:
                        yield _Layout(
                            header,
                            count_width,
                            band_width,
                            dl,
                            dl_antennas,
                            ul,
                            ul_antennas,
                            base + 4 + extra,
                            rat,
                            fixed,
                        )


def _try(data: bytes, layout: _Layout, item: Item) -> list[Combination] | None:
    place = layout.header + layout.count_width
    if len(data) < place + 1 + layout.size:
        return None
    count = int.from_bytes(data[layout.header : place], "little")
    out: list[Combination] = []
    for _ in range(count):
        if place >= len(data) or not 1 <= data[place] <= _MOST_COMPONENTS[item]:
            return None
        parts = data[place]
        room = layout.fixed or parts
        place += 1
        end = place + room * layout.size
        if parts > room or end > len(data) or any(data[place + parts * layout.size : end]):
            return None
        combo = []
        for start in range(place, place + parts * layout.size, layout.size):
            part = _component(data[start : start + layout.size], layout)
            if part is None:
                return None
            combo.append(part)
        out.append(tuple(combo))
        place = end
    return out if not any(data[place:]) and len(data) - place < 8 else None


def _component(record: bytes, layout: _Layout) -> CarrierComponent | None:
    """One component, or None where the octets cannot be one."""
    band = int.from_bytes(record[: layout.band_width], "little")
    rat = "lte"
    if layout.rat is not None:
        if record[layout.rat] > 1:
            return None
        rat = "nr" if record[layout.rat] else "lte"
    down, up = record[layout.dl], record[layout.ul]
    dl_antennas, ul_antennas = record[layout.dl_antennas], record[layout.ul_antennas]
    if not is_band(rat, band) or not 1 <= down <= 17 or up > 17:
        return None
    if dl_antennas not in _ANTENNAS or ul_antennas not in _ANTENNAS or not dl_antennas or bool(up) != bool(ul_antennas):
        return None
    return CarrierComponent(rat, band, _class(down), _class(up))


def _class(number: int) -> str | None:
    return chr(ord("A") + number - 1) if number else None
