"""The state of a simulated modem, and what it answers: recorded answers, and what commands change of them.

As long as nothing was changed, every recorded request is answered byte for byte as it was recorded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from harness.simulation.modem.base import Base, parts_of_joined
from harness.simulation.modem.script import Behaviour, Change, behaviour
from harness.simulation.modem.text import ScriptedAnswer, at_level, error, fields, parts, split
from harness.simulation.remembered import remembered
from harness.simulation.tape import Tape, at_key

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.recording.exchange import Recording

REGISTRATIONS = ("CREG", "CGREG", "CEREG", "C5GREG")
Service = Literal["registered", "searching", "off"]

_READS = {f"AT+{name}?": name for name in REGISTRATIONS}
_RESETS = re.compile(r"AT(?:\+CFUN=\d+,1|!RESET|#REBOOT|\^RESET|\+CRESET|%RESET)")
_SETTINGS = (
    ("reports", re.compile(r"AT\+(CREG|CGREG|CEREG|C5GREG)=([0-5])")),
    ("errors", re.compile(r"AT\+(CMEE)=([012])")),
    ("format", re.compile(r"AT\+(COPS)=3,([012])")),
    ("functionality", re.compile(r"AT\+(CFUN)=([0-9])(?:,0)?")),
)
_SET = re.compile(r"AT([+^#$%*!&][A-Z0-9_]+)=(.*)", re.DOTALL)
_BASIC = re.compile(r"(&?[A-Z])(\d*(?:=\d+)?)")


@dataclass(slots=True)
class Manners:
    """How one connection wants to be answered."""

    echo: bool = True
    verbose: bool = True
    quiet: bool = False
    framed: bool = False
    """It has asked for V.250's line ends (ATV1), so it gets the one before an answer, which recordings may lack."""
    error_level: int | None = None
    """None: as recorded."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent for one command line: bytes, thinking time, and what happens behind them.

    `complete` False: what was cut off when it was recorded; nothing follows.
    """

    data: bytes
    think_s: float = 0.0
    resets: bool = False
    changes: tuple[Change, ...] = ()
    service: Service | None = None
    complete: bool = True


