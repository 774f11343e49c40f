"""Bands of a device as rows of numbers: asked by whom, known in which layer. The band picture draws the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.tables import band_label, bands_of
from harness.verdicts.verdict import Outcome, worst

from .band_layers import LAYERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.radio.tables import Band

    from .document import Document
    from .entries import DeviceEntry, LayerBands, LayerName, RequirementEntry

_FAMILIES = {"nr_sa": "nr", "nr_nsa": "nr"}
_SUFFIX = {"lte_m": " LTE-M", "nb_iot": " NB-IoT"}
_ORDER = ("lte", "nr", "lte_m", "nb_iot", "umts", "gsm")
_ALWAYS = {"lte", "nr", "lte_m", "nb_iot"}
"""RATs that are shown although no carrier asks for them; older ones only where they are asked for."""


@dataclass(frozen=True, slots=True)
class AskedBand:
    """That one edition asks for a band, and what came of it. `verdict` is None where it was not judged."""

    carrier: str
    edition: str
    requirement: str
    level: str
    role: str
    verdict: Outcome | None


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band: `layers` says for each layer yes (True), no (False) or not told (None)."""

    rat: str
    band: int
    label: str
    spectrum: Band | None
    """None where 3GPP defines no such band: the device says so all the same."""
    asked: tuple[AskedBand, ...]
    layers: dict[LayerName, bool | None]


def family(rat: str) -> str:
    """NR for SA and NSA is one spectrum."""
    return _FAMILIES.get(rat, rat)


def band_rows(document: Document, device: DeviceEntry) -> list[BandRow]:
    """All bands that a carrier asks of the device or that it has, LTE first, by number."""
    asked = _asked(document, device.device)
    known = _known(device.layers)
    keys = set(asked) | {(rat, band) for told in known.values() for rat, bands in told.items() for band in bands or ()}
    keys = {key for key in keys if key[0] in _ALWAYS or key in asked}
    return [
        _row(rat, band, asked.get((rat, band), ()), known)
        for rat, band in sorted(keys, key=lambda key: (_ORDER.index(key[0]), key[1]))
    ]


def told_layers(device: DeviceEntry) -> list[LayerName]:
    """The layers that anything tells of this device, from the inside outwards."""
    return [layer for layer in LAYERS if layer in device.layers]


def _asked(document: Document, device: str) -> dict[tuple[str, int], tuple[AskedBand, ...]]:
    refs = {one.ref for one in document.results if one.device == device}
    verdicts = {(*one.ref, one.requirement): one.verdict for one in document.verdicts if one.device == device}
    found: dict[tuple[str, int], list[AskedBand]] = {}
    for edition in document.editions:
        for rule in edition.requirements if edition.ref in refs else ():
            for key in _bands(rule):
                verdict = verdicts.get((*edition.ref, rule.id))
                found.setdefault(key, []).append(AskedBand(*edition.ref, rule.id, rule.level, rule.role or "", verdict))
    return {key: tuple(group) for key, group in found.items()}


def _bands(rule: RequirementEntry) -> list[tuple[str, int]]:
    """The band that a requirement asks for; none where it is of another kind."""
    return [(family(rule.rat), band) for band in rule.bands or ()] if rule.kind == "band" and rule.rat else []


_Known = dict[str, set[int] | None]
"""RAT family -> bands; None where the device says that it has no restriction."""


def _known(layers: LayerBands) -> dict[LayerName, _Known]:
    known: dict[LayerName, _Known] = {}
    for layer, by_rat in layers.items():
        told = known.setdefault(layer, {})
        for rat, bands in by_rat.items():
            own = family(rat)
            told[own] = None if isinstance(bands, str) else (told.get(own) or set()) | set(bands)
    return known


def _row(rat: str, band: int, asked: Sequence[AskedBand], known: Mapping[LayerName, _Known]) -> BandRow:
    layers: dict[LayerName, bool | None] = {}
    for layer in LAYERS:
        bands = known.get(layer, {}).get(rat)
        # Where a device is attached is a lower bound: a band that is not there was not observed, which is not "no".
        layers[layer] = None if bands is None or (layer == "attached" and band not in bands) else band in bands
    return BandRow(rat, band, band_label(rat, band) + _SUFFIX.get(rat, ""), spectrum(rat, band), tuple(asked), layers)


def spectrum(rat: str, band: int) -> Band | None:
    """The band's entry in the 3GPP tables."""
    return bands_of(rat).get(band)


def worst_of(asked: Sequence[AskedBand]) -> Outcome | None:
    """The heaviest verdict of those who ask for a band; None where none was judged."""
    judged = [one.verdict for one in asked if one.verdict is not None]
    return worst(judged) if judged else None


def mhz(pair: tuple[float, float] | None) -> str:
    """`729–746`, or a dash."""
    return f"{pair[0]:g}–{pair[1]:g}" if pair else "–"
