"""Answers of AT commands -> observations. `read` is the door; one module a dialect, `standard` for 3GPP commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.errors import ParseError
from harness.observations import Observation, Reading, Source
from harness.probes.at.language.answer import Modem, read_answer, split_joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import Answer

    from .dialect import Dialect, Reader


def read(
    text: str,
    command: str,
    dialect: str | Dialect | None = None,
    *,
    model: str | None = None,
    firmware: str | None = None,
    manufacturer: str | None = None,
) -> Reading:
    """Read the text that followed one request, joined (`AT+A?;+B?`) or single.

    A 3GPP command needs no dialect. Raises ParseError where nothing was read, UnknownName for a dialect that nobody
    offers. Warnings say what could not be read and what is needed for it (a model, a firmware).
    """
    from . import registry

    family = registry.dialect(dialect) if isinstance(dialect, str) else dialect
    reading = read_parts(text, command, family, Modem(manufacturer, model, firmware))
    if not reading.observations:
        why = reading.warnings[0] if reading.warnings else f"nothing in the text answers {command.strip()!r}"
        raise ParseError(why)
    return reading


def read_parts(text: str, command: str, family: Dialect | None, modem: Modem) -> Reading:
    """As `read`, but an answer that tells nothing is an empty Reading (with warnings) and not an error."""
    observations: list[Observation] = []
    warnings: list[str] = []
    parts = split_joined(command)
    for part in parts:
        readers = _readers(part, family)
        if not readers:
            warnings.append(f"no reader for {part}" + ("" if family else ": name the dialect"))
        for reader in readers:
            answer = read_answer(text, command if len(parts) > 1 else part, modem, reader.names)
            for item in _read(reader, part, answer):
                if isinstance(item, str):
                    warnings.append(item)
                else:
                    observations.append(item.from_(Source(request=part)))
    return Reading(_unique(observations), tuple(dict.fromkeys(warnings)))


def _read(reader: Reader, part: str, answer: Answer) -> Iterator[Observation | str]:
    """What one reader makes of an answer; a refusal is told, also where a joined request was answered in part."""
    if answer.failed:
        joined = ";" in answer.command
        yield (
            f"{part} was refused: {answer.final}"
            if not joined
            else (f"the joined request ended with {answer.final}: what its lines do not tell was refused")
        )
        if not answer.records and not reader.reads_refusals:
            return
    if answer.mixed and answer.bare:
        yield f"several answers run together: only the lines that name {part} are read"
        answer = answer.without_bare()
    yield from reader.read(answer)


def _unique(observations: list[Observation]) -> tuple[Observation, ...]:
    return tuple(dict.fromkeys(observations))


def _readers(command: str, family: Dialect | None) -> list[Reader]:
    """Readers of the family for the command, else those of the standard."""
    from harness.probes.at.standard.readers import READERS

    own = [reader for reader in family.readers if reader.reads(command)] if family else []
    if own:
        return own
    common = [reader for reader in READERS if reader.reads(command)]
    if common or family:
        return common
    from . import registry

    offers = [[r for r in d.readers if r.reads(command)] for d in registry.all_dialects()]
    offers = [offer for offer in offers if offer]
    return offers[0] if len(offers) == 1 else []
