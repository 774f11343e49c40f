"""What a sweep's exchanges tell: one `BandTrial` a band, one `StateCompared` a thing that was changed. Pure.

Only the device's own answers and the words of witnesses decide; where a part begins, marks say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from harness.observations import Observation, Reading, Source
from harness.probes.at.locking import FORBIDDEN_NETWORKS, NETWORK_CHOICE
from harness.trial_facts import BandTrial, StateCompared

from . import marks
from .one_trial import SweepPart, TrialReader, seconds_between
from .scanning import heard
from .states import StateReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from harness.observations import Rat
    from harness.probes.at.dialect import Dialect
    from harness.probes.at.language.answer import Modem
    from harness.probes.at.locking import Locking
    from harness.recording.exchange import Exchange
    from harness.state.item import StateItem
    from harness.trial_facts import PlanWord


_PLANS: dict[str, PlanWord] = {"tried": "tried", "refused": "refused", "not_applicable": "not_applicable"}


def read_sweep(exchanges: Sequence[Exchange], family: Dialect | None, modem: Modem, locking: Locking | None) -> Reading:
    """The facts of one sweep. `exchanges` in their order, each with its number; without any, nothing is told."""
    parts = list(parts_of(exchanges))
    planned = _planned(exchanges)
    trouble = trouble_of(parts)
    states = StateReader(family, modem)
    baseline = _baseline(parts, states, locking)
    found: list[Observation] = []
    for one, number in planned:
        # Of a sweep that went on, the last trial of a band counts.
        mine = [p for p in parts if p.mark.word == marks.TRIAL and p.mark.band == (one.rat, one.band)]
        part = mine[-1] if mine else None
        lock = locking.lock_of(one.rat) if locking else None
        if one.plan != "tried":
            found.append(one.from_(Source(link="sweep", exchange=number)))
        elif part is None or lock is None:
            why = trouble or ("" if baseline is False else "the sweep ended before this band")
            found.append(replace(one, baseline=baseline, why=why).from_(Source(link="sweep", exchange=number)))
        else:
            free = _card_free(part, parts, locking, states) if locking else None
            on = locking.radio.request(locking.on) if locking else None
            told = replace(one, baseline=baseline, card_free=free, **times_of(part, exchanges))
            own = heard(parts, part, locking, one.rat, one.band) if locking else None
            told = replace(told, own_scan=own, doubt=_doubt(parts, locking) if locking else "")
            refusal = _refusal_before(part, parts, family)
            trial = TrialReader(part, lock, on, states, family, modem, told_before=refusal)
            found.append(trial.read(told))
    if locking is not None:
        # What an earlier sweep read only to see that it is free was none of what it changed.
        looked_at = frozenset(one.item.read for one in locking.free)
        found += compared(exchanges, parts, (*locking.items, *locking.watched), looked_at)
    return Reading(tuple(found), tuple(_warnings(parts)))


_BEGIN = frozenset(
    {marks.PLAN, marks.STATE, marks.BASELINE, marks.SCAN, marks.TRIAL, marks.BACK, marks.AFTER, marks.END}
)


def parts_of(exchanges: Sequence[Exchange]) -> Iterator[SweepPart]:
    """What stands between the marks that begin a part."""
    part = SweepPart(marks.Mark("", (), ()), None)
    for one in exchanges:
        mark = marks.mark_of(one)
        if mark is not None and mark.word in _BEGIN:
            yield part
            part = SweepPart(mark, one.number)
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


def trouble_of(parts: Sequence[SweepPart]) -> str:
    """What ended the sweep as a whole; trouble of one band names it."""
    before = (part for part in parts if part.mark.word != marks.BACK)
    told = [mark for part in before for mark in part.marks(marks.TROUBLE) if mark.band is None]
    return "; ".join(dict.fromkeys(line for mark in told for line in mark.lines))


def _warnings(parts: Sequence[SweepPart]) -> Iterator[str]:
    for part in parts:
        if part.mark.word == marks.END and part.mark.lines:
            yield f"not put back: {'; '.join(part.mark.lines)}"
        if part.mark.word == marks.BACK:
            yield from (f"behind the way back: {line}" for mark in part.marks(marks.TROUBLE) for line in mark.lines)


def _baseline(parts: Sequence[SweepPart], states: StateReader, locking: Locking | None) -> bool | None:
    part = next((one for one in parts if one.mark.word == marks.BASELINE), None)
    if part is None:
        return None
    asked = {lock.registration.read for lock in locking.locks} if locking else set()
    return any(states.is_on(one) for one in part.exchanges if one.request in asked)


def _refusal_before(part: SweepPart, parts: Sequence[SweepPart], family: Dialect | None) -> str | None:
    """What the modem last told of a refusal before a part; None where it was not asked, or did not answer."""
    earlier = [one for other in parts[: parts.index(part)] for one in other.exchanges]
    told = [one for one in earlier if family is not None and one.request == family.on_denial and one.error is None]
    return told[-1].text.strip() if told else None


def _card_free(part: SweepPart, parts: Sequence[SweepPart], locking: Locking, states: StateReader) -> bool:
    """Whether no reject lingers on the card: an attach behind this part, and EF_FPLMN as before.

    Where that list cannot be read, no network may have denied anything.
    """
    asked = {lock.registration.read for lock in locking.locks}
    later = [one for other in parts[parts.index(part) + 1 :] for one in other.exchanges if one.request in asked]
    if not any(states.is_on(one) for one in later):
        return False
    every = [one for other in parts for one in other.exchanges]
    for item in locking.watched:
        reads = [item.value_in(one) for one in every if one.request == item.read]
        if item.kept_by == "sim" and len(reads) > 1 and None not in reads:
            return len(set(reads)) == 1
    told = [one for one in every if one.request in asked]
    return all(item.state != "denied" for one in told for item in states.told_by(one))


def _doubt(parts: Sequence[SweepPart], locking: Locking) -> str:
    """Why no attach under a lock may have another cause than the band: as things read before anything was changed."""
    state = next((one.exchanges for one in parts if one.mark.word == marks.STATE), [])
    if locking.doubt:
        return locking.doubt
    for item in locking.watched:
        value = _value(item, state, first=True)
        if item is NETWORK_CHOICE and value != "automatic":
            return f"{item.words} reads {value or 'nothing'}: the cell's network may not be the one that is chosen"
        if item is FORBIDDEN_NETWORKS and (value is None or set(value) != {"F"}):
            what = "cannot be read" if value is None else "is not empty"
            return f"{item.words} {what}: the cell's network may be on it"
    return ""


def times_of(part: SweepPart, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """When a part began, from the first exchange on, and how long it took."""
    began = next((one for one in exchanges if one.number == part.number and marks.mark_of(one)), None)
    ends = [one for one in part.exchanges if one.at is not None]
    if began is None or not exchanges:
        return {}
    lasted = seconds_between(began, ends[-1]) if ends else None
    return {"began_s": seconds_between(replace(exchanges[0], elapsed_ms=0), began), "lasted_s": lasted}


def compared(
    exchanges: Sequence[Exchange],
    parts: Sequence[SweepPart],
    items: Sequence[StateItem],
    only_looked_at: frozenset[str] = frozenset(),
) -> Iterator[StateCompared]:
    """Each thing that was read before anything was changed, against its last reading behind the way back.

    `only_looked_at`: reads that stand here only where they were read again, or what they read was written.
    """
    state = next((one for one in parts if one.mark.word == marks.STATE), None)
    changed = any(one.mark.word == marks.BACK for one in parts)
    if state is None or not changed:
        return
    sent = Counter(one.request for one in exchanges)
    after = [one for part in parts if part.mark.word in {marks.AFTER, marks.END} for one in part.exchanges]
    for item in items:
        before = _value(item, state.exchanges, first=True)
        writes = sum(number for request, number in sent.items() if item.value_set_by(request) is not None)
        if before is None and not writes:
            continue
        end, source = _last(item, after)
        if not writes and end is None and source is None and item.read in only_looked_at:
            continue
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
