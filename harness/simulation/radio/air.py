"""Cells on air, and the network behind them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AirCell:
    """One cell. `arfcn` is its channel in `band`; `announces` are further bands that it is announced under.

    One of `nr_nsa` is no cell to camp on: it is added as a leg beside an LTE cell (EN-DC).
    `reject`: the cause with which its network refuses (TS 24.301 9.9.3.9); `barred`: it is seen and may not be camped on.
    """

    rat: str
    band: int
    arfcn: int
    pci: int = 1
    plmn: str = "00101"
    announces: tuple[int, ...] = ()
    reject: int = 0
    barred: bool = False
    rsrp: int = -85
    tac: int = 0x2A3F
    cell: int = 0x0A1B2C3

    @property
    def bands(self) -> frozenset[int]:
        """The bands that a device finds it on."""
        return frozenset((self.band, *self.announces))


@dataclass
class Air:
    """What is on air now, and what its network saw."""

    cells: list[AirCell] = field(default_factory=list)
    attached: list[AirCell] = field(default_factory=list)
    """Every attach that was accepted, in order."""

    def of(self, rat: str, band: int) -> AirCell | None:
        """The first cell of a band."""
        return next((one for one in self.cells if one.rat == rat and band in one.bands), None)


def cell_on(rat: str, band: int, **more: object) -> AirCell:
    """A cell in the middle of a band. `more` as of `AirCell`."""
    from harness.radio.tables import lte_bands

    if rat.startswith("nr"):
        from harness.radio.tables import nr_rasters

        raster = next(one for one in nr_rasters() if one.band == band)
        steps = (raster.last - raster.first) // raster.step // 2
        return AirCell(rat, band, raster.first + steps * raster.step, **more)  # type: ignore[arg-type]
    channels = lte_bands()[band].dl_channels
    if channels is None:
        raise ValueError(f"band {band} has no downlink")
    return AirCell(rat, band, sum(channels) // 2, **more)  # type: ignore[arg-type]
