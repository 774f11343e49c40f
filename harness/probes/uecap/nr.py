"""UE-NR-Capability and UE-MRDC-Capability (TS 38.331 clause 6.3.3): bands, NR-CA, NR-DC, EN-DC, filter echo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.capability_facts import CarrierComponent

from .account import Account, Combination, CombinationType, Enquiry, MessagePlace, distinct
from .tables import consistency
from .tables.confusable import shaky
from .tables.consistency import first, vouched
from .texts import tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .texts.tree import Tree

_POWER = re.compile(r"pc(1dot5|\d)")


def read_nr(root: Tree, origin: str, *, numeric: bool = False, decimal: bool = False) -> Account:
    """The account of one UE-NR-Capability tree."""
    names = tree.index(root)
    listed = [item for item in first(names, "supportedBandListNR") if isinstance(item, dict)]
    bands = tuple(band for item in listed if (band := tree.number(item.get("bandNR"))) is not None)
    entries = _entries(names, numeric)
    asked = _echo(names)
    lte = tuple(band for i in first(names, "supportedBandListEUTRA") if (band := tree.number(i)) is not None)
    doubts = [*consistency.list_doubts("NR band list", bands, _used(entries, "nr")), *_wrong_range(listed)]
    doubts += consistency.list_doubts("list of LTE bands", lte)
    doubts += consistency.nr_doubts(names, entries, _filters(asked))
    loose = tuple(consistency.nr_habits(names, entries))
    wanted = set(bands) & asked.nr if asked and asked.nr else set(bands)
    used = vouched([entry for entry in entries if entry], "nr", wanted, loose=bool(loose))
    seen = {"nr": (MessagePlace("NR list", bands, listed=True), used), "lte": (MessagePlace("LTE list", lte),)}
    return Account(
        "nr",
        origin,
        bands={"nr": tuple(sorted(set(bands)))} if bands else {},
        combinations=_by_type(names, entries),
        seen={rat: tuple(place for place in places if place.bands) for rat, places in seen.items()},
        mfbi=next((True for value in names.get("mfbi-EUTRA", ()) if numeric or tree.truth(value)), None),
        power=_power(listed, numeric),
        asked=asked,
        doubts=tuple(dict.fromkeys(doubts)),
        loose=loose,
        shaky=shaky((entry for entry in entries if entry), decimal=decimal),
    )


def read_mrdc(root: Tree, origin: str, *, numeric: bool = False, decimal: bool = False) -> Account:
    """The account of one UE-MRDC-Capability tree."""
    names = tree.index(root)
    entries = _entries(names, numeric)
    told = [entry for entry in entries if entry]
    asked = _echo(names)
    loose = tuple(consistency.nr_habits(names, entries))
    filters = _filters(asked)
    used = {
        rat: vouched(told, rat, _used(entries, rat) if filters.get(rat) else (), loose=bool(loose))
        for rat in ("lte", "nr")
    }
    return Account(
        "mrdc",
        origin,
        combinations={"en_dc": distinct(told)} if told else {},
        seen={rat: (place,) for rat, place in used.items() if place.bands},
        asked=asked,
        doubts=tuple(dict.fromkeys(consistency.nr_doubts(names, entries, filters))),
        loose=loose,
        shaky=shaky((entry for entry in entries if entry), decimal=decimal),
    )


def _filters(asked: Enquiry | None) -> dict[str, frozenset[int]]:
    return {"lte": asked.lte or frozenset(), "nr": asked.nr or frozenset()} if asked else {}


def _used(entries: Sequence[Combination | None], rat: str) -> set[int]:
    return {part.band for entry in entries for part in entry or () if part.rat == rat}


def _wrong_range(listed: list[Tree]) -> list[str]:
    """Bands from 257 on lie in FR2 and the others in FR1; the channel bandwidths of a band's entry must agree."""
    out = []
    for item in listed:
        band = tree.number(item.get("bandNR"))
        for name in ("channelBWs-DL", "channelBWs-UL"):
            value = item.get(name)
            ranges = {tree.base_name(key) for key in value} if isinstance(value, dict) else set()
            wrong = {"fr1"} if band is not None and 257 <= band <= 512 else {"fr2"}
            if band is not None and ranges & wrong:
                out.append(f"n{band} has channel bandwidths of {next(iter(wrong)).upper()}")
    return out


