"""Serving cells and band lists from numbers that a modem named, checked against the band tables. Shared by dialects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Rat, Role, ServingCell, Source, SupportedBands
from harness.radio.channels import BandReading, read_lte_band, read_nr_band, read_umts_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands

from .answer import pci as checked_pci
from .answer import tac as checked_tac
from .answer import within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harness.observations import Observation

LTE_LIKE = frozenset({"lte", "lte_m", "nb_iot"})
QUALCOMM_UMTS_BITS = {22: 1, 23: 2, 24: 3, 25: 4, 26: 5, 27: 6, 48: 7, 49: 8, 50: 9, 60: 19}
"""Bits of Qualcomm's GSM/WCDMA band mask to UTRA bands (reference at-dialects.md section 4)."""
_HIGHEST_LTE_BAND = 128
_LABELS = {"nr": "n", "nr_sa": "n", "nr_nsa": "n"}


def cell(
    rat: Rat,
    *,
    role: Role = "pcell",
    arfcn: int | None = None,
    band: int | None = None,
    pci: int | None = None,
    tac: int | None = None,
    plmn: str | None = None,
    khz: int | None = None,
    active: bool | None = None,
    registered: bool | None = None,
    line: int | None = None,
) -> Iterator[Observation | str]:
    """One serving cell, its band reconciled with its channel, and a warning where the two contradict each other.

    Yields nothing where neither a channel of some band nor a band is known: a placeholder line.
    """
    reading = _reading(rat, arfcn, band)
    if reading.band is None and not reading.candidates:
        return
    kind = "nr" if rat.startswith("nr") else "lte"
    if reading.conflict:
        label = _LABELS.get(rat, "B")
        yield (
            f"the modem names band {label}{reading.reported} for channel {arfcn}, which lies in "
            f"{', '.join(label + str(b) for b in reading.candidates) or 'no band'}"
        )
    yield ServingCell(
        role=role,
        active=active,
        rat=rat,
        registered=registered,
        plmn=plmn,
        arfcn=arfcn,
        band=reading.band,
        band_candidates=reading.candidates if reading.band is None or reading.conflict else None,
        band_reported=reading.reported,
        pci=within(pci, 0, 511) if rat == "umts" else checked_pci(pci, rat=kind),
        tac=checked_tac(tac, rat=kind),
        bandwidth_khz=khz,
        band_source=reading.source,
        source=Source(line=line) if line is not None else None,
    )


def _reading(rat: Rat, arfcn: int | None, band: int | None) -> BandReading:
    if rat in LTE_LIKE:
        return read_lte_band(arfcn, band)
    if rat.startswith("nr"):
        return read_nr_band(arfcn, band)
    return read_umts_band(arfcn, band)


def enabled(rat: Rat, mask: int, line: int | None = None) -> Iterator[Observation | str]:
    """Enabled bands of a mask whose bit 0 is band 1; a warning and nothing where it holds bands that do not exist."""
    yield from _of_mask(rat, mask, line, supported=False)


def supported(rat: Rat, mask: int, line: int | None = None) -> Iterator[Observation | str]:
    """As `enabled`, for the bands that the hardware has."""
    yield from _of_mask(rat, mask, line, supported=True)


def _of_mask(rat: Rat, mask: int, line: int | None, *, supported: bool) -> Iterator[Observation | str]:
    table = "lte" if rat in LTE_LIKE else "nr" if rat.startswith("nr") else rat
    source = Source(line=line) if line is not None else None
    if means_unlimited(mask, table):
        if supported:
            yield SupportedBands(rat=rat, bands=None, unlimited=True, layer="hardware", source=source)
        else:
            yield EnabledBands(rat=rat, bands=None, unlimited=True, source=source)
        return
    bands = bands_of_mask(mask)
    if table == "lte":
        beyond = tuple(band for band in bands if band > _HIGHEST_LTE_BAND)
        bands = tuple(band for band in bands if band <= _HIGHEST_LTE_BAND)
        if beyond:
            yield f"bits for {', '.join(map(str, beyond))} lie beyond every band of TS 36.101: not listed"
    yield from of_list(rat, bands, line, supported=supported)


def of_list(
    rat: Rat, bands: tuple[int, ...], line: int | None = None, *, supported: bool = False
) -> Iterator[Observation | str]:
    """Bands by number, or a warning and nothing where one is no band: the line is damaged or misread."""
    table = "lte" if rat in LTE_LIKE else "nr" if rat.startswith("nr") else rat
    strangers = unknown_bands(table, bands)
    if strangers:
        yield f"{rat} bands unreadable: {', '.join(map(str, strangers[:8]))} exist in no table"
        return
    source = Source(line=line) if line is not None else None
    bands = tuple(sorted(set(bands)))
    if supported:
        yield SupportedBands(rat=rat, bands=bands, layer="hardware", source=source)
    else:
        yield EnabledBands(rat=rat, bands=bands, source=source)


def umts_of_qualcomm_mask(mask: int) -> tuple[int, ...]:
    """UTRA bands of Qualcomm's GSM/WCDMA band mask, ascending."""
    return tuple(sorted(band for bit, band in QUALCOMM_UMTS_BITS.items() if mask >> bit & 1))
