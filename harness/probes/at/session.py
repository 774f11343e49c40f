"""Identify a modem and ask what its dialect's plan asks: the one place where AT probes meet a link."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from harness.at_commands import FamilyRecords, split_joined
from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused, DeviceGone, ParseError
from harness.observations import (
    Identity,
    Observation,
    Reading,
    Registration,
)
from harness.patterns import late
from harness.probes.at.language.answer import Modem
from harness.recording.exchange import Exchange

from . import read_parts, registry
from .dialect import ON_DENIAL
from .locks import beside_locks
from .narrow import told_narrow
from .unread import nothing_asked, of_lost, settled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from harness.links.base import AtLink

    from .dialect import Dialect

MOST_REQUESTS = 8
"""Identity, supported, enabled and serving bands of any modem take no more, where it understands joined requests."""

REQUEST_S = 15.0
"""How long one request may take: a command that a modem never answers must not cost the ones behind it."""

COMMON_PLAN = ("AT+CPIN?;+CIMI", "AT+CEREG?", "AT+COPS?")
"""What is asked of a modem that no dialect claims."""

REGISTRATION = "AT+CEREG?;+COPS?;+CPIN?;+CIMI"
REGISTRATION_NR = "AT+CEREG?;+C5GREG?;+COPS?;+CPIN?;+CIMI"
"""Asked of every family whose plan does not ask for the registration itself; of models that can have NR the second: on
SA alone only +C5GREG tells. A missing SIM ends the joined request, so +CPIN and +CIMI stand last."""


@dataclass(frozen=True, slots=True)
class ModemReading:
    """All that a modem told, and how it was asked."""

    reading: Reading
    modem: Modem
    dialect: str | None
    requests: tuple[str, ...]


def read_modem(link: AtLink, *, deadline_s: float) -> ModemReading:
    """Identify the modem and read its bands. At most eight requests where joined commands are understood.

    Raises LinkError where the port is lost; a single request that is late, garbled or refused is a warning.
    """
    asked: list[str] = []
    reading, modem, family = _identified(link, asked, deadline_s)
    plan = requests_of(family, modem)[: MOST_REQUESTS - len(asked)]
    # Read when all is asked: of a rack of modems none then waits for its next question while others' answers are read.
    on_denial = family.on_denial if family is not None else ON_DENIAL
    if on_denial and len(asked) + len(plan) >= MOST_REQUESTS:
        answers = _asked_with_cause(link, _registration_before_last(plan), on_denial, asked, deadline_s)
    else:
        answers = _asked_all(link, plan, asked, deadline_s)
    reading += _understood(answers, family, modem)
    if on_denial and len(asked) < MOST_REQUESTS and _is_denied(reading):
        reading += _ask(link, on_denial, family, modem, asked, deadline_s)
    if family is not None and not family.plan(modem):
        reading += Reading(nothing_asked(family))
    if family is None:
        reading += Reading((), (f"no dialect knows {modem.manufacturer or 'this'} {modem.model or 'modem'}",))
    reading += Reading((), tuple(registry.troubles().values()))
    reading += Reading((), tuple(beside_locks(reading.observations)))
    told = told_narrow(settled(reading.observations, family), modem)
    reading = Reading(told, reading.warnings)
    return ModemReading(reading, modem, family.name if family else None, tuple(asked))


def identify(link: AtLink, *, deadline_s: float) -> tuple[Dialect | None, Modem]:
    """Family and name of a modem, and nothing else. Raises LinkError where the port is lost."""
    _, modem, family = _identified(link, [], deadline_s)
    return family, modem


def _identified(link: AtLink, asked: list[str], deadline_s: float) -> tuple[Reading, Modem, Dialect | None]:
    reading = _ask(link, "ATI", None, Modem(), asked, deadline_s)
    modem = modem_of(reading.observations)
    for command, needed in _IDENTIFY:
        if needed(modem):
            reading += _ask(link, command, None, modem, asked, deadline_s)
            modem = modem_of(reading.observations)
    family = registry.dialect_for(modem)
    if family is not None:
        _introduce(link, family)
    return reading, modem, family


def _is_denied(reading: Reading) -> bool:
    """Whether the modem is out without a cause: Telit's stays "not registered" after a reject."""
    states = [item for item in reading.observations if isinstance(item, Registration)]
    out = {item.state for item in states} & {"denied", "not_registered"}
    return bool(out) and not any(item.cause or item.state in {"home", "roaming"} for item in states)


