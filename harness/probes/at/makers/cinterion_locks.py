"""How Cinterion (Thales, Telit Cinterion) modules are held to one LTE band: ^SCFG "Radio/Band/4G".

Two words of eight hexadecimal digits (bands 1 to 32, 33 and above), or one value with 0x on the newest. It is written while
the radio is off, where the maker's own tests write it, so that the first search already obeys. A mask of 0 and a wrong
number of words are refused by the module.
"""

from __future__ import annotations

import re

from harness.probes.at.locking import BandLock, Locking, in_mask
from harness.state.item import StateItem

_WORD = 32


def _as_written(text: str) -> str:
    """`"00000001","00000020"`, or `"0x800C5"`; the flag of the set form, one digit, is no word."""
    words = [one.strip().strip('"') for one in text.split(",")]
    words = [one for place, one in enumerate(words) if place == 0 or len(one) > 1]
    return ",".join(
        f'"{one[:2].lower() + one[2:].upper() if one[:2].lower() == "0x" else one.upper()}"' for one in words
    )


def _words(value: str) -> list[str]:
    return [one.strip('"') for one in value.split(",")]


def _only(value: str, band: int) -> str | None:
    words, mask = _words(value), 1 << (band - 1)
    if words[0].startswith("0x"):
        return f'"0x{mask:0{len(words[0]) - 2}X}"' if mask.bit_length() <= 4 * (len(words[0]) - 2) else None
    if mask >> _WORD * len(words):
        return None
    return ",".join(f'"{mask >> _WORD * place & (1 << _WORD) - 1:08X}"' for place in range(len(words)))


def _bands(value: str) -> frozenset[int] | None:
    words = _words(value)
    if not all(re.fullmatch(r"(?:0x)?[0-9A-F]{1,64}", one) for one in words):
        return None
    return in_mask(sum(int(one, 16) << _WORD * place for place, one in enumerate(words))) or None


def _cannot(value: str) -> str:
    return "" if _bands(value) else "the mask is empty, and an empty mask must not be written"


_MASKS = StateItem(
    name="band_4g",
    words="the LTE bands (SCFG Radio/Band/4G)",
    channel="at",
    read='AT^SCFG="Radio/Band/4G"',
    answer=r'^\^SCFG:\s*"(?i:Radio/Band/4G)",(?P<value>"?(?:0x)?[0-9A-Fa-f]+"?(?:,"?[0-9A-Fa-f]+"?)?)\s*$',
    normal=_as_written,
    write='AT^SCFG="Radio/Band/4G",{value}',
    values=r'"[0-9A-F]{8}"(?:,"[0-9A-F]{8}")?|"0x[0-9A-F]{1,64}"',
    accepted=r"^OK",
    takes_effect="radio_cycle",
    needs=(("radio", "4"),),
    settles_s=15.0,
    order=40,
    cannot=_cannot,
)
LOCKING = Locking(
    locks=(BandLock(rat="lte", item=_MASKS, only=_only, bands=_bands, serving=("AT^SMONI",), while_off=True),),
    doubt="GSM and UMTS bands stay on, and it may have stayed there",
    memory="the band masks are kept in the module's memory, which wears with each write",
)
