"""How Altair's LTE-M chips (ALT12xx, Type 1SC) are held to one band: %SETCFG "BAND", in force after ATZ.

ATZ is a reboot on these chips and no reset of a profile; %BOOTEV:0 tells that they are ready again.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_list
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem


def _only(_: str, band: int) -> str:
    return str(band)


def _as_written(text: str) -> str:
    return text.replace(" ", "")


_BANDS = StateItem(
    name="bands",
    words='the list of bands (SETCFG "BAND")',
    channel="at",
    read='AT%GETCFG="BAND"',
    answer=r'^(?:%GETCFG:\s*)?"?(?i:BANDS?)"?\s*[:=]\s*"?(?P<value>\d[\d, ]*)"?\s*$',
    normal=_as_written,
    write='AT%SETCFG="BAND","{value}"',
    values=r"[1-9]\d{0,2}(?:,[1-9]\d{0,2})*",
    accepted=r"^OK",
    takes_effect="restart",
    restart="ATZ",
    order=40,
)
_LOCKING = Locking(
    locks=(BandLock(rat="lte", item=_BANDS, only=_only, bands=partial(in_list, separator=","), serving=("AT%PCONI",)),),
    memory="the list is kept in the module's memory, which wears with each write; the module restarts for each band",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented for it."""
    return _LOCKING if modem.is_model(r"\bALT12\d\d", r"TYPE\s?1SC") else None
