"""How Quectel modules are held to one band: +QNWPREFCFG on 5G modules, +QCFG="band" on the others.

Set forms: Quectel RG520N/RG525F/RG5x0F/RM5x0N manual section 5.22 and RG50xQ/RM5xxQ manual sections 5.22 to 5.24; for
LTE and LTE-M modules public tools and manuals, gathered under band locks. Lists are kept over a power cycle, so each
write wears the memory. Never sent: `restore_band` and `all_band_reset` (they bring the factory's list, not the one
before), an empty list, and +COPS as a radio cycle, which writes memory on 5G modules.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import C5GREG, BandLock, FreeItem, Locking, as_before, in_list, in_mask, watched
from harness.state.item import StateItem

from .bands_5g import UNISOC
from .models import FIVE_G, IOT
from .scans import NEIGHBOURS, SCANS_5G

if TYPE_CHECKING:
    from harness.observations import Rat
    from harness.probes.at.language.answer import Modem

_SERVING = ('AT+QENG="servingcell"', "AT+QNWINFO")
_NO_MASKS = (r"EC100\w*", r"EG91[0-9]\w*", r"UC\d\d\w*", r"BC\d\d\w*")
"""Modules whose masks have other fields, or are of other chips: nothing is documented for them here."""
_TWO_MASKS = (r"EC200\w*",)
_MEMORY = "the band list is kept in the modem's memory, which wears with each write"


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented for it."""
    if modem.model is None or modem.is_model(*_NO_MASKS):
        return None
    if modem.is_model(*UNISOC):
        return _UNISOC_LOCKS
    if modem.is_model(*_TWO_MASKS):
        return _TWO_MASK_LOCKS
    if modem.is_model(*FIVE_G):
        return _FIVE_G_LOCKS
    return _IOT_LOCKS if modem.is_model(*IOT) else _LTE_LOCKS


# 5G modules: lists of plain numbers.


def _listed(name: str, words: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read=f'AT+QNWPREFCFG="{name}"',
        answer=rf'^\+QNWPREFCFG:\s*"{name}",(?P<value>[\d:]+)\s*$',
        write=f'AT+QNWPREFCFG="{name}",{{value}}',
        values=r"[1-9]\d{0,2}(?::[1-9]\d{0,2})*",
        accepted=r"^OK",
        order=order,
        cannot=_empty,
    )


def _empty(value: str) -> str:
    return "" if in_list(value, ":") else "the list is empty, and an empty list must not be written"


def _only(_: str, band: int) -> str:
    return str(band)


_MODE = StateItem(
    name="mode_pref",
    words="the mode (mode_pref)",
    channel="at",
    read='AT+QNWPREFCFG="mode_pref"',
    answer=r'^\+QNWPREFCFG:\s*"mode_pref",(?P<value>[A-Z0-9:]+)\s*$',
    normal=str.upper,
    write='AT+QNWPREFCFG="mode_pref",{value}',
    values=r"AUTO|(?:WCDMA|LTE|NR5G)(?::(?:WCDMA|LTE|NR5G)){0,2}",
    accepted=r"^OK",
    order=20,
)
_BANDS = partial(in_list, separator=":")
_LISTS = (
    BandLock(
        rat="lte",
        item=_listed("lte_band", "the list of LTE bands (lte_band)", 40),
        only=_only,
        bands=_BANDS,
        beside=(("mode_pref", "LTE"),),
        serving=_SERVING,
    ),
    BandLock(
        rat="nr",
        item=_listed("nr5g_band", "the list of NR SA bands (nr5g_band)", 42),
        only=_only,
        bands=_BANDS,
        beside=(("mode_pref", "NR5G"),),
        registration=C5GREG,
        serving=_SERVING,
        lists=("nr", "nr_sa"),
    ),
)
_NR_SWITCH = StateItem(
    name="nr5g_disable_mode",
    words="the switch of NR's modes (nr5g_disable_mode)",
    channel="at",
    read='AT+QNWPREFCFG="nr5g_disable_mode"',
    answer=r'^\+QNWPREFCFG:\s*"nr5g_disable_mode",(?P<value>[012])\s*$',
    write='AT+QNWPREFCFG="nr5g_disable_mode",{value}',
    values=r"[012]",
    accepted=r"^OK",
    order=22,
)
_LEG = BandLock(
    rat="nr_nsa",
    item=_listed("nsa_nr5g_band", "the list of NR NSA bands (nsa_nr5g_band)", 44),
    only=_only,
    bands=_BANDS,
    # 1: no NR standalone, which would be chosen before an LTE cell with a leg.
    beside=(("lte_band", as_before), ("mode_pref", "LTE:NR5G"), ("nr5g_disable_mode", "1")),
    where_told=("nr5g_disable_mode",),
    serving=('AT+QENG="servingcell"', "AT+QCAINFO", "AT+QNWINFO", "AT+QENDC"),
)
"""The leg of EN-DC. Unisoc firmware has no such list: its one NR list is of both modes."""


