"""`logcat -b radio`: a history, of which the newest state of every slot counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from harness.observations import Reading, Registration, Source
from harness.radio.plmn import parse_plmn

from .hal import has_answer, registration_in
from .language.text import Record, records
from .service.cell import infos_in
from .service.channel import MARKS, channels_in
from .service.facts import observe
from .service.servicestate import IN_SERVICE, DomainReg, registrations_in, service_state_in
from .service.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from harness.observations import Observation

    from .service.cell import AdbCell
    from .service.channel import Channel
    from .service.servicestate import ServiceState

_STAMP = re.compile(r"^\[?\s{0,4}(?:\d{4}-)?\d\d-\d\d[ T]+\d\d:\d\d", re.M)
_INVALID = re.compile(r"Physical cell ID \d+ is over limit")
_SLOT_MARKS = (
    re.compile(r"\[(?:PHONE|SUB)(\d)\]"),
    re.compile(r"PhoneStateTracker<(\d)>"),
    re.compile(r"(?:phoneId|slotId|mPhoneId|slotIndex)\s?[=:]\s?(\d)(?!\d)"),
    re.compile(r"[A-Za-z]-(\d)\s{0,8}:"),
    re.compile(r"[A-Za-z]\s{0,12}: \[(\d)\] "),
)
_STATE_WORDS = (
    *("RegState=", " voice ", "REGISTRATION_STATE", "CELL_INFO", "CellInfo", "NetworkRegistration", "OPERATOR", *MARKS),
    *("Physical cell ID", "ReasonDataDenied"),
)
_OPERATOR = re.compile(r"(?<![A-Z_])OPERATOR\s{0,4}[{\[]([^{}\[\]]{0,300})[}\]]")
_DENIED = re.compile(r"[nN]ewReasonDataDenied\s?=\s?(\d{1,3})(?!\d)")


@dataclass(slots=True)
class _History:
    """The newest of everything that one slot (or no slot) logged; `order` is the number of the last state's record."""

    slot: int | None
    order: int = -1
    line: int | None = None
    service: ServiceState | None = None
    regs: dict[str, DomainReg] = field(default_factory=dict)
    operator: str | None = None
    """PLMN of the newest OPERATOR answer: of a registered phone that of its network."""
    cells: list[AdbCell] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reg_lines: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    """Domains whose registration is older than the service state, which does not contradict it."""

    def take(self, reg: DomainReg, line: int) -> None:
        """Note the newest registration of a domain."""
        domain = reg.domain or ""
        self.regs[domain], self.reg_lines[domain] = reg, line
        self.kept.discard(domain)

    @property
    def plmn(self) -> str | None:
        """The network that the slot was told to be registered on."""
        told = [reg.plmn for reg in self.regs.values() if reg.registered]
        return next((plmn for plmn in (*told, self.service.plmn if self.service else None) if plmn), None)


def is_log(text: str) -> bool:
    """Whether the text reads as lines of a log, or as one answer out of it."""
    return _STAMP.search(text) is not None or "RILJ" in text or "newSS=[" in text or has_answer(text)


def read_log(text: str) -> Reading:
    """Facts of the newest state of every slot. Records without a slot count where nothing newer names a slot.

    Where one slot only is named, later records that name none are of the same phone and go on with its state.
    """
    noted = [(order, record) for order, record in enumerate(records(text)) if _says_something(record.text)]
    numbers = [_slot_of(record.text) for _, record in noted]
    named = {number for number in numbers if number is not None}
    only = next(iter(named)) if len(named) == 1 else None
    histories: dict[int | None, _History] = {}
    for number, (order, record) in zip(numbers, noted, strict=True):
        goes_on = number is None and only in histories and only is not None
        history = histories.setdefault(only if goes_on else number, _History(number))
        if goes_on and _is_elsewhere(history, record.text):
            history = histories[only] = _History(None, warnings=[_MOVED])
        _note(history, record, order)
        if number is not None:
            history.slot = number
    return _read(histories)


_MOVED = "a later record, of another network, names no slot: what was told of a slot before it is left out"


def _says_something(text: str) -> bool:
    return any(word in text for word in _STATE_WORDS)


def _is_elsewhere(history: _History, text: str) -> bool:
    """Whether a record names another network than the slot is registered on."""
    reg = registration_in(text)
    service = service_state_in(text)
    plmns = [one.plmn for one in (reg, service, *(service.regs if service else registrations_in(text))) if one]
    return history.plmn is not None and any(plmn not in (None, history.plmn) for plmn in plmns)


def _read(histories: dict[int | None, _History]) -> Reading:
    newest_named = max((h.order for number, h in histories.items() if number is not None), default=-1)
    reading = Reading()
    for number, history in histories.items():
        if number is None and history.order < newest_named:
            history.service, history.regs, history.cells, history.channels = None, {}, [], []
        reading += _observe(history)
    return reading


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
        _note_service(history, service, record)
    elif reg := registration_in(text):
        history.take(reg, record.line)
    elif (operator := _OPERATOR.search(text)) is not None:
        plmn = parse_plmn(operator[1].rpartition(",")[2].strip())
        history.operator = str(plmn) if plmn else None
        return
    elif "CellInfo" in text and (cells := infos_in(text)):
        history.cells = cells
    elif regs := registrations_in(text):
        for one in regs:
            history.take(one, record.line)
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


def _note_service(history: _History, service: ServiceState, record: Record) -> None:
    """A service state is made of the answers before it: what it has no word for (denied, searching) it does not end."""
    if history.service and history.service.channel != service.channel:
        history.cells, history.channels = [], []  # of the cell that was left
    levels = {"cs": service.voice, "ps": service.data}
    own = {reg.domain for reg in service.regs}
    history.regs = {
        domain: reg
        for domain, reg in history.regs.items()
        if reg.registered is not True and domain not in own and levels.get(domain) not in (None, IN_SERVICE)
    }
    history.reg_lines = {domain: line for domain, line in history.reg_lines.items() if domain in history.regs}
    history.service = service
    cause = _DENIED.search(record.text)
    if cause and int(cause[1]) and service.data not in (None, IN_SERVICE) and not {"ps"} & (own | set(history.regs)):
        history.take(DomainReg("ps", "denied", cause=int(cause[1])), record.line)
    history.kept = set(history.regs)


def _observe(history: _History) -> Reading:
    service = history.service
    regs = tuple(_with_operator(reg, history.operator) for reg in history.regs.values())
    if service:
        # A registration that the modem told after the service state replaces that domain's entry in it.
        regs += tuple(reg for reg in service.regs if reg.domain not in history.regs)
    newer = history.regs.keys() - history.kept
    if service and newer:
        service = _without_levels(service, newer)
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


def _with_operator(reg: DomainReg, plmn: str | None) -> DomainReg:
    """The registration with the network of the OPERATOR answer, where it names none itself."""
    return replace(reg, plmn=plmn) if plmn and reg.registered and reg.plmn is None else reg


def _at_line(item: Observation, lines: dict[str, int]) -> Observation:
    """The fact with the line of the registration that told it: a domain's own, for cells and NR that of data."""
    domain = item.domain if isinstance(item, Registration) else "ps"
    line = lines.get(domain or "")
    return replace(item, source=Source(line=line)) if line else item


def _without_levels(service: ServiceState, newer: AbstractSet[str]) -> ServiceState:
    """The service state without what a newer registration has overtaken."""
    return replace(
        service,
        voice=None if "cs" in newer else service.voice,
        data=None if "ps" in newer else service.data,
        channel=None,
        widths_khz=(),
        plmn=None,
    )
