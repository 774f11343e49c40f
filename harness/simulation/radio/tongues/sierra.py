"""An EM7565: band sets by index, one of which is chosen, in force behind AT!RESET; protected until AT!ENTERCND."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import LTE, bands_of, mask_of, one_less, one_more
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.quirks import Quirks
    from harness.simulation.radio.radio import Radio

_LOW = (1 << 64) - 1
_GW = 0x100600000FC00000
_ALL = mask_of((*LTE, 30))
_HEAD = (
    "Index, Name,                        GW Band Mask     L Band Mask 1    L Band Mask 2    TDS Band Mask    "
    "L Band Mask 3    L Band Mask 4"
)


def _row(name: str, gw: int, lte: int) -> str:
    masks = (gw, lte & _LOW, lte >> 64, 0, 0, 0)
    return ",".join((name, *(f"{one:016X}" for one in masks)))


class SierraEm(Tongue):
    """EM7565, opened by its owner, with a set 13 of his own."""

    maker = "Sierra Wireless, Incorporated"
    model = "EM7565"
    revision = "SWI9X50C_01.14.03.00"
    lists = ("set 13",)
    restarts = "AT!RESET"
    boot_s = 20.0
    lasting: ClassVar[dict[str, str]] = {
        "set 00": _row("All bands", _GW, _ALL),
        "set 08": _row("WCDMA ALL", _GW, 0),
        "set 09": _row("LTE ALL", 0, _ALL),
        "set 13": _row("bandproof", _GW, _ALL),
        "index": "00",
        "selrat": "00",
    }

    def _mask(self, row: str) -> int:
        masks = row.split(",")[1:]
        return int(masks[1], 16) | int(masks[2], 16) << 64

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the set that is chosen."""
        return {"lte": bands_of(self._mask(memory.get(f"set {memory.get('index')}")))}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        row = memory.found[key]
        return _row(row.split(",")[0], _GW, one_less(self._mask(row)))

    def restarted(self, memory: ModemMemory, quirks: Quirks) -> None:
        """Another set may be in force behind it."""
        super().restarted(memory, quirks)
        if quirks.another_choice and memory.get("index") != memory.found["index"]:
            memory.put("index", "09")

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Sets, choice, mode, status."""
        memory = radio.memory
        if part == 'AT!ENTERCND="A710"':
            return OK
        if part == "AT!BAND=?":
            rows = [key[4:] for key in sorted(memory.nv) if key.startswith("set ")]
            told = read_list(radio, "set 13", "")
            return told if told.failed else ScriptedAnswer((_HEAD, *(self._shown(one, memory) for one in rows)))
        if part == "AT!BAND?":
            return ScriptedAnswer((_HEAD, self._shown(memory.get("index"), memory)))
        if match := re.fullmatch(r'AT!BAND=13,"([^"]+)"((?:,[0-9A-F]{16}){6})', part):
            value = match[1] + match[2]
            return write_list(
                radio, "set 13", value, other=_row(match[1], _GW, one_more(self._mask(value))), effect="restart"
            )
        if match := re.fullmatch(r"AT!(BAND|SELRAT)=([0-9A-F]{2})", part):
            key = "index" if match[1] == "BAND" else "selrat"
            if key == "index" and f"set {match[2]}" not in memory.nv:
                return ScriptedAnswer((), "ERROR")
            memory.put(key, match[2])
            return OK
        if part == "AT!SELRAT?":
            return ScriptedAnswer((f"!SELRAT: {memory.get('selrat')}, by number",))
        return ScriptedAnswer(self._status(radio)) if part == "AT!GSTATUS?" else None

    def _shown(self, index: str, memory: ModemMemory) -> str:
        name, *masks = memory.get(f"set {index}").split(",")
        return f"{index}, {name:<27}{' '.join(masks)}"

    def _status(self, radio: Radio) -> tuple[str, ...]:
        cell = radio.camped()
        if cell is None:
            return ("!GSTATUS:", "System mode:       NO SRV      PS state:          Not attached")
        return (
            "!GSTATUS:",
            "System mode:       LTE             PS state:          Attached",
            f"LTE band:          B{cell.band}              LTE bw:            10 MHz",
            f"LTE Rx chan:       {cell.arfcn}            LTE Tx chan:       23130",
            "EMM state:         Registered      Normal Service",
            f"TAC:               {cell.tac:04X} ({cell.tac})   Cell ID:           {cell.cell:08X}",
        )
