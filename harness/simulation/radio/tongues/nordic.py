"""A Nordic nRF9160: locks by bits, modes and locks only while the radio is off, causes in +CEREG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_BANDS = (1, 2, 3, 4, 5, 8, 12, 13, 14, 17, 18, 19, 20, 25, 26, 28, 66)
_NOT_NOW = ScriptedAnswer((), "+CME ERROR: 518")


class NordicNrf91(Tongue):
    """nRF9160-SICA."""

    maker = "Nordic Semiconductor ASA"
    model = "nRF9160-SICA"
    revision = "mfw_nrf9160_1.3.5"
    lists = ("run",)
    lasting: ClassVar[dict[str, str]] = {"perm": "", "mode": "1,1,0,0"}
    passing: ClassVar[dict[str, str]] = {"run": ""}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """What permanent and run-time lock leave, for the technologies of the mode."""
        left = set(_BANDS)
        for key in ("perm", "run"):
            if bits := memory.get(key):
                left &= {place + 1 for place, bit in enumerate(reversed(bits)) if bit == "1"}
        modes = memory.get("mode").split(",")
        return {rat: set(left) for rat, on in zip(("lte_m", "nb_iot"), modes, strict=False) if on == "1"}

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """A lock of somebody else's."""
        return "1" * 66

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Locks, modes, the monitor."""
        memory = radio.memory
        if part == "AT%XCBAND=?":
            return ScriptedAnswer((f"%XCBAND: ({','.join(map(str, _BANDS))})",))
        if part == "AT%XBANDLOCK?":
            line = f'%XBANDLOCK: "{memory.get("perm")}","{memory.get("run")}"'
            return read_list(radio, "run", line)
        if part == "AT%XSYSTEMMODE?":
            return ScriptedAnswer((f"%XSYSTEMMODE: {memory.get('mode')}",))
        if part == "AT%XMONITOR":
            return ScriptedAnswer((self._monitor(radio),))
        if part == "AT%NCELLMEAS":
            return self._measure(radio)
        if part.startswith(("AT%XBANDLOCK=", "AT%XSYSTEMMODE=")):
            return self._write(part, radio)
        return None

    def _write(self, part: str, radio: Radio) -> ScriptedAnswer:
        memory = radio.memory
        if memory.get("cfun") == "1":
            return _NOT_NOW
        if match := re.fullmatch(r"AT%XSYSTEMMODE=([01],[01],[01],[0-4])", part):
            memory.put("mode", match[1])
            return OK
        if part == "AT%XBANDLOCK=0":
            memory.put("perm", "")
            return write_list(radio, "run", "", other="", effect="radio_cycle")
        match = re.fullmatch(r'AT%XBANDLOCK=2,"([01]{1,88})"', part)
        if match is None:
            return ScriptedAnswer((), "ERROR")
        bits = match[1].lstrip("0")
        return write_list(radio, "run", bits, other=f"1{bits}", effect="radio_cycle")

    def _measure(self, radio: Radio) -> ScriptedAnswer:
        """The cell and its neighbours, told behind OK."""
        own = radio.camped()
        if own is None:
            return ScriptedAnswer((), "+CME ERROR: 516")
        beside = [one for one in radio.heard("lte_m", "nb_iot") if one is not own]
        groups = "".join(f",{one.arfcn},{one.pci},{one.rsrp + 140},20,{60 + place}" for place, one in enumerate(beside))
        who = f'"{own.cell:08X}","{own.plmn}","{own.tac:04X}"'
        radio.said.append(
            f"\r\n%NCELLMEAS: 0,{who},65535,{own.arfcn},{own.pci},{own.rsrp + 140},20,10512{groups},10512\r\n"
        )
        return OK

    def _monitor(self, radio: Radio) -> str:
        cell = radio.camped()
        if cell is None:
            return f"%XMONITOR: {radio.state('CEREG')}"
        act = {"lte_m": 7, "nb_iot": 9}[cell.rat]
        return (
            f'%XMONITOR: 1,"","","{cell.plmn}","{cell.tac:04X}",{act},{cell.band},"{cell.cell:08X}",{cell.pci},'
            f'{cell.arfcn},{cell.rsrp + 140},39,"","11100000","11100000","00000000"'
        )
