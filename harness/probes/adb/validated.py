"""Android's own proof of data: which cellular networks `dumpsys connectivity` tells to be validated.

VALIDATED says that a probe of Android's came back over this network. It says nothing where probes are switched off, of a
network that was there before, of IMS (validated without the internet) and of a VPN, which lists the transport below it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_AGENT = re.compile(r"NetworkAgentInfo\s?\{")
_NUMBER = re.compile(r"\bnetwork\{(\d{1,9})\}")
_NC = re.compile(r"\bnc\{\[? ?Transports: ([A-Z_&|]{1,80}) Capabilities: ([A-Z0-9_&]{1,600})(?=[ \]}])")
_CONNECTED = re.compile(r"\bni\{[^}]{0,120}?(?:\] |state: )CONNECTED\b")
_SUB = re.compile(r"\bmSubId ?= ?(\d{1,9})(?!\d)|\bSubscriptionIds: \{(\d{1,9})\}")
_HISTORY = re.compile(
    r"^[ \t]{0,20}(?:mNetworkRequestInfoLogs|Network Requests:|mNetworkInfoBlockingLogs|[\w ]{0,40}Logs?:)", re.M
)
_NEEDED = frozenset({"INTERNET", "NOT_VPN"})
_AGAINST = frozenset({"CAPTIVE_PORTAL", "PARTIAL_CONNECTIVITY", "SUSPENDED"})
PROBES = "settings get global captive_portal_mode"
"""Whether Android probes at all: with 0 it takes every network for validated (Settings.Global.CAPTIVE_PORTAL_MODE_IGNORE)."""


@dataclass(frozen=True, slots=True)
class CellularNetwork:
    """One cellular network with the internet. `number`: Android's own, which no later network has again; `sub`: of which
    subscription."""

    number: int
    sub: int | None
    validated: bool


def cellular_networks(text: str) -> tuple[CellularNetwork, ...]:
    """Those that are connected, by number; one that is told in two ways counts as not validated."""
    if (history := _HISTORY.search(text)) is not None:
        text = text[: history.start()]
    starts = [match.start() for match in _AGENT.finditer(text)]
    found: dict[int, CellularNetwork] = {}
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(text)
        one = _network(text[start:end][:8000])
        if one is not None:
            before = found.get(one.number)
            found[one.number] = one if before is None or one == before else CellularNetwork(one.number, None, False)
    return tuple(found.values())


def numbers_in(text: str) -> frozenset[int]:
    """The number of every network that is told, whatever it is."""
    return frozenset(int(match[1]) for match in _NUMBER.finditer(text))


def probes_are_on(text: str) -> bool | None:
    """Whether Android probes its networks, by the answer to `PROBES`; None where that is not told."""
    told = text.strip()
    return None if told not in {"null", "0", "1", "2"} else told != "0"


def _network(body: str) -> CellularNetwork | None:
    number, told = _NUMBER.search(body), _NC.search(body)
    if number is None or told is None or _CONNECTED.search(body) is None:
        return None
    words = set(told[2].split("&"))
    if told[1] != "CELLULAR" or not words >= _NEEDED:
        return None
    sub = _SUB.search(body)
    return CellularNetwork(
        int(number[1]), int(sub[1] or sub[2]) if sub else None, "VALIDATED" in words and not words & _AGAINST
    )
