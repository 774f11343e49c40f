"""Sources of one device that say different things of the same fact, side by side. Nothing is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_IDENTITY_SKIPPED = {"kind", "source", "grade"}


def disagreements(
    observations: Sequence[Mapping[str, Any]], layers: Mapping[str, Mapping[str, Any]], sheet: str | None
) -> list[dict[str, Any]]:
    """Each `{"about", "says": [{"what", "source", "grade"}]}`, in a fixed order. `layers` is of `bands_by_layer`."""
    return [
        *_identities(observations),
        *_cells(observations),
        *_registrations(observations),
        *_same_layer(observations),
        *_between_layers(layers, sheet, _partial(observations)),
    ]


def _said(what: str, item: Mapping[str, Any]) -> dict[str, Any]:
    source = item.get("source")
    return {"what": what, "source": dict(source) if source else None, "grade": item.get("grade")}


def _identities(observations: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    told: dict[str, dict[str, Mapping[str, Any]]] = {}
    for item in observations:
        if item["kind"] == "identity":
            for key, value in item.items():
                if key not in _IDENTITY_SKIPPED and isinstance(value, str) and value:
                    told.setdefault(key, {}).setdefault(value, item)
    for key, values in told.items():
        if len({value.casefold() for value in values}) > 1:
            says = [_said(value, item) for value, item in values.items()]
            yield {"about": f"identity: {key.replace('_', ' ')}", "says": says}


def _cells(observations: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for cell in observations:
        if cell["kind"] == "serving_cell" and cell["band_source"] == "conflict":
            rat = str(cell["rat"] or "lte")
            named = [(f"channel {cell['arfcn']}", cell["band"]), ("the device's own words", cell["band_reported"])]
            says = [_said(f"{who}: {band_label(rat, band)}", cell) for who, band in named if band is not None]
            yield {"about": f"band of the serving cell ({cell['role']})", "says": says}
    primary = [c for c in observations if c["kind"] == "serving_cell" and c["role"] == "pcell" and c["band"]]
    for slot in dict.fromkeys(cell["slot"] for cell in primary):
        of_slot = {(c["rat"], c["band"]): c for c in primary if c["slot"] == slot and c["registered"] is not False}
        if len({rat for rat, _ in of_slot}) == 1 and len(of_slot) > 1:
            says = [_said(band_label(str(rat), band), cell) for (rat, band), cell in of_slot.items()]
            yield {"about": f"band of the primary cell{_slot(slot)}", "says": says}


def _registrations(observations: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    told: dict[tuple[Any, Any], dict[str, Mapping[str, Any]]] = {}
    for item in observations:
        if item["kind"] == "registration" and item["state"] != "unknown":
            told.setdefault((item["slot"], item["domain"]), {}).setdefault(item["state"], item)
    for (slot, domain), states in told.items():
        if len(states) > 1:
            says = [_said(state, item) for state, item in states.items()]
            yield {"about": f"registration, domain {domain or 'not told'}{_slot(slot)}", "says": says}


def _same_layer(observations: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    told: dict[tuple[str, str, str], dict[tuple[int, ...], Mapping[str, Any]]] = {}
    for item in observations:
        if item["kind"] in {"supported_bands", "enabled_bands"} and item["bands"] is not None:
            what = "enabled" if item["kind"] == "enabled_bands" else f"supported ({item['layer'] or 'no layer named'})"
            told.setdefault((what, item["rat"], ""), {}).setdefault(tuple(sorted(item["bands"])), item)
    for (what, rat, _), lists in told.items():
        if any(_denies(one, other) for one in lists.values() for other in lists.values()):
            says = [_said(names(rat, bands), item) for bands, item in lists.items()]
            yield {"about": f"{rat.upper()} bands {what}", "says": says}


def _denies(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether a list lacks a band of another that it would have shown: an answer to a filtered question may not."""
    lacking = set(other["bands"]) - set(one["bands"])
    if one.get("complete") is False:
        lacking &= set(one["filtered_by"] or ())
    return bool(lacking)


def _partial(observations: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Layer and RAT of lists that answer a filtered question: what they lack tells nothing."""
    lists = [item for item in observations if item["kind"] == "supported_bands"]
    return {(item["layer"] or "supported", item["rat"]) for item in lists if item.get("complete") is False}


def _between_layers(
    layers: Mapping[str, Mapping[str, Any]], sheet: str | None, partial: set[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """What one layer has and another lacks. A narrower policy is no fault, but a reviewer wants to see it."""
    pairs = [("hardware", "policy"), ("hardware", "advertised"), ("policy", "advertised")]
    measured = next((layer for layer in ("hardware", "supported", "policy", "advertised") if layer in layers), None)
    if measured:
        pairs += [(measured, "declared"), (measured, "enabled"), (measured, "attached")]
    elif "declared" in layers:
        pairs += [("declared", "enabled"), ("declared", "attached")]
    for one, other in pairs:
        for rat in layers.get(one, {}):
            yield from _pair(layers, rat, one, other, sheet, partial)


def _pair(
    layers: Mapping[str, Mapping[str, Any]],
    rat: str,
    one: str,
    other: str,
    sheet: str | None,
    partial: set[tuple[str, str]],
) -> Iterator[dict[str, Any]]:
    first, second = layers[one][rat], layers.get(other, {}).get(rat)
    if not isinstance(first, list) or not isinstance(second, list):
        return
    extra = [] if (one, rat) in partial else [band for band in second if band not in first]
    # What is attached or enabled is a part by its nature; only what goes beyond contradicts.
    lacking = (
        []
        if other in {"enabled", "attached"} or (other, rat) in partial
        else [band for band in first if band not in second]
    )
    if not extra and not lacking:
        return
    says = [
        {"what": f"only {_named(layer, sheet)}: {names(rat, bands)}", "source": None, "grade": _grade(layer)}
        for layer, bands in ((one, lacking), (other, extra))
        if bands
    ]
    yield {"about": f"{rat.upper()} bands, {_named(one, sheet)} and {_named(other, sheet)}", "says": says}


def _named(layer: str, sheet: str | None) -> str:
    return f"declared ({sheet})" if layer == "declared" and sheet else layer


def _grade(layer: str) -> str:
    return {"declared": "declared", "attached": "observed"}.get(layer, "measured")


def names(rat: str, bands: Iterable[int]) -> str:
    """`B2 B4 B12`, or the word none."""
    return " ".join(band_label(rat, band) for band in bands) or "none"


def _slot(slot: int | None) -> str:
    return "" if slot is None else f", slot {slot}"