class ModemState:
    """One modem behind all its connections."""

    def __init__(self, recording: Recording, latency_s: float | None = None) -> None:
        self.recording = recording
        self.behaviour: Behaviour = behaviour(recording.info)
        self.tape = Tape(recording.links.get("at", ()), at_key)
        self.service: Service = "registered"
        self.asked: list[str] = []
        """Every command line that was asked, in order."""
        self._latency_s = latency_s
        self._operator = {**_operators(self.tape), **self.behaviour.operator}
        self._parts = parts_of_joined(self.tape)
        self._base = Base(self._recorded("ATI"))
        self._written: dict[str, list[str]] = {}
        """Values that were written, by the request that reads them: they outlive a reset."""
        self.restarted()

    def restarted(self) -> None:
        """As after power-on: settings that are lost then are as recorded."""
        self.tape.rewind()
        self._levels: dict[str, int] = {}
        self._format: int | None = None
        self._functionality: int | None = None
        self.service = "registered"

    def reply(self, line: str, manners: Manners) -> Reply | None:
        """The answer to one command line; None for a line that is no command."""
        key = at_key(line)
        if not key.startswith("AT"):
            return None
        self.asked.append(line.strip())
        single = parts(key)
        effects = _Effects()
        changed = any(self._changed(part) is not None for part in single)
        recorded = None if changed else self.tape.take(key)
        if recorded is None:
            outcome, think = self._composed(single, manners, effects)
        else:
            think = self._think(recorded.elapsed_ms)
            answer = split(recorded.response)
            if answer is None or recorded.error is not None:
                return effects.reply(recorded.response, think, complete=False)
            outcome = self._leveled(answer, manners)
            if not answer.failed:
                for part in single:
                    self._apply(part, manners, effects)
            if outcome is answer and manners.verbose and not manners.quiet:
                return effects.reply(_framed(recorded.response) if manners.framed else recorded.response, think)
        # ATV and ATQ hold for their own result code already.
        data = b"" if manners.quiet else outcome.encode(verbose=manners.verbose)
        return effects.reply(data, think)

    async def pump(self, say: Callable[[bytes], None]) -> None:
        """Say what comes unasked by itself: nothing here does."""

    def unsolicited(self, service: Service) -> bytes:
        """The network state changes: what is reported unasked."""
        self.service = service
        out = ""
        for name in REGISTRATIONS:
            if self._levels.get(name, 0) and (answer := self._registration(name)):
                values = fields(answer.lines[0])[1:]
                out += f"\r\n+{name}: {','.join(values)}\r\n"
        return out.encode()

    def _think(self, elapsed_ms: float | None) -> float:
        return (elapsed_ms or 0.0) / 1000 if self._latency_s is None else self._latency_s

    def _composed(self, single: Sequence[str], manners: Manners, effects: _Effects) -> tuple[ScriptedAnswer, float]:
        """The answers of joined commands, one after the other; the first that fails ends the line."""
        lines: list[str] = []
        think = 0.0
        for part in single:
            answer, seconds = self._one(part, manners, effects)
            think += seconds
            lines += answer.lines
            if answer.failed:
                return self._leveled(ScriptedAnswer(tuple(lines), answer.final), manners), think
        return ScriptedAnswer(tuple(lines)), think

    def _one(self, part: str, manners: Manners, effects: _Effects) -> tuple[ScriptedAnswer, float]:
        changed = self._changed(part)
        recorded = self.tape.take(part)
        think = self._think(recorded.elapsed_ms if recorded else None)
        if changed is not None:
            return changed, think
        answer = split(recorded.response) if recorded and not recorded.error else None
        if answer is not None:
            if not answer.failed:
                self._apply(part, manners, effects)
            return answer, think
        if recorded is None and (answer := self._parts.get(part)) is not None:
            return answer, think
        if self._apply(part, manners, effects):
            return ScriptedAnswer(), think
        if recorded is None and (answer := self._base.answer(part)) is not None:
            return answer, think
        return ScriptedAnswer((), error(100, manners.error_level or 0)), think

    def _leveled(self, answer: ScriptedAnswer, manners: Manners) -> ScriptedAnswer:
        """The answer as AT+CMEE has it; the very same one where nothing differs."""
        final = answer.final if manners.error_level is None else at_level(answer.final, manners.error_level)
        return answer if final == answer.final else ScriptedAnswer(answer.lines, final)

    def _changed(self, part: str) -> ScriptedAnswer | None:
        """The answer to a read whose value is not the recorded one any more; None where it still is."""
        if (name := _READS.get(part)) is not None:
            as_recorded = name not in self._levels and self.service == "registered"
            return None if as_recorded else self._registration(name)
        if part == "AT+COPS?":
            return self._operator_answer()
        if part == "AT+CFUN?" and self._functionality is not None:
            return ScriptedAnswer((f"+CFUN: {self._functionality}",))
        if part == "AT+CSQ" and self.service == "off" and part in self.tape:
            return ScriptedAnswer(("+CSQ: 99,99",))
        return self._read_back(part)

    def _registration(self, name: str) -> ScriptedAnswer | None:
        recorded = self._recorded(f"AT+{name}?")
        values = fields(recorded.lines[0]) if recorded and recorded.lines else []
        if len(values) < 2:
            return None
        level = self._levels.get(name, int(values[0]) if values[0].isdigit() else 0)
        state = {"registered": values[1], "searching": "2", "off": "0"}[self.service]
        place = values[2:] if self.service == "registered" and level >= 2 else []
        return ScriptedAnswer((f"+{name}: {','.join([str(level), state, *place])}",))

    def _operator_answer(self) -> ScriptedAnswer | None:
        recorded = self._recorded("AT+COPS?")
        values = fields(recorded.lines[0]) if recorded and recorded.lines else []
        if not values:
            return None
        if self.service != "registered":
            return ScriptedAnswer((f"+COPS: {values[0]}",))
        if self._format is None or len(values) < 3 or self._format not in self._operator:
            return None
        named = [values[0], str(self._format), f'"{self._operator[self._format]}"', *values[3:]]
        return ScriptedAnswer((f"+COPS: {','.join(named)}",))

    def _recorded(self, request: str) -> ScriptedAnswer | None:
        exchange = self.tape.look(request)
        if exchange is None:
            return self._parts.get(request)
        return None if exchange.error else split(exchange.response)

    def _apply(self, part: str, manners: Manners, effects: _Effects) -> bool:
        """Change what the command changes. False for a command that is not known."""
        if self.behaviour.changes:
            effects.changes += [change for change in self.behaviour.changes if change.when == part]
        kind, name, value = _setting(part)
        if kind == "reset":
            effects.resets = True
        elif kind == "reports":
            self._levels[name] = value
            return self._recorded(f"AT+{name}?") is not None
        elif kind == "errors":
            manners.error_level = value
        elif kind == "format":
            self._format = value
        elif kind == "functionality":
            self._functionality = value
            effects.service = "registered" if value == 1 else "off"
        elif not _basic(part, manners):
            return self._write(part) or part in self.tape or any(c.when == part for c in effects.changes)
        return True

    def _write(self, part: str) -> bool:
        """A value that can be read can be written: `AT+X=1,2` is read by `AT+X?`, `AT+X="a",2` by `AT+X="a"` too."""
        match = _SET.fullmatch(part)
        if match is None or match[2].startswith("?"):
            return False
        name, value = match[1], match[2]
        key = re.match(r'"[^"]*"', value)
        if key and len(key[0]) == len(value):
            return False
        for read in (f"AT{name}={key[0]}?", f"AT{name}={key[0]}", f"AT{name}?") if key else (f"AT{name}?",):
            recorded = self._recorded(read)
            if recorded is None or recorded.failed:
                continue
            old = self._written.get(read, list(recorded.lines))
            written = [
                f"{line.partition(':')[0]}: {value}" if _is_value_of(line, name, key[0] if key else "") else line
                for line in old
            ]
            if written != old or any(line.endswith(value) for line in old):
                self._written[read] = written
                return True
        return False

    def _read_back(self, part: str) -> ScriptedAnswer | None:
        lines = self._written.get(part)
        return None if lines is None else ScriptedAnswer(tuple(lines))


