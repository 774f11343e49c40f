"""`dumpsys isub` -> SIMs, their states and the network types that are allowed on them."""

from __future__ import annotations

import re

from harness.observations import NetworkMode, Reading, Sim, Source
from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .language.status_words import is_status
from .modes import allowed_of_reasons

_ENTRY = re.compile(r"(?:\{|\[SubscriptionInfo\w{0,12}:\s?)id=(\d{1,10})[, ]")
_SLOT = re.compile(r"simSlotIndex=(-?\d{1,3})(?!\d)")
_MCC = re.compile(r"\bmcc[ =](\d{1,3})(?!\d)[ ,]{1,2}mnc([ =])(\d{1,3})(?!\d)")
_CARRIER = re.compile(r"\bcarrierId=(-?\d{1,6})(?!\d)")
_NAME = re.compile(r"\bcarrierName=(.{0,80}?) (?:nameSource|isOpportunistic|dataRoaming|iconTint|displayNameSource)=")
_DISPLAY = re.compile(r"\bdisplayName=(.{0,80}?) (?:carrierName|nameSource)=")
_ALLOWED = re.compile(r"\ballowedNetworkTypesForReasons=([a-z_0-9=,]{1,200})(?=[ \]}])")
_STATE = re.compile(r"^[ \t]{0,20}mSimState\[(\d)\]=([A-Z_]{3,32})[ \t\r]*\n", re.M)
"""A last line without its end may be cut: `LOAD` is no state."""
ISUB_MARKS = ("AllSubInfoList", "ActiveSubInfoList", "simSlotIndex=", "mSimState[")


def read_isub(text: str) -> Reading:
    """SIMs of the subscriptions. One with a slot is in the device; one without (-1) is remembered, its SIM absent."""
    sims: dict[object, Sim] = {}
    modes: dict[int, NetworkMode] = {}
    states = {int(match[1]): match[2] for match in _STATE.finditer(text)}
    notes: list[str] = []
    for number, body, line in _entries(text):
        slot = _SLOT.search(body)
        if slot is None:
            continue
        inside = int(slot[1]) if int(slot[1]) >= 0 else None
        key: object = f"subscription {number}" if inside is None else inside
        if key in sims:
            continue
        sims[key] = _sim(body, inside, line, states)
        if inside is not None and (mode := _mode(body, inside, line, notes)):
            modes[inside] = mode
    if (last := text.rfind("simSlotIndex=")) >= 0 and "\n" not in text[last:] and text.rstrip()[-1:] not in "}]":
        notes.append("the last subscription is cut: it is not read")
    active = any(sim.slot is not None for sim in sims.values())
    if sims and not active:
        notes.append("no subscription is active")
    empty = [Sim(slot=slot, state="absent") for slot, word in states.items() if word == "ABSENT" and slot not in sims]
    return Reading((*sims.values(), *empty, *modes.values()), tuple(notes))


def _entries(text: str) -> list[tuple[str, str, int]]:
    """Id, text and line of each subscription; one that the end of the text cuts is left out."""
    found = list(_ENTRY.finditer(text))
    out = []
    line, at = 1, 0
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        line_end = text.find("\n", match.end(), end)
        body = text[match.start() : line_end if line_end >= 0 else end][:4000]
        line, at = line + text.count("\n", at, match.start()), match.start()
        if body[-1:] in "}]" or line_end >= 0:
            out.append((match[1], body, line))
    return out


def _sim(body: str, slot: int | None, line: int, states: dict[int, str]) -> Sim:
    # The user gives a SIM its name, which stands in front and may spell a code of its own.
    codes = next(reversed(list(_MCC.finditer(body))), None)
    plmn = None
    if codes:
        # "mcc 460 mnc 4": integers that lost the leading zero of the MNC.
        lost = codes[2] == " " or len(codes[3]) < 2 or len(codes[1]) < 3
        plmn = plmn_of_numbers(int(codes[1]), int(codes[3])) if lost else parse_plmn(codes[1] + codes[3])
    carrier = _CARRIER.search(body)
    word = states.get(slot, "UNKNOWN") if slot is not None else "ABSENT"
    return Sim(
        slot=slot,
        state=None if word == "UNKNOWN" else word.lower(),
        plmn=str(plmn) if plmn else None,
        operator=_operator(body, int(carrier[1]) if carrier else None) if slot is not None else None,
        carrier_id=int(carrier[1]) if carrier and int(carrier[1]) > 0 else None,
        source=Source(line=line),
    )


def _operator(body: str, carrier_id: int | None) -> str | None:
    """The carrier's name, which is the text of the status bar: where Android knows no carrier, the SIM must vouch for it."""
    match, shown = _NAME.search(body), _DISPLAY.search(body)
    if match is None or is_status(match[1]):
        return None
    name, display = match[1].casefold(), shown[1].strip().casefold() if shown else ""
    if carrier_id is not None and carrier_id <= 0 and not (display and (display in name or name in display)):
        return None
    return match[1]


def _mode(body: str, slot: int, line: int, notes: list[str]) -> NetworkMode | None:
    """What is allowed on a slot: the types that each reason (user, power, carrier, enable_2g) leaves."""
    match = _ALLOWED.search(body)
    found = allowed_of_reasons(match[1]) if match else None
    if match is None or found is None:
        return None
    rats, without_nr = found
    if "lte" in rats and without_nr:
        notes.append(f"slot {slot}: the allowed network types leave NR out (reason: {', '.join(without_nr)})")
    return NetworkMode(slot=slot, rats=rats, raw=match[1], source=Source(line=line))


def subscription_slots(text: str) -> dict[int, int]:
    """Subscription id -> slot of the subscriptions that are in the device now."""
    found: dict[int, int] = {}
    for match in _ENTRY.finditer(text):
        slot = _SLOT.search(text, match.end(), match.end() + 400)
        if slot and int(slot[1]) >= 0:
            found.setdefault(int(match[1]), int(slot[1]))
    return found
