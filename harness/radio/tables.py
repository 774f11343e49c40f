"""The band tables, read once from the CSV data beside this file.

LTE: 3GPP TS 36.101 tables 5.5-1 and 5.7.3-1 (equal to TS 36.104). NR: TS 38.104 tables 5.2-1, 5.2-2 and
5.4.2.3-1/-2. UMTS: TS 25.101 tables 5.0 and 5.2 (FDD). GSM bands carry their MHz class (TS 45.005 clause 2).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Duplex = Literal["FDD", "TDD", "SDL", "SUL"]

# By path: importlib.resources takes longer to import than the tables to read.
_DATA = Path(__file__).with_name("data")

LTE_HIGHEST_BAND = 256
"""Highest band number that RRC can carry (TS 36.331, FreqBandIndicator-r11)."""


@dataclass(frozen=True, slots=True)
class Band:
    """One operating band. Frequencies in MHz, channel numbers as in the band's own RAT.

    `ul_mhz` is None for a downlink-only band (SDL), `dl_mhz` for an uplink-only one (SUL);
    `dl_channels` is the inclusive range of EARFCN, UARFCN or NR-ARFCN on the downlink.
    """

    rat: str
    number: int
    duplex: Duplex
    ul_mhz: tuple[float, float] | None
    dl_mhz: tuple[float, float] | None
    dl_channels: tuple[int, int] | None
    ul_channels: tuple[int, int] | None
    common_name: str = ""
    region_hint: str = ""

    @property
    def label(self) -> str:
        """The name as engineers write it: B12, n71, UMTS 2, GSM 850."""
        return band_label(self.rat, self.number)

    @property
    def downlink_only(self) -> bool:
        """True for a supplementary downlink, which can never be the serving PCell."""
        return self.duplex == "SDL"


@dataclass(frozen=True, slots=True)
class RasterRange:
    """NR-ARFCN values of one band on one channel raster: first, step, last."""

    band: int
    raster_khz: int
    first: int
    step: int
    last: int


@dataclass(frozen=True, slots=True)
class UmtsRange:
    """Downlink UARFCN range of one band; F[MHz] = N / 5 + offset."""

    band: int
    first: int
    last: int
    offset_mhz: float


def band_label(rat: str, number: int) -> str:
    """Name a band: `B12` (LTE and its IoT kinds), `n71` (NR), `UMTS 2`, `GSM 850`."""
    if rat in {"lte", "lte_m", "nb_iot"}:
        return f"B{number}"
    if rat.startswith("nr"):
        return f"n{number}"
    return f"{rat.upper()} {number}"


def _rows(name: str) -> list[dict[str, str]]:
    text = (_DATA / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _pair(low: str, high: str) -> tuple[float, float] | None:
    return (float(low), float(high)) if low else None


def _channels(low: str, high: str) -> tuple[int, int] | None:
    return (int(low), int(high)) if low else None


@cache
def lte_bands() -> Mapping[int, Band]:
    """All E-UTRA bands by number."""
    table = {}
    for row in _rows("lte_bands.csv"):
        number = int(row["band"])
        table[number] = Band(
            "lte",
            number,
            row["duplex"],  # type: ignore[arg-type]
            _pair(row["ul_low_mhz"], row["ul_high_mhz"]),
            _pair(row["dl_low_mhz"], row["dl_high_mhz"]),
            _channels(row["earfcn_dl_low"], row["earfcn_dl_high"]),
            _channels(row["earfcn_ul_low"], row["earfcn_ul_high"]),
            row["common_name"],
            row["region_hint"],
        )
    return MappingProxyType(table)


@cache
def nr_rasters() -> tuple[RasterRange, ...]:
    """Downlink NR-ARFCN ranges, one entry a band and raster (TS 38.104 table 5.4.2.3-1)."""
    return tuple(
        RasterRange(
            int(row["band"]),
            int(row["raster_khz"]),
            int(row["nrarfcn_dl_low"]),
            int(row["nrarfcn_dl_step"]),
            int(row["nrarfcn_dl_high"]),
        )
        for row in _rows("nr_bands.csv")
        if row["nrarfcn_dl_low"]
    )


@cache
def nr_bands() -> Mapping[int, Band]:
    """All NR bands by number; channel ranges span all rasters of the band."""
    table: dict[int, Band] = {}
    for row in _rows("nr_bands.csv"):
        number = int(row["band"])
        downlink = _channels(row["nrarfcn_dl_low"], row["nrarfcn_dl_high"])
        uplink = _channels(row["nrarfcn_ul_low"], row["nrarfcn_ul_high"])
        if number in table:
            downlink = _span(table[number].dl_channels, downlink)
            uplink = _span(table[number].ul_channels, uplink)
        table[number] = Band(
            "nr",
            number,
            row["duplex"],  # type: ignore[arg-type]
            _pair(row["ul_low_mhz"], row["ul_high_mhz"]),
            _pair(row["dl_low_mhz"], row["dl_high_mhz"]),
            downlink,
            uplink,
        )
    return MappingProxyType(table)


def _span(one: tuple[int, int] | None, other: tuple[int, int] | None) -> tuple[int, int] | None:
    if one is None or other is None:
        return one or other
    return (min(one[0], other[0]), max(one[1], other[1]))


@cache
def umts_ranges() -> tuple[UmtsRange, ...]:
    """General downlink UARFCN ranges of the FDD bands (TS 25.101 table 5.2)."""
    return tuple(
        UmtsRange(
            int(row["band"]),
            int(row["uarfcn_dl_low"]),
            int(row["uarfcn_dl_high"]),
            float(row["dl_offset_mhz"]),
        )
        for row in _rows("umts_bands.csv")
    )


@cache
def umts_additional() -> tuple[UmtsRange, ...]:
    """Additional downlink UARFCNs of the FDD bands, off the general raster, one entry a channel (TS 25.101 5.4.3)."""
    return tuple(
        UmtsRange(int(row["band"]), int(channel), int(channel), float(row["dl_offset_mhz"]))
        for row in _rows("umts_additional_channels.csv")
        for channel in row["uarfcn_dl"].split()
    )


@cache
def umts_bands() -> Mapping[int, Band]:
    """UTRA FDD bands by number."""
    return MappingProxyType(
        {
            int(row["band"]): Band(
                "umts",
                int(row["band"]),
                row["duplex"],  # type: ignore[arg-type]
                _pair(row["ul_low_mhz"], row["ul_high_mhz"]),
                _pair(row["dl_low_mhz"], row["dl_high_mhz"]),
                _channels(row["uarfcn_dl_low"], row["uarfcn_dl_high"]),
                None,
                row["common_name"],
            )
            for row in _rows("umts_bands.csv")
        }
    )


@cache
def gsm_bands() -> Mapping[int, Band]:
    """GSM bands by MHz class (TS 45.005 clause 2: GSM 850, E-GSM 900, DCS 1800, PCS 1900)."""
    edges = {
        850: ((824.0, 849.0), (869.0, 894.0)),
        900: ((880.0, 915.0), (925.0, 960.0)),
        1800: ((1710.0, 1785.0), (1805.0, 1880.0)),
        1900: ((1850.0, 1910.0), (1930.0, 1990.0)),
    }
    return MappingProxyType(
        {mhz: Band("gsm", mhz, "FDD", uplink, downlink, None, None) for mhz, (uplink, downlink) in edges.items()}
    )


def bands_of(rat: str) -> Mapping[int, Band]:
    """The table of one RAT: `gsm`, `umts`, `lte`, `lte_m`, `nb_iot`, `nr`, `nr_nsa`, `nr_sa`.

    Raises KeyError for any other word.
    """
    return _TABLES[rat]()


_TABLES = {
    "gsm": gsm_bands,
    "umts": umts_bands,
    "lte": lte_bands,
    "lte_m": lte_bands,
    "nb_iot": lte_bands,
    "nr": nr_bands,
    "nr_nsa": nr_bands,
    "nr_sa": nr_bands,
}


def is_band(rat: str, number: int) -> bool:
    """Whether 3GPP defines this band for this RAT."""
    return number in bands_of(rat)
