"""What a modem answers besides its recording: parts of joined commands, and the small base of TS 27.007 and V.250 that
other clients ask for before they ask anything else. Nothing here states a fact that a survey reads. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.simulation.modem.text import ScriptedAnswer, parts, split

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.recording.exchange import Exchange

TEST_IMEI = "004999010640000"
"""Of the range that is set aside for tests."""
_NAME = re.compile(r'AT([+^#$%*!&][A-Z0-9_]+)[?=]*("[^"]*")?.*', re.DOTALL)
_FIXED = {
    "AT+GCAP": "+GCAP: +CGSM,+CLTE2",
    "AT+CGSN": TEST_IMEI,
    "AT+GSN": TEST_IMEI,
    "AT+CSCS=?": '+CSCS: ("IRA","GSM")',
    "AT+WS46=?": "+WS46: (12,22,25,28)",
    "AT+WS46?": "+WS46: 25",
    "AT+CGDCONT=?": '+CGDCONT: (1-16),"IPV4V6",,,(0-2),(0-4)',
    "AT+CGDCONT?": "",
    "AT+CFUN=?": "+CFUN: (0,1,4),(0,1)",
    "AT+CFUN?": "+CFUN: 1",
    "AT+CLCK=?": '+CLCK: ("SC","FD","PS")',
    'AT+CLCK="SC",2': "+CLCK: 0",
    'AT+CLCK="FD",2': "+CLCK: 0",
    'AT+CLCK="PS",2': "+CLCK: 0",
    "AT+CSQ": "+CSQ: 99,99",
    "AT+CPAS": "+CPAS: 0",
    "AT+CMEE?": "+CMEE: 0",
    "AT+CREG=?": "+CREG: (0-2)",
    "AT+CGREG=?": "+CGREG: (0-2)",
    "AT+CEREG=?": "+CEREG: (0-2)",
    "AT+CNUM": "",
    "AT+IFC=2,2": "",
    "AT+IFC=0,0": "",
}
_CHARACTERS = re.compile(r'AT\+CSCS="(IRA|GSM)"')
_IDENTITY = {"AT+CGMI": 0, "AT+GMI": 0, "AT+CGMM": 1, "AT+GMM": 1, "AT+CGMR": 2, "AT+GMR": 2}
"""Command -> the line of the answer to ATI that tells it."""


def parts_of_joined(exchanges: Iterable[Exchange]) -> dict[str, ScriptedAnswer]:
    """The answer to each part of joined commands that were recorded as one, by the names of its lines.

    A part to which no line belongs is left out: nothing tells what it answered.
    """
    found: dict[str, ScriptedAnswer] = {}
    for exchange in exchanges:
        single = parts(exchange.request)
        answer = split(exchange.response) if len(single) > 1 and not exchange.error else None
        if answer is None or answer.failed:
            continue
        names = [match[1] if (match := _NAME.fullmatch(part)) else "" for part in single]
        for part, name in zip(single, names, strict=True):
            key = match[2] if (match := _NAME.fullmatch(part)) and names.count(name) > 1 else ""
            lines = tuple(line for line in answer.lines if name and _belongs(line, name, key or ""))
            if lines:
                found.setdefault(part, ScriptedAnswer(lines))
    return found


def _belongs(line: str, name: str, key: str) -> bool:
    record, colon, rest = line.partition(":")
    return bool(colon) and record.strip().upper() == name and rest.strip().upper().startswith(key.upper())


class Base:
    """The base of one modem: what it says of itself is what it was recorded to say."""

    def __init__(self, identity: ScriptedAnswer | None) -> None:
        self._identity = identity.lines if identity and not identity.failed else ()
        self._characters = "IRA"

    def answer(self, part: str) -> ScriptedAnswer | None:
        """The answer to one command; None for one that is not of the base."""
        if (line := _FIXED.get(part)) is not None:
            return ScriptedAnswer((line,) if line else ())
        if (place := _IDENTITY.get(part)) is not None and place < len(self._identity):
            return ScriptedAnswer((self._identity[place].removeprefix("Revision:").strip(),))
        if part == "AT+CSCS?":
            return ScriptedAnswer((f'+CSCS: "{self._characters}"',))
        if match := _CHARACTERS.fullmatch(part):
            self._characters = match[1]
            return ScriptedAnswer()
        return None
