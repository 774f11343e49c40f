"""A SIM7080G: lists of LTE-M and NB-IoT bands, the mode, +CPSI; a cell that is still allowed is kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_M = "1,2,3,4,5,8,12,13,14,18,19,20,25,26,27,28,66,85"
_NB = "1,2,3,4,5,8,12,13,18,19,20,25,26,28,66,71,85"
_KEYS = {"CAT-M": "catm", "NB-IOT": "nb"}


class SimcomNarrow(Tongue):
    """SIM7080G."""

    maker = "SIMCOM INCORPORATED"
    model = "SIMCOM_SIM7080"
    revision = "1951B08SIM7080"
    lists = ("catm", "nb")
    lasting: ClassVar[dict[str, str]] = {"catm": _M, "nb": _NB, "cnmp": "2", "cmnb": "3"}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the lists and the choice between them."""
        found = {"lte_m": memory.get("catm"), "nb_iot": memory.get("nb")}
        drop = {"1": "nb_iot", "2": "lte_m"}.get(memory.get("cmnb"))
        return {rat: {int(one) for one in text.split(",")} for rat, text in found.items() if rat != drop}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Lists, modes, serving cell."""
        memory = radio.memory
        if part == "AT+CBANDCFG=?":
            return ScriptedAnswer((f'+CBANDCFG: "CAT-M",({_M})', f'+CBANDCFG: "NB-IOT",({_NB})'))
        if part == "AT+CBANDCFG?":
            lines = (f'+CBANDCFG: "CAT-M",{memory.get("catm")}', f'+CBANDCFG: "NB-IOT",{memory.get("nb")}')
            refused = next((one for one in self.lists if read_list(radio, one, "").failed), None)
            return ScriptedAnswer(lines) if refused is None else ScriptedAnswer((), "ERROR")
        if match := re.fullmatch(r'AT\+CBANDCFG="(CAT-M|NB-IOT)",([\d,]+)', part):
            known = (_M if match[1] == "CAT-M" else _NB).split(",")
            if set(match[2].split(",")) - set(known):
                return ScriptedAnswer((), "ERROR")
            other = f"{match[2]},{known[0]}"
            return write_list(radio, _KEYS[match[1]], match[2], other=other, effect="next_search")
        if match := re.fullmatch(r"AT\+(CNMP|CMNB)(?:\?|=(\d+))", part):
            key = match[1].lower()
            if match[2] is None:
                return ScriptedAnswer((f"+{match[1]}: {memory.get(key)}",))
            memory.put(key, match[2])
            radio.changed("next_search")
            return OK
        return ScriptedAnswer((self._cpsi(radio),)) if part == "AT+CPSI?" else None

    def _cpsi(self, radio: Radio) -> str:
        cell = radio.camped()
        if cell is None:
            return "+CPSI: NO SERVICE,Online"
        word = {"lte_m": "LTE CAT-M1", "nb_iot": "LTE NB-IOT"}[cell.rat]
        return (
            f"+CPSI: {word},Online,{cell.plmn[:3]}-{cell.plmn[3:]},0x{cell.tac:04X},{cell.cell},{cell.pci},"
            f"EUTRAN-BAND{cell.band},{cell.arfcn},3,3,-10,{cell.rsrp},-60,15"
        )
