"""UE-EUTRA-Capability (TS 36.331 clause 6.3.6): bands, CA, categories, MFBI, power class, the echo of the filter."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from harness.capability_facts import CarrierComponent

from .account import Account, Combination, Enquiry, MessagePlace, distinct
from .tables import consistency
from .tables.confusable import shaky
from .tables.consistency import first, vouched
from .texts import tree

if TYPE_CHECKING:
    from .texts.tree import Tree

ESCAPE = 64
"""bandEUTRA 64 says: look into the parallel list of the extension (TS 36.331, FreqBandIndicator)."""

_MAX_ALTERNATIVES = 64

_CATEGORIES = (
    # newest first: downlink and uplink field names (TS 36.306 clause 4.1A)
    "v1530",
    "v1460",
    "v1450",
    "v1430b",
    "v1430",
    "v1350",
    "v1340",
    "v1330",
    "v1310",
    "v1260",
    "r12",
)
_ENUMERATED = {
    "DL-v1310": ("n17", "m1"),
    "UL-v1310": ("n14", "m1"),
    "DL-v1350": ("oneBis",),
    "UL-v1350": ("oneBis",),
    "DL-v1430": ("m2",),
    "UL-v1430": ("n16", "n17", "n18", "n19", "n20", "m2"),
    "UL-v1430b": ("n21",),
}
"""Category fields that are ENUMERATED, for sources that print the number of the value."""

_LEGACY = ("ue-Category-v11a0", "ue-Category-v1170", "ue-Category-v1020")


def read(root: Tree, origin: str, *, numeric: bool = False, decimal: bool = False) -> Account:
    """The account of one UE-EUTRA-Capability tree. `numeric`: enumerated values are numbers (tshark JSON);
    `decimal`: the tree was a text.
    """
    names = tree.index(root)
    doubts: list[str] = []
    warnings: list[str] = []
    bands = _bands(names, doubts)
    entries = _combinations(names, numeric, warnings)
    combos = [combo for entry in entries for combo in entry]
    nsa = _nr_list(names, "supportedBandListEN-DC-r15")
    sa = _nr_list(names, "supportedBandListNR-SA-r15")
    doubts += consistency.lte_doubts(names, bands, {part.band for combo in combos for part in combo})
    doubts += [text for found in (nsa, sa) for text in consistency.list_doubts("NR band list", found)]
    loose = tuple(consistency.order_habits([entry[0] for entry in entries if entry]))
    used = vouched([entry[0] for entry in entries if entry], "lte", bands, loose=bool(loose))
    every = distinct(combos)
    out = {"lte": bands, "nr_nsa": nsa, "nr_sa": sa}
    return Account(
        "eutra",
        origin,
        bands={rat: tuple(sorted(set(found))) for rat, found in out.items() if found},
        combinations={"lte_ca": every} if every else {},
        seen={
            "lte": tuple(place for place in (MessagePlace("band list", bands, listed=True), used) if place.bands),
            "nr": tuple(
                MessagePlace(name, found, listed=True)
                for name, found in (("EN-DC list", nsa), ("SA list", sa))
                if found
            ),
        },
        category=_category(names, numeric),
        mfbi=_mfbi(names),
        power=_power(names),
        asked=_echo(names),
        doubts=tuple(dict.fromkeys(doubts)),
        loose=loose,
        shaky=shaky(every, decimal=decimal),
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _bands(names: dict[str, list[Tree]], doubts: list[str]) -> tuple[int, ...]:
    """The band list in its order; the escape 64 is looked up in the late extension at the same place."""
    listed = first(names, "supportedBandListEUTRA")
    late = first(names, "supportedBandListEUTRA-v9e0")
    bands: list[int] = []
    for position, item in enumerate(listed):
        band = tree.number(item.get("bandEUTRA")) if isinstance(item, dict) else tree.number(item)
        if band == ESCAPE:
            above = late[position] if position < len(late) else None
            band = tree.number(above.get("bandEUTRA-v9e0")) if isinstance(above, dict) else None
            if band is None:
                doubts.append("a band above 64 is announced but not named")
        if band is not None:
            bands.append(band)
    return tuple(bands)


def _combinations(names: dict[str, list[Tree]], numeric: bool, warnings: list[str]) -> list[list[Combination]]:
    """The readings of each entry of the three lists, in the order of the message."""
    late = first(names, "supportedBandCombination-v1090")
    found: list[list[Combination]] = []
    for place, combo in enumerate(first(names, "supportedBandCombination-r10")):
        above = tree.items(late[place]) if place < len(late) else []
        found.append(_combination(tree.items(combo), above, numeric, warnings))
    for key, inner in (
        ("supportedBandCombinationAdd-r11", "bandParameterList-r11"),
        ("supportedBandCombinationReduced-r13", "bandParameterList-r13"),
    ):
        for combo in first(names, key):
            if isinstance(combo, dict):
                found.append(_combination(tree.items(combo.get(inner)), [], numeric, warnings))
    return found


def _combination(parts: list[Tree], above: list[Tree], numeric: bool, warnings: list[str]) -> list[Combination]:
    """All readings of one entry: a component may list several classes, and any of them may be used."""
    choices: list[list[CarrierComponent]] = []
    for place, part in enumerate(parts):
        if not isinstance(part, dict):
            return []
        band = next((tree.number(v) for k, v in part.items() if k.startswith("bandEUTRA")), None)
        if band == ESCAPE and "bandEUTRA-r10" in part:
            escape = above[place] if place < len(above) else None
            band = tree.number(escape.get("bandEUTRA-v1090")) if isinstance(escape, dict) else None
        if band is None:
            warnings.append("an LTE combination was left out: its band is not named")
            return []
        downs = _classes(part, "bandParametersDL", "ca-BandwidthClassDL", numeric)
        ups = _classes(part, "bandParametersUL", "ca-BandwidthClassUL", numeric)
        if downs == ups == [None]:
            warnings.append("an LTE combination was left out: a band of it has no bandwidth class")
            return []
        choices.append([CarrierComponent("lte", band, down, up) for down in downs for up in ups])
    if prod(len(choice) for choice in choices) > _MAX_ALTERNATIVES:
        choices = [choice[:1] for choice in choices]
        warnings.append("an LTE combination with very many classes was read with the first of each")
    return [tuple(combo) for combo in product(*choices)] if choices else []


def _classes(part: Tree, field: str, name: str, numeric: bool) -> list[str | None]:
    """The classes under a component's DL or UL parameters; [None] where there are none."""
    found = [
        letter
        for key, value in part.items()
        if key.startswith((field, name))
        for inner, values in tree.index({key: value}).items()
        if inner.startswith(name)
        for one in values
        if (letter := tree.bandwidth_class(one, numeric=numeric)) is not None
    ]
    return list(dict.fromkeys(found)) or [None]