def _bare_or_none(text: str) -> bool:
    """Unisoc firmware tells a free cell lock by the bare name."""
    return text in {"", ",0"}


def _unisoc_lock(name: str, words: str, key: str, rat: Rat) -> FreeItem:
    item = watched(name, words, f'AT+QNWLOCK="{key}"', rf'^\+QNWLOCK:\s*"{key}"(?P<value>.*?)\s*$')
    return FreeItem(item=item, is_free=_bare_or_none, rats=(rat,))


_UNISOC_LOCKS = Locking(
    beside=(_MODE,),
    locks=_LISTS,
    free=(
        _unisoc_lock("cell_lock", "the LTE cell lock (QNWLOCK)", "common/lte", "lte"),
        _unisoc_lock("lock_5g", "the NR cell lock (QNWLOCK)", "common/5g", "nr"),
    ),
    doubt="another cell lock (SPFORCEFRQ) cannot be read on this chip",
    memory=_MEMORY,
    never={"AT+SPFORCEFRQ": "it has no read form, so what it was before could not be put back"},
)
_FIVE_G_LOCKS = Locking(
    beside=(_MODE, _NR_SWITCH),
    locks=(*_LISTS, _LEG),
    free=(
        FreeItem(
            item=watched(
                "lock_4g",
                "the LTE cell lock (QNWLOCK)",
                'AT+QNWLOCK="common/4g"',
                r'^\+QNWLOCK:\s*"common/4g",(?P<value>\d+)',
            ),
            is_free="0".__eq__,
        ),
        FreeItem(
            item=watched(
                "lock_5g",
                "the NR cell lock (QNWLOCK)",
                'AT+QNWLOCK="common/5g"',
                r'^\+QNWLOCK:\s*"common/5g",(?P<value>\d+)',
            ),
            is_free="0".__eq__,
        ),
        FreeItem(
            item=watched(
                "lte_channels",
                "the LTE channel lock (lte_earfcn_lock)",
                'AT+QNWCFG="lte_earfcn_lock"',
                r'^\+QNWCFG:\s*"lte_earfcn_lock",(?P<value>\d+)',
            ),
            is_free="0".__eq__,
        ),
        FreeItem(
            item=watched(
                "nr_channels",
                "the NR channel lock (nr5g_earfcn_lock)",
                'AT+QNWCFG="nr5g_earfcn_lock"',
                r'^\+QNWCFG:\s*"nr5g_earfcn_lock",(?P<value>\d+)',
            ),
            is_free="0".__eq__,
        ),
        FreeItem(
            item=watched(
                "nr_switch",
                "the switch of NR (nr5g_disable_mode)",
                'AT+QNWPREFCFG="nr5g_disable_mode"',
                r'^\+QNWPREFCFG:\s*"nr5g_disable_mode",(?P<value>\d+)',
            ),
            is_free="1".__ne__,
            rats=("nr",),
        ),
    ),
    scans=SCANS_5G,
    memory=_MEMORY,
)


# LTE and LTE-M modules: masks, written without 0x; a field of 0 means "leave as it is", so a lock never writes one.


def _masks_as_written(text: str) -> str:
    fields = (one.strip().strip('"').lower().removeprefix("0x").lstrip("0") for one in text.split(","))
    return ",".join(one or "0" for one in fields)


