"""How ZTE MF28x are held to one LTE band: +ZNLOCKBAND, in force after a restart.

The set form has a field for the LTE mask alone; the other mask that the read form tells is watched, and never written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.locking import FORBIDDEN_NETWORKS, NETWORK_CHOICE, BandLock, Locking, in_mask, watched
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem


def _only(value: str, band: int) -> str | None:
    return None if band > 64 else f"{1 << (band - 1):x}"


def _bands(value: str) -> frozenset[int] | None:
    return in_mask(int(value, 16)) or None


def _as_written(text: str) -> str:
    return text.lower().lstrip("0") or "0"


def _cannot(value: str) -> str:
    return "the LTE mask is empty, and what a write of 0 leaves is another list" if value == "0" else ""


_MASK = StateItem(
    name="lte_mask",
    words="the LTE mask (ZNLOCKBAND)",
    channel="at",
    read="AT+ZNLOCKBAND?",
    answer=r"^\+ZNLOCKBAND:\s*(?P<value>[0-9A-Fa-f]{1,16}),",
    normal=_as_written,
    write="AT+ZNLOCKBAND=1,0,{value},0",
    values=r"[1-9a-f][0-9a-f]{0,15}",
    accepted=r"^OK",
    takes_effect="restart",
    restart="AT+CFUN=1,1",
    order=40,
    cannot=_cannot,
)
_OTHER = watched(
    "gw_mask",
    "the GSM and UMTS mask (ZNLOCKBAND)",
    "AT+ZNLOCKBAND?",
    r"^\+ZNLOCKBAND:\s*\S+?,\s*(?P<value>[0-9A-Fa-f]+)\s*$",
)
_LOCKING = Locking(
    locks=(BandLock(rat="lte", item=_MASK, only=_only, bands=_bands, serving=("AT+ZCELLINFO?",)),),
    watched=(NETWORK_CHOICE, FORBIDDEN_NETWORKS, _OTHER),
    doubt="the mode (ZSNT) is not set here, and it may have stayed on UMTS",
    memory="the mask is kept in the modem's memory, which wears with each write; the modem restarts for each band",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a modem; None where none is documented for it."""
    return _LOCKING if modem.is_model(r"\bMF\d{3}") else None
