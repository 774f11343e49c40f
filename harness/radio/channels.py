"""Channel number <-> frequency <-> band, and what to make of a band that the device names itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .tables import UmtsRange, is_band, lte_bands, nr_bands, nr_rasters, umts_additional, umts_ranges

EARFCN_MODULUS = 1 << 16
"""Modems that store the EARFCN in 16 bits show 66811 as 1275 (reference: discrepancies of the band tables)."""

BandSource = Literal["arfcn", "reported", "both", "conflict"]


@lru_cache(maxsize=4096)
def lte_band_of(earfcn: int) -> int | None:
    """The one band of a downlink EARFCN (ranges do not overlap; TS 36.101 table 5.7.3-1), or None in a gap."""
    for band in lte_bands().values():
        if band.dl_channels and band.dl_channels[0] <= earfcn <= band.dl_channels[1]:
            return band.number
    return None


def lte_band_of_uplink(earfcn: int) -> int | None:
    """The FDD band of an uplink EARFCN (18000 and up), or None. TDD channels answer with their own band."""
    for band in lte_bands().values():
        if band.ul_channels and band.ul_channels[0] <= earfcn <= band.ul_channels[1]:
            return band.number
    return None


def lte_downlink_mhz(earfcn: int) -> float | None:
    """Downlink carrier frequency: F = F_low + 0.1 (N - N_offs); None where no band has the channel."""
    number = lte_band_of(earfcn)
    if number is None:
        return None
    band = lte_bands()[number]
    if band.dl_mhz is None or band.dl_channels is None:
        return None
    return round(band.dl_mhz[0] + 0.1 * (earfcn - band.dl_channels[0]), 1)


def lte_uplink_mhz(earfcn: int) -> float | None:
    """Uplink frequency that belongs to a downlink EARFCN at the default duplex distance; None for SDL or no channel."""
    number = lte_band_of(earfcn)
    if number is None:
        return None
    band = lte_bands()[number]
    if band.ul_mhz is None or band.dl_channels is None:
        return None
    uplink = round(band.ul_mhz[0] + 0.1 * (earfcn - band.dl_channels[0]), 1)
    return uplink if uplink < band.ul_mhz[1] else None


def lte_uplink_channel(earfcn: int) -> int | None:
    """The uplink channel that goes with a downlink EARFCN by default (TS 36.101 clause 5.7.4): the same place in its band.

    None where the band has no uplink there (downlink only, or wider than its uplink); of TDD the number itself.
    """
    number = lte_band_of(earfcn)
    if number is None:
        return None
    band = lte_bands()[number]
    if band.dl_channels is None or band.ul_channels is None:
        return None
    uplink = earfcn - band.dl_channels[0] + band.ul_channels[0]
    return uplink if uplink <= band.ul_channels[1] else None


def lte_downlink_channel(uplink: int) -> int | None:
    """The downlink channel that goes with an uplink EARFCN by default; None where no band has the uplink channel."""
    number = lte_band_of_uplink(uplink)
    if number is None:
        return None
    band = lte_bands()[number]
    if band.dl_channels is None or band.ul_channels is None:
        return None
    return uplink - band.ul_channels[0] + band.dl_channels[0]


def earfcn_at(mhz: float, band: int) -> int | None:
    """The downlink EARFCN of a frequency in a given band; None where the band does not hold it."""
    row = lte_bands().get(band)
    if row is None or row.dl_mhz is None or row.dl_channels is None:
        return None
    earfcn = row.dl_channels[0] + round((mhz - row.dl_mhz[0]) * 10)
    return earfcn if row.dl_channels[0] <= earfcn <= row.dl_channels[1] else None


def lte_bands_at(mhz: float) -> tuple[int, ...]:
    """All LTE bands whose downlink holds the frequency."""
    return tuple(b.number for b in lte_bands().values() if b.dl_mhz and b.dl_mhz[0] <= mhz < b.dl_mhz[1])


def nr_mhz(nrarfcn: int) -> float | None:
    """RF reference frequency of an NR-ARFCN (TS 38.104 clause 5.4.2.1), or None outside 0..3279165."""
    if 0 <= nrarfcn < 600000:
        return round(0.005 * nrarfcn, 3)
    if nrarfcn < 600000:
        return None
    if nrarfcn < 2016667:
        return round(3000 + 0.015 * (nrarfcn - 600000), 3)
    if nrarfcn <= 3279165:
        return round(24250.08 + 0.06 * (nrarfcn - 2016667), 2)
    return None


def nr_candidates(nrarfcn: int) -> tuple[int, ...]:
    """All NR bands whose downlink range holds the channel, in number order.

    The range decides, not the raster: a modem may show the SSB, which need not lie on the channel raster.
    An NR-ARFCN alone does not name a band (n77 and n78, n41 and n38 ...).
    """
    return tuple(sorted({r.band for r in nr_rasters() if r.first <= nrarfcn <= r.last}))


def umts_candidates(uarfcn: int) -> tuple[int, ...]:
    """UTRA FDD bands of a downlink UARFCN, on the general raster or an additional channel (TS 25.101 clause 5.4.3)."""
    return tuple(r.band for r in _umts_rasters() if r.first <= uarfcn <= r.last)


def umts_mhz(uarfcn: int) -> float | None:
    """Downlink frequency of a UARFCN: F = N / 5 + offset; None where no band has the channel."""
    return next((round(0.2 * uarfcn + r.offset_mhz, 1) for r in _umts_rasters() if r.first <= uarfcn <= r.last), None)


def _umts_rasters() -> tuple[UmtsRange, ...]:
    return (*umts_ranges(), *umts_additional())


_GSM = (
    (range(1, 125), (900,)),
    (range(128, 252), (850,)),
    (range(512, 811), (1800, 1900)),
    (range(811, 886), (1800,)),
    (range(955, 1024), (900,)),
)


def gsm_candidates(arfcn: int) -> tuple[int, ...]:
    """MHz classes of a GSM ARFCN; 512 to 810 are channels of DCS 1800 and of PCS 1900 (TS 45.005 clause 2)."""
    return next((classes for channels, classes in _GSM if arfcn in channels), ())


@dataclass(frozen=True, slots=True)
class BandReading:
    """What a channel number and a band named by the device say together.

    `band` is None when they leave more than one choice or none; `candidates` then lists the choices of the
    channel. `source` tells what the band rests on. `wrapped` is true where the EARFCN was stored in 16 bits.
    """

    band: int | None
    candidates: tuple[int, ...] = ()
    reported: int | None = None
    source: BandSource | None = None
    wrapped: bool = False

    @property
    def conflict(self) -> bool:
        """True where channel and reported band contradict each other."""
        return self.source == "conflict"


def read_lte_band(earfcn: int | None, reported: int | None) -> BandReading:
    """Reconcile an EARFCN with the band that the device names. The EARFCN decides (TS 36.101).

    Only where EARFCN + 65536 lies in the reported band is the reported band taken: a 16-bit wrap, still a
    conflict. A reported number that is no band counts as not reported.
    """
    if reported is not None and not is_band("lte", reported):
        reported = None
    from_channel = lte_band_of(earfcn) if earfcn is not None else None
    if from_channel is None:
        if reported is None:
            return BandReading(None)
        if earfcn is not None:
            # The channel is in no band at all: what the device named is all there is, and it cannot be checked.
            return BandReading(reported, (), reported, "conflict")
        return BandReading(reported, (), reported, "reported")
    if reported is None:
        return BandReading(from_channel, (from_channel,), None, "arfcn")
    if reported == from_channel:
        return BandReading(from_channel, (from_channel,), reported, "both")
    if earfcn is not None and lte_band_of(earfcn + EARFCN_MODULUS) == reported:
        return BandReading(reported, (from_channel,), reported, "conflict", wrapped=True)
    return BandReading(from_channel, (from_channel,), reported, "conflict")


def read_nr_band(nrarfcn: int | None, reported: int | None) -> BandReading:
    """Reconcile an NR-ARFCN with the band that the device names; that band is taken where the channel lies in it."""
    if reported is not None and not is_band("nr", reported):
        reported = None
    candidates = nr_candidates(nrarfcn) if nrarfcn is not None else ()
    if reported is not None:
        if nrarfcn is None:
            return BandReading(reported, (), reported, "reported")
        if reported in candidates:
            return BandReading(reported, candidates, reported, "both")
        only = candidates[0] if len(candidates) == 1 else None
        return BandReading(only, candidates, reported, "conflict")
    if len(candidates) == 1:
        return BandReading(candidates[0], candidates, None, "arfcn")
    return BandReading(None, candidates)


def read_umts_band(uarfcn: int | None, reported: int | None) -> BandReading:
    """Reconcile a UARFCN with the band that the device names, as for NR (ranges of UTRA bands overlap too)."""
    if reported is not None and not is_band("umts", reported):
        reported = None
    candidates = umts_candidates(uarfcn) if uarfcn is not None else ()
    if reported is not None:
        if not candidates:
            return BandReading(reported, (), reported, "reported")
        if reported in candidates:
            return BandReading(reported, candidates, reported, "both")
        return BandReading(candidates[0] if len(candidates) == 1 else None, candidates, reported, "conflict")
    if len(candidates) == 1:
        return BandReading(candidates[0], candidates, None, "arfcn")
    return BandReading(None, candidates)


def read_gsm_band(arfcn: int | None) -> BandReading:
    """The MHz class of a GSM channel; none where the channel leaves two."""
    candidates = gsm_candidates(arfcn) if arfcn is not None else ()
    return (
        BandReading(candidates[0], candidates, None, "arfcn") if len(candidates) == 1 else BandReading(None, candidates)
    )


def nr_is_downlink_only(band: int) -> bool:
    """Whether an NR band is a supplementary downlink."""
    row = nr_bands().get(band)
    return row is not None and row.downlink_only
