"""What answers tell of a modem's registration, each answer read once: a sweep hears the same one hundreds of times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import Registration
from harness.probes.at.session import read_exchange

if TYPE_CHECKING:
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.recording.exchange import Exchange

REGISTERED = frozenset({"home", "roaming"})


class StateReader:
    """Reads states of packet service by one family."""

    def __init__(self, family: Dialect | None, modem: Modem) -> None:
        self._family = family
        self._modem = modem
        self._known: dict[tuple[str, bytes], tuple[Registration, ...]] = {}

    def told_by(self, one: Exchange) -> tuple[Registration, ...]:
        """What an answer tells; nothing where it was cut."""
        if one.error is not None:
            return ()
        key = (one.request, one.response)
        if key not in self._known:
            told = read_exchange(one, self._family, self._modem).observations
            self._known[key] = tuple(x for x in told if isinstance(x, Registration) and x.domain != "cs")
        return self._known[key]

    def is_on(self, one: Exchange) -> bool:
        """Whether it tells of service."""
        return any(item.state in REGISTERED for item in self.told_by(one))
