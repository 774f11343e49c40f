"""The band of a cell from its channel and from what Android names (mBand, mBands)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.radio.bandwidths import band_has_width
from harness.radio.channels import (
    EARFCN_MODULUS,
    lte_band_of,
    read_gsm_band,
    read_lte_band,
    read_nr_band,
    read_umts_band,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from harness.observations import Rat
    from harness.radio.channels import BandReading, BandSource


@dataclass(frozen=True, slots=True)
class Resolved:
    """The fields of a serving cell that speak of its band."""

    band: int | None = None
    candidates: tuple[int, ...] | None = None
    reported: int | None = None
    source: BandSource | None = None
    warnings: tuple[str, ...] = ()


def resolve(rat: Rat | None, arfcn: int | None, named: tuple[int, ...]) -> Resolved:
    """Band of one carrier. `named`: the bands that the device lists for it; MFBI can add further ones."""
    if rat == "lte":
        return _lte(arfcn, named)
    if rat == "nr":
        return _nr(arfcn, named)
    if rat == "umts":
        return _told(read_umts_band(arfcn, named[0] if len(named) == 1 else None), arfcn, "UARFCN")
    if rat == "gsm":
        return _told(read_gsm_band(arfcn), arfcn, "ARFCN")
    if rat is None and len(named) == 1:
        # A band number without its radio technology: 66 may be B66 or n66.
        return Resolved(None, None, named[0], None, ("a band is named but not its radio technology",))
    return Resolved()


def _lte(arfcn: int | None, named: tuple[int, ...]) -> Resolved:
    if arfcn is None:
        if len(named) > 1:
            return Resolved(None, named, None, None, (f"bands {list(named)} are named, no EARFCN tells which",))
        return _told(read_lte_band(None, named[0] if named else None), None, "EARFCN")
    reported = next((band for n in (arfcn, arfcn + EARFCN_MODULUS) if (band := lte_band_of(n)) in named), None)
    if reported is None and named:
        reported = named[0]
    return _told(read_lte_band(arfcn, reported), arfcn, "EARFCN")


def _nr(arfcn: int | None, named: tuple[int, ...]) -> Resolved:
    if len(named) <= 1:
        return _told(read_nr_band(arfcn, named[0] if named else None), arfcn, "NR-ARFCN")
    fits = read_nr_band(arfcn, None).candidates if arfcn is not None else named
    left = tuple(band for band in named if band in fits)
    if len(left) == 1:
        return _told(read_nr_band(arfcn, left[0]), arfcn, "NR-ARFCN")
    if not left:
        return _told(read_nr_band(arfcn, named[0]), arfcn, "NR-ARFCN")
    return Resolved(
        None, tuple(sorted(left)), None, None, (f"NR bands {sorted(left)} are named: which one is not told",)
    )


def _told(reading: BandReading, arfcn: int | None, kind: str) -> Resolved:
    warnings: tuple[str, ...] = ()
    if reading.wrapped:
        warnings = (
            f"{kind} {arfcn} is in band {_listed(reading.candidates)} but the device names band {reading.reported}: "
            f"a 16-bit wrap of {(arfcn or 0) + EARFCN_MODULUS}",
        )
    elif reading.conflict:
        warnings = (
            f"{kind} {arfcn} is in band {_listed(reading.candidates)} but the device names band {reading.reported}",
        )
    elif arfcn is not None and reading.band is None and not reading.candidates:
        warnings = (f"{kind} {arfcn} lies in no band",)
    return Resolved(reading.band, reading.candidates or None, reading.reported, reading.source, warnings)


def width_of(rat: Rat | None, bands: Iterable[int | None], khz: int | None, warnings: list[str]) -> int | None:
    """The bandwidth, or None with a warning where none of the cell's bands has it (TS 36.101 table 5.6.1-1)."""
    known = [band for band in bands if band is not None]
    if khz is None or rat is None or not known or any(band_has_width(rat, band, khz) for band in known):
        return khz
    warnings.append(f"band {_listed(tuple(known))} has no channel of {khz / 1000:g} MHz: the bandwidth is not read")
    return None


def _listed(bands: tuple[int, ...]) -> str:
    return " or ".join(map(str, bands)) or "none"
