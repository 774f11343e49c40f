"""Mini-Circuits' programmable attenuators (RCDAT, RC4DAT) over HTTP, in front of cells that are on air all the time.

An attenuator knows no cell: it says nothing of what is on air. It fades a port, and with it all cells on that port.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from harness.errors import CommandRefused, LinkError, StateError, UsageError
from harness.radio.tables import band_label
from harness.state.item import StateItem
from harness.state.journal import device_key

from .changing import Changer
from .maps import plain_number
from .source import AirWord, NetworkWord

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .web import WebChannel

ASK_S = 10.0
MODEL, SERIAL = "/MN?", "/SN?"
_MOST_DB = re.compile(r"MN=RC\w*DAT-\w+-(?P<most>\d{2,3})\w*")


class MiniCircuits:
    """One attenuator. `ports`: the channels in front of each band; a band without one is left alone."""

    name = "Mini-Circuits attenuator"

    def __init__(
        self,
        channel: WebChannel,
        ports: Mapping[tuple[str, int], tuple[int, ...]],
        *,
        reached: str,
        open_db: float = 0.0,
        shut_db: float | None = None,
        journals: Path | None = None,
    ) -> None:
        self._ports = ports
        model = channel.ask(MODEL, deadline_s=time.monotonic() + ASK_S).text.strip()
        serial = channel.ask(SERIAL, deadline_s=time.monotonic() + ASK_S).text.strip()
        found = _MOST_DB.fullmatch(model)
        if found is None:
            raise UsageError(
                f"{channel.base} says that it is {model[:60]!r}, which is no attenuator that is known here"
            )
        most = float(found["most"])
        self._open, self._shut = (plain_number(str(db)) for db in (open_db, most if shut_db is None else shut_db))
        if not 0 <= float(self._open) <= float(self._shut) <= most:
            raise UsageError(f"{channel.base} has 0 to {most:g} dB", way_out="correct open=… and shut=…")
        numbers = sorted({number for each in ports.values() for number in each})
        self.changer = Changer(
            channel,
            {item.name: item for item in map(attenuation_item, numbers)},
            kind="http",
            key=device_key("http", f"{model} {serial}"),
            words=self.name,
            firmware=model,
            reached=reached,
            journals=journals,
        )

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """It has no bands of its own."""
        return None

    def on(self, rat: str, band: int) -> AirWord:
        """The band's ports open, all others shut. Raises StateError, CommandRefused."""
        mine = self._ports.get((rat, band))
        if mine is None:
            raise CommandRefused(f"no port of the {self.name} is {band_label(rat, band)}'s", way_out="name it: ports=…")
        try:
            for number in sorted({one for each in self._ports.values() for one in each}):
                self.changer.set(_item_name(number), self._open if number in mine else self._shut)
        except LinkError as error:
            raise StateError(f"the {self.name} was not set for {band_label(rat, band)}: {error.message}") from None
        return AirWord(None)

    def off(self, rat: str, band: int) -> None:
        """The band's ports shut. Raises StateError, LinkError."""
        for number in self._ports.get((rat, band), ()):
            self.changer.set(_item_name(number), self._shut)

    def on_air(self, rat: str, band: int) -> AirWord:
        """A port that is not open proves no cell off, and an open one none on."""
        return AirWord(None)

    def network(self, rat: str, band: int) -> NetworkWord:
        """Not told."""
        return NetworkWord(None)

    def reset(self) -> None:
        """As it was found. Raises StateError where something is not."""
        self.changer.put_back()

    def close(self) -> None:
        """Nothing is held."""


def _item_name(number: int) -> str:
    return f"attenuation_{number}"


def attenuation_item(number: int) -> StateItem:
    """The attenuation of one channel, in dB. A write that was taken answers 1."""
    return StateItem(
        name=_item_name(number),
        words=f"the attenuation of channel {number}",
        channel="http",
        read=f"/:CHAN:{number}:ATT?",
        answer=r"^(?P<value>\d{1,3}(?:\.\d{1,2})?)$",
        normal=plain_number,
        write=f"/:CHAN:{number}:SETATT:{{value}}",
        values=r"\d{1,3}(?:\.\d{1,2})?",
        accepted=r"^1$",
    )
