"""A L850-GL: +XACT, whose line keeps the UMTS numbers in LTE mode; +XMCI."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import LTE
from harness.simulation.radio.tongue import Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_UMTS = "1,2,4,5,8"
_HAS = (*LTE, 30)


class IntelXmm(Tongue):
    """L850-GL."""

    maker = "Fibocom Wireless Inc."
    model = "L850-GL"
    revision = "18500.5001.00.05.27.16"
    lists = ("xact",)
    lasting: ClassVar[dict[str, str]] = {"xact": f"4,2,1,{_UMTS},{','.join(str(100 + one) for one in LTE)}"}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the numbers from 101."""
        return {"lte": {int(one) - 100 for one in memory.get("xact").split(",")[3:] if int(one) > 100}}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The line, the cell."""
        if part == "AT+XACT=?":
            numbers = ",".join(str(100 + one) for one in _HAS)
            return ScriptedAnswer((f"+XACT: (0-6),(0-2),0,{_UMTS},{numbers}",))
        if part == "AT+XACT?":
            return read_list(radio, "xact", f"+XACT: {radio.memory.get('xact')}")
        if match := re.fullmatch(r"AT\+XACT=(\d),(\d?),(\d?),([\d,]+)", part):
            mode, first, second, numbers = match.groups()
            lte = [one for one in numbers.split(",") if int(one) > 100]
            if not lte or {int(one) - 100 for one in lte} - set(_HAS):
                return ScriptedAnswer((), "ERROR")
            # UMTS numbers stay, whatever was left out.
            value = ",".join((mode, first, second, _UMTS, *lte))
            return write_list(radio, "xact", value, other=f"{value},103")
        return self._cell(radio) if part == "AT+XMCI=1" else None

    def _cell(self, radio: Radio) -> ScriptedAnswer:
        cell = radio.camped()
        if cell is None:
            return ScriptedAnswer()
        line = (
            f'+XMCI: 4,{cell.plmn[:3]},{cell.plmn[3:]},"0x{cell.tac:08X}","0x{cell.cell:08X}","0x{cell.pci:08X}",'
            f'"0x{cell.arfcn:08X}","0x00004E84","0xFFFFFFFF",{cell.rsrp + 141},20,10,"0x00000000","0x00000000"'
        )
        return ScriptedAnswer((line,))
