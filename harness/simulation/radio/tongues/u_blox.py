"""A SARA-R410M: +UBANDMASK in decimals, a set a technology, in force behind AT+CFUN=15; +URAT; +UCGED."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import bands_of, mask_of, one_less, one_more
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_BANDS = (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 18, 19, 20, 25, 26, 28, 38, 39, 40, 41)
_KEYS = ("lte_m", "nb_iot")
_MODES = {"7": "lte_m", "8": "nb_iot"}


class UbloxSara(Tongue):
    """SARA-R410M."""

    maker = "u-blox"
    model = "SARA-R410M-02B"
    revision = "L0.0.00.00.05.11"
    lists = _KEYS
    restarts = "AT+CFUN=15"
    boot_s = 11.0
    lasting: ClassVar[dict[str, str]] = {
        "lte_m": str(mask_of(_BANDS)),
        "nb_iot": str(mask_of(_BANDS)),
        "urat": "7,8",
        "profile": "0",
    }

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the masks, of the technologies of the mode."""
        on = [_MODES[one] for one in memory.get("urat").split(",")]
        return {rat: bands_of(int(memory.get(rat))) for rat in on}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        return str(one_less(int(memory.found[key])))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Masks, mode, profile, the cell."""
        memory = radio.memory
        if part in {"AT+UBANDMASK?", "AT+URAT?"} and memory.get("profile") == "1":
            return ScriptedAnswer((), "+CME ERROR: Operation not supported")
        if part == "AT+UBANDMASK=?":
            return ScriptedAnswer((f"+UBANDMASK: (0,1),{mask_of(_BANDS)}",))
        if part == "AT+UBANDMASK?":
            refused = next((one for one in self.lists if read_list(radio, one, "").failed), None)
            line = f"+UBANDMASK: 0,{memory.get('lte_m')},1,{memory.get('nb_iot')}"
            return ScriptedAnswer((), "ERROR") if refused else ScriptedAnswer((line,))
        if match := re.fullmatch(r"AT\+UBANDMASK=([01]),(\d+)", part):
            other = str(one_more(int(match[2])))
            return write_list(radio, _KEYS[int(match[1])], match[2], other=other, effect="restart")
        if match := re.fullmatch(r"AT\+URAT(?:\?|=([\d,]+))", part):
            if match[1] is None:
                return ScriptedAnswer((f"+URAT: {memory.get('urat')}",))
            if memory.get("cfun") == "1":
                return ScriptedAnswer((), "+CME ERROR: operation not allowed")
            memory.put("urat", match[1])
            return OK
        if part == "AT+UMNOPROF?":
            return ScriptedAnswer((f"+UMNOPROF: {memory.get('profile')}",))
        return ScriptedAnswer(self._cell(radio)) if part == "AT+UCGED?" else None

    def _cell(self, radio: Radio) -> tuple[str, ...]:
        cell = radio.camped()
        if cell is None:
            return ("+UCGED: 2", "6,4,fff,fff", "65535,255,255,255,ffff,0000000,65535,00000000,ffff,ff,255,255,255,1")
        level = cell.rsrp + 141
        line = (
            f"{cell.arfcn},{cell.band},50,50,{cell.tac:x},{cell.cell:07x},{cell.pci},d0fafd59,ff49,b1,{level},15,0.50,1"
        )
        return ("+UCGED: 2", f"6,4,{cell.plmn[:3]},{cell.plmn[3:]}", line)
