"""Which bands a device has, layer by layer, out of its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from harness.observations import EnabledBands, Rat, SupportedBands
from harness.radio.rats import order

from .entries import BandList, LayerBands, LayerName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from harness.observations import ServingCell

    from .told_facts import ToldFacts

LAYERS: tuple[LayerName, ...] = get_args(LayerName)
_Found = dict[Rat, set[int] | None]
"""None: no restriction."""


def bands_by_layer(
    facts: ToldFacts, declared: Mapping[Rat, Sequence[int]], attached: Iterable[ServingCell] = ()
) -> LayerBands:
    """Layer -> RAT -> sorted bands, or the word `unlimited`; a layer or RAT that nothing tells is absent.

    `supported` is what a modem lists without naming a layer. `attached` are the cells that verdicts count as serving
    the device (`binding.service.attached`): what the report shows is what was judged.
    """
    found: dict[LayerName, _Found] = {layer: {} for layer in LAYERS}
    for rat, bands in declared.items():
        found["declared"][rat] = set(bands)
    for supported in facts.of(SupportedBands):
        _add(found[supported.layer or "supported"], supported.rat, supported.bands, supported.unlimited)
    for enabled in facts.of(EnabledBands):
        _add(found["enabled"], enabled.rat, enabled.bands, enabled.unlimited)
    for cell in attached:
        if cell.rat is not None and cell.band is not None:
            _add(found["attached"], cell.rat, (cell.band,), False)
    return {layer: _plain(told) for layer, told in found.items() if told}


def _add(layer: _Found, rat: Rat, bands: Sequence[int] | None, unlimited: bool) -> None:
    if bands is not None:
        layer[rat] = (layer.get(rat) or set()) | set(bands)
    elif unlimited:
        layer.setdefault(rat, None)


def _plain(told: _Found) -> dict[Rat, BandList | Literal["unlimited"]]:
    return {rat: "unlimited" if bands is None else tuple(sorted(bands)) for rat, bands in _in_order(told)}


def _in_order(told: _Found) -> list[tuple[Rat, set[int] | None]]:
    return sorted(told.items(), key=lambda item: order(item[0]))
