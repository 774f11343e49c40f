"""An FM350-GL: one line of modes and bands, lost at a restart; cells by +GTCCINFO."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.tongue import Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_LTE = (1, 2, 3, 4, 5, 7, 8, 12, 13, 14, 17, 18, 19, 20, 25, 26, 28, 29, 30, 38, 39, 40, 41, 42, 43, 46, 48, 66, 71)
_NR = (1, 2, 3, 5, 7, 8, 20, 25, 28, 30, 38, 40, 41, 48, 66, 71, 77, 78, 79)
_OFF = {71}


def _line(lte: tuple[int, ...], nr: tuple[int, ...]) -> str:
    return ",".join(("20,6,3", "1,2,4,5,8", *(str(100 + one) for one in lte), *(f"50{one}" for one in nr)))


class FibocomFm350(Tongue):
    """FM350-GL."""

    maker = "Fibocom Wireless Inc."
    model = "FM350-GL"
    revision = "81600.0000.00.29.21.24"
    registrations = ("CEREG", "C5GREG")
    lists = ("gtact",)
    passing: ClassVar[dict[str, str]] = {
        "gtact": _line(tuple(one for one in _LTE if one not in _OFF), tuple(one for one in _NR if one not in _OFF))
    }

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the numbers, under mode 20."""
        numbers = memory.get("gtact").split(",")[3:]
        lte = {int(one) - 100 for one in numbers if len(one) == 3 and not one.startswith("50")}
        return {"lte": lte, "nr": {int(one[2:]) for one in numbers if one.startswith("50")}}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The line, the cell lock, the cells."""
        memory = radio.memory
        if part == "AT+GTACT=?":
            lte, nr = ",".join(str(100 + one) for one in _LTE), ",".join(f"50{one}" for one in _NR)
            return ScriptedAnswer(
                (f"+GTACT: (1,2,4,10,14,16,17,20),(2,3,6),(2,3,6),(),(1,2,4,5,8),({lte}),(),(),({nr})",)
            )
        if part == "AT+GTACT?":
            return read_list(radio, "gtact", f"+GTACT: {memory.get('gtact')}")
        if match := re.fullmatch(r"AT\+GTACT=([\d,]+)", part):
            value = match[1]
            first, rest = value.split(",")[:3], value.split(",")[3:]
            return write_list(radio, "gtact", value, other=",".join((*first, "103", *rest)))
        if part == "AT+EMMCHLCK?":
            return ScriptedAnswer(("+EMMCHLCK: 0",))
        if part == "AT+GTCCINFO?":
            return ScriptedAnswer(self._cells(radio))
        return ScriptedAnswer(self._carriers(radio)) if part == "AT+GTCAINFO?" else None

    def _cells(self, radio: Radio) -> tuple[str, ...]:
        cell = radio.camped()
        if cell is None:
            return ("+GTCCINFO:",)
        kind, number = (9, f"50{cell.band}") if cell.rat == "nr" else (4, str(100 + cell.band))
        mcc, mnc = cell.plmn[:3], int(cell.plmn[3:])
        line = f"1,{kind},{mcc},{mnc},{cell.tac:X},{cell.cell:X},{cell.arfcn},{cell.pci},{number},50,8,44,44,19"
        return ("+GTCCINFO:", line)

    def _carriers(self, radio: Radio) -> tuple[str, ...]:
        cell = radio.camped()
        if cell is None:
            return ("+GTCAINFO:",)
        number = f"50{cell.band}" if cell.rat == "nr" else str(100 + cell.band)
        return ("+GTCAINFO:", f"PCC:{number},{cell.pci},{cell.arfcn},50,50,2,1,44,19,44")
