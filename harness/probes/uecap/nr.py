"""UE-NR-Capability and UE-MRDC-Capability (TS 38.331 clause 6.3.3): bands, NR-CA, NR-DC, EN-DC, filter echo."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import CarrierComponent

from . import tree
from .account import Account, Asked, Combination, CombinationType, distinct

if TYPE_CHECKING:
    from .tree import Tree

_POWER = re.compile(r"pc(1dot5|\d)")


def read_nr(root: Tree, origin: str, *, numeric: bool = False) -> Account:
    """The account of one UE-NR-Capability tree."""
    names = tree.index(root)
    doubts: list[str] = []
    listed = [item for item in _first(names, "supportedBandListNR") if isinstance(item, dict)]
    bands = [band for item in listed if (band := tree.number(item.get("bandNR"))) is not None]
    if len(set(bands)) != len(bands):
        doubts.append("the NR band list names a band twice")
    doubts += _wrong_range(listed)
    combos = _combinations(names, numeric, ("nr_ca", "nr_dc"))
    lte = frozenset(band for item in _first(names, "supportedBandListEUTRA") if (band := tree.number(item)) is not None)
    return Account(
        "nr",
        origin,
        bands={"nr": tuple(sorted(set(bands)))} if bands else {},
        combinations=combos,
        seen={
            "nr": (("NR list", frozenset(bands)), *_seen(combos, "nr")),
            "lte": (("LTE list of the NR container", lte),) if lte else (),
        },
        mfbi=next((True for value in names.get("mfbi-EUTRA", ()) if numeric or tree.truth(value)), None),
        power=_power(listed, numeric),
        asked=_echo(names),
        doubts=tuple(doubts),
    )


def read_mrdc(root: Tree, origin: str, *, numeric: bool = False) -> Account:
    """The account of one UE-MRDC-Capability tree."""
    names = tree.index(root)
    combos = _combinations(names, numeric, ("en_dc",))
    return Account(
        "mrdc",
        origin,
        combinations=combos,
        seen={rat: _seen(combos, rat) for rat in ("lte", "nr")},
        asked=_echo(names),
    )


def _first(names: dict[str, list[Tree]], name: str) -> list[Tree]:
    return tree.items(names.get(name, [None])[0])


def _seen(combos: dict[CombinationType, tuple[Combination, ...]], rat: str) -> tuple[tuple[str, frozenset[int]], ...]:
    out = []
    for name, found in combos.items():
        bands = frozenset(part.band for combo in found for part in combo if part.rat == rat)
        if bands:
            out.append((f"{name} combinations", bands))
    return tuple(out)


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


def _combinations(
    names: dict[str, list[Tree]], numeric: bool, kinds: tuple[CombinationType, ...]
) -> dict[CombinationType, tuple[Combination, ...]]:
    """supportedBandCombinationList; an entry whose v1560 twin has ca-ParametersNRDC is NR-DC (TS 38.306 4.2.7.4)."""
    found: dict[CombinationType, list[Combination]] = {}
    twins = _first(names, "supportedBandCombinationList-v1560")
    for place, entry in enumerate(_first(names, "supportedBandCombinationList")):
        if not isinstance(entry, dict):
            continue
        combo = tuple(
            part for item in tree.items(entry.get("bandList")) if (part := _component(item, numeric)) is not None
        )
        if not combo or len(combo) != len(tree.items(entry.get("bandList"))):
            continue
        twin = twins[place] if place < len(twins) else None
        double = len(kinds) > 1 and isinstance(twin, dict) and "ca-ParametersNRDC" in twin
        found.setdefault(kinds[1] if double else kinds[0], []).append(combo)
    return {kind: distinct(combos) for kind, combos in found.items()}


def _component(item: Tree, numeric: bool) -> CarrierComponent | None:
    if not isinstance(item, dict):
        return None
    part = next((item[rat] for rat in ("eutra", "nr") if isinstance(item.get(rat), dict)), item)
    for rat, name, ending in (("lte", "bandEUTRA", "EUTRA"), ("nr", "bandNR", "NR")):
        band = tree.number(part.get(name))
        if band is not None:
            down = tree.bandwidth_class(part.get(f"ca-BandwidthClassDL-{ending}"), numeric=numeric)
            up = tree.bandwidth_class(part.get(f"ca-BandwidthClassUL-{ending}"), numeric=numeric)
            return CarrierComponent(rat, band, down, up)
    return None


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


def _echo(names: dict[str, list[Tree]]) -> Asked | None:
    """appliedFreqBandListFilter: the bands for which the answer was made."""
    return bands_asked(_first(names, "appliedFreqBandListFilter"))


def bands_asked(listed: list[Tree]) -> Asked | None:
    """A FreqBandList (TS 38.331): bands of LTE and NR that an answer is to keep to; None where it is empty."""
    lte: set[int] = set()
    nr: set[int] = set()
    for item in listed:
        inner = tree.index(item)
        for found, name in ((lte, "bandEUTRA"), (nr, "bandNR")):
            found.update(band for value in inner.get(name, ()) if (band := tree.number(value)) is not None)
    return Asked(frozenset(lte), frozenset(nr)) if lte or nr else None
