"""How Intel XMM modems (own, or in Fibocom's L8xx) are held to one LTE band: +XACT, a mode and one list for all.

Mode 2 leaves LTE alone; the UMTS numbers stay in the line then, and are written as they were read, with an empty second
preference, as the modem itself prints a line in that mode. A list of 0 means the module's own, which is not the one before,
so it is never written and never left behind.
"""

from __future__ import annotations

from harness.probes.at.locking import BandLock, Locking
from harness.state.item import StateItem

_BEFORE_BANDS = 3
_LTE_MODE = "2,2,"
_ALL = "0"


def _is_lte(text: str) -> bool:
    return 100 < int(text) < 300


def _only(value: str, band: int) -> str:
    others = [one for one in value.split(",")[_BEFORE_BANDS:] if not _is_lte(one)]
    return ",".join((_LTE_MODE, *others, str(100 + band)))


def _bands(value: str) -> frozenset[int] | None:
    return frozenset(int(one) - 100 for one in value.split(",")[_BEFORE_BANDS:] if _is_lte(one)) or None


def _cannot(value: str) -> str:
    if _ALL in value.split(",")[_BEFORE_BANDS:]:
        return "it tells no list but the module's own, which another write may change"
    return "" if _bands(value) else "it tells no LTE bands"


def _as_written(text: str) -> str:
    return text.replace(" ", "")


_XACT = StateItem(
    name="xact",
    words="modes and bands (XACT)",
    channel="at",
    read="AT+XACT?",
    answer=r"^\+XACT:\s*(?P<value>[0-6],\s*\d?,\s*\d?(?:,\s*\d{1,4})+)\s*$",
    normal=_as_written,
    write="AT+XACT={value}",
    values=r"[0-6],\d?,\d?(?:,[1-9]\d{0,3})+",
    accepted=r"^OK",
    order=40,
    cannot=_cannot,
)
LOCKING = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_XACT,
            only=_only,
            bands=_bands,
            serving=("AT+XMCI=1", "AT+XLEC?", "AT+XCCINFO?"),
        ),
    ),
    memory="modes and bands are kept in the modem's memory, which wears with each write",
)
