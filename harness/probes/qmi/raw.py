"""QMI messages as bytes: QMUX frames in hexadecimal and logged TLVs (reference qmi-mbim.md sections 1 and 2).

A verbose qmicli, ModemManager's debug log and raw QRTR notes print them. A frame whose length does not fit is cut off
and is not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.masks import bands_of_mask
from harness.radio.plmn import parse_plmn

from .cells import Claim
from .names import ACTIVE_BANDS, RADIO_INTERFACE_VALUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from harness.observations import Rat

    from .facts import Facts

_FRAME = re.compile(r"(?<![0-9A-Fa-f:])01:[0-9A-Fa-f]{2}:[0-9A-Fa-f]{2}:80:[0-9A-Fa-f]{2}:")
_BYTES = re.compile(r"(?:[0-9A-Fa-f]{2}:\s{0,3})*[0-9A-Fa-f]{2}")
_MESSAGE = re.compile(
    r"message\s*=\s*\"[^\"\n]{0,80}\" \(0x([0-9A-Fa-f]{4})\)|\bmsg(?:_id)?\s*=\s*0x([0-9A-Fa-f]{4})\b"
)
_TYPE = re.compile(r"\btype\s*=\s*(?:\"[^\"\n]{0,80}\" \()?0x([0-9A-Fa-f]{2})\b")
_VALUE = re.compile(r"\bvalue\s*=\s*((?:[0-9A-Fa-f]{2}:)*[0-9A-Fa-f]{2})\s*$")
_LENGTH = re.compile(r"\blength\s*=\s*(\d{1,5})\s*$")
_NOTED = re.compile(r"\s*TLV 0x([0-9A-Fa-f]{2}):\s+((?:[0-9A-Fa-f]{2} )*[0-9A-Fa-f]{2})(?:\s{2,}.*|\s*)")
_LONGEST = 3 * 65_540
_KHZ = {0: 1400, 1: 3000, 2: 5000, 3: 10_000, 4: 15_000, 5: 20_000}
Tlvs = dict[int, bytes]


@dataclass(frozen=True, slots=True)
class Message:
    """One response: message id, TLVs, and the line (from 1) where it stands."""

    number: int
    tlvs: Tlvs
    line: int


def messages(text: str) -> list[Message]:
    """All responses in the text; those that were logged both as frame and as TLVs only once."""
    found: list[Message] = []
    for message in (*_frames(text), *_logged(text)):
        if not any(m.number == message.number and message.tlvs.items() <= m.tlvs.items() for m in found):
            found.append(message)
    return found


def _frames(text: str) -> Iterator[Message]:
    end = 0
    for match in _FRAME.finditer(text):
        if match.start() < end:
            continue
        run = _BYTES.match(text, match.start(), match.start() + _LONGEST)
        if run is None:
            continue
        end = run.end()
        data = bytes.fromhex(re.sub(r"[:\s]", "", run[0]))
        message = _frame(data, text.count("\n", 0, match.start()) + 1)
        if message is not None:
            yield message


def _frame(data: bytes, line: int) -> Message | None:
    """QMUX header (6 bytes), QMI header (7), TLVs. None where a length does not fit or it is no response."""
    if len(data) < 13 or int.from_bytes(data[1:3], "little") != len(data) - 1 or data[6] != 0x02:
        return None
    number, length = int.from_bytes(data[9:11], "little"), int.from_bytes(data[11:13], "little")
    tlvs = _tlvs(data[13:]) if length == len(data) - 13 else None
    return None if tlvs is None else Message(number, tlvs, line)


def _tlvs(data: bytes) -> Tlvs | None:
    found: Tlvs = {}
    at = 0
    while at + 3 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "little")
        if at + 3 + size > len(data):
            return None
        found.setdefault(data[at], data[at + 3 : at + 3 + size])
        at += 3 + size
    return found if at == len(data) else None


def _logged(text: str) -> Iterator[Message]:
    """TLVs one by one below the name or number of their message."""
    if "TLV" not in text:
        return
    number, line, tlvs = None, 0, Tlvs()
    kind: int | None = None
    size: int | None = None
    rows = text[:4_000_000].split("\n")
    for index, row in enumerate((whole[:20_000] for whole in rows), 1):
        if match := _MESSAGE.search(row):
            if number is not None and tlvs:
                yield Message(number, tlvs, line)
            number, line, tlvs = int(match[1] or match[2], 16), index, {}
        elif match := _NOTED.fullmatch(row):
            if index < len(rows):
                tlvs.setdefault(int(match[1], 16), bytes.fromhex(match[2]))
        elif match := _TYPE.search(row):
            kind, size = int(match[1], 16), None
        elif match := _LENGTH.search(row):
            size = int(match[1])
        elif (match := _VALUE.search(row)) and kind is not None:
            value = bytes.fromhex(match[1].replace(":", ""))
            if size == len(value):
                tlvs.setdefault(kind, value)
            kind = None
    if number is not None and tlvs:
        yield Message(number, tlvs, line)


def read_messages(text: str, facts: Facts) -> None:
    """Every message that is known -> facts. One that reports an error holds none."""
    for message in messages(text):
        result = message.tlvs.get(0x02)
        reader = _READERS.get(message.number)
        if reader is not None and (result is None or not any(result[:2])):
            reader(message, facts)


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _capabilities(message: Message, facts: Facts) -> None:
    """DMS 0x0045: 0x10 a mask of 64 bits, 0x12 count and numbers of 16 bits, 0x13 the same for NR."""
    whole, mask = _counted(message.tlvs.get(0x12)), message.tlvs.get(0x10, b"")
    if whole:
        facts.bands("lte", whole, message.line, supported=True)
    elif whole is None and len(mask) == 8:
        facts.bands("lte", bands_of_mask(_number(mask)), message.line, supported=True, shows=range(1, 65))
    if standalone := _counted(message.tlvs.get(0x13)):
        facts.bands("nr", standalone, message.line, supported=True)


def _counted(data: bytes | None) -> tuple[int, ...] | None:
    if data is None or len(data) < 2 or len(data) != 2 + 2 * _number(data[:2]):
        return None
    return tuple(_number(data[at : at + 2]) for at in range(2, len(data), 2))


_MODES = ("cdma-1x", "cdma-1xevdo", "gsm", "umts", "lte", "td-scdma", "5gnr")


def _preference(message: Message, facts: Facts) -> None:
    """NAS 0x0034: modes 0x11, LTE 0x15 and 0x23, NR SA 0x2c, NR NSA 0x2d; bit n-1 stands for band n."""
    tlvs = message.tlvs
    mode = tlvs.get(0x11)
    if mode is not None and len(mode) == 2 and _number(mode):
        facts.mode(", ".join(word for bit, word in enumerate(_MODES) if _number(mode) >> bit & 1), message.line)
    lte = _mask(tlvs.get(0x23), 32) or _mask(tlvs.get(0x15), 8)
    wide: tuple[tuple[Rat, tuple[int, ...]], ...] = (
        ("lte", lte),
        ("nr_sa", _mask(tlvs.get(0x2C), 64)),
        ("nr_nsa", _mask(tlvs.get(0x2D), 64)),
    )
    for rat, bands in wide:
        if bands:
            facts.bands(rat, bands, message.line, supported=False)
    if any(_mask(tlvs.get(kind), 8) for kind in (0x25, 0x26)):
        facts.warn("TLVs 0x25 and 0x26 hold masks of their own (Cat-M1 and NB-IoT, it seems): not read")


def _mask(data: bytes | None, size: int) -> tuple[int, ...]:
    return bands_of_mask(_number(data)) if data is not None and len(data) == size else ()


def _aggregation(message: Message, facts: Facts) -> None:
    """NAS 0x00AC: primary 0x13; secondaries 0x15 (a list) or 0x12 (one)."""
    tlvs = message.tlvs
    primary = tlvs.get(0x13, b"")
    if len(primary) == 10:
        _component(primary, None, message.line, facts)
    listed = tlvs.get(0x15)
    if listed and len(listed) == 1 + 15 * listed[0]:
        others = [listed[at : at + 14] for at in range(1, len(listed), 15)]
    else:
        others = [tlvs[0x12]] if len(tlvs.get(0x12, b"")) == 14 else []
    for data in others:
        _component(data[:10], _number(data[10:14]), message.line, facts)


def _component(data: bytes, state: int | None, line: int, facts: Facts) -> None:
    """PCI, channel (16 bits each), bandwidth (32), active band (16). Secondary states: 0 none, 1 configured, 2 active."""
    if state not in {None, 1, 2}:
        return
    band = ACTIVE_BANDS.get(_number(data[8:10]))
    facts.claims.append(
        Claim(
            "lte",
            role="pcell" if state is None else "scell",
            arfcn=_number(data[2:4]),
            narrow=True,
            band=band[1] if band and band[0] == "lte" else None,
            pci=_number(data[0:2]),
            khz=_KHZ.get(_number(data[4:8])),
            active=None if state is None else state == 2,
            source=facts.source(line),
        )
    )


def _rf_bands(message: Message, facts: Facts) -> None:
    """NAS 0x0031: 0x11 triples with 32-bit channels, else 0x01 with 16 bits."""
    for kind, size in ((0x11, 7), (0x01, 5)):
        data = message.tlvs.get(kind)
        if not data or len(data) != 1 + size * data[0]:
            continue
        for at in range(1, len(data), size):
            rat = RADIO_INTERFACE_VALUES.get(data[at])
            band = ACTIVE_BANDS.get(_number(data[at + 1 : at + 3]))
            if rat in {"lte", "nr"} and (band is None or band[0] == rat):
                number, told = _number(data[at + 3 : at + size]), band[1] if band else None
                facts.claims.append(
                    Claim(rat, arfcn=number, narrow=size == 5, band=told, source=facts.source(message.line))
                )
        return


def _location(message: Message, facts: Facts) -> None:
    """NAS 0x0043: 0x2e the NR-ARFCN, 0x2f the NR cell, 0x13 the LTE serving cell and its frequency."""
    arfcn, cell, lte = (message.tlvs.get(kind) for kind in (0x2E, 0x2F, 0x13))
    if cell is not None and len(cell) == 22:
        facts.claims.append(
            Claim(
                "nr",
                arfcn=_number(arfcn) if arfcn is not None and len(arfcn) == 4 else None,
                plmn=_plmn(cell[:3]),
                tac=int.from_bytes(cell[3:6], "big"),
                pci=_number(cell[14:16]),
                source=facts.source(message.line),
            )
        )
    if lte is not None and len(lte) >= 14:
        facts.claims.append(
            Claim(
                "lte",
                plmn=_plmn(lte[1:4]),
                tac=_number(lte[4:6]),
                arfcn=_number(lte[10:12]),
                narrow=True,
                pci=_number(lte[12:14]),
                source=facts.source(message.line),
            )
        )


def _plmn(data: bytes) -> str | None:
    """Three octets of digits, nibbles swapped (TS 24.008 clause 10.5.1.13); filler F makes the MNC two digits long."""
    a, b, c = data
    digits = f"{a & 15:x}{a >> 4:x}{b & 15:x}{c & 15:x}{c >> 4:x}{'' if b >> 4 == 15 else f'{b >> 4:x}'}"
    plmn = parse_plmn(digits) if digits.isdecimal() else None
    return None if plmn is None else str(plmn)


_READERS: dict[int, Callable[[Message, Facts], None]] = {
    0x0045: _capabilities,
    0x0034: _preference,
    0x00AC: _aggregation,
    0x0031: _rf_bands,
    0x0043: _location,
}
