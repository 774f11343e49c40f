"""Whether a carrier can stand where a device says that it stands: widths of bands, channels at their edges, no uplink."""

from __future__ import annotations

from types import MappingProxyType

from .bandwidths import LTE_KHZ_BY_INDEX, band_has_width
from .tables import lte_bands, nr_bands

_LEFT_OUT = MappingProxyType(
    {1400: (7, 6), 3000: (15, 14), 5000: (25, 24), 10000: (50, 49), 15000: (75, 74), 20000: (100, 99)}
)
"""kHz -> how many channel numbers at the lower and the upper edge of a band must not be used (TS 36.101 clause 5.7.3)."""


def why_impossible(rat: str, band: int, arfcn: int | None, khz: int | None, *, primary: bool = True) -> str:
    """Why no cell can be so, in words; empty where it can, or where too little is told.

    `primary`: a cell with an uplink, so not on a downlink-only band. `arfcn` is the downlink channel number, `khz` the
    channel bandwidth.
    """
    row = (lte_bands() if rat == "lte" else nr_bands()).get(band)
    if row is None:
        return ""
    if primary and row.ul_mhz is None:
        return "the band is downlink-only, so it serves no primary cell"
    if khz is not None and not band_has_width(rat, band, khz):
        return f"the band has no channel of {khz / 1000:g} MHz"
    if rat == "lte" and arfcn is not None and not _clear_of_edges(band, arfcn, khz):
        return f"EARFCN {arfcn} is too close to the edge of the band (TS 36.101 clause 5.7.3)"
    return ""


def _clear_of_edges(band: int, arfcn: int, khz: int | None) -> bool:
    """Whether a carrier of this width (of the narrowest that the band has, where it is not told) lies in the band."""
    channels = lte_bands()[band].dl_channels
    widths = [khz] if khz is not None else [one for one in LTE_KHZ_BY_INDEX if band_has_width("lte", band, one)]
    if channels is None or not widths or min(widths) not in _LEFT_OUT:
        return True
    below, above = _LEFT_OUT[min(widths)]
    low, high = channels
    return not low <= arfcn <= high or low + below <= arfcn <= high - above
