"""The NR leg beside an LTE cell (EN-DC): looked for while a band is tried, and read back from the looks.

A leg is no registration: +CEREG tells of the LTE cell alone. It is told by the serving cells of another command than the
lock's own, as the primary cell of the secondary group (TS 37.340 clause 7.2). Some modems go on telling of one that is
gone, so a look while the radio is off belongs to the proof; many networks add one under traffic alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.observations import NrState, ServingCell, Signal
from harness.probes.at.session import read_exchange
from harness.radio.rats import NR

from .bands import EN_DC
from .conversation import SLICE_S

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import BandLock
    from harness.recording.exchange import Exchange

    from .bearer import Bearer
    from .conversation import Conversation
    from .link import SweepLink

LEG_S = 30.0
"""How long the leg may take behind the attach: it is added by the network, after measurements."""
LOOK_EVERY_S = 1.0


class LegReader:
    """Reads serving cells of one modem, as its lock asks for them."""

    def __init__(self, lock: BandLock, family: Dialect | None, modem: Modem) -> None:
        self._lock = lock
        self._family = family
        self._modem = modem

    def is_told(self, answers: Sequence[Exchange | None]) -> bool:
        """Whether one of these tells of a leg."""
        return any(self._legs(one) for one in answers if one is not None)

    def facts(self, exchanges: Sequence[Exchange], attached: int) -> dict[str, Any]:
        """What a trial's exchanges tell of leg and anchor; `attached` is the place of its registration."""
        looks = [(at, one) for at, one in enumerate(exchanges) if self._is_look(one)]
        before = [one for at, one in looks if at < attached]
        after = [one for at, one in looks if at > attached]
        first = next((one for one in after if self._legs(one)), None)
        legs = [leg for one in after for leg in self._legs(one)]
        last = {one.request: one for one in after}.values()
        denied = self.is_told([*last]) and any(self._denies(one) for one in last)
        upto = after if first is None else after[: after.index(first) + 1]
        return {
            **_band_of(legs, denied=denied),
            **_anchor_of([cell for one in upto for cell in self._cells(one, "pcell")]),
            "leg_fresh": bool(before) and not self.is_told(before),
            "leg_from": exchanges[attached],
            "leg_to": first if first is not None else (after[-1] if after else None),
        }

    def levels(self, exchanges: Sequence[Exchange], attached: int) -> Iterator[Signal]:
        """The leg's levels."""
        for one in exchanges[attached + 1 :]:
            if self._is_look(one):
                told = read_exchange(one, self._family, self._modem).observations
                yield from (item for item in told if isinstance(item, Signal) and item.rat in NR)

    def _is_look(self, one: Exchange) -> bool:
        return one.request in self._lock.serving and one.error is None

    def _cells(self, one: Exchange, role: str) -> list[ServingCell]:
        if one.error is not None:
            return []
        told = read_exchange(one, self._family, self._modem).observations
        return [item for item in told if isinstance(item, ServingCell) and item.role == role]

    def _denies(self, one: Exchange) -> bool:
        """Whether it tells in so many words that there is no leg, as another answer of the same look may."""
        told = read_exchange(one, self._family, self._modem).observations
        return any(isinstance(item, NrState) and item.mode == "none" for item in told)

    def _legs(self, one: Exchange) -> list[ServingCell]:
        return [cell for cell in self._cells(one, "pscell") if cell.rat in NR and cell.active is not False]


def _band_of(legs: Sequence[ServingCell], *, denied: bool) -> dict[str, Any]:
    """The leg's band: by its channel, with no source to the contrary."""
    named = [one for one in legs if one.band is not None and one.arfcn is not None]
    bands = {one.band for one in named} | {one.band_reported for one in legs if one.band_reported is not None}
    return {
        "served_band": named[0].band if named else None,
        "served_rat": EN_DC if named else None,
        "served_arfcn": named[0].arfcn if named else None,
        "disagree": denied
        or len(bands) > 1
        or any(one.band_source == "conflict" for one in legs)
        or any(bands - set(one.band_candidates) for one in legs if one.band_candidates),
        "leg_told": bool(legs),
    }


def _anchor_of(cells: Sequence[ServingCell]) -> dict[str, Any]:
    named = [one for one in cells if one.band is not None and one.registered is not False]
    last = named[-1] if named else None
    return {
        "anchor_rat": last.rat if last else None,
        "anchor_band": last.band if last else None,
        "anchor_arfcn": last.arfcn if last else None,
    }


def look(talk: Conversation, lock: BandLock) -> list[Exchange | None]:
    """Ask for the serving cells once. Raises LinkError where the modem is gone."""
    return [talk.ask(request) for request in lock.serving]


def wait_for_leg(
    talk: Conversation, link: SweepLink, reader: LegReader, lock: BandLock, bearer: Bearer | None = None
) -> None:
    """Look until a leg is told, `LEG_S` at most, and once more; with traffic meanwhile where there is a bearer for it."""
    clock = link.clock
    until = clock.monotonic() + LEG_S
    while not reader.is_told(look(talk, lock)) and clock.monotonic() < until:
        _pause(link, min(LOOK_EVERY_S, until - clock.monotonic()), bearer)
    if clock.monotonic() < until:
        # It may have come between two answers of one look: by another all of them speak of the same.
        _pause(link, LOOK_EVERY_S, bearer)
        look(talk, lock)


def _pause(link: SweepLink, seconds: float, bearer: Bearer | None) -> None:
    clock = link.clock
    until = clock.monotonic() + seconds
    if bearer is not None:
        bearer.wait(clock, seconds)
    while (now := clock.monotonic()) < until:
        link.listen(deadline_s=min(until, now + SLICE_S))
