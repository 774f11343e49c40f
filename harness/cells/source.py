"""What every source of cells does, and the one that does nothing: the live network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class AirWord:
    """Whether a cell of a band is on air, as its source says. None: it cannot tell.

    `announces` are further bands under which that cell is announced (TS 36.331, multiBandInfoList).
    """

    on: bool | None
    words: str = ""
    announces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NetworkWord:
    """Whether a device attached since its cell came on, as the network says. None: it cannot tell."""

    attached: bool | None
    words: str = ""


class CellSource(Protocol):
    """A source of cells. Whatever one cannot do, it says so by None. Raises LinkError where it cannot be reached.

    The RAT `nr_nsa` asks for an NR leg beside an LTE cell: of a source that knows its bands, only one that lists such.
    """

    name: str
    """As reports print it."""

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """The bands (RAT, number) that it could put on air."""
        ...

    def on(self, rat: str, band: int) -> AirWord:
        """Put a cell of a band on air, and wait until it is; where it cannot, say what is on air."""
        ...

    def off(self, rat: str, band: int) -> None:
        """Take it off again."""
        ...

    def on_air(self, rat: str, band: int) -> AirWord:
        """What is on air of a band now."""
        ...

    def network(self, rat: str, band: int) -> NetworkWord:
        """What the network says of the device since the cell came on."""
        ...

    def reset(self) -> None:
        """Leave it as it was found. Raises StateError where something is not."""
        ...

    def close(self) -> None:
        """Let go of what is held open; used again, it is opened again."""
        ...


class LiveCells:
    """The live network: nothing can be put on air, and nobody behind it speaks."""

    name = "live network"

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """Not known."""
        return None

    def on(self, rat: str, band: int) -> AirWord:
        """Nothing is switched."""
        return AirWord(None)

    def off(self, rat: str, band: int) -> None:
        """Nothing is switched."""

    def on_air(self, rat: str, band: int) -> AirWord:
        """Not told."""
        return AirWord(None)

    def network(self, rat: str, band: int) -> NetworkWord:
        """Not told."""
        return NetworkWord(None)

    def reset(self) -> None:
        """Nothing was changed."""

    def close(self) -> None:
        """Nothing is held."""
