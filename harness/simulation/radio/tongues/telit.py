"""Telit's #BND: a FN990A28 that takes it at once, a LE910C4 that takes it at #REBOOT; cells by #RFSTS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import LTE, bands_of, mask_of, one_less, one_more
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_LOW = (1 << 64) - 1
_ALL = mask_of((*LTE, 30, 71))


class TelitFn(Tongue):
    """FN990A28: eight fields, LTE in two of them."""

    maker = "Telit"
    model = "FN990A28"
    revision = "M0F.660014"
    lists = ("bnd",)
    lasting: ClassVar[dict[str, str]] = {
        "bnd": f"0,11,{mask_of(LTE) & _LOW:X},{mask_of(LTE) >> 64:X},1A0290800D7,7042,81A0290800D7,7442",
        "ws46": "36",
    }
    _test = f"(0),(0-11,17,18),({_ALL & _LOW:X}),({_ALL >> 64:X}),(1A0290800D7),(7042),(81A0290800D7),(7442)"
    _is_wide = True

    def _mask(self, value: str) -> int:
        fields = value.split(",")
        return int(fields[2], 16) | (int(fields[3], 16) << 64 if self._is_wide else 0)

    def _with(self, value: str, mask: int) -> str:
        fields = value.split(",")
        fields[2] = f"{mask & _LOW:X}"
        if self._is_wide:
            fields[3] = f"{mask >> 64:X}"
        return ",".join(fields)

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the masks."""
        return {"lte": bands_of(self._mask(memory.get("bnd")))}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        return self._with(memory.found[key], one_less(self._mask(memory.found[key])))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Masks, mode, the serving cell, the network's cause."""
        memory = radio.memory
        if part == "AT#BND=?":
            return ScriptedAnswer((f"#BND: {self._test}",))
        if part == "AT#BND?":
            return read_list(radio, "bnd", f"#BND: {memory.get('bnd')}")
        if match := re.fullmatch(r"AT#BND=([\dA-F,]+)", part):
            return self._write(match[1], radio)
        if match := re.fullmatch(r"AT\+WS46(?:\?|=(\d+))", part):
            if match[1] is None:
                return ScriptedAnswer((f"+WS46: {memory.get('ws46')}",))
            memory.put("ws46", match[1])
            return OK
        if part == "AT#CEERNET":
            return ScriptedAnswer((f"#CEERNET: {memory.now.get('cause') or 0}",))
        return ScriptedAnswer((self._rfsts(radio),)) if part == "AT#RFSTS" else None

    def _write(self, value: str, radio: Radio) -> ScriptedAnswer:
        if len(value.split(",")) != len(radio.memory.get("bnd").split(",")) or not self._mask(value):
            return ScriptedAnswer((), "ERROR")
        other = self._with(value, one_more(self._mask(value)))
        return write_list(radio, "bnd", value, other=other, effect="restart" if self.restarts else "now")

    def _rfsts(self, radio: Radio) -> str:
        cell = radio.camped()
        if cell is None:
            return '#RFSTS: "",,,,,,,,,,,,'
        plmn = f"{cell.plmn[:3]} {cell.plmn[3:]}"
        return (
            f'#RFSTS: "{plmn}",{cell.arfcn},{cell.rsrp},-60,-11,{cell.tac:X},255,-5,1280,19,2,{cell.cell:X},'
            f'"{self.imsi}","test",3,{cell.band}'
        )


class TelitLe(TelitFn):
    """LE910C4-NF: three fields, hexadecimal, in force behind a restart."""

    model = "LE910C4-NF"
    revision = "25.20.664"
    restarts = "AT#REBOOT"
    boot_s = 20.0
    lasting: ClassVar[dict[str, str]] = {"bnd": f"0,11,{mask_of((*LTE[:-1], 14)) & _LOW:X}", "ws46": "31"}
    _test = f"(0),(0-11,17,18),({mask_of((*LTE[:-1], 14, 30)) & _LOW:X})"
    _is_wide = False