def _introduce(link: AtLink, family: Dialect) -> None:
    """Tell the link what only the family knows: commands that only read, records that are personal or come unasked."""
    records = _checked_records(family)
    if family.read_forms:
        link.allow_reads(family.read_forms)
    if records != FamilyRecords():
        link.learn_records(records)


@lru_cache(maxsize=64)
def _checked_records(family: Dialect) -> FamilyRecords:
    """What `check` of a family finds does not change, so a rack checks it once. Raises UsageError."""
    family.check()
    return family.records


_IDENTIFY: tuple[tuple[str, Callable[[Modem], bool]], ...] = (
    ("AT+CGMM", lambda modem: not modem.model),
    ("AT+CGMI", lambda modem: not modem.manufacturer and registry.dialect_for(modem) is None),
    ("AT+CGMR", lambda modem: not modem.firmware),
)
"""What is asked beside ATI, which suffices for most families, and when."""


def requests_of(family: Dialect | None, modem: Modem) -> tuple[str, ...]:
    """What is asked of an identified modem: its family's plan, and the registration where the plan has none."""
    if family is None:
        return COMMON_PLAN
    plan = family.plan(modem)
    if any("+CEREG?" in request for request in plan):
        return plan
    return (*plan, REGISTRATION_NR if modem.is_model(*family.nr_models) else REGISTRATION)


def modem_of(observations: Sequence[Observation]) -> Modem:
    """Manufacturer, model and firmware from the identity facts read so far."""
    found: dict[str, str] = {}
    for item in observations:
        if isinstance(item, Identity):
            firmware = item.build or item.baseband
            for key, value in (("manufacturer", item.manufacturer), ("model", item.model), ("firmware", firmware)):
                if value:
                    found.setdefault(key, value)
    return Modem(found.get("manufacturer"), found.get("model"), found.get("firmware"))


def _ask(
    link: AtLink, request: str, family: Dialect | None, modem: Modem, asked: list[str], deadline_s: float
) -> Reading:
    """One request, asked and read."""
    return _understood(_answers(link, request, asked, deadline_s), family, modem)


_GONE = "the modem went away before it was asked"


@dataclass(frozen=True, slots=True)
class _Lost:
    """A request without an answer that can be read; `was_sent` tells whether it could have told anything."""

    request: str
    why: str
    told: str
    """The same in a warning's words."""
    was_sent: bool = True


def _asked_all(link: AtLink, plan: Sequence[str], asked: list[str], deadline_s: float) -> list[Exchange | _Lost]:
    """The answers to a plan. What was not asked any more of a modem that went away is lost with it."""
    answers: list[Exchange | _Lost] = []
    gone = False
    for request in plan:
        if gone:
            answers.append(_Lost(request, _GONE, ""))
            continue
        found = _answers(link, request, asked, deadline_s)
        gone = any(isinstance(one, Exchange) and one.error and not one.error.passing for one in found)
        answers += found
    return answers


def _registration_before_last(plan: tuple[str, ...]) -> tuple[str, ...]:
    """The plan with the request for the registration before the last: the last can then ask for more."""
    others = tuple(request for request in plan if "+CEREG?" not in request)
    return (*others[:-1], *(request for request in plan if "+CEREG?" in request), *others[-1:])


def _asked_with_cause(
    link: AtLink, plan: tuple[str, ...], on_denial: str, asked: list[str], deadline_s: float
) -> list[Exchange | _Lost]:
    """As `_asked_all`, where no request is left for the cause of a refusal: the last of the plan is joined with it."""
    answers = _asked_all(link, plan[:-1], asked, deadline_s)
    said = [one for one in answers if isinstance(one, Exchange)]
    if any(one.error and not one.error.passing for one in said):
        return [*answers, _Lost(plan[-1], _GONE, "")]
    is_out = any(_is_denied_text(one.text) for one in said if "+CEREG?" in one.request)
    last = f"{plan[-1]};{on_denial.removeprefix('AT')}" if is_out else plan[-1]
    return answers + _answers(link, last, asked, deadline_s)


