"""How SIMCom modules are held to one band: +CBANDCFG, +CNBP or +CSYSSEL by series, all kept in the module.

SIM7000, SIM7070 and SIM7080 have a list a technology (+CBANDCFG), SIM75xx, SIM76xx and A76xx one line of masks (+CNBP),
SIM82xx and SIM83xx lists with colons (+CSYSSEL). A76xx takes masks at a restart.

A list with a band that the module lacks is refused as a whole; without a list the command answers OK to what nobody
knows, so it is never sent. A cell that is still allowed is kept: only a radio cycle shows that the list holds.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from harness.probes.at.locking import C5GREG, BandLock, Locking, as_before, in_list, in_mask, setting
from harness.state.item import StateItem

if TYPE_CHECKING:
    from harness.observations import Rat
    from harness.probes.at.language.answer import Modem


def _list(name: str, words: str, word: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read="AT+CBANDCFG?",
        answer=rf'^\+CBANDCFG:\s*"{word}",(?P<value>\d[\d,]*)\s*$',
        write=f'AT+CBANDCFG="{word}",{{value}}',
        values=r"[1-9]\d{0,2}(?:,[1-9]\d{0,2})*",
        accepted=r"^OK",
        takes_effect="next_search",
        order=order,
    )


def _only(_: str, band: int) -> str:
    return str(band)


def _lock(rat: Rat, item: StateItem, narrow: str) -> BandLock:
    return BandLock(
        rat=rat,
        item=item,
        only=_only,
        bands=partial(in_list, separator=","),
        beside=(("cnmp", "38"), ("cmnb", narrow)),
        serving=("AT+CPSI?",),
    )


_NARROW = Locking(
    locks=(
        _lock("lte_m", _list("cat_m_bands", "the list of LTE-M bands (CBANDCFG)", "CAT-M", 40), "1"),
        _lock("nb_iot", _list("nb_iot_bands", "the list of NB-IoT bands (CBANDCFG)", "NB-IOT", 42), "2"),
    ),
    beside=(
        setting("cnmp", "the mode (CNMP)", "+CNMP", r"2|13|38|51", 20),
        setting("cmnb", "the choice of LTE-M and NB-IoT (CMNB)", "+CMNB", r"[123]", 22),
    ),
    memory="the band list is kept in the module's memory, which wears with each write, and goes with it to other boards",
)


# SIM75xx, SIM76xx, A76xx: one line of masks with 0x.

_HEX = r"0[xX][0-9A-Fa-f]{1,64}"
_CELL_DOUBT = "whether a cell is locked is not read here: what +CCELLCFG tells without one is not documented"


def _masks_as_written(text: str) -> str:
    fields = (one.strip() for one in text.split(","))
    return ",".join(f"0x{one[2:].upper()}" for one in fields)


def _masks_only(value: str, band: int) -> str | None:
    fields, mask = value.split(","), 1 << (band - 1)
    digits = len(fields[1]) - 2
    if mask.bit_length() > 4 * digits:
        return None
    fields[1] = f"0x{mask:0{digits}X}"
    return ",".join(fields)


def _masks_bands(value: str) -> frozenset[int] | None:
    return in_mask(int(value.split(",")[1], 16)) or None


def _no_mask(value: str) -> str:
    return "" if _masks_bands(value) else "the LTE mask is empty, and an empty mask must not be written"


def _masks(restart: str) -> Locking:
    item = StateItem(
        name="cnbp",
        words="the band masks (CNBP)",
        channel="at",
        read="AT+CNBP?",
        answer=rf"^\+CNBP:\s*(?P<value>{_HEX}(?:,\s*{_HEX}){{1,4}})\s*$",
        normal=_masks_as_written,
        write="AT+CNBP={value}",
        values=r"0x[0-9A-F]{1,64}(?:,0x[0-9A-F]{1,64}){1,4}",
        accepted=r"^OK",
        takes_effect="restart" if restart else "now",
        restart=restart,
        order=40,
        cannot=_no_mask,
    )
    return Locking(
        locks=(
            BandLock(
                rat="lte",
                item=item,
                only=_masks_only,
                bands=_masks_bands,
                beside=(("cnmp", "38"),),
                serving=("AT+CPSI?",),
            ),
        ),
        beside=(setting("cnmp", "the mode (CNMP)", "+CNMP", r"\d{1,3}", 20),),
        doubt=_CELL_DOUBT,
        memory="the band masks are kept in the module's memory, which wears with each write"
        + ("; the module restarts for each band" if restart else ""),
    )


_WIDE = _masks("")
_ASR = _masks("AT+CFUN=1,1")


# SIM82xx, SIM83xx: lists with colons.


def _system_list(name: str, words: str, order: int) -> StateItem:
    return StateItem(
        name=name,
        words=words,
        channel="at",
        read=f'AT+CSYSSEL="{name}"',
        answer=rf'^\+CSYSSEL:\s*"?{name}"?\s*,\s*(?P<value>\d[\d:]*)\s*$',
        write=f'AT+CSYSSEL="{name}",{{value}}',
        values=r"[1-9]\d{0,2}(?::[1-9]\d{0,2})*",
        accepted=r"^OK",
        order=order,
        cannot=_damaged,
    )


def _damaged(value: str) -> str:
    """Digits of a long list were seen to be lost on their way."""
    bands = [int(one) for one in value.split(":")]
    return "" if bands == sorted(set(bands)) else "the list is out of order, so digits of it were lost on their way"


_FIVE_G = Locking(
    locks=(
        BandLock(
            rat="lte",
            item=_system_list("lte_band", "the list of LTE bands (CSYSSEL)", 40),
            only=_only,
            bands=partial(in_list, separator=":"),
            beside=(("cnmp", "38"),),
            serving=("AT+CPSI?",),
        ),
        BandLock(
            rat="nr",
            item=_system_list("nr5g_band", "the list of NR SA bands (CSYSSEL)", 42),
            only=_only,
            bands=partial(in_list, separator=":"),
            beside=(("cnmp", "71"),),
            registration=C5GREG,
            serving=("AT+CPSI?",),
            lists=("nr", "nr_sa"),
        ),
        BandLock(
            rat="nr_nsa",
            item=_system_list("nsa_nr5g_band", "the list of NR NSA bands (CSYSSEL)", 44),
            only=_only,
            bands=partial(in_list, separator=":"),
            # 109: LTE and NR. How NR standalone is switched off is not documented: where that is chosen, it is told.
            beside=(("lte_band", as_before), ("cnmp", "109")),
            serving=("AT+CPSI?",),
        ),
    ),
    beside=(setting("cnmp", "the mode (CNMP)", "+CNMP", r"\d{1,3}", 20),),
    doubt=_CELL_DOUBT,
    memory="the band lists are kept in the module's memory, which wears with each write",
)


def locking(modem: Modem) -> Locking | None:
    """The locks of a module; None where none is documented here."""
    if modem.is_model(r"SIM70[078]\d"):
        return _NARROW
    if modem.is_model(r"SIM8[23]\d\d"):
        return _FIVE_G
    if modem.is_model(r"\bA76\d\d"):
        return _ASR
    return _WIDE if modem.is_model(r"SIM(?:COM)?_?(?:SIM)?7[56]\d\d") else None
