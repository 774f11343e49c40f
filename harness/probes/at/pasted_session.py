"""A whole pasted session: what was typed names what follows it. The newest answer to each command counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.observations import Reading
from harness.patterns import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation

    from .dialect import Dialect
    from .language.answer import Modem

MAX_SESSION_CHARACTERS = 64_000_000

_ECHO = late(r"""\s{0,8}(?:[>$#] ?)?(AT(?:I\d?|&V\d?|E[01]|[+^#%*!$&][A-Z][^\r\n]{0,300})?)\s*$""", re.IGNORECASE)
_CLOSED = late(r"\s{0,8}(?:OK|ERROR|ABORTED|COMMAND NOT SUPPORT(?:ED)?|\+CM[ES] ERROR\s?:.{0,200})\s*$", re.IGNORECASE)
_IDENTITY = ("ATI", "ATI0", "AT+CGMI", "AT+CGMM", "AT+CGMR", "AT+GMI", "AT+GMM", "AT+GMR")


@dataclass(frozen=True, slots=True)
class _Segment:
    """A command as it was typed, and the lines up to the next one."""

    command: str
    line: int
    lines: tuple[str, ...]

    @property
    def closed(self) -> bool:
        """Whether a final result code came."""
        return any(_CLOSED.match(line) for line in self.lines)


def read_session(
    text: str, dialect: str | None = None, *, model: str | None = None, firmware: str | None = None
) -> Reading:
    """Read all answers of a session. Without a dialect the family is the one that the modem's own identity names.

    Raises ParseError where no command is echoed in the text, or none of the answers tells anything.
    """
    from . import registry
    from .language.answer import Modem
    from .language.pasted import without_prefixes
    from .locks import beside_locks
    from .session import modem_of

    if len(text) > MAX_SESSION_CHARACTERS:
        raise ParseError(f"{len(text)} characters are no session of a modem")
    newest = _newest(_segments(without_prefixes(text.lstrip("\ufeff"))))
    if not newest:
        raise ParseError("no command is echoed in the text: name it with --command")
    modem = Modem(None, model, firmware)
    who = Reading()
    for segment in newest:
        if segment.command.upper() in _IDENTITY:
            who += _read(segment, None, modem)
    told = modem_of(who.observations)
    modem = Modem(told.manufacturer, model or told.model, firmware or told.firmware)
    family = registry.dialect(dialect) if dialect else registry.dialect_for(modem)
    reading = Reading()
    for segment in newest:
        reading += _read(segment, family, modem)
    warnings = (*reading.warnings, *beside_locks(reading.told))
    reading = Reading(reading.told, tuple(dict.fromkeys(warnings)))
    if not reading.observations:
        raise ParseError(reading.warnings[0] if reading.warnings else "nothing in the session tells anything")
    return reading


def _read(segment: _Segment, family: Dialect | None, modem: Modem) -> Reading:
    from . import read_parts

    text = "\r\n".join((*segment.lines, ""))
    try:
        reading = read_parts(text, segment.command, family, modem)
    except ParseError as error:
        return Reading((), (f"{segment.command}: {error.message}",))
    placed = tuple(_placed(item, segment.line) for item in reading.observations)
    return Reading(placed, reading.in_words().warnings)


def _placed(item: Observation, before: int) -> Observation:
    """The fact with its line counted from the start of the session."""
    where = item.source
    if where is None or where.line is None:
        return item
    return replace(item, source=replace(where, line=where.line + before))


def _segments(text: str) -> Iterator[_Segment]:
    command, start, kept = "", 0, list[str]()
    for number, line in enumerate(re.split(r"\r{0,2}\n|\r", text), start=1):
        match = _ECHO.match(line)
        if match:
            if command:
                yield _Segment(command, start, tuple(kept))
            command, start, kept = match[1].strip(), number, []
        elif command:
            kept.append(line)
    if command:
        yield _Segment(command, start, tuple(kept))


def _newest(segments: Iterator[_Segment]) -> list[_Segment]:
    """One segment a command, the last that ended with a final code, else the last; in the order of the text."""
    from harness.at_commands import spelled

    found: dict[str, _Segment] = {}
    for segment in segments:
        key = spelled(segment.command)
        if key not in found or segment.closed or not found[key].closed:
            found.pop(key, None)
            found[key] = segment
    return list(found.values())
