"""What a modem was asked and did not tell: `Unread` facts, by what the readers of the requests say that they tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.observations import EnabledBands, Observation, Source, SupportedBands, Unread, topic_of

from .readers import readers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from harness.observations import Rat, Topic
    from harness.probes.at.language.answer import AtAnswer

    from .dialect import Dialect, Reader

_NOTHING_SAID: tuple[Topic, ...] = ("supported", "enabled")
"""What an answer without any fact may have told where its reader does not say what it tells."""


def of_answer(
    reader: Reader, part: str, answer: AtAnswer, told: Sequence[Observation], warnings: Sequence[str]
) -> Iterator[Unread]:
    """What the answer to one command did not tell though its reader says that it does.

    A modem that does not have the command has nothing to tell; of a joined request it is open which of its commands
    was refused.
    """
    joined = ";" in answer.command
    if answer.failed and answer.unknown_to_modem and not joined:
        return
    lost = warnings[0] if warnings else "no line of the answer tells it"
    yield from _missing(reader, part, told, f"refused: {answer.final}" if answer.failed else lost)


def of_lost(request: str, family: Dialect | None, why: str, exchange: int | None = None) -> tuple[Unread, ...]:
    """What a request would have told whose answer never came, or came so damaged that none of it can be read."""
    link = None if exchange is None else "at"
    return tuple(
        replace(one, source=Source(request=part, link=link, exchange=exchange))
        for part in split_joined(request)
        for reader in readers_of(part, family)
        for one in _missing(reader, part, (), why)
    )


def nothing_asked(family: Dialect) -> tuple[Unread, ...]:
    """What the readers of a family could tell of a modem that its plan asks nothing: so nothing of that was read."""
    topics = [topic for reader in family.readers for topic in (_NOTHING_SAID if reader.tells is None else reader.tells)]
    who = f"the plan of {family.name}"
    return tuple(Unread(what=one, request=who, why="it asks this modem nothing") for one in dict.fromkeys(topics))


def _missing(reader: Reader, part: str, told: Sequence[Observation], why: str) -> Iterator[Unread]:
    topics = reader.tells
    if topics is None:
        topics = () if told else _NOTHING_SAID
    given = {topic_of(item) for item in told}
    for topic in topics:
        if topic not in given:
            bands = topic in _NOTHING_SAID
            for rat in (reader.rats if bands else ()) or (None,):
                yield Unread(source=Source(request=part), what=topic, rat=rat, request=part, why=why)


def settled(observations: Iterable[Observation], family: Dialect | None) -> tuple[Observation, ...]:
    """All that one modem told, once everything was asked: without what a second answer to the same command made good,
    with what lists lost of a radio technology that others of this modem name.
    """
    items = tuple(observations)
    kept = tuple(item for item in items if not (isinstance(item, Unread) and _made_good(item, items)))
    lost = frozenset(item for item in kept if isinstance(item, Unread))
    return (*kept, *(one for one in _narrower(kept, family) if one not in lost))


def _made_good(lost: Unread, items: Sequence[Observation]) -> bool:
    return any(
        item.source is not None
        and item.source.request == lost.request
        and topic_of(item) == lost.what
        and (lost.rat is None or _about(lost.rat, getattr(item, "rat", None)))
        for item in items
    )


def _narrower(items: Sequence[Observation], family: Dialect | None) -> Iterator[Unread]:
    """Lists that name bands, but none of a radio technology of which the modem says elsewhere that it has bands."""
    lists = [item for item in items if isinstance(item, SupportedBands | EnabledBands) and item.source]
    has = dict.fromkeys(item.rat for item in lists if isinstance(item, SupportedBands) and item.bands != ())
    kinds: tuple[tuple[type[Observation], Topic], ...] = ((SupportedBands, "supported"), (EnabledBands, "enabled"))
    for kind, topic in kinds:
        told_by: dict[str, list[Rat]] = {}
        for item in lists:
            if isinstance(item, kind) and item.source and item.source.request:
                told_by.setdefault(item.source.request, []).append(item.rat)
        for request, told in told_by.items():
            if any(reader.rats for reader in readers_of(request, family)):
                continue
            for rat in has:
                if not any(_about(rat, one) for one in told):
                    yield _narrow(topic, request, rat)


def _narrow(topic: Topic, request: str, rat: Rat) -> Unread:
    why = f"it names no {rat} bands, and the modem has some"
    return Unread(source=Source(request=request), what=topic, rat=rat, request=request, why=why)


def _about(asked: Rat, told: Rat | None) -> bool:
    """Whether a list of `told` is about `asked`: NR as a whole is about both of its modes."""
    return told == asked or (told is not None and "nr" in {asked, told} and asked[:2] == told[:2])
