"""What a sweep's exchanges tell: one `BandTrial` a band, one `StateCompared` a thing that was changed. Pure.

Only the device's own answers and the words of witnesses decide; where a part begins, marks say.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from harness.observations import (
    BandTrial,
    Observation,
    Reading,
    Registration,
    ServingCell,
    Signal,
    Source,
    StateCompared,
)
from harness.probes.at.session import read_exchange

from . import marks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import PlanWord, Rat, TrialLock
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import BandLock, Locking
    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem

    from .marks import Mark

_ON = frozenset({"home", "roaming"})
_PLANS: dict[str, PlanWord] = {"tried": "tried", "refused": "refused", "not_applicable": "not_applicable"}


def read_sweep(exchanges: Sequence[Exchange], family: Dialect | None, modem: Modem, locking: Locking | None) -> Reading:
    """The facts of one sweep. `exchanges` in their order, each with its number; without any, nothing is told."""
    parts = list(_parts(exchanges))
    planned = _planned(exchanges)
    trouble = _trouble(parts)
    baseline = _baseline(parts, family, modem, locking)
    found: list[Observation] = []
    for one, number in planned:
        part = next((p for p in parts if p.mark.word == marks.TRIAL and p.mark.band == (one.rat, one.band)), None)
        lock = locking.lock_of(one.rat) if locking else None
        if one.plan != "tried":
            found.append(one.from_(Source(link="sweep", exchange=number)))
        elif part is None or lock is None:
            why = trouble or ("" if baseline is False else "the sweep ended before this band")
            found.append(replace(one, baseline=baseline, why=why).from_(Source(link="sweep", exchange=number)))
        else:
            free = _card_free(part, parts, locking, family, modem) if locking else None
            on = locking.radio.request(locking.on) if locking else None
            told = replace(one, baseline=baseline, card_free=free, **_times(part, exchanges))
            told = replace(told, doubt=locking.doubt if locking else "")
            found.append(_Trial(part, lock, on, family, modem).read(told))
    if locking is not None:
        found += _compared(exchanges, parts, locking)
    return Reading(tuple(found), tuple(_warnings(parts)))


@dataclass
class _Part:
    """What stands behind one mark that begins a part."""

    mark: Mark
    number: int | None
    exchanges: list[Exchange] = field(default_factory=list)

    def marks(self, word: str) -> list[Mark]:
        return [mark for one in self.exchanges if (mark := marks.mark_of(one)) is not None and mark.word == word]


_BEGIN = frozenset({marks.PLAN, marks.STATE, marks.BASELINE, marks.TRIAL, marks.BACK, marks.AFTER, marks.END})


def _parts(exchanges: Sequence[Exchange]) -> Iterator[_Part]:
    part = _Part(marks.Mark("", (), ()), None)
    for one in exchanges:
        mark = marks.mark_of(one)
        if mark is not None and mark.word in _BEGIN:
            yield part
            part = _Part(mark, one.number)
        else:
            part.exchanges.append(one)
    yield part


def plan_lines(planned: Sequence[tuple[Rat, int, PlanWord, str]]) -> list[str]:
    """The lines of a plan's mark, a band each."""
    return [marks.VERSION, *(f"{rat} {band} {plan}: {why}".rstrip(": ") for rat, band, plan, why in planned)]


def _planned(exchanges: Sequence[Exchange]) -> list[tuple[BandTrial, int | None]]:
    found: dict[tuple[str, int], tuple[BandTrial, int | None]] = {}
    for one in exchanges:
        mark = marks.mark_of(one)
        if mark is None or mark.word != marks.PLAN:
            continue
        for line in mark.lines:
            head, _, why = line.partition(":")
            words = head.split()
            if len(words) == 3 and words[1].isdigit() and words[2] in _PLANS:
                rat: Rat = words[0]  # type: ignore[assignment]
                trial = BandTrial(rat=rat, band=int(words[1]), plan=_PLANS[words[2]], why=why.strip())
                found[rat, trial.band] = (trial, one.number)
    return list(found.values())