_STAT = late(r"\+C(?:5G|E)REG:[ \t]*\d[ \t]*,[ \t]*(\d{1,2})(?![\d\"])")
_OUT, _IN = {"0", "3"}, {"1", "5", "6", "7", "9", "10"}


def _is_denied_text(text: str) -> bool:
    """What `_is_denied` tells, but for causes, by the text alone: it is asked for before the answers are read."""
    found = set(_STAT.findall(text))
    return bool(found & _OUT) and not found & _IN


def _answers(link: AtLink, request: str, asked: list[str], deadline_s: float) -> list[Exchange | _Lost]:
    """The exchange of one request, or what went wrong; of a joined one that is refused or was never recorded, of its parts.

    One failing part ends the rest of a joined request.
    """
    found = _exchange(link, request, asked, deadline_s)
    parts = split_joined(request)
    alone = found is None or (isinstance(found, Exchange) and not found.error and _refused(found))
    if len(parts) > 1 and alone:
        told = [one for part in parts if (one := _exchange(link, part, asked, deadline_s)) is not None]
        # Of a recording that has none of its parts, the joined answer is all there is: it is read, or told as lost.
        return told or ([] if found is None else [found])
    if found is None:
        return []
    left = [part for part in parts if part not in split_joined(found.request)] if len(parts) > 1 else []
    return [found, *(one for part in left if (one := _exchange(link, part, asked, deadline_s)) is not None)]


def _understood(answers: Sequence[Exchange | _Lost], family: Dialect | None, modem: Modem) -> Reading:
    reading = Reading()
    for one in answers:
        reading += _read_lost(one, family) if isinstance(one, _Lost) else read_exchange(one, family, modem)
    return reading


def _read_lost(lost: _Lost, family: Dialect | None) -> Reading:
    """What a request without an answer leaves: a warning, and what was not read."""
    unread = of_lost(lost.request, family, lost.why) if lost.was_sent else ()
    return Reading(unread, (lost.told,) if lost.told else ())


def _exchange(link: AtLink, request: str, asked: list[str], deadline_s: float) -> Exchange | _Lost | None:
    try:
        exchange = link.ask(request, deadline_s=min(deadline_s, time.monotonic() + REQUEST_S))
    except (AnswerTimeout, AnswerGarbled, CommandRefused) as error:
        asked.append(request)
        return _Lost(
            request, _WHY.get(type(error).__name__, ""), error.message, was_sent=not isinstance(error, CommandRefused)
        )
    if exchange is not None:
        asked.append(request)
    return exchange


def _refused(exchange: Exchange) -> bool:
    lines = exchange.text.strip().splitlines()
    return not lines or lines[-1].strip().upper() != "OK"


def read_exchange(exchange: Exchange, family: Dialect | None, modem: Modem) -> Reading:
    """Read one recorded exchange; one with an error is never read, and one that cannot be read is a warning.

    What it would have told is then `Unread`.
    """
    if exchange.error is not None:
        why = _WHY.get(exchange.error.kind, "the link was lost")
        lost = of_lost(exchange.request, family, why, exchange.number)
        return Reading(lost, (f"{exchange.request}: {exchange.error}",))
    try:
        return read_parts(exchange.text, exchange.request, family, modem, exchange=exchange.number)
    except ParseError as error:
        lost = of_lost(exchange.request, family, error.message, exchange.number)
        return Reading(lost, (f"{exchange.request}: {error.message}",))


_WHY = {
    AnswerTimeout.__name__: "its answer was late",
    AnswerGarbled.__name__: "its answer was garbled",
    DeviceGone.__name__: "the device went away",
}
"""Why an answer was not read, in words that name no address."""
