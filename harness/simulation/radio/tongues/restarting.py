"""Modems whose lists hold behind a restart: ZTE MF28x, ASR, Altair; and Sequans, which takes them at CFUN=0."""

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

_NARROW = (1, 2, 3, 4, 5, 8, 12, 13, 14, 17, 18, 19, 20, 25, 26, 27, 28, 66, 71, 85)
_WIDE = (*LTE[:-1], 14)


class ZteMf(Tongue):
    """MF286D."""

    maker = "ZTE CORPORATION"
    model = "MF286D"
    revision = "BD_MF286DMODULEV1.0.0B07"
    lists = ("lte",)
    restarts = "AT+CFUN=1,1"
    lasting: ClassVar[dict[str, str]] = {"lte": f"{mask_of(_WIDE):x}", "gw": "2000000680380"}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the mask."""
        return {"lte": bands_of(int(memory.get("lte"), 16))}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        return f"{one_less(int(memory.found[key], 16)):x}"

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Mask and cell."""
        if part == "AT+ZNLOCKBAND?":
            return read_list(radio, "lte", f"+ZNLOCKBAND: {radio.memory.get('lte')},{radio.memory.get('gw')}")
        if match := re.fullmatch(r"(?i)AT\+ZNLOCKBAND=1,0,([0-9a-f]+),0", part):
            value = match[1].lower()
            return write_list(radio, "lte", value, other=f"{one_more(int(value, 16)):x}", effect="restart")
        if part != "AT+ZCELLINFO?":
            return None
        cell = radio.camped()
        if cell is None:
            return ScriptedAnswer((), "ERROR")
        line = f"+ZCELLINFO: 0X{cell.tac:04X},0X{cell.cell:08X},0X00000000,LTE B{cell.band},{cell.arfcn}"
        return ScriptedAnswer((line,))


class AsrOne(Tongue):
    """ASR1802: masks count in mode 5 alone."""

    maker = "Marvell"
    model = "ASR1802"
    revision = "CRANE_1.0"
    lists = ("band",)
    restarts = "AT+CFUN=1,1"
    lasting: ClassVar[dict[str, str]] = {
        "band": f"15,74,129,{mask_of(_WIDE) >> 32},{mask_of(_WIDE) & 0xFFFFFFFF},0,2,0"
    }

    def _mask(self, value: str) -> int:
        fields = value.split(",")
        return int(fields[3]) << 32 | int(fields[4])

    def _with(self, value: str, mask: int) -> str:
        fields = value.split(",")
        fields[3:5] = str(mask >> 32), str(mask & 0xFFFFFFFF)
        return ",".join(fields)

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the masks in mode 5, else all."""
        value = memory.get("band")
        return {"lte": bands_of(self._mask(value)) if value.startswith("5,") else set(_WIDE)}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        value = memory.found[key]
        return self._with(value, one_less(self._mask(value)))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The line, the cell."""
        cell = radio.camped()
        if part == "AT*BAND?":
            return read_list(radio, "band", f"*BAND:{radio.memory.get('band')}")
        if match := re.fullmatch(r"AT\*BAND=(\d+(?:,\d+){7})", part):
            other = self._with(match[1], one_more(self._mask(match[1])))
            return write_list(radio, "band", match[1], other=other, effect="restart")
        if part == "AT*BANDIND?":
            return ScriptedAnswer((f"*BANDIND: 0, {cell.band}, 7",) if cell else ("*BANDIND: 0, 0, 0",))
        if part != "AT+EEMGINFO?":
            return None
        if cell is None:
            return ScriptedAnswer()
        mcc, mnc = int(cell.plmn[:3], 16), int(cell.plmn[3:], 16)
        line = (
            f"+EEMLTESVC:{mcc}, 2, {mnc}, {cell.tac}, {cell.pci}, {cell.arfcn}, {cell.arfcn + 18000}, {cell.band}, 3, 5"
        )
        return ScriptedAnswer((line,))


class AltairOne(Tongue):
    """ALT1250."""

    maker = "Altair Semiconductor"
    model = "ALT1250"
    revision = "ALT1250_05_05_00_00_00"
    lists = ("bands",)
    restarts = "ATZ"
    boot_s = 8.0
    lasting: ClassVar[dict[str, str]] = {"bands": ",".join(map(str, _NARROW))}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the list."""
        return {"lte": {int(one) for one in memory.get("bands").split(",")}}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """List and cell."""
        if part == 'AT%GETCFG="BAND"':
            return read_list(radio, "bands", f"Bands: {radio.memory.get('bands')}")
        if match := re.fullmatch(r'AT%SETCFG="BAND","([\d,]+)"', part):
            return write_list(radio, "bands", match[1], other=f"{match[1]},3", effect="restart")
        if part != "AT%PCONI":
            return None
        cell = radio.camped()
        if cell is None:
            return ScriptedAnswer(("DL EARFCN: 65535",))
        told = {"Bandwidth": 3, "EARFCN": cell.arfcn, "Physical Cell ID": cell.pci, "Band": cell.band, "TAC": cell.tac}
        return ScriptedAnswer(tuple(f"{key}: {value}" for key, value in told.items()))


class SequansOne(Tongue):
    """GM02S: a list a profile, of which one is in use."""

    maker = "SEQUANS Communications"
    model = "GM02S"
    revision = "UE8.0.5.6"
    lists = ("standard 0",)
    lasting: ClassVar[dict[str, str]] = {
        "standard 0": ",".join(map(str, _NARROW)),
        "tim 0": "3,20",
        "profile": "standard",
    }

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the list of the profile in use."""
        return {"lte_m": {int(one) for one in memory.get(f"{memory.get('profile')} 0").split(",")}}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Profiles, lists, the cell."""
        memory = radio.memory
        if part == "AT+SQNBANDSEL=?":
            return ScriptedAnswer((f"+SQNBANDSEL: (0),(standard,tim),({','.join(map(str, _NARROW))})",))
        if part == "AT+SQNCTM?":
            return ScriptedAnswer((f"+SQNCTM: {memory.get('profile')}",))
        if part == "AT+SQNBANDSEL?":
            rows = tuple(f'+SQNBANDSEL: 0,{name},"{memory.get(f"{name} 0")}"' for name in ("standard", "tim"))
            told = read_list(radio, "standard 0", "")
            return told if told.failed else ScriptedAnswer(rows)
        if match := re.fullmatch(r'(?i)AT\+SQNBANDSEL=0,"standard","([\d,]+)"', part):
            return self._write(match[1], radio)
        if part != "AT+SQNMONI=7":
            return None
        cell = radio.camped()
        if cell is None:
            return ScriptedAnswer()
        who = f"Cc:{cell.plmn[:3]} Nc:{cell.plmn[3:]} RSRP:{cell.rsrp} CINR:10.0 RSRQ:-8.0 TAC:{cell.tac} Id:{cell.pci}"
        return ScriptedAnswer((f"+SQNMONI: TEST {who} EARFCN:{cell.arfcn} BAND:{cell.band} PWR:-70 PAGING:128",))

    def _write(self, value: str, radio: Radio) -> ScriptedAnswer:
        memory = radio.memory
        if memory.get("cfun") != "0":
            return ScriptedAnswer((), "+CME ERROR: 3")
        answer = write_list(radio, "standard 0", value, other=f"{value},3", effect="radio_cycle")
        if radio.quirks.other_profile:
            memory.put("profile", "tim" if value != memory.found["standard 0"] else "standard")
        return answer
