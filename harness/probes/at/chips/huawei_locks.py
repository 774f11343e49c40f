"""How Huawei modems are held to one LTE band: ^SYSCFGEX on the Balong of sticks and M.2 cards, ^LTEFREQLOCK on 5G ones.

^SYSCFGEX carries order, GSM and UMTS bands, roaming and domain in one line: all but order and LTE mask are written as they
were read, for tools that put constants there change who may roam. ^LTEFREQLOCK is written with the radio off (MT5700M AT
manual 13.12); a lock that is in force there is none that could be written back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_mask
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.probes.at.language.answer import Modem

_NO_CHANGE = 0x40000000
_LTE_PLACE = 4


def _as_written(text: str) -> str:
    order, *numbers = (one.strip() for one in text.split(","))
    return ",".join((order, *(one.upper() for one in numbers)))


def _only(value: str, band: int) -> str | None:
    fields = value.split(",")
    if band > 64:
        return None
    return ",".join(('"03"', *fields[1:_LTE_PLACE], f"{1 << (band - 1):X}"))


def _bands(value: str) -> frozenset[int] | None:
    return in_mask(int(value.split(",")[_LTE_PLACE], 16)) or None


def _cannot(value: str) -> str:
    mask = int(value.split(",")[_LTE_PLACE], 16)
    return "the LTE mask tells no bands" if mask in {0, _NO_CHANGE} else ""


_SYSCFGEX = StateItem(
    name="syscfgex",
    words="modes and bands (SYSCFGEX)",
    channel="at",
    read="AT^SYSCFGEX?",
    answer=r'^\^SYSCFGEX:\s*(?P<value>"(?:\d\d){1,8}",\s*[0-9A-Fa-f]{1,16},\s*\d,\s*\d,\s*[0-9A-Fa-f]{1,16})\s*,*\s*$',
    normal=_as_written,
    write="AT^SYSCFGEX={value},,",
    values=r'"(?:\d\d){1,8}",[0-9A-F]{1,16},\d,\d,[1-9A-F][0-9A-F]{0,15}',
    accepted=r"^OK",
    settles_s=20.0,
    order=40,
    cannot=_cannot,
)
_BALONG = Locking(
    locks=(BandLock(rat="lte", item=_SYSCFGEX, only=_only, bands=_bands, serving=("AT^HFREQINFO?", "AT^MONSC")),),
    memory="modes and bands are kept in the modem's memory, which wears with each write; a stick in its debug mode may "
    "lose its AT ports at a write",
)

_FREE = "0"


def _lock_as_written(text: str) -> str:
    fields = [one.strip() for one in text.split(",", 3)]
    if fields[0] == _FREE:
        return _FREE
    bands = fields[3].strip('"') if len(fields) > 3 else ""
    return f'3,{fields[1]},{fields[2]},"{bands}"' if fields[0] == "3" and re.fullmatch(r"[\d,]+", bands) else text


def _lock_only(_: str, band: int) -> str:
    return f'3,0,1,"{band}"'


def _lock_bands(value: str) -> frozenset[int] | None:
    told = re.fullmatch(r'3,\d,\d+,"([\d,]+)"', value)
    return frozenset(map(int, filter(None, told[1].split(",")))) if told else None


_FREQUENCY_LOCK = StateItem(
    name="lte_frequency_lock",
    words="the LTE frequency lock (LTEFREQLOCK)",
    channel="at",
    read="AT^LTEFREQLOCK?",
    answer=r'^\^LTEFREQLOCK:\s*(?P<value>\d,\d,\d+,".*)$',
    normal=_lock_as_written,
    write="AT^LTEFREQLOCK={value}",
    values=r'0|3,[01],[1-9]\d?,"[1-9]\d{0,2}(?:,[1-9]\d{0,2}){0,19}"',
    accepted=r"^OK",
    takes_effect="radio_cycle",
    needs=(("radio", "0"),),
    order=40,
)
_FIVE_G = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_FREQUENCY_LOCK,
            only=_lock_only,
            bands=_lock_bands,
            serving=("AT^HFREQINFO?", "AT^MONSC"),
            while_off=True,
        ),
    ),
    off="0",
    doubt="NR stays on, and it may have stayed there",
    memory="whether the lock is kept over power-off is not documented",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a modem."""
    return _FIVE_G if modem.is_model(r"MT5700", r"MH5000") else _BALONG
