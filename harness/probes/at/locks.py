"""Disagreements between what a modem is locked to and the cell that it says serves it: accepted is not in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.observations import CellLock, EnabledBands, Observation, ServingCell
from harness.radio.channels import lte_band_of
from harness.radio.rats import E_UTRA, channel_word
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def beside_locks(observations: Sequence[Observation]) -> Iterator[str]:
    """One sentence for each lock, and each list of enabled bands, that the serving cell contradicts."""
    cells = [item for item in observations if isinstance(item, ServingCell)]
    for lock in (item for item in observations if isinstance(item, CellLock)):
        for cell in cells:
            if lock.contradicts(cell):
                to = ", ".join(_place_of(lock.rat or "", arfcn) for arfcn in lock.arfcns)
                on = _place_of(cell.rat or "", cell.arfcn or 0, cell.band)
                yield f"locked to {to} but served on {on}: the lock is not in force"
    enabled = {item.rat: item for item in observations if isinstance(item, EnabledBands) and item.bands}
    for cell in cells:
        only = enabled.get(cell.rat) if cell.rat and cell.role == "pcell" else None
        if only is None or only.bands is None or cell.band is None or cell.band_source == "conflict":
            continue
        if not {cell.band, *(cell.band_candidates or ())} & set(only.bands):
            names = ", ".join(band_label(only.rat, band) for band in only.bands)
            on = band_label(only.rat, cell.band)
            yield f"enabled are {names} alone, but the modem is served on {on}: the list is not in force"


def _place_of(rat: str, arfcn: int, band: int | None = None) -> str:
    """`B20 (EARFCN 6300)`; the channel alone where it does not name the band."""
    number = band if band is not None else lte_band_of(arfcn) if rat in E_UTRA else None
    channel = f"{channel_word(rat)} {arfcn}"
    return channel if number is None else f"{band_label(rat, number)} ({channel})"
