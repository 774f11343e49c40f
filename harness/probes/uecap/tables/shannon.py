"""Samsung Shannon's NR capability file: protobuf messages, in which combinations are told by their shape.

A component is a message of numbers only whose field 1 is a band (LTE as it is, NR plus 10000), field 2 the downlink
class and field 3 the uplink class (1 A, 2 B ...); a combination is a message whose field 1 is one or more components.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.capability_facts import CarrierComponent
from harness.errors import ParseError
from harness.radio.tables import is_band

from .ca_table import account_of, letter

if TYPE_CHECKING:
    from harness.probes.uecap.account import Account, Combination

NR_OFFSET = 10000
_DEEPEST = 6
_Message = list[tuple[int, "int | bytes"]]


def read_shannon(data: bytes, origin: str) -> Account:
    """The account of such a file. Raises ParseError where the octets are no protobuf or hold no combination."""
    message = _message(data)
    if message is None:
        raise ParseError(f"{origin}: not a protobuf message")
    found: list[Combination] = []
    _collect(message, found, 0)
    if not found:
        raise ParseError(f"{origin}: a protobuf message without band combinations")
    return account_of(found, origin)


def _collect(message: _Message, found: list[Combination], depth: int) -> None:
    """Combinations at any depth, in order."""
    for _, value in message:
        inner = _message(value) if isinstance(value, bytes) and value else None
        if inner is None:
            continue
        combo = _combination(inner)
        if combo:
            found.append(combo)
        elif depth < _DEEPEST:
            _collect(inner, found, depth + 1)


def _combination(message: _Message) -> Combination | None:
    parts = []
    for number, value in message:
        if number != 1:
            if isinstance(value, bytes):
                return None
            continue
        inner = _message(value) if isinstance(value, bytes) else None
        part = _component(inner) if inner is not None else None
        if part is None:
            return None
        parts.append(part)
    return tuple(parts) if parts else None


def _component(message: _Message) -> CarrierComponent | None:
    fields: dict[int, int] = {}
    for number, value in message:
        if isinstance(value, int):
            fields.setdefault(number, value)
        elif number <= 3:
            return None
    band = fields.get(1, 0)
    rat = "nr" if band > NR_OFFSET else "lte"
    band -= NR_OFFSET if rat == "nr" else 0
    classes = fields.get(2, 0), fields.get(3, 0)
    if not is_band(rat, band) or max(classes) > 26 or not any(classes):
        return None
    return CarrierComponent(rat, band, letter(str(classes[0])), letter(str(classes[1])))


def _message(data: bytes) -> _Message | None:
    """Fields of one message on the wire; None where the octets are none, to the last one."""
    out: _Message = []
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        if key is None or not 1 <= key >> 3 <= 4096:
            return None
        kind = key & 7
        if kind == 0:
            value, place = _varint(data, place)
            if value is None:
                return None
            out.append((key >> 3, value))
            continue
        if kind == 2:
            length, place = _varint(data, place)
        else:
            length = {1: 8, 5: 4}.get(kind)
        if length is None or place + length > len(data):
            return None
        out.append((key >> 3, data[place : place + length]))
        place += length
    return out


def _varint(data: bytes, place: int) -> tuple[int | None, int]:
    value = 0
    for position in range(10):
        if place >= len(data):
            return None, place
        octet = data[place]
        place += 1
        value |= (octet & 0x7F) << (7 * position)
        if not octet & 0x80:
            return value, place
    return None, place
