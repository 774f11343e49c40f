"""SIMCom: a SIM7080G with lists (a cell that is still allowed is kept), a SIM7600G-H and an A7672S with masks, a SIM8262E-M2."""

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
        return ScriptedAnswer((_cpsi(radio),)) if part == "AT+CPSI?" else None


def _cpsi(radio: Radio) -> str:
    cell = radio.camped()
    if cell is None:
        return "+CPSI: NO SERVICE,Online"
    who = f"{cell.plmn[:3]}-{cell.plmn[3:]},0x{cell.tac:04X},{cell.cell},{cell.pci}"
    if cell.rat == "nr":
        return f"+CPSI: NR5G_SA,Online,{who},NR5G_BAND{cell.band},{cell.arfcn},{cell.rsrp * 10},-110,170,0,12"
    word = {"lte": "LTE", "lte_m": "LTE CAT-M1", "nb_iot": "LTE NB-IOT"}[cell.rat]
    return f"+CPSI: {word},Online,{who},EUTRAN-BAND{cell.band},{cell.arfcn},3,3,-10,{cell.rsrp},-60,15"


def _mode(part: str, radio: Radio) -> ScriptedAnswer | None:
    match = re.fullmatch(r"AT\+CNMP(?:\?|=(\d+))", part)
    if match is None:
        return None
    if match[1] is None:
        return ScriptedAnswer((f"+CNMP: {radio.memory.get('cnmp')}",))
    radio.memory.put("cnmp", match[1])
    radio.changed("now")
    return OK


class SimcomMasks(Tongue):
    """SIM7600G-H: three masks with 0x."""

    maker = "SIMCOM INCORPORATED"
    model = "SIMCOM_SIM7600G-H"
    revision = "LE20B04SIM7600G22"
    lists = ("cnbp",)
    lasting: ClassVar[dict[str, str]] = {
        "cnbp": f"0x0002000000400183,0x{mask_of((*LTE, 14, 30)):044X},0x000000000000003F",
        "cnmp": "2",
    }

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By the second mask."""
        return {"lte": bands_of(int(memory.get("cnbp").split(",")[1], 16))}

    def _with(self, value: str, mask: int) -> str:
        first, second, *rest = value.split(",")
        return ",".join((first, f"0x{mask:0{len(second) - 2}X}", *rest))

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less."""
        value = memory.found[key]
        return self._with(value, one_less(int(value.split(",")[1], 16)))

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Masks, mode, serving cell."""
        if part == "AT+CNBP?":
            return read_list(radio, "cnbp", f"+CNBP: {radio.memory.get('cnbp')}")
        if match := re.fullmatch(r"AT\+CNBP=(0[xX][0-9A-F]+),(0[xX][0-9A-F]+)(,0[xX][0-9A-F]+)?", part):
            value = part.partition("=")[2].replace("0X", "0x")
            other = self._with(value, one_more(int(match[2], 16)))
            return write_list(radio, "cnbp", value, other=other, effect="restart" if self.restarts else "now")
        if answer := _mode(part, radio):
            return answer
        return ScriptedAnswer((_cpsi(radio),)) if part == "AT+CPSI?" else None


class SimcomAsr(SimcomMasks):
    """A7672S: the same masks, in force behind a restart."""

    model = "A7672S-FASE"
    revision = "A011B07A7672M7_F"
    restarts = "AT+CFUN=1,1"
    lasting: ClassVar[dict[str, str]] = {
        "cnbp": f"0x0000000000000180,0x{mask_of((*LTE[:-1], 14, 30)):016X},0x0000",
        "cnmp": "2",
    }


class SimcomFiveG(Tongue):
    """SIM8262E-M2: lists with colons."""

    maker = "SIMCOM INCORPORATED"
    model = "SIMCOM_SIM8262E-M2"
    revision = "22110B03X62M44A-M2"
    registrations = ("CEREG", "C5GREG")
    lists = ("lte_band", "nr5g_band", "nsa_nr5g_band")
    lasting: ClassVar[dict[str, str]] = {
        "lte_band": ":".join(map(str, sorted((*LTE, 71)))),
        "nr5g_band": "1:2:3:5:7:8:12:20:25:28:38:40:41:48:66:71:77:78",
        "nsa_nr5g_band": "1:2:3:5:7:8:12:20:25:28:38:40:41:48:66:71:77:78:79",
        "cnmp": "2",
    }

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """Mode 38 LTE alone, 71 NR alone: neither has a leg."""
        keys = {"lte": "lte_band", "nr": "nr5g_band", "nr_nsa": "nsa_nr5g_band"}
        drop = {"38": ("nr", "nr_nsa"), "71": ("lte", "nr_nsa")}.get(memory.get("cnmp"), ())
        return {rat: {int(one) for one in memory.get(key).split(":")} for rat, key in keys.items() if rat not in drop}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Lists, mode, serving cell."""
        memory = radio.memory
        if match := re.fullmatch(r'AT\+CSYSSEL="(\w+)"(?:,([\d:]+))?', part):
            key, value = match[1].lower(), match[2]
            if key not in self.lasting:
                return ScriptedAnswer((), "ERROR")
            if value is None:
                line = f'+CSYSSEL: "{key}",{memory.get(key)}'
                return read_list(radio, key, line) if key in self.lists else ScriptedAnswer((line,))
            return write_list(radio, key, value, other=f"1:{value}" if value != "1" else "1:3")
        if answer := _mode(part, radio):
            return answer
        if part != "AT+CPSI?":
            return None
        leg = radio.leg()
        told = (
            ()
            if leg is None
            else (f"+CPSI: NR5G_NSA,{leg.pci},NR5G_BAND{leg.band},{leg.arfcn},{leg.rsrp}0,-110,17,1,12",)
        )
        return ScriptedAnswer((_cpsi(radio), *told))
