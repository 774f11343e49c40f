"""Cells that a person switches: what is on air, and what the network saw, is the operator's word."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from harness.cells.source import AirWord, NetworkWord
from harness.radio.rats import label
from harness.radio.tables import band_label

if TYPE_CHECKING:
    from collections.abc import Callable

_NO = frozenset({"n", "no"})
_YES = frozenset({"y", "yes"})


class ManualCells:
    """Asks whoever sits at the bench. `ask` puts a question and gives the answer, empty where none came in time.

    One question at a time, however many devices are swept. What was not said is not known.
    """

    name = "the operator"

    def __init__(self, ask: Callable[[str], str]) -> None:
        self._ask = ask
        self._one = threading.Lock()
        self._said: dict[tuple[str, int], bool | None] = {}

    def possible(self) -> frozenset[tuple[str, int]] | None:
        """Whatever the bench has."""
        return None

    def on(self, rat: str, band: int) -> AirWord:
        """Ask for a cell, and whether there is one."""
        cell = f"a {label(rat)} cell" if rat != "nr_nsa" else "an LTE cell with an NR leg (EN-DC)"
        question = f"put {cell} of {band_label(rat, band)} on air: is it? [y/n, Enter: not known] "
        self._said[rat, band] = self._answer(question)
        return self.on_air(rat, band)

    def off(self, rat: str, band: int) -> None:
        """The next question asks for another cell."""

    def on_air(self, rat: str, band: int) -> AirWord:
        """What was said of the band."""
        on = self._said.get((rat, band))
        return AirWord(on, "the operator's word" if on is not None else "")

    def network(self, rat: str, band: int) -> NetworkWord:
        """Ask what the network saw; where no cell was on air, nothing."""
        if self._said.get((rat, band)) is not True:
            return NetworkWord(None)
        question = f"did the network see the device attach on {band_label(rat, band)}? [y/n, Enter: not known] "
        return NetworkWord(self._answer(question), "the operator's word")

    def reset(self) -> None:
        """Nothing of ours is on air."""

    def close(self) -> None:
        """Nothing is held."""

    def _answer(self, question: str) -> bool | None:
        with self._one:
            word = self._ask(question).strip().lower()
        return True if word in _YES else False if word in _NO else None
