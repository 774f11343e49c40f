"""How an FM350-GL is held to one LTE band: +GTACT, one list for all technologies, lost at a restart.

The line is written whole: mode and preferences as read, the one LTE band, and every NR number as read, for what a line
without them means differs by firmware. Another cell lock can hold while +EMMCHLCK says 0, after a restart, so no
attach under a lock fails a band here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, FreeItem, Locking, watched
from harness.state.item import StateItem

from .fibocom_scans import SCANS

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

_LTE_MODES = {"2", "4", "17", "20"}
_BEFORE_BANDS = 3
"""Fields before the bands: mode and two preferences."""


def _is_lte(number: str) -> bool:
    # 100 and the band.
    return 100 < int(number) < 400


def _is_nr(number: str) -> bool:
    # 501 to 50512: the digits 50 before the band.
    return number.startswith("50") and len(number) > 2


def _only(before: str, band: int) -> str | None:
    fields = before.split(",")
    if fields[0] not in _LTE_MODES or len(fields) <= _BEFORE_BANDS:
        return None
    return ",".join((*fields[:_BEFORE_BANDS], str(100 + band), *filter(_is_nr, fields[_BEFORE_BANDS:])))


def _bands(value: str) -> frozenset[int] | None:
    numbers = [one for one in value.split(",")[_BEFORE_BANDS:] if _is_lte(one)]
    return frozenset(int(one) - 100 for one in numbers) or None


_GTACT = StateItem(
    name="gtact",
    words="modes and bands (GTACT)",
    channel="at",
    read="AT+GTACT?",
    answer=r"^\+GTACT:\s*(?P<value>\d{1,2},\d?,\d?(?:,\d{1,4})+)\s*$",
    write="AT+GTACT={value}",
    values=r"\d{1,2},\d?,\d?(?:,\d{1,4})+",
    accepted=r"^OK",
    kept_by="volatile",
    settles_s=20.0,
    order=40,
)
_LOCKING = Locking(
    locks=(BandLock(rat="lte", item=_GTACT, only=_only, bands=_bands, serving=("AT+GTCCINFO?", "AT+GTCAINFO?")),),
    free=(
        FreeItem(
            item=watched("cell_lock", "the cell lock (EMMCHLCK)", "AT+EMMCHLCK?", r"^\+EMMCHLCK:\s*(?P<value>\d)"),
            is_free="0".__eq__,
        ),
    ),
    doubt="this modem can hold a cell lock that it does not tell of, so that it found no cell says nothing",
    scans=SCANS,
    memory="the list is lost at a restart of the modem; data connections drop for some 20 s at each write",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented here."""
    return _LOCKING if modem.is_model(r"FM350") else None
