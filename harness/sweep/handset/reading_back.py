"""What a handset's sweep tells: one `RatTrial` a technology, one `StateCompared` a thing that was changed. Pure.

The registration and the serving cell come from the registry, the lock from the table of subscriptions: neither is the
other's word.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.errors import StateError
from harness.observations import Reading, Source
from harness.probes.adb.state import AIRPLANE_MODE, NETWORK_TYPES, narrowed, subscription_of
from harness.sweep import marks
from harness.sweep.bands import RATS
from harness.sweep.one_trial import seconds_between
from harness.sweep.reading_back import compared, parts_of, times_of, trouble_of
from harness.trial_facts import RatTrial

from .look import CONNECTIVITY, REGISTRY, SlotLook, look_at
from .order import HELD
from .proof import data_proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Observation
    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem
    from harness.sweep.one_trial import SweepPart
    from harness.trial_facts import PlanWord, TrialLock

_PLANS: dict[str, PlanWord] = {"tried": "tried", "refused": "refused", "not_applicable": "not_applicable"}


def read_held(exchanges: Sequence[Exchange]) -> Reading:
    """The facts of one handset's sweep. `exchanges` in their order, each with its number; without any, nothing is told."""
    planned = list(_planned(exchanges))
    if not planned:
        return Reading()
    parts = list(parts_of(exchanges))
    table, baseline = _table(parts), _baseline(parts)
    whole = [part for part in parts if part.mark.word != marks.TRIAL]
    found: list[Observation] = []
    for one, number in planned:
        mine = [p for p in parts if p.mark.word == marks.TRIAL and p.mark.rest == (one.rat, HELD)]
        if one.plan != "tried":
            found.append(one.from_(Source(link="sweep", exchange=number)))
        elif not mine:
            why = trouble_of(whole) or ("" if baseline is False else "the sweep ended before this technology")
            found.append(replace(one, baseline=baseline, why=why).from_(Source(link="sweep", exchange=number)))
        else:
            told = replace(one, baseline=baseline, **times_of(mine[-1], exchanges))
            found.append(_HeldReader(mine[-1], table).read(told))
    found += compared(exchanges, parts, (AIRPLANE_MODE, *NETWORK_TYPES))
    return Reading(tuple(found))


def _planned(exchanges: Sequence[Exchange]) -> Iterator[tuple[RatTrial, int | None]]:
    for one in exchanges:
        mark = marks.mark_of(one)
        for line in mark.lines if mark is not None and mark.word == marks.PLAN else ():
            head, _, why = line.partition(":")
            words = head.split()
            rat = next((rat for rat in RATS if words[:2] == [rat, HELD]), None)
            if rat is not None and len(words) == 3 and words[2] in _PLANS:
                yield RatTrial(rat=rat, plan=_PLANS[words[2]], why=why.strip()), one.number


def _table(parts: Sequence[SweepPart]) -> str:
    """The table of subscriptions as it was before anything was changed."""
    state = next((part.exchanges for part in parts if part.mark.word == marks.STATE), [])
    return next((one.text for one in state if one.request == NETWORK_TYPES[0].read and one.error is None), "")


def _slot(part: SweepPart) -> int:
    told = [line for line in part.mark.lines if line in {"slot 0", "slot 1"}]
    return int(told[-1][-1]) if told else 0


def _baseline(parts: Sequence[SweepPart]) -> bool | None:
    part = next((one for one in parts if one.mark.word == marks.BASELINE), None)
    if part is None:
        return None
    return any(look_at(one, _slot(part)).state == "on" for one in part.exchanges)


