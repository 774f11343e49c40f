"""How ASR (Marvell) modems are held to one LTE band: *BAND, one line of mode, masks, roaming and domain.

Masks count in mode 5, LTE alone, only; the high LTE word stands before the low one. Roaming and domain are written as they
were read: left out, they made some cards register no more. A bare mode resets the masks, and is never sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_mask
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

_LTE_ONLY = "5"
_HIGH, _LOW = 3, 4
_WORD = 32


def _only(value: str, band: int) -> str | None:
    fields, mask = value.split(","), 1 << (band - 1)
    if mask >> 2 * _WORD:
        return None
    fields[0], fields[_HIGH], fields[_LOW] = _LTE_ONLY, str(mask >> _WORD), str(mask & (1 << _WORD) - 1)
    return ",".join(fields)


def _bands(value: str) -> frozenset[int] | None:
    fields = value.split(",")
    return in_mask(int(fields[_HIGH]) << _WORD | int(fields[_LOW])) or None


def _as_written(text: str) -> str:
    return text.replace(" ", "")


_BAND = StateItem(
    name="band",
    words="modes and bands (*BAND)",
    channel="at",
    read="AT*BAND?",
    answer=r"^\*BAND:\s*(?P<value>\d{1,2}(?:,\s*\d{1,10}){7})\s*$",
    normal=_as_written,
    write="AT*BAND={value}",
    values=r"\d{1,2}(?:,\d{1,10}){7}",
    accepted=r"^OK",
    takes_effect="restart",
    restart="AT+CFUN=1,1",
    order=40,
)


def _locking(serving: tuple[str, ...]) -> Locking:
    return Locking(
        locks=(BandLock(rat="lte", item=_BAND, only=_only, bands=_bands, serving=serving),),
        memory="modes and masks are kept in the modem's memory, which wears with each write; it restarts for each band",
        never={"AT*BAND=<mode>": "it resets the masks"},
    )


_ASR = _locking(("AT+EEMGINFO?", "AT*BANDIND?"))
_OPENLUAT = _locking(("AT+CCED=0,1", "AT*BANDIND?"))


def locking(modem: Modem) -> Locking | None:
    """The locks of a modem."""
    return _OPENLUAT if modem.is_model(r"\bAir7[28]\d") else _ASR
