"""`logcat -b radio`: a history, of which the newest state of every slot counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.observations import Reading, Registration, Source

from .cell import infos_in
from .channel import MARKS, channels_in
from .hal import registration_in
from .servicestate import service_state_in
from .slots import Slot, observe
from .text import Record, records

if TYPE_CHECKING:
    from harness.observations import Observation

    from .cell import Cell
    from .channel import Channel
    from .servicestate import DomainReg, ServiceState

_STAMP = re.compile(r"^\[?\s{0,4}(?:\d{4}-)?\d\d-\d\d[ T]+\d\d:\d\d", re.M)
_INVALID = re.compile(r"Physical cell ID \d+ is over limit")
_SLOT_MARKS = (
    re.compile(r"\[(?:PHONE|SUB)(\d)\]"),
    re.compile(r"PhoneStateTracker<(\d)>"),
    re.compile(r"(?:phoneId|slotId|mPhoneId|slotIndex)\s?[=:]\s?(\d)(?!\d)"),
    re.compile(r"[A-Za-z]-(\d)\s{0,8}:"),
    re.compile(r"[A-Za-z]\s{0,12}: \[(\d)\] "),
)
_STATE_WORDS = ("RegState=", " voice ", "REGISTRATION_STATE", "CELL_INFO", "CellInfo", *MARKS)


@dataclass(slots=True)
class _History:
    """The newest of everything that one slot (or no slot) logged; `order` is the number of the last state's record."""

    slot: int | None
    order: int = -1
    line: int | None = None
    service: ServiceState | None = None
    regs: dict[str, DomainReg] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reg_lines: dict[str, int] = field(default_factory=dict)


def is_log(text: str) -> bool:
    """Whether the text reads as lines of a log."""
    return _STAMP.search(text) is not None or "RILJ" in text or "newSS=[" in text


def read_log(text: str) -> Reading:
    """Facts of the newest state of every slot. Records without a slot count where nothing newer names a slot."""
    histories: dict[int | None, _History] = {}
    for order, record in enumerate(records(text)):
        if any(word in record.text for word in _STATE_WORDS) or "Physical cell ID" in record.text:
            number = _slot_of(record.text)
            _note(histories.setdefault(number, _History(number)), record, order)
    newest_named = max((h.order for number, h in histories.items() if number is not None), default=-1)
    reading = Reading()
    for number, history in histories.items():
        if number is None and history.order < newest_named:
            history.service, history.regs, history.cells, history.channels = None, {}, [], []
        elif number is not None and _older(history, histories):
            continue
        reading += _observe(history)
    return reading


def _older(history: _History, histories: dict[int | None, _History]) -> bool:
    """With a single named slot, a newer record without a slot is of the same phone and replaces it."""
    unnamed = histories.get(None)
    return unnamed is not None and len(histories) == 2 and unnamed.order > history.order >= 0


def _slot_of(text: str) -> int | None:
    for place in (text[-64:], text[:240]):
        for mark in _SLOT_MARKS:
            match = mark.search(place)
            if match:
                return int(match[1])
    return None


def _note(history: _History, record: Record, order: int) -> None:
    text = record.text
    service = service_state_in(text)
    if service:
        if history.service and history.service.channel != service.channel:
            history.cells, history.channels = [], []  # of the cell that was left
        history.service, history.regs, history.reg_lines = service, {}, {}
    elif reg := registration_in(text):
        history.regs[reg.domain or ""] = reg
        history.reg_lines[reg.domain or ""] = record.line
    elif "CellInfo" in text and (cells := infos_in(text)):
        history.cells = cells
    elif any(mark in text for mark in MARKS):
        history.channels = channels_in(text)
    else:
        if _INVALID.search(text):
            history.warnings.append(
                "the framework rejected the physical channels: no sign of carrier aggregation can be read"
            )
            history.channels = []
        return
    history.order, history.line = order, record.line


def _observe(history: _History) -> Reading:
    service = history.service
    regs = tuple(history.regs.values())
    if service:
        # A registration that the modem told after the service state replaces that domain's entry in it.
        regs += tuple(reg for reg in service.regs if reg.domain not in history.regs)
    if service and history.regs:
        service = _without_levels(service, set(history.regs))
    slot = Slot(
        slot=history.slot,
        line=history.line,
        service=service,
        regs=regs,
        cells=history.cells,
        channels=history.channels,
    )
    reading = Reading() if slot.empty else observe(slot)
    found = tuple(_at_line(item, history.reg_lines) for item in reading.observations)
    return Reading(found, reading.warnings + tuple(history.warnings))


def _at_line(item: Observation, lines: dict[str, int]) -> Observation:
    """The fact with the line of the registration that told it: a domain's own, for cells and NR that of data."""
    domain = item.domain if isinstance(item, Registration) else "ps"
    line = lines.get(domain or "")
    return replace(item, source=Source(line=line)) if line else item


def _without_levels(service: ServiceState, newer: set[str]) -> ServiceState:
    """The service state without what a newer registration has overtaken."""
    return replace(
        service,
        voice=None if "cs" in newer else service.voice,
        data=None if "ps" in newer else service.data,
        channel=None,
        widths_khz=(),
        plmn=None,
    )
