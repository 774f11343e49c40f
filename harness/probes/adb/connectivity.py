"""`dumpsys connectivity` -> registration words, `dumpsys carrier_config` -> which 5G modes are allowed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Reading, Registration, Service, Source

from .language.words import is_iwlan, rat_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from harness.observations import RegistrationState

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
