"""Recorded exchanges in their order -> the course of a watch: live as they come, and of a recording, alike. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from harness.at_commands import split_joined
from harness.errors import ParseError
from harness.observations import Registration
from harness.probes.adb.plan import REGISTRY, read_all
from harness.probes.at import read_parts
from harness.probes.at.language.answer import Modem
from harness.probes.at.readers import readers_of
from harness.probes.at.session import read_exchange, requests_of
from harness.sweep.link import UNASKED

from .course import GONE, SILENT, Course
from .moment import IN_SERVICE, Moment, moment_of, slot_of, weightiest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harness.observations import Domain, Observation, RegistrationState
    from harness.probes.at.dialect import Dialect
    from harness.recording.exchange import Exchange

LEVELS = "AT+CESQ"
"""Asked where the family's own answers tell no level (TS 27.007 clause 8.69)."""
_TOPICS = {"serving", "registration"}
_CARRIERS = re.compile(r".*CAINFO\??")
_CODE = re.compile(r"^\+(C5GREG|CEREG|CGREG):", re.MULTILINE)


def requests_to_watch(family: Dialect | None, modem: Modem) -> tuple[str, ...]:
    """Of what a modem's plan asks, what tells registration, serving cell and carriers; each command alone."""
    parts = [part for request in requests_of(family, modem) for part in split_joined(request)]
    return tuple(dict.fromkeys(part for part in parts if _CARRIERS.fullmatch(part) or _tells(part, family)))


def _tells(part: str, family: Dialect | None) -> bool:
    return any(_TOPICS & set(reader.tells or ()) for reader in readers_of(part, family))


@dataclass(kw_only=True)
class Follower:
    """Takes exchanges and keeps the course. `requests` are those of one look, which begins with the first of them."""

    requests: tuple[str, ...]
    family: Dialect | None = None
    modem: Modem = field(default_factory=Modem)
    slot: int | None = None
    course: Course = field(default_factory=Course)
    began: datetime | None = None
    _look: list[Exchange] = field(default_factory=list)
    _domains: dict[Domain | None, RegistrationState] = field(default_factory=dict)
    """The last that was told of each domain: on some modems each has codes of its own."""

    def take(self, exchange: Exchange) -> None:
        """One exchange."""
        if exchange.error is not None and not exchange.error.passing:
            self.flush()
            self.course.lose(self.seconds(exchange), GONE)
        elif exchange.request == UNASKED:
            self.flush()
            self.course.hear(self.seconds(exchange), self._unasked(exchange.text))
        elif exchange.request == self.requests[0]:
            self.flush()
            self._look.append(exchange)
        elif self._look and exchange.request in self.requests:
            self._look.append(exchange)

    def flush(self) -> None:
        """The look is whole."""
        look, self._look = self._look, []
        if not look:
            return
        at_s = self.seconds(look[-1])
        answered = [one for one in look if one.error is None]
        if not answered:
            self.course.lose(at_s, SILENT)
            return
        facts = self._facts(answered)
        if self.slot is None:
            self.slot = slot_of(facts)
        self._learn([one for one in facts if isinstance(one, Registration)])
        self.course.look(at_s, moment_of(facts, self.slot))

    def seconds(self, exchange: Exchange) -> float:
        """From the beginning to an exchange; one without a time came when the last did."""
        try:
            at = datetime.fromisoformat(exchange.at) if exchange.at else None
        except ValueError:
            at = None
        if at is None:
            return self.course.at_s
        self.began = self.began or at
        return max(self.course.at_s, (at - self.began).total_seconds())

    def _facts(self, look: Sequence[Exchange]) -> list[Observation]:
        if REGISTRY in self.requests:
            told = {one.request: one.text for one in look if one.exit_code in {0, None}}
            return list(read_all(told).observations)
        return [item for one in look for item in read_exchange(one, self.family, self.modem).observations]

    def _learn(self, told: Sequence[Registration]) -> None:
        """Keep what was told of each domain: of two slots only of ours."""
        for one in told:
            if one.domain != "cs" and one.slot in {None, self.slot}:
                self._domains[one.domain] = one.state

    def _unasked(self, text: str) -> Moment | None:
        """The moment after a code that came unasked; None where it tells of no registration."""
        told = [one for name in dict.fromkeys(_CODE.findall(text)) for one in self._code(name, text)]
        if not told:
            return None
        self._learn(told)
        state = weightiest(self._domains.values())
        last = next((one for one in reversed(told) if one.state == state), told[-1])
        before = self.course.moment
        if before is not None and before.state in IN_SERVICE and state in IN_SERVICE:
            return replace(before.steady, state=state)
        return Moment(state=state, rat=last.rat if state in IN_SERVICE else None, cause=last.cause)

    def _code(self, name: str, text: str) -> list[Registration]:
        """A code in its newest form: the standard's reader takes it by a name that is no command."""
        try:
            told = read_parts(text, f"AT+{name}", None, self.modem).observations
        except ParseError:
            return []
        return [one for one in told if isinstance(one, Registration)]
