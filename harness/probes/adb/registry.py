"""`dumpsys telephony.registry`, whole or grepped, and bare ServiceState, CellInfo and channel strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Reading

from .language.text import TOP_KEY, Record, once, pairs, records
from .service.cell import identity_in, infos_in
from .service.channel import MARKS, channels_in
from .service.facts import observe
from .service.servicestate import loose_service_state, registrations_in, service_state_in
from .service.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable

_PHONE_ID = re.compile(r"\s{0,40}Phone Id\s?=\s?(\d{1,2})(?!\d)")
_FIRST = "last known state:"
_AFTER = re.compile(r"\s{0,40}(?:local logs:|listen logs:|registrations: ?count)")
_LAST_AFTER = re.compile(r"\n[ \t]{0,40}(?:local logs:|listen logs:|registrations: ?count[=\d]*)[ \t]*\n")
"""One of these on a line of its own, which no line before or behind it can be a part of."""
_LOOSE = re.compile(
    r"\s{0,40}(?:mVoiceRegState|mDataRegState|mChannelNumber|mCellBandwidths|(?:getRil|mRil)(?:Voice|Data)RadioTechnology|"
    r"mIsEmergencyOnly|mVoiceRoamingType|mDataRoamingType)\s?=[^{]*"
)
MARKERS = (
    *("mServiceState", "RegState=", "mCellInfo", "CellIdentity", "mPhysicalChannelConfigs", "NetworkRegistration"),
    *(" CSS ", *MARKS),
)
_DUMP = re.compile(
    r"^[ \t]{0,40}(?:(?:Phone Id|(?:mServiceState|mCellInfo|mPhysicalChannelConfigs)(?:\[\d{1,2}\])?)\s?="
    r"|local logs:|listen logs:)",
    re.M,
)
_MOST_SLOTS = 3
"""More bare states than a phone has SIM slots are a history."""


def has_registry(text: str) -> bool:
    """Whether something of a registry dump, or a string of the kinds in it, stands in the text."""
    return any(marker in text for marker in MARKERS)


def is_dump(text: str) -> bool:
    """Whether the text is (part of) a registry dump, not a log: its keys and headings stand at the start of lines."""
    return _FIRST in text or _DUMP.search(text) is not None


def read_registry(text: str) -> Reading:
    """Facts of the current state: the first section of the dump, cut per `Phone Id=`; logs behind it are history.

    A whole listing that stands in the text twice counts once, the later one where they differ. Without slot headers
    (grep) the order of repeated keys is the slot order.
    """
    slots: dict[int | None, Slot] = {}
    for number, section in enumerate(_sections(text)):
        for slot in section:
            if number == 0 or not slot.empty:
                slots[slot.slot] = slot
    reading = Reading()
    for slot in slots.values():
        if not slot.empty:
            reading += observe(slot)
    return reading


def _sections(text: str) -> Iterable[list[Slot]]:
    """The slots of every listing in the text."""
    current: list[Record] = []
    listings: list[list[Record]] = [current]
    history = False
    for record in records(_without_logs(once(text))):
        if _FIRST in record.text[:80]:
            current, history = [], False
            listings.append(current)
        elif _AFTER.match(record.text):
            history = True
        elif not history:
            current.append(record)
    dumps = [listing for listing in listings if any(_PHONE_ID.match(record.text) for record in listing)]
    if dumps:
        return [_by_header(listing) for listing in dumps]
    return [_without_header(listing) for listing in listings]


def _without_logs(text: str) -> str:
    """The text up to where nothing but history follows: that is most of a dump, and none of it is read."""
    after = _LAST_AFTER.search(text, max(text.rfind(_FIRST), 0))
    return text[: after.end()] if after else text


def _by_header(listing: list[Record]) -> list[Slot]:
    """Slots of a dump with headers. Only its own keys count: a log line among them is no state."""
    slots: list[Slot] = []
    for record in listing:
        if key := TOP_KEY.match(record.text):
            if slots:
                _take(slots[-1], key[1], record)
        elif header := _PHONE_ID.match(record.text):
            slots.append(Slot(slot=int(header[1])))
    return slots


def _without_header(listing: list[Record]) -> list[Slot]:
    """Grepped keys, one line a slot, or bare strings, all of one slot that is not named."""
    keyed: dict[str, list[Record]] = {}
    bare: list[Record] = []
    for record in listing:
        key = TOP_KEY.match(record.text)
        if key:
            keyed.setdefault(key[1], []).append(record)
        elif not record.text.isspace():
            bare.append(record)
    if any(key in keyed for key in ("mServiceState", "mCellInfo", "mPhysicalChannelConfigs", "mCellIdentity")):
        return _by_order(keyed)
    return _bare([*(r for rs in keyed.values() for r in rs), *bare])


def _by_order(keyed: dict[str, list[Record]]) -> list[Slot]:
    """The slots of keys without headers: by the index behind a key, else in the order of its lines."""
    placed = [place for key, found in keyed.items() for place in _places(key, found)]
    several = any(index > 0 for index, _, _, _ in placed) or any(named for _, named, _, _ in placed)
    slots: dict[int, Slot] = {}
    for index, _, key, record in placed:
        slot = slots.setdefault(index, Slot(slot=index if several else None))
        _take(slot, key, record)
    return [slots[index] for index in sorted(slots)]


def _places(key: str, found: list[Record]) -> Iterable[tuple[int, bool, str, Record]]:
    """Of each line of one key: its slot, and whether an index named it."""
    for order, record in enumerate(found):
        match = TOP_KEY.match(record.text)
        index = match[2] if match else None
        if index is None or _is_entry(key, record):
            yield (order if index is None else 0), False, key, record
        else:
            yield int(index), True, key, record


def _is_entry(key: str, record: Record) -> bool:
    """Whether an index counts the entries of one channel list, not the slots: its value is one entry, no list."""
    return key == "mPhysicalChannelConfigs" and record.text.partition("]")[2].lstrip(" =").startswith("{")


def _take(slot: Slot, key: str, record: Record) -> None:
    """Put the value of one key into its slot. The first of a key counts."""
    text = record.text
    if key == "mServiceState" and slot.service is None:
        slot.service = service_state_in(text)
        slot.regs = slot.service.regs if slot.service else ()
        slot.line = record.line
    elif key in ("mCellIdentity", "mCellLocation") and slot.identity is None:
        slot.identity = identity_in(text)
    elif key == "mCellInfo" and not slot.cells:
        slot.cells = infos_in(text)
    elif key == "mPhysicalChannelConfigs" and (not slot.channels or _is_entry(key, record)):
        slot.channels = slot.channels + channels_in(text)
        slot.channel_line = record.line
    elif key.startswith("mTelephonyDisplayInfo") and slot.override is None:
        slot.override = pairs(text.partition("=")[2]).get("overrideNetwork")
        return
    slot.line = slot.line or record.line


def _bare(found: list[Record]) -> list[Slot]:
    """Strings without their keys: ServiceStates are states of their own, the rest belongs together."""
    slots: list[Slot] = []
    rest = Slot()
    loose: list[Record] = []
    for record in found:
        service = service_state_in(record.text)
        if service:
            slots.append(Slot(line=record.line, service=service, regs=service.regs))
        elif _LOOSE.fullmatch(record.text):
            loose.append(record)
        else:
            _take_bare(rest, record)
    if any("RegState" in record.text for record in loose) or (loose and not slots and not rest.empty):
        service = loose_service_state([record.text for record in loose])
        slots.append(Slot(line=loose[0].line, service=service, regs=service.regs))
    if rest.empty:
        return _numbered(slots)
    if len(slots) == 1 and not slots[0].cells:
        rest.service, rest.regs, rest.line = slots[0].service, slots[0].regs or rest.regs, slots[0].line
        return [rest]
    return [*_numbered(slots), rest]


def _numbered(slots: list[Slot]) -> list[Slot]:
    """Several bare states are those of the SIM slots, in order; of more than a phone has slots the last is read."""
    if len(slots) > _MOST_SLOTS:
        slots[-1].notes.append(
            f"{len(slots)} service states follow each other, without a slot or a time: the last is read"
        )
        return slots[-1:]
    if len(slots) > 1:
        for number, slot in enumerate(slots):
            slot.slot = number
    return slots


def _take_bare(slot: Slot, record: Record) -> None:
    text = record.text
    if regs := registrations_in(text):
        slot.regs += regs
    elif (cells := infos_in(text)) or "CellInfo" in text:
        slot.cells += cells
    elif any(mark in text for mark in MARKS):
        slot.channels += channels_in(text)
    elif slot.identity is None and "CellIdentity" in text:
        slot.identity = identity_in(text)
    else:
        return
    slot.line = slot.line or record.line
