"""A PLS62-W: ^SCFG with two words of 32 bands, ^SMONI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import LTE, bands_of, mask_of, one_less, one_more
from harness.simulation.radio.tongue import Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_KEY = '"Radio/Band/4G"'
_HAS = (*LTE[:-1], 14, 30)


def _words(mask: int) -> str:
    return f'"{mask & 0xFFFFFFFF:08X}","{mask >> 32:08X}"'


def _mask(value: str) -> int:
    low, high = (int(one.strip('"'), 16) for one in value.split(","))
    return low | high << 32


class CinterionPls(Tongue):
    """PLS62-W."""

    maker = "Cinterion"
    model = "PLS62-W"
    revision = "REVISION 02.000"
    lists = ("4g",)
    lasting: ClassVar[dict[str, str]] = {"4g": _words(mask_of(_HAS[:-1]))}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the words."""
        return {"lte": bands_of(_mask(memory.get("4g")))}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        return _words(one_less(_mask(memory.found[key])))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Words and the serving cell."""
        if part == "AT^SCFG=?":
            has = mask_of(_HAS)
            line = f'^SCFG: {_KEY},("00000001"-"{has & 0xFFFFFFFF:08X}"),("00000001"-"{has >> 32:08X}")'
            return ScriptedAnswer((line,))
        if part.upper() == f"AT^SCFG={_KEY}".upper():
            return read_list(radio, "4g", f"^SCFG: {_KEY},{radio.memory.get('4g')}")
        if match := re.fullmatch(rf'(?i:AT\^SCFG={_KEY}),("[0-9A-F]{{8}}","[0-9A-F]{{8}}")', part):
            mask = _mask(match[1])
            if not mask or mask & ~mask_of(_HAS):
                return ScriptedAnswer((), "+CME ERROR: invalid index")
            return write_list(radio, "4g", match[1], other=_words(one_more(mask)), effect="radio_cycle")
        return ScriptedAnswer((self._smoni(radio),)) if part == "AT^SMONI" else None

    def _smoni(self, radio: Radio) -> str:
        cell = radio.camped()
        if cell is None:
            return "^SMONI: 4G,SEARCH"
        return (
            f"^SMONI: 4G,{cell.arfcn},{cell.band},10,10,FDD,{cell.plmn[:3]},{cell.plmn[3:]},{cell.tac:04X},"
            f"{cell.cell:07X},{cell.pci},{cell.rsrp},-11,NOCONN"
        )
