"""A handset with a radio that is alive, as a command line names it: its cells, how it misbehaves."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from harness.errors import UnknownName, UsageError
from harness.simulation.radio.air import Air

from .radio import HandsetQuirks, HandsetRadio

if TYPE_CHECKING:
    from harness.simulation.radio.air import AirCell


@dataclass(frozen=True, slots=True)
class HandsetPlan:
    """One handset's radio. `attach_s`: from a change to service."""

    cells: tuple[AirCell, ...]
    quirks: HandsetQuirks = HandsetQuirks()  # noqa: RUF009  frozen
    attach_s: float = 1.0

    def radio(self, plmn: str) -> HandsetRadio:
        """It, as it is found, on cells of its SIM's network; without a SIM of the test network."""
        cells = [replace(one, plmn=plmn) if re.fullmatch(r"\d{5,6}", plmn) else one for one in self.cells]
        return HandsetRadio(Air(cells), self.quirks, attach_s=self.attach_s)


def handset_quirks_of(text: str) -> HandsetQuirks:
    """`refuses`, or `springs_back_after_s=20`: one misbehaviour, or none. Raises UnknownName, UsageError."""
    name, _, value = text.partition("=")
    kinds = {one.name: type(one.default) for one in fields(HandsetQuirks)}
    if not text:
        return HandsetQuirks()
    if name not in kinds or (kinds[name] is bool and value):
        shown = (one if kind is bool else f"{one}=N" for one, kind in kinds.items())
        raise UnknownName("misbehaviour of a handset", text, tuple(sorted(shown)))
    if kinds[name] is bool:
        return HandsetQuirks(**{name: True})
    try:
        return HandsetQuirks(**{name: float(value)})  # type: ignore[arg-type]
    except ValueError:
        raise UsageError(f"--misbehave: {name} takes a number: {name}=20") from None
