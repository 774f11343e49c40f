"""`dumpsys isub` -> SIMs, `dumpsys connectivity` -> registration words, `dumpsys carrier_config` -> services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Reading, Registration, Service, Sim, Source
from harness.radio.plmn import parse_plmn, plmn_of_numbers

from .words import is_iwlan, rat_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.observations import RegistrationState

_ENTRY = re.compile(r"(?:\{|\[SubscriptionInfo\w{0,12}:\s?)id=(\d{1,10})[, ]")
_SLOT = re.compile(r"simSlotIndex=(-?\d{1,3})(?!\d)")
_MCC = re.compile(r"\bmcc[ =](\d{1,3})(?!\d)[ ,]{1,2}mnc([ =])(\d{1,3})(?!\d)")
_CARRIER = re.compile(r"\bcarrierId=(-?\d{1,6})(?!\d)")
_NAME = re.compile(r"\bcarrierName=(.{0,80}?) (?:nameSource|isOpportunistic|dataRoaming|iconTint|displayNameSource)=")
ISUB_MARKS = ("AllSubInfoList", "ActiveSubInfoList", "simSlotIndex=")


def read_isub(text: str) -> Reading:
    """SIMs of the subscriptions. One with a slot is in the device; one without (-1) is remembered, its SIM absent."""
    entries = list(_ENTRY.finditer(text))
    sims: dict[object, Sim] = {}
    for index, match in enumerate(entries):
        end = entries[index + 1].start() if index + 1 < len(entries) else len(text)
        line_end = text.find("\n", match.end(), end)
        body = text[match.start() : line_end if line_end >= 0 else end][:4000]
        slot = _SLOT.search(body)
        if slot is None or (body[-1:] not in "}]" and line_end < 0):
            continue
        inside = int(slot[1]) >= 0
        key: object = int(slot[1]) if inside else f"subscription {match[1]}"
        if key not in sims:
            line = text.count("\n", 0, match.start()) + 1
            sims[key] = _sim(body, int(slot[1]) if inside else None, line)
    warnings = () if any(sim.slot is not None for sim in sims.values()) else ("no subscription is active",)
    return Reading(tuple(sims.values()), warnings if sims else ())


def _sim(body: str, slot: int | None, line: int) -> Sim:
    codes = _MCC.search(body)
    plmn = None
    if codes:
        # "mcc 460 mnc 4": integers that lost the leading zero of the MNC.
        lost = codes[2] == " " or len(codes[3]) < 2 or len(codes[1]) < 3
        plmn = plmn_of_numbers(int(codes[1]), int(codes[3])) if lost else parse_plmn(codes[1] + codes[3])
    carrier = _CARRIER.search(body)
    name = _NAME.search(body)
    return Sim(
        slot=slot,
        state=None if slot is not None else "absent",
        plmn=str(plmn) if plmn else None,
        operator=name[1] if name and slot is not None else None,
        carrier_id=int(carrier[1]) if carrier and int(carrier[1]) > 0 else None,
        source=Source(line=line),
    )


def subscription_slots(text: str) -> dict[int, int]:
    """Subscription id -> slot of the subscriptions that are in the device now."""
    found: dict[int, int] = {}
    for match in _ENTRY.finditer(text):
        slot = _SLOT.search(text, match.end(), match.end() + 400)
        if slot and int(slot[1]) >= 0:
            found.setdefault(int(match[1]), int(slot[1]))
    return found


_AGENT = re.compile(r"NetworkAgentInfo\s?\{")
_MOBILE = re.compile(r"\bMOBILE\[([A-Za-z0-9_+ \-]{1,20})\]")
_SUB_ID = re.compile(r"mSubId ?= ?(\d{1,9})(?!\d)")


def read_connectivity(text: str, slots: Mapping[int, int] | None = None) -> Reading:
    """Data registration of each subscription that has a connected cellular network.

    The text names subscriptions, not slots; `slots` (subscription id -> slot, from isub) tells them.
    """
    starts = [match.start() for match in _AGENT.finditer(text)]
    found: dict[Registration, None] = {}
    for index, start in enumerate(starts):
        body = text[start : starts[index + 1] if index + 1 < len(starts) else len(text)][:8000]
        match = _MOBILE.search(body)
        if match is None or is_iwlan(match[1]) or rat_of(match[1]) is None:
            continue
        state = body[match.end() : match.end() + 200]
        if not re.match(r"[ ,]{1,2}(?:state: )?CONNECTED\b", state):
            continue
        away = _roaming(state, body)
        word: RegistrationState = "unknown" if away is None else "roaming" if away else "home"
        sub = _SUB_ID.search(body)
        slot = slots.get(int(sub[1])) if slots and sub else None
        found[Registration(slot=slot, domain="ps", state=word, rat=rat_of(match[1]))] = None
    return Reading(tuple(found))


def _roaming(state: str, body: str) -> bool | None:
    info = state.partition("}")[0]
    if re.search(r"\bROAMING\b|roaming: true", info):
        return True
    if "roaming: false" in info or "NOT_ROAMING" in body:
        return False
    return None


_NR_KEY = "carrier_nr_availabilities_int_array"
_NR = re.compile(rf"\n[ \t]{{0,20}}{_NR_KEY} ?= ?\[([\d, ]{{0,20}})\]")
_BLOCK = re.compile(r"\n[ \t]{0,20}(?:Phone Id|CarrierConfigLoader|Phone) ?[=:]? ?(\d)")


def read_carrier_config(text: str) -> Reading:
    """Which 5G modes the carrier's configuration allows (1 NSA, 2 SA): configuration, not capability."""
    if _NR_KEY not in text:
        return Reading()
    text = "\n" + text  # a line end is found faster than the begin of a line
    blocks = [(match.start(), int(match[1])) for match in _BLOCK.finditer(text)]
    found: dict[int | None, Service] = {}
    for match in _NR.finditer(text):
        slot = next((number for at, number in reversed(blocks) if at < match.start()), None)
        modes = [{"1": "nsa", "2": "sa"}.get(item.strip()) for item in match[1].split(",")]
        state = ",".join(mode for mode in modes if mode) or "none"
        line = text.count("\n", 0, match.end())
        found.setdefault(
            slot, Service(slot=slot, name="carrier_nr_availabilities", state=state, source=Source(line=line))
        )
    return Reading(tuple(found.values()))
