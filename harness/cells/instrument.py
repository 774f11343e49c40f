"""A call box as a source of cells: what its command map says, driven through the gate and put back by the journal."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from harness.errors import BandproofError, CommandRefused, LinkError, StateError
from harness.radio.bandwidths import band_has_width
from harness.radio.rats import label
from harness.radio.tables import band_label, bands_of, lte_bands, nr_bands, nr_rasters
from harness.state.journal import device_key

from .changing import Changer
from .maps import ITEMS
from .source import AirWord, NetworkWord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from harness.radio.tables import Band

    from .maps import DeviceWord, InstrumentMap
    from .scpi import ScpiChannel

_WIDTHS_MHZ = (10, 5, 3, 20, 15, 1.4)
"""Which bandwidth is taken: the first that the band has."""
_ASK_S = 15.0


class InstrumentCells:
    """One cell of one instrument, on whichever band is asked for. Devices take turns at it (`turns`)."""

    def __init__(
        self,
        channel: ScpiChannel,
        told: InstrumentMap,
        *,
        reached: str,
        power_dbm: float | None = None,
        only: frozenset[tuple[str, int]] | None = None,
        journals: Path | None = None,
    ) -> None:
        maker, model, serial, firmware = _named(channel.identity)
        self.name = told.words
        self._channel = channel
        self._map = told
        self._power = power_dbm
        self._only = only
        self.changer = Changer(
            channel,
            told.state_items(),
            kind="scpi",
            key=device_key("scpi", f"{maker},{model},{serial}"),
            words=told.words,
            firmware=firmware,
            reached=reached,
            journals=journals,
        )

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """The bands that the laboratory allows of the technologies of its map."""
        every = {(rat, band) for rat in self._map.cells for band in bands_of("nr" if rat == "nr" else "lte")}
        return frozenset(every & self._only) if self._only is not None else frozenset(every)

    def on(self, rat: str, band: int) -> AirWord:
        """Set the cell up, switch it on, wait until it is. Raises StateError, CommandRefused where it cannot."""
        name = band_label(rat, band)
        if (rat, band) not in (self.possible() or ()):
            raise CommandRefused(f"{self.name} may not put {name} on air", way_out="allow it: bands=… of --cells")
        wanted = self._wanted(rat, band)
        try:
            for item in ITEMS:
                if item != "cell" and item in wanted:
                    self.changer.set(f"{rat}_{item}", wanted[item])
            self.changer.set(f"{rat}_cell", "on")
        except LinkError as error:
            raise StateError(f"{self.name} did not put {name} on air: {error.message}") from None
        return self.on_air(rat, band)

    def off(self, rat: str, band: int) -> None:
        """The cell off. Raises StateError, LinkError."""
        if rat in self._map.cells:
            self.changer.set(f"{rat}_cell", "off")

    def on_air(self, rat: str, band: int) -> AirWord:
        """What it reads: the cell's state, its band, its channel. What cannot be read is not known."""
        try:
            read = {item: self.changer.read(f"{rat}_{item}") for item in self._items(rat)}
        except LinkError as error:
            return AirWord(None, f"{self.name} could not be asked: {error.message}")
        words = f"{self.name}: {', '.join(f'{item} {value}' for item, value in read.items() if value is not None)}"
        fits = [self._fits(rat, band, item, value) for item, value in read.items() if item != "cell"]
        if read.get("cell") == "off" or False in fits:
            return AirWord(False, words)
        return AirWord(True if read.get("cell") == "on" and None not in fits else None, words)

    def network(self, rat: str, band: int) -> NetworkWord:
        """Whether it has a device attached now. An answer that its map does not know tells nothing."""
        query = self._map.cells[rat].device if rat in self._map.cells else None
        if query is None:
            return NetworkWord(None)
        try:
            told = self._channel.ask(query.ask, deadline_s=time.monotonic() + _ASK_S).text
        except BandproofError as error:
            return NetworkWord(None, f"{self.name} could not be asked: {error.message}")
        word = _meant(told, query.means)
        attached = {"attached": True, "none": False}.get(word or "")
        return NetworkWord(attached, f"{self.name}: {query.ask} {told[:60]}")

    def reset(self) -> None:
        """As it was found. Raises StateError where something is not."""
        self.changer.put_back()

    def close(self) -> None:
        """Let go of the instrument."""
        self._channel.close()

    def _items(self, rat: str) -> list[str]:
        told = self._map.cells.get(rat)  # type: ignore[call-overload]
        return [item for item in ("cell", "band", "channel") if told is not None and item in told.items]

    def _fits(self, rat: str, band: int, item: str, value: str | None) -> bool | None:
        """Whether the band or the channel that it reads is the band's; None where it reads nothing."""
        if value is None or not value.isdigit():
            return None
        if item == "band":
            return int(value) == band
        channels = _known(rat)[band].dl_channels
        return None if channels is None else channels[0] <= int(value) <= channels[1]

    def _wanted(self, rat: str, band: int) -> dict[str, str]:
        """What its items are to read for a band. Raises CommandRefused for a band without a downlink of its own."""
        told = self._map.cells[rat]  # type: ignore[index]
        channel = _middle(rat, band)
        if channel is None:
            raise CommandRefused(f"{band_label(rat, band)} has no downlink that a {label(rat)} cell could be on")
        duplex = _known(rat)[band].duplex
        wanted = {"channel": str(channel), "band": str(band), "duplex": duplex, "bandwidth": _width(rat, band)}
        if self._power is not None:
            wanted["power"] = f"{self._power:.10g}"
        return {name: value for name, value in wanted.items() if name in told.items and value}


def _named(identity: str) -> tuple[str, str, str, str]:
    """Maker, model, serial number, firmware of an answer to *IDN? (IEEE 488.2 clause 10.14)."""
    maker, model, serial, firmware, *_ = (*(one.strip() for one in identity.split(",")), "", "", "", "")
    return maker, model, serial, firmware


def _meant(answer: str, means: Mapping[str, DeviceWord]) -> DeviceWord | None:
    found = {word for pattern, word in means.items() if re.fullmatch(pattern, answer.strip())}
    return found.pop() if len(found) == 1 else None


def _known(rat: str) -> Mapping[int, Band]:
    return nr_bands() if rat == "nr" else lte_bands()


def _width(rat: str, band: int) -> str:
    """A bandwidth in MHz that every cell of the band can have; empty for NR, whose choice hangs on the spacing."""
    if rat != "lte":
        return ""
    return next((f"{mhz:g}" for mhz in _WIDTHS_MHZ if band_has_width(rat, band, int(mhz * 1000))), "")


def _middle(rat: str, band: int) -> int | None:
    """The channel in the middle of a band; None where it has no downlink."""
    if rat == "nr":
        raster = next((one for one in nr_rasters() if one.band == band), None)
        return None if raster is None else raster.first + (raster.last - raster.first) // raster.step // 2 * raster.step
    channels = lte_bands()[band].dl_channels
    return None if channels is None else sum(channels) // 2
