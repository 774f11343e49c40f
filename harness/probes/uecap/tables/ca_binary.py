"""Qualcomm log items 0xB0CD (LTE CA) and 0xB826 (NR CA, EN-DC) as octets, little endian.

Layouts by version: reference ue-capability.md, "combination tables as octets". An item is believed only where its
layout spends every octet, every band is in the 3GPP tables and every class is one.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Literal

from harness.capability_facts import CarrierComponent
from harness.errors import ParseError
from harness.radio.tables import is_band

from .ca_table import account_of

if TYPE_CHECKING:
    from harness.probes.uecap.account import Account, Combination

Item = Literal["0xB0CD", "0xB826"]
_CODES: dict[int, Item] = {0xB0CD: "0xB0CD", 0xB826: "0xB826"}
UNGUARDED = "a table of octets has nothing that would show a wrong bit"
_PADDING = 8
"""Fewer zero octets than this may stand behind an item."""


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
    """The account of an item's body. Raises ParseError where it does not fit the layout of its version."""
    body = _Body(data)
    try:
        found = _lte(body) if item == "0xB0CD" else _nr(body)
    except _Unfit as error:
        raise ParseError(f"{origin}: no {item} as its version says: {error}") from error
    if len(body.rest) >= _PADDING or any(body.rest):
        raise ParseError(f"{origin}: {len(body.rest)} octets are left over behind the combinations of {item}")
    if not found:
        raise ParseError(f"{origin}: {item} names no combination")
    return account_of(found, origin, loose=(UNGUARDED,))


class _Unfit(Exception):
    """The octets do not fit the layout."""


class _Body:
    """The octets of an item, taken from the front."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._place = 0

    def take(self, count: int) -> bytes:
        """The next octets. Raises _Unfit where they are not there."""
        part = self._data[self._place : self._place + count]
        if len(part) != count:
            raise _Unfit(f"{len(self._data)} octets are too few")
        self._place += count
        return part

    def number(self, width: int = 1) -> int:
        """The next octets as a number."""
        return int.from_bytes(self.take(width), "little")

    @property
    def rest(self) -> bytes:
        """What was not taken."""
        return self._data[self._place :]


_ROOMS = 6
"""Components that each combination of 0xB0CD before version 41 has room for."""


def _lte(body: _Body) -> list[Combination]:
    """0xB0CD: version, count, and combinations of components that follow one another."""
    version, count = body.number(), body.number()
    if not 1 <= version <= 48:
        raise _Unfit(f"version {version} is not known")
    if version < 41:
        body.take(1)
    size, down, up = (
        (7, 2, 3) if version >= 41 else (7, 2, 4) if version >= 40 else (6, 2, 4) if version >= 32 else (4, 2, 3)
    )
    out: list[Combination] = []
    for _ in range(count):
        rooms = body.number() if version >= 41 else _ROOMS
        parts = [_lte_part(body.take(size), down, up) for _ in range(rooms)]
        if version < 24:
            body.take(2)
        used = [part for part in parts if part is not None]
        if not used or parts[: len(used)] != used:
            raise _Unfit("a combination has gaps or no component")
        out.append(tuple(used))
    return out


def _lte_part(record: bytes, down: int, up: int) -> CarrierComponent | None:
    """One component of 0xB0CD; None where its place is not used."""
    band = int.from_bytes(record[:2], "little")
    if band == 0:
        if any(record):
            raise _Unfit("a component without a band has other values")
        return None
    return _component("lte", band, record[down], record[up])


def _nr(body: _Body) -> list[Combination]:
    """0xB826: before version 8 whole octets, from then on fields of bits."""
    version = body.number(2)
    if not 1 <= version <= 20:
        raise _Unfit(f"version {version} is not known")
    body.take(2)
    if version <= 3:
        count = body.number(2)
    else:
        total, index, count = (body.number(2) for _ in range(3))
        body.take(1)
        if index + count > total:
            raise _Unfit(f"{count} combinations from {index} on are more than {total}")
    out: list[Combination] = []
    for _ in range(count):
        body.take(3 if version >= 8 else 0)
        parts = body.number() >> (3 if version >= 8 else 1 if version >= 3 else 0) & 15
        body.take(_behind_count(version))
        read, size = (_nr_part, 10) if version < 8 else (_packed_part, 9 if version > 14 else 8)
        if not parts:
            raise _Unfit("a combination has no component")
        out.append(tuple(read(body.take(size)) for _ in range(parts)))
    return out


def _behind_count(version: int) -> int:
    """Octets between the count of components and the first of them."""
    if version >= 14:
        return 25
    return 9 if version >= 9 else {6: 1, 7: 3, 8: 1}.get(version, 0)


def _nr_part(record: bytes) -> CarrierComponent:
    if record[4] & 1:
        raise _Unfit("the uplink class has an odd bit")
    rat = "nr" if record[2] & 1 else "lte"
    return _component(rat, int.from_bytes(record[:2], "little"), record[2] >> 1, record[4] >> 1)


def _packed_part(record: bytes) -> CarrierComponent:
    head = int.from_bytes(record[:2], "little")
    rat = "nr" if head >> 9 & 1 else "lte"
    return _component(rat, head & 0x1FF, head >> 10 & 31, (record[3] & 7) << 2 | record[2] >> 6)


def _component(rat: str, band: int, down: int, up: int) -> CarrierComponent:
    """A component of numbers: class 0 is none, 1 is A. Raises _Unfit for what cannot be one."""
    most = 9 if rat == "lte" else 21  # I, the last of LTE; U, the last of NR
    if not is_band(rat, band) or not (down or up) or down > most or up > most:
        raise _Unfit(f"{rat} band {band} with classes {down} and {up}")
    return CarrierComponent("nr" if rat == "nr" else "lte", band, _class(down), _class(up))


def _class(number: int) -> str | None:
    return chr(ord("A") + number - 1) if number else None