def _nr_list(names: dict[str, list[Tree]], name: str) -> tuple[int, ...]:
    """The NR bands of a list, in its order."""
    listed = first(names, name)
    bands = [tree.number(i.get("bandNR-r15", i.get("bandNR")) if isinstance(i, dict) else i) for i in listed]
    return tuple(band for band in bands if band is not None)


def _category(
    names: dict[str, list[Tree]], numeric: bool
) -> tuple[int | None, int | None, int | None, str | None] | None:
    legacy = _one(names, "ue-Category")
    down, down_name = _newest(names, "DL-", numeric)
    up, up_name = _newest(names, "UL-", numeric)
    older = next((value for name in _LEGACY if (value := _one(names, name)) is not None), legacy)
    down = older if down is None and down_name is None else down
    up = older if up is None and up_name is None else up
    name = down_name or up_name
    return None if down is None and up is None and name is None else (down, up, legacy, name)


def _one(names: dict[str, list[Tree]], name: str) -> int | None:
    return tree.number(names.get(name, [None])[0])


def _newest(names: dict[str, list[Tree]], prefix: str, numeric: bool) -> tuple[int | None, str | None]:
    """The newest category field: a number (also `n17`), or a name (`m1`, `oneBis`)."""
    for release in _CATEGORIES:
        for value in names.get(f"ue-Category{prefix}{release}", ()):
            plain = tree.number(value)
            text = tree.word(value) or ""
            words = _ENUMERATED.get(prefix + release, ())
            if numeric and words and plain is not None:
                text, plain = (words[plain], None) if plain < len(words) else ("", None)
            if plain is None and text[:1] == "n":
                plain = tree.number(text[1:])
            if plain is not None:
                return plain, None
            if text:
                return None, {"onebis": "1bis"}.get(text.lower(), text)
    return None, None


def _mfbi(names: dict[str, list[Tree]]) -> bool | None:
    """Feature group indicator 31: bit 1 is the most significant (TS 36.331 annex B.1)."""
    for value in names.get("featureGroupIndicators", ()):
        digits = tree.bits(value)
        if digits is not None and len(digits) == 32:
            return digits[30] == "1"
    return None


def _power(names: dict[str, list[Tree]]) -> tuple[tuple[str, int | None, float], ...]:
    """Power classes told apart from the default (TS 36.331: ue-PowerClass-N-r13, ue-PowerClass-5-r13, and by band)."""
    found: list[tuple[str, int | None, float]] = []
    listed, late = first(names, "supportedBandListEUTRA"), first(names, "supportedBandListEUTRA-v9e0")
    for place, item in enumerate(first(names, "supportedBandListEUTRA-v1320")):
        named = listed[place] if place < len(listed) else None
        band = tree.number(named.get("bandEUTRA")) if isinstance(named, dict) else None
        if band == ESCAPE:
            above = late[place] if place < len(late) else None
            band = tree.number(above.get("bandEUTRA-v9e0")) if isinstance(above, dict) else None
        if band is not None and isinstance(item, dict):
            inner = tree.index(item)
            found += [("lte", band, value) for value in _power_words(inner)]
    return tuple(dict.fromkeys(found))


def _power_words(names: dict[str, list[Tree]]) -> list[float]:
    found = [
        float(text[-1])
        for value in names.get("ue-PowerClass-N-r13", ())
        if (text := tree.word(value)) and text.startswith("class") and text[-1] in "12345"
    ]
    return found + [5.0 for value in names.get("ue-PowerClass-5-r13", ()) if tree.truth(value)]


def _echo(names: dict[str, list[Tree]]) -> Enquiry | None:
    """requestedBands-r11 repeats the enquiry's list of LTE bands; it says nothing of NR."""
    asked = [band for item in first(names, "requestedBands-r11") if (band := tree.number(item)) is not None]
    return Enquiry(lte=frozenset(asked), nr=None) if asked else None
