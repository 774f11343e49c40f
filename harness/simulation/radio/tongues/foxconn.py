"""A T99W175: enabled and disabled lists, one of which is written whole, 15 bands at most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_ALL = {
    "WCDMA": "1,2,4,5,8",
    "LTE": "1,2,3,4,5,7,8,12,13,14,17,18,19,20,25,26,28,29,30,32,34,38,39,40,41,42,46,48,66,71",
    "NR5G": "1,3,28,41,71,77,78,79",
}
_MOST = 15
_KEYS = {"WCDMA": "umts", "LTE": "lte", "NR5G": "nr"}


class FoxconnT99(Tongue):
    """T99W175."""

    maker = "Foxconn"
    model = "T99W175"
    revision = "T99W175.F0.1.0.0.5.2.GC.004"
    registrations = ("CEREG", "C5GREG")
    lists = ("lte", "nr")
    lasting: ClassVar[dict[str, str]] = {
        "umts": "1,2,4,5,8",
        "lte": "2,4,5,12,13,14,17,25,26,30,41,48,66",
        "nr": "1,3,28,41,77,78,79",
        "mode kept": "0",
    }
    passing: ClassVar[dict[str, str]] = {"slmode": "1,0"}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """Modes 0 both, 2 LTE alone."""
        found = {"lte": {int(one) for one in memory.get("lte").split(",")}}
        if memory.get("slmode")[-1] != "2":
            found["nr"] = {int(one) for one in memory.get("nr").split(",")}
        return found

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Lists, mode, locks, the serving cell."""
        memory = radio.memory
        if part == "AT^BAND_PREF?":
            return read_list(radio, "lte", "\r\n".join(self._lists(memory)))
        if match := re.fullmatch(r"AT\^BAND_PREF=(WCDMA|LTE|NR5G),2,([\d,]+)", part):
            return self._write(match[1], match[2], radio)
        if part == "AT^SLMODE?":
            return ScriptedAnswer((f"^SLMODE:{memory.get('slmode')}",))
        if match := re.fullmatch(r"AT\^SLMODE=([01],[0-7])", part):
            memory.put("slmode", match[1])
            radio.changed("now")
            return OK
        if part == "AT^LTE_LOCK?":
            return ScriptedAnswer((memory.volatile.get("lte lock", "^LTE_LOCK:Have not set cell lock before"),))
        if part == "AT^DEBUG?":
            return self._debug(radio)
        return self._carriers(radio) if part == "AT^CA_INFO?" else None

    def _lists(self, memory: ModemMemory) -> list[str]:
        lines = []
        for rat, key in _KEYS.items():
            on = memory.get(key).split(",")
            off = [one for one in _ALL[rat].split(",") if one not in on]
            lines += [f"{rat},Enable Bands :{','.join(on)},", f"{rat},Disable Bands:{','.join(off)},"]
        return lines

    def _write(self, rat: str, value: str, radio: Radio) -> ScriptedAnswer:
        bands = value.split(",")
        if len(bands) > _MOST or set(bands) - set(_ALL[rat].split(",")):
            return ScriptedAnswer((), "ERROR")
        if radio.quirks.rat_coupled and rat == "LTE":
            radio.memory.put("nr", "1")
        extra = next(one for one in _ALL[rat].split(",") if one not in bands)
        return write_list(radio, _KEYS[rat], value, other=f"{value},{extra}")

    def _debug(self, radio: Radio) -> ScriptedAnswer:
        cell = radio.camped()
        if cell is None:
            return ScriptedAnswer(("RAT:NO SERVICE",))
        mcc, mnc = cell.plmn[:3], cell.plmn[3:]
        if cell.rat == "nr":
            lines = (
                f"RAT:NR5G_SA mcc:{mcc},mnc:{mnc}",
                f"nr_band:n{cell.band} nr_band_width:20.0MHz",
                f"nr_channel:{cell.arfcn}",
                f"nr_pci:{cell.pci} nr_tac:{cell.tac}",
            )
        else:
            lines = (
                f"RAT:LTE mcc:{mcc},mnc:{mnc}",
                f"pcell: lte_band:{cell.band} lte_band_width:10.0MHz",
                f"channel:{cell.arfcn} pci:{cell.pci}",
                f"lte_tac:{cell.tac}",
            )
        return ScriptedAnswer(lines)

    def _carriers(self, radio: Radio) -> ScriptedAnswer:
        cell = radio.camped()
        if cell is None:
            return OK
        word = f"NR5G_N{cell.band}" if cell.rat == "nr" else f"LTE_B{cell.band}"
        return ScriptedAnswer((f"PCC info:Band is {word}, Band_width is 10.0 MHz",))