def _entries(names: dict[str, list[Tree]], numeric: bool) -> list[Combination | None]:
    """supportedBandCombinationList in its order; None for an entry of which not all is read."""
    found: list[Combination | None] = []
    later = _later_classes(names)
    for number, entry in enumerate(first(names, "supportedBandCombinationList")):
        listed = tree.items(entry.get("bandList")) if isinstance(entry, dict) else []
        beside = later.get(number, [])
        combo = tuple(
            part
            for place, item in enumerate(listed)
            if (part := _component(item, beside[place] if place < len(beside) else None, numeric)) is not None
        )
        found.append(combo if combo and len(combo) == len(listed) else None)
    return found


def _later_classes(names: dict[str, list[Tree]]) -> dict[int, list[Tree]]:
    """What extensions tell of the bands of a combination, by its place: classes R to U of release 17 stand there.

    TS 38.331, BandParameters-v1780: ca-BandwidthClassDL-NR-r17 is there where the field of release 15 is not.
    """
    out: dict[int, list[Tree]] = {}
    for name in names:
        if not name.startswith("supportedBandCombinationList-v17"):
            continue
        for number, entry in enumerate(first(names, name)):
            for key, value in entry.items() if isinstance(entry, dict) else ():
                if key.startswith("bandList-v17"):
                    out[number] = tree.items(value)
    return out


def _by_type(
    names: dict[str, list[Tree]], entries: Sequence[Combination | None]
) -> dict[CombinationType, tuple[Combination, ...]]:
    """NR-CA; an entry whose v1560 twin has ca-ParametersNRDC is NR-DC (TS 38.306 4.2.7.4)."""
    found: dict[CombinationType, list[Combination]] = {}
    twins = first(names, "supportedBandCombinationList-v1560")
    for place, combo in enumerate(entries):
        twin = twins[place] if place < len(twins) else None
        if combo:
            double = isinstance(twin, dict) and "ca-ParametersNRDC" in twin
            found.setdefault("nr_dc" if double else "nr_ca", []).append(combo)
    return {kind: distinct(combos) for kind, combos in found.items()}


def _component(item: Tree, later: Tree, numeric: bool) -> CarrierComponent | None:
    """One band of a combination; None where its band or all its classes are not read."""
    if not isinstance(item, dict):
        return None
    part = next((item[rat] for rat in ("eutra", "nr") if isinstance(item.get(rat), dict)), item)
    for rat, name, ending in (("lte", "bandEUTRA", "EUTRA"), ("nr", "bandNR", "NR")):
        band = tree.number(part.get(name))
        if band is not None:
            down = tree.bandwidth_class(part.get(f"ca-BandwidthClassDL-{ending}"), numeric=numeric)
            up = tree.bandwidth_class(part.get(f"ca-BandwidthClassUL-{ending}"), numeric=numeric)
            if isinstance(later, dict):
                down = down or _later(later, f"ca-BandwidthClassDL-{ending}-")
                up = up or _later(later, f"ca-BandwidthClassUL-{ending}-")
            return CarrierComponent(rat, band, down, up) if down or up else None
    return None


def _later(part: dict[str, Tree], name: str) -> str | None:
    """The class in the field of an extension; its number alone (tshark) counts from R."""
    value = next((value for key, value in part.items() if key.startswith(name)), None)
    position = tree.number(value)
    if position is not None:
        return chr(ord("R") + position) if 0 <= position < 4 else None
    return tree.bandwidth_class(value)


def _power(listed: list[Tree], numeric: bool) -> tuple[tuple[str, int | None, float], ...]:
    """ue-PowerClass of each band's entry: pc1, pc2, pc3, pc4; newer releases pc1dot5."""
    found: list[tuple[str, int | None, float]] = []
    for item in listed:
        band = tree.number(item.get("bandNR"))
        later = None if numeric else item.get("ue-PowerClass-v1610")
        told = later or item.get("ue-PowerClass")
        position = tree.number(told) if numeric else None
        match = _POWER.fullmatch(f"pc{position + 1}" if position is not None else tree.word(told) or "")
        if band is not None and match:
            found.append(("nr", band, 1.5 if match[1] == "1dot5" else float(match[1])))
    return tuple(found)


def _echo(names: dict[str, list[Tree]]) -> Enquiry | None:
    """appliedFreqBandListFilter: the bands for which the answer was made."""
    return bands_asked(first(names, "appliedFreqBandListFilter"))


def bands_asked(listed: list[Tree]) -> Enquiry | None:
    """A FreqBandList (TS 38.331): bands of LTE and NR that an answer is to keep to; None where it is empty."""
    lte: set[int] = set()
    nr: set[int] = set()
    for item in listed:
        inner = tree.index(item)
        for found, name in ((lte, "bandEUTRA"), (nr, "bandNR")):
            found.update(band for value in inner.get(name, ()) if (band := tree.number(value)) is not None)
    return Enquiry(frozenset(lte), frozenset(nr)) if lte or nr else None
