"""Bands of a device as rows of numbers: asked by whom, known in which layer. The band picture draws the same rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from harness.radio.tables import band_label, bands_of

from .band_layers import LAYERS
from .words import WEIGHT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from harness.radio.tables import Band

_FAMILIES = {"nr_sa": "nr", "nr_nsa": "nr"}
_SUFFIX = {"lte_m": " LTE-M", "nb_iot": " NB-IoT"}
_ORDER = ("lte", "nr", "lte_m", "nb_iot", "umts", "gsm")
_ALWAYS = {"lte", "nr", "lte_m", "nb_iot"}
"""RATs that are shown although no carrier asks for them; older ones only where they are asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """That one edition asks for a band, and what came of it. `verdict` is None where it was not judged."""

    carrier: str
    edition: str
    requirement: str
    level: str
    role: str
    verdict: str | None


@dataclass(frozen=True, slots=True)
class BandRow:
    """One band: `layers` says for each layer yes (True), no (False) or not told (None)."""

    rat: str
    band: int
    label: str
    spectrum: Band | None
    """None where 3GPP defines no such band: the device says so all the same."""
    asked: tuple[Asked, ...]
    layers: dict[str, bool | None]


def family(rat: str) -> str:
    """NR for SA and NSA is one spectrum."""
    return _FAMILIES.get(rat, rat)


def band_rows(document: Mapping[str, Any], device: Mapping[str, Any]) -> list[BandRow]:
    """All bands that a carrier asks of the device or that it has, LTE first, by number."""
    asked = _asked(document, device["device"])
    known = _known(device["layers"])
    keys = set(asked) | {(rat, band) for told in known.values() for rat, bands in told.items() for band in bands or ()}
    keys = {key for key in keys if key[0] in _ALWAYS or key in asked}
    return [
        _row(rat, band, asked.get((rat, band), ()), known)
        for rat, band in sorted(keys, key=lambda key: (_ORDER.index(key[0]), key[1]))
    ]


def told_layers(device: Mapping[str, Any]) -> list[str]:
    """The layers that anything tells of this device, from the inside outwards."""
    return [layer for layer in LAYERS if layer in device["layers"]]


def _asked(document: Mapping[str, Any], device: str) -> dict[tuple[str, int], tuple[Asked, ...]]:
    refs = {(r["carrier"], r["edition"]) for r in document["results"] if r["device"] == device}
    verdicts = {
        (v["carrier"], v["edition"], v["requirement"]): v["verdict"]
        for v in document["verdicts"]
        if v["device"] == device
    }
    found: dict[tuple[str, int], list[Asked]] = {}
    for edition in document["editions"]:
        ref = (edition["carrier"], edition["edition"])
        for rule in edition["requirements"] if ref in refs else ():
            if rule["kind"] == "band":
                asked = Asked(*ref, rule["id"], rule["level"], rule["role"], verdicts.get((*ref, rule["id"])))
                found.setdefault((family(rule["rat"]), rule["bands"][0]), []).append(asked)
    return {key: tuple(group) for key, group in found.items()}


def _known(layers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, set[int] | None]]:
    """Layer -> RAT family -> bands; None where the device says that it has no restriction."""
    known: dict[str, dict[str, set[int] | None]] = {}
    for layer, by_rat in layers.items():
        told = known.setdefault(layer, {})
        for rat, bands in by_rat.items():
            if isinstance(bands, str):
                told.setdefault(family(rat), None)
            else:
                told[family(rat)] = (told.get(family(rat)) or set()) | set(bands)
    return known


def _row(rat: str, band: int, asked: Sequence[Asked], known: Mapping[str, Mapping[str, set[int] | None]]) -> BandRow:
    layers = {}
    for layer in LAYERS:
        bands = known.get(layer, {}).get(rat)
        # Where a device is attached is a lower bound: a band that is not there was not observed, which is not "no".
        layers[layer] = None if bands is None or (layer == "attached" and band not in bands) else band in bands
    return BandRow(rat, band, band_label(rat, band) + _SUFFIX.get(rat, ""), spectrum(rat, band), tuple(asked), layers)


def spectrum(rat: str, band: int) -> Band | None:
    """The band's entry in the 3GPP tables."""
    return bands_of(rat).get(band)


def worst_of(asked: Sequence[Asked]) -> str | None:
    """The heaviest verdict of those who ask for a band."""
    return max((a.verdict for a in asked if a.verdict), key=WEIGHT.__getitem__, default=None)


def mhz(pair: tuple[float, float] | None) -> str:
    """`729–746`, or a dash."""
    return f"{pair[0]:g}–{pair[1]:g}" if pair else "–"
