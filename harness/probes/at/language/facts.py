"""Serving cells, PLMNs and band lists out of the numbers that modems print, checked against the band tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import EnabledBands, Observation, ServingCell, Source, SupportedBands, Unread
from harness.radio.channels import BandReading, read_lte_band, read_nr_band, read_umts_band
from harness.radio.masks import bands_of_mask, means_unlimited, unknown_bands
from harness.radio.plmn import parse_plmn, plmn_of_numbers
from harness.radio.tables import band_label

from . import answer as parts
from . import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from harness.observations import Layer, Rat, Role

QUALCOMM_GSM_BITS = {7: 1800, 8: 900, 9: 900, 19: 850, 21: 1900}
QUALCOMM_UMTS_BITS = {22: 1, 23: 2, 24: 3, 25: 4, 26: 5, 27: 6, 48: 7, 49: 8, 50: 9, 60: 19}
"""Bits of Qualcomm's GSM/WCDMA band mask (reference at-dialects.md section 4)."""
LTE_LIKE = frozenset({"lte", "lte_m", "nb_iot"})
_HIGHEST_LTE_BAND = 128
_EARFCN_UNSET = 65535


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
    arfcn: int | None = None,
    band: int | None = None,
    *,
    line: int | None = None,
    role: Role = "pcell",
    plmn: str | None = None,
    pci: int | None = None,
    tac: int | None = None,
    khz: int | None = None,
    active: bool | None = None,
    registered: bool | None = None,
) -> Iterator[Observation | str]:
    """One serving cell whose band is reconciled with its channel, and a warning where the two contradict each other.

    Yields nothing but a warning where neither a channel of some band nor a band is known: a placeholder line.
    """
    reading, channel = _reconcile(rat, arfcn, band)
    if channel is None and reading.band is None:
        if arfcn is not None or band is not None:
            yield f"{rat} cell without a channel or a band (channel {arfcn}, band {band}): not a serving cell"
        return
    if reading.conflict:
        taken = "none" if reading.band is None else band_label(rat, reading.band)
        wrap = ", the channel is stored in 16 bits" if reading.wrapped else ""
        yield (
            f"channel {channel} does not lie in the band {reading.reported} that the modem names{wrap}: {taken} taken"
        )
    yield ServingCell(
        source=Source(line=line) if line is not None else None,
        role=role,
        active=active,
        rat=rat,
        registered=registered,
        plmn=plmn,
        arfcn=channel,
        band=reading.band,
        band_candidates=(reading.candidates or None) if reading.band is None or reading.conflict else None,
        band_reported=reading.reported,
        pci=values.within(pci, 0, 511) if rat == "umts" else values.pci(pci, rat=rat),
        tac=None if rat == "umts" else values.tac(tac, rat=rat),
        bandwidth_khz=khz,
        band_source=reading.source,
    )


def _reconcile(rat: Rat, arfcn: int | None, reported: int | None) -> tuple[BandReading, int | None]:
    if rat.startswith("nr"):
        channel = values.within(arfcn, 1, 3279165)
        return read_nr_band(channel, reported), channel
    if rat == "umts":
        channel = values.within(arfcn, 1, 16383)
        return read_umts_band(channel, reported), channel
    channel = values.within(arfcn, 0, 262143)
    if channel == _EARFCN_UNSET or (channel == 0 and reported != 1):
        # 65535 is the unset value; 0 is one too, save where the modem says B1, whose first channel it is
        channel = None
    return read_lte_band(channel, reported), channel


def table_of(rat: Rat) -> str:
    """The band table of a RAT."""
    return "nr" if rat.startswith("nr") else "lte" if rat in LTE_LIKE else rat


def mask_bands(rat: Rat, mask: int) -> tuple[tuple[int, ...] | None, bool, str | None]:
    """(bands, unlimited, warning) of a mask whose bit n-1 is band n (reference at-dialects.md section 0.3).

    "All" values give None and unlimited; bits of bands that do not exist give None and a warning, save those beyond
    the highest that RRC numbers: makers fill them, and they are left out with a warning.
    """
    table = table_of(rat)
    if means_unlimited(mask, table):
        return None, True, None
    bands = bands_of_mask(mask)
    warning = None
    if table == "lte" and (beyond := tuple(band for band in bands if band > _HIGHEST_LTE_BAND)):
        bands = tuple(band for band in bands if band <= _HIGHEST_LTE_BAND)
        warning = f"bits for {', '.join(map(str, beyond))} lie beyond every band of TS 36.101: not listed"
    strangers = unknown_bands(table, bands)
    if strangers:
        listed = ", ".join(map(str, strangers[:8]))
        return None, False, f"mask {mask:X} names {rat} bands that do not exist ({listed}): damaged or another base"
    return bands, False, warning