def _mask_only(place: int, value: str, band: int) -> str | None:
    fields = value.split(",")
    if place >= len(fields):
        return None
    fields[place] = f"{1 << (band - 1):x}"
    return ",".join(fields)


def _mask_bands(place: int, value: str) -> frozenset[int] | None:
    fields = value.split(",")
    return in_mask(int(fields[place], 16)) if place < len(fields) else None


def _no_mask(value: str) -> str:
    fields = value.split(",")
    if len(fields) < 2:
        return "the answer has too few masks"
    return "the LTE mask is empty, and an empty mask must not be written" if fields[1] == "0" else ""


_MASKS = StateItem(
    name="band_masks",
    words='the band masks (QCFG "band")',
    channel="at",
    read='AT+QCFG="band"',
    answer=r'^\+QCFG:\s*"band",(?P<value>[0-9A-Fa-fx,]+)\s*$',
    normal=_masks_as_written,
    write='AT+QCFG="band",{value},1',
    values=r"[0-9a-f]{1,22},[1-9a-f][0-9a-f]{0,21}(?:,[0-9a-f]{1,22}){0,2}",
    accepted=r"^OK",
    order=40,
    cannot=_no_mask,
)


def _setting(name: str, words: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read=f'AT+QCFG="{name}"',
        answer=rf'^\+QCFG:\s*"{name}",(?P<value>\d)\s*$',
        write=f'AT+QCFG="{name}",{{value}},1',
        values=r"\d",
        accepted=r"^OK",
        order=order,
    )


_SCAN_MODE = _setting("nwscanmode", "the mode (nwscanmode)", 20)
_IOT_MODE = _setting("iotopmode", "the choice of LTE-M and NB-IoT (iotopmode)", 22)
_ONLY_LTE = ("nwscanmode", "3")


def _mask_lock(rat: Rat, place: int, *beside: tuple[str, str]) -> BandLock:
    return BandLock(
        rat=rat,
        item=_MASKS,
        only=partial(_mask_only, place),
        bands=partial(_mask_bands, place),
        beside=(_ONLY_LTE, *beside),
        serving=_SERVING,
    )


_CELL_LOCK = FreeItem(
    item=watched(
        "cell_lock",
        "the cell lock (QNWLOCK)",
        'AT+QNWLOCK="common/lte"',
        r'^\+QNWLOCK:\s*"common/lte",(?P<value>\d+)',
    ),
    is_free="0".__eq__,
)


# EC200x (ASR and Unisoc chips): two masks, and no field for when they take effect.


def _two_masks_only(value: str, band: int) -> str | None:
    return None if band > 64 else f"{value.partition(',')[0]},{1 << (band - 1):x}"


_TWO_MASKS_ITEM = StateItem(
    name="band_masks",
    words='the band masks (QCFG "band")',
    channel="at",
    read='AT+QCFG="band"',
    answer=r'^\+QCFG:\s*"band",(?P<value>[0-9A-Fa-fx]+,[0-9A-Fa-fx]+)\s*$',
    normal=_masks_as_written,
    write='AT+QCFG="band",{value}',
    values=r"[0-9a-f]{1,16},[1-9a-f][0-9a-f]{0,15}",
    accepted=r"^OK",
    order=40,
    cannot=_no_mask,
)
_TWO_MASK_LOCKS = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_TWO_MASKS_ITEM,
            only=_two_masks_only,
            bands=partial(_mask_bands, 1),
            beside=(_ONLY_LTE,),
            serving=_SERVING,
        ),
    ),
    beside=(_SCAN_MODE,),
    free=(_CELL_LOCK,),
    doubt="whether a write holds at once on these modules is not documented",
    memory=_MEMORY,
)
_LTE_LOCKS = Locking(
    locks=(_mask_lock("lte", 1),),
    beside=(_SCAN_MODE,),
    free=(_CELL_LOCK,),
    memory=_MEMORY,
    scans=NEIGHBOURS,
)
_IOT_LOCKS = Locking(
    locks=(_mask_lock("lte_m", 1, ("iotopmode", "0")), _mask_lock("nb_iot", 2, ("iotopmode", "1"))),
    beside=(_SCAN_MODE, _IOT_MODE),
    memory=_MEMORY,
)
