"""A ME909s with ^SYSCFGEX, a MT5700M with ^LTEFREQLOCK; cells by ^HFREQINFO and ^MONSC."""

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

_BANDS = LTE[:-1]
_NOT_NOW = ScriptedAnswer((), "+CME ERROR: 3")


class _Huawei(Tongue):
    maker = "Huawei Technologies Co., Ltd."

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The serving cell alike on both."""
        cell = radio.camped()
        if part == "AT^HFREQINFO?":
            if cell is None:
                return ScriptedAnswer((), "ERROR")
            return ScriptedAnswer((f"^HFREQINFO: 0,6,{cell.band},{cell.arfcn},18150,10000,19300,17200,10000",))
        if part == "AT^MONSC":
            if cell is None:
                return ScriptedAnswer(("^MONSC: NONE",))
            line = f"LTE,{cell.plmn[:3]},{cell.plmn[3:]},{cell.arfcn},{cell.cell:X},{cell.pci:X},{cell.tac:X}"
            return ScriptedAnswer((f"^MONSC: {line},{cell.rsrp},-11,-60",))
        return None


class HuaweiBalong(_Huawei):
    """ME909s-120."""

    model = "ME909s-120"
    revision = "11.617.24.00.00"
    lists = ("syscfgex",)
    lasting: ClassVar[dict[str, str]] = {"syscfgex": f'"00",2000000680380,1,2,{mask_of((*_BANDS, 14, 30)):X}'}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the mask."""
        return {"lte": bands_of(int(memory.get("syscfgex").split(",")[4], 16))}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        *head, mask = memory.found[key].split(",")
        return ",".join((*head, f"{one_less(int(mask, 16)):X}"))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Modes and bands."""
        if part == "AT^SYSCFGEX=?":
            line = '^SYSCFGEX: ("00","01","02","03"),((2000000680380,"GSM900/WCDMA")),(0-2),(0-4),'
            return ScriptedAnswer((f'{line}((7FFFFFFFFFFFFFFF,"All bands"))',))
        if part == "AT^SYSCFGEX?":
            return read_list(radio, "syscfgex", f"^SYSCFGEX: {radio.memory.get('syscfgex')}")
        if match := re.fullmatch(r'AT\^SYSCFGEX=("\d+",[0-9A-F]+,\d,\d),([0-9A-F]+),,', part):
            mask = int(match[2], 16)
            other = f"{match[1]},{one_more(mask):X}"
            return write_list(radio, "syscfgex", f"{match[1]},{match[2]}", other=other)
        return super().own(part, radio)


class HuaweiFiveG(_Huawei):
    """MT5700M: a lock by band, written with the radio off."""

    model = "MT5700M"
    revision = "5.0.1"
    lists = ("lock",)
    lasting: ClassVar[dict[str, str]] = {"lock": '0,0,0,""', "syscfgex": f'"00",3FFFFFFF,1,2,{mask_of(_BANDS):X}'}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """The lock, or all."""
        bands = re.findall(r"\d+", memory.get("lock").split(",", 3)[3])
        return {"lte": {int(one) for one in bands} or {*_BANDS, 14}}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """Somebody else's lock."""
        return '3,0,1,"3"'

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Lock and bands."""
        memory = radio.memory
        if part == "AT^SYSCFGEX=?":
            named = "/".join(f"LTE BC{one}" for one in sorted({*_BANDS, 14}))
            head = '^SYSCFGEX: ("00","02","03","08"),((2000000680380,"GSM900/WCDMA")),(0-2),(0-4),'
            return ScriptedAnswer((f'{head}(({mask_of((*_BANDS, 14)):X},"{named}"))',))
        if part == "AT^SYSCFGEX?":
            return ScriptedAnswer((f"^SYSCFGEX: {memory.get('syscfgex')}",))
        if part == "AT^LTEFREQLOCK?":
            return read_list(radio, "lock", f"^LTEFREQLOCK: {memory.get('lock')}")
        match = re.fullmatch(r'AT\^LTEFREQLOCK=(?:0|(3,0,1,"\d+"))', part)
        if match is None:
            return super().own(part, radio)
        if memory.get("cfun") != "0":
            return _NOT_NOW
        value = match[1] or memory.found["lock"]
        return write_list(radio, "lock", value, other='3,0,1,"3"', effect="radio_cycle")