def enabled_by_mask(rat: Rat, mask: int, line: int | None = None) -> Iterator[Observation | str]:
    """Enabled bands of a mask, as `mask_bands`."""
    bands, unlimited, warning = mask_bands(rat, mask)
    if warning:
        yield warning
    if bands is not None or unlimited:
        yield enabled(rat, bands, line)


def supported_by_mask(
    rat: Rat, mask: int, line: int | None = None, layer: Layer = "hardware", *, up_to: int | None = None
) -> Iterator[Observation | str]:
    """Supported bands of a mask, as `mask_bands`; `up_to`: the highest band that its form can write."""
    bands, unlimited, warning = mask_bands(rat, mask)
    if warning:
        yield warning
    if bands is not None or unlimited:
        yield supported(rat, bands, line, layer, up_to=up_to)


def enabled(rat: Rat, bands: Iterable[int] | None, line: int | None = None) -> EnabledBands:
    """Enabled bands of a list in any order; None means no restriction."""
    listed = None if bands is None else tuple(sorted(set(bands)))
    return EnabledBands(source=_place(line), rat=rat, bands=listed, unlimited=bands is None)


def supported(
    rat: Rat,
    bands: Iterable[int] | None,
    line: int | None = None,
    layer: Layer | None = "hardware",
    *,
    up_to: int | None = None,
) -> SupportedBands:
    """Bands of a layer from a list in any order; None means no restriction. `up_to`: the highest that it can write."""
    listed = None if bands is None else tuple(sorted(set(bands)))
    return SupportedBands(source=_place(line), rat=rat, bands=listed, layer=layer, unlimited=bands is None, up_to=up_to)


def _place(line: int | None) -> Source | None:
    return None if line is None else Source(line=line)


def of_list(
    rat: Rat, bands: Iterable[int], line: int | None = None, *, supports: bool = False, layer: Layer = "hardware"
) -> Iterator[Observation | str]:
    """Bands by number, or a warning and nothing where one is no band: the line is damaged or misread."""
    listed = tuple(bands)
    strangers = unknown_bands(table_of(rat), listed)
    if strangers:
        yield f"{rat} bands unreadable: {', '.join(map(str, strangers[:8]))} exist in no table"
    elif supports:
        yield supported(rat, listed, line, layer)
    else:
        yield enabled(rat, listed, line)


def grouped(
    numbers: Iterable[str], band_of: Callable[[str], tuple[Rat, int] | None], line: int
) -> tuple[dict[Rat, set[int]], str | None]:
    """Bands by RAT of one list that holds those of all RATs, and a warning that names the numbers that are no band.

    `band_of` is the family's way to number bands. An empty place and a 0 are neither.
    """
    groups: dict[Rat, set[int]] = {}
    strangers = []
    for text in numbers:
        found = band_of(text)
        if found:
            groups.setdefault(found[0], set()).add(found[1])
        elif text not in {"", "0"}:
            strangers.append(text)
    return groups, f"line {line}: no bands: {', '.join(strangers)}" if strangers else None


def gsm_umts_of_mask(mask: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """GSM bands (MHz) and UTRA bands of a mask in Qualcomm's numbering."""
    gsm = {mhz for bit, mhz in QUALCOMM_GSM_BITS.items() if mask >> bit & 1}
    umts = {band for bit, band in QUALCOMM_UMTS_BITS.items() if mask >> bit & 1}
    return tuple(sorted(gsm)), tuple(sorted(umts))


def with_primary(
    read: Callable[[parts.AtAnswer], Iterable[Observation | str]], answer: parts.AtAnswer
) -> Iterator[Observation | str]:
    """What `read` makes of a list of carriers, and that it lost its first line where it names secondary ones alone.

    Such a list may be empty while the modem is idle; one that was cut before its first line's end may hold any cell.
    """
    roles = set()
    for item in read(answer):
        if isinstance(item, ServingCell):
            roles.add(item.role)
        yield item
    if roles and "pcell" not in roles:
        yield Unread(what="serving", request="", why="its list of carriers has no primary one")
    elif not roles and not answer.whole:
        yield Unread(what="serving", request="", why="its list of carriers is cut")
