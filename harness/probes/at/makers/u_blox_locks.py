"""How u-blox SARA-R4, R5 and N4 are held to one band: +UBANDMASK, one set a technology, in force after a restart.

u-blox UX-17003787: one line tells all technologies, each is written by itself, in decimals. An operator's profile (+UMNOPROF)
can own the bands: then even the read form is refused, and nothing is written; the profile is never changed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import BandLock, Locking, in_mask, setting
from harness.state.item import StateItem

from .u_blox_masks import rat_masks

if TYPE_CHECKING:
    from harness.observations import Rat
    from harness.probes.at.language.answer import Modem

_WORD = 64
_MODES = {"lte_m": "7", "nb_iot": "8"}


def _own_words(number: int, text: str) -> str:
    """The words of one technology in a line of all; empty where the line can be cut in several ways, or has none."""
    values = [int(one) for one in text.split(",")]
    readings = [(width, dict(cut)) for width in (1, 2) for cut in rat_masks(values, (width,))]
    if len(readings) != 1 or number not in readings[0][1]:
        return ""
    width, masks = readings[0]
    return _spelled(masks[number], width)


def _spelled(mask: int, words: int) -> str:
    return ",".join(str(mask >> _WORD * place & (1 << _WORD) - 1) for place in range(words))


def _only(value: str, band: int) -> str | None:
    words, mask = value.count(",") + 1, 1 << (band - 1)
    return None if mask >> _WORD * words else _spelled(mask, words)


def _bands(value: str) -> frozenset[int] | None:
    if not value:
        return None
    return in_mask(sum(int(word) << _WORD * place for place, word in enumerate(value.split(",")))) or None


def _cannot(value: str) -> str:
    return "" if _bands(value) else "its mask cannot be told, or is empty, and an empty mask must not be written"


def _item(number: int, name: str, restart: str) -> StateItem:
    other = "nb_iot_mask" if number == 0 else "lte_m_mask"
    return StateItem(
        name="lte_m_mask" if number == 0 else "nb_iot_mask",
        words=f"the mask of {name} bands (UBANDMASK, which an operator's profile may forbid)",
        channel="at",
        read="AT+UBANDMASK?",
        answer=r"^\+UBANDMASK:\s*(?P<value>\d{1,20}(?:,\s*\d{1,20}){1,8})\s*$",
        normal=partial(_own_words, number),
        write=f"AT+UBANDMASK={number},{{value}}",
        values=r"\d{1,20}(?:,\d{1,20})?",
        accepted=r"^OK",
        takes_effect="restart",
        restart=restart,
        couples=(other,),
        order=40 + 2 * number,
        cannot=_cannot,
    )


def _lock(rat: Rat, item: StateItem) -> BandLock:
    return BandLock(
        rat=rat,
        item=item,
        only=_only,
        bands=_bands,
        beside=(("urat", _MODES[rat]),),
        serving=("AT+UCGED?",),
        called=("lte",),
    )


@cache
def _locking(restart: str) -> Locking:
    items = [_item(number, name, restart) for number, name in enumerate(("LTE-M", "NB-IoT"))]
    mode = setting(
        "urat",
        "the mode (URAT, which an operator's profile may forbid)",
        "+URAT",
        r"\d{1,2}(?:,\d{1,2}){0,3}",
        20,
        restart=restart,
    )
    return Locking(
        locks=(_lock("lte_m", items[0]), _lock("nb_iot", items[1])),
        # It is written while the modem is not registered only.
        beside=(replace(mode, needs=(("radio", "4"),)),),
        memory="masks and mode are kept in the module's memory, which wears with each write, and decide what it declares "
        "to networks; the module restarts for each band",
        never={"AT+UMNOPROF": "a profile brings bands and modes of its own"},
    )


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented for it, or it chooses bands by MHz."""
    if modem.is_model(r"SARA-R5"):
        return _locking("AT+CFUN=16")
    return _locking("AT+CFUN=15") if modem.is_model(r"SARA-[RN]4") else None
