"""The text of AT answers: lines, final result codes, error numbers and words (V.250, TS 27.007). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.simulation.remembered import remembered

FINAL = re.compile(
    r"OK|ERROR|\+CM[ES] ERROR\s?:.*|NO CARRIER|BUSY|NO ANSWER|NO DIAL ?TONE|CONNECT.*|ABORTED"
    r"|COMMAND NOT SUPPORT(?:ED)?|TOO MANY PARAMETERS"
)
DIGITS = {"OK": "0", "CONNECT": "1", "NO CARRIER": "3", "ERROR": "4", "NO DIALTONE": "6", "BUSY": "7", "NO ANSWER": "8"}
"""Result codes after ATV0 (V.250 table 1)."""

CME_WORDS = {
    3: "operation not allowed",
    4: "operation not supported",
    5: "PH-SIM PIN required",
    10: "SIM not inserted",
    11: "SIM PIN required",
    12: "SIM PUK required",
    13: "SIM failure",
    14: "SIM busy",
    15: "SIM wrong",
    16: "incorrect password",
    20: "memory full",
    22: "not found",
    30: "no network service",
    31: "network timeout",
    32: "network not allowed - emergency calls only",
    50: "incorrect parameters",
    100: "unknown",
}
"""TS 27.007 clause 9.2."""


@dataclass(frozen=True, slots=True)
class ScriptedAnswer:
    """An answer in pieces: the information lines without their line ends, and the final result code."""

    lines: tuple[str, ...] = ()
    final: str = "OK"

    @property
    def failed(self) -> bool:
        """Whether a command line ends here."""
        return self.final != "OK"

    def encode(self, *, verbose: bool = True) -> bytes:
        """The bytes as modems frame them: after ATV0 without the leading line end, and with a digit."""
        if verbose:
            body = "".join(f"\r\n{line}" for line in self.lines) + "\r\n" if self.lines else ""
            return f"{body}\r\n{self.final}\r\n".encode("utf-8", "surrogateescape")
        body = "".join(f"{line}\r\n" for line in self.lines)
        final = DIGITS.get(self.final)
        return (body + (f"{final}\r" if final else f"{self.final}\r\n")).encode("utf-8", "surrogateescape")


@remembered
def split(response: bytes) -> ScriptedAnswer | None:
    """A recorded answer in pieces; None where it has no final result code."""
    lines = [line for line in re.split(r"[\r\n]+", response.decode("utf-8", "surrogateescape")) if line]
    if not lines or not FINAL.fullmatch(lines[-1].strip()):
        return None
    return ScriptedAnswer(tuple(lines[:-1]), lines[-1].strip())


def error(number: int, level: int) -> str:
    """The final result code of an error at a level of +CMEE."""
    if level == 0:
        return "ERROR"
    return f"+CME ERROR: {number if level == 1 else CME_WORDS.get(number, CME_WORDS[100])}"


def at_level(final: str, level: int) -> str:
    """A recorded error as it reads at another level of +CMEE."""
    match = re.fullmatch(r"\+CME ERROR\s?:\s*(.*)", final)
    if match is None:
        return final
    words = {text.lower(): number for number, text in CME_WORDS.items()}
    number = int(match[1]) if match[1].isdigit() else words.get(match[1].strip().lower())
    return final if number is None and level else error(number or 100, level)


def fields(line: str) -> list[str]:
    """The values behind the name of a record."""
    return [text.strip() for text in re.findall(r'(?:[^,"]|"[^"]*"?)+|(?<=,)(?=,)', line.partition(":")[2])]


@remembered
def parts(command: str) -> tuple[str, ...]:
    """The commands of one line, each with its own AT, as `at_key` has them."""
    found = re.findall(r'(?:[^;"]|"[^"]*"?)+', command)
    return tuple(part if index == 0 else f"AT{part}" for index, part in enumerate(found))
