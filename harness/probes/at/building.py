"""Serving cells, PLMNs and band lists out of the raw values that several modem families print alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Source, SupportedBands
from harness.radio.channels import BandReading, read_lte_band, read_nr_band, read_umts_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import parse_plmn, plmn_of_numbers
from harness.radio.tables import band_label

from . import answer as parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from harness.observations import Rat, Role

_GSM_BITS = {7: 1800, 8: 900, 9: 900, 19: 850, 21: 1900}
_UMTS_BITS = {22: 1, 23: 2, 25: 4, 26: 5, 27: 6, 49: 8, 60: 19}


def plmn(mcc: str, mnc: str) -> str | None:
    """MCC and MNC as printed, also where the MNC lost its leading zeros; None for placeholders (fff, 000, empty)."""
    if mnc.startswith("0") and len(mnc) > 1:
        found = parse_plmn(f"{mcc} {mnc}")
    elif mcc.isascii() and mcc.isdigit() and mnc.isascii() and mnc.isdigit() and len(mcc) <= 3 and len(mnc) <= 3:
        found = plmn_of_numbers(int(mcc), int(mnc))
    else:
        return None
    return str(found) if found else None


def cell(
    rat: Rat,
    arfcn: int | None,
    reported: int | None,
    *,
    line: int,
    role: Role = "pcell",
    plmn: str | None = None,
    pci: int | None = None,
    tac: int | None = None,
    khz: int | None = None,
    active: bool | None = None,
    registered: bool | None = None,
) -> Iterator[Observation | str]:
    """One serving cell whose band is reconciled with its channel, and a warning where the two contradict each other.

    Yields nothing but a warning where neither channel nor band is known.
    """
    reading, channel = _reconcile(rat, arfcn, reported)
    if channel is None and reading.band is None:
        yield f"{rat} cell without a channel or a band (channel {arfcn}, band {reported}): not a serving cell"
        return
    if reading.conflict:
        taken = band_label(_table(rat), reading.band) if reading.band is not None else "none"
        yield f"channel {channel} does not lie in the band {reported} that the modem names: {taken} taken"
    yield ServingCell(
        source=Source(line=line),
        role=role,
        active=active,
        rat=rat,
        registered=registered,
        plmn=plmn,
        arfcn=channel,
        band=reading.band,
        band_candidates=reading.candidates or None if reading.band is None else None,
        band_reported=reading.reported,
        pci=parts.pci(pci, rat=rat) if rat != "umts" else parts.within(pci, 0, 511),
        tac=parts.tac(tac, rat=rat) if rat != "umts" else None,
        bandwidth_khz=khz,
        band_source=reading.source,
    )


def _table(rat: Rat) -> str:
    return "nr" if rat.startswith("nr") else rat


def _reconcile(rat: Rat, arfcn: int | None, reported: int | None) -> tuple[BandReading, int | None]:
    if rat.startswith("nr"):
        channel = parts.within(arfcn, 1, 3279165)
        return read_nr_band(channel, reported), channel
    if rat == "umts":
        channel = parts.within(arfcn, 1, 16383)
        return read_umts_band(channel, reported), channel
    channel = parts.within(arfcn, 0, 262143)
    if channel == 65535 or (channel == 0 and reported != 1):
        # 65535 is the unset value; 0 is one too, save where the modem says B1, whose first channel it is
        channel = None
    return read_lte_band(channel, reported), channel


def mask_bands(rat: Rat, mask: int) -> tuple[tuple[int, ...] | None, bool, str | None]:
    """(bands, unlimited, warning) of a mask whose bit n-1 is band n (reference at-dialects.md section 0.3).

    "All" values give None and unlimited; a few bits of bands that do not exist give None and a warning.
    """
    bands = bands_of_mask(mask)
    strangers = unknown_bands(rat, bands)
    if means_unlimited(mask, rat) or (len(strangers) >= 2 and len(bands) >= 24):
        return None, True, None
    if strangers:
        return None, False, f"mask {mask:X} names {rat} bands that do not exist {strangers}: damaged or another base"
    return bands, False, None


def enabled_by_mask(rat: Rat, mask: int, line: int) -> Iterator[Observation | str]:
    """Enabled bands of a mask, as `mask_bands`."""
    bands, unlimited, warning = mask_bands(rat, mask)
    if warning:
        yield warning
    else:
        yield EnabledBands(source=Source(line=line), rat=rat, bands=bands, unlimited=unlimited)


def supported_by_mask(rat: Rat, mask: int, line: int) -> Iterator[Observation | str]:
    """Bands of the hardware of a mask, as `mask_bands`."""
    bands, unlimited, warning = mask_bands(rat, mask)
    if warning:
        yield warning
    else:
        yield SupportedBands(source=Source(line=line), rat=rat, bands=bands, layer="hardware", unlimited=unlimited)


def enabled(rat: Rat, bands: Iterable[int] | None, line: int) -> EnabledBands:
    """Enabled bands of a list in any order; None means no restriction."""
    listed = None if bands is None else tuple(sorted(set(bands)))
    return EnabledBands(source=Source(line=line), rat=rat, bands=listed, unlimited=bands is None)


def supported(rat: Rat, bands: Iterable[int], line: int) -> SupportedBands:
    """Bands of the hardware from a list in any order."""
    return SupportedBands(source=Source(line=line), rat=rat, bands=tuple(sorted(set(bands))), layer="hardware")


def gsm_umts_of_mask(mask: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """GSM bands (MHz) and UTRA bands of a mask in Qualcomm's numbering (reference at-dialects.md section 4)."""
    gsm = tuple(sorted({mhz for bit, mhz in _GSM_BITS.items() if mask >> bit & 1}))
    return gsm, tuple(sorted({band for bit, band in _UMTS_BITS.items() if mask >> bit & 1}))