class _HeldReader:
    """One technology's part."""

    def __init__(self, part: SweepPart, table: str) -> None:
        self._part = part
        self._table = table
        self._slot = _slot(part)
        self._looks: list[tuple[int, SlotLook]] = [
            (place, look_at(one, self._slot)) for place, one in enumerate(part.exchanges) if one.request == REGISTRY
        ]

    def read(self, found: RatTrial) -> RatTrial:
        """All that this part tells."""
        place = self._first_attach(found)
        told = replace(
            found,
            slot=self._slot,
            why="; ".join(line for mark in self._part.marks(marks.TROUBLE) for line in mark.lines),
            lock=self._lock(found),
            **self._attach(place),
            **self._serving(place),
            validated=self._validated(place),
        )
        number = self._part.number if place is None else self._part.exchanges[place].number
        return told.from_(Source(link="sweep", exchange=number))  # type: ignore[return-value]

    @property
    def _item(self) -> StateItem:
        return NETWORK_TYPES[self._slot]

    def _asked(self, found: RatTrial) -> str | None:
        """The value that it must read: this technology alone, of what was allowed."""
        try:
            return narrowed(self._table, self._slot, found.rat)
        except StateError:
            return None

    def _reads(self) -> list[tuple[int, str | None]]:
        item = self._item
        return [(at, item.value_in(one)) for at, one in enumerate(self._part.exchanges) if one.request == item.read]

    def _held_at(self, found: RatTrial) -> int | None:
        """Where it was first read as asked, with no later word to the contrary."""
        asked, place = self._asked(found), None
        for at, value in self._reads():
            place = (at if place is None else place) if value is not None and value == asked else None
        return place

    def _lock(self, found: RatTrial) -> TrialLock:
        """By the last looks, those behind the attach too: what is undone meanwhile held nothing."""
        if self._held_at(found) is not None:
            return "in_force"
        asked, item = self._asked(found), self._item
        writes = [at for at, one in enumerate(self._part.exchanges) if item.value_set_by(one.request) == asked]
        if not writes or asked is None:
            return "not_sent"
        behind = [value for at, value in self._reads() if at > writes[-1]]
        if not behind or behind[-1] is None:
            return "not_read"
        return "other" if item.was_accepted(self._part.exchanges[writes[-1]]) else "refused"

    def _first_attach(self, found: RatTrial) -> int | None:
        """Where the first registration stands behind the lock and behind a time without one."""
        held, without = self._held_at(found), False
        for place, look in self._looks:
            if look.state == "off":
                without = held is not None and place > held
            elif look.state == "on" and without:
                return place
        return None

    def _attach(self, place: int | None) -> dict[str, Any]:
        last = self._looks[-1][1].state if self._looks else ""
        if place is None:
            denied = [look for _, look in self._looks if look.denied or look.cause]
            waited = None
            off = [at for at, look in self._looks if look.state == "off"]
            if last == "off" and off:
                start = self._left(len(self._part.exchanges)) or self._part.exchanges[off[0]]
                waited = seconds_between(start, self._part.exchanges[self._looks[-1][0]])
            cause = next((look.cause for look in reversed(denied) if look.cause), None)
            return {"registered": last == "on", "denied": bool(denied), "cause": cause, "waited_s": waited}
        return {
            "registered": last == "on",
            "fresh": last == "on",
            "attach_s": seconds_between(self._left(place), self._part.exchanges[place]),
        }

    def _left(self, before: int) -> Exchange | None:
        """From where an attach is timed: airplane mode off, else the first look that tells of no registration."""
        switched = [one for one in self._part.exchanges[:before] if one.request == AIRPLANE_MODE.request("off")]
        off = [self._part.exchanges[at] for at, look in self._looks if at < before and look.state == "off"]
        return switched[-1] if switched else off[0] if off else None

    def _behind(self, place: int | None) -> list[SlotLook]:
        """The looks that tell it registered, from the attach on."""
        return [look for at, look in self._looks if place is not None and at >= place and look.state == "on"]

    def _serving(self, place: int | None) -> dict[str, Any]:
        """By every look behind the attach: where they do not agree, none is believed."""
        looks = self._behind(place)
        cells = [cell for look in looks for cell in look.primary]
        rats = {look.rat for look in looks}
        if not looks or not cells:
            return {"registered_rat": rats.pop() if len(rats) == 1 else None, "disagree": len(rats) > 1}
        last = cells[-1]
        clash = len({cell.rat for cell in cells}) > 1 or len(rats) > 1
        doubted = any(cell.band_source == "conflict" for cell in cells)
        return {
            "registered_rat": rats.pop() if len(rats) == 1 else None,
            "served_rat": last.rat,
            "served_band": None if doubted else last.band,
            "served_arfcn": last.arfcn,
            "beside": "nr" if any(look.beside_nr for look in looks) and last.rat != "nr" else None,
            "disagree": clash,
        }

    def _validated(self, place: int | None) -> bool | None:
        if place is None:
            return None
        exchanges = self._part.exchanges
        before = [one for one in exchanges[:place] if one.request == CONNECTIVITY]
        return data_proof(before, exchanges[place:], subscription_of(self._table, self._slot)) if before else None
