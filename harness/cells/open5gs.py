"""Open5GS's core as a witness: which devices its MME or AMF has registered. It switches nothing.

Its information API (HTTP, port 9090 of MME and AMF) lists devices that are registered; a reject is not listed. Identities are
compared as hashes, never kept or shown.
"""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

from harness.errors import LinkError

from .source import AirWord, NetworkWord

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .web import WebChannel

ASK_S = 10.0
DEVICES = "/ue-info"
_NR, _LTE = frozenset({"nr"}), frozenset({"lte", "lte_m", "nb_iot", "nr_nsa"})


class Open5gsWitness:
    """One MME (LTE) or AMF (`nr`). What it does not list it does not know: then it says nothing."""

    name = "Open5GS"

    def __init__(self, channel: WebChannel, *, nr: bool = False) -> None:
        self._channel = channel
        self._rats = _NR if nr else _LTE
        self._before: frozenset[str] | None = None

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """A core has no bands."""
        return None

    def on(self, rat: str, band: int) -> AirWord:
        """Note who is registered before."""
        self._before = self._registered() if rat in self._rats else None
        return AirWord(None)

    def off(self, rat: str, band: int) -> None:
        """Nothing is switched."""

    def on_air(self, rat: str, band: int) -> AirWord:
        """Not told."""
        return AirWord(None)

    def network(self, rat: str, band: int) -> NetworkWord:
        """A device that was not registered before and is now; with nobody registered, none."""
        registered = self._registered() if rat in self._rats else None
        if registered is None or self._before is None:
            return NetworkWord(None)
        new = registered - self._before
        attached = True if new else False if not registered else None
        return NetworkWord(attached, f"{self.name}: {len(registered)} registered, {len(new)} of them new")

    def reset(self) -> None:
        """Nothing was changed."""

    def close(self) -> None:
        """Nothing is held."""

    def _registered(self) -> frozenset[str] | None:
        """The registered devices as hashes; None where the list cannot be read, or is not all of it."""
        try:
            text = self._channel.ask(DEVICES, deadline_s=time.monotonic() + ASK_S).text
        except LinkError:
            return None
        try:
            told = json.loads(text)
        except ValueError:
            return None
        return registered_of(told)


def registered_of(told: Any) -> frozenset[str] | None:
    """The devices that a list names as registered; None where its form is not known, or it is one page of several."""
    pager = told.get("pager") if isinstance(told, dict) else None
    items = told.get("items") if isinstance(told, dict) else told
    if not isinstance(items, list) or (isinstance(pager, dict) and not _is_whole(pager, len(items))):
        return None
    found = set()
    for one in items:
        state = str(one.get("rm_state", "")).lower() if isinstance(one, dict) else ""
        name = str(one.get("supi") or one.get("imsi") or "") if isinstance(one, dict) else ""
        if state not in {"registered", "deregistered"} or not name:
            return None
        if state == "registered":
            found.add(hashlib.sha256(name.encode()).hexdigest())
    return frozenset(found)


def _is_whole(pager: Mapping[str, Any], shown: int) -> bool:
    """Whether a page is the only one."""
    size = pager.get("page_size")
    return not pager.get("page") and not (isinstance(size, int) and 0 < size <= shown)