def _trouble(parts: Sequence[_Part]) -> str:
    """What ended the sweep as a whole; trouble of one band names it."""
    told = [mark for part in parts for mark in part.marks(marks.TROUBLE) if mark.band is None]
    return "; ".join(dict.fromkeys(line for mark in told for line in mark.lines))


def _warnings(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        if part.mark.word == marks.END and part.mark.lines:
            yield f"not put back: {'; '.join(part.mark.lines)}"


def _baseline(parts: Sequence[_Part], family: Dialect | None, modem: Modem, locking: Locking | None) -> bool | None:
    part = next((one for one in parts if one.mark.word == marks.BASELINE), None)
    if part is None:
        return None
    asked = {lock.registration.read for lock in locking.locks} if locking else set()
    told = [one for one in part.exchanges if one.request in asked]
    states = [state for one in told for state, _ in _registrations(one, family, modem)]
    return bool(set(states) & _ON)


def _card_free(part: _Part, parts: Sequence[_Part], locking: Locking, family: Dialect | None, modem: Modem) -> bool:
    """Whether no reject lingers on the card: an attach behind this part, and EF_FPLMN as before.

    Where that list cannot be read, no network may have denied anything.
    """
    asked = {lock.registration.read for lock in locking.locks}
    later = [one for other in parts[parts.index(part) + 1 :] for one in other.exchanges if one.request in asked]
    if not any(state in _ON for one in later for state, _ in _registrations(one, family, modem)):
        return False
    every = [one for other in parts for one in other.exchanges]
    for item in locking.watched:
        reads = [item.value_in(one) for one in every if one.request == item.read]
        if item.kept_by == "sim" and len(reads) > 1 and None not in reads:
            return len(set(reads)) == 1
    told = [one for one in every if one.request in asked]
    return all(state != "denied" for one in told for state, _ in _registrations(one, family, modem))


def _times(part: _Part, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """When a part began, from the first exchange on, and how long it took."""
    began = next((one for one in exchanges if one.number == part.number and marks.mark_of(one)), None)
    ends = [one for one in part.exchanges if one.at is not None]
    if began is None or not exchanges:
        return {}
    lasted = _seconds(began, ends[-1]) if ends else None
    return {"began_s": _seconds(replace(exchanges[0], elapsed_ms=0), began), "lasted_s": lasted}


def _registrations(one: Exchange, family: Dialect | None, modem: Modem) -> list[tuple[str, Registration]]:
    """States of packet service that an answer tells; none of one that was cut."""
    if one.error is not None:
        return []
    told = read_exchange(one, family, modem).observations
    return [(item.state, item) for item in told if isinstance(item, Registration) and item.domain != "cs"]


def _seconds(start: Exchange | None, end: Exchange | None) -> float | None:
    """From the end of one exchange to the start of another."""
    try:
        if start is None or end is None or start.at is None or end.at is None:
            return None
        passed = datetime.fromisoformat(end.at) - datetime.fromisoformat(start.at)
    except ValueError:
        return None
    return round(max(0.0, passed.total_seconds() - (start.elapsed_ms or 0) / 1000), 3)


class _Trial:
    """One band's part."""

    def __init__(self, part: _Part, lock: BandLock, radio_on: str | None, family: Dialect | None, modem: Modem) -> None:
        self._part = part
        self._lock = lock
        self._on = radio_on
        self._family = family
        self._modem = modem

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
        found = replace(found, **self._serving(place), **self._signal(place))
        source = Source(link="sweep", exchange=self._part.number if evidence is None else evidence)
        return found.from_(source)  # type: ignore[return-value]

    def _states(self) -> list[tuple[int, str, Registration]]:
        return [
            (place, state, item)
            for place, one in enumerate(self._part.exchanges)
            if one.request == self._lock.registration.read
            for state, item in _registrations(one, self._family, self._modem)
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
            if state not in _ON:
                without = True
            elif locked is not None and place > locked and without:
                return place, self._part.exchanges[place].number
            else:
                # Registered before the lock: a later registration must be a new one again.
                without = False
        return None, None

    def _attach(self, place: int | None) -> dict[str, Any]:
        states = self._states()
        on = [at for at, state, _ in states if state in _ON]
        last = states[-1][1] if states else ""
        if place is None:
            denied = [item for _, state, item in states if state == "denied" or item.cause]
            # A registration that is not new says nothing of the band.
            return {
                "registered": bool(on) and last in _ON,
                "denied": bool(denied),
                "cause": next((item.cause for item in reversed(denied) if item.cause), None),
            }
        began = self._radio_on(place)
        return {
            "registered": last in _ON,
            "fresh": last in _ON,
            "attach_s": _seconds(began, self._part.exchanges[place]),
        }

    def _radio_on(self, before: int) -> Exchange | None:
        """The last write of the radio that stands before a place."""
        writes = [one for one in self._part.exchanges[:before] if one.request == self._on]
        return writes[-1] if writes else None

    def _waiting(self, place: int | None) -> dict[str, Any]:
        """How long it was without a registration, from the radio on to the last look."""
        if place is not None:
            return {}
        states = self._states()
        if not states or states[-1][1] in _ON:
            return {}
        return {"waited_s": _seconds(self._radio_on(len(self._part.exchanges)), self._part.exchanges[states[-1][0]])}

    def _cells(self, place: int | None) -> list[ServingCell]:
        told = [
            item
            for at, one in enumerate(self._part.exchanges)
            if one.request in self._lock.serving and one.error is None and (place is None or at > place)
            for item in read_exchange(one, self._family, self._modem).observations
        ]
        return [item for item in told if isinstance(item, ServingCell) and item.role == "pcell"]

    def _serving(self, place: int | None) -> dict[str, Any]:
        cells = self._cells(place)
        if place is None:
            return {"seen": any(one.pci is not None or one.arfcn is not None for one in cells)}
        named = [one for one in cells if one.band is not None and one.registered is not False]
        bands = {(one.rat, one.band) for one in named}
        if not named:
            return {"disagree": bool(cells)}
        first = named[0]
        return {
            "served_band": first.band,
            "served_rat": first.rat,
            "served_arfcn": next((one.arfcn for one in named if one.arfcn is not None), None),
            "disagree": len(bands) > 1 or any(one.band_source == "conflict" for one in named),
        }

    def _signal(self, place: int | None) -> dict[str, Any]:
        levels: dict[str, Any] = {}
        for at, one in enumerate(self._part.exchanges):
            if one.request not in self._lock.serving or one.error is not None or (place is not None and at < place):
                continue
            for item in read_exchange(one, self._family, self._modem).observations:
                if isinstance(item, Signal):
                    for name in ("rsrp_dbm", "rsrq_db", "sinr_db"):
                        if (value := getattr(item, name)) is not None:
                            levels.setdefault(name, value)
        return levels if place is not None else {}

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


def _compared(exchanges: Sequence[Exchange], parts: Sequence[_Part], locking: Locking) -> Iterator[StateCompared]:
    """Each thing that was read before anything was changed, against its last reading behind the way back."""
    state = next((one for one in parts if one.mark.word == marks.STATE), None)
    changed = any(one.mark.word == marks.BACK for one in parts)
    if state is None or not changed:
        return
    after = [one for part in parts if part.mark.word in {marks.AFTER, marks.END} for one in part.exchanges]
    for item in (*locking.items, *locking.watched):
        before = _value(item, state.exchanges, first=True)
        writes = sum(item.value_set_by(one.request) is not None for one in exchanges)
        if before is None and not writes:
            continue
        end, source = _last(item, after)
        fact = StateCompared(
            item=item.name, words=item.words, before=before, after=end, written=writes, watched=item.only_watched
        )
        yield fact.from_(Source(link="sweep", exchange=source))  # type: ignore[misc]


def _value(item: StateItem, exchanges: Sequence[Exchange], *, first: bool) -> str | None:
    reads = [item.value_in(one) for one in exchanges if one.request == item.read]
    return (reads[0] if first else reads[-1]) if reads else None


def _last(item: StateItem, exchanges: Sequence[Exchange]) -> tuple[str | None, int | None]:
    reads = [one for one in exchanges if one.request == item.read]
    return (item.value_in(reads[-1]), reads[-1].number) if reads else (None, None)
