"""Accounts of one device -> one reading: what is told, what was asked, and how often each thing was said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from harness.capability_facts import BandCombinations, MfbiSupport, PowerClass, UeCategory
from harness.observations import Grade, Observation, Rat, Reading, Source, SupportedBands
from harness.radio.tables import band_label

from .account import Account, Combination, CombinationType, Enquiry, canonical, distinct
from .implied import Count, Told, counted
from .tables.confusable import doubtful

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RATS: tuple[Rat, ...] = ("lte", "nr", "nr_nsa", "nr_sa")
_WORDS = {"lte": "LTE", "nr": "NR", "nr_nsa": "NR (EN-DC)", "nr_sa": "NR (SA)"}


def sets(accounts: Iterable[Account]) -> list[list[Account]]:
    """Accounts grouped to whole capabilities: a container kind that comes again begins the next; repeats are left out."""
    out: list[list[Account]] = []
    current: list[Account] = []
    for account in accounts:
        if any(account.kind == other.kind for other in current):
            out.append(current)
            current = []
        current.append(account)
    if current:
        out.append(current)
    seen: dict[str, list[Account]] = {}
    for group in out:
        seen.setdefault(repr([(a.kind, a.bands, a.combinations, a.category, a.mfbi, a.power) for a in group]), group)
    return list(seen.values())


def merge(accounts: list[Account], source: Source, warnings: Iterable[str] = ()) -> Reading:
    """The reading of one device. Every weakness is a warning; what is told once only is marked in the observation."""
    remarks = [*warnings]
    for account in accounts:
        remarks += [f"{account.origin}: {text}" for text in account.warnings]
        remarks += [f"{account.origin}: {text}; it proves nothing alone" for text in account.doubts]
        remarks += [f"{account.origin}: {text}; they do not vouch for each other" for text in account.loose]
    remarks += _strangers(accounts)
    out: list[Observation] = [*_bands(accounts, source, remarks), *_combinations(accounts, source, remarks)]
    out += _categories(accounts, source) + _mfbi(accounts, source) + _power(accounts, source)
    return Reading(tuple(out), tuple(dict.fromkeys(remarks)))


def _grade(tellers: list[Account]) -> Grade:
    """What only accounts in doubt tell is no measurement."""
    return Grade.OBSERVED if all(account.doubts for account in tellers) else Grade.MEASURED


def _family(rat: str) -> str:
    return "lte" if rat == "lte" else "nr"


def _witnesses(accounts: list[Account], family: str) -> dict[int, int]:
    """How many places vouch for each band, over all accounts that are free of doubt."""
    places = [place for account in accounts if account.counts for place in account.seen.get(family, ())]
    lists = [place for place in places if place.listed and family == "nr"]
    weak = dict(zip(map(id, lists), doubtful([place.bands for place in lists]), strict=True))
    count: dict[int, int] = {}
    for place in places:
        for band in set(place.bands) - weak.get(id(place), set()):
            count[band] = count.get(band, 0) + 1
    return count


def _bands(accounts: list[Account], source: Source, remarks: list[str]) -> list[Observation]:
    out: list[Observation] = []
    for rat in _RATS:
        tellers = [account for account in accounts if rat in account.bands]
        if not tellers:
            continue
        bands = sorted({band for account in tellers for band in account.bands[rat]})
        witnesses = _witnesses(accounts, _family(rat))
        once = tuple(band for band in bands if witnesses.get(band, 0) < 2)
        complete, asked = _asked([account for account in tellers if not account.doubts] or tellers, rat)
        if asked is not None and _unexplained(tellers, rat, set(bands)):
            asked = None
            remarks.append(
                f"{_WORDS[rat]}: answers differ in ways that the enquiries do not explain (several devices or settings?)"
            )
        if once:
            remarks.append(
                f"told at one place only of a message without a checksum, so not certain: {_labels(rat, once)}"
            )
        if not complete:
            remarks.append(_filter_remark(rat, asked))
        out.append(
            SupportedBands(
                source=source,
                rat=rat,
                bands=tuple(bands),
                layer="advertised",
                grade=_grade(tellers),
                complete=complete,
                filtered_by=asked,
                told_once=once,
            )
        )
    return out


def _labels(rat: str, bands: Iterable[int]) -> str:
    return " ".join(band_label(rat, band) for band in bands)


def _filter_remark(rat: str, asked: tuple[int, ...] | None) -> str:
    word = _WORDS[rat]
    if asked is None:
        return f"{word}: what the network asked for is not known, so a band that is absent is not observed"
    names = _labels(rat, asked) or "no band"
    return f"{word}: the network asked for {names} only; any other band that is absent is not observed"


def _asked(tellers: list[Account], rat: str) -> tuple[bool, tuple[int, ...] | None]:
    """Whether some answer was free of a filter, else the bands that were asked for in any (None: not known)."""
    known: set[int] = set()
    some = False
    for account in tellers:
        if account.asked is None:
            continue
        part = account.asked.lte if rat == "lte" else account.asked.nr
        if (
            account.kind == "eutra"
            and rat != "lte"
            and part is None
            and account.asked.lte
            and not account.asked.enquired
        ):
            continue  # the echo of an LTE answer says nothing of NR
        if part is None:
            return True, None
        some = True
        known |= part
    return False, tuple(sorted(known)) if some else None


def _unexplained(tellers: list[Account], rat: str, every: set[int]) -> bool:
    """Whether an answer keeps silent of a band that it was asked for and that another answer names."""
    return any(
        (part & every) - set(account.bands[rat])
        for account in tellers
        if account.asked is not None and (part := account.asked.lte if rat == "lte" else account.asked.nr)
    )


def _strangers(accounts: list[Account]) -> list[str]:
    """Bands in combinations that no band list has: the message contradicts itself."""
    out = []
    for family in ("lte", "nr"):
        lists = [a.bands[rat] for a in accounts for rat in _RATS if rat in a.bands and _family(rat) == family]
        listed = {band for bands in lists for band in bands}
        used = {
            part.band
            for account in accounts
            for combos in account.combinations.values()
            for combo in combos
            for part in combo
            if part.rat == family
        }
        if listed and used - listed:
            out.append(f"in combinations but in no band list: {_labels(family, sorted(used - listed))}")
    return out


def _combinations(accounts: list[Account], source: Source, remarks: list[str]) -> list[Observation]:
    """One fact a type, and a second one, no measurement, of what only messages in doubt tell."""
    out: list[Observation] = []
    told = [_told(account) for account in accounts if account.counts]
    counts = counted(told)
    sound = {combo for one in told for combo in one.sound}
    measured = {combo for one in told for combo in one.sound | one.loose | one.shaky}
    for kind in get_args(CombinationType):
        tellers = [account for account in accounts if kind in account.combinations]
        combos = distinct([combo for account in tellers for combo in account.combinations[kind]])
        once = [combo for combo in combos if counts.get(combo, Count()).statements < 2]
        if once:
            remarks.append(
                f"{len(once)} of {len(combos)} {kind.replace('_', '-').upper()} combinations are told once only"
                " and no other implies them; the message has no checksum"
            )
        weak = set(once) - measured
        clean = [account for account in tellers if not account.doubts]
        for grade, chosen in (
            (Grade.MEASURED, [combo for combo in combos if combo not in weak]),
            (Grade.OBSERVED, [combo for combo in combos if combo in weak]),
        ):
            if chosen:
                fact = _combination_fact(kind, clean or tellers, source)
                out.append(replace(fact, grade=grade, **_marked(chosen, counts, sound)))
    return out


def _told(account: Account) -> Told:
    """What the account tells in all, parted by what may vouch for the rest of it."""
    every = frozenset(canonical(combo) for combos in account.combinations.values() for combo in combos)
    rest = every - account.shaky
    sound, loose = (frozenset(), rest) if account.loose else (rest, frozenset())
    return Told(sound, every & account.shaky, loose)


def _marked(combos: list[Combination], counts: Mapping[Combination, Count], sound: set[Combination]) -> dict[str, Any]:
    """Combinations with the marks of those that are told once, in one message, and that vouch for no other."""
    told = [counts.get(combo, Count()) for combo in combos]
    return {
        "combinations": tuple(combos),
        "told_once": tuple(place for place, count in enumerate(told) if count.statements < 2),
        "uplink_once": tuple(place for place, count in enumerate(told) if count.accounts < 2),
        "alone": tuple(place for place, combo in enumerate(combos) if combo not in sound),
    }


def _combination_fact(kind: str, tellers: list[Account], source: Source) -> BandCombinations:
    """The fact without its combinations: what was asked for."""
    asked = [account.asked for account in tellers]
    free = any(_free(part, kind) for part in asked)
    names: list[str] | None = None
    if not free and any(asked):
        known = [part for part in asked if part]
        names = []
        if kind in {"lte_ca", "en_dc"}:
            names += [band_label("lte", band) for band in sorted({b for part in known for b in part.lte or ()})]
        if kind != "lte_ca":
            names += [band_label("nr", band) for band in sorted({b for part in known for b in part.nr or ()})]
    return BandCombinations(
        source=source,
        type=cast("CombinationType", kind),
        combinations=(),
        complete=free,
        filtered_by=tuple(names) if names is not None else None,
    )


def _free(asked: Enquiry | None, kind: str) -> bool:
    if asked is None:
        return False
    lte, nr = asked.lte is None, asked.nr is None
    return lte if kind == "lte_ca" else lte and nr if kind == "en_dc" else nr


def _categories(accounts: list[Account], source: Source) -> list[Observation]:
    told = [account for account in accounts if account.category]
    values = [account.category for account in told if account.category]
    sure = [account.category for account in told if account.counts]
    return [
        UeCategory(source=source, dl=v[0], ul=v[1], legacy=v[2], name=v[3], told_once=sure.count(v) < 2)
        for v in dict.fromkeys(values)
    ]


def _mfbi(accounts: list[Account], source: Source) -> list[Observation]:
    told = [(account.mfbi, not account.counts) for account in accounts if account.mfbi is not None]
    return [
        MfbiSupport(source=source, supported=value, told_once=told.count((value, False)) < 2)
        for value in dict.fromkeys(value for value, _ in told)
    ]


def _power(accounts: list[Account], source: Source) -> list[Observation]:
    told = [(entry, not account.counts) for account in accounts for entry in account.power]
    return [
        PowerClass(
            source=source,
            rat=cast("Rat", entry[0]),
            band=entry[1],
            power_class=entry[2],
            told_once=told.count((entry, False)) < 2,
        )
        for entry in dict.fromkeys(entry for entry, _ in told)
    ]
