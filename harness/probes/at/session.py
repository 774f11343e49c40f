"""Identify a modem and ask what its dialect's plan asks: the one place where AT probes meet a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.errors import AnswerGarbled, AnswerTimeout, CommandRefused
from harness.observations import Identity, Observation, Reading

from . import dialect as dialects
from . import read_parts
from .answer import Modem, split_joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.links.base import AtLink
    from harness.recording.model import Exchange

    from .dialect import Dialect

IDENTIFY = ("ATI", "AT+CGMI", "AT+CGMM", "AT+CGMR")
"""Asked in order until manufacturer, model and firmware are known; ATI alone suffices for most families."""

COMMON_PLAN = ("AT+CPIN?;+CIMI", "AT+CEREG?", "AT+COPS?")
"""What is asked of a modem that no dialect claims."""


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
    reading = Reading()
    modem = Modem()
    for command in IDENTIFY:
        if modem.model and modem.firmware and (modem.manufacturer or dialects.dialect_for(modem)):
            break
        reading += _ask(link, command, None, modem, asked, deadline_s)
        modem = modem_of(reading.observations)
    family = dialects.dialect_for(modem)
    requests: Sequence[str] = family.plan(modem) if family else COMMON_PLAN
    for request in requests:
        reading += _ask(link, request, family, modem, asked, deadline_s)
    if family is None:
        reading += Reading((), (f"no dialect knows {modem.manufacturer or 'this'} {modem.model or 'modem'}",))
    return ModemReading(reading, modem, family.name if family else None, tuple(asked))


def modem_of(observations: Sequence[Observation]) -> Modem:
    """Manufacturer, model and firmware from the identity facts read so far."""
    found: dict[str, str] = {}
    for item in observations:
        if isinstance(item, Identity):
            for key, value in (("manufacturer", item.manufacturer), ("model", item.model), ("firmware", item.build)):
                if value:
                    found.setdefault(key, value)
    return Modem(found.get("manufacturer"), found.get("model"), found.get("firmware"))


def _ask(
    link: AtLink, request: str, family: Dialect | None, modem: Modem, asked: list[str], deadline_s: float
) -> Reading:
    """One request; where a joined one is refused, its parts are asked alone, since one failing part ends the rest."""
    exchange, trouble = _exchange(link, request, asked, deadline_s)
    if exchange is None:
        return Reading((), (trouble,)) if trouble else Reading()
    reading = read_exchange(exchange, family, modem)
    parts = split_joined(request)
    if len(parts) > 1 and _refused(exchange):
        reading = Reading()
        for part in parts:
            single, trouble = _exchange(link, part, asked, deadline_s)
            if single is not None:
                reading += read_exchange(single, family, modem)
            elif trouble:
                reading += Reading((), (trouble,))
    return reading


def _exchange(link: AtLink, request: str, asked: list[str], deadline_s: float) -> tuple[Exchange | None, str]:
    try:
        exchange = link.ask(request, deadline_s=deadline_s)
    except (AnswerTimeout, AnswerGarbled, CommandRefused) as error:
        asked.append(request)
        return None, error.message
    if exchange is not None:
        asked.append(request)
    return exchange, ""


def _refused(exchange: Exchange) -> bool:
    lines = exchange.text.strip().splitlines()
    return not lines or lines[-1].strip().upper() != "OK"


def read_exchange(exchange: Exchange, family: Dialect | None, modem: Modem) -> Reading:
    """Read one recorded exchange; one with an error is never read."""
    if exchange.error:
        return Reading((), (f"{exchange.request}: {exchange.error}",))
    return read_parts(exchange.text, exchange.request, family, modem)
