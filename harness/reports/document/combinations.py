"""Carrier combinations as the HTML report shows them: what a carrier misses first, then by type and by band, as text.

A browser's own search finds any of them: every combination stands in the page as 3GPP writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.observations import CarrierComponent
from harness.radio.tables import band_label
from harness.verdicts.combinations import combination_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TYPES = {
    "lte_ca": "LTE carrier aggregation",
    "en_dc": "EN-DC (LTE with NR)",
    "nr_ca": "NR carrier aggregation",
    "nr_dc": "NR dual connectivity",
}
ONCE = "*"
"""Marks a combination that is told once only."""
_KINDS = {"combination", "ue_category", "mfbi"}
_OPEN_FIRST = ("FAIL", "ERROR", "INCONC", "WAIVED", "PASS_NOTE", "PASS", "NA")


def combinations_view(
    observations: Sequence[Mapping[str, Any]],
    verdicts: Iterable[Mapping[str, Any]],
    kinds: Mapping[tuple[str, str, str], str],
) -> dict[str, Any] | None:
    """What `combinations.j2` shows of one device; None where nothing is told and nothing asked.

    `kinds` is the kind of each requirement, by carrier, edition and id.
    """
    asked = [v for v in verdicts if kinds.get((v["carrier"], v["edition"], v["requirement"])) in _KINDS]
    asked.sort(key=lambda v: _OPEN_FIRST.index(v["verdict"]))
    lists = [_list(item) for item in observations if item["kind"] == "band_combinations"]
    facts = [*_categories(observations), *_mfbi(observations), *_power(observations)]
    if not asked and not lists and not facts:
        return None
    lists.sort(key=lambda one: list(TYPES).index(one["type"]))
    return {"asked": asked, "lists": lists, "facts": facts}


def _list(item: Mapping[str, Any]) -> dict[str, Any]:
    once = set(item["told_once"])
    unsure = once | set(item["uplink_once"])
    uplinks: dict[str, dict[str, bool]] = {}
    for place, combination in enumerate(item["combinations"]):
        parts = tuple(CarrierComponent(**part) for part in combination)
        told = uplinks.setdefault(combination_name(parts), {})
        name = uplink_of(parts)
        told[name] = told.get(name, True) and place in (unsure if name else once)
    folds: dict[str, list[str]] = {}
    for name in sorted(uplinks, key=order_of):
        folds.setdefault(_first_band(name), []).append(_written(name, uplinks[name]))
    return {
        "type": item["type"],
        "title": TYPES[item["type"]],
        "count": len(item["combinations"]),
        "once": len(once),
        "uplinks_once": len(unsure - once),
        "grade": item["grade"],
        "source": (item.get("source") or {}).get("request"),
        "scope": _scope(item),
        "folds": [{"band": band, "names": names} for band, names in folds.items()],
    }


def uplink_of(parts: tuple[CarrierComponent, ...]) -> str:
    """The carriers that have an uplink, `2A`; empty where the list tells none."""
    up = tuple(CarrierComponent(p.rat, p.band, p.ul_class) for p in parts if p.ul_class)
    return combination_name(up).partition("_")[2] if up else ""


def _written(name: str, uplinks: Mapping[str, bool]) -> str:
    """`CA_2A-12A (UL 2A, 12A*)`."""
    told = [f"{up}{ONCE if once else ''}" for up, once in sorted(uplinks.items()) if up]
    mark = ONCE if not told and any(uplinks.values()) else ""
    return f"{name}{mark} (UL {', '.join(told)})" if told else f"{name}{mark}"


def _parts(name: str) -> list[str]:
    return name.partition("_")[2].replace("_", "-").split("-")


def order_of(name: str) -> list[tuple[bool, int, str]]:
    """A key to sort the names of combinations: LTE first, by band."""
    return [(part[:1] == "n", int("".join(sign for sign in part if sign.isdigit())), part) for part in _parts(name)]


def _first_band(name: str) -> str:
    nr, number, _ = order_of(name)[0]
    return band_label("nr" if nr else "lte", number)


def _scope(item: Mapping[str, Any]) -> str:
    if item["complete"]:
        return "the network asked for all"
    if item["filtered_by"] is None:
        return "what the network asked for is not known: what is absent is not observed"
    return f"the network asked for {' '.join(item['filtered_by']) or 'no band'} only: the rest is not observed"


def _categories(observations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    out = []
    for item in observations:
        if item["kind"] == "ue_category":
            numbers = [f"{word} {item[key]}" for word, key in (("DL", "dl"), ("UL", "ul")) if item[key] is not None]
            named = [item["name"]] if item["name"] else []
            older = [f"release 8: {item['legacy']}"] if item["legacy"] is not None else []
            out.append(("UE category", ", ".join([*named, *numbers, *older]) + _once(item)))
    return out


def _mfbi(observations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    told = [item for item in observations if item["kind"] == "mfbi_support"]
    return [("MFBI", ("followed" if item["supported"] else "not followed") + _once(item)) for item in told]


def _power(observations: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    told = [item for item in observations if item["kind"] == "power_class"]
    words = [
        f"{band_label(item['rat'], item['band']) if item['band'] is not None else item['rat'].upper()}"
        f" class {item['power_class']:g}{ONCE if item['told_once'] else ''}"
        for item in told
    ]
    return [("Power class", ", ".join(words))] if words else []


def _once(item: Mapping[str, Any]) -> str:
    return ONCE if item["told_once"] else ""
