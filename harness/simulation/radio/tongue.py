"""What a simulated modem answers: 3GPP commands here, those of a family in a tongue of its own."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.quirks import Quirks
    from harness.simulation.radio.radio import Radio

OK = ScriptedAnswer()
_CRSM = "AT+CRSM=176,28539,0,0,12"
_REPORTS = re.compile(r"AT\+(CEREG|C5GREG|CREG)(?:(\?)|=([0-5]))")


class Tongue(ABC):
    """One family. `lists` are the places of memory that locks are written to."""

    maker: ClassVar[str] = ""
    model: ClassVar[str] = ""
    revision: ClassVar[str] = ""
    lists: ClassVar[tuple[str, ...]] = ()
    registrations: ClassVar[tuple[str, ...]] = ("CEREG",)
    lasting: ClassVar[dict[str, str]] = {}
    passing: ClassVar[dict[str, str]] = {}
    imsi: ClassVar[str] = "001010123456789"
    """The card's, of a network for tests (TS 23.003 clause 2.2)."""
    cfun_s: ClassVar[float] = 1.0
    restarts: ClassVar[str] = ""
    """The request at which it restarts, where its lists hold from then on alone; empty: they hold sooner."""
    boot_s: ClassVar[float] = 15.0

    def memory(self, imei: str = "490154203237518", file: Path | None = None) -> ModemMemory:
        """A new modem's memory."""
        from harness.simulation.radio.memory import ModemMemory

        passing = {"cfun": "1", "CEREG": "0", "C5GREG": "0", "CREG": "0", **self.passing}
        lasting = {"imei": imei, **self.lasting}
        made = ModemMemory(lasting, dict(passing), file=file, defaults=passing, found={**lasting, **passing})
        made.save()
        return made

    @abstractmethod
    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """The bands that the lists and modes leave, by technology."""

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """Another value of a list than it has, as somebody else would write it: numbers with one taken away."""
        parts = re.split(r"([:,])", memory.found[key])
        return "".join(parts[:-2]) if len(parts) > 2 else memory.found[key]

    def restarted(self, memory: ModemMemory, quirks: Quirks) -> None:
        """What a restart does to the lists behind a write."""
        if quirks.lost_at_restart or quirks.hidden_lock:
            for key in self.lists:
                memory.put(key, memory.found[key])

    def takes_s(self, command: str) -> float:
        """How long it thinks."""
        return self.cfun_s if command.startswith("AT+CFUN=") else 0.02

    @abstractmethod
    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The answer to a command of the family; None for one that is not its own."""

    def answer(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The answer to one command in its normal spelling; None for one that is not known."""
        if self.restarts and part == self.restarts:
            radio.restart()
            return OK
        own = self.own(part, radio)
        return own if own is not None else self._standard(part, radio)

    def _standard(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        memory = radio.memory
        if re.fullmatch(r"AT\+COPS=3,[012]", part):
            return OK
        fixed = {
            "ATI": (self.maker, self.model, f"Revision: {self.revision}"),
            "AT+CGMI": (self.maker,),
            "AT+CGMM": (self.model,),
            "AT+CGMR": (self.revision,),
            "AT+CGSN": (memory.nv["imei"],),
            "AT+CPIN?": ("+CPIN: READY",),
            "AT+CIMI": (self.imsi,),
            "AT+CEER": ("+CEER: No cause information available",),
        }
        if part in fixed:
            return ScriptedAnswer(fixed[part])
        if part == "AT+CFUN?":
            return ScriptedAnswer((f"+CFUN: {memory.volatile['cfun']}",))
        if match := re.fullmatch(r"AT\+CFUN=([014])(?:,0)?", part):
            radio.function(match[1])
            return OK
        if match := _REPORTS.fullmatch(part):
            return self._registration(match, radio)
        if part == "AT+COPS?":
            cell = radio.camped()
            act = {"lte": 7, "nr": 11, "lte_m": 8, "nb_iot": 9}
            mode = memory.volatile.get("cops", "0")
            return ScriptedAnswer((f'+COPS: {mode},2,"{cell.plmn}",{act[cell.rat]}' if cell else f"+COPS: {mode}",))
        if part == _CRSM and memory.card.get("fplmn") == "unreadable":
            return ScriptedAnswer((), "+CME ERROR: 3")
        if part == _CRSM:
            return ScriptedAnswer((f'+CRSM: 144,0,"{_fplmn(memory.card.get("fplmn", ""))}"',))
        return None

    def _registration(self, match: re.Match[str], radio: Radio) -> ScriptedAnswer:
        command, volatile = match[1], radio.memory.volatile
        if match[3] is not None:
            radio.memory.put(command, match[3])
            return OK
        level = volatile.get(command, "0")
        if command not in self.registrations and command != "CREG":
            return ScriptedAnswer((), "ERROR")
        told = radio.place(command, level) or radio.cause(command, level)
        return ScriptedAnswer((f"+{command}: {level},{radio.state(command)}{told}",))


def _fplmn(plmns: str) -> str:
    """EF_FPLMN (TS 31.102 4.2.16): three bytes a network, FF where there is none."""
    found = ""
    for plmn in plmns.split():
        mcc, mnc = plmn[:3], plmn[3:]
        digits = [mcc[1], mcc[0], mnc[2] if len(mnc) > 2 else "F", mcc[2], mnc[1], mnc[0]]
        found += "".join(digits)
    return found.ljust(24, "F")