class _Effects:
    """What happens behind an answer."""

    def __init__(self) -> None:
        self.resets = False
        self.changes: list[Change] = []
        self.service: Service | None = None

    def reply(self, data: bytes, think_s: float, *, complete: bool = True) -> Reply:
        return Reply(data, think_s, self.resets, tuple(self.changes), self.service, complete)


def _framed(response: bytes) -> bytes:
    """A recorded answer behind the line end that V.250 puts before it: a recording holds what the answer says."""
    return response if response.startswith((b"\r", b"\n")) else b"\r\n" + response


@remembered
def _setting(part: str) -> tuple[str, str, int]:
    """What a command sets, under which name, and the value; nothing where it is none of these."""
    if _RESETS.fullmatch(part):
        return "reset", "", 0
    for kind, pattern in _SETTINGS:
        if match := pattern.fullmatch(part):
            return kind, match[1], int(match[2])
    return "", "", 0


@remembered
def _basic_commands(part: str) -> tuple[tuple[str, bool], ...] | None:
    """Name of each basic command in a row and whether it switches on; None for a command of another kind."""
    body = part[2:]
    found = list(_BASIC.finditer(body))
    if "".join(match[0] for match in found) != body:
        return None
    return tuple((match[1], match[2] not in ("", "0")) for match in found)


def _basic(part: str, manners: Manners) -> bool:
    """Basic commands of V.250, several in a row: E, V, Q, and those that nothing here depends on."""
    found = _basic_commands(part)
    if found is None:
        return False
    for name, on in found:
        if name == "E":
            manners.echo = on
        elif name == "V":
            manners.verbose = manners.framed = on
        elif name == "Q":
            manners.quiet = on
        elif name in ("Z", "&F"):
            manners.echo, manners.verbose, manners.quiet, manners.error_level = True, True, False, None
        elif name not in ("X", "L", "M", "S", "H", "&C", "&D", "&W", "&K", "&S", "&R"):
            return False
    return True


def _operators(tape: Tape) -> dict[int, str]:
    """The operator's names by format, from all the answers to AT+COPS?."""
    names: dict[int, str] = {}
    for exchange in tape:
        for line in exchange.text.splitlines():
            values = fields(line) if line.startswith("+COPS:") else []
            if len(values) >= 3 and values[1] in ("0", "1", "2") and values[2].startswith('"'):
                names.setdefault(int(values[1]), values[2].strip('"'))
    return names


def _is_value_of(line: str, name: str, key: str) -> bool:
    """Whether a line of a read holds the value that a write names."""
    record, colon, rest = line.partition(":")
    if not colon or record.strip().upper() != name:
        return False
    return not key or rest.strip().upper().startswith(key.upper())
