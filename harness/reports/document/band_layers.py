"""Which bands a device has, layer by layer, out of its observations as JSON objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAYERS = ("hardware", "policy", "advertised", "supported", "declared", "enabled", "attached")
_RATS = ("gsm", "umts", "lte", "lte_m", "nb_iot", "nr", "nr_sa", "nr_nsa")


def bands_by_layer(
    observations: Sequence[Mapping[str, Any]], declared: Mapping[str, Sequence[int]]
) -> dict[str, dict[str, list[int] | str]]:
    """Layer -> RAT -> sorted bands, or the word `unlimited`; a layer or RAT that nothing tells is absent.

    `supported` is what a modem lists without naming a layer. `attached` holds bands of cells that served the device,
    never of a cell whose channel and reported band contradict each other.
    """
    found: dict[str, dict[str, set[int] | str]] = {layer: {} for layer in LAYERS}
    in_service = {item["slot"] for item in observations if _registered(item)}
    for rat, bands in declared.items():
        found["declared"][rat] = set(bands)
    for item in observations:
        if item["kind"] == "supported_bands":
            _add(found[item["layer"] or "supported"], item)
        elif item["kind"] == "enabled_bands":
            _add(found["enabled"], item)
        elif item["kind"] == "serving_cell" and _serves(item, in_service):
            _add(found["attached"], {"rat": item["rat"], "bands": [item["band"]]})
    return {
        layer: {rat: _plain(told[rat]) for rat in sorted(told, key=_RATS.index)}
        for layer, told in found.items()
        if told
    }


def _add(layer: dict[str, set[int] | str], item: Mapping[str, Any]) -> None:
    rat = item["rat"]
    known = layer.get(rat)
    if item["bands"] is None:
        if item.get("unlimited") and known is None:
            layer[rat] = "unlimited"
    elif isinstance(known, set):
        known.update(item["bands"])
    else:
        layer[rat] = set(item["bands"])


def _registered(item: Mapping[str, Any]) -> bool:
    return item["kind"] == "registration" and item["state"] in {"home", "roaming"}


def _serves(cell: Mapping[str, Any], in_service: set[int | None]) -> bool:
    """A cell that says nothing of registration serves where a registration of its slot says that it is in service."""
    if cell["band"] is None or cell["rat"] is None or cell["band_source"] == "conflict":
        return False
    if cell["role"] != "pcell":
        return cell["active"] is not False
    if cell["registered"] is not None:
        return bool(cell["registered"])
    return bool(in_service & {cell["slot"], None}) or (cell["slot"] is None and bool(in_service))


def _plain(bands: set[int] | str) -> list[int] | str:
    return bands if isinstance(bands, str) else sorted(bands)
