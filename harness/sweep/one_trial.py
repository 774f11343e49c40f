"""What the exchanges of one trial tell of its band: lock, attach, serving cell, levels, the words of witnesses. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harness.observations import ServingCell, Signal, Source
from harness.probes.at.session import read_exchange
from harness.radio.rats import NR

from . import marks
from .legs import LegReader
from .states import REGISTERED, StateReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Registration
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import BandLock
    from harness.recording.exchange import Exchange
    from harness.trial_facts import BandTrial, TrialLock

    from .marks import Mark


@dataclass
class SweepPart:
    """What stands behind one mark that begins a part."""

    mark: Mark
    number: int | None
    exchanges: list[Exchange] = field(default_factory=list)

    def marks(self, word: str) -> list[Mark]:
        """The marks of that word in it."""
        return [mark for one in self.exchanges if (mark := marks.mark_of(one)) is not None and mark.word == word]


def seconds_between(start: Exchange | None, end: Exchange | None) -> float | None:
    """From the end of one exchange to the start of another."""
    try:
        if start is None or end is None or start.at is None or end.at is None:
            return None
        passed = datetime.fromisoformat(end.at) - datetime.fromisoformat(start.at)
    except ValueError:
        return None
    return round(max(0.0, passed.total_seconds() - (start.elapsed_ms or 0) / 1000), 3)


class TrialReader:
    """One band's part."""

    def __init__(
        self,
        part: SweepPart,
        lock: BandLock,
        radio_on: str | None,
        states: StateReader,
        family: Dialect | None,
        modem: Modem,
        *,
        told_before: str | None = None,
    ) -> None:
        """`told_before`: what the modem last told of a refusal before this part; None where it was not asked."""
        self._told_before = told_before
        self._part = part
        self._lock = lock
        self._on = radio_on
        self._reader = states
        self._family = family
        self._modem = modem
        self._legs = LegReader(lock, family, modem)

    def read(self, found: BandTrial) -> BandTrial:
        """All that this part tells of its band."""
        place, evidence = self._first_attach(found.band)
        found = replace(
            found,
            why="; ".join(line for mark in self._part.marks(marks.TROUBLE) for line in mark.lines),
            lock=self._lock_state(found.band, place),
            **self._air(),
            **self._network(),
        )
        found = replace(found, **self._attach(place), **self._waiting(place))
        found = replace(
            found, **self._serving(place, found.band), **self._signal(place), received_bytes=self._received(place)
        )
        source = Source(link="sweep", exchange=self._part.number if evidence is None else evidence)
        return found.from_(source)  # type: ignore[return-value]

    def _states(self) -> list[tuple[int, str, Registration]]:
        return [
            (place, item.state, item)
            for place, one in enumerate(self._part.exchanges)
            if one.request == self._lock.registration.read
            for item in self._reader.told_by(one)
        ]

    def _lock_reads(self) -> list[tuple[int, str | None]]:
        """What the lock's item read, and where."""
        item = self._lock.item
        return [
            (place, item.value_in(one)) for place, one in enumerate(self._part.exchanges) if one.request == item.read
        ]

    def _is_asked(self, value: str | None, band: int) -> bool:
        return value is not None and self._lock.bands(value) == frozenset({band})

    def _lock_state(self, band: int, attached: int | None) -> TrialLock:
        """By the last look at the lock before the attach, or of all where there was none."""
        writes = [
            (place, one)
            for place, one in enumerate(self._part.exchanges)
            if (value := self._lock.item.value_set_by(one.request)) is not None and self._is_asked(value, band)
        ]
        behind = writes[-1][0] if writes else -1
        reads = [
            value for place, value in self._lock_reads() if place > behind and (attached is None or place < attached)
        ]
        if not reads:
            return "not_read" if writes else "not_sent"
        if reads[-1] is None:
            return "not_read"
        if self._is_asked(reads[-1], band):
            return "in_force"
        refused = writes and not self._lock.item.was_accepted(writes[-1][1])
        return "refused" if refused else "other" if writes else "not_sent"

    def _locked_at(self, band: int) -> int | None:
        """Where the lock was first read as asked, with no later word to the contrary."""
        place = None
        for at, value in self._lock_reads():
            # The first of an unbroken row of looks that tell it as asked.
            place = (at if place is None else place) if self._is_asked(value, band) else None
        return place

    def _first_attach(self, band: int) -> tuple[int | None, int | None]:
        """Where the first registration stands behind the lock and behind a time without one; and its number."""
        locked = self._locked_at(band)
        without = False
        for place, state, _ in self._states():
            if state not in REGISTERED:
                without = True
            elif locked is not None and place > locked and without:
                return place, self._part.exchanges[place].number
            else:
                # Registered before the lock: a later registration must be a new one again.
                without = False
        return None, None

    def _attach(self, place: int | None) -> dict[str, Any]:
        states = self._states()
        on = [at for at, state, _ in states if state in REGISTERED]
        last = states[-1][1] if states else ""
        if place is None:
            denied = [item for _, state, item in states if state == "denied" or item.cause]
            # A registration that is not new says nothing of the band.
            return {
                "registered": bool(on) and last in REGISTERED,
                "denied": bool(denied),
                "cause": next((item.cause for item in reversed(denied) if item.cause), None)
                or self._cause_apart(any(state == "denied" for _, state, _ in states)),
            }
        began = self._radio_on(place)
        return {
            "registered": last in REGISTERED,
            "fresh": last in REGISTERED,
            "attach_s": seconds_between(began, self._part.exchanges[place]),
        }

    def _cause_apart(self, denied: bool) -> int | None:
        """The cause that another command tells (+CEER): only where the registration was denied in this part.

        It tells the last refusal, of whenever that is: where it reads as it did before this part, it tells nothing.
        """
        asked = [
            one for one in self._part.exchanges if self._family is not None and one.request == self._family.on_denial
        ]
        if not denied or not asked or self._told_before is None or asked[-1].text.strip() == self._told_before:
            return None
        told = [item for item in self._reader.told_by(asked[-1]) if item.cause]
        return told[-1].cause if told else None

    def _radio_on(self, before: int) -> Exchange | None:
        """The last write of the radio that stands before a place."""
        writes = [one for one in self._part.exchanges[:before] if one.request == self._on]
        return writes[-1] if writes else None

    def _waiting(self, place: int | None) -> dict[str, Any]:
        """How long it was without a registration, from the radio on to the last look."""
        if place is not None:
            return {}
        states = self._states()
        if not states or states[-1][1] in REGISTERED:
            return {}
        return {
            "waited_s": seconds_between(self._radio_on(len(self._part.exchanges)), self._part.exchanges[states[-1][0]])
        }

    def _cells(self, place: int | None) -> list[ServingCell]:
        told = [
            item
            for at, one in enumerate(self._part.exchanges)
            if one.request in self._lock.serving and one.error is None and (place is None or at > place)
            for item in read_exchange(one, self._family, self._modem).observations
        ]
        return [item for item in told if isinstance(item, ServingCell) and item.role == "pcell"]

    def _elsewhere(self, cells: Sequence[ServingCell], band: int) -> dict[str, Any]:
        """A cell that it tells of though it is not registered on the band: of another band, or another technology."""
        own = {self._lock.rat, *self._lock.called, *(NR if self._lock.rat == "nr" else ())}
        told = (one for one in cells if one.band is not None and (one.band != band or one.rat not in own))
        first = next(told, None)
        if first is None:
            return {}
        return {"served_band": first.band, "served_rat": first.rat, "served_arfcn": first.arfcn}

    def _serving(self, place: int | None, band: int) -> dict[str, Any]:
        if place is not None and self._lock.is_leg:
            return self._leg(place)
        cells = self._cells(place)
        if place is None:
            seen = any(one.pci is not None or one.arfcn is not None for one in cells)
            return {"seen": seen, **self._elsewhere(cells, band)}
        named = [one for one in cells if one.band is not None and one.registered is not False]
        bands = {(one.rat, one.band) for one in named}
        if not named:
            return {"disagree": bool(cells)}
        first = named[0]
        return {
            "served_band": first.band,
            "served_rat": self._rat_of(first, place),
            "served_arfcn": next((one.arfcn for one in named if one.arfcn is not None), None),
            "disagree": len(bands) > 1 or any(one.band_source == "conflict" for one in named),
        }

    def _leg(self, place: int) -> dict[str, Any]:
        """Leg and anchor, for a band of EN-DC."""
        told = self._legs.facts(self._part.exchanges, place)
        passed = seconds_between(told.pop("leg_from"), told.pop("leg_to"))
        return {**told, "leg_s": passed}

    def _rat_of(self, cell: ServingCell, place: int) -> str | None:
        """The cell's technology; where its name is a wider one, the registration must tell that it is the lock's."""
        if cell.rat not in self._lock.called:
            return cell.rat
        told = {item.rat for item in self._reader.told_by(self._part.exchanges[place])}
        return self._lock.rat if told & self._fitting() else cell.rat

    def _fitting(self) -> set[str | None]:
        # +CEREG calls LTE-M E-UTRAN, as LTE (TS 27.007 10.1.22), NB-IoT by itself.
        return {"nb_iot"} if self._lock.rat == "nb_iot" else {self._lock.rat, "lte"}

    def _signal(self, place: int | None) -> dict[str, Any]:
        levels: dict[str, Any] = {}
        if place is None:
            return levels
        for item in self._legs.levels(self._part.exchanges, place) if self._lock.is_leg else self._levels(place):
            for name in ("rsrp_dbm", "rsrq_db", "sinr_db"):
                if (value := getattr(item, name)) is not None:
                    levels.setdefault(name, value)
        return levels

    def _levels(self, place: int) -> Iterator[Signal]:
        for one in self._part.exchanges[place:]:
            if one.request in self._lock.serving and one.error is None:
                told = read_exchange(one, self._family, self._modem).observations
                yield from (item for item in told if isinstance(item, Signal))

    def _air(self) -> dict[str, Any]:
        """Witnesses of the cell: on air where it was before and behind the attach, off where one says so at any time."""
        said = self._part.marks(marks.AIR)
        words = [mark.lines[0] for mark in said if mark.lines]
        on = None if not words or "unknown" in words else "no" not in words
        by = next((line.removeprefix("by ") for mark in said for line in mark.lines[1:] if line.startswith("by ")), "")
        also = {
            int(word)
            for mark in said
            for line in mark.lines
            if line.startswith("announces ")
            for word in line.split()[1:]
            if word.isdigit()
        }
        return {"on_air": on, "on_air_by": by if on is not None else "", "announces": tuple(sorted(also))}

    def _network(self) -> dict[str, Any]:
        words = [mark.lines[0] for mark in self._part.marks(marks.NETWORK) if mark.lines]
        told = {"attached": "attached", "not attached": "not_attached"}.get(words[-1]) if words else None
        return {"network": told}

    def _received(self, place: int | None) -> int | None:
        """The bytes that came over the bearer behind the attach, by the host's word; None where nobody waited for any.

        Where they were to be waited for and were not counted, none was seen: less evidence is no better than a count of 0.
        """
        if place is None:
            return None
        behind = self._part.exchanges[place + 1 :]
        said = [mark for one in behind if (mark := marks.mark_of(one)) is not None and mark.word == marks.DATA]
        told = re.fullmatch(r"received (\d{1,15}) bytes", said[-1].lines[0]) if said and said[-1].lines else None
        return int(told[1]) if told else 0 if said or marks.DATA in self._part.mark.lines else None
