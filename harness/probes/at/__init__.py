"""Answers of AT commands -> observations. `read` is the door; one module a dialect, `standard` for 3GPP commands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.equal_texts import remembered
from harness.errors import ParseError
from harness.observations import Observation, Reading, ServingCell, Source, SupportedBands, Unread

# The modules of the room are imported where they are used: threads that read devices import them one by one, and none
# may wait for this one while it waits for them.
if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.probes.at.language.answer import AtAnswer, Modem

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
    offers. Warnings say what could not be read and what is needed for it (a model, a firmware); there are no `Unread`
    facts among the observations.
    """
    from . import registry
    from .language.answer import Modem

    family = registry.dialect(dialect) if isinstance(dialect, str) else dialect
    reading = read_parts(text, command, family, Modem(manufacturer, model, firmware))
    if not reading.told:
        why = reading.warnings[0] if reading.warnings else f"nothing in the text answers {command.strip()!r}"
        raise ParseError(why)
    return reading.in_words()


def with_line_end(text: str) -> tuple[str, str | None]:
    """A pasted text with a line end behind its last line, and a warning where that line may be cut.

    People paste without it (a clipboard, `echo -n`); on a link a line without its end is never taken.
    """
    if not text or text[-1] in "\r\n":
        return text, None
    last = text[max(text.rfind("\n"), text.rfind("\r")) + 1 :].strip()
    whole = text + "\r\n"
    if not last or last.upper() in {"OK", "ERROR"}:
        return whole, None
    return whole, f"the last line has no line end and may be cut: {last[:60]!r}"


def read_parts(
    text: str, command: str, family: Dialect | None, modem: Modem, *, exchange: int | None = None
) -> Reading:
    """As `read`, but an answer that tells nothing is no error: `Unread` facts and warnings say so.

    `exchange` is the number of the exchange that the text is the answer of.
    """
    from .readers import has_common_readers

    # Who reads a command that no family is named for, and that the standard has not, can change: see `readers_of`.
    told = _told_again if family is not None or has_common_readers(command) else _told
    return told(text, command, family, modem, exchange)


def _told(text: str, command: str, family: Dialect | None, modem: Modem, exchange: int | None) -> Reading:
    from harness.at_commands import split_joined

    from .language.answer import AnswerText
    from .readers import readers_of
    from .unread import of_answer

    observations: list[Observation] = []
    warnings: list[str] = []
    parts = split_joined(command)
    unasked = family.records.unsolicited if family else frozenset()
    where = None if exchange is None else "at"
    said: AnswerText | None = None
    for part in parts:
        readers = readers_of(part, family)
        if not readers:
            warnings.append(f"no reader for {part}" + ("" if family else ": name the dialect"))
        source = Source(request=part, exchange=exchange, link=where)
        for reader in readers:
            said = said or AnswerText(text, modem, unasked)
            answer = said.answer(command if len(parts) > 1 else part, reader.names)
            found = [one for item in _read(reader, part, answer) for one in _checked(item)]
            told = [_of_part(item, part) for item in found if not isinstance(item, str)]
            doubts = [item for item in found if isinstance(item, str)]
            warnings += doubts
            lost = of_answer(reader, part, answer, told, doubts)
            observations += (item.from_(source) for item in (*told, *lost))
    return Reading(tuple(dict.fromkeys(observations)), tuple(dict.fromkeys(warnings)))


_told_again = remembered(most=256, longest=8_192)(_told)
"""Modems of one model tell their bands, locks and firmware with the same words, mostly less than a tenth of that."""


def _checked(item: Observation | str) -> Iterator[Observation | str]:
    """What a reader told, without a bandwidth that the band does not have (TS 36.101 5.6.1, TS 38.101-1 5.3.5).

    An empty set of the hardware is not told: a modem that leaves a technology out prints it, and one that cannot tell.
    """
    if isinstance(item, SupportedBands) and item.bands == () and item.layer in {"hardware", None}:
        yield f"an empty set of {item.rat} bands of the hardware tells nothing"
        return
    if isinstance(item, ServingCell) and item.bandwidth_khz is not None and item.rat is not None:
        from harness.radio.bandwidths import band_has_width

        rat, khz = item.rat, item.bandwidth_khz
        bands = (item.band,) if item.band is not None else item.band_candidates or ()
        if bands and not any(band_has_width(rat, band, khz) for band in bands):
            from harness.radio.tables import band_label

            named = " and ".join(band_label(rat, band) for band in bands)
            yield f"{named} has no channel of {khz / 1000:g} MHz: the bandwidth is not known"
            item = replace(item, bandwidth_khz=None)
    yield item


def _of_part(item: Observation, part: str) -> Observation:
    return replace(item, request=part) if isinstance(item, Unread) and not item.request else item


def _read(reader: Reader, part: str, answer: AtAnswer) -> Iterator[Observation | str]:
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
