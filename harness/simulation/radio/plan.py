"""A radio as a command line names it: its family, its cells, how it misbehaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError
from harness.links.clock import REAL_CLOCK
from harness.simulation.radio.air import Air, cell_on
from harness.simulation.radio.quirks import Quirks
from harness.simulation.radio.radio import Radio
from harness.simulation.radio.state import RadioModemState
from harness.simulation.radio.tongues import TONGUES

if TYPE_CHECKING:
    from harness.recording.exchange import Recording
    from harness.simulation.radio.air import AirCell

QUICK_S = {"lte": 1.0, "nr": 1.0, "lte_m": 2.0, "nb_iot": 3.0}
"""From the radio on to service: a person looks on."""
_CELL = re.compile(r"(?P<kind>n|m|nb|en)?(?P<band>\d{1,3})(?:!(?P<cause>\d{1,3}))?", re.IGNORECASE)
_KINDS = {"": "lte", "n": "nr", "m": "lte_m", "nb": "nb_iot", "en": "nr_nsa"}
FIRST_IMEI = 49015420323751
"""Made up, of a type allocation code for tests (TS 23.003)."""


@dataclass(frozen=True, slots=True)
class RadioPlan:
    """One radio to serve."""

    family: str
    cells: tuple[AirCell, ...]
    quirks: Quirks = Quirks()  # noqa: RUF009  frozen

    def state(self, recording: Recording, number: int, latency_s: float | None) -> RadioModemState:
        """The modem behind a port, each with an IMEI of its own."""
        tongue = TONGUES[self.family]()
        imei = f"{FIRST_IMEI + number}"
        memory = tongue.memory(imei + str(_check_digit(imei)))
        radio = Radio(tongue, Air(list(self.cells)), memory, REAL_CLOCK, self.quirks, attach_s=QUICK_S)
        return RadioModemState(recording, radio, latency_s)


def radio_plan(family: str, cells: str, quirks: str = "") -> RadioPlan:
    """`quectel-5g`, `2,12,n71!15` (a cell that rejects with cause 15), `not_in_force`. Raises UsageError, UnknownName."""
    if family not in TONGUES:
        raise UnknownName("simulated radio", family, tuple(TONGUES))
    return RadioPlan(family, cells_of(cells), quirks_of(quirks))


def cells_of(cells: str) -> tuple[AirCell, ...]:
    """`2,12,n71!15`. Raises UsageError."""
    found = []
    for word in filter(None, (part.strip() for part in cells.split(","))):
        match = _CELL.fullmatch(word)
        if match is None:
            raise UsageError(
                f"--cells: {word!r} is no cell",
                way_out="write 2,12,n71; en79 (a leg of EN-DC); m12, nb20; 12!15 rejects",
            )
        try:
            kind = _KINDS[(match["kind"] or "").lower()]
            found.append(cell_on(kind, int(match["band"]), reject=int(match["cause"] or 0)))
        except (KeyError, ValueError, StopIteration):
            raise UsageError(f"--cells: there can be no cell on {word}") from None
    return tuple(found)


def quirks_of(text: str) -> Quirks:
    """`not_in_force`, or `wiped_after_s=20`: one misbehaviour, or none. Raises UnknownName, UsageError."""
    if not text:
        return Quirks()
    name, _, value = text.partition("=")
    kinds: dict[str, type] = {one.name: type(one.default) for one in fields(Quirks) if one.default is not True}
    if name not in kinds or (kinds[name] is bool and value):
        shown = (one if kind is bool else f"{one}=N" for one, kind in kinds.items())
        raise UnknownName("misbehaviour", text, tuple(sorted(shown)))
    if kinds[name] is bool:
        return Quirks(**{name: True})
    try:
        return Quirks(**{name: kinds[name](value)})
    except ValueError:
        raise UsageError(f"--misbehave: {name} takes a number: {name}=20") from None


def _check_digit(digits: str) -> int:
    """The last digit of an IMEI (TS 23.003 annex B, Luhn)."""
    doubled = (int(one) * (2 if place % 2 else 1) for place, one in enumerate(digits))
    return -sum(sum(divmod(one, 10)) for one in doubled) % 10
